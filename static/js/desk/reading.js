// What the page tells of its reader: seconds of work without pauses and, where the project asks for it, which paragraphs
// were on screen long enough to be read. It is told with the beat that keeps the article, when the page is left, and
// with the submission.

import { root } from "./offsets.js";
import { csrfToken } from "./outbox.js";
import { page } from "./page.js";

const BEAT = 60_000; // milliseconds, like all of these
const PAUSE = 30_000; // without a sign of life for so long, nobody is working
const TICK = 1_000;
const LEAST = 1_000;
const MOST = 5_000;
const PER_CHARACTER = 10; // skimmed, not spelled

let lastSign = Date.now();
let seconds = 0; // of work, not told yet
const onScreen = new Set(); // numbers of paragraphs
const shown = new Map(); // by number: for how long
const read = new Set(); // numbers, not told yet

const numberOf = (p) => Number(p.id.slice(1));

function tick() {
  if (document.hidden || Date.now() - lastSign > PAUSE) return;
  seconds++;
  for (const number of onScreen) {
    const before = shown.get(number) ?? 0;
    const needed = Math.min(MOST, Math.max(LEAST, (document.getElementById(`p${number}`)?.textContent.length ?? 0) * PER_CHARACTER));
    shown.set(number, before + TICK);
    if (before < needed && before + TICK >= needed) read.add(number);
  }
}

function watch() {
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) onScreen.add(numberOf(target));
      else onScreen.delete(numberOf(target));
    }
  });
  for (const p of root.children) observer.observe(p);
  new MutationObserver((records) => { // a saved edit swaps its paragraph for a new one
    for (const { removedNodes, addedNodes } of records) {
      for (const p of removedNodes) if (p.id) observer.unobserve(p);
      for (const p of addedNodes) if (p.id) observer.observe(p);
    }
  }).observe(root, { childList: true });
}

function rangesOf(numbers) {
  const ranges = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    if (ranges.at(-1)?.[1] === number) ranges.at(-1)[1]++;
    else ranges.push([number, number + 1]);
  }
  return ranges;
}

/** Hands over what was not told yet, as {active_seconds, paragraphs: [[first, after the last], …]}. */
export function takeReport() {
  const report = { active_seconds: seconds, paragraphs: rangesOf(read).slice(0, 1000) };
  seconds = 0;
  read.clear();
  return report;
}

function giveBack({ active_seconds: told, paragraphs }) {
  seconds += told;
  for (const [start, end] of paragraphs) for (let number = start; number < end; number++) read.add(number);
}

/* Tells the server that somebody is there, and what was done; what could not be told is told the next time. */
async function beat(isLeaving = false) {
  const report = takeReport();
  const response = await fetch(`/api/v1/annotation-sets/${page.set}/lease/`, {
    method: "POST",
    credentials: "same-origin",
    keepalive: isLeaving,
    headers: { "Content-Type": "application/json", "HX-Request": "true", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(report),
  }).catch(() => null);
  if (!response?.ok) giveBack(report);
}

function leave() {
  if (seconds || read.size) beat(true);
}

export function begin() {
  if (!page.editable || !page.own) return;
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "scroll", "touchstart"]) {
    addEventListener(kind, () => { lastSign = Date.now(); }, { capture: true, passive: true });
  }
  if (page.reading) watch();
  setInterval(tick, TICK);
  setInterval(() => beat(), BEAT);
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
}
