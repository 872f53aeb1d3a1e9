// The list of spans beside the text: the server's items in reading order, and plain ones for what is on its way.

import { quoteOf } from "./offsets.js";
import { labels, sentence, shortened } from "./page.js";

export const list = document.getElementById("spans");

export const itemOf = (id) => document.getElementById(`s-${id}`);

function extentOf(item) {
  const offsets = (item.dataset.at ?? "").split(/[-,]/u).map(Number);
  return [offsets[0], offsets.at(-1)];
}

/** How many items come before what `isBefore(start, end)` no longer holds for. */
function countWhile(isBefore) {
  let low = 0;
  let high = list.children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(...extentOf(list.children[middle]))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts an item into the list where it comes in reading order. */
export function place(item) {
  const [start, end] = extentOf(item);
  const index = countWhile((otherStart, otherEnd) => otherStart < start || (otherStart === start && otherEnd <= end));
  list.insertBefore(item, list.children[index] ?? null);
}

/** The items of spans that begin at a code point. */
export function itemsFrom(start) {
  const found = [];
  for (let item = list.children[countWhile((other) => other < start)]; item && extentOf(item)[0] === start; item = item.nextElementSibling) {
    found.push(item);
  }
  return found;
}

/** Gives every item of an answer a place in the list, so that the swap finds it: `elements` are parsed, not in the page. */
export function makeRoom(elements) {
  for (const element of elements) {
    const id = element.id.slice(2);
    const item = itemOf(id);
    const moved = item && element.dataset.at && item.dataset.at !== element.dataset.at;
    if (item && !moved) continue;
    const room = item ?? document.createElement("li");
    room.id = element.id;
    if (element.dataset.at) room.dataset.at = element.dataset.at;
    item?.remove();
    place(room);
  }
}

/** An item that only keeps the place of a span (or of none). */
export function emptyItem(id, span) {
  const item = document.createElement("li");
  item.id = `s-${id}`;
  item.hidden = true;
  item.dataset.waiting = "";
  if (span) item.dataset.label = span.label;
  if (span) item.dataset.at = span.fragments.map((fragment) => fragment.join("-")).join(",");
  return item;
}

const unseen = [];

/** Brings a new item in sight as soon as the next frame is painted: laying out the list must not hold up the ink. */
export function showSoon(item) {
  if (!unseen.length) requestAnimationFrame(() => setTimeout(showNow));
  unseen.push(item);
}

/** Brings those items in sight at once. */
export function showNow() {
  for (const item of unseen.splice(0)) item.hidden = false;
}

/** An item, still hidden, for a span that the server does not know yet. */
export function plainItem(id, span) {
  const item = emptyItem(id, span);
  const label = labels.get(span.label);
  item.className = `p${label?.slot} waiting`;
  const letter = document.createElement("b");
  letter.textContent = label?.letter ?? "";
  letter.role = "img";
  letter.ariaLabel = `${label?.name}:`;
  const link = document.createElement("a");
  link.href = "#text";
  const quote = document.createElement("q");
  quote.textContent = shortened(quoteOf(span.fragments));
  link.append(letter, quote);
  const note = document.createElement("small");
  note.textContent = sentence("notYetSaved");
  item.append(link, note);
  return item;
}
