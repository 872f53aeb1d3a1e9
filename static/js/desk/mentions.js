// The other places where the same words stand.

import { atOf, paragraphs, slice, textOf } from "./offsets.js";
import { allSpans, spanOf } from "./pending.js";
import { wordsOf } from "./text.js";

const SIGN = "[\\p{L}\\p{M}\\p{N}]";
const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** All places where the words of a span stand as whole words and are not within spans of its label yet. */
export function identical(id) {
  const span = spanOf(id);
  if (!span || span.fragments.length !== 1) return [];
  const pattern = patternOf(slice(span.fragments[0]));
  if (!pattern) return [];
  const found = [];
  for (const p of paragraphs()) {
    for (const { index, 0: words } of textOf(p).matchAll(pattern)) {
      if (!isWhole(p, index, index + words.length)) continue;
      found.push([atOf(p, index), atOf(p, index + words.length)]);
    }
  }
  if (!found.length) return found;
  const taken = allSpans().filter((other) => other.span.label === span.label).flatMap((other) => other.span.fragments);
  return found.filter(([start, end]) => !taken.some(([s, e]) => s < end && start < e));
}

/* The same words: white space and apostrophes of any kind, signs composed or not. Several words may begin a sentence, so
   their first letter may differ; of a single one it may not (“US” is not “us”, “May” is not “may”). */
function patternOf(words) {
  const wanted = words.trim();
  if (!new RegExp(SIGN, "u").test(wanted)) return null;
  const forms = new Set([wanted, wanted.normalize("NFC"), wanted.normalize("NFD")]);
  const bodies = [...forms].map((form) => {
    const [first] = form;
    const rest = form.slice(first.length);
    const head = /\s/u.test(rest) ? [...new Set([first, first.toLocaleUpperCase(), first.toLocaleLowerCase()])] : [first];
    return `(?:${head.map(escaped).join("|")})${escaped(rest)}`;
  });
  return new RegExp(bodies.join("|"), "gu");
}

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&").replace(/\s+/gu, "\\s+").replace(/[’'ʼ]/gu, "[’'ʼ]");

const JOINED_BEFORE = new RegExp(`(?:${SIGN}|${SIGN}[-‐‑־])$`, "u");
const JOINED_AFTER = new RegExp(`^(?:${SIGN}|[-‐‑־]${SIGN})`, "u");

/* Neither letters nor a hyphen join it to more; where words stand without spaces, the rules of the language tell. */
function isWhole(p, start, end) {
  const text = textOf(p);
  const isJoinedBefore = JOINED_BEFORE.test(text.slice(Math.max(0, start - 3), start));
  const isJoinedAfter = JOINED_AFTER.test(text.slice(end, end + 3));
  const isBorder = (unit) => wordsOf(p).some(([a, b]) => a === unit || b === unit);
  return (!isJoinedBefore || (WITHOUT_SPACES.test(text.slice(start - 1, start + 1)) && isBorder(start)))
    && (!isJoinedAfter || (WITHOUT_SPACES.test(text.slice(end - 1, end + 1)) && isBorder(end)));
}
