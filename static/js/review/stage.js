// Which disagreement is on the stage: its versions at the right, their lanes in the text, its place in the list; and the
// server's truth, which replaces what is shown whenever it comes.

import { repaint } from "../desk/ink.js";
import { boxOf, indexParagraphs, root } from "../desk/offsets.js";
import * as edit from "./edit.js";
import { drawLanes, drawVersions, fragmentsOf, point } from "./lanes.js";
import * as similar from "./similar.js";

const page = document.getElementById("review");
const live = document.getElementById("live");
let current = document.querySelector("#conflicts [aria-current]")?.id.slice(2) ?? null;
let held = null; // truth that came while somebody edits or writes

const panelOf = (id) => document.getElementById(`v-${id}`);
const itemOf = (id) => document.getElementById(`r-${id}`);
const items = () => [...document.querySelectorAll("#conflicts > li")];

export const panel = () => panelOf(current);
export const currentId = () => current;
export function say(text) {
  live.textContent = text;
}

/** The parameters that every address and form of the page carries along. */
export function place(values) {
  const given = { kind: page.dataset.kind, names: page.dataset.names, ...values };
  return Object.entries(given).filter(([, value]) => value);
}

const addressOf = (id) => `${page.dataset.url}?${new URLSearchParams(place({ at: id }))}`;

const places = () => [...(panel()?.querySelectorAll(".versions [data-at]") ?? [])].map(({ dataset }) => [dataset.key, fragmentsOf(dataset.at)]);

function paintVersions() {
  const found = places();
  point([]);
  drawVersions(found);
  const all = found.flatMap(([, fragments]) => fragments).sort((one, other) => one[0] - other[0]);
  similar.show(all.map((pair) => pair.join("-")).join(","), panel()?.dataset.label ?? "");
  return all;
}

function reveal(fragments) {
  if (!fragments.length) return;
  const box = boxOf(fragments[0]);
  const beside = document.getElementById("beside");
  const floor = getComputedStyle(beside).position === "sticky" && beside.getBoundingClientRect().top > innerHeight * 0.3
    ? beside.getBoundingClientRect().top : innerHeight;
  if (box.top < 90 || box.bottom > floor - 40) scrollBy({ top: box.top - floor * 0.4, behavior: "instant" });
}

function announce(before = "") {
  const heading = panel()?.querySelector("h2").textContent ?? "";
  const versions = [...(panel()?.querySelectorAll(".versions [data-at]") ?? [])];
  say([before, heading, ...versions.map((button) => `${button.dataset.key}: ${[...button.querySelectorAll("q")].map((q) => q.textContent).join(" → ")}`)].filter(Boolean).join(". "));
}

function show({ focus = false, scroll = true } = {}) {
  for (const section of document.querySelectorAll("#panels > section")) section.hidden = section.dataset.row !== current;
  for (const item of items()) {
    if (item.id === `r-${current}`) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
  const fragments = paintVersions();
  if (scroll) {
    itemOf(current)?.scrollIntoView({ block: "nearest", behavior: "instant" });
    reveal(fragments);
  }
  if (focus) panel()?.querySelector("h2").focus({ preventScroll: true });
}

/** Goes to a disagreement; where its versions are not on the page, they are fetched. `said` is told with it. */
export async function go(id, { said = "", ...options } = {}) {
  edit.leave();
  current = id;
  history.replaceState(null, "", addressOf(id));
  if (!panelOf(id)) await load(id);
  if (current !== id) return;
  show(options);
  announce(said);
}

export async function load(id) {
  const response = await fetch(addressOf(id), { headers: { "HX-Request": "true" } });
  if (response.ok) apply(await response.text());
}

/** The next disagreement in a direction; `open` skips what is decided. Null when there is none. */
export function neighbour(direction, { open = false } = {}) {
  const list = items();
  const at = list.findIndex((item) => item.id === `r-${current}`);
  for (let step = 1; step <= list.length; step++) {
    const item = list[(at + step * direction + list.length * 2) % list.length];
    if (item.id !== `r-${current}` && (!open || item.dataset.state !== "decided")) return item.id.slice(2);
  }
  return null;
}

/** Shows a decision before the server has answered. */
export function foresee(id) {
  const item = itemOf(id);
  if (item) item.dataset.state = "decided";
}

const isWriting = () => edit.isActive() || document.activeElement?.matches("#panels :is(textarea, input[name=fragments], select)");

/** Replaces what is shown by what the server says, unless somebody is editing: then as soon as that ends. */
export function apply(html) {
  if (isWriting()) {
    held = html;
    return null;
  }
  held = null;
  const truth = new DOMParser().parseFromString(html, "text/html").getElementById("truth");
  if (!truth) return null;
  const focus = rememberedFocus();
  const begun = panel();
  for (const id of ["state", "undo", "finish", "side", "lanes", "panels"]) {
    const scrolled = document.getElementById(id).scrollTop;
    document.getElementById(id).replaceWith(document.adoptNode(truth.querySelector(`#${id}`)));
    document.getElementById(id).scrollTop = scrolled;
  }
  if (isBegun(begun)) panel()?.replaceWith(begun); // what was written there is not lost
  const text = truth.querySelector("#text").innerHTML;
  if (text !== root.innerHTML) {
    root.innerHTML = text;
    indexParagraphs();
    repaint();
  }
  drawLanes();
  show({ scroll: false });
  focus();
  return truth.dataset;
}

/* Whether something is chosen or written in a panel that is not sent yet. */
function isBegun(section) {
  if (!section) return false;
  const isWritten = [...section.querySelectorAll("textarea")].some(({ value, defaultValue }) => value !== defaultValue);
  return isWritten || section.querySelector(":is([name=alike]:checked, details.edit[open])") !== null;
}

function rememberedFocus() {
  const element = document.activeElement;
  const { id } = element;
  const name = element.closest?.("#panels section") && element.dataset.key;
  const where = element.closest?.("#conflicts li")?.id;
  return () => {
    if (document.contains(document.activeElement) && document.activeElement !== document.body) return;
    const again = where ? document.querySelector(`#${CSS.escape(where)} a`) : name ? panel()?.querySelector(`[data-key="${name}"]`) : document.getElementById(id);
    (again ?? (element !== document.body ? panel()?.querySelector("h2") : null))?.focus({ preventScroll: true });
  };
}

/* A version that is pointed at stands out in the text. */
for (const [begins, ends] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(begins, ({ target }) => {
    const button = target.closest?.(".versions [data-at]");
    if (button) point(fragmentsOf(button.dataset.at));
  });
  document.addEventListener(ends, ({ target }) => { if (target.closest?.(".versions [data-at]")) point([]); });
}
document.addEventListener("focusout", () => setTimeout(() => { if (held) apply(held); }));

indexParagraphs();
drawLanes();
if (current) show();
