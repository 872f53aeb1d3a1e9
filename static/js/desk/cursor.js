// The keyboard's place in the article: a word, and the words selected from an anchor to it. Held as code points, so that
// no swap of a paragraph can lose it.

import { paint } from "./ink.js";
import { atOf, atOfPlace, boxOf, endOf, neighbour, paragraphAt, paragraphs, root, startOf, textOf, unitOf } from "./offsets.js";
import { graphemesOf, sentencesOf, wordsOf } from "./text.js";

let at = null; // the start of the word the cursor is on
let anchor = null; // the start of the word where the selection began
let fixed = null; // a selection whose ends were set exactly: [start, end)

/** The word at or after a code point: [start, end); the last word of the text when none comes after. */
export function wordAt(place) {
  for (let p = paragraphAt(place); p; p = neighbour(p, 1)) {
    const unit = place <= startOf(p) ? 0 : unitOf(p, place);
    const word = wordsOf(p).find(([, end]) => end > unit);
    if (word) return word.map((edge) => atOf(p, edge));
  }
  return lastWord(paragraphs().at(-1));
}

function lastWord(from) {
  for (let p = from; p; p = neighbour(p, -1)) {
    const word = wordsOf(p).at(-1);
    if (word) return word.map((edge) => atOf(p, edge));
  }
  return null;
}

export const isSet = () => at !== null;
export const place = () => at;
export const word = () => (at === null ? null : wordAt(at));

/** What the keyboard has selected, [start, end), or null. */
export function selection() {
  if (fixed) return fixed;
  if (anchor === null || at === null) return null;
  const words = [wordAt(anchor), wordAt(at)].sort((a, b) => a[0] - b[0]);
  return [words[0][0], words[1][1]];
}

/** Paints selection and cursor; the cursor is a quiet line (`quiet`) while the hand is on the mouse. */
export function show({ scroll = true, quiet = false } = {}) {
  const chosen = selection();
  const here = document.activeElement === root && !chosen ? [word()].filter(Boolean) : [];
  paint("selection", chosen ? [chosen] : []);
  paint("cursor", quiet ? [] : here);
  paint("place", quiet ? here : []);
  if (scroll && at !== null) reveal(chosen && fixed ? [chosen[1] - 1, chosen[1]] : word());
}

/** Scrolls only when the place is not in view. */
export function reveal(fragment) {
  if (!fragment) return;
  const box = boxOf(fragment);
  const top = document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0;
  const bottom = innerHeight - 96;
  if (box.top < top + 8 || box.bottom > bottom) scrollBy(0, box.top - innerHeight / 3);
}

export function set(place, { keep = false } = {}) {
  const found = wordAt(place);
  if (!found) return;
  [at] = found;
  fixed = null;
  if (!keep) anchor = null;
}

export function select([start, end]) {
  const p = paragraphAt(end - 1);
  const unit = unitOf(p, Math.min(end, endOf(p)));
  const last = wordsOf(p).findLast(([begin]) => begin < unit);
  [at] = last ? [atOf(p, last[0])] : (wordAt(start) ?? [null]);
  anchor = null;
  fixed = [start, end];
}

export function drop() {
  anchor = null;
  fixed = null;
}

/* Movement: each takes the place and a direction (1 forward, -1 back) and gives a new place. */

function byWord(from, direction) {
  const p = paragraphAt(from);
  const words = wordsOf(p);
  const unit = unitOf(p, from);
  const index = words.findIndex(([start]) => start >= unit) + direction;
  if (words[index] && index >= 0) return atOf(p, words[index][0]);
  for (let other = neighbour(p, direction); other; other = neighbour(other, direction)) {
    const found = wordsOf(other).at(direction > 0 ? 0 : -1);
    if (found) return atOf(other, found[0]);
  }
  return from;
}

function bySentence(from, direction) {
  const p = paragraphAt(from);
  const unit = unitOf(p, from);
  const starts = sentencesOf(p).map(([start]) => firstWordFrom(p, start)).filter((start) => start !== null);
  const found = direction > 0 ? starts.find((start) => start > unit) : starts.findLast((start) => start < unit);
  if (found !== undefined) return atOf(p, found);
  if (direction > 0) return byParagraph(from, 1);
  const before = neighbour(p, -1);
  const last = before && sentencesOf(before).at(-1);
  const start = last ? firstWordFrom(before, last[0]) : null;
  return start === null ? byParagraph(from, -1) : atOf(before, start);
}

const firstWordFrom = (p, unit) => wordsOf(p).find(([start]) => start >= unit)?.[0] ?? null;

function byParagraph(from, direction) {
  const p = paragraphAt(from);
  const first = wordsOf(p)[0];
  if (direction < 0 && first && atOf(p, first[0]) < from) return atOf(p, first[0]);
  for (let other = neighbour(p, direction); other; other = neighbour(other, direction)) {
    const found = wordsOf(other)[0];
    if (found) return atOf(other, found[0]);
  }
  return from;
}

function byLine(from, direction) {
  const box = boxOf(wordAt(from));
  const height = parseFloat(getComputedStyle(root).lineHeight) || 32;
  for (const lines of [1, 2, 3]) {
    const found = atOfPlace((box.left + box.right) / 2, (box.top + box.bottom) / 2 + direction * lines * height);
    const next = found === null ? null : wordAt(found)[0];
    if (next !== null && (next - from) * direction > 0) return next;
  }
  return byWord(from, direction);
}

function byEnd(from, direction) {
  const words = wordsOf(paragraphAt(from));
  return atOf(paragraphAt(from), words.at(direction > 0 ? -1 : 0)[0]);
}

const steps = { word: byWord, sentence: bySentence, paragraph: byParagraph, line: byLine, end: byEnd };

export function move(step, direction, extend) {
  if (at === null) return;
  if (extend) anchor ??= at;
  else anchor = null;
  fixed = null;
  at = steps[step](at, direction);
}

export const isRightToLeft = () => at !== null && getComputedStyle(paragraphAt(at)).direction === "rtl";

/** Moves one end of [start, end) by one grapheme; it stays within its paragraph and never becomes empty. */
export function nudge([start, end], edge, direction) {
  const place = edge === "start" ? start : end;
  const p = paragraphAt(edge === "start" ? start : end - 1);
  const unit = unitOf(p, place);
  const borders = [0, ...graphemesOf(p).map(([, border]) => border)];
  const next = direction > 0 ? borders.find((border) => border > unit) : borders.findLast((border) => border < unit);
  if (next === undefined) return [start, end];
  const moved = Math.min(atOf(p, next), endOf(p));
  const result = edge === "start" ? [moved, end] : [start, moved];
  return result[0] < result[1] ? result : [start, end];
}

/** Selects the sentence at the cursor, without the white space around it. */
export function takeSentence() {
  if (at === null) return;
  const p = paragraphAt(at);
  const unit = unitOf(p, at);
  const [start, end] = sentencesOf(p).findLast(([begin]) => begin <= unit) ?? [0, textOf(p).length];
  const text = textOf(p).slice(start, end);
  const from = start + text.length - text.trimStart().length;
  select([atOf(p, from), atOf(p, start + text.trimEnd().length)]);
}
