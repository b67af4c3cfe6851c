/** Switches tables between roomy and dense, and keeps the choice in this browser. */
export class Density {
  /** @param {HTMLButtonElement} button */
  constructor(button) {
    this.button = button;
  }

  connect() {
    this.button.hidden = false;
    this.button.addEventListener("click", () => {
      const root = document.documentElement;
      const dense = root.dataset.density !== "dense";
      if (dense) root.dataset.density = "dense";
      else delete root.dataset.density;
      try {
        localStorage.setItem("xianxue-density", dense ? "dense" : "roomy");
      } catch {
        // Not kept: the next page is roomy again.
      }
      this.show();
    });
    this.show();
  }

  show() {
    const dense = document.documentElement.dataset.density === "dense";
    this.button.setAttribute("aria-pressed", String(dense));
    const label = this.button.querySelector("[data-density-label]");
    if (label) label.textContent = dense ? "宽松" : "紧凑";
  }
}
