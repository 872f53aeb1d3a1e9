// Suggestions beside the text: dashed marks, a list, and the keys that accept and reject. They are never in the text and
// no annotations: what is accepted becomes an ordinary edit, what is rejected goes to the server behind the edits.

import { onHandedIn } from "./answers.js";
import { commit, putting } from "./changes.js";
import * as cursor from "./cursor.js";
import { paint } from "./ink.js";
import { list } from "./items.js";
import { quoteOf, root } from "./offsets.js";
import { labels, links, page, sentence, shortened, speak } from "./page.js";
import { allSpans, twinOf } from "./pending.js";
import { outbox, put } from "./saving.js";
import { uuid7 } from "./uuid7.js";

const section = document.getElementById("suggestions"); // not there where nothing is suggested
const SOON = 60; // milliseconds: not before what was done is painted
const LATER = 1200; // after the last edit: what is named again depends on the spans
const refused = new Set(); // ids of those rejected on this page, whatever the server's list says yet
let current = null; // the id of one in the list
let place = 0; // where the current one begins, to go on from there when it is gone

/* The list */

const read = new WeakMap();

function contentOf(item) {
  if (!read.has(item)) read.set(item, JSON.parse(item.dataset.suggestion));
  return read.get(item);
}

const items = () => [...section.querySelectorAll("ol > li")];
const left = () => (section?.open ? items().filter((item) => !item.hidden) : []);
const itemOf = (id) => left().find((item) => contentOf(item).id === id);
const start = (item) => contentOf(item).fragments[0][0];
const nameOf = ({ label, fragments }) => sentence("spanSaid", { label: labels.get(label)?.name, quote: shortened(quoteOf(fragments)) });

/** Hides what is labelled or rejected meanwhile, and paints the rest. */
function update() {
  const taken = new Map();
  for (const { span } of allSpans()) taken.set(span.label, [...(taken.get(span.label) ?? []), ...span.fragments]);
  for (const item of items()) {
    const { id, label, fragments } = contentOf(item);
    const isOver = ([s, e]) => fragments.some(([a, b]) => s < b && a < e);
    item.hidden = refused.has(id) || (taken.get(label) ?? []).some(isOver);
  }
  show();
}

function show() {
  const shown = left();
  const here = itemOf(current) ?? shown.find((item) => start(item) >= place) ?? shown[0];
  current = here ? contentOf(here).id : null;
  if (here) place = start(here);
  for (const item of items()) {
    item.toggleAttribute("aria-current", item === here);
    if (item === here) item.setAttribute("aria-current", "true");
    for (const button of item.querySelectorAll("button")) button.tabIndex = item === here ? 0 : -1;
  }
  const all = Number(section.querySelector("ol")?.dataset.total ?? 0) - items().length + shown.length;
  document.getElementById("suggestions-left").textContent = section.open && all ? String(all) : "";
  section.querySelector(".nothing")?.toggleAttribute("hidden", shown.length > 0);
  offerAll(here, shown);
  draw(here, shown);
}

function offerAll(here, shown) {
  const button = section.querySelector("[data-do=acceptAll]");
  if (!button) return;
  const label = here && contentOf(here).label;
  const count = shown.filter((item) => contentOf(item).label === label).length;
  button.hidden = count < 2;
  button.firstElementChild.textContent = sentence("acceptAll", { count, label: labels.get(label)?.name });
}

function draw(here, shown) {
  const ink = new Map([...labels.values()].map(({ slot }) => [`suggested-p${slot}`, []]));
  for (const item of shown) {
    const { label, fragments } = contentOf(item);
    ink.get(`suggested-p${labels.get(label)?.slot}`)?.push(...fragments);
  }
  for (const [name, fragments] of ink) paint(name, fragments);
  paint("suggestion", here ? contentOf(here).fragments : []);
}

function go(item, { quiet = false } = {}) {
  current = item ? contentOf(item).id : null;
  if (item) place = start(item);
  show();
  if (!item) return "";
  const [box, { top, bottom }] = [section.getBoundingClientRect(), item.getBoundingClientRect()];
  const summary = section.firstElementChild.offsetHeight;
  if (top < box.top + summary || bottom > box.bottom) section.scrollBy({ top: top - box.top - summary - box.height / 4 });
  if (!quiet) cursor.reveal(contentOf(item).fragments[0]);
  return sentence("suggestionSaid", { span: nameOf(contentOf(item)) });
}

/* The one behind those that were just judged, else the first that is left. */
function goOn(gone, said) {
  const hadFocus = section.contains(document.activeElement);
  for (const item of gone) item.hidden = true;
  section.classList.remove("met");
  const rest = left();
  const next = rest.find((item) => start(item) >= place) ?? rest[0];
  speak([said, go(next)].filter(Boolean).join(" "));
  if (hadFocus) (next?.querySelector(".words") ?? section.querySelector("summary")).focus({ preventScroll: true });
}

/* The verdicts */

const described = ({ id, engine, version, engines, label, fragments, score }) => ({ id, engine, version, engines, label, fragments, score });
const keyOf = ({ label, fragments }) => `${label} ${fragments.join(" ")}`;

/* One batch for all of them, with the spans they are linked to: one undo takes all of it back. */
function taking(chosen) {
  const edits = [];
  const gone = new Set();
  const made = new Map();
  const byKey = new Map(left().map((item) => [keyOf(contentOf(item)), item]));
  const span = (item) => {
    const one = contentOf(item);
    const known = made.get(keyOf(one)) ?? twinOf(one.label, one.fragments);
    if (known) return known;
    const id = uuid7();
    made.set(keyOf(one), id);
    gone.add(item);
    edits.push({ ...putting(id, one, null, "suggested"), suggestion: described(one) });
    return id;
  };
  const target = (link) => {
    const item = byKey.get(keyOf(link));
    return made.get(keyOf(link)) ?? twinOf(link.label, link.fragments) ?? (item && span(item));
  };
  for (const item of chosen) {
    const source = span(item);
    for (const link of contentOf(item).links) {
      const end = links.has(link.relation) && target(link);
      if (end) edits.push({ action: "put_relation", object: uuid7(), value: { label: link.relation, source, target: end }, before: null });
    }
  }
  return { edits, gone };
}

export function accept() {
  const item = itemOf(current);
  if (!item) {
    speak(sentence("noSuggestion"));
    return;
  }
  const { edits, gone } = taking([item]);
  commit(edits);
  goOn(gone, sentence("accepted", { span: nameOf(contentOf(item)) }));
}

export function acceptAll() {
  const item = itemOf(current);
  if (!item) {
    speak(sentence("noSuggestion"));
    return;
  }
  const { label } = contentOf(item);
  const { edits, gone } = taking(left().filter((other) => contentOf(other).label === label));
  commit(edits);
  goOn(gone, sentence("acceptedAll", { count: gone.size, label: labels.get(label).name }));
}

export function reject() {
  const item = itemOf(current);
  if (!item) {
    speak(sentence("noSuggestion"));
    return;
  }
  const one = contentOf(item);
  refused.add(one.id);
  judge(one, "rejected");
  const back = section.querySelector("[data-do=bringBack]");
  back.dataset.suggestion = JSON.stringify(one);
  back.hidden = false;
  goOn([item], sentence("rejected", { span: nameOf(one) }));
}

function judge(one, verdict) {
  const { id, ...body } = described(one);
  return put([{ kind: `suggestions/${id}/verdict`, body: { ...body, verdict }, quote: shortened(quoteOf(one.fragments)) }]);
}

function bringBack(button) {
  const one = JSON.parse(button.dataset.suggestion);
  refused.delete(one.id);
  judge(one, "withdrawn");
  button.hidden = true;
  update();
  const item = itemOf(one.id);
  if (item) speak(go(item));
  (item?.querySelector(".words") ?? section.querySelector("summary")).focus({ preventScroll: true });
}

/* What the section hears */

let soon = 0;
let later = 0;
function changed() {
  clearTimeout(soon);
  clearTimeout(later);
  soon = setTimeout(update, SOON);
  later = setTimeout(refresh, LATER);
}

/* The server suggests on what it knows: not before it knows all. */
function refresh() {
  if (document.getElementById("state").dataset.state === "saved") htmx.trigger(section, "stale");
  else if (navigator.onLine) later = setTimeout(refresh, LATER);
}

/* The cursor on the words of a suggestion makes it the current one; it is returned. */
function meet() {
  const word = cursor.word();
  const item = word && left().find((other) => contentOf(other).fragments.some(([s, e]) => s < word[1] && word[0] < e));
  if (item && contentOf(item).id !== current) speak(go(item, { quiet: true }));
  return item;
}

/* On a small screen the verdict comes to the finger. */
function tapped() {
  const item = meet();
  section.classList.toggle("met", Boolean(item) && !document.documentElement.hasAttribute("data-panel"));
}

async function recall() {
  const waiting = (await outbox.waiting()).filter(({ set, body }) => set === page.set && body?.verdict === "rejected");
  for (const { kind } of waiting) refused.add(kind.split("/")[1]);
}

function begin() {
  let hadFocus = false;
  section.addEventListener("htmx:beforeSwap", () => { hadFocus = section.querySelector(".inside").contains(document.activeElement); });
  section.addEventListener("htmx:afterSwap", () => {
    update();
    if (hadFocus) (itemOf(current)?.querySelector(".words") ?? section.querySelector("summary")).focus({ preventScroll: true });
  });
  for (const name of ["htmx:sendError", "htmx:responseError"]) section.addEventListener(name, (event) => event.stopPropagation());
  section.addEventListener("toggle", show);
  section.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-do]");
    const item = target.closest("ol > li");
    if (item) speak(go(item));
    if (button?.dataset.do === "accept") accept();
    if (button?.dataset.do === "reject") reject();
    if (button?.dataset.do === "acceptAll") acceptAll();
    if (button?.dataset.do === "bringBack") bringBack(button);
  });
  section.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const shown = left();
    const next = step && shown[shown.indexOf(event.target.closest("li")) + step];
    if (!next || !event.target.closest("ol > li")) return;
    event.preventDefault();
    speak(go(next));
    next.querySelector(".words").focus({ preventScroll: true });
  });
  root.addEventListener("click", () => setTimeout(tapped, SOON));
  root.addEventListener("keyup", ({ key }) => { if (/^(?:Arrow|Home|End|[.,[\]]$)/u.test(key)) meet(); });
  new MutationObserver(changed).observe(list, { childList: true });
  onHandedIn((kind) => { if (kind.startsWith("suggestions/")) changed(); });
  recall();
}

if (section) begin();
