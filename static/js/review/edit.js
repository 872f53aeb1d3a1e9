// The edit mode: another label or other borders than any version has. The range is in the form; here it is moved by the
// mouse and the keys, and painted.

import { paint } from "../desk/ink.js";
import { quoteOf, root } from "../desk/offsets.js";
import { selectedFragments, snap } from "../desk/text.js";

let details = null;
let fragments = [];

export const isActive = () => details !== null;

const field = (name) => details.querySelector(`[name="${name}"]`);
const written = () => fragments.map(([start, end]) => `${start}-${end}`).join(",");

function read(text) {
  const parts = text.split(",").map((part) => part.trim().match(/^(\d+)-(\d+)$/u));
  if (!parts.every(Boolean)) return null;
  const found = parts.map(([, start, end]) => [Number(start), Number(end)]);
  return found.every(([start, end]) => start < end) ? found : null;
}

function show() {
  paint("edited", fragments);
  details.querySelector(".edited").textContent = quoteOf(fragments);
}

function set(next) {
  fragments = next;
  field("fragments").value = written();
  show();
}

export function start(section) {
  const found = section.querySelector("details.edit");
  if (!found || details === found) return;
  leave();
  details = found;
  details.open = true;
  for (const element of details.querySelectorAll(".hint, .leave")) element.hidden = false;
  fragments = read(field("fragments").value) ?? [];
  show();
  root.focus({ preventScroll: true });
}

export function leave() {
  if (!details) return;
  const left = details;
  details = null;
  left.open = false;
  paint("edited", []);
  left.querySelector("[name=fragments]").value = left.querySelector("[name=fragments]").defaultValue;
}

const keep = () => details.closest("form").requestSubmit(details.querySelector(".keep"));

/** Moves an end by one grapheme; the other end stays. */
function nudge(isStart, direction) {
  const index = isStart ? 0 : fragments.length - 1;
  const [start, end] = fragments[index];
  for (let step = 1; step < 40; step++) {
    const wanted = isStart ? [start + step * direction, end] : [start, end + step * direction];
    if (wanted[0] >= wanted[1] || wanted[0] < 0) return;
    const [from, to] = snap(wanted, true) ?? [start, end];
    const moved = isStart ? from !== start && [from, end] : to !== end && [start, to];
    if (!moved) continue;
    set(fragments.map((fragment, number) => (number === index ? moved : fragment)));
    return;
  }
}

/** Whether the key belongs to the edit mode. */
export function key(event) {
  if (!details) return false;
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Escape") leave();
  else if (event.key === "Enter" && !event.target.matches("button, summary")) keep();
  else if (typing) return true;
  else if (event.altKey && ["ArrowLeft", "ArrowRight"].includes(event.key)) nudge(event.shiftKey, event.key === "ArrowRight" ? 1 : -1);
  else {
    const option = details.querySelector(`option[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!option || event.ctrlKey || event.metaKey || event.altKey) return !event.ctrlKey && !event.metaKey;
    field("label").value = option.value;
  }
  event.preventDefault();
  return true;
}

root.addEventListener("pointerup", (event) => {
  if (!details) return;
  setTimeout(() => { // the browser's own selection is right only after the event
    const selected = details ? selectedFragments(event.altKey) : [];
    if (!selected.length) return;
    getSelection().removeAllRanges();
    set(selected);
  });
});

document.addEventListener("input", (event) => {
  if (!details?.contains(event.target) || event.target.name !== "fragments") return;
  const next = read(event.target.value);
  if (!next) return;
  fragments = next;
  show();
});
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.edit")) return;
  if (event.target.open) start(event.target.closest("section"));
  else if (event.target === details) leave();
}, true);
document.addEventListener("click", (event) => {
  if (event.target.closest(".leave")) leave();
});
