// Judging suggestions: what is accepted becomes an ordinary edit, what is rejected goes to the server behind the edits.
// Suggestions are never in the text and no annotations.

import { onHandedIn } from "./answers.js";
import { commit, putting } from "./changes.js";
import * as cursor from "./cursor.js";
import { list } from "./items.js";
import { quoteOf, root } from "./offsets.js";
import { labels, links, page, sentence, shortened, speak } from "./page.js";
import { twinOf } from "./pending.js";
import { outbox, put } from "./saving.js";
import { contentOf, currentItem, following, go, itemOf, left, nameOf, refused, section, show, update } from "./suggested.js";
import { uuid7 } from "./uuid7.js";

const SOON = 60; // milliseconds: not before what was done is painted
const LATER = 1200; // after the last edit: what is named again depends on the spans

function goOn(gone, said) {
  const hadFocus = section.contains(document.activeElement);
  for (const item of gone) item.hidden = true;
  section.classList.remove("met");
  const next = following();
  speak([said, go(next)].filter(Boolean).join(" "));
  if (hadFocus) (next?.querySelector(".words") ?? section.querySelector("summary")).focus({ preventScroll: true });
}

/* The verdicts */

const described = ({ id, engine, version, engines, label, fragments, score }) => ({ id, engine, version, engines, label, fragments, score });
const keyOf = ({ label, fragments }) => `${label} ${fragments.join(" ")}`;

/* One batch for all of them, with the spans they are linked to: one undo takes all of it back. */
function taking(chosen) {
  const edits = [];
  const gone = new Set();
  const made = new Map();
  const byKey = new Map(left().map((item) => [keyOf(contentOf(item)), item]));
  const span = (item) => {
    const one = contentOf(item);
    const known = made.get(keyOf(one)) ?? twinOf(one.label, one.fragments);
    if (known) return known;
    const id = uuid7();
    made.set(keyOf(one), id);
    gone.add(item);
    edits.push({ ...putting(id, one, null, "suggested"), suggestion: described(one) });
    return id;
  };
  const target = (link) => {
    const item = byKey.get(keyOf(link));
    return made.get(keyOf(link)) ?? twinOf(link.label, link.fragments) ?? (item && span(item));
  };
  for (const item of chosen) {
    const source = span(item);
    for (const link of contentOf(item).links) {
      const end = links.has(link.relation) && target(link);
      if (end) edits.push({ action: "put_relation", object: uuid7(), value: { label: link.relation, source, target: end }, before: null });
    }
  }
  return { edits, gone };
}

export function accept() {
  const item = currentItem();
  if (!item) {
    speak(sentence("noSuggestion"));
    return;
  }
  const { edits, gone } = taking([item]);
  commit(edits);
  goOn(gone, sentence("accepted", { span: nameOf(contentOf(item)) }));
}

export function acceptAll() {
  const item = currentItem();
  if (!item) {
    speak(sentence("noSuggestion"));
    return;
  }
  const { label } = contentOf(item);
  const { edits, gone } = taking(left().filter((other) => contentOf(other).label === label));
  commit(edits);
  goOn(gone, sentence("acceptedAll", { count: gone.size, label: labels.get(label).name }));
}

export function reject() {
  const item = currentItem();
  if (!item) {
    speak(sentence("noSuggestion"));
    return;
  }
  const one = contentOf(item);
  refused.add(one.id);
  judge(one, "rejected");
  const back = section.querySelector("[data-do=bringBack]");
  back.dataset.suggestion = JSON.stringify(one);
  back.hidden = false;
  goOn([item], sentence("rejected", { span: nameOf(one) }));
}

function judge(one, verdict) {
  const { id, ...body } = described(one);
  return put([{ kind: `suggestions/${id}/verdict`, body: { ...body, verdict }, quote: shortened(quoteOf(one.fragments)) }]);
}

function bringBack(button) {
  const one = JSON.parse(button.dataset.suggestion);
  refused.delete(one.id);
  judge(one, "withdrawn");
  awaited = true;
  button.hidden = true;
  update();
  const item = itemOf(one.id);
  if (item) speak(go(item));
  (item?.querySelector(".words") ?? section.querySelector("summary")).focus({ preventScroll: true });
}

/* What the section hears */

let soon = 0;
let later = 0;
let took = 0; // milliseconds: a long article is looked through less often
let awaited = false; // what was brought back is to be listed again as soon as the server knows
function changed() {
  clearTimeout(soon);
  clearTimeout(later);
  soon = setTimeout(update, SOON);
  later = setTimeout(refresh, Math.max(LATER, 3 * took));
}

/* The server suggests on what it knows: not before it knows all. */
function refresh() {
  if (document.getElementById("state").dataset.state === "saved") htmx.trigger(section, "stale");
  else if (navigator.onLine) later = setTimeout(refresh, LATER);
}

/* The cursor on the words of a suggestion makes it the current one; it is returned. */
function meet() {
  const word = cursor.word();
  const item = word && left().find((other) => contentOf(other).fragments.some(([s, e]) => s < word[1] && word[0] < e));
  if (item && item !== currentItem()) speak(go(item, { quiet: true }));
  return item;
}

/* On a small screen the verdict comes to the finger. */
function tapped() {
  const item = meet();
  section.classList.toggle("met", Boolean(item) && !document.documentElement.hasAttribute("data-panel"));
}

async function recall() {
  const waiting = (await outbox.waiting()).filter(({ set, body }) => set === page.set && body?.verdict === "rejected");
  for (const { kind } of waiting) refused.add(kind.split("/")[1]);
}

function begin() {
  let hadFocus = false;
  let asked = performance.now(); // the first ones may be on their way or there
  section.addEventListener("htmx:beforeRequest", () => { asked = performance.now(); });
  section.addEventListener("htmx:afterRequest", () => { took = performance.now() - asked; });
  section.addEventListener("htmx:beforeSwap", () => { hadFocus = section.querySelector(".inside").contains(document.activeElement); });
  section.addEventListener("htmx:afterSwap", () => {
    update();
    if (hadFocus) (currentItem()?.querySelector(".words") ?? section.querySelector("summary")).focus({ preventScroll: true });
  });
  for (const name of ["htmx:sendError", "htmx:responseError"]) section.addEventListener(name, (event) => event.stopPropagation());
  section.addEventListener("toggle", show);
  section.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-do]");
    const item = target.closest("ol > li");
    if (item) speak(go(item));
    if (button?.dataset.do === "accept") accept();
    if (button?.dataset.do === "reject") reject();
    if (button?.dataset.do === "acceptAll") acceptAll();
    if (button?.dataset.do === "bringBack") bringBack(button);
  });
  section.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const shown = left();
    const next = step && shown[shown.indexOf(event.target.closest("li")) + step];
    if (!next || !event.target.closest("ol > li")) return;
    event.preventDefault();
    speak(go(next));
    next.querySelector(".words").focus({ preventScroll: true });
  });
  root.addEventListener("click", () => setTimeout(tapped, SOON));
  root.addEventListener("keyup", ({ key }) => { if (/^(?:Arrow|Home|End|[.,[\]]$)/u.test(key)) meet(); });
  new MutationObserver(changed).observe(list, { childList: true });
  onHandedIn((kind) => {
    if (!kind.startsWith("suggestions/")) return;
    changed();
    if (!awaited) return;
    awaited = false;
    clearTimeout(later);
    later = setTimeout(refresh, SOON);
  });
  recall().then(() => { if (section.querySelector("ol")) update(); });
}

if (section) begin();
