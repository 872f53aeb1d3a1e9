// The verbs of the desk.

import { commit, deleting, plain, putting, unlinking } from "./changes.js";
import { canContinue } from "./continuing.js";
import { stacks } from "./history.js";
import { identical } from "./mentions.js";
import { quoteOf } from "./offsets.js";
import { labels, links, say, shortened } from "./page.js";
import { allSpans, relations, spanOf, twinOf } from "./pending.js";
import { uuid7 } from "./uuid7.js";

/** A new span, or the one that is there already; its id. */
export function createSpan(fragments, label, origin = "typed") {
  const ordered = joined(fragments);
  const twin = twinOf(label, ordered);
  if (twin) return twin;
  const id = uuid7();
  commit([putting(id, { label, fragments: ordered }, null, origin)]);
  say("labelled", { label: labels.get(label).name, quote: shortened(quoteOf(ordered)) });
  return id;
}

export function changeSpan(id, patch) {
  const before = spanOf(id);
  if (!before) return;
  const after = { ...before, ...patch };
  if (JSON.stringify(plain(after)) === JSON.stringify(plain(before))) return;
  if (twinOf(after.label, after.fragments) && (patch.label || patch.fragments)) {
    say("alreadyThere");
    return;
  }
  const allowed = new Set((labels.get(after.label)?.attributes ?? []).map(({ key }) => key));
  after.attributes = Object.fromEntries(Object.entries(after.attributes ?? {}).filter(([key]) => allowed.has(key)));
  const illegal = patch.label ? relations().filter((relation) => touches(relation, id) && !fits(relation, id, after.label)) : [];
  commit([...illegal.map(unlinking), putting(id, after, before, before.origin || "typed")]);
  say("changed", { label: labels.get(after.label).name, quote: shortened(quoteOf(after.fragments)) });
}

const touches = ({ source, target }, id) => source === id || target === id;

function fits({ label, source, target }, id, key) {
  const rule = links.get(label);
  const isEnd = (end) => rule && (!end || end === key);
  return (source !== id || isEnd(rule?.source)) && (target !== id || isEnd(rule?.target));
}

export function deleteSpan(id) {
  const before = spanOf(id);
  if (!before) return;
  commit([...relations().filter((relation) => touches(relation, id)).map(unlinking), deleting(id, before)]);
  say("deleted", { quote: shortened(quoteOf(before.fragments)) });
}

/* Fragments */

export function joined(fragments) {
  const result = [];
  for (const [start, end] of [...fragments].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

export function without(fragments, [start, end]) {
  return fragments.flatMap(([s, e]) => [[s, Math.min(e, start)], [Math.max(s, end), e]].filter(([a, b]) => a < b));
}

export function addFragments(id, fragments) {
  const span = spanOf(id);
  if (span) changeSpan(id, { fragments: joined([...span.fragments, ...fragments]) });
}

/** Takes the selected characters away; with a single word chosen inside a fragment, that whole fragment. */
export function removeFragments(id, taken, whole) {
  const span = spanOf(id);
  if (!span) return;
  const isHit = ([s, e]) => taken.some(([a, b]) => s < b && a < e);
  const left = whole ? span.fragments.filter((fragment) => !isHit(fragment)) : taken.reduce(without, span.fragments);
  if (left.length) changeSpan(id, { fragments: left });
  else say("lastPart");
}

/** Adds the continuation of an interrupted quotation as a part; whether there was one. */
export function continueQuote(id) {
  const span = spanOf(id);
  const next = span && canContinue(span);
  if (next) changeSpan(id, { fragments: joined([...span.fragments, next]) });
  else say("noContinuation");
  return Boolean(next);
}

/* Relations */

export function linkSpans(source, label, target) {
  const same = relations().find((relation) => relation.label === label && relation.source === source && relation.target === target);
  if (same) return unlinkSpans(same);
  const edits = [];
  const rule = links.get(label);
  if (!rule.many) edits.push(...relations().filter((other) => other.label === label && other.source === source).map(unlinking));
  edits.push({ action: "put_relation", object: uuid7(), value: { label, source, target }, before: null });
  commit(edits);
  return say("linked", { link: rule.name, quote: shortened(quoteOf(spanOf(target).fragments)) });
}

export function unlinkSpans(relation) {
  commit([unlinking(relation)]);
  say("unlinked", { link: links.get(relation.label).name });
}

export function labelIdentical(id) {
  const span = spanOf(id);
  const places = identical(id);
  if (!places.length) return;
  const value = { label: span.label, entity: span.entity };
  commit(places.map((fragment) => putting(uuid7(), { ...value, fragments: [fragment] }, null, "propagated")));
  say("labelledAlike", { count: places.length });
}

/* Undo and redo are ordinary changes, in a batch that says which batch it takes back. */

function reverse(known, said) {
  if (!known) {
    say(said === "undone" ? "nothingToUndo" : "nothingToRedo");
    return null;
  }
  const edits = known.changes.toReversed().map(({ action, object, before, after, origin }) => {
    const noun = action.split("_")[1];
    if (!before) return { action: `delete_${noun}`, object, before: after, origin };
    return { action: `put_${noun}`, object, value: noun === "span" ? plain(before) : linkOf(before), before: after, origin };
  });
  commit(edits, known.batch);
  say(said);
  return edits.find(({ action }) => action === "put_span")?.object ?? null;
}

const linkOf = ({ label, source, target }) => ({ label, source, target });

/** Undoes the newest batch; the id of a span that came back or changed, to go to. */
export const undo = () => reverse(stacks().done.at(-1), "undone");
export const redo = () => reverse(stacks().undone.at(-1), "redone");
