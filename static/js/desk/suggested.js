// The suggestions that are left, as the list beside the text and as dashed marks in it; one of them is the current one.

import * as cursor from "./cursor.js";
import { paint } from "./ink.js";
import { quoteOf } from "./offsets.js";
import { labels, sentence, shortened } from "./page.js";
import { allSpans } from "./pending.js";

export const section = document.getElementById("suggestions"); // not there where nothing is suggested
/** Ids of those rejected on this page, whatever the server's list says yet. */
export const refused = new Set();
let current = null; // the id of one in the list
let place = 0; // where the current one begins, to go on from there when it is gone

const read = new WeakMap();

/** What the server says of an item: a suggestion as the API gives it. */
export function contentOf(item) {
  if (!read.has(item)) read.set(item, JSON.parse(item.dataset.suggestion));
  return read.get(item);
}

const items = () => [...section.querySelectorAll("ol > li")];
/** The items that are shown, in reading order. */
export const left = () => (section?.open ? items().filter((item) => !item.hidden) : []);
export const itemOf = (id) => left().find((item) => contentOf(item).id === id);
const start = (item) => contentOf(item).fragments[0][0];
export const nameOf = ({ label, fragments }) => sentence("spanSaid", { label: labels.get(label)?.name, quote: shortened(quoteOf(fragments)) });

/** Hides what is labelled or rejected meanwhile, and paints the rest. */
export function update() {
  const taken = new Map();
  for (const { span } of allSpans()) {
    if (!taken.has(span.label)) taken.set(span.label, []);
    taken.get(span.label).push(...span.fragments);
  }
  for (const item of items()) {
    const { id, label, fragments } = contentOf(item);
    const isOver = ([s, e]) => fragments.some(([a, b]) => s < b && a < e);
    item.hidden = refused.has(id) || (taken.get(label) ?? []).some(isOver);
  }
  show();
}

/** Marks the current one, or the one that comes in its place, counts and paints. */
export function show() {
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

/** Makes an item the current one and brings it into view, in the text too unless `quiet`; says what it is. */
export function go(item, { quiet = false } = {}) {
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

/** The current item, or none. */
export const currentItem = () => itemOf(current);

/** The item behind those that were just judged, else the first that is left. */
export function following() {
  const rest = left();
  return rest.find((item) => start(item) >= place) ?? rest[0];
}
