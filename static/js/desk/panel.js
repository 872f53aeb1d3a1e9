// The current span beside the text: its label, links, attributes, entity and note, all within reach of the mouse, and the
// numbered choices that a digit takes.

import * as edits from "./edits.js";
import { quoteOf, root } from "./offsets.js";
import { labels, links, sentence, shortened } from "./page.js";
import { relations, spanOf } from "./pending.js";

const panel = document.getElementById("panel"); // not there when the work can only be read
const part = (name) => panel.querySelector(`[data-part="${name}"]`);
let current = null;
let picking = null; // {kind: "link" | "attribute", label?, options: [{text, take}]}

const nameOf = (id) => shortened(quoteOf(spanOf(id).fragments));

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Shows a span (null: nothing) as it is now. */
export function show(id) {
  if (id !== current) picking = null;
  current = id;
  if (!panel) return;
  const span = id && spanOf(id);
  panel.hidden = !span;
  document.documentElement.toggleAttribute("data-panel", Boolean(span));
  if (!span) return;
  const label = labels.get(span.label);
  part("letter").className = `letter p${label?.slot}`;
  part("letter").textContent = label?.letter ?? "";
  part("quote").textContent = nameOf(id);
  for (const button of part("labels").children) button.ariaPressed = String(button.dataset.relabel === span.label);
  part("links").replaceChildren(...linkRows(id, span));
  part("attributes").replaceChildren(...attributeRows(id, span, label));
  for (const field of ["entity", "note"]) {
    const input = part(field);
    if (document.activeElement !== input || input.dataset.of !== id) input.value = span[field] ?? "";
    input.dataset.of = id;
  }
  countAlike(id);
  showChoices();
}

let counting = 0;
/* Looks through the whole text, so not before what was done is painted. */
function countAlike(id) {
  clearTimeout(counting);
  if (part("alike").dataset.of !== id) part("alike").hidden = true;
  counting = setTimeout(() => {
    const alike = id === current && spanOf(id) ? edits.identical(id).length : 0;
    part("alike").dataset.of = id;
    part("alike").hidden = !alike;
    part("alikeText").textContent = sentence(alike === 1 ? "oneAlike" : "alike", { count: alike });
  }, 60);
}

function linkRows(id, span) {
  const rows = [];
  for (const link of links.values()) {
    if (link.source && link.source !== span.label) continue;
    const chips = element("span", { className: "chosen" });
    const row = element("div", { className: "linked" }, element("span", { className: "quiet", textContent: link.name }), chips);
    const made = relations().filter(({ source, label }) => source === id && label === link.key);
    for (const relation of made) {
      const quote = nameOf(relation.target);
      const remove = element("button", { type: "button", className: "chip", ariaLabel: sentence("removeLink", { link: link.name, quote }) });
      remove.append(element("q", { textContent: quote }), element("span", { textContent: "×", ariaHidden: "true" }));
      remove.onclick = () => edits.unlinkSpans(relation);
      chips.append(remove);
    }
    const add = element("button", { type: "button", className: "chip add", ariaLabel: sentence("addLink", { link: link.name }) }, "+ ");
    if (link.shortcut) add.append(element("kbd", { textContent: link.shortcut }));
    add.onclick = () => pickLink(link.key);
    chips.append(add);
    rows.push(row);
  }
  return rows;
}

function attributeRows(id, span, label) {
  let digit = 0;
  return (label?.attributes ?? []).map(({ key, name, choices }) => {
    const chips = element("span", { className: "chosen" });
    const row = element("div", { className: "linked", role: "group", ariaLabel: name }, element("span", { className: "quiet", textContent: name }), chips);
    for (const choice of choices) {
      digit++;
      const isSet = span.attributes?.[key] === choice;
      const chip = element("button", { type: "button", className: "chip", ariaPressed: String(isSet), textContent: choice });
      if (picking?.kind === "attribute" && digit <= 9) chip.prepend(element("kbd", { textContent: String(digit) }), " ");
      chip.onclick = () => setAttribute(key, choice);
      chips.append(chip);
    }
    return row;
  });
}

function setAttribute(key, choice) {
  const { attributes = {} } = spanOf(current);
  const { [key]: now, ...others } = attributes;
  picking = null;
  edits.changeSpan(current, { attributes: now === choice ? others : { ...attributes, [key]: choice } });
}

/** Opens the numbered list of spans a link of this label could lead to; says what is in it. */
export function pickLink(label) {
  const span = current && spanOf(current);
  const link = links.get(label);
  if (!span || (link.source && link.source !== span.label)) {
    return sentence("linkNeeds", { link: link.name, label: labels.get(link.source)?.name ?? "" });
  }
  const found = edits.candidates(current, label);
  picking = {
    kind: "link",
    label,
    options: found.map((id) => ({ id, text: nameOf(id), take: () => edits.linkSpans(current, label, id) })),
  };
  showChoices();
  if (!found.length) return sentence("noCandidates", { label: labels.get(link.target)?.name ?? "" });
  return `${link.name}: ${picking.options.map(({ text }, i) => `${i + 1} ${text}`).join(", ")}`;
}

/** Numbers the choices of the attributes; says them. */
export function pickAttribute() {
  const attributes = labels.get(spanOf(current)?.label)?.attributes ?? [];
  if (!attributes.length) return sentence("noAttributes");
  const all = attributes.flatMap(({ key, choices }) => choices.map((choice) => ({ text: choice, take: () => setAttribute(key, choice) })));
  picking = { kind: "attribute", options: all.slice(0, 9) };
  show(current);
  return picking.options.map(({ text }, i) => `${i + 1} ${text}`).join(", ");
}

/** A digit takes a choice while there are some; whether it did. */
export function digit(number) {
  if (!picking) return false;
  const { take } = picking.options[number - 1] ?? {};
  if (take) {
    picking = null;
    take();
    show(current);
  }
  return true;
}

/** Closes the choices; whether there were any. */
export function closeChoices() {
  if (!picking) return false;
  picking = null;
  show(current);
  return true;
}

/** The spans that are numbered now, for painting. */
export const choices = () => (picking?.kind === "link" ? picking.options.map(({ id }) => id) : []);

function showChoices() {
  const box = part("choices");
  const isOpen = picking?.kind === "link";
  box.hidden = !isOpen;
  if (!isOpen) {
    box.replaceChildren();
    return;
  }
  const made = new Set(relations().filter(({ source, label }) => source === current && label === picking.label).map(({ target }) => target));
  box.replaceChildren(...picking.options.map(({ id, text }, index) => {
    const button = element("button", { type: "button", ariaPressed: String(made.has(id)) });
    button.append(element("kbd", { textContent: String(index + 1) }), element("q", { textContent: text }));
    button.onclick = () => digit(index + 1);
    return element("li", {}, button);
  }));
  if (!picking.options.length) box.append(element("li", { className: "quiet", textContent: sentence("noCandidates", { label: labels.get(links.get(picking.label).target)?.name ?? "" }) }));
}

export function focusField(name) {
  if (panel.hidden) return;
  part(name).focus();
  part(name).select();
}

/** `desk` has remove(), alike() and leave(). */
export function listen(desk) {
  if (!panel) return;
  part("labels").addEventListener("click", ({ target }) => {
    const key = target.closest("[data-relabel]")?.dataset.relabel;
    if (key) edits.changeSpan(current, { label: key });
  });
  for (const field of ["entity", "note"]) {
    const input = part(field);
    input.addEventListener("change", () => { if (spanOf(input.dataset.of)) edits.changeSpan(input.dataset.of, { [field]: input.value.trim() }); });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") input.value = spanOf(current)?.[field] ?? "";
      else if (event.key !== "Enter" || (field === "note" && event.shiftKey)) return;
      event.preventDefault();
      input.blur();
      root.focus({ preventScroll: true });
    });
  }
  part("alike").addEventListener("click", desk.alike);
  part("remove").addEventListener("click", desk.remove);
  part("close").addEventListener("click", desk.leave);
}
