// Which spans a link may lead to, and in which order they are offered.

import { links } from "./page.js";
import { allSpans, spanOf } from "./pending.js";
import { speakers } from "./speech.js";

/** The ways of linking a span: [{label, reverse}], `reverse` where the span is the target; first those of `preferred`. */
export function waysOf(id, preferred = null) {
  const { label } = spanOf(id);
  const ways = [];
  for (const link of links.values()) {
    if (!link.source || link.source === label) ways.push({ label: link.key, reverse: false });
    if (!link.target || link.target === label) ways.push({ label: link.key, reverse: true });
  }
  const rank = (way) => (way.label === preferred ? 0 : 2) + (way.reverse ? 1 : 0);
  return ways.sort((a, b) => rank(a) - rank(b));
}

/** The ids of the spans at the other end, the nearest first, but before them the one who says it. */
export function candidates(id, { label, reverse }) {
  const rule = links.get(label);
  const wanted = reverse ? rule.source : rule.target;
  const subject = spanOf(id);
  const found = allSpans().filter((other) => other.id !== id && (!wanted || other.span.label === wanted));
  const far = new Map(found.map(({ id: other, span }) => [other, distance(subject.fragments, span.fragments)]));
  const ordered = found.map(({ id: other }) => other).sort((a, b) => far.get(a) - far.get(b));
  const speaker = reverse || !speaks(rule) ? null : speakerOf(subject, found);
  return speaker ? [speaker, ...ordered.filter((other) => other !== speaker)] : ordered;
}

/* The first relation of a project tells who says it; a place is simply the nearest. */
const speaks = (rule) => [...links.values()].findIndex(({ source }) => source === rule.source) === [...links.values()].indexOf(rule);

function speakerOf(claim, spans) {
  const costs = [...speakers(claim, spans)].sort((a, b) => a[1] - b[1]);
  return costs[0]?.[0] ?? null;
}

function distance(from, to) {
  return Math.min(...from.flatMap(([start, end]) => to.map(([s, e]) => Math.max(0, s - end, start - e) + Math.abs(s - start) / 1e6)));
}
