// The guideline beside the text: the section of the label in hand opens by itself, and words are looked for in all of it.

import { hand } from "./current.js";
import { root } from "./offsets.js";
import { sentence, speak } from "./page.js";
import { spanOf } from "./pending.js";

const guide = document.querySelector(".guide");
const search = document.getElementById("guideline-search"); // not there without a guideline
const sections = [...guide.querySelectorAll("details")];
let followed = null;

/* Opens the section of the current span's label, else of the label chosen below the text, once when that changes. */
function follow() {
  const label = (hand.current && spanOf(hand.current)?.label) || hand.sticky;
  if (label === followed || search?.value) return;
  followed = label;
  const section = sections.find(({ dataset }) => dataset.labels.split(" ").includes(label));
  if (!section || section.open) return;
  section.open = true; // the others close: they share a name
  if (getComputedStyle(guide).position === "sticky") guide.scrollTo({ top: section.offsetTop - 12 });
}

function textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

function rangesOf(element, word) {
  return textNodes(element).flatMap((node) => {
    const text = node.data.toLowerCase();
    const ranges = [];
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      if (text.length !== node.data.length) break; // a letter whose small form is longer
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + word.length);
      ranges.push(range);
    }
    return ranges;
  });
}

function look() {
  const words = search.value.toLowerCase().split(/\s+/u).filter(Boolean);
  const found = sections.filter((section) => {
    const text = section.textContent.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  for (const section of sections) {
    if (words.length) section.removeAttribute("name");
    section.hidden = !found.includes(section);
    section.open = Boolean(words.length) && found.includes(section);
  }
  document.getElementById("guideline-none").hidden = found.length > 0;
  globalThis.CSS?.highlights?.set("found", new Highlight(...found.flatMap((section) => words.flatMap((word) => rangesOf(section, word)))));
  if (words.length) {
    speak(sentence(found.length === 1 ? "oneSection" : "sections", { count: found.length }));
    return;
  }
  for (const section of sections) section.setAttribute("name", "guideline");
  followed = null;
  follow();
}

/** Goes to the search field of the guideline. */
export function open() {
  if (!search) return;
  search.focus();
  search.select();
}

export function begin() {
  root.addEventListener("marked", follow);
  search?.addEventListener("input", look);
  search?.form.addEventListener("submit", (event) => event.preventDefault());
  search?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    search.value = "";
    look();
    root.focus({ preventScroll: true });
  });
  follow();
}
