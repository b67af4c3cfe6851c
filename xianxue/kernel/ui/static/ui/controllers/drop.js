/** A details element used as a drop-down: Esc and a click elsewhere close it, and only one is open at a time. */
export class Drop {
  /** @param {HTMLDetailsElement} details */
  constructor(details) {
    this.details = details;
    this.outside = this.outside.bind(this);
  }

  connect() {
    document.addEventListener("click", this.outside);
    this.details.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.details.open) return;
      event.stopPropagation();
      this.details.open = false;
      this.details.querySelector("summary")?.focus();
    });
    this.details.addEventListener("focusout", (event) => {
      const to = event.relatedTarget;
      if (to instanceof Node && !this.details.contains(to)) this.details.open = false;
    });
  }

  disconnect() {
    document.removeEventListener("click", this.outside);
  }

  /** @param {Event} event */
  outside(event) {
    if (event.target instanceof Node && !this.details.contains(event.target)) this.details.open = false;
  }
}
