/** A part that opens and closes, and stays in this browser as its reader left it. */
export class Remembered {
  /** @param {HTMLDetailsElement} part */
  constructor(part) {
    this.part = part;
  }

  connect() {
    const key = `xianxue-${this.part.dataset.remembered}`;
    try {
      if (localStorage.getItem(key) === "open") this.part.open = true;
    } catch {
      // Not kept: closed on the next page.
    }
    // Not `toggle`, which comes for what the server opened, too.
    this.part.querySelector("summary")?.addEventListener("click", () => {
      try {
        if (this.part.open) localStorage.removeItem(key);
        else localStorage.setItem(key, "open");
      } catch {
        // As above.
      }
    });
  }
}
