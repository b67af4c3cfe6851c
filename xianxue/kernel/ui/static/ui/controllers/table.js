/** Says whether all columns fit (`data-fits`), so that heads stay in sight in the page or in the scrolling table. */
export class Table {
  /** @param {HTMLElement} register */
  constructor(register) {
    this.register = register;
    /** @type {ResizeObserver | undefined} */
    this.observer = undefined;
  }

  connect() {
    const scroll = this.register.querySelector("[data-table-scroll]");
    const table = scroll?.querySelector("table");
    if (!scroll || !table) return;
    const measure = () => {
      const fits = table.scrollWidth <= this.register.clientWidth + 1;
      this.register.dataset.fits = fits ? "yes" : "no";
      if (fits) scroll.removeAttribute("tabindex");
      else scroll.setAttribute("tabindex", "0");
    };
    this.observer = new ResizeObserver(measure);
    this.observer.observe(this.register);
    this.observer.observe(table);
    measure();
  }

  disconnect() {
    this.observer?.disconnect();
  }
}
