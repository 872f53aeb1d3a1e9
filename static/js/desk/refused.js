// What could not be saved is never silent: the edits the server refused, with their quotes and what can be done, and the
// reason why nothing is sent for now.

import { sentence } from "./page.js";
import { uuid7 } from "./uuid7.js";

const box = document.getElementById("refused");
const stop = document.getElementById("stopped");

/** Shows why the queue stands still, with what to do; null takes it away. */
export function showStop(reason) {
  stop.hidden = !reason;
  if (!reason) return;
  const { status, detail, retry } = reason;
  const signedOut = status === 401 || status === 403;
  stop.querySelector("[data-part=text]").textContent = signedOut ? sentence("signInAgain") : detail || sentence("stopped", { status });
  stop.querySelector("[data-part=signIn]").hidden = !signedOut;
  stop.querySelector("[data-part=retry]").onclick = retry;
}

/** Lists the refused edits of all sets; `again(entries)` sends some once more, `refresh()` shows the server's state. */
export async function showRefused({ outbox, refresh, again }) {
  const entries = await outbox.refused();
  const here = entries.filter(({ set }) => set === outbox.set);
  box.hidden = !here.length;
  box.querySelector("ol").replaceChildren(...here.filter(({ result }) => result.status !== "blocked").map((entry) => {
    const item = box.querySelector("template").content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-part=${name}]`);
    const isConflict = entry.result.status === "conflict";
    const family = familyOf(entry, here);
    part("quote").textContent = entry.quote;
    part("reason").textContent = isConflict ? sentence("conflict") : (entry.result.errors ?? []).map(({ message }) => message).join(" ");
    part("mine").hidden = !isConflict;
    part("again").hidden = isConflict;
    const dismiss = () => outbox.dismiss(family.map(({ seq }) => seq));
    const retry = async () => {
      await again(rebased(family));
      await dismiss();
    };
    part("mine").onclick = retry;
    part("again").onclick = retry;
    part("theirs").textContent = sentence(isConflict ? "takeTheirs" : "discard");
    part("theirs").onclick = async () => {
      await dismiss();
      await refresh();
    };
    return item;
  }));
}

/* An edit and those that were refused because of it. */
function familyOf(entry, entries) {
  if (!entry.change) return [entry];
  const objects = new Set([entry.change.object]);
  return entries.filter(({ change }) => change).filter((other) => {
    const { object, value } = other.change;
    const belongs = other === entry || (other.result.status === "blocked" && [object, value?.source, value?.target].some((id) => objects.has(id)));
    if (belongs) objects.add(object);
    return belongs;
  });
}

/* The same edits as new ones on top of what is there now. */
function rebased(family) {
  const fresh = new Map(family.filter(({ change }) => change).map(({ change }) => [change.id, uuid7()]));
  return family.map(({ kind, body, change, result, before, quote }) => {
    if (!change) return { kind, body, quote };
    const isConflict = result.status === "conflict";
    const base = fresh.get(change.base) ?? (isConflict ? (result.current?.revision ?? result.revision) : change.base);
    return { kind: "change", before: isConflict ? result.current : before, quote, change: { ...change, id: fresh.get(change.id), base } };
  });
}
