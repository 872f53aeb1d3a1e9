// The mouse and the finger: a drag or a double click with the chosen label makes a span, a click takes up a span, and a
// finger selects (or taps the first and the last word) and then chooses a label in the bar.

import * as cursor from "./cursor.js";
import { paint, spansAtPlace } from "./ink.js";
import { spanOf, waitingSpans } from "./pending.js";
import { atOfPlace, paragraphOf, root } from "./offsets.js";
import { selectedFragments, snap, wordsOf } from "./text.js";

const SLIP = 4; // pixels: a hand that clicks may move that far
let dragging = null; // the paragraph where the button went down
let pressed = { x: 0, y: 0 };
let clicks = 0; // 2 in a double click; pointer events do not tell
let chosen = []; // what a finger has selected: kept here because some systems clear it when the bar is tapped
let firstTap = null;
let lastHit = { key: "", index: 0 };
let hovered = null;
let frame = 0;
let outstanding = null;

/** Does what the last release of the button asks for, if that is still to be done: a key may come before. */
export function finish() {
  outstanding?.();
}

/** Whether the hand is at work in the paragraph or block with this id, so that it must not be swapped now. */
export function isBusyIn(id) {
  const element = document.getElementById(id);
  if (!element) return false;
  if (dragging) return element.contains(dragging) || dragging.contains(element);
  const selection = getSelection();
  return !selection.isCollapsed && root.contains(selection.anchorNode) && selection.containsNode(element, true);
}

export const touched = () => chosen;

/** Keeps these fragments as what the hand has selected. */
export function hold(fragments) {
  chosen = fragments;
}

export function forgetTouched() {
  chosen = [];
  firstTap = null;
  if (getSelection().rangeCount) getSelection().removeAllRanges();
}

/** Spans at a place, the innermost first: those of the server's segments, then those still on their way. */
export function spansAt(x, y) {
  const found = spansAtPlace(x, y);
  const at = atOfPlace(x, y);
  if (at === null) return found.filter(spanOf);
  const isHere = ({ id, span }) => !found.includes(id) && span.fragments.some(([start, end]) => start <= at && at < end);
  return [...waitingSpans().filter(isHere).map(({ id }) => id), ...found].filter(spanOf);
}

/** `desk` has exact(), tapping(), adding(), editable, create(fragments, isPart), choose(id), leave(), handFree(), selectionChanged(). */
export function listen(desk) {
  // A busy page hears the next press, here or on a label, before its own timer: what the last release asked for comes first.
  addEventListener("pointerdown", finish, true);
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    dragging = paragraphOf(event.target) ?? root;
    pressed = { x: event.clientX, y: event.clientY };
    if (dragging !== root) wordsOf(dragging); // found now, they need not be when the button is up
  });
  root.addEventListener("mousedown", ({ detail }) => { clicks = detail; });
  addEventListener("pointercancel", () => { dragging = null; });
  addEventListener("pointerup", (event) => {
    if (!dragging) return;
    dragging = null;
    outstanding = () => {
      outstanding = null;
      released(desk, event);
      desk.handFree();
    };
    // What was dragged over or double clicked is selected by now, and a timer would come after the next frame; what a
    // click does to the browser's own selection is done only after the event.
    if (event.pointerType === "mouse" && !isClick(event)) finish();
    else setTimeout(finish);
  });
  root.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || event.buttons) return;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => hover(spansAtPlace(event.clientX, event.clientY)[0] ?? null));
  });
  root.addEventListener("pointerleave", () => hover(null));
  document.addEventListener("selectionchange", () => {
    if (!desk.coarse()) {
      if (getSelection().isCollapsed && !dragging) desk.handFree();
      return;
    }
    const fragments = selectedFragments(desk.exact());
    if (!fragments.length) return;
    chosen = fragments;
    desk.selectionChanged();
  });
}

const isClick = ({ clientX, clientY }) => clicks < 2 && Math.hypot(clientX - pressed.x, clientY - pressed.y) < SLIP;

function released(desk, event) {
  const exact = desk.exact() || event.altKey;
  const isAdding = event.ctrlKey || event.metaKey || desk.adding();
  if (event.pointerType === "mouse" && desk.editable && isClick(event)) getSelection().removeAllRanges();
  const fragments = selectedFragments(exact);
  if (fragments.length && event.pointerType === "mouse" && desk.editable) {
    getSelection().removeAllRanges();
    cursor.set(fragments[0][0]);
    desk.create(fragments, isAdding);
    return;
  }
  if (fragments.length) return;
  if (event.pointerType === "mouse") chosen = [];
  const at = atOfPlace(event.clientX, event.clientY);
  if (event.pointerType !== "mouse" && desk.tapping() && at !== null) {
    tap(desk, at, exact);
    return;
  }
  if (at !== null) cursor.set(at);
  const hits = spansAt(event.clientX, event.clientY);
  const key = hits.join(" ");
  lastHit = { key, index: key === lastHit.key ? (lastHit.index + 1) % Math.max(1, hits.length) : 0 };
  if (clicks > 1) lastHit.index = 0;
  if (hits.length) desk.choose(hits[lastHit.index], { scroll: false });
  else if (!isAdding) desk.leave(); // the first half of a double click must not leave what it adds to
  cursor.show({ scroll: false, quiet: true });
}

function tap(desk, at, exact) {
  const word = exact ? snap([at, at + 1], true) : cursor.wordAt(at);
  if (!word) return;
  if (!firstTap) {
    firstTap = word;
    chosen = [word];
  } else {
    chosen = [[Math.min(firstTap[0], word[0]), Math.max(firstTap[1], word[1])]];
    firstTap = null;
  }
  cursor.select(chosen[0]);
  cursor.show({ scroll: false });
  desk.selectionChanged();
}

export function hover(id) {
  if (id === hovered) return;
  hovered = id;
  paint("hover", id ? (spanOf(id)?.fragments ?? []) : []);
}
