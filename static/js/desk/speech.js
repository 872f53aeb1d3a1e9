// Who says it: words by which the press attributes, and the rules by which a name beside them is the speaker.

import { paragraphAt, textOf, unitOf } from "./offsets.js";
import { quotesOf } from "./quotes.js";
import { sentencesOf } from "./text.js";

const SAYING = `said says say saying told tells asked asks added adds argued argues claimed claims warned warns stated states
announced announces insisted insists replied replies explained explains noted notes declared declares wrote writes called calls
complained demanded demands promised believes thinks predicted predicts suggested admitted denied criticised criticized urged urges
sagt sagte sagten erklärt erklärte betont betonte meint meinte warnt warnte fordert forderte kritisiert kritisierte schrieb
schreibt teilte ergänzte fragte antwortete behauptet behauptete verlangte versicherte dit disent déclare déclaré affirme affirmé
explique expliqué estime estimé ajoute ajouté assure assuré dijo dice dijeron afirmó afirma declaró explicó añadió aseguró advirtió
detto dichiara dichiarato afferma affermato spiega aggiunge disse diz afirmou declarou explicou zei zegt zeggen stelt sade säger
sagde siger sa sier mówi powiedział powiedziała сказал сказала заявил заявила говорит قال قالت يقول وقال وقالت أضاف אמר אמרה`;
const BY = `according to|in the words of|in the view of|laut|zufolge|nach angaben von|nach angaben der|nach angaben des|selon|d’après
|d'après|según|secondo|segundo|de acordo com|volgens|enligt|ifølge|według|по словам|بحسب|وفقا لـ`;
const words = (list, separator) => list.trim().split(separator).map((word) => word.trim().replace(/\s+/gu, "\\s+")).join("|");
const VERB = new RegExp(`(?<![\\p{L}\\p{M}])(?:${words(SAYING, /\s+/u)})(?![\\p{L}\\p{M}])`, "giu");
const CUE = new RegExp(`(?<![\\p{L}\\p{M}])(?:${words(BY, "|")})\\s+(?:(?:the|a|an|der|die|dem|den|das|la|le|les|el|los|il|o|a)\\s+)?$`, "iu");
const TELLING = /^(?:told|tells|asked|asks|urged|urges|warned|warns)$/iu; // whom one tells comes after it
const PREPOSITION = /(?<![\p{L}])(?:of|for|from|with|to|at|in|by|about|against|von|vom|der|des|für|bei|de|du|di|del|della|da|van|av|af)\s+(?:the\s+|a\s+)?$/iu;
const RELATIVE = /,\s*(?:who|which|whose|der|die|das|qui|que|che|quien|som)(?![\p{L}])/iu;
const SENTENCE_END = /\p{Ll}{2}[.!?]["”’»“]?\s/u;
const FAR = 7; // words between the verb and its subject, at the most

/** How likely each of the spans is the speaker of the claim, as a map id → cost; those that cannot be are not in it. */
export function speakers(claim, spans) {
  const p = paragraphAt(claim.fragments[0][0]);
  const text = textOf(p);
  const masked = withoutQuotes(text, quotesOf(p));
  const [from, to] = reach(p, claim.fragments);
  const verbs = [...masked.matchAll(VERB)].map(({ index, 0: word }) => ({ start: index, end: index + word.length, word }));
  const places = spans.flatMap(({ id, span }) => span.fragments.filter(([at]) => paragraphAt(at) === p).map((fragment) => (
    { id, start: unitOf(p, fragment[0]), end: unitOf(p, fragment[1]) }
  ))).filter(({ start, end }) => !masked.slice(start, end).includes("\0"));
  const costs = new Map();
  for (const place of places) {
    const cost = Math.min(...[...verbs.map((verb) => costBeside(masked, verb, place)), costAfterCue(masked, place)])
      + manners(masked, place, places) + outside(place, from, to);
    if (cost < 20 && cost < (costs.get(place.id) ?? Infinity)) costs.set(place.id, cost);
  }
  return costs;
}

const withoutQuotes = (text, quotes) => quotes.reduce((left, { start, end }) => left.slice(0, start) + "\0".repeat(end - start) + left.slice(end), text);

/* The sentences of the claim; with a quotation also the one that follows it at once: “Why?” Solheim asked. */
function reach(p, fragments) {
  const edges = fragments.filter(([at]) => paragraphAt(at) === p).flatMap(([start, end]) => [unitOf(p, start), unitOf(p, end)]);
  const [first, last] = [Math.min(...edges), Math.max(...edges)];
  const sentences = sentencesOf(p);
  const from = sentences.findLast(([start]) => start <= first)?.[0] ?? first;
  const to = sentences.find(([, end]) => end >= last)?.[1] ?? last;
  const quote = quotesOf(p).findLast(({ start, end }) => start < last && end >= last);
  const after = quote && to <= quote.end + 1 ? sentences.find(([start]) => start >= quote.end)?.[1] : 0;
  return [from, Math.max(to, after ?? 0)];
}

/* Words between verb and name. After the verb a name is its subject where the verb follows a quotation: “…”, said X. */
function costBeside(masked, verb, place) {
  const isAfter = place.start >= verb.end;
  if (!isAfter && place.end > verb.start) return Infinity;
  const between = isAfter ? masked.slice(verb.end, place.start) : masked.slice(place.end, verb.start);
  if (between.includes("\0") || SENTENCE_END.test(between)) return Infinity;
  const isApposition = !isAfter && /^\s*,.*,\s*$/su.test(between);
  const far = isApposition ? 0.5 : between.split(/[^\p{L}\p{N}’']+/u).filter(Boolean).length;
  if (far > FAR) return Infinity;
  const inverted = /(?:\0|,)\s*,?\s*$/u.test(masked.slice(0, verb.start));
  return far + (isAfter ? (TELLING.test(verb.word) ? 4 : inverted ? 0 : 3) : 0);
}

const costAfterCue = (masked, { start }) => (CUE.test(masked.slice(Math.max(0, start - 60), start)) ? 0 : Infinity);

/* Inside another name, behind a preposition or in a clause about somebody else, it is rather not the one who speaks. */
function manners(masked, place, places) {
  const isInside = places.some(({ id, start, end }) => id !== place.id && start <= place.start && place.end <= end && end - start > place.end - place.start);
  const before = masked.slice(Math.max(0, place.start - 60), place.start);
  const isObject = PREPOSITION.test(before) && !CUE.test(before);
  const earlier = places.filter(({ end }) => end <= place.start).sort((a, b) => b.end - a.end)[0];
  const isInClause = earlier && RELATIVE.test(masked.slice(earlier.end, place.start).split(SENTENCE_END).at(-1));
  return (isInside ? 4 : 0) + (isObject ? 2 : 0) + (isInClause ? 3 : 0);
}

/* Outside the claim's own sentences only the neighbouring ones count, and less. */
function outside({ start, end }, from, to) {
  if (start < to && from < end) return 0;
  const gap = end <= from ? from - end : start - to;
  return gap > 240 ? Infinity : 8 + gap / 100;
}
