// Precedents on words like those of the current disagreement, fetched when the reviewer stays on it for a moment.

const page = document.getElementById("review");
const place = document.getElementById("similar");
const WAIT = 350; // milliseconds
let timer = 0;
let shown = "";

/** Shows the rules that speak to these places of the text (`120-161,175-230`) and this label. */
export function show(at, label) {
  const query = new URLSearchParams({ at, label }).toString();
  if (query === shown) return;
  shown = query;
  clearTimeout(timer);
  place.replaceChildren();
  if (at) timer = setTimeout(() => load(query), WAIT);
}

async function load(query) {
  const response = await fetch(`${page.dataset.similar}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok || response.redirected || query !== shown) return;
  const html = new DOMParser().parseFromString(await response.text(), "text/html");
  if (query === shown) place.replaceChildren(...html.body.childNodes);
}
