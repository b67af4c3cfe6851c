/**
 * The meeting desk: every form becomes an entry with a key of its own. Entries wait in localStorage until the server
 * has answered each, so that a lost connection or a reload loses nothing; one sent twice is done once by its key.
 */
const POLL = 4000;
const desk = document.getElementById("desk");
const body = desk.querySelector("[data-body]");
const status = desk.querySelector("[data-queue]");
const refusals = desk.querySelector("[data-refusals]");
const store = `xianxue-desk-${desk.dataset.meeting}`;
const token = () => desk.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
let isSending = false;
let isSignedOut = false;
let revision = Number(body.querySelector("[data-revision]").dataset.revision);

function queued() {
  try {
    return JSON.parse(localStorage.getItem(store)) ?? [];
  } catch {
    return [];
  }
}

function keep(entries) {
  localStorage.setItem(store, JSON.stringify(entries));
  tell();
}

function tell(note = "") {
  const count = queued().length;
  status.toggleAttribute("data-is-waiting", count > 0);
  const text = count ? `${count} ${desk.dataset.waiting}` : desk.dataset.sent;
  status.textContent = [isSignedOut ? desk.dataset.signedOut : text, note].filter(Boolean).join(" · ");
}

/** Remove what was answered from what waits now: another window may have added to it meanwhile. */
function settle(answers, sent) {
  const answered = new Set(answers.map((one) => one.key));
  keep(queued().filter((one) => !answered.has(one.key)));
  for (const answer of answers.filter((one) => !one.done)) {
    const entry = sent.find((one) => one.key === answer.key);
    const line = document.createElement("li");
    line.textContent = [entry?.label, answer.why].filter(Boolean).join("：");
    refusals.append(line);
  }
}

async function send() {
  const entries = queued();
  if (isSending || !entries.length) return;
  isSending = true;
  let isAnswered = false;
  try {
    const sent = entries.slice(0, 50);
    const response = await fetch(desk.dataset.entries, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ sent_at: new Date().toISOString(), entries: sent.map(({ key, act, noted_at, data }) => ({ key, act, noted_at, data })) }),
    });
    isSignedOut = response.type === "opaqueredirect" || response.status === 403;
    if (response.ok) {
      settle((await response.json()).answers, sent);
      isAnswered = true;
    }
  } catch {
    // No connection: the entries stay, and the next round tries again.
  } finally {
    isSending = false;
    tell();
  }
  if (isAnswered) {
    await show();
    await send();
  }
}

async function show() {
  try {
    const response = await fetch(desk.dataset.part, { redirect: "manual" });
    if (!response.ok) return;
    const open = [...body.querySelectorAll("details[open] form")].map(mark);
    body.innerHTML = await response.text();
    revision = Number(body.querySelector("[data-revision]").dataset.revision);
    for (const form of body.querySelectorAll("details form")) {
      if (open.includes(mark(form))) form.closest("details").open = true;
    }
  } catch {
    // The page stays as it is until the server is there again.
  }
}

function mark(form) {
  return [form.dataset.act, ...["item", "attendance"].map((name) => form.elements[name]?.value ?? "")].join(" ");
}

/** Whether somebody is typing: what was typed is not thrown away for news from elsewhere. */
function isTyping() {
  return [...body.querySelectorAll("input:not([type=hidden]), textarea, select")].some((field) => {
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field instanceof HTMLSelectElement) {
      const first = [...field.options].findIndex((option) => option.defaultSelected);
      return field.selectedIndex !== Math.max(first, 0);
    }
    return field.value !== field.defaultValue;
  });
}

async function poll() {
  await send();
  try {
    const response = await fetch(desk.dataset.revisionHref, { redirect: "manual" });
    isSignedOut = response.type === "opaqueredirect";
    if (response.ok && (await response.json()).revision !== revision) {
      if (isTyping()) tell(desk.dataset.newer);
      else await show();
    }
  } catch {
    tell();
  }
}

desk.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.act) return;
  event.preventDefault();
  const data = Object.fromEntries(new FormData(form));
  delete data.csrfmiddlewaretoken;
  delete data.act;
  const label = event.submitter?.dataset.label ?? "";
  refusals.replaceChildren();
  keep([...queued(), { key: crypto.randomUUID?.() ?? fallback(), act: form.dataset.act, noted_at: new Date().toISOString(), data, label }]);
  send();
});

/** randomUUID is there on https only; a school's own network may have none. */
function fallback() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

window.addEventListener("online", send);
window.addEventListener("storage", () => tell());
tell();
send();
setInterval(poll, POLL);
