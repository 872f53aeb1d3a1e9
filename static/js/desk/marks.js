// What is drawn above the text while it is needed: the numbers of the choices at the spans, and the lines from the current
// span to those it is linked to. The layer stands outside the text, so the text stays what it is.

import { element, shape } from "./elements.js";
import { paint } from "./ink.js";
import { boxesOf, paragraphAt, root } from "./offsets.js";
import { relations, spanOf } from "./pending.js";
import * as picker from "./picker.js";

const layer = document.getElementById("marks");
const GUTTER = 10; // pixels beside the text
let drawing = 0;
let current = null;

/* The spans at the other ends of a span's links. */
const linkedTo = (id) => relations().filter(({ source, target }) => source === id || target === id).map(({ source, target }) => (source === id ? target : source));

/** Draws anew for this current span (or none); not before what was done is painted, for it reads and lays out the page. */
export function draw(id) {
  const isEmpty = !id && !current && !layer.childElementCount;
  current = id;
  clearTimeout(drawing);
  if (!isEmpty) drawing = setTimeout(drawNow, 20);
}

function drawNow() {
  layer.replaceChildren();
  const linked = current && spanOf(current) ? linkedTo(current) : [];
  paint("linked", linked.flatMap((id) => spanOf(id)?.fragments ?? []));
  if (!linked.length && !picker.isOpen("link")) return;
  const origin = layer.getBoundingClientRect();
  const placeOf = (id) => place(spanOf(id)?.fragments[0], origin);
  if (linked.length) layer.append(lines(placeOf(current), linked.map(placeOf).filter(Boolean), origin));
  picker.choices().forEach((id, index) => {
    const box = placeOf(id);
    if (!box) return;
    const badge = element("span", { className: "number", textContent: String(index + 1) });
    badge.onclick = () => picker.digit(index + 1);
    badge.onpointerdown = (event) => event.preventDefault(); // the text keeps the focus
    Object.assign(badge.style, { left: `${box.isRightToLeft ? box.right : box.left}px`, top: `${box.top}px` });
    layer.append(badge);
  });
}

/* The first line of a fragment, measured from the layer's corner. */
function place(fragment, origin) {
  const [first] = fragment ? boxesOf(fragment) : [];
  if (!first) return null;
  const isRightToLeft = getComputedStyle(paragraphAt(fragment[0])).direction === "rtl";
  return { left: first.left - origin.left, right: first.right - origin.left, top: first.top - origin.top, bottom: first.bottom - origin.top, isRightToLeft };
}

/* From the span down or up the gutter, then along the white between two lines of text to the other span. */
function lines(from, targets, origin) {
  const drawn = shape("svg", { width: origin.width, height: origin.height, class: "lines" });
  const width = root.getBoundingClientRect().width;
  for (const to of targets) {
    const gutter = from.isRightToLeft ? width + GUTTER : -GUTTER;
    const [begin, end] = from.isRightToLeft ? [from.right, to.right] : [from.left, to.left];
    const [y, z] = [from.top - 1, to.top - 1];
    const isNear = Math.abs(y - z) < 4;
    const path = isNear
      ? `M ${begin + 6} ${y} C ${begin + 6} ${y - 14}, ${end + 6} ${y - 14}, ${end + 6} ${y}`
      : `M ${begin} ${y} L ${gutter} ${y} L ${gutter} ${z} L ${end} ${z}`;
    drawn.append(shape("path", { d: path }), shape("circle", { cx: isNear ? end + 6 : end, cy: z, r: 3 }));
  }
  return drawn;
}

addEventListener("resize", () => draw(current));
