// What is painted over the server's segments: only what is in flight or under the hand. CSS Custom Highlights paint it
// without touching the text; where the browser has none, boxes in a layer beside the text do.

import { root, rangesOf } from "./offsets.js";

const layer = document.getElementById("ink");
const PRIORITY = { linked: 1, current: 1, hover: 2, selection: 3, cursor: 4 };

class HighlightInk {
  constructor(name) {
    this.highlight = new Highlight();
    this.highlight.priority = PRIORITY[name] ?? 0;
    CSS.highlights.set(name, this.highlight);
  }

  set(ranges) {
    this.highlight.clear();
    for (const range of ranges) this.highlight.add(range);
  }
}

class BoxInk {
  constructor(name) {
    this.name = name;
    this.ranges = [];
    addEventListener("resize", () => this.draw());
  }

  set(ranges) {
    this.ranges = ranges;
    this.draw();
  }

  draw() {
    for (const box of layer.querySelectorAll(`[data-ink="${this.name}"]`)) box.remove();
    const origin = layer.getBoundingClientRect();
    for (const range of this.ranges) {
      const live = document.createRange();
      live.setStart(range.startContainer, range.startOffset);
      live.setEnd(range.endContainer, range.endOffset);
      for (const rect of live.getClientRects()) {
        const box = document.createElement("div");
        box.dataset.ink = this.name;
        box.style.left = `${rect.left - origin.left}px`;
        box.style.top = `${rect.top - origin.top}px`;
        box.style.width = `${rect.width}px`;
        box.style.height = `${rect.height}px`;
        layer.append(box);
      }
    }
  }
}

const inks = new Map();
const shown = new Map(); // what is painted, as fragments, so that it can be painted again after a swap

function inkOf(name) {
  if (!inks.has(name)) inks.set(name, "highlights" in CSS ? new HighlightInk(name) : new BoxInk(name));
  return inks.get(name);
}

/** Paints the fragments under a name of desk.css; an empty list wipes it. */
export function paint(name, fragments) {
  if (!fragments.length && !shown.get(name)?.length) return;
  shown.set(name, fragments);
  inkOf(name).set(rangesOf(fragments));
}

/** Ranges into a swapped paragraph are dead: makes all of them again from their offsets. */
export function repaint() {
  for (const [name, fragments] of shown) inkOf(name).set(rangesOf(fragments));
}

/** The ids of the spans under a place, the innermost first. Segments tell; a caret position would round at borders. */
export function spansAtPlace(x, y) {
  const segment = document.elementFromPoint(x, y)?.closest?.(".s");
  return segment && root.contains(segment) ? segment.dataset.s.split(" ") : [];
}
