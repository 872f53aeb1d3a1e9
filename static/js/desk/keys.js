// The keyboard. Letters act only while the article, the list of spans or the panel's list of choices has the focus; each
// command has a name here and its keys in one table, so that the help and the table cannot differ.

import * as cursor from "./cursor.js";
import { root } from "./offsets.js";
import { page } from "./page.js";

/* "Mod" is Ctrl, or Cmd on a Mac. Labels and relation labels bring their own keys with the page. */
export const bindings = {
  "ArrowRight": ["move", "word", 1], "ArrowLeft": ["move", "word", -1],
  "ArrowDown": ["move", "line", 1], "ArrowUp": ["move", "line", -1],
  "Mod+ArrowRight": ["move", "sentence", 1], "Mod+ArrowLeft": ["move", "sentence", -1],
  "Mod+ArrowDown": ["move", "paragraph", 1], "Mod+ArrowUp": ["move", "paragraph", -1],
  ".": ["move", "sentence", 1], ",": ["move", "sentence", -1],
  "]": ["move", "paragraph", 1], "[": ["move", "paragraph", -1],
  "Home": ["move", "end", -1], "End": ["move", "end", 1],
  "Alt+ArrowRight": ["nudge", "end", 1], "Alt+ArrowLeft": ["nudge", "end", -1],
  "Alt+Shift+ArrowRight": ["nudge", "start", 1], "Alt+Shift+ArrowLeft": ["nudge", "start", -1],
  "s": ["takeSentence"], " ": ["labelSticky"],
  "n": ["step", 1], "p": ["step", -1], "o": ["cycle"],
  "f": ["addPart"], "Shift+F": ["removePart"],
  "e": ["entity"], "t": ["attributes"], ";": ["note"], "r": ["labelAlike"], "q": ["continueQuote"], "m": ["link", null],
  "u": ["unsure"], "Shift+U": ["ask"], "Shift+G": ["guideline"],
  "y": ["acceptSuggestion"], "x": ["rejectSuggestion"], "Shift+Y": ["acceptAllSuggestions"],
  "Delete": ["remove"], "Backspace": ["remove"],
  "Mod+z": ["undo"], "Mod+Shift+Z": ["redo"], "Mod+y": ["redo"],
  "Mod+Enter": ["submit"], "?": ["help"], "F2": ["readerMode"], "Escape": ["leave"],
};

/* A person's own keys: what stood at one key stands at another. */
function rebound(moved) {
  const kept = Object.entries(bindings).filter(([key]) => !(key in moved));
  const own = Object.entries(moved).filter(([key]) => bindings[key]).map(([key, other]) => [other, bindings[key]]);
  return Object.fromEntries([...kept, ...own]);
}
const table = rebound(page.keys ?? {});

const REPEATS = new Set(["move", "nudge", "step", "undo", "redo"]);
const EVERYWHERE = new Set(["undo", "redo", "submit"]); // also outside the article, but not while typing
const WHILE_TYPING = new Set(["submit"]);
const WITH_SHIFT = new Set(["?", ";", ",", ".", "[", "]", " ", "'", "-", "=", "/", "\\", "`"]); // on some layouts these need it

/** The name of the key pressed, "Mod+Shift+Z"; letters of other alphabets and digits by their place on the keyboard. */
export function nameOf(event) {
  let { key } = event;
  const isLetter = key.length === 1;
  const isGraph = event.getModifierState?.("AltGraph"); // some systems call it Ctrl+Alt; it makes "[" on many keyboards
  const digit = /^Digit([0-9])$/u.exec(event.code)?.[1];
  // On French keyboards digits need Shift, on Arabic ones they are other signs.
  if (digit && (key === digit || (!event.shiftKey && !isGraph && !table[key]))) return digitName(event, digit);
  if (isLetter && key > "\u007f" && /^Key[A-Z]$/u.test(event.code)) key = event.shiftKey ? event.code.at(3) : event.code.at(3).toLowerCase();
  if (isLetter && event.getModifierState?.("CapsLock") && /^[a-z]$/iu.test(key)) key = event.shiftKey ? key.toUpperCase() : key.toLowerCase();
  if (event.shiftKey && (event.ctrlKey || event.metaKey) && /^[a-z]$/u.test(key)) key = key.toUpperCase();
  const parts = [];
  if ((event.ctrlKey || event.metaKey) && !isGraph) parts.push("Mod");
  if (event.altKey && !isGraph) parts.push("Alt");
  if (event.shiftKey && !WITH_SHIFT.has(key)) parts.push("Shift");
  return [...parts, key].join("+");
}

const digitName = ({ ctrlKey, metaKey, altKey }, digit) => [ctrlKey || metaKey ? "Mod" : "", altKey ? "Alt" : "", digit].filter(Boolean).join("+");

/** The command of a key, as ["move", "word", 1, extend], or null. */
export function commandOf(name, own) {
  if (own.has(name)) return own.get(name);
  if (table[name]) return table[name];
  const bare = name.replace("Shift+", "");
  if (bare !== name && table[bare]?.[0] === "move") return [...table[bare], true];
  return null;
}

const isTyping = (element) => element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

/** `own` has the keys of labels and relation labels; `commands` by name; `digit` gets 0 to 9 first and says if it took one. */
export function listen({ own, commands, digit, editable, before }) {
  const places = [root, document.getElementById("spans"), document.getElementById("panel"), document.getElementById("suggestions")];
  const READING = new Set(["move", "step", "cycle", "help", "readerMode", "leave", "ask", "guideline"]);
  addEventListener("keydown", (event) => {
    before();
    if (event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const name = nameOf(event);
    const command = commandOf(name, own);
    const inPlace = places.some((place) => place?.contains(document.activeElement));
    const typing = isTyping(event.target);
    if (typing && !WHILE_TYPING.has(command?.[0])) return;
    if (inPlace && /^[0-9]$/u.test(name) && digit(Number(name))) {
      event.preventDefault();
      return;
    }
    if (!command || (!inPlace && !EVERYWHERE.has(command[0]) && name !== "?" && name !== "F2")) return;
    if (!editable && !READING.has(command[0])) return;
    if (event.repeat && !REPEATS.has(command[0])) return;
    if (isPlainUse(event, command)) return;
    event.preventDefault();
    commands[command[0]](...inReadingDirection(command));
  });
}

/* Enter and Space press a button or follow a link as everywhere; arrows in the list walk the list. */
function isPlainUse(event, [command]) {
  if (event.target === root) return false;
  const inList = document.getElementById("spans").contains(event.target);
  if (inList && command === "move") return !["ArrowDown", "ArrowUp"].includes(event.key);
  return command === "move" || command === "nudge" || (event.key === " " && event.target.matches("button, summary, a"));
}

function inReadingDirection([command, step, direction, ...rest]) {
  const isSideways = command === "nudge" || (command === "move" && step === "word");
  return [step, isSideways && cursor.isRightToLeft() ? -direction : direction, ...rest];
}
