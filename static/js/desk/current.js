// The current span, the one that keys and the panel are about, and what the hand has selected.

import * as cursor from "./cursor.js";
import { createSpan } from "./edits.js";
import { paint, repaint } from "./ink.js";
import { itemOf, list, showNow } from "./items.js";
import { uncover } from "./listing.js";
import { quoteOf, root } from "./offsets.js";
import * as marks from "./marks.js";
import { labels, links, page, say, sentence, shortened, speak } from "./page.js";
import * as panel from "./panel.js";
import { allSpans, relations, spanOf } from "./pending.js";
import * as picker from "./picker.js";
import * as pointer from "./pointer.js";
import { selectedFragments } from "./text.js";

/** `current` is the id of a span or null; `fresh`: it was chosen last, so a letter means it and not the word at the cursor. */
export const hand = { current: null, fresh: false, sticky: page.labels[0]?.key, byKeyboard: false };

export function choose(id, { scroll = true, quiet = false } = {}) {
  if (id !== hand.current) panel.closeChoices();
  hand.current = id;
  hand.fresh = Boolean(id);
  const span = id && spanOf(id);
  panel.show(id);
  mark();
  if (!span) return;
  if (scroll) cursor.reveal(span.fragments[0]);
  if (!quiet) speak([spoken(span), ...linksSaid(id), ...doubtsSaid(id)].join(", "));
}

/* "not sure · 1 question" */
const doubtsSaid = (id) => [...(itemOf(id)?.querySelectorAll(".doubt") ?? [])].map(({ textContent }) => textContent);

const spoken = ({ label, fragments }) => sentence("spanSaid", { label: labels.get(label)?.name, quote: shortened(quoteOf(fragments)) });

/* "made by: Ingrid Solheim" */
function linksSaid(id) {
  return relations().filter(({ source }) => source === id)
    .map(({ label, target }) => sentence("linked", { link: links.get(label)?.name, quote: shortened(quoteOf(spanOf(target).fragments)) }));
}

/** Goes to a span that an edit brought back; without one only shows what is there now. */
export function goTo(id) {
  if (id && spanOf(id)) choose(id, { quiet: true });
  else renew();
}

/** After a swap or an edit: paints again what was painted, and shows the current span as it is now. */
export function renew() {
  repaint();
  if (hand.current && !spanOf(hand.current)) hand.current = null;
  panel.show(hand.current);
  mark();
}

let marked = null;
let scrolling = 0;
/** Paints the current span and what is numbered, and marks its item in the list. */
export function mark() {
  paint("current", hand.current ? (spanOf(hand.current)?.fragments ?? []) : []);
  paint("choice", picker.choices().flatMap((id) => spanOf(id)?.fragments ?? []));
  marks.draw(hand.current);
  root.dispatchEvent(new CustomEvent("marked"));
  const item = hand.current && itemOf(hand.current);
  if (marked !== item) marked?.removeAttribute("aria-current");
  marked = item;
  item?.setAttribute("aria-current", "true");
  keepOneStop();
  clearTimeout(scrolling);
  if (item) scrolling = setTimeout(scrollList, 30, item); // not before the ink: it makes the browser lay out the page
}

/* The list is one stop of Tab, at the current item or the first; the arrows go from item to item. */
function keepOneStop() {
  const stop = marked?.querySelector("a") ?? list.querySelector("a");
  for (const link of list.querySelectorAll("a:not([tabindex='-1'])")) if (link !== stop) link.tabIndex = -1;
  if (stop) stop.tabIndex = 0;
}

function scrollList(item) {
  showNow();
  uncover(item);
  const scroller = list.closest(".scroller");
  const box = scroller.getBoundingClientRect();
  const { top, bottom } = item.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom) scroller.scrollBy({ top: top - box.top - box.height / 3 });
}

/** Closes the numbered choices; if there are none, lets go of span and selection. */
export function leave() {
  if (panel.closeChoices()) {
    mark();
    return;
  }
  hand.current = null;
  hand.fresh = false;
  unselect();
  renew();
}

/* The selection */

export const isPressed = (name) => document.getElementById(name)?.ariaPressed === "true";

/** The fragments selected by finger, mouse or keyboard. */
export function selected() {
  if (pointer.touched().length) return pointer.touched();
  const native = selectedFragments(isPressed("exact"));
  if (native.length) return native;
  const chosen = cursor.selection();
  return chosen ? [chosen] : [];
}

export function unselect() {
  cursor.drop();
  pointer.forgetTouched();
  showPlace();
}

/** Shows where the cursor is, without scrolling; quietly while the hand is on the mouse. */
export function showPlace() {
  cursor.show({ scroll: false, quiet: !hand.byKeyboard });
}

/** Labels the fragments and takes the new span up. */
export function create(fragments, label = hand.sticky) {
  if (!page.editable || !label) return;
  unselect(); // first: what is asked of a selection later makes the browser lay out what has changed
  const id = createSpan(fragments, label);
  choose(id, { scroll: false, quiet: true });
}

/* What a command is about */

/** The ids of the spans on the word at the cursor, the innermost first. */
export function spansAtCursor() {
  const word = cursor.word();
  if (!word) return [];
  const length = ({ span }) => span.fragments.reduce((sum, [start, end]) => sum + end - start, 0);
  return allSpans()
    .filter(({ span }) => span.fragments.some(([start, end]) => start < word[1] && word[0] < end))
    .sort((a, b) => length(a) - length(b))
    .map(({ id }) => id);
}

/** Takes up the span just chosen, else the innermost at the cursor, else the current one, and works on it. */
export function withSubject(work) {
  const isMeant = hand.current && (hand.fresh || !cursor.isSet());
  const id = isMeant ? hand.current : (spansAtCursor()[0] ?? hand.current);
  if (!id) {
    say("noSpan");
    return;
  }
  choose(id, { scroll: false, quiet: true });
  work(id);
}
