/** Switches between light and dark and keeps the choice in this browser; until then the system decides. */
export class Theme {
  /** @param {HTMLButtonElement} button */
  constructor(button) {
    this.button = button;
  }

  connect() {
    this.button.hidden = false;
    this.button.addEventListener("click", () => {
      const theme = this.isDark ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      try {
        localStorage.setItem("xianxue-theme", theme);
      } catch {
        // Not kept: the next page follows the system again.
      }
      document.dispatchEvent(new CustomEvent("xianxue:theme"));
      this.show();
    });
    this.show();
  }

  get isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }

  show() {
    const label = this.button.querySelector("[data-theme-label]");
    const text = this.isDark ? "换成浅色" : "换成深色";
    if (label) label.textContent = text;
    this.button.title = text;
  }
}
