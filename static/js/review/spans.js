// The spans of the edit mode: the rows of its form are the state; here they are read, written and painted.

import { paint } from "../desk/ink.js";
import { quoteOf } from "../desk/offsets.js";
import { fragmentsOf } from "./lanes.js";

const data = document.getElementById("labels-data");
export const labels = data ? JSON.parse(data.textContent) : [];
const written = (fragments) => fragments.map(([start, end]) => `${start}-${end}`).join(",");
const inOrder = (fragments) => [...fragments].sort((one, other) => one[0] - other[0]);

/** The label that a key of the desk stands for: its letter, or a digit by its place. */
export function labelOf(key) {
  return labels.find(({ shortcut }) => shortcut && shortcut === key) ?? (/^[1-9]$/u.test(key) ? labels[Number(key) - 1] : null);
}

/** Joins what touches or overlaps: a span has disjoint parts. */
function joined(fragments) {
  const found = [];
  for (const [start, end] of inOrder(fragments)) {
    const last = found.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

const without = (fragments, [from, to]) => fragments.flatMap(([start, end]) => [[start, Math.min(end, from)], [Math.max(start, to), end]].filter(([a, b]) => a < b));

export class Rows {
  constructor(list) {
    this.list = list;
    this.original = list.innerHTML;
    this.blank = list.firstElementChild.cloneNode(true);
    this.spans = [];
    this.current = 0;
    this.past = [];
  }

  /** Begins with these spans: `[{label, at, attributes}]`. */
  begin(spans) {
    this.spans = spans.map(({ label, at, attributes }) => ({ label, fragments: fragmentsOf(at), attributes: { ...attributes } }));
    this.current = 0;
    this.past = [];
    this.draw();
  }

  leave() {
    this.list.innerHTML = this.original;
    this.spans = [];
    this.paint();
  }

  get span() {
    return this.spans[this.current] ?? null;
  }

  change(act) {
    this.past.push(JSON.stringify([this.spans, this.current]));
    act();
    this.current = Math.max(0, Math.min(this.current, this.spans.length - 1));
    this.draw();
  }

  back() {
    if (!this.past.length) return;
    [this.spans, this.current] = JSON.parse(this.past.pop());
    this.draw();
  }

  add(label, fragments) {
    this.change(() => { this.current = this.spans.push({ label, fragments: joined(fragments), attributes: {} }) - 1; });
  }

  relabel(label) {
    if (this.span) this.change(() => Object.assign(this.span, { label, attributes: this.span.label === label ? this.span.attributes : {} }));
  }

  replace(fragments) {
    if (this.span) this.change(() => { this.span.fragments = joined(fragments); });
  }

  addPart(fragments) {
    if (this.span) this.change(() => { this.span.fragments = joined([...this.span.fragments, ...fragments]); });
  }

  takePart(fragment) {
    const left = this.span ? without(this.span.fragments, fragment ?? this.span.fragments.at(-1)) : [];
    if (left.length) this.change(() => { this.span.fragments = left; });
  }

  remove() {
    if (this.span) this.change(() => this.spans.splice(this.current, 1));
  }

  step(direction) {
    this.current = (this.current + direction + this.spans.length) % Math.max(1, this.spans.length);
    this.draw();
  }

  toggle(attribute, choice) {
    this.change(() => {
      if (this.span.attributes[attribute] === choice) delete this.span.attributes[attribute];
      else this.span.attributes[attribute] = choice;
    });
  }

  draw() {
    this.list.replaceChildren(...this.spans.map((span, index) => this.row(span, index)));
    this.paint();
  }

  row({ label, fragments, attributes }, index) {
    const item = this.blank.cloneNode(true);
    item.querySelector("[name=label]").value = label;
    item.querySelector("[name=fragments]").value = written(fragments);
    const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "attributes" });
    kept.value = Object.entries(attributes).map((pair) => pair.join("=")).join(";");
    const quote = Object.assign(document.createElement("q"), { className: "edited", textContent: quoteOf(fragments) });
    const said = Object.assign(document.createElement("small"), { textContent: Object.values(attributes).join(", ") });
    item.append(kept, quote, said);
    if (index === this.current && this.spans.length > 1) item.setAttribute("aria-current", "true");
    item.addEventListener("change", ({ target }) => {
      const read = fragmentsOf(target.value);
      this.current = index;
      if (target.name === "label") this.relabel(target.value);
      else if (read.length && read.every(([start, end]) => start < end)) this.replace(read);
    });
    item.addEventListener("click", () => {
      if (index === this.current || this.list.contains(document.activeElement)) return;
      this.current = index;
      this.draw();
    });
    return item;
  }

  paint() {
    paint("edited", this.span?.fragments ?? []);
    paint("others", this.spans.filter((span) => span !== this.span).flatMap(({ fragments }) => fragments));
  }
}
