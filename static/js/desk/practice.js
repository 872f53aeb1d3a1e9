// The steps of the practice article: each notices by itself when it is done.

import { stacks } from "./history.js";
import { paint } from "./ink.js";
import { list } from "./items.js";
import { atOf, paragraphs, textOf } from "./offsets.js";
import { page, speak } from "./page.js";
import { allSpans, relations } from "./pending.js";

const steps = document.getElementById("steps"); // only beside the practice article
const KEPT = `practice-${page.set}`;

const spans = (label, suits = () => true) => allSpans().some(({ span }) => span.label === label && suits(span));
const isDone = {
  name: () => spans("actor"),
  alike: () => allSpans().some(({ span }) => span.origin === "propagated"),
  place: () => spans("location"),
  sentence: () => spans("claim"),
  link: () => relations().some(({ label }) => label === "made_by"),
  attribute: () => spans("claim", ({ attributes }) => Object.keys(attributes ?? {}).length > 0),
  parts: () => spans("claim", ({ fragments }) => fragments.length > 1),
  undo: () => stacks().undone.length > 0,
  delete: () => stacks().done.some(({ undoes, changes }) => !undoes && changes.some(({ action }) => action === "delete_span")),
};

/* What was done once stays done, also when it is undone; a reload knows it, too. */
let done = new Set(JSON.parse(localStorage.getItem(KEPT) ?? "[]"));
let current = null;

/** Begins to watch, where there are steps. */
export function begin() {
  if (!steps) return;
  if (!allSpans().length) done = new Set();
  let waiting = 0;
  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 40);
  }).observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["id", "class", "data-at"] });
  look();
}

function look() {
  for (const [name, test] of Object.entries(isDone)) if (test()) done.add(name);
  localStorage.setItem(KEPT, JSON.stringify([...done]));
  const all = [...steps.children];
  const next = all.find(({ dataset }) => !done.has(dataset.step));
  for (const step of all) {
    step.classList.toggle("done", done.has(step.dataset.step));
    if (step === next) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
  document.getElementById("steps-done").textContent = `${done.size} / ${all.length}`;
  if (next === current) return;
  if (current) speak(`${steps.dataset.next} ${next.querySelector("b").textContent}`);
  current = next;
  paint("practice", placesOf(next.dataset.words));
}

/* Where the words stand that the step speaks of. */
function placesOf(words) {
  if (!words) return [];
  return paragraphs().flatMap((p) => {
    const unit = textOf(p).indexOf(words);
    return unit < 0 ? [] : [[atOf(p, unit), atOf(p, unit + words.length)]];
  }).slice(0, 1);
}
