/** Keeps an impatient second click from sending a form twice; the server must not rely on it. */
export class SubmitOnce {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.sent = false;
  }

  connect() {
    this.form.addEventListener("submit", (event) => {
      if (this.sent) return event.preventDefault();
      this.sent = true;
      event.submitter?.setAttribute("aria-busy", "true");
    });
    // Coming back with the browser's button, the form can be sent again.
    window.addEventListener("pageshow", () => {
      this.sent = false;
      this.form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    });
  }
}
