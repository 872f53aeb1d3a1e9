// The desk: brings the hand, the keyboard, the edits and the server's answers together.

import * as cursor from "./cursor.js";
import * as edits from "./edits.js";
import { paint, repaint } from "./ink.js";
import * as keys from "./keys.js";
import { csrfToken, Outbox } from "./outbox.js";
import * as panel from "./panel.js";
import { allSpans, configure, fold, itemOf, labels, list, makeRoom, refold, remember, sentence, shortened, spanIds, spanOf, unfold } from "./pending.js";
import * as pointer from "./pointer.js";
import { showRefused, showStop } from "./refused.js";
import { atOfPoint, indexParagraphs, quoteOf, root, selectedFragments } from "./text.js";

const page = JSON.parse(document.getElementById("desk").textContent);
const state = document.getElementById("state");
const live = document.getElementById("live");
const toolbar = document.getElementById("labels");
configure(page);
indexParagraphs();

let current = null; // the span that keys and the panel are about
let fresh = false; // whether it was chosen last, so that a letter means it and not the word at the cursor
let sticky = page.labels[0]?.key;
let revision = page.revision;
let logged = null;
let leaving = false;

function say(name, values) {
  live.textContent = sentence(name, values);
}

/* Server's answers */

const held = [];

function answer(html, entries, results) {
  held.push({ html, entries, results });
  flush();
}

/** Swaps in the answers that came, in order, up to one that would take a paragraph from under the hand. */
function flush() {
  while (held.length && !isUnderTheHand(held[0].html)) settle(held.shift());
}

const parse = (html) => new DOMParser().parseFromString(`<template>${html}</template>`, "text/html").querySelector("template").content;
const isUnderTheHand = (html) => [...parse(html).querySelectorAll("[data-o], .block")].some(({ id }) => pointer.isBusyIn(id));

function settle({ html, entries, results }) {
  const [{ kind, tab }] = entries;
  if (kind !== "change") {
    done(kind, tab === outbox.tab);
    return;
  }
  const refused = results.filter(({ status }) => !["applied", "repeated"].includes(status)).map(({ id }) => id);
  const answered = parse(html);
  const now = JSON.parse(answered.getElementById("results")?.textContent ?? "{}").revision ?? revision;
  keepFocus(() => {
    unfold(results.map(({ id }) => id));
    edits.forget(refused);
    for (const { id, revision: made, also = [] } of results) {
      const entry = entries.find(({ change }) => change.id === id);
      if (entry && made !== null) remember(entry.change.object, made);
      for (const other of also) remember(other.object, other.revision);
    }
    if (html && now >= revision) swap(html, answered);
    refold();
  });
  // What somebody else wrote, or what an answer said that got lost, is not among what this answer swaps.
  if (now < revision || results.some(({ status }) => status === "conflict" || status === "repeated")) refresh();
  revision = Math.max(revision, now);
  renew();
}

/** The one place where htmx puts what the server sent into the page. */
function swap(html, parsed) {
  makeRoom(parsed.querySelectorAll("li[id^='s-']"));
  htmx.swap(document.body, html, { swapStyle: "none", swapDelay: 0, settleDelay: 0 });
  indexParagraphs();
}

function keepFocus(work) {
  const item = document.activeElement?.closest?.("#spans > li")?.id;
  work();
  if (item && !document.activeElement?.closest?.("#spans > li")) document.getElementById(item)?.querySelector("a")?.focus({ preventScroll: true });
}

/** Reads text and list anew, when an answer came too late or somebody else's work is to be shown. */
async function refresh() {
  const response = await fetch(location.pathname, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!response.ok || response.redirected) return;
  const html = await response.text();
  keepFocus(() => {
    htmx.swap(document.body, html, { swapStyle: "none", swapDelay: 0, settleDelay: 0 });
    indexParagraphs();
    refold();
  });
  renew();
}

function renew() {
  repaint();
  if (current && !spanOf(current)) current = null;
  panel.show(current);
  mark();
}

/* The outbox */

const outbox = new Outbox({
  user: page.user,
  set: page.set,
  on: {
    state(waiting, how) {
      state.dataset.state = how;
      document.getElementById("unsaved").textContent = how === "waiting"
        ? sentence(waiting === 1 ? "oneWaits" : "waits", { count: waiting })
        : sentence("saving");
      if (how === "saved") showStop(null);
    },
    answer,
    stopped: (status, detail) => showStop({ status, detail, retry: () => outbox.resume() }),
    refused: () => showRefused({ outbox, refresh, again }),
    queued: (entries) => {
      fold(entries.filter(({ kind }) => kind === "change").map(({ change }) => change));
      edits.learn(entries.filter(({ kind }) => kind === "change"));
      renew();
    },
  },
});

/** Sends refused edits once more, on top of what is there now. */
async function again(entries) {
  fold(entries.map(({ change }) => change));
  edits.learn(entries);
  await put(entries);
}

function put(entries) {
  state.dataset.state = "saving";
  document.getElementById("unsaved").textContent = sentence("saving");
  renew();
  return outbox.put(entries);
}

/** The log of what was done before this page was opened, for undo; asked for when the hand first comes. */
function readLog() {
  logged ??= fetch(`/api/v1/annotation-sets/${page.set}/changes/?since=${Math.max(0, page.revision - 200)}`, { credentials: "same-origin" })
    .then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status)))))
    .then(({ changes }) => edits.learnLog(changes.filter(({ action, revision: made }) => action !== "import_set" && made <= page.revision)))
    .catch(() => { logged = null; });
  return logged;
}

/* The current span */

function choose(id, { scroll = true, quiet = false } = {}) {
  if (id !== current) panel.closeChoices();
  current = id;
  fresh = Boolean(id);
  const span = id && spanOf(id);
  panel.show(id);
  mark();
  if (!span) return;
  if (scroll) cursor.reveal(span.fragments[0]);
  if (!quiet) say("spanSaid", { label: labels.get(span.label)?.name, quote: shortened(quoteOf(span.fragments)) });
}

let marked = null;
let scrolling = 0;
/** Paints the current span and what is numbered, and marks its item in the list. */
function mark() {
  paint("current", current ? (spanOf(current)?.fragments ?? []) : []);
  paint("choice", panel.choices().flatMap((id) => spanOf(id)?.fragments ?? []));
  const item = current && itemOf(current);
  if (marked !== item) marked?.removeAttribute("aria-current");
  marked = item;
  item?.setAttribute("aria-current", "true");
  clearTimeout(scrolling);
  if (item) scrolling = setTimeout(scrollList, 30, item); // not before the ink: it makes the browser lay out the page
}

function scrollList(item) {
  const scroller = list.closest(".scroller");
  const box = scroller.getBoundingClientRect();
  const { top, bottom } = item.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom) scroller.scrollBy({ top: top - box.top - box.height / 3 });
}

function leave() {
  if (panel.closeChoices()) {
    mark();
    return;
  }
  current = null;
  fresh = false;
  cursor.drop();
  pointer.forgetTouched();
  renew();
  showPlace();
}

/** What is selected, by finger, mouse or keyboard. */
function selected() {
  if (pointer.touched().length) return pointer.touched();
  const native = selectedFragments(isExact());
  if (native.length) return native;
  const chosen = cursor.selection();
  return chosen ? [chosen] : [];
}

function unselect() {
  cursor.drop();
  pointer.forgetTouched();
  showPlace();
}

/** Shows where the cursor is, without scrolling; quietly while the hand is on the mouse. */
function showPlace() {
  cursor.show({ scroll: false, quiet: !byKeyboard });
}

function create(fragments, label = sticky) {
  if (!page.editable) return;
  const id = edits.createSpan(fragments, label);
  unselect();
  choose(id, { scroll: false, quiet: true });
}

/** The span that a command is about: the one just chosen, else the innermost at the cursor, else the current one. */
function subject() {
  if (current && (fresh || !cursor.isSet())) return current;
  return spansAtCursor()[0] ?? current;
}

function spansAtCursor() {
  const word = cursor.word();
  if (!word) return [];
  const length = ({ span }) => span.fragments.reduce((sum, [start, end]) => sum + end - start, 0);
  return allSpans()
    .filter(({ span }) => span.fragments.some(([start, end]) => start < word[1] && word[0] < end))
    .sort((a, b) => length(a) - length(b))
    .map(({ id }) => id);
}

function withSubject(work) {
  const id = subject();
  if (!id) {
    say("noSpan");
    return;
  }
  choose(id, { scroll: false, quiet: true });
  work(id);
}

/* Commands, by the names of keys.js */

const commands = {
  move(step, direction, extend) {
    if (document.activeElement?.closest?.("#spans")) {
      walkList(direction);
      return;
    }
    pointer.forgetTouched();
    fresh = false;
    cursor.move(step, direction, extend);
    cursor.show();
    const chosen = cursor.selection() ?? cursor.word();
    const inside = spansAtCursor().length;
    if (chosen) live.textContent = quoteOf([chosen]).slice(-200) + (inside ? sentence(inside === 1 ? "inOne" : "inMany", { count: inside }) : "");
  },
  nudge(edge, direction) {
    const chosen = cursor.selection();
    if (chosen || !fresh || !current) {
      const from = chosen ?? cursor.word();
      if (from) cursor.select(cursor.nudge(from, edge, direction));
      cursor.show({ scroll: false });
      return;
    }
    const { fragments } = spanOf(current);
    const index = edge === "start" ? 0 : fragments.length - 1;
    const moved = cursor.nudge(fragments[index], edge, direction);
    edits.changeSpan(current, { fragments: edits.joined(fragments.with(index, moved)) });
  },
  takeSentence() {
    fresh = false;
    cursor.takeSentence();
    cursor.show();
    if (cursor.selection()) live.textContent = quoteOf([cursor.selection()]);
  },
  label(key) {
    const fragments = selected();
    if (fragments.length) create(fragments, key);
    else if (fresh && current) edits.changeSpan(current, { label: key });
    else if (cursor.word()) create([cursor.word()], key);
  },
  labelSticky: () => commands.label(sticky),
  step(direction) {
    const ids = spanIds();
    if (!ids.length) return;
    const here = ids.indexOf(current);
    const from = cursor.place() ?? 0;
    const after = ids.findIndex((id) => spanOf(id).fragments[0][1] > from); // at the cursor, or behind it
    const beside = direction > 0 ? (after < 0 ? 0 : after) : (after < 0 ? ids.length : after) - 1;
    const next = here >= 0 ? here + direction : beside;
    const id = ids[(next + ids.length) % ids.length];
    cursor.set(spanOf(id).fragments[0][0]);
    choose(id);
    cursor.show({ scroll: false });
  },
  cycle() {
    const ids = spansAtCursor();
    if (ids.length) choose(ids[(ids.indexOf(current) + 1) % ids.length], { scroll: false });
  },
  addPart() {
    const fragments = selected();
    const added = fragments.length ? fragments : [cursor.word()].filter(Boolean);
    if (!current || !added.length) {
      say("noSpan");
      return;
    }
    edits.addFragments(current, added);
    unselect();
    choose(current, { scroll: false, quiet: true });
  },
  removePart() {
    const fragments = selected();
    const taken = fragments.length ? fragments : [cursor.word()].filter(Boolean);
    if (!current || !taken.length) return;
    edits.removeFragments(current, taken, !fragments.length);
    unselect();
    choose(current, { scroll: false, quiet: true });
  },
  entity: () => withSubject(() => panel.focusField("entity")),
  note: () => withSubject(() => panel.focusField("note")),
  attributes: () => withSubject(() => { live.textContent = panel.pickAttribute(); }),
  link: (key) => withSubject(() => {
    live.textContent = panel.pickLink(key);
    mark();
  }),
  labelAlike: () => withSubject(edits.labelIdentical),
  remove() {
    const inList = document.activeElement?.closest?.("#spans > li");
    const neighbour = inList && (inList.nextElementSibling ?? inList.previousElementSibling);
    withSubject((id) => edits.deleteSpan(id));
    if (current && !spanOf(current)) leave();
    neighbour?.querySelector("a")?.focus();
  },
  async undo() {
    await readLog();
    goTo(edits.undo());
  },
  async redo() {
    await readLog();
    goTo(edits.redo());
  },
  submit: () => send("submit"),
  help: () => document.getElementById("help").showModal(),
  readerMode() {
    const isOn = root.getAttribute("role") === "application";
    root.setAttribute("role", isOn ? "group" : "application");
    say(isOn ? "readerModeOff" : "readerModeOn");
    root.focus();
  },
  leave() {
    if (root.getAttribute("role") === "application") commands.readerMode();
    else leave();
  },
};

function goTo(id) {
  if (id && spanOf(id)) choose(id, { quiet: true });
  else renew();
}

function walkList(direction) {
  const items = [...list.querySelectorAll("li:not([hidden]) a")].filter((link) => link.offsetParent);
  const next = items.indexOf(document.activeElement) + direction;
  items[next]?.focus();
}

/* Handing in, skipping, flagging: through the outbox, so that they come after the edits. */

async function send(kind, body = {}) {
  if (leaving || (!page.editable && kind !== "reopen")) return;
  const refused = (await outbox.refused()).filter(({ set }) => set === page.set);
  if (kind === "submit" && refused.length) {
    say("settleFirst");
    document.getElementById("refused").scrollIntoView({ block: "center" });
    return;
  }
  await outbox.put([{ kind, body }]);
}

async function done(kind, isMine) {
  if (kind === "flag") {
    say("flagged");
    document.getElementById("flagged").hidden = false;
    return;
  }
  leaving = true;
  if (kind === "reopen" || !isMine) location.reload(); // another tab goes on to the next article
  else if (kind === "release") location.assign(page.projectUrl);
  else await next();
}

async function next() {
  const response = await fetch(`/api/v1/projects/${page.project}/queue/next/`, {
    method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": csrfToken(), "Content-Type": "application/json" }, body: "{}",
  }).catch(() => null);
  const set = response?.status === 200 ? (await response.json()).id : null;
  location.assign(set ? page.deskUrl.replace("{set}", set) : `${page.projectUrl}${response?.status === 204 ? "?queue=empty" : ""}`);
}

/* Wiring */

const isOn = (name) => document.getElementById(name)?.ariaPressed === "true";
const isExact = () => isOn("exact");
let lastPointer = matchMedia("(pointer: coarse)").matches ? "touch" : "mouse";
let byKeyboard = false;
addEventListener("pointerdown", ({ pointerType }) => {
  lastPointer = pointerType;
  byKeyboard = false;
}, { capture: true });
addEventListener("keydown", () => { byKeyboard = true; }, { capture: true });

pointer.listen({
  editable: page.editable,
  exact: isExact,
  tapping: () => isOn("tapping"),
  coarse: () => lastPointer !== "mouse",
  create,
  choose,
  leave: () => { if (current) leave(); },
  handFree: flush,
  selectionChanged: () => { fresh = false; },
});

const own = new Map();
page.labels.forEach(({ key, shortcut }, index) => {
  if (shortcut) own.set(shortcut, ["label", key]);
  if (index < 9) own.set(String(index + 1), ["label", key]);
});
for (const { key, shortcut } of page.links) if (shortcut) own.set(shortcut, ["link", key]);
keys.listen({ own, commands, editable: page.editable, before: pointer.finish, digit: (number) => panel.digit(number) && (mark(), true) });
panel.listen({ alike: commands.labelAlike, remove: commands.remove, leave });
edits.connect(put, say);

addEventListener("keydown", readLog, { once: true });
addEventListener("pointerdown", readLog, { once: true });
root.addEventListener("focus", () => {
  if (!cursor.isSet()) cursor.set(0);
  showPlace();
});
root.addEventListener("blur", showPlace);

function chooseSticky(key) {
  sticky = key;
  for (const button of toolbar.querySelectorAll("[data-label]")) button.ariaPressed = String(button.dataset.label === key);
  sessionStorage.setItem(`sticky-${page.project}`, key);
}
const remembered = sessionStorage.getItem(`sticky-${page.project}`);
if (toolbar && labels.has(remembered)) chooseSticky(remembered);

toolbar?.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus and the selection in the text
toolbar?.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.label) {
    chooseSticky(button.dataset.label);
    const fragments = selected();
    if (fragments.length) create(fragments);
  } else if (button?.dataset.command) commands[button.dataset.command]();
  else if (button) button.ariaPressed = String(button.ariaPressed !== "true");
});

list.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (!item || !spanOf(item.id.slice(2))) return;
  event.preventDefault();
  choose(item.id.slice(2));
});
list.addEventListener("focusin", ({ target }) => {
  if (!byKeyboard) return; // a press of the button must not move the list away under the mouse
  const id = target.closest("li")?.id.slice(2);
  if (id && id !== current && spanOf(id)) choose(id, { scroll: false, quiet: true });
});
list.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !current) return;
  event.preventDefault();
  cursor.set(spanOf(current).fragments[0][0]);
  root.focus({ preventScroll: true });
  choose(current);
});

document.getElementById("chips")?.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-only]");
  if (!chip) return;
  event.preventDefault();
  list.dataset.only = chip.dataset.only;
  for (const other of chip.parentElement.querySelectorAll("[data-only]")) other.setAttribute("aria-current", String(other === chip));
});

document.addEventListener("click", ({ target }) => {
  const { open, send: kind } = target.closest("[data-open], [data-send]")?.dataset ?? {};
  if (open) document.getElementById(open).showModal();
  if (kind) send(kind);
});
for (const dialog of document.querySelectorAll("dialog[data-kind]")) {
  dialog.addEventListener("close", () => {
    const { value } = dialog.querySelector("textarea");
    if (dialog.returnValue === "send" && value.trim()) send(dialog.dataset.kind, { reason: value.trim() });
    dialog.returnValue = "";
  });
}

root.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const quote = quoteOf([[atOfPoint(range.startContainer, range.startOffset), atOfPoint(range.endContainer, range.endOffset)]]);
  const block = document.createElement("blockquote");
  block.append(quote, document.createElement("br"), root.dataset.citation);
  event.clipboardData.setData("text/plain", quote);
  event.clipboardData.setData("text/html", block.outerHTML);
  event.preventDefault();
});

document.addEventListener("htmx:configRequest", ({ detail }) => { detail.headers["X-CSRFToken"] = csrfToken(); });
for (const name of ["htmx:sendError", "htmx:responseError"]) document.getElementById("lease")?.addEventListener(name, (event) => event.stopPropagation());
document.addEventListener("htmx:oobAfterSwap", () => { if (held.length === 0) queueMicrotask(refold); });

/* What an earlier visit left on its way is shown and sent. */
const left = (await outbox.waiting()).filter(({ set, kind }) => set === page.set && kind === "change");
fold(left.map(({ change }) => change));
edits.learn(left);
renew();
outbox.drain();
showRefused({ outbox, refresh, again });
if (document.activeElement === document.body && page.editable) root.focus({ preventScroll: true });
document.documentElement.dataset.desk = "ready";
