// Questions and doubts: the mark "not sure" on a span, the threads beside the text, and the box in which one asks. What
// is said goes through the outbox like an edit: it can be said while the server is away, and is written once.

import { onHandedIn } from "./answers.js";
import { choose, hand } from "./current.js";
import * as cursor from "./cursor.js";
import * as doubts from "./doubts.js";
import { quoteOf, root } from "./offsets.js";
import { page, say, sentence, shortened } from "./page.js";
import { spanOf } from "./pending.js";
import { outbox, put } from "./saving.js";
import { uuid7 } from "./uuid7.js";

const talk = document.getElementById("talk"); // not there for those who take no part
const form = document.getElementById("ask");
const box = form?.elements.text;
let waiting = []; // what is on its way: {kind, span, text, resolved, parent}

const quote = (id) => shortened(quoteOf(spanOf(id).fragments));
const entriesOf = () => talk.querySelectorAll("#threads > li[id]");

/* What is on its way */

function send(body, about) {
  waiting.push(body);
  show();
  return put([{ kind: "comments", body, quote: about }]);
}

async function recall() {
  waiting = (await outbox.waiting()).filter(({ set, kind }) => set === page.set && kind === "comments").map(({ body }) => body);
}

/** Reads the threads anew, but not from under somebody who is writing an answer. */
async function refresh() {
  await recall();
  const response = await fetch(talk.dataset.url, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  if (!response?.ok || response.redirected) {
    show();
    return;
  }
  const html = await response.text();
  if (document.activeElement?.closest("#threads")?.contains(document.activeElement) && document.activeElement.value) {
    setTimeout(refresh, 2000);
    return;
  }
  htmx.swap(document.getElementById("threads"), html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  show();
}

/* What the page shows */

function show() {
  doubts.show(talk.querySelectorAll("#threads > [data-span]"), waiting);
  const threads = document.getElementById("threads");
  for (const shown of threads.querySelectorAll(".waiting")) shown.remove();
  for (const { text } of waiting) if (text) threads.append(waitingItem(text));
  const open = talk.querySelectorAll("#threads > [data-open]").length;
  document.getElementById("talk-count").textContent = open ? String(open) : "";
  threads.querySelector(".nothing")?.toggleAttribute("hidden", threads.children.length > 1);
  showCurrent();
}

function waitingItem(text) {
  const item = Object.assign(document.createElement("li"), { className: "thread waiting" });
  const words = Object.assign(document.createElement("p"), { className: "words", textContent: text });
  item.append(words, Object.assign(document.createElement("small"), { textContent: sentence("notYetSaved") }));
  return item;
}

function showCurrent() {
  const id = hand.current && spanOf(hand.current) ? hand.current : null;
  for (const entry of entriesOf()) entry.toggleAttribute("data-current", Boolean(id) && entry.dataset.span === id);
  const button = document.getElementById("unsure");
  if (button) button.ariaPressed = String(Boolean(id) && doubts.isUnsure(id));
  if (form && !box.value) aim(id);
}

/* The box is about the current span, or about the article. */
function aim(id) {
  form.elements.span.value = id ?? "";
  document.getElementById("ask-about").textContent = id ? sentence("askAboutSpan", { quote: quote(id) }) : sentence("askAboutArticle");
}

/* The commands */

export function toggleUnsure(id) {
  if (!talk || !page.own) return;
  const unsure = !doubts.isUnsure(id);
  send({ kind: "unsure", span: id, resolved: !unsure }, quote(id));
  say(unsure ? "markedUnsure" : "markedSure", { quote: quote(id) });
}

/** Opens the box for a question about the span, or about the article where there is none. */
export function ask(id) {
  if (!form) return;
  talk.open = true;
  aim(id && spanOf(id) ? id : null);
  box.focus();
  talk.scrollIntoView({ block: "nearest" });
}

function sendForm() {
  const text = box.value.trim();
  if (!text) return;
  send({ id: uuid7(), kind: form.elements.kind.value, text, span: form.elements.span.value || null }, shortened(text));
  box.value = "";
  say("asked");
  root.focus({ preventScroll: true });
  showCurrent();
}

function sendAnswer(answer) {
  const { text } = answer.elements;
  if (!text.value.trim()) return;
  const parent = answer.closest("li").id.slice(2);
  send({ id: uuid7(), parent, text: text.value.trim() }, shortened(text.value));
  text.value = "";
  answer.closest("details").open = false;
  say("asked");
}

/* Enter sends, as in a note; Ctrl with it as well, and does not submit the article. */
function sendWithEnter(event) {
  if (event.isComposing || !event.target.matches("textarea")) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    event.target.form.requestSubmit();
  }
  if (event.key === "Escape") root.focus({ preventScroll: true });
}

function goToPlace(event) {
  const link = event.target.closest(".place[href^='#s-']");
  const id = link?.getAttribute("href").slice(3);
  if (!id || !spanOf(id)) return;
  event.preventDefault();
  cursor.set(spanOf(id).fragments[0][0]);
  choose(id);
  root.focus({ preventScroll: true });
}

/** Begins, once the page has taken up what waits. */
export async function begin() {
  if (!talk) return;
  talk.addEventListener("submit", (event) => {
    const isAnswer = event.target.matches(".answer form");
    if (!isAnswer && event.target !== form) return; // closing a thread is left to htmx
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isAnswer) sendAnswer(event.target);
    else sendForm();
  }, { capture: true });
  talk.addEventListener("keydown", sendWithEnter);
  talk.addEventListener("click", goToPlace);
  talk.addEventListener("htmx:afterSettle", show);
  document.getElementById("unsure")?.addEventListener("click", () => { if (hand.current) toggleUnsure(hand.current); });
  document.getElementById("ask-span")?.addEventListener("click", () => ask(hand.current));
  root.addEventListener("marked", showCurrent);
  doubts.watch();
  onHandedIn((kind) => { if (kind === "comments" || kind === "flag") refresh(); });
  await recall();
  show();
  const asked = location.hash.startsWith("#s-") ? location.hash.slice(3) : "";
  if (asked && spanOf(asked)) choose(asked);
}
