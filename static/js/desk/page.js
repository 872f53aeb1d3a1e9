// What the page says of itself: whose work on what, the labels and relation labels, and the sentences to speak.

export const page = JSON.parse(document.getElementById("desk").textContent);
export const labels = new Map(page.labels.map((label) => [label.key, label])); // {key, name, letter, slot, shortcut, attributes}
export const links = new Map(page.links.map((link) => [link.key, link])); // {key, name, shortcut, many, source, target}

const live = document.getElementById("live");

/** A sentence of the page with its {named} holes filled. */
export function sentence(name, values = {}) {
  return (page.words[name] ?? name).replace(/\{(\w+)\}/gu, (_, key) => values[key] ?? "");
}

/** Tells those who listen instead of look. */
export function speak(text) {
  live.textContent = text;
}

export const say = (name, values) => speak(sentence(name, values));

/** A quote on one line, its middle left out when it is long; the server does the same. */
export function shortened(quote) {
  const characters = Array.from(quote.replace(/\s+/gu, " ").trim());
  if (characters.length <= 90) return characters.join("");
  // Whole words where there are any.
  const head = characters.slice(0, 61).join(""), tail = characters.slice(-25).join("");
  const begin = head.includes(" ") ? head.slice(0, head.lastIndexOf(" ")) : characters.slice(0, 60).join("");
  const end = tail.includes(" ") ? tail.slice(tail.indexOf(" ") + 1) : characters.slice(-24).join("");
  return `${begin} … ${end || characters.slice(-24).join("")}`;
}
