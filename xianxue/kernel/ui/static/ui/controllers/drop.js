/** A details element used as a drop-down: Esc and a click elsewhere close it, and only one is open at a time. */
export class Drop {
  /** @param {HTMLDetailsElement} details */
  constructor(details) {
    this.details = details;
    this.outside = this.outside.bind(this);
  }

  connect() {
    document.addEventListener("click", this.outside);
    this.details.addEventListener("toggle", () => this.keepInSight());
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

  keepInSight() {
    const panel = this.details.querySelector(".drop-panel");
    if (!this.details.open || !panel) return;
    const { left, right } = panel.getBoundingClientRect();
    if (right > document.documentElement.clientWidth) panel.classList.add("drop-right");
    else if (left < 0) panel.classList.remove("drop-right");
  }

  /** @param {Event} event */
  outside(event) {
    if (event.target instanceof Node && !this.details.contains(event.target)) this.details.open = false;
  }
}
