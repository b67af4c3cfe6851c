/** Ctrl (or Command) and a letter bring the keyboard to a field: `data-hotkey="k"`. */
export class Hotkey {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.press = this.press.bind(this);
  }

  connect() {
    document.addEventListener("keydown", this.press);
    this.element.querySelector("[data-hotkey-target]")?.setAttribute("aria-keyshortcuts", "Control+K");
  }

  disconnect() {
    document.removeEventListener("keydown", this.press);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== this.element.dataset.hotkey) return;
    event.preventDefault();
    const target = this.element.querySelector("[data-hotkey-target]");
    if (target instanceof HTMLInputElement) {
      target.focus();
      target.select();
    }
  }
}
