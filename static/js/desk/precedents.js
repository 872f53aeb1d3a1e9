// Rules that speak to the current span, beside it: fetched when one stays on a span for a moment, never in the way.

import { list } from "./items.js";

const place = document.getElementById("precedents"); // not there for who does not label
const WAIT = 500; // milliseconds
let timer = 0;
let shown = "";

/** Watches which span is the current one. */
export function watch() {
  if (!place) return;
  new MutationObserver(look).observe(list, { attributes: true, attributeFilter: ["aria-current", "data-at", "data-label"], childList: true, subtree: true });
}

function look() {
  const item = list.querySelector(":scope > [aria-current]");
  const query = item ? new URLSearchParams({ at: item.dataset.at ?? "", label: item.dataset.label ?? "" }).toString() : "";
  if (query === shown) return;
  shown = query;
  clearTimeout(timer);
  if (query) timer = setTimeout(() => load(query), WAIT);
  else place.replaceChildren();
}

async function load(query) {
  const response = await fetch(`${place.dataset.url}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (query !== shown || !response?.ok || response.redirected) return;
  const html = new DOMParser().parseFromString(await response.text(), "text/html");
  if (query === shown) place.replaceChildren(...html.body.childNodes);
}
