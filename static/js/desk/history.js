// What was done to this work, batch by batch: from the server's log, and from this page. What undoes a batch is a batch
// itself, so the whole line can be read again after a reload.

import { remember } from "./pending.js";

const batches = []; // [{batch, undoes, changes: [{id, action, object, before, after, origin}]}], oldest first

/** Takes entries into the history of this set; those it knows are left. */
export function learn(entries) {
  for (const { change, before } of entries) {
    let known = batches.find(({ batch }) => batch === change.batch);
    if (!known) batches.push(known = { batch: change.batch, undoes: change.undoes ?? null, changes: [] });
    if (known.changes.some(({ id }) => id === change.id)) continue;
    known.changes.push({ id: change.id, action: change.action, object: change.object, before, after: change.value ?? null, origin: change.origin });
  }
}

/** Takes the server's log, oldest first; it comes before what this page has made. */
export function learnLog(log) {
  const mine = batches.splice(0);
  for (const { id, action, object, before, after, batch, undoes, revision } of log) {
    learn([{ change: { id, action, object, batch: batch ?? id, undoes, value: after, origin: after?.origin }, before }]);
    remember(object, revision);
  }
  for (const known of mine) {
    const same = batches.find(({ batch }) => batch === known.batch);
    if (!same) batches.push(known);
  }
}

/** A refused change never happened. */
export function forget(ids) {
  for (const known of batches) known.changes = known.changes.filter(({ id }) => !ids.includes(id));
  for (let i = batches.length - 1; i >= 0; i--) if (!batches[i].changes.length) batches.splice(i, 1);
}

/** {done, undone}: what undo and redo would take, the newest last. */
export function stacks() {
  const done = [];
  let undone = [];
  const take = (stack, batch) => {
    const index = stack.findLastIndex((other) => other.batch === batch);
    return index < 0 ? false : Boolean(stack.splice(index, 1));
  };
  for (const known of batches) {
    if (known.undoes && take(done, known.undoes)) undone.push(known);
    else if (known.undoes && take(undone, known.undoes)) done.push(known);
    else {
      done.push(known);
      undone = [];
    }
  }
  return { done, undone };
}

/** Whether the next to be undone ("done") or redone ("undone") is known without the server's log. */
export function isKnown(stack) {
  const next = stacks()[stack].at(-1);
  return Boolean(next) && (!next.undoes || batches.some(({ batch }) => batch === next.undoes));
}
