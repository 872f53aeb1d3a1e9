// Where things are in the article. The server and the API speak code points; the DOM speaks UTF-16 units.
// "At" is always a code point of the whole text, a "unit" a UTF-16 index inside one paragraph's textContent.

export const root = document.getElementById("text");
const LINE_FEED = "\n";

let paragraphList = [];
let starts = [];
const known = new Map(); // by paragraph start: the text never changes, so neither do its tables, whatever is swapped

/** Reads the paragraphs again; to be called after every swap. */
export function indexParagraphs() {
  paragraphList = [...root.querySelectorAll(":scope > p")];
  starts = paragraphList.map((p) => Number(p.dataset.o));
}

export const paragraphs = () => paragraphList;

function tableOf(p) {
  const start = Number(p.dataset.o);
  let table = known.get(start);
  if (!table) {
    table = { start, text: p.textContent, astral: null };
    if (p.hasAttribute("data-astral")) table.astral = highSurrogates(table.text);
    table.end = start + table.text.length - (table.astral?.length ?? 0);
    known.set(start, table);
  }
  return table;
}

export const textOf = (p) => tableOf(p).text;
export const startOf = (p) => tableOf(p).start;
export const endOf = (p) => tableOf(p).end;

function highSurrogates(text) {
  const found = [];
  for (let unit = 0; unit < text.length; unit++) {
    const code = text.charCodeAt(unit);
    if (code >= 0xd800 && code < 0xdc00 && unit + 1 < text.length) found.push(unit++);
  }
  return Uint32Array.from(found);
}

/** How many of the first elements satisfy `isBefore` (they are sorted so that it is true, then false). */
function countWhile(length, isBefore) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function atOf(p, unit) {
  const { start, astral } = tableOf(p);
  return start + unit - (astral ? countWhile(astral.length, (i) => astral[i] < unit) : 0);
}

export function unitOf(p, at) {
  const { start, astral } = tableOf(p);
  const inside = at - start;
  return inside + (astral ? countWhile(astral.length, (i) => astral[i] - i < inside) : 0);
}

/** The paragraph that holds `at`, or the last one before it (the first one for what lies before the text). */
export const paragraphAt = (at) => paragraphList[Math.max(0, countWhile(starts.length, (i) => starts[i] <= at) - 1)];

export function paragraphOf(node) {
  const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
  return element?.closest("#text > p") ?? null;
}

/** The DOM point (text node, offset) of a unit in a paragraph, in the segment that ends there or (`begins`) begins there. */
export function pointOf(p, unit, begins = false) {
  const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  let left = unit;
  let last = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (left < node.length || (left === node.length && !begins)) return [node, left];
    left -= node.length;
    last = node;
  }
  return last ? [last, last.length] : [p, 0];
}

function unitOfPoint(p, node, offset) {
  const range = document.createRange();
  range.setStart(p, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

/** The code point of a DOM point; a point outside the paragraphs counts as the nearest border of one. */
export function atOfPoint(node, offset) {
  const p = paragraphOf(node);
  if (p) return atOf(p, unitOfPoint(p, node, offset));
  const range = document.createRange();
  range.setStart(node, offset);
  const after = paragraphList.findIndex((other) => range.comparePoint(other, 0) >= 0);
  if (after < 0) return endOf(paragraphList.at(-1));
  return startOf(paragraphList[after]);
}

/** One static range for each paragraph that the fragments touch. */
export function rangesOf(fragments) {
  const found = [];
  for (const [start, end] of fragments) {
    for (let i = paragraphList.indexOf(paragraphAt(start)); i < paragraphList.length && starts[i] < end; i++) {
      const p = paragraphList[i];
      const from = Math.max(start, starts[i]);
      const to = Math.min(end, endOf(p));
      if (from >= to) continue;
      const [startContainer, startOffset] = pointOf(p, unitOf(p, from), true);
      const [endContainer, endOffset] = pointOf(p, unitOf(p, to));
      found.push(new StaticRange({ startContainer, startOffset, endContainer, endOffset }));
    }
  }
  return found;
}

/** The box around a fragment on the screen. */
export function boxOf([start, end]) {
  const range = document.createRange();
  const first = paragraphAt(start);
  const last = paragraphAt(Math.max(start, end - 1));
  range.setStart(...pointOf(first, unitOf(first, start), true));
  range.setEnd(...pointOf(last, unitOf(last, Math.min(end, endOf(last)))));
  return range.getBoundingClientRect();
}

/** The boxes of a fragment on the screen, one a line. */
export function boxesOf(fragment) {
  const range = document.createRange();
  const [part] = rangesOf([fragment]);
  range.setStart(part.startContainer, part.startOffset);
  range.setEnd(part.endContainer, part.endOffset);
  return [...range.getClientRects()].filter(({ width }) => width > 0);
}

/** The exact text of one fragment: what the server has at these code points. */
export function slice([start, end]) {
  let text = "";
  let reached = start;
  for (let i = paragraphList.indexOf(paragraphAt(start)); i < paragraphList.length && starts[i] < end; i++) {
    const p = paragraphList[i];
    if (starts[i] > reached) text += LINE_FEED.repeat(starts[i] - reached);
    const to = Math.min(end, endOf(p));
    if (to > Math.max(start, starts[i])) text += textOf(p).slice(unitOf(p, Math.max(start, starts[i])), unitOf(p, to));
    reached = Math.max(reached, to);
  }
  return text + LINE_FEED.repeat(Math.max(0, end - reached));
}

export const quoteOf = (fragments) => fragments.map(slice).join(" … ");

/** The code point at a place on the screen, or null. */
export function atOfPlace(x, y) {
  if (document.caretPositionFromPoint) {
    const caret = document.caretPositionFromPoint(x, y);
    return caret && paragraphOf(caret.offsetNode) ? atOfPoint(caret.offsetNode, caret.offset) : null;
  }
  const range = document.caretRangeFromPoint(x, y);
  return range && paragraphOf(range.startContainer) ? atOfPoint(range.startContainer, range.startOffset) : null;
}

export const neighbour = (p, direction) => paragraphList[paragraphList.indexOf(p) + direction] ?? null;
