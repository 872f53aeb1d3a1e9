// Making changes: each batch is shown at once, goes into the history and is sent on its way.

import { learn } from "./history.js";
import { quoteOf } from "./offsets.js";
import { links, shortened } from "./page.js";
import { baseOf, fold, spanOf } from "./pending.js";
import { uuid7 } from "./uuid7.js";

let send = () => {};

/** `sender(entries)` is to put changes on their way. */
export function connect(sender) {
  send = sender;
}

/** Makes one batch of edits [{action, object, value?, before?, origin?, suggestion?}]; `undoes` is the batch it takes back. */
export function commit(edits, undoes = null) {
  const batch = uuid7();
  const changes = [];
  for (const { action, object, value = null, origin = "typed", suggestion = null } of edits) {
    const change = { id: uuid7(), action, object, base: baseOf(object, action.endsWith("relation")), batch };
    if (action === "put_span" && origin !== "imported") change.origin = origin;
    if (undoes) change.undoes = undoes;
    if (suggestion) change.suggestion = suggestion;
    if (value) change.value = action === "put_span" ? { ...value, quote: quoteOf(value.fragments) } : value;
    changes.push(change);
  }
  const entries = edits.map(({ before = null }, i) => ({ kind: "change", change: changes[i], before, quote: quoteOfChange(changes[i], before) }));
  fold(changes);
  learn(entries);
  return send(entries);
}

function quoteOfChange({ action, value }, before) {
  const span = value ?? before;
  if (action.endsWith("span")) return shortened(quoteOf(span.fragments));
  const source = spanOf(span.source);
  return `${links.get(span.label)?.name ?? span.label}: ${source ? shortened(quoteOf(source.fragments)) : ""}`;
}

/* The edits there are */

export const putting = (object, value, before, origin) => ({ action: "put_span", object, value: plain(value), before, origin });
export const deleting = (object, before) => ({ action: "delete_span", object, before, origin: before.origin });
export const unlinking = ({ id, label, source, target }) => ({ action: "delete_relation", object: id, before: { label, source, target } });

/** What of a span is sent: no empty fields. */
export function plain({ label, fragments, entity, attributes, note }) {
  const value = { label, fragments };
  if (entity) value.entity = entity;
  if (attributes && Object.keys(attributes).length) value.attributes = attributes;
  if (note) value.note = note;
  return value;
}
