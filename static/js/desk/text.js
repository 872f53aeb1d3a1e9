// Words, sentences and signs of the article by the rules of its language, each as [first unit, unit after the last], and
// what they make of a selection.

import { atOf, atOfPoint, endOf, neighbour, paragraphAt, root, startOf, textOf, unitOf } from "./offsets.js";

const segmenters = {};
const cuts = new Map(); // by granularity and paragraph start: the text never changes

function cut(p, granularity, keep) {
  const name = `${granularity} ${startOf(p)}`;
  if (!cuts.has(name)) {
    segmenters[granularity] ??= new Intl.Segmenter(languageOf(root.lang), { granularity });
    const parts = [...segmenters[granularity].segment(textOf(p))].filter(keep);
    cuts.set(name, parts.map(({ index, segment }) => [index, index + segment.length]));
  }
  return cuts.get(name);
}

function languageOf(tag) {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch {
    return "en";
  }
}
export const wordsOf = (p) => cut(p, "word", (part) => part.isWordLike);

/* The rules of Unicode end a sentence after "Mr.", "J." and "U.S.", and before the "he said" that follows a quote. */
const GOES_ON = /(?:^|[\s(“"‘'])(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|Rev|Hon|vs|\p{Lu}|U\.S|U\.K|U\.N|E\.U)\.\s*$/u;
const BEGINS_SMALL = /^[\s“"‘'(]*\p{Ll}/u;

export function sentencesOf(p) {
  const text = textOf(p);
  const found = [];
  for (const [start, end] of cut(p, "sentence", (part) => /\S/u.test(part.segment))) {
    const last = found.at(-1);
    const isSame = last && (GOES_ON.test(text.slice(...last)) || BEGINS_SMALL.test(text.slice(start, end)));
    if (isSame) last[1] = end;
    else found.push([start, end]);
  }
  return found;
}
export const graphemesOf = (p) => cut(p, "grapheme", () => true);

const isSpace = (text, unit) => /\s/u.test(text[unit] ?? "x");

/** Grows [start, end) to whole words without white space around them (`exact`: to whole graphemes); null if nothing is left. */
export function snap([start, end], exact) {
  let from = paragraphAt(start);
  let to = paragraphAt(Math.max(start, end - 1));
  let a = unitOf(from, Math.min(start, endOf(from)));
  let b = unitOf(to, Math.min(end, endOf(to)));
  const skip = (p, unit) => !exact && unit >= 0 && isSpace(textOf(p), unit);
  for (;;) {
    while (skip(from, a)) a++;
    if (a < textOf(from).length || from === to) break;
    [from, a] = [neighbour(from, 1), 0];
  }
  for (;;) {
    while (skip(to, b - 1)) b--;
    if (b > 0 || from === to) break;
    to = neighbour(to, -1);
    b = textOf(to).length;
  }
  const around = (p, unit) => {
    const isAround = ([first, last]) => first < unit && unit < last;
    return (exact ? null : wordsOf(p).find(isAround)) ?? graphemesOf(p).find(isAround) ?? [unit, unit];
  };
  const fragment = [atOf(from, around(from, a)[0]), atOf(to, around(to, b)[1])];
  return fragment[0] < fragment[1] ? fragment : null;
}

/** What the browser has selected in the article, as fragments; several only where it selects in several pieces. */
export function selectedFragments(exact) {
  const selection = getSelection();
  const found = [];
  for (let i = 0; i < selection.rangeCount; i++) {
    const range = selection.getRangeAt(i);
    if (range.collapsed || !range.intersectsNode(root)) continue;
    const start = atOfPoint(range.startContainer, range.startOffset);
    const end = atOfPoint(range.endContainer, range.endOffset);
    const fragment = start < end ? snap([start, end], exact) : null;
    if (fragment) found.push(fragment);
  }
  return found;
}
