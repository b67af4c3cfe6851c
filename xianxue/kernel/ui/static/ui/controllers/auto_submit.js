/**
 * Sends a form of filters as soon as one changes; a search field waits until typing pauses.
 * Without it the form's button does the same, and is hidden when it is not needed.
 */
export class AutoSubmit {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    /** @type {number | undefined} */
    this.pause = undefined;
    this.composing = false;
  }

  connect() {
    const button = this.form.querySelector("[data-auto-submit-button]");
    if (button instanceof HTMLElement) button.hidden = true;
    this.form.addEventListener("change", (event) => {
      if (this.mode(event) === "change") this.form.requestSubmit();
    });
    // Empty fields would only lengthen the address. htmx reads the form through the same event.
    this.form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
    // Pinyin input sends half-written letters: wait until the characters stand.
    this.form.addEventListener("compositionstart", () => (this.composing = true));
    this.form.addEventListener("compositionend", (event) => {
      this.composing = false;
      this.later(event);
    });
    this.form.addEventListener("input", (event) => this.later(event));
    this.form.addEventListener("submit", () => window.clearTimeout(this.pause));
  }

  disconnect() {
    window.clearTimeout(this.pause);
  }

  /** @param {Event} event */
  later(event) {
    if (this.composing || this.mode(event) !== "typing") return;
    window.clearTimeout(this.pause);
    this.pause = window.setTimeout(() => this.form.requestSubmit(), 350);
  }

  /** @param {Event} event */
  mode(event) {
    return event.target instanceof HTMLElement ? event.target.dataset.autoSubmit : undefined;
  }
}
