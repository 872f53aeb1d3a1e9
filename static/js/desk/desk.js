// The desk: brings the hand, the keyboard, the edits and the server's answers together.

import { flush } from "./answers.js";
import { connect } from "./changes.js";
import * as comments from "./comments.js";
import { commands } from "./commands.js";
import { choose, create, hand, isPressed, leave, mark, selected, showPlace } from "./current.js";
import * as cursor from "./cursor.js";
import * as guideline from "./guideline.js";
import * as keys from "./keys.js";
import { list } from "./items.js";
import * as listing from "./listing.js";
import * as look from "./look.js";
import { atOfPoint, indexParagraphs, quoteOf, root } from "./offsets.js";
import { csrfToken } from "./outbox.js";
import { labels, page, speak } from "./page.js";
import * as panel from "./panel.js";
import { readAhead, spanOf } from "./pending.js";
import * as practice from "./practice.js";
import * as picker from "./picker.js";
import * as pointer from "./pointer.js";
import * as precedents from "./precedents.js";
import * as reading from "./reading.js";
import { put, readLog, takeUp } from "./saving.js";
import * as spoken from "./spoken.js";

indexParagraphs();
connect(put);

/* The hand */

let lastPointer = matchMedia("(pointer: coarse)").matches ? "touch" : "mouse";
addEventListener("pointerdown", ({ pointerType }) => {
  lastPointer = pointerType;
  hand.byKeyboard = false;
}, { capture: true });
addEventListener("keydown", () => { hand.byKeyboard = true; }, { capture: true });
addEventListener("keydown", readLog, { once: true });
addEventListener("pointerdown", readLog, { once: true });

pointer.listen({
  editable: page.editable,
  exact: () => isPressed("exact"),
  tapping: () => isPressed("tapping"),
  adding: () => isPressed("adding") && Boolean(hand.current),
  coarse: () => lastPointer !== "mouse",
  create: (fragments, isPart) => (isPart ? commands.addPart(fragments) : look.isSticky() ? create(fragments) : hold(fragments)),
  choose: (id, how) => { if (!picker.takeSpan(id)) choose(id, how); },
  leave: () => { if (hand.current) leave(); },
  handFree: flush,
  selectionChanged: () => { hand.fresh = false; },
});

/* Words that are only selected until a label is pressed. */
function hold(fragments) {
  pointer.hold(fragments);
  hand.fresh = false;
  cursor.select(fragments[0]);
  showPlace();
}

const own = new Map();
page.labels.forEach(({ key, shortcut }, index) => {
  if (shortcut) own.set(shortcut, ["label", key]);
  if (index < 9) own.set(String(index + 1), ["label", key]);
});
for (const { key, shortcut } of page.links) if (shortcut) own.set(shortcut, ["link", key]);
keys.listen({ own, commands, editable: page.editable, before: pointer.finish, digit: takeDigit });
panel.listen({ alike: commands.labelAlike, goOn: commands.continueQuote, remove: commands.remove, leave, marked: mark });

/* Whether a digit chose something, or turned to more choices. */
function takeDigit(number) {
  const said = picker.digit(number);
  if (said) speak(said);
  return said !== null;
}

root.addEventListener("focus", () => {
  if (!cursor.isSet()) cursor.set(0);
  showPlace();
});
root.addEventListener("blur", showPlace);

/* The labels below the text */

const toolbar = document.getElementById("labels"); // not there when the work can only be read

function chooseSticky(key) {
  hand.sticky = key;
  for (const button of toolbar.querySelectorAll("[data-label]")) button.ariaPressed = String(button.dataset.label === key);
  root.dispatchEvent(new CustomEvent("marked"));
  sessionStorage.setItem(`sticky-${page.project}`, key);
}
const remembered = sessionStorage.getItem(`sticky-${page.project}`);
if (toolbar && labels.has(remembered)) chooseSticky(remembered);

toolbar?.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus and the selection in the text
toolbar?.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.label) {
    chooseSticky(button.dataset.label);
    const fragments = selected();
    if (fragments.length) create(fragments);
  } else if (button?.id === "adding" && hand.current && selected().length) commands.addPart();
  else if (button?.dataset.command) commands[button.dataset.command]();
  else if (button) button.ariaPressed = String(button.ariaPressed !== "true");
});

precedents.watch();

/* The list */

list.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (!item || !spanOf(item.id.slice(2))) return;
  event.preventDefault();
  choose(item.id.slice(2));
});
list.addEventListener("focusin", ({ target }) => {
  if (!hand.byKeyboard) return; // a press of the button must not move the list away under the mouse
  const id = target.closest("li")?.id.slice(2);
  if (id && id !== hand.current && spanOf(id)) choose(id, { scroll: false, quiet: true });
});
list.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !hand.current) return;
  event.preventDefault();
  cursor.set(spanOf(hand.current).fragments[0][0]);
  root.focus({ preventScroll: true });
  choose(hand.current);
});

document.getElementById("chips")?.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-only]");
  if (!chip) return;
  event.preventDefault();
  list.dataset.only = chip.dataset.only;
  for (const other of chip.parentElement.querySelectorAll("[data-only]")) other.setAttribute("aria-current", String(other === chip));
});

listing.listen(() => mark());
spoken.listen();

/* The rest of the page */

root.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const quote = quoteOf([[atOfPoint(range.startContainer, range.startOffset), atOfPoint(range.endContainer, range.endOffset)]]);
  const block = document.createElement("blockquote");
  block.append(quote, document.createElement("br"), root.dataset.citation);
  event.clipboardData.setData("text/plain", quote);
  event.clipboardData.setData("text/html", block.outerHTML);
  event.preventDefault();
});

document.addEventListener("htmx:configRequest", ({ detail }) => { detail.headers["X-CSRFToken"] = csrfToken(); });

addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); }); // come back to, it would show the past

await takeUp();
await comments.begin();
guideline.begin();
reading.begin();
if (document.activeElement === document.body && page.editable) root.focus({ preventScroll: true });
practice.begin();
document.documentElement.dataset.desk = "ready";
readAhead();
