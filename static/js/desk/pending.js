// What the article's spans are: the server's list in the DOM, with the edits on their way folded over it. There is no
// other model. A waiting span has its ink and a plain item in the list; both go with the server's answer.

import { paint } from "./ink.js";
import { emptyItem, itemOf, itemsFrom, list, place, plainItem, showSoon } from "./items.js";
import { paragraphs, textOf } from "./offsets.js";
import { labels } from "./page.js";

const waiting = new Map(); // by change id, in order
const latest = new Map(); // by object: the last of its changes on their way
const dressed = new Map(); // by span id: the list item as the server made it, or null where there was none
const revisions = new Map(); // by object: the revision of what is no longer in the DOM

/* What the server's item says. An item never changes, it is replaced: what was read from it once stays true. */

const read = new WeakMap();

const stored = (id) => contentOf(dressed.has(id) ? dressed.get(id) : itemOf(id));

function contentOf(item) {
  if (!item) return null;
  if (!read.has(item)) read.set(item, readItem(item));
  return read.get(item);
}

function readItem({ dataset, id }) {
  const { label, at, entity, note, attributes, origin, revision, links: attached } = dataset;
  return {
    id: id.slice(2),
    value: {
      label,
      fragments: (at ?? "").split(",").map((part) => part.split("-").map(Number)),
      entity: entity ?? "",
      attributes: attributes ? JSON.parse(attributes) : {},
      note: note ?? "",
      origin: origin ?? "",
    },
    revision: Number(revision),
    links: (attached ?? "").split(" ").filter(Boolean).map((part) => part.split(":")),
  };
}

/** {label, fragments, entity, attributes, note, origin} of a span as it will be, or null. */
export function spanOf(id) {
  const change = latest.get(id);
  if (!change) return stored(id)?.value ?? null;
  return change.action === "put_span" ? { ...change.value, origin: change.origin } : null;
}

/** All spans in reading order, as [{id, span}]. */
export function allSpans() {
  const found = [];
  for (let item = list.firstElementChild; item; item = item.nextElementSibling) {
    const { id, value } = contentOf(item);
    const span = latest.has(id) || dressed.has(id) ? spanOf(id) : value;
    if (span) found.push({ id, span });
  }
  return found;
}

/** Those of them that are on their way, as [{id, span}]. */
export function waitingSpans() {
  return [...latest.keys()].map((id) => ({ id, span: spanOf(id) })).filter(({ span }) => span?.fragments);
}

/** Reads the list and the text, a little at a time, before the first edit has to. */
export function readAhead() {
  const rest = [...[...list.children].map((item) => () => item.isConnected && contentOf(item)), ...paragraphs().map((p) => () => textOf(p))];
  const read = (deadline) => {
    while (rest.length && deadline.timeRemaining() > 1) rest.pop()();
    if (rest.length) requestIdleCallback(read);
  };
  globalThis.requestIdleCallback?.(read);
}

export const spanIds = () => allSpans().map(({ id }) => id);

/* The spans the server links from. They are followed as the list changes: after every edit all of it would be too much
   to read. */
const linking = new Set([...list.querySelectorAll(":scope > [data-links]")].map(({ id }) => id.slice(2)));
let inOrder = null; // the same in reading order

function follow(records) {
  for (const { addedNodes, removedNodes } of records) {
    for (const { id } of [...removedNodes, ...addedNodes]) {
      const source = id?.slice(2);
      const isLinking = Boolean(source && itemOf(source) && stored(source)?.links.length);
      if (isLinking || linking.has(source)) inOrder = null;
      if (isLinking) linking.add(source);
      else linking.delete(source);
    }
  }
}
const watch = new MutationObserver(follow);
watch.observe(list, { childList: true });

/** Every relation as [{id, label, source, target, revision}], by their sources in reading order. */
export function relations() {
  follow(watch.takeRecords());
  const startOf = (source) => stored(source).value.fragments[0][0];
  inOrder ??= [...linking].sort((one, other) => startOf(one) - startOf(other));
  const found = new Map();
  for (const source of inOrder) {
    for (const [id, label, target, revision] of stored(source).links) {
      found.set(id, { id, label, source, target, revision: Number(revision) });
    }
  }
  for (const { action, object, value } of waiting.values()) {
    if (action === "put_relation") found.set(object, { ...found.get(object), id: object, ...value });
    if (action === "delete_relation") found.delete(object);
  }
  return [...found.values()].filter(({ source, target }) => spanOf(source) && spanOf(target));
}

/** What a new change of the object builds on: the id of the last one on its way, else the revision seen, else null. */
export function baseOf(object, isRelation) {
  const change = latest.get(object);
  if (change) return change.id;
  const seen = isRelation ? relations().find(({ id }) => id === object) : stored(object);
  return seen?.revision ?? revisions.get(object) ?? null;
}

/** Remembers at which revision an object was last seen, for bringing back what was deleted; older news change nothing. */
export function remember(object, revision) {
  revisions.set(object, Math.max(revision, revisions.get(object) ?? 0));
}

/** The span that has exactly this label and these fragments, or null. */
export function twinOf(label, fragments) {
  const wanted = fragments.join(" ");
  const isTwin = (span) => span?.label === label && span.fragments.join(" ") === wanted;
  return itemsFrom(fragments[0][0]).map(({ id }) => id.slice(2)).find((id) => isTwin(spanOf(id))) ?? null;
}

/* Folding */

/** Takes changes that are on their way (again is nothing new) and shows them at once. */
export function fold(changes) {
  for (const change of changes) {
    if (waiting.has(change.id)) continue;
    waiting.set(change.id, change);
    latest.set(change.object, change);
    if (change.action.endsWith("span")) decorate(change.object);
  }
  paintWaiting();
}

/** Forgets changes the server has answered for and gives their items back to it. */
export function unfold(ids) {
  const objects = new Set();
  for (const id of ids) {
    const change = waiting.get(id);
    waiting.delete(id);
    if (change && latest.get(change.object) === change) latest.delete(change.object);
    if (change?.action.endsWith("span")) objects.add(change.object);
  }
  for (const id of objects) restore(id);
  paintWaiting();
}

/** After a swap: what is still on its way is shown over what the server sent. */
export function refold() {
  for (const { action, object } of waiting.values()) if (action.endsWith("span")) decorate(object);
  paintWaiting();
}

function paintWaiting() {
  const ink = new Map([...labels.values()].map(({ slot }) => [`waiting-p${slot}`, []]));
  const gone = [];
  const seen = new Set();
  for (const { action, object } of waiting.values()) {
    if (!action.endsWith("span") || seen.has(object)) continue;
    seen.add(object);
    const now = spanOf(object);
    const before = stored(object)?.value;
    if (before && (now?.label !== before.label || now.fragments.join() !== before.fragments.join())) gone.push(...before.fragments);
    if (now && labels.has(now.label)) ink.get(`waiting-p${labels.get(now.label).slot}`).push(...now.fragments);
  }
  paint("gone", gone);
  for (const [name, fragments] of ink) paint(name, fragments);
}

function decorate(id) {
  const old = itemOf(id);
  const isFocused = old?.contains(document.activeElement);
  if (old && old.dataset.waiting === undefined) dressed.set(id, old);
  if (!old) dressed.set(id, null);
  const span = spanOf(id);
  if (!span) {
    const empty = emptyItem(id, stored(id)?.value);
    if (old) empty.dataset.at = old.dataset.at; // the list stays in order
    old?.replaceWith(empty);
    return;
  }
  const item = plainItem(id, span);
  if (old?.getAttribute("aria-current")) item.setAttribute("aria-current", "true");
  old?.remove();
  place(item);
  if (old) item.hidden = false;
  else showSoon(item);
  if (isFocused) item.querySelector("a").focus({ preventScroll: true });
}

function restore(id) {
  if (latest.has(id)) {
    decorate(id);
    return;
  }
  const shown = itemOf(id);
  const original = dressed.get(id);
  dressed.delete(id);
  if (original) {
    shown?.remove();
    place(original);
  } else if (shown?.dataset.waiting !== undefined) shown.remove();
}
