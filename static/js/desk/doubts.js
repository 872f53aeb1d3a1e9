// What the list of spans says of doubts and questions: "not sure · 1 question · new answer", read from the threads beside
// the text and from what is on its way. The server's items come without these words.

import { itemOf, list } from "./items.js";
import { sentence } from "./page.js";

let marks = new Map(); // by span: {unsure, questions, answered}

export const isUnsure = (id) => marks.get(id)?.unsure ?? false;

/* `threads` are items of the list of threads, `waiting` comments on their way. */
function read(threads, waiting) {
  const found = new Map();
  const of = (span) => {
    if (!found.has(span)) found.set(span, { unsure: false, questions: 0, answered: 0 });
    return found.get(span);
  };
  for (const { dataset } of threads) {
    const mark = of(dataset.span);
    if (dataset.unseen) mark.answered++;
    if (dataset.open === undefined) continue;
    if (dataset.kind === "unsure") mark.unsure = true;
    else mark.questions++;
  }
  for (const { kind, span, resolved } of waiting) {
    if (!span) continue;
    if (kind === "unsure") of(span).unsure = !resolved;
    else of(span).questions++;
  }
  return found;
}

function wordsOf({ unsure, questions, answered } = {}) {
  const parts = [];
  if (unsure) parts.push(sentence("notSure"));
  if (questions) parts.push(sentence(questions === 1 ? "oneQuestion" : "questions", { count: questions }));
  if (answered) parts.push(sentence("newAnswer"));
  return parts.join(" · ");
}

/* The words stand where the item has its other facts. */
function dress(item) {
  const said = wordsOf(marks.get(item.id.slice(2)));
  let mark = item.querySelector(".doubt");
  if (!said) {
    const small = mark?.parentElement;
    mark?.remove();
    if (small?.dataset.doubt !== undefined) small.remove();
    return;
  }
  if (!mark) {
    let small = item.querySelector("small");
    if (!small) {
      small = document.createElement("small");
      small.dataset.doubt = "";
      item.append(small);
    }
    mark = Object.assign(document.createElement("span"), { className: "doubt" });
    small.append(mark);
  }
  if (mark.textContent !== said) mark.textContent = said;
}

/** Says in the list what is there now. */
export function show(threads, waiting) {
  const before = marks;
  marks = read(threads, waiting);
  for (const id of new Set([...before.keys(), ...marks.keys()])) {
    const item = itemOf(id);
    if (item) dress(item);
  }
}

/** Says it again of items that are made anew. */
export function watch() {
  new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) if (node.id && marks.has(node.id.slice(2))) dress(node);
  }).observe(list, { childList: true });
}
