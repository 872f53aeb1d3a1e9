// Quotations: where they stand in a paragraph, in all the styles of the press, and where an interrupted one goes on.

import { atOf, neighbour, paragraphAt, textOf, unitOf } from "./offsets.js";

/* What closes each opening mark. A mark that opens in one language closes in another: „…“, »…«, ”…”. */
const CLOSES = {
  "“": "”", "„": "“”", "‟": "”", "”": "”", '"': '"', "«": "»", "»": "«»", "‹": "›", "›": "‹",
  "‘": "’", "‚": "‘’", "「": "」", "『": "』", "《": "》", "〝": "〟", "＂": "＂",
};
const ALWAYS_OPEN = "「『《〝";
const BEFORE_OPENING = /[\s([{—–-]/u;
const LETTER = /[\p{L}\p{N}]/u;
const DASH = /[—–―]/u;
const LONGEST_INTERRUPTION = 200;

const known = new Map(); // by paragraph: its text never changes

/** The quotations of a paragraph as [{start, end, inner: [start, end], closed}], in units; marks are outside `inner`. */
export function quotesOf(p) {
  const text = textOf(p);
  if (!known.has(text)) known.set(text, DASH.test(text.trimStart()[0] ?? "") ? spoken(text) : marked(text));
  return known.get(text);
}

function marked(text) {
  const found = [];
  for (let unit = 0; unit < text.length; unit++) {
    const closing = opensAt(text, unit);
    if (!closing) continue;
    const end = closeAfter(text, unit, closing);
    const innerEnd = end < 0 ? text.length : end;
    found.push({ start: unit, end: end < 0 ? text.length : end + 1, inner: trimmed(text, unit + 1, innerEnd), closed: end >= 0 });
    unit = innerEnd;
  }
  return found;
}

function opensAt(text, unit) {
  const closing = CLOSES[text[unit]];
  const isBegun = unit === 0 || ALWAYS_OPEN.includes(text[unit]) || BEFORE_OPENING.test(text[unit - 1]) || CLOSES[text[unit - 1]];
  const next = text[unit + 1] ?? " ";
  const isFree = text[unit] === "«" ? /[,.;:!?]/u : /[ \t\n,.;:!?]/u; // in French a space follows
  return isBegun && !isFree.test(next) ? closing : null;
}

/* An apostrophe looks like a closing mark, but stands between letters. */
function closeAfter(text, open, closing) {
  for (let unit = open + 1; unit < text.length; unit++) {
    if (closing.includes(text[unit]) && !(text[unit] === "’" && LETTER.test(text[unit + 1] ?? " "))) return unit;
  }
  return -1;
}

/* A paragraph that begins with a dash is speech, and dashes set off who speaks: “— No —dijo X—. Mañana.” */
function spoken(text) {
  const found = [];
  const pieces = [...text.matchAll(/[—–―]([^—–―]*)/gu)];
  for (const [index, piece] of pieces.entries()) {
    const start = piece.index + 1;
    const inner = trimmed(text, start + (/^\s*[.,;:]\s*/u.exec(piece[1])?.[0].length ?? 0), start + piece[1].length);
    if (index % 2 === 0 && inner[0] < inner[1]) found.push({ start: piece.index, end: inner[1], inner, closed: index + 1 < pieces.length });
  }
  return found;
}

function trimmed(text, start, end) {
  let [from, to] = [start, end];
  while (from < to && /\s/u.test(text[from])) from++;
  while (to > from && /\s/u.test(text[to - 1])) to--;
  return [from, to];
}

/** Where the quotation that ends these fragments goes on after an interruption, as a fragment [start, end), or null. */
export function continuation(fragments) {
  const [start, end] = fragments.at(-1);
  const p = paragraphAt(end - 1);
  const [from, to] = [unitOf(p, Math.max(start, atOf(p, 0))), unitOf(p, end)];
  const text = textOf(p);
  const quotes = quotesOf(p);
  const index = quotes.findLastIndex((quote) => quote.start < to && from < quote.end);
  const quote = quotes[index];
  if (!quote || to > quote.end || LETTER.test(text.slice(to, quote.inner[1]))) return null;
  const withMarks = from <= quote.start;
  const next = quotes[index + 1];
  if (next) return isInterruption(text.slice(quote.end, next.start)) ? fragmentOf(p, next, withMarks) : null;
  const following = quote.closed ? null : neighbour(p, 1); // a quotation over paragraphs opens again in each
  const [first] = following ? quotesOf(following) : [];
  return first?.start === 0 ? fragmentOf(following, first, withMarks) : null;
}

/* Who says it stands between, in one sentence at the most; not a tale that leads to another quotation. */
function isInterruption(text) {
  const within = text.trim().slice(0, -1);
  return LETTER.test(text) && text.length <= LONGEST_INTERRUPTION && !/\p{Ll}{2}[.!?]\s+\p{Lu}/u.test(within);
}

function fragmentOf(p, quote, withMarks) {
  const [start, end] = withMarks ? [quote.start, quote.end] : quote.inner;
  return [atOf(p, start), atOf(p, end)];
}
