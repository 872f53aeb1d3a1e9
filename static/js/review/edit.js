// The edit mode: spans that no version has, made with the gestures of the desk. Enter keeps them, Escape leaves.

import * as cursor from "../desk/cursor.js";
import { quoteOf, root } from "../desk/offsets.js";
import { selectedFragments, snap } from "../desk/text.js";
import { labelOf, labels, Rows } from "./spans.js";

let details = null;
let rows = null;
let section = null;
let version = 0; // which of the versions one began with
let choices = []; // [attribute, choice], while a digit chooses

export const isActive = () => details !== null;

const versionsOf = () => [...section.querySelectorAll(".versions [data-spans]")].map((button) => JSON.parse(button.dataset.spans));
const live = document.getElementById("live");

export function start(found) {
  const edited = found?.querySelector("details.edit");
  if (!edited || details === edited) return;
  leave();
  [details, section, version] = [edited, found, 0];
  details.open = true;
  for (const element of details.querySelectorAll(".hint, .leave")) element.hidden = false;
  rows = new Rows(details.querySelector(".edited-spans"));
  rows.begin(versionsOf()[0] ?? []);
  cursor.set(rows.span?.fragments[0][0] ?? 0);
  root.focus({ preventScroll: true });
  cursor.show({ scroll: false });
}

export function leave() {
  if (!details) return;
  const left = details;
  details = null;
  closeChoices(left);
  rows.leave();
  cursor.drop();
  left.open = false;
  for (const element of left.querySelectorAll(".hint, .leave")) element.hidden = true;
  root.blur();
  cursor.show({ scroll: false });
}

const keep = () => details.closest("form").requestSubmit(details.querySelector(".keep"));

function other() {
  const all = versionsOf();
  version = (version + 1) % all.length;
  rows.begin(all[version]);
}

/* The selection of the mouse or of the keyboard; with `orWord` the word at the cursor instead of nothing. */
function selected(orWord = false) {
  const byMouse = selectedFragments(false);
  if (byMouse.length) return byMouse;
  const chosen = cursor.selection() ?? (orWord ? cursor.word() : null);
  return chosen ? [chosen] : [];
}

function used(act) {
  const fragments = selected();
  if (!fragments.length) return;
  act(fragments);
  getSelection().removeAllRanges();
  cursor.drop();
  cursor.show({ scroll: false });
}

function label(key) {
  const fragments = selected();
  if (!fragments.length && rows.span) rows.relabel(key);
  else used((found) => rows.add(key, found));
  if (!rows.spans.length) rows.add(key, selected(true));
  live.textContent = `${labels.find((each) => each.key === key).name}: ${quoteOf(rows.span.fragments)}`;
}

/* Moves an end of the current span by one sign; the other end stays. */
function nudge(isStart, direction) {
  if (!rows.span) return;
  const { fragments } = rows.span;
  const index = isStart ? 0 : fragments.length - 1;
  const [start, end] = fragments[index];
  for (let step = 1; step < 40; step++) {
    const wanted = isStart ? [start + step * direction, end] : [start, end + step * direction];
    if (wanted[0] >= wanted[1] || wanted[0] < 0) return;
    const [from, to] = snap(wanted, true) ?? [start, end];
    const moved = isStart ? from !== start && [from, end] : to !== end && [start, to];
    if (!moved) continue;
    rows.replace(fragments.map((fragment, number) => (number === index ? moved : fragment)));
    return;
  }
}

function chooseAttribute() {
  const list = details.querySelector(".choices");
  choices = (labels.find(({ key }) => key === rows.span?.label)?.attributes ?? []).flatMap(({ key, choices: all }) => all.map((choice) => [key, choice])).slice(0, 9);
  list.replaceChildren(...choices.map(([, choice], index) => {
    const item = document.createElement("li");
    const digit = Object.assign(document.createElement("kbd"), { textContent: String(index + 1) });
    item.append(digit, ` ${choice}`);
    return item;
  }));
  list.hidden = !choices.length;
  live.textContent = choices.map(([, choice], index) => `${index + 1} ${choice}`).join(", ");
}

function closeChoices(from = details) {
  choices = [];
  from.querySelector(".choices").hidden = true;
}

function takeChoice(digit) {
  const chosen = choices[digit - 1];
  closeChoices();
  if (chosen) rows.toggle(...chosen);
}

const steps = {
  ArrowLeft: ["word", "sentence", -1], ArrowRight: ["word", "sentence", 1], ArrowUp: ["line", "paragraph", -1],
  ArrowDown: ["line", "paragraph", 1], Home: ["end", "end", -1], End: ["end", "end", 1],
};

function move({ key, ctrlKey, metaKey, shiftKey }) {
  const [near, far, along] = steps[key];
  const direction = key.startsWith("Arrow") && "LeftRight".includes(key.slice(5)) && cursor.isRightToLeft() ? -along : along;
  cursor.move(ctrlKey || metaKey ? far : near, direction, shiftKey);
  cursor.show();
}

const commands = {
  s: () => { cursor.takeSentence(); cursor.show(); },
  f: () => used((found) => rows.addPart(found)),
  F: () => rows.takePart(selected()[0]),
  n: () => rows.step(1), p: () => rows.step(-1),
  t: chooseAttribute, x: other,
  " ": () => used((found) => rows.replace(found)),
  Delete: () => rows.remove(), Backspace: () => rows.remove(),
};

/** Whether the key belongs to the edit mode. */
export function key(event) {
  if (!details) return false;
  const typing = event.target.matches("input, textarea, select");
  const isMod = event.ctrlKey || event.metaKey;
  const digit = /^Digit[1-9]$/u.test(event.code) && !event.shiftKey ? event.code.at(-1) : null;
  if (event.key === "Escape") {
    if (choices.length) closeChoices();
    else leave();
  } else if (event.key === "Enter" && !event.target.matches("button, summary, textarea")) keep();
  else if (typing || event.target.matches("button, summary")) return true;
  else if (event.altKey && ["ArrowLeft", "ArrowRight"].includes(event.key)) nudge(event.shiftKey, event.key === "ArrowRight" ? 1 : -1);
  else if (event.altKey) return true;
  else if (isMod && event.key === "z") rows.back();
  else if (steps[event.key]) move(event);
  else if (isMod) return false;
  else if (choices.length && digit) takeChoice(Number(digit));
  else if (commands[event.key]) commands[event.key]();
  else {
    const found = labelOf(digit ?? event.key);
    if (!found) return true;
    label(found.key);
  }
  event.preventDefault();
  return true;
}

/* A drag gives the current span its words; with Alt exactly what was dragged over, with Ctrl as another part. */
root.addEventListener("pointerup", (event) => {
  if (!details) return;
  setTimeout(() => { // the browser's own selection is right only after the event
    const found = details ? selectedFragments(event.altKey) : [];
    if (!found.length) return;
    getSelection().removeAllRanges();
    if (!rows.span) rows.add(labels[0].key, found);
    else if (event.ctrlKey || event.metaKey) rows.addPart(found);
    else rows.replace(found);
  });
});

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.edit")) return;
  if (event.target.open) start(event.target.closest("section"));
  else if (event.target === details) leave();
}, true);
document.addEventListener("click", (event) => {
  if (event.target.closest(".leave")) leave();
});

