// The current span beside the text: its label, parts, links, attributes, entity and note, all within reach of the mouse.

import { canContinue } from "./continuing.js";
import * as edits from "./edits.js";
import { identical } from "./mentions.js";
import { root, slice } from "./offsets.js";
import { labels, sentence, shortened } from "./page.js";
import { spanOf } from "./pending.js";
import * as picker from "./picker.js";
import { attributeRows, linkRows, partRows, setAttribute } from "./rows.js";

const panel = document.getElementById("panel"); // not there when the work can only be read
const part = (name) => panel.querySelector(`[data-part="${name}"]`);
let current = null;

/** Shows a span (null: nothing) as it is now. */
export function show(id) {
  if (id !== current) picker.close();
  current = id;
  if (!panel) return;
  const span = id && spanOf(id);
  panel.hidden = !span;
  document.documentElement.toggleAttribute("data-panel", Boolean(span));
  if (!span) return;
  const label = labels.get(span.label);
  part("letter").className = `letter p${label?.slot}`;
  part("letter").textContent = label?.letter ?? "";
  part("quote").textContent = picker.nameOf(id);
  for (const button of part("labels").children) button.ariaPressed = String(button.dataset.relabel === span.label);
  keepPlace(() => {
    part("links").replaceChildren(...partRows(id, span), ...linkRows(id));
    part("attributes").replaceChildren(...attributeRows(id, span));
    picker.draw(part("choices"), part("way"));
  });
  for (const field of ["entity", "note"]) {
    const input = part(field);
    if (document.activeElement !== input || input.dataset.of !== id) input.value = span[field] ?? "";
    input.dataset.of = id;
  }
  offer(id);
}

/* The button with the focus may be replaced: then the text has it, where all keys work. */
function keepPlace(work) {
  const hadFocus = ["links", "attributes", "choices"].some((name) => part(name).contains(document.activeElement));
  work();
  if (hadFocus) root.focus({ preventScroll: true });
}

let offering = 0;
/* Looks through the whole text, so not before what was done is painted. */
function offer(id) {
  clearTimeout(offering);
  if (part("alike").dataset.of !== id) part("alike").hidden = true;
  part("goesOn").hidden = true;
  offering = setTimeout(() => {
    const span = id === current ? spanOf(id) : null;
    const alike = span ? identical(id).length : 0;
    part("alike").dataset.of = id;
    part("alike").hidden = !alike;
    part("alikeText").textContent = sentence(alike === 1 ? "oneAlike" : "alike", { count: alike });
    const next = span && canContinue(span);
    part("goesOn").hidden = !next;
    if (next) part("goesOnText").textContent = sentence("goesOn", { quote: shortened(slice(next)) });
  }, 60);
}

/** Numbers the choices of the current span's attributes; says them. */
export const pickAttribute = () => picker.pickAttribute(current, (key, choice) => setAttribute(current, key, choice));

/** Opens the numbered spans that the current one can be linked to; says them. */
export const pickLink = (label) => picker.pickLink(current, label);

/** Closes the choices; whether there were any. */
export function closeChoices() {
  const wasOpen = picker.close();
  if (wasOpen) show(current);
  return wasOpen;
}

export function focusField(name) {
  if (panel.hidden) return;
  part(name).focus();
  part(name).select();
}

/** `desk` has remove(), alike(), goOn(), leave() and marked(). */
export function listen(desk) {
  if (!panel) return;
  picker.onChange(() => {
    show(current);
    desk.marked();
  });
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
  part("goesOn").addEventListener("click", desk.goOn);
  part("remove").addEventListener("click", desk.remove);
  part("close").addEventListener("click", desk.leave);
}
