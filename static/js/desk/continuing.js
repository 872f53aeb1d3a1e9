// Where a quotation that a labelled claim breaks off goes on: “…,” he said, “…”.

import { links } from "./page.js";
import { continuation } from "./quotes.js";

/* Only what can be said by somebody has a continuation: a label from which a link leads. */
const isSaid = (label) => [...links.values()].some(({ source }) => !source || source === label);

/** The fragment that continues the span, or null. */
export function canContinue({ label, fragments }) {
  const next = isSaid(label) ? continuation(fragments) : null;
  return next && fragments.every(([start, end]) => end <= next[0] || next[1] <= start) ? next : null;
}
