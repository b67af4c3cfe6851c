/**
 * What was typed waits on this device until the server has answered it: a lost connection or a reload loses nothing, and
 * what is sent twice is done once, by its key.
 *
 * Kept in localStorage, apart for each person and page, no more than what is sent and what its line in the list of
 * waiting entries says; gone as soon as it is answered, and when one signs out.
 *
 * @typedef {{ key: string, label: string, [more: string]: any }} Entry
 * @typedef {{ key: string, done: boolean, why?: string, [more: string]: any }} Answer
 * @typedef {{ status: number, answers: { answer: Answer, entry: Entry | undefined }[] }} Result
 */
const PREFIX = "xianxue-outbox-";

export class Outbox {
  /**
   * @param {{
   *   owner: string, page: string, most?: number,
   *   post: (entries: Entry[]) => Promise<Response>, tell: () => void,
   * }} how `post` sends entries and answers {"answers": [{key, done, …}]}; `tell` shows what waits now.
   */
  constructor({ owner, page, most = 50, post, tell }) {
    this.store = `${PREFIX}${owner}-${page}`;
    this.most = most;
    this.post = post;
    this.tell = tell;
    this.isSending = false;
    this.isSignedOut = false;
    this.isStored = true;
    /** @type {Entry[]} */
    this.kept = [];
  }

  /** @returns {Entry[]} */
  waiting() {
    if (!this.isStored) return this.kept;
    try {
      return JSON.parse(localStorage.getItem(this.store) ?? "[]") ?? [];
    } catch {
      return [];
    }
  }

  /**
   * Without storage (a browser that forbids it, or one that is full) entries live as long as the page.
   * @param {Entry[]} entries
   */
  keep(entries) {
    this.kept = entries;
    try {
      if (entries.length) localStorage.setItem(this.store, JSON.stringify(entries));
      else localStorage.removeItem(this.store);
    } catch {
      this.isStored = false;
    }
    this.tell();
  }

  /** @param {Entry[]} entries */
  add(...entries) {
    this.keep([...this.waiting(), ...entries]);
  }

  /**
   * Send what waits. Null where nothing waits, a sending is under way, or there is no connection: then entries stay.
   * @returns {Promise<Result | null>}
   */
  async send() {
    const sent = this.waiting().slice(0, this.most);
    if (this.isSending || !sent.length) return null;
    this.isSending = true;
    try {
      const response = await this.post(sent);
      this.isSignedOut = response.type === "opaqueredirect" || response.status === 403;
      if (!response.ok) return { status: response.status, answers: [] };
      return { status: response.status, answers: this.settle((await response.json()).answers, sent) };
    } catch {
      return null;
    } finally {
      this.isSending = false;
      this.tell();
    }
  }

  /**
   * Take what was answered from what waits now: another window may have added to it meanwhile.
   * @param {Answer[]} answers
   * @param {Entry[]} sent
   */
  settle(answers, sent) {
    const answered = new Set(answers.map((one) => one.key));
    this.keep(this.waiting().filter((one) => !answered.has(one.key)));
    return answers.map((answer) => ({ answer, entry: sent.find((one) => one.key === answer.key) }));
  }
}

/** A key for an entry. randomUUID is there on https only; a school's own network may have none. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The names under which anything waits on this device. */
export function stores() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}
