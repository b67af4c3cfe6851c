/**
 * Draws the chart described in `data-chart` with ECharts, in the colours of the tokens, again when the theme changes.
 * The table beside it says the same and stays for screen readers; without JavaScript it stands open.
 * @typedef {import("./chart_options.js").Spec} Spec
 */
import { options } from "./chart_options.js";

export class Chart {
  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.figure = figure;
    /** @type {any} */
    this.drawing = undefined;
    this.draw = this.draw.bind(this);
    this.dark = window.matchMedia("(prefers-color-scheme: dark)");
  }

  async connect() {
    const canvas = this.figure.querySelector("[data-chart-canvas]");
    if (!(canvas instanceof HTMLElement)) return;
    this.spec = /** @type {Spec} */ (JSON.parse(this.figure.dataset.chart ?? "{}"));
    const { init } = await import("../vendor/echarts.js");
    if (!this.figure.isConnected) return;
    canvas.hidden = false;
    const table = this.figure.querySelector("[data-chart-table]");
    if (table instanceof HTMLDetailsElement) table.open = false;
    this.drawing = init(canvas, null, { renderer: "svg" });
    this.drawing.on("click", (/** @type {{ dataIndex: number }} */ point) => this.open(point.dataIndex));
    this.observer = new ResizeObserver(() => this.drawing.resize());
    this.observer.observe(canvas);
    document.addEventListener("xianxue:theme", this.draw);
    this.dark.addEventListener("change", this.draw);
    this.draw();
  }

  disconnect() {
    this.observer?.disconnect();
    document.removeEventListener("xianxue:theme", this.draw);
    this.dark.removeEventListener("change", this.draw);
    this.drawing?.dispose();
  }

  draw() {
    const style = getComputedStyle(this.figure);
    const token = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.drawing.setOption(options(/** @type {Spec} */ (this.spec), token, style, still), true);
  }

  /** @param {number} index */
  open(index) {
    const href = this.spec?.hrefs[index];
    if (href) window.location.assign(href);
  }
}
