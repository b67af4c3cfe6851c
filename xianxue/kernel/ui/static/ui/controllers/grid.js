/**
 * A sheet as a form: moves between cells, fills a block copied from Excel, and sends the lines that were changed through
 * the outbox, so that a lost connection loses none. Without it the whole form is posted.
 * @typedef {HTMLInputElement | HTMLSelectElement} Cell
 */
import { newKey, Outbox } from "../outbox.js";

const AGAIN = 8000;

export class Grid {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.body = /** @type {HTMLTableSectionElement} */ (form.querySelector("tbody"));
    this.told = /** @type {HTMLElement} */ (form.querySelector("[data-told]"));
    /** What the page showed, by the name of the cell. @type {Map<string, string>} */
    this.shown = new Map();
    this.outbox = new Outbox({
      owner: form.dataset.owner ?? "",
      page: `grid-${form.dataset.unit}`,
      post: (entries) => this.post(entries),
      tell: () => this.tell(),
    });
    this.isGone = false;
    this.hasSaved = false;
    /** What became of lines that are not on the page any more, in words. @type {string[]} */
    this.lost = [];
  }

  connect() {
    for (const row of this.rows()) this.learn(row);
    this.form.addEventListener("submit", (event) => this.save(event));
    this.body.addEventListener("input", (event) => this.changed(event));
    this.body.addEventListener("change", (event) => this.changed(event));
    this.body.addEventListener("keydown", (event) => this.move(event));
    this.body.addEventListener("paste", (event) => this.paste(event));
    this.online = () => this.send();
    this.leaving = (/** @type {BeforeUnloadEvent} */ event) => {
      if (this.typed().length) event.preventDefault();
    };
    this.elsewhere = () => this.tell();
    window.addEventListener("online", this.online);
    window.addEventListener("storage", this.elsewhere);
    window.addEventListener("beforeunload", this.leaving);
    this.timer = window.setInterval(() => this.send(), AGAIN);
    this.bringBack();
    this.tell();
    this.send();
  }

  disconnect() {
    window.removeEventListener("online", this.online);
    window.removeEventListener("storage", this.elsewhere);
    window.removeEventListener("beforeunload", this.leaving);
    window.clearInterval(this.timer);
  }

  /** @returns {HTMLTableRowElement[]} */
  rows() {
    return [...this.body.rows];
  }

  /** @param {string} line */
  row(line) {
    return this.rows().find((row) => row.dataset.line === line);
  }

  /** @param {HTMLTableRowElement} row @returns {Cell[]} */
  cells(row) {
    return [...row.querySelectorAll(".grid-cell input, .grid-cell select")];
  }

  /** What stands in a line is what the server sent, unless the browser kept what was typed before a reload. */
  learn(row) {
    for (const cell of this.cells(row)) {
      const isSelect = cell instanceof HTMLSelectElement;
      const first = isSelect ? [...cell.options].find((option) => option.defaultSelected)?.value ?? "" : cell.defaultValue;
      // What came back with an error is still to be saved: it differs from everything.
      this.shown.set(cell.name, this.cameBack(row) ? "\u0000" : first);
      cell.value = first;
    }
  }

  cameBack(row) {
    return ["wrong", "asked", "overtaken"].includes(row.dataset.state ?? "");
  }

  changedIn(row) {
    return this.cells(row).filter((cell) => cell.value !== this.shown.get(cell.name));
  }

  /** Lines that were changed and neither sent nor put into the outbox. */
  typed() {
    return this.rows().filter((row) => row.dataset.state === "typed");
  }

  changed(event) {
    const row = event.target.closest("tr");
    event.target.classList.toggle("is-typed", event.target.value !== this.shown.get(event.target.name));
    this.mark(row, this.changedIn(row).length ? "typed" : "");
    this.tell();
  }

  mark(row, state) {
    row.dataset.state = state;
    const words = { typed: this.form.dataset.rowTyped, waiting: this.form.dataset.rowWaiting };
    const place = row.querySelector(".grid-state");
    if (place) place.textContent = words[state] ?? "";
  }

  tell() {
    const waiting = this.outbox.waiting().length;
    const typed = this.typed().length;
    const wrong = this.rows().filter((row) => this.cameBack(row)).length;
    const { dataset } = this.form;
    const said = [];
    if (this.outbox.isSignedOut) said.push(["late", dataset.signedOut]);
    else if (this.isGone) said.push(["late", dataset.gone]);
    else if (waiting) said.push(["due", counted(dataset.waiting, waiting)]);
    for (const words of this.lost) said.push(["late", words]);
    if (wrong) said.push(["late", counted(dataset.wrong, wrong)]);
    if (typed) said.push(["due", counted(dataset.typed, typed)]);
    if (!said.length) said.push(this.hasSaved ? ["done", dataset.saved] : ["quiet", ""]);
    const words = said.map(([, text]) => text).join(" · ");
    this.told.dataset.tone = said[0][0];
    // A status that is written again is read out again.
    if (this.told.textContent !== words) this.told.textContent = words;
  }

  save(event) {
    event.preventDefault();
    const rows = this.rows().filter((row) => row.dataset.state === "typed" || this.cameBack(row));
    if (!rows.length && !this.outbox.waiting().length) {
      this.told.dataset.tone = "quiet";
      this.told.textContent = this.form.dataset.unchanged ?? "";
      return;
    }
    const lines = new Set(rows.map((row) => row.dataset.line));
    // Typed again before it was sent: the later text is what counts.
    const others = this.outbox.waiting().filter((entry) => !lines.has(entry.line) || this.outbox.isSending);
    for (const row of rows) this.mark(row, "waiting");
    this.outbox.keep([...others, ...rows.map((row) => this.entry(row))]);
    this.send();
  }

  entry(row) {
    const { line, name } = row.dataset;
    const cells = Object.fromEntries(this.changedIn(row).map((cell) => [cell.name.split(".")[2], cell.value]));
    const marks = JSON.parse(row.querySelector('input[name^="s."]')?.value ?? "{}");
    const seen = JSON.stringify(Object.fromEntries(Object.entries(marks).filter(([column]) => column in cells)));
    return { key: newKey(), label: name, line, cells, seen, confirmed: !!row.querySelector('input[name^="y."]') };
  }

  async post(entries) {
    return fetch(window.location.pathname, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.form.elements["csrfmiddlewaretoken"].value },
      body: JSON.stringify({
        rows: entries.map(({ key, line, cells, seen, confirmed }) => ({ key, line, cells, seen, confirmed })),
      }),
    });
  }

  async send() {
    const result = await this.outbox.send();
    if (!result) return;
    this.isGone = [400, 404].includes(result.status);
    for (const { answer, entry } of result.answers) if (entry) this.settle(answer, entry);
    this.tell();
    if (result.answers.length && this.outbox.waiting().length) await this.send();
  }

  /** Put the line as the server has it now; what has been typed there since it was sent stays. */
  settle(answer, entry) {
    const row = this.row(entry.line);
    this.hasSaved ||= answer.done;
    if (!row && answer.why) this.lost.push([entry.label, answer.why].join("："));
    if (!row) return;
    const since = this.cells(row).filter((cell) => entry.cells[cell.name.split(".")[2]] !== cell.value);
    const later = new Map(since.filter((cell) => cell.value !== this.shown.get(cell.name)).map((cell) => [cell.name.split(".")[2], cell.value]));
    const focus = row.contains(document.activeElement) ? document.activeElement.name?.split(".")[2] : "";
    if (!answer.html) {
      this.mark(row, "");
      if (answer.why) row.querySelector(".grid-state").textContent = answer.why;
      return;
    }
    const holder = document.createElement("tbody");
    holder.innerHTML = answer.html;
    const fresh = holder.rows[0];
    row.replaceWith(fresh);
    this.learn(fresh);
    for (const entryWaiting of this.outbox.waiting()) this.renew(entryWaiting, entry.line, fresh);
    for (const cell of this.cells(fresh)) {
      const name = cell.name.split(".")[2];
      if (later.has(name)) {
        fill(cell, later.get(name));
        cell.classList.add("is-typed");
        this.mark(fresh, "typed");
      }
      if (name === focus) cell.focus();
    }
  }

  /** A later entry of a line that was just written knows the line as it is now: its own earlier text is no one else's. */
  renew(entry, line, fresh) {
    if (entry.line !== line) return;
    const seen = fresh.querySelector('input[name^="s."]').value;
    this.outbox.keep(
      this.outbox.waiting().map((one) => (one.key === entry.key ? { ...one, line: fresh.dataset.line, seen } : one)),
    );
    this.mark(fresh, "waiting");
  }

  /** After a reload, what waits stands in its cells again. */
  bringBack() {
    for (const entry of this.outbox.waiting()) {
      const row = this.row(entry.line);
      if (!row) continue;
      for (const cell of this.cells(row)) {
        const text = entry.cells[cell.name.split(".")[2]];
        if (text === undefined) continue;
        fill(cell, text);
        cell.classList.add("is-typed");
      }
      this.mark(row, "waiting");
    }
  }

  move(event) {
    const cell = event.target;
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || !cell.matches("input, select")) return;
    const step = this.step(event, cell);
    if (!step) return;
    const rows = this.rows();
    const row = cell.closest("tr");
    const cells = this.cells(row);
    const [down, right] = step;
    const next = rows[rows.indexOf(row) + down];
    const target = next && this.cells(next)[cells.indexOf(cell) + right];
    event.preventDefault();
    if (!target) return;
    target.focus();
    if (target instanceof HTMLInputElement) target.select();
  }

  /** How far a key goes, down and right; within a text the arrows belong to the text, in a choice up and down do. */
  step(event, cell) {
    const isChoice = cell instanceof HTMLSelectElement;
    const [start, end] = isChoice ? [0, 0] : [cell.selectionStart, cell.selectionEnd];
    const isWhole = !isChoice && start === 0 && end === cell.value.length;
    switch (event.key) {
      case "Enter":
        return [event.shiftKey ? -1 : 1, 0];
      case "ArrowDown":
        return isChoice ? null : [1, 0];
      case "ArrowUp":
        return isChoice ? null : [-1, 0];
      case "ArrowRight":
        return isChoice || isWhole || start === cell.value.length ? [0, 1] : null;
      case "ArrowLeft":
        return isChoice || isWhole || end === 0 ? [0, -1] : null;
      default:
        return null;
    }
  }

  paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const block = lines(text);
    if (block.length < 2 && block[0]?.length < 2) return;
    event.preventDefault();
    const rows = this.rows();
    const row = event.target.closest("tr");
    const top = rows.indexOf(row);
    const left = this.cells(row).indexOf(event.target);
    block.forEach((texts, down) => {
      const cells = rows[top + down] ? this.cells(rows[top + down]) : [];
      texts.forEach((one, right) => {
        const cell = cells[left + right];
        if (!cell) return;
        fill(cell, one.trim());
        cell.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
  }
}

/** @param {string | undefined} words @param {number} count */
function counted(words, count) {
  return (words ?? "").replace("%(count)s", String(count));
}

/** A choice takes its value or its word; a word that it has not becomes one, so that the server can say what is wrong. */
function fill(cell, text) {
  if (!(cell instanceof HTMLSelectElement)) {
    cell.value = text;
    return;
  }
  const known = [...cell.options].find((option) => option.value === text || option.text === text);
  if (!known) cell.add(new Option(text, text));
  cell.value = known ? known.value : text;
}

/** Rows and cells of a block as Excel copies it: tabs and line ends, and quotes around a cell that has either. */
function lines(text) {
  const rows = [[""]];
  let isQuoted = false;
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < clean.length; at += 1) {
    const one = clean[at];
    const row = rows[rows.length - 1];
    const cell = row[row.length - 1];
    if (isQuoted && one === '"' && clean[at + 1] === '"') {
      row[row.length - 1] += '"';
      at += 1;
    } else if (one === '"' && (isQuoted || cell === "")) isQuoted = !isQuoted;
    else if (one === "\t" && !isQuoted) row.push("");
    else if (one === "\n" && !isQuoted) rows.push([""]);
    else row[row.length - 1] += one === "\n" ? " " : one;
  }
  return rows;
}
