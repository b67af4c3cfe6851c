/** Selecting rows: the head selects the page, Shift selects a range, the bar says how many and wakes its buttons. */
export class BulkSelect {
  /** @param {HTMLElement} form */
  constructor(form) {
    this.form = form;
    this.last = -1;
  }

  connect() {
    this.all = /** @type {HTMLInputElement | null} */ (this.form.querySelector("[data-bulk-all]"));
    this.ones = /** @type {HTMLInputElement[]} */ ([...this.form.querySelectorAll("[data-bulk-one]")]);
    this.all?.addEventListener("change", () => {
      for (const one of this.ones) one.checked = this.all?.checked ?? false;
      this.show();
    });
    this.ones.forEach((one, index) =>
      one.addEventListener("click", (event) => {
        if (event.shiftKey && this.last >= 0) {
          const [from, to] = [Math.min(index, this.last), Math.max(index, this.last)];
          for (const other of this.ones.slice(from, to + 1)) other.checked = one.checked;
        }
        this.last = index;
        this.show();
      }),
    );
    this.show();
  }

  show() {
    const chosen = this.ones.filter((one) => one.checked).length;
    if (this.all) {
      this.all.checked = chosen > 0 && chosen === this.ones.length;
      this.all.indeterminate = chosen > 0 && chosen < this.ones.length;
    }
    for (const one of this.ones) one.closest("tr")?.classList.toggle("row-chosen", one.checked);
    const bar = this.form.querySelector("[data-bulk-bar]");
    const buttons = this.form.querySelectorAll("[data-bulk-action]");
    if (bar instanceof HTMLElement) bar.hidden = chosen === 0 || buttons.length === 0;
    const count = this.form.querySelector("[data-bulk-count]");
    if (count) count.textContent = `已选 ${chosen} 行`;
  }
}
