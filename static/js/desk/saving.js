// Edits go out through one outbox, and the page says where they are.

import { answer, refresh } from "./answers.js";
import { renew } from "./current.js";
import { learn, learnLog } from "./history.js";
import { Outbox } from "./outbox.js";
import { page, sentence } from "./page.js";
import { fold } from "./pending.js";
import { showRefused, showStop } from "./refused.js";
import { offerNew } from "./version.js";

const LOG = 200; // how many changes before this page undo reaches back
const state = document.getElementById("state");
const unsaved = document.getElementById("unsaved");

export const outbox = new Outbox({
  user: page.user,
  set: page.set,
  on: {
    state: showState,
    answer,
    stopped: (status, detail) => showStop({ status, detail, retry: () => outbox.resume() }),
    refused: listRefused,
    queued: (entries) => {
      take(entries);
      renew();
    },
  },
});

function showState(waiting, how) {
  state.dataset.state = how;
  unsaved.textContent = how === "waiting" ? sentence(waiting === 1 ? "oneWaits" : "waits", { count: waiting }) : sentence("saving");
  if (how === "saved") showStop(null);
  offerNew(how === "saved");
}

function listRefused() {
  return showRefused({ outbox, refresh, again });
}

/** Shows entries that are on their way and puts them into the history. */
function take(entries) {
  const changes = entries.filter(({ kind }) => kind === "change");
  fold(changes.map(({ change }) => change));
  learn(changes);
}

/** Sends refused edits once more, on top of what is there now. */
function again(entries) {
  take(entries);
  return put(entries);
}

export function put(entries) {
  showState(entries.length, "saving");
  renew();
  return outbox.put(entries);
}

let log = null;
/** Reads what was done before this page was opened, for undo; resolves also when that cannot be had. */
export function readLog() {
  const since = Math.max(0, page.revision - LOG);
  log ??= fetch(`/api/v1/annotation-sets/${page.set}/changes/?since=${since}`, { credentials: "same-origin" })
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))))
    .then(({ changes }) => learnLog(wholeBatches(changes, since).filter(isOwnAndBefore)))
    .catch(() => { log = null; });
  return log;
}

/* Where the log was cut off, so may be its first batch. */
const wholeBatches = (changes, since) => (since ? changes.filter(({ batch }) => batch !== changes[0].batch) : changes);
const isOwnAndBefore = ({ action, author, revision }) => action !== "import_set" && author === page.username && revision <= page.revision;

/** Shows and sends what an earlier visit left on its way. */
export async function takeUp() {
  const left = (await outbox.waiting()).filter(({ set }) => set === page.set);
  if (left.length) showState(left.length, "saving"); // the server drew the page as saved
  take(left);
  renew();
  outbox.drain();
  await listRefused();
}
