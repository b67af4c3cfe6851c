import { stores } from "../outbox.js";

/** Signing out leaves nothing on this device that was typed; where something has not been sent, it asks first. */
export class SignOut {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
  }

  connect() {
    this.form.addEventListener("submit", (event) => {
      const waiting = stores();
      if (waiting.length && !window.confirm(this.form.dataset.unsent)) return event.preventDefault();
      for (const name of waiting) localStorage.removeItem(name);
    });
  }
}
