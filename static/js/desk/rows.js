// The rows of the panel: the parts of the current span, its links from both ends, its attributes.

import { waysOf } from "./candidates.js";
import * as edits from "./edits.js";
import { element } from "./elements.js";
import { slice } from "./offsets.js";
import { labels, links, sentence, shortened } from "./page.js";
import { relations, spanOf } from "./pending.js";
import * as picker from "./picker.js";

function row(name, ...chips) {
  return element("div", { className: "linked", role: "group", ariaLabel: name }, element("span", { className: "quiet", textContent: name }), element("span", { className: "chosen" }, ...chips));
}

function taking(quote, said, take) {
  const chip = element("button", { type: "button", className: "chip", ariaLabel: said }, element("q", { textContent: quote }), element("span", { textContent: "×", ariaHidden: "true" }));
  chip.onclick = take;
  return chip;
}

/** The parts of a span that has several; each can be taken away. */
export function partRows(id, span) {
  if (span.fragments.length < 2) return [];
  return [row(sentence("parts"), ...span.fragments.map((fragment) => {
    const quote = shortened(slice(fragment));
    return taking(quote, sentence("removePart", { quote }), () => edits.removeFragments(id, [fragment], true));
  }))];
}

/** A row for each kind of link the span can have; where it can be either end, from the other end only if there are some. */
export function linkRows(id) {
  const ways = waysOf(id);
  const all = relations(); // once: it reads the whole list
  const madeOf = ({ label, reverse }) => all.filter((each) => each.label === label && (reverse ? each.target : each.source) === id);
  const isShown = (way) => !way.reverse || madeOf(way).length || !ways.some(({ label, reverse }) => label === way.label && !reverse);
  return ways.filter(isShown).map((way) => linkRow(id, way, madeOf(way)));
}

function linkRow(id, way, made) {
  const link = links.get(way.label);
  const name = picker.nameOfWay(way);
  const chips = made.map((relation) => {
    const quote = picker.nameOf(way.reverse ? relation.source : relation.target);
    return taking(quote, sentence("removeLink", { link: name, quote }), () => edits.unlinkSpans(relation));
  });
  const add = element("button", { type: "button", className: "chip add", ariaLabel: sentence("addLink", { link: name }) }, "+ ");
  if (link.shortcut && !way.reverse) add.append(element("kbd", { textContent: link.shortcut }));
  add.onclick = () => picker.pickWay(id, way);
  return row(name, ...chips, add);
}

/** The choices of the span's attributes; `t` numbers them. */
export function attributeRows(id, span) {
  let place = 0;
  return (labels.get(span.label)?.attributes ?? []).map(({ key, name, choices }) => row(name, ...choices.map((choice) => {
    const digit = picker.digitOf(place++);
    const chip = element("button", { type: "button", className: "chip", ariaPressed: String(span.attributes?.[key] === choice), textContent: choice });
    if (digit) chip.prepend(element("kbd", { textContent: String(digit) }), " ");
    chip.onclick = () => setAttribute(id, key, choice);
    return chip;
  })));
}

/** Gives the span the choice, or takes it away where it has it. */
export function setAttribute(id, key, choice) {
  const { attributes = {} } = spanOf(id);
  const { [key]: now, ...others } = attributes;
  picker.close();
  edits.changeSpan(id, { attributes: now === choice ? others : { ...attributes, [key]: choice } });
}
