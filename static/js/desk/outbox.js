// Edits on their way to the server. They are on disk before the page says anything, are sent in order, each is applied
// once (its id is made here), and they stay until the server has answered for them. One tab sends for all.

import { Memory, Shelf } from "./shelf.js";
import { uuid7 } from "./uuid7.js";

const MOST = 100; // changes in one request
const FIRST_WAIT = 500; // milliseconds, doubled after each failure
const LONGEST_WAIT = 30_000;

export function csrfToken() {
  return document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/u)?.[1] ?? "";
}

/**
 * `on` is told what happens: `state(waiting, how)` with how "saving" | "saved" | "waiting"; `answer(set, html, entries)`
 * after entries were answered; `stopped(set, status, detail)` when the server wants a person first; `refused()`;
 * `queued(entries)` for edits made in another tab.
 */
export class Outbox {
  constructor({ user, set, on }) {
    this.name = `newsapp-${user}`;
    this.set = set;
    this.tab = uuid7(); // which tab an entry comes from: the one that sends it may be another
    this.on = on;
    this.shelf = "indexedDB" in globalThis ? new Shelf(this.name) : new Memory();
    this.stopped = new Set();
    this.failures = 0;
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = ({ data }) => this.heard(data);
    addEventListener("online", () => this.wake?.());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.resume(); });
  }

  waiting() {
    return this.shelf.run("readonly", (waiting) => waiting.getAll());
  }

  refused() {
    return this.shelf.run("readonly", (_, refused) => refused.getAll());
  }

  /** Puts entries on disk, in order and all or none, and sends them; resolves when they are on disk. */
  async put(entries) {
    await this.store(entries.map((entry) => ({ ...entry, set: this.set, tab: this.tab })));
    this.post({ kind: "queued", set: this.set, entries });
    this.stopped.delete(this.set);
    await this.tell();
    this.drain();
  }

  async store(entries) {
    try {
      await this.shelf.run("readwrite", (waiting) => { entries.forEach((entry) => waiting.add(entry)); });
    } catch (error) {
      if (!(this.shelf instanceof Shelf)) throw error;
      this.shelf = new Memory();
      await this.store(entries);
    }
  }

  /** Takes refused entries off the list. */
  async dismiss(seqs) {
    await this.shelf.run("readwrite", (_, refused) => { seqs.forEach((seq) => refused.delete(seq)); });
    this.post({ kind: "refused", set: this.set });
    this.on.refused();
  }

  heard({ kind, set, entries, html, results, failures, status, detail }) {
    if (kind === "refused") this.on.refused();
    if (kind === "failures") this.failures = failures;
    if (set === this.set) {
      if (kind === "queued") this.on.queued(entries);
      if (kind === "answer") this.on.answer(html, entries, results);
      if (kind === "stopped") this.on.stopped(status, detail);
    }
    this.tell();
  }

  post(message) {
    this.channel.postMessage(message);
  }

  failed(failures) {
    if (failures !== this.failures) this.post({ kind: "failures", failures });
    this.failures = failures;
  }

  /** Tries again what was stopped or is waiting for its time. */
  resume() {
    this.stopped.clear();
    this.wake?.();
    this.drain();
  }

  async tell(how) {
    const waiting = (await this.waiting()).filter(({ set }) => set === this.set);
    const away = this.failures || this.stopped.has(this.set) || !navigator.onLine;
    this.on.state(waiting.length, how ?? (waiting.length ? (away ? "waiting" : "saving") : "saved"));
  }

  async drain() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    const work = () => this.sendAll();
    try {
      await (navigator.locks ? navigator.locks.request(this.name, work) : work());
    } finally {
      this.busy = false;
    }
    await this.tell();
    if (this.again) {
      this.again = false;
      this.drain();
    }
  }

  async sendAll() {
    for (;;) {
      const next = batchOf(await this.waiting(), this.stopped);
      if (!next.length) return;
      if (await this.send(next)) {
        this.failed(0);
        continue;
      }
      this.failed(this.failures + 1);
      await this.tell();
      await this.pause();
    }
  }

  /** Whether the server answered, whatever it said. */
  async send(entries) {
    const [{ set, kind }] = entries;
    const base = `/api/v1/annotation-sets/${set}/`;
    const body = kind === "change" ? { changes: entries.map(({ change }) => change) } : (entries[0].body ?? {});
    let response;
    let text;
    try {
      response = await fetch(base + (kind === "change" ? "changes/" : `${kind}/`), {
        method: "POST",
        credentials: "same-origin",
        headers: {
          "Content-Type": "application/json",
          "HX-Request": "true",
          "X-CSRFToken": csrfToken(),
          "X-Attempt": `${this.failures + 1}`,
        },
        body: JSON.stringify(body),
      });
      text = await response.text();
    } catch {
      return false;
    }
    const status = response.redirected ? 401 : response.status; // redirected: to the sign-in page
    const detail = problemOf(text);
    if (status < 300) return this.settle(entries, text);
    if (status === 429 || status >= 500) return false;
    if ([400, 413, 422].includes(status)) return this.setAside(entries, detail || `${status}`);
    if (kind !== "change" && status === 409) await this.remove(entries);
    else this.stopped.add(set);
    this.post({ kind: "stopped", set, status, detail });
    if (set === this.set) this.on.stopped(status, detail);
    return true;
  }

  remove(entries) {
    return this.shelf.run("readwrite", (waiting) => { entries.forEach(({ seq }) => waiting.delete(seq)); });
  }

  async settle(entries, html) {
    const results = entries[0].kind === "change" ? resultsOf(html) : [];
    if (!results) return false; // something else answered in the place of the server
    const bad = results.filter(({ status }) => !["applied", "repeated"].includes(status));
    const find = ({ id }) => entries.find(({ change }) => change.id === id);
    await this.shelf.run("readwrite", (waiting, refused) => {
      for (const result of bad) refused.add(refusal(find(result), result));
      for (const { seq } of entries) waiting.delete(seq);
    });
    const [{ set }] = entries;
    this.post({ kind: "answer", set, html, entries, results });
    if (set === this.set) this.on.answer(html, entries, results);
    if (bad.length) {
      this.post({ kind: "refused", set });
      this.on.refused();
    }
    return true;
  }

  /** A request the server will never take goes one by one into the list, so that one bad edit does not hold the others. */
  async setAside(entries, message) {
    if (entries.length > 1) {
      for (const entry of entries) if (!(await this.send([entry]))) return false;
      return true;
    }
    const [entry] = entries;
    const result = { id: entry.change?.id, status: "invalid", errors: [{ message }] };
    await this.shelf.run("readwrite", (waiting, refused) => {
      refused.add(refusal(entry, result));
      waiting.delete(entry.seq);
    });
    this.post({ kind: "answer", set: entry.set, html: "", entries, results: [result] });
    if (entry.set === this.set) this.on.answer("", entries, [result]);
    this.on.refused();
    return true;
  }

  pause() {
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.failures - 1));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longest * (0.5 + Math.random() / 2));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The first entries that may go together: of one set that is not stopped, all changes, in order. */
function batchOf(waiting, stopped) {
  const first = waiting.find(({ set }) => !stopped.has(set));
  if (!first) return [];
  if (first.kind !== "change") return [first];
  const ofSet = waiting.filter(({ set }) => set === first.set);
  const other = ofSet.findIndex(({ kind }) => kind !== "change");
  return ofSet.slice(0, Math.min(MOST, other < 0 ? MOST : other));
}

function refusal({ seq, ...entry }, result) {
  return { ...entry, result };
}

export function resultsOf(html) {
  const element = new DOMParser().parseFromString(html, "text/html").getElementById("results");
  return element ? JSON.parse(element.textContent).results : null;
}

function problemOf(text) {
  try {
    return JSON.parse(text).detail ?? "";
  } catch {
    return "";
  }
}
