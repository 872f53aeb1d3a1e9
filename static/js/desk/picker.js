// The numbered choices: at which span a link ends, or which attribute a span has. A digit, a click on the list or, for a
// link, on the span in the text takes one; 0 shows the next nine.

import { candidates, waysOf } from "./candidates.js";
import * as edits from "./edits.js";
import { element } from "./elements.js";
import { quoteOf } from "./offsets.js";
import { labels, links, sentence, shortened } from "./page.js";
import { relations, spanOf } from "./pending.js";

const PAGE = 9;
let picking = null; // {kind: "link" | "attribute", of, options: [{id?, text, take}], first, ways?, way?, preferred?}
let changed = () => {};

/** `callback()` is to show what is open now. */
export function onChange(callback) {
  changed = callback;
}

export const isOpen = (kind) => picking?.kind === kind;
export const nameOf = (id) => shortened(quoteOf(spanOf(id).fragments));
export const nameOfWay = ({ label, reverse }) => (reverse ? sentence("fromOtherEnd", { link: links.get(label).name }) : links.get(label).name);
const shown = () => picking?.options.slice(picking.first, picking.first + PAGE) ?? [];
const numbered = () => shown().map(({ text }, index) => `${index + 1} ${text}`).join(", ");

/** Opens the spans a link of this relation label (null: of any) could lead to; once more: the next kind of link. Says it. */
export function pickLink(id, preferred = null) {
  const ways = waysOf(id, preferred);
  if (!ways.length) return sentence("noLinks");
  if (preferred && ways[0].label !== preferred) {
    const rule = links.get(preferred);
    return sentence("linkNeeds", { link: rule.name, label: labels.get(rule.source)?.name ?? "" });
  }
  const isAgain = isOpen("link") && picking.of === id && picking.preferred === preferred;
  return openWay(id, ways, isAgain ? (picking.way + 1) % ways.length : 0, preferred);
}

/** Opens the spans at the other end of one kind of link. */
export function pickWay(id, { label, reverse }) {
  const ways = waysOf(id, label);
  return openWay(id, ways, ways.findIndex((way) => way.label === label && way.reverse === reverse), label);
}

function openWay(id, ways, way, preferred) {
  const { label, reverse } = ways[way];
  const options = candidates(id, ways[way]).map((other) => ({
    id: other,
    text: nameOf(other),
    take: () => (reverse ? edits.linkSpans(other, label, id) : edits.linkSpans(id, label, other)),
  }));
  picking = { kind: "link", of: id, options, first: 0, ways, way, preferred };
  changed();
  if (!options.length) return `${nameOfWay(ways[way])}: ${none()}`;
  return `${nameOfWay(ways[way])}: ${numbered()}`;
}

/** Numbers the choices of the attributes; says them. */
export function pickAttribute(id, take) {
  const attributes = labels.get(spanOf(id)?.label)?.attributes ?? [];
  if (!attributes.length) return sentence("noAttributes");
  const options = attributes.flatMap(({ key, choices }) => choices.map((choice) => ({ text: choice, take: () => take(key, choice) })));
  picking = { kind: "attribute", of: id, options, first: 0 };
  changed();
  return numbered();
}

/** The digit that takes an attribute's choice, by its place among all of them; null while it has none. */
export function digitOf(place) {
  const digit = isOpen("attribute") ? place - picking.first + 1 : 0;
  return digit >= 1 && digit <= PAGE ? digit : null;
}

/** A digit takes a choice while there are some, 0 goes on to the next nine; what to say then, or null if there are none. */
export function digit(number) {
  if (!picking) return null;
  if (number === 0) {
    picking.first = picking.first + PAGE < picking.options.length ? picking.first + PAGE : 0;
    changed();
    return numbered();
  }
  const chosen = shown()[number - 1];
  if (chosen) take(chosen);
  return "";
}

/** A click on a span in the text takes it while it is a choice; whether it was. */
export function takeSpan(id) {
  const chosen = isOpen("link") && picking.options.find((option) => option.id === id);
  if (chosen) take(chosen);
  return Boolean(chosen);
}

function take(chosen) {
  picking = null;
  chosen.take();
  changed();
}

/** Closes the choices; whether there were any. */
export function close() {
  const wasOpen = Boolean(picking);
  picking = null;
  return wasOpen;
}

/** The spans that are numbered now, the first has the number 1. */
export const choices = () => (isOpen("link") ? shown().map(({ id }) => id) : []);

/** Shows the choices of a link in the list and its caption. */
export function draw(list, caption) {
  list.hidden = caption.hidden = !isOpen("link");
  if (list.hidden) {
    list.replaceChildren();
    return;
  }
  const { of, options, first, ways, way, preferred } = picking;
  const { label, reverse } = ways[way];
  caption.replaceChildren(nameOfWay(ways[way]), ...nextWay(ways, way, preferred));
  const made = new Set(relations().filter((each) => each.label === label && (reverse ? each.target : each.source) === of).map((each) => (reverse ? each.source : each.target)));
  list.replaceChildren(...shown().map(({ id, text }, index) => choice(index + 1, element("q", { textContent: text }), made.has(id))));
  if (!options.length) list.append(element("li", { className: "quiet", textContent: none() }));
  if (options.length > PAGE) list.append(choice(0, sentence("moreChoices", { from: first + 1, to: Math.min(first + PAGE, options.length), all: options.length })));
}

function none() {
  const { label, reverse } = picking.ways[picking.way];
  const rule = links.get(label);
  return sentence("noCandidates", { label: labels.get(reverse ? rule.source : rule.target)?.name ?? "" });
}

function nextWay(ways, way, preferred) {
  if (ways.length < 2) return [];
  const key = links.get(preferred)?.shortcut || "m";
  return [" · ", element("kbd", { textContent: key }), ` ${nameOfWay(ways[(way + 1) % ways.length])}`];
}

function choice(number, text, isMade) {
  const button = element("button", { type: "button" }, element("kbd", { textContent: String(number) }), text);
  if (isMade !== undefined) button.ariaPressed = String(isMade);
  button.onclick = () => digit(number);
  return element("li", {}, button);
}
