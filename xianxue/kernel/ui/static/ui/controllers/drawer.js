/** The menu on narrow screens: opens over the page, keeps the keyboard inside, closes with Esc. */
export class Drawer {
  /** @param {HTMLElement} shell */
  constructor(shell) {
    this.shell = shell;
  }

  connect() {
    this.opener = /** @type {HTMLElement | null} */ (this.shell.querySelector("[data-drawer-open]"));
    this.panel = /** @type {HTMLElement | null} */ (this.shell.querySelector("[data-drawer-panel]"));
    if (!this.opener || !this.panel) return;
    this.opener.setAttribute("role", "button");
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.addEventListener("click", (event) => {
      event.preventDefault();
      this.set(true);
    });
    this.opener.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        this.set(true);
      }
    });
    for (const closer of this.shell.querySelectorAll("[data-drawer-close]")) {
      closer.addEventListener("click", (event) => {
        event.preventDefault();
        this.set(false);
      });
    }
    this.shell.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen) this.set(false);
    });
    window.matchMedia("(min-width: 861px)").addEventListener("change", () => this.isOpen && this.set(false));
  }

  get isOpen() {
    return this.shell.classList.contains("drawer-open");
  }

  /** @param {boolean} open */
  set(open) {
    if (!this.opener || !this.panel || open === this.isOpen) return;
    this.shell.classList.toggle("drawer-open", open);
    this.opener.setAttribute("aria-expanded", String(open));
    for (const other of this.shell.children) {
      if (other instanceof HTMLElement && other !== this.panel && !other.matches("[data-drawer-close]")) other.inert = open;
    }
    if (!open) return this.opener.focus();
    const first = this.panel.querySelector("[aria-current]") ?? this.panel.querySelector("a");
    if (first instanceof HTMLElement) first.focus();
  }
}
