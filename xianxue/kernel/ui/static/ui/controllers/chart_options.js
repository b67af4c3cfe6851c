/**
 * From our plain description of a chart to ECharts' options; colours come from the tokens only.
 * @typedef {{ label: string, values: (number | null)[], tone: string }} Series
 * @typedef {{ title: string, kind: string, categories: string[], series: Series[], unit: string, hrefs: string[], places: number }} Spec
 */

/** Which token paints a tone. */
const TOKENS = new Map([
  ["main", "chart-main"],
  ["before", "chart-before"],
  ["second", "chart-second"],
  ["third", "chart-third"],
  ["done", "zhuqing"],
  ["due", "tenghuang"],
  ["late", "zhusha"],
]);
const SLICES = ["main", "second", "third", "late", "before", "done", "due"];

/**
 * @param {Spec} spec
 * @param {(name: string) => string} token
 * @param {CSSStyleDeclaration} style
 * @param {boolean} still
 */
export function options(spec, token, style, still) {
  const colour = (/** @type {string} */ tone) => token(TOKENS.get(tone) ?? "chart-main");
  const format = (/** @type {number | null} */ value) =>
    value === null || value === undefined ? "–" : `${number(value, spec.places)} ${spec.unit}`.trim();
  const text = { color: token("ink-2"), fontFamily: style.fontFamily };
  const common = {
    animation: !still,
    animationDuration: 300,
    textStyle: text,
    tooltip: {
      trigger: spec.kind === "pie" ? "item" : "axis",
      axisPointer: { type: spec.kind === "line" ? "line" : "shadow", shadowStyle: { color: token("ink"), opacity: 0.05 } },
      backgroundColor: token("paper"),
      borderColor: token("line"),
      textStyle: { color: token("ink"), fontFamily: style.fontFamily, fontSize: 13 },
      valueFormatter: format,
      confine: true,
    },
    legend: {
      show: spec.kind === "pie" || spec.series.length > 1,
      top: 0,
      right: 0,
      itemWidth: 10,
      itemHeight: 10,
      itemGap: 14,
      icon: "roundRect",
      textStyle: text,
    },
  };
  if (spec.kind === "pie") return { ...common, legend: { ...common.legend, ...besidePie(spec, format) }, series: [pie(spec, colour, token)] };
  return { ...common, ...axes(spec, token, text), series: spec.series.map((one) => series(spec, one, colour)) };
}

/** @param {number} value @param {number} places */
function number(value, places) {
  const shown = Math.abs(value).toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places });
  return value < 0 ? `−${shown}` : shown;
}

/**
 * @param {Spec} spec
 * @param {(name: string) => string} token
 * @param {object} text
 */
function axes(spec, token, text) {
  const names = {
    type: "category",
    data: spec.categories,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token("line") } },
    axisLabel: { ...text, interval: "auto", hideOverlap: true },
    inverse: spec.kind === "row",
  };
  const values = {
    type: "value",
    // A line may begin where its values do; a bar's length means something and begins at 0.
    scale: spec.kind === "line",
    splitNumber: 3,
    splitLine: { lineStyle: { color: token("line-soft") } },
    axisLabel: { ...text, color: token("ink-3"), formatter: (/** @type {number} */ value) => number(value, 0) },
  };
  const top = spec.series.length > 1 ? 34 : 12;
  return {
    grid: { left: 4, right: spec.kind === "row" ? 24 : 8, top, bottom: 4, containLabel: true },
    xAxis: spec.kind === "row" ? values : names,
    yAxis: spec.kind === "row" ? names : values,
  };
}

/**
 * @param {Spec} spec
 * @param {Series} one
 * @param {(tone: string) => string} colour
 */
function series(spec, one, colour) {
  const base = { name: one.label, data: one.values, color: colour(one.tone), cursor: spec.hrefs.length ? "pointer" : "default" };
  if (spec.kind === "line") return { ...base, type: "line", symbol: "circle", symbolSize: 6, lineStyle: { width: 2 } };
  const radius = spec.kind === "row" ? [0, 3, 3, 0] : [3, 3, 0, 0];
  const isStack = spec.kind === "stack";
  return {
    ...base,
    type: "bar",
    stack: isStack ? "all" : undefined,
    barMaxWidth: isStack ? 28 : 18,
    barGap: "15%",
    itemStyle: { borderRadius: isStack ? 0 : radius },
  };
}

/**
 * The names and values of a pie stand beside it, where they have room on any screen.
 * @param {Spec} spec
 * @param {(value: number | null) => string} format
 */
function besidePie(spec, format) {
  const value = (/** @type {string} */ name) => spec.series[0]?.values[spec.categories.indexOf(name)] ?? null;
  return {
    orient: "vertical",
    top: "middle",
    left: "52%",
    right: "auto",
    itemGap: 10,
    formatter: (/** @type {string} */ name) => `${name}  ${format(value(name))}`,
  };
}

/**
 * @param {Spec} spec
 * @param {(tone: string) => string} colour
 * @param {(name: string) => string} token
 */
function pie(spec, colour, token) {
  const values = spec.series[0]?.values ?? [];
  return {
    type: "pie",
    radius: ["52%", "82%"],
    center: ["26%", "50%"],
    label: { show: false },
    itemStyle: { borderColor: token("paper"), borderWidth: 2 },
    data: spec.categories.map((name, i) => ({
      name,
      value: values[i],
      itemStyle: { color: colour(SLICES[i % SLICES.length] ?? "main") },
    })),
  };
}
