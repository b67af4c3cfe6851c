/**
 * The meeting desk: every form becomes an entry of the outbox, which keeps it until the server has answered. What the
 * desk shows anew, it shows around what is being typed.
 */
import { newKey, Outbox } from "../ui/outbox.js";

const POLL = 4000;
const desk = document.getElementById("desk");
const body = desk.querySelector("[data-body]");
const status = desk.querySelector("[data-queue]");
const waiting = desk.querySelector("[data-waiting-list]");
const refusals = desk.querySelector("[data-refusals]");
const token = () => desk.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const revisionShown = () => Number(body.querySelector("[data-revision]").dataset.revision);
const outbox = new Outbox({ owner: desk.dataset.owner, page: `desk-${desk.dataset.meeting}`, post, tell: () => tell() });

function tell(note = "") {
  const entries = outbox.waiting();
  status.toggleAttribute("data-is-waiting", entries.length > 0);
  const text = entries.length ? `${entries.length} ${desk.dataset.waiting}` : desk.dataset.sent;
  const words = [outbox.isSignedOut ? desk.dataset.signedOut : text, note].filter(Boolean).join(" · ");
  // A status that is written again is read out again.
  if (status.textContent !== words) status.textContent = words;
  waiting.replaceChildren(...entries.map((entry) => line(entry.label)));
}

function line(text) {
  const made = document.createElement("li");
  made.textContent = text;
  return made;
}

async function post(entries) {
  return fetch(desk.dataset.entries, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify({
      sent_at: new Date().toISOString(),
      entries: entries.map(({ key, act, noted_at, data }) => ({ key, act, noted_at, data })),
    }),
  });
}

async function send() {
  const result = await outbox.send();
  // Who has signed in anew has a token of the new session on the page as it is now.
  if (result?.status === 403) await show();
  if (!result?.answers.length) return;
  const refused = result.answers.filter(({ answer }) => !answer.done);
  for (const { answer, entry } of refused) {
    refusals.append(line([entry?.label, answer.why].filter(Boolean).join("：")));
  }
  await show(refused.map(({ entry }) => entry));
  await send();
}

/** Show the desk as it is now. What was typed and not sent stays, and what was refused stands in its form again. */
async function show(refused = []) {
  try {
    const response = await fetch(desk.dataset.part, { redirect: "manual" });
    if (!response.ok) return;
    const text = await response.text();
    const before = new Map([...body.querySelectorAll("form[data-act]")].map((form) => [identity(form), state(form)]));
    const place = focused();
    body.innerHTML = text;
    for (const entry of refused.filter(Boolean)) {
      // Unless something else has been typed there meanwhile.
      if (!before.get(entry.form)?.isTyped) before.set(entry.form, { isOpen: true, values: entry.data, ticked: entry.data });
    }
    const forms = [...body.querySelectorAll("form[data-act]")];
    for (const form of forms) restore(form, before.get(identity(form)));
    focusAgain(forms, place);
  } catch {
    // The page stays as it is until the server is there again.
  }
}

/** Where the keyboard is: in which form, on which of its controls. */
function focused() {
  const form = body.contains(document.activeElement) ? document.activeElement.closest("form[data-act]") : null;
  const { name, selectionStart: start, selectionEnd: end } = document.activeElement;
  return form && { form: identity(form), person: hidden(form, "attendance"), name, caret: start === null ? null : [start, end] };
}

/** Put the keyboard back to where it was; where that form is gone, to the next thing that one does for the same person. */
function focusAgain(forms, place) {
  if (!place) return;
  const same = forms.find((form) => identity(form) === place.form);
  const form = same ?? forms.find((one) => place.person && hidden(one, "attendance") === place.person);
  const control = same && place.name ? same.elements[place.name] : form?.querySelector("button");
  control?.focus();
  if (same && place.caret?.[0] !== undefined) control?.setSelectionRange?.(...place.caret);
}

const HIDDEN = ["item", "attendance", "choice", "recusal"];
const hidden = (form, name) => form.querySelector(`input[type=hidden][name=${name}]`)?.value;

function identity(form) {
  return [form.dataset.act, ...HIDDEN.map((name) => hidden(form, name) ?? "")].join(" ");
}

const fields = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden");

function isChanged(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field instanceof HTMLSelectElement) {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  }
  return field.value !== field.defaultValue;
}

function state(form) {
  const typed = fields(form).filter(isChanged);
  return {
    isTyped: typed.length > 0,
    isOpen: form.closest("details")?.open ?? false,
    values: Object.fromEntries(typed.filter((field) => field.type !== "checkbox").map((field) => [field.name, field.value])),
    ticked: Object.fromEntries(typed.filter((field) => field.checked).map((field) => [field.name, "on"])),
  };
}

function restore(form, before) {
  if (!before) return;
  const folded = form.closest("details");
  if (folded && before.isOpen) folded.open = true;
  for (const field of fields(form)) {
    if (field.type === "checkbox") field.checked = field.name in before.ticked;
    else if (field.name in before.values) field.value = before.values[field.name];
  }
}

/** Whether somebody is typing: the field is not taken away for news from elsewhere. */
function isTyping() {
  return [...body.querySelectorAll("form[data-act]")].some((form) => fields(form).some(isChanged));
}

async function poll() {
  await send();
  try {
    const response = await fetch(desk.dataset.revisionHref, { redirect: "manual" });
    outbox.isSignedOut = response.type === "opaqueredirect";
    if (response.ok && (await response.json()).revision !== revisionShown()) {
      if (isTyping()) tell(desk.dataset.newer);
      else await show();
    }
  } catch {
    tell();
  }
}

/** What the entry is, in words, for the list of what waits: 高国辉 发言. */
function named(form, submitter) {
  const chosen = form.querySelector("select[data-named]")?.selectedOptions[0]?.textContent ?? "";
  return [chosen.replace(/（.*$/, "").trim(), submitter?.dataset.label ?? ""].filter(Boolean).join(" ");
}

desk.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.act) return;
  event.preventDefault();
  const data = Object.fromEntries(new FormData(form));
  delete data.csrfmiddlewaretoken;
  delete data.act;
  refusals.replaceChildren();
  const entry = { key: newKey(), act: form.dataset.act, noted_at: new Date().toISOString(), data };
  outbox.add({ ...entry, label: named(form, event.submitter), form: identity(form) });
  form.reset();
  if (form.closest("details")) form.closest("details").open = false;
  send();
});

window.addEventListener("online", send);
window.addEventListener("storage", () => tell());
tell();
send();
setInterval(poll, POLL);
