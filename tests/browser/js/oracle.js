// What a selection means, reckoned the slow and simple way, with nothing of the desk's own scripts.

window.oracle = (() => {
  const points = (string) => Array.from(string).length;

  /* The paragraphs of the text: {string, at (code point)}. */
  function paragraphsOf(text) {
    return [...text.matchAll(/[^\n]+/gu)].map(({ 0: string, index }) => ({ string, at: points(text.slice(0, index)) }));
  }

  /* A place in the page as [number of the paragraph, UTF-16 index in it]. */
  function placeOf(node, offset) {
    const all = [...document.querySelectorAll("#text > p")];
    const number = all.findIndex((p) => p.contains(node));
    if (number < 0) return null;
    const range = document.createRange();
    range.selectNodeContents(all[number]);
    range.setEnd(node, offset);
    return [number, range.cloneContents().textContent.length];
  }

  /* [start, end, quote] that a selection from place to place means, in code points of the text, or null. */
  function grown(text, from, to, exact) {
    const all = paragraphsOf(text);
    let [[a, i], [b, j]] = [from, to];
    const isSpace = (number, unit) => /\s/u.test(all[number].string[unit] ?? "x");
    const isBefore = () => a < b || (a === b && i < j);
    while (isBefore() && ((!exact && isSpace(a, i)) || i >= all[a].string.length)) [a, i] = i >= all[a].string.length ? [a + 1, 0] : [a, i + 1];
    while (isBefore() && ((!exact && isSpace(b, j - 1)) || j <= 0)) [b, j] = j <= 0 ? [b - 1, all[b - 1].string.length] : [b, j - 1];
    if (!isBefore()) return null;
    const around = (number, unit) => {
      for (const granularity of exact ? ["grapheme"] : ["word", "grapheme"]) {
        const language = document.getElementById("text").lang || "en";
        for (const part of new Intl.Segmenter(language, { granularity }).segment(all[number].string)) {
          const [start, end] = [part.index, part.index + part.segment.length];
          if (start < unit && unit < end && (granularity === "grapheme" || part.isWordLike)) return [start, end];
        }
      }
      return [unit, unit];
    };
    const start = all[a].at + points(all[a].string.slice(0, around(a, i)[0]));
    const end = all[b].at + points(all[b].string.slice(0, around(b, j)[1]));
    return [start, end, Array.from(text).slice(start, end).join("")];
  }

  function meant(text, exact) {
    const selection = getSelection();
    if (selection.isCollapsed) return null;
    const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
    const [from, to] = [placeOf(startContainer, startOffset), placeOf(endContainer, endOffset)];
    return from && to ? grown(text, from, to, exact) : null;
  }

  function anyPoint(first, second) {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    const node = nodes[Math.floor(first * nodes.length)];
    let offset = Math.floor(second * (node.length + 1));
    if (/[\udc00-\udfff]/u.test(node.data.charAt(offset)) && /[\ud800-\udbff]/u.test(node.data.charAt(offset - 1))) offset--;
    return [node, offset];
  }

  /* Selects as often as there are four numbers in `seeds`, presses a letter each time; what each time was meant. */
  async function selectAndLabel(text, seeds, exact) {
    const root = document.getElementById("text");
    const labels = { a: "actor", c: "claim", l: "location" };
    const found = [];
    for (let i = 0; i < seeds.length; i += 4) {
      getSelection().setBaseAndExtent(...anyPoint(seeds[i], seeds[i + 1]), ...anyPoint(seeds[i + 2], seeds[i + 3]));
      const wanted = meant(text, exact);
      const key = "acl"[(i / 4) % 3];
      if (wanted) {
        root.focus({ preventScroll: true });
        root.dispatchEvent(new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true }));
        found.push([labels[key], ...wanted]);
      }
      getSelection().removeAllRanges();
      await new Promise((resolve) => { setTimeout(resolve, 5); }); // answers of the server come in between
    }
    return found;
  }

  /* The text that is drawn for each span, in pieces. */
  function drawn() {
    const pieces = {};
    for (const segment of document.querySelectorAll("#text .s")) {
      for (const id of segment.dataset.s.split(" ")) (pieces[id] ??= []).push(segment.textContent);
    }
    return pieces;
  }

  function scrollTo(share) {
    const all = document.querySelectorAll("#text > p");
    all[Math.floor(share * all.length)].scrollIntoView({ block: "center" });
  }

  /* What each release of the button meant, taken at the very event (in the window, before the desk hears of it): asked
     for any earlier, a late move of the mouse may still change it. */
  const released = [];
  function listen(text) {
    addEventListener("pointerup", () => released.push(meant(text, false)), true);
  }

  return { meant, selectAndLabel, drawn, scrollTo, listen, released };
})();
