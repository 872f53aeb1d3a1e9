// The commands of the keyboard and of the buttons, by the names of keys.js.

import { ask, toggleUnsure } from "./comments.js";
import { choose, create, goTo, hand, leave, selected, spansAtCursor, unselect, withSubject } from "./current.js";
import * as cursor from "./cursor.js";
import * as edits from "./edits.js";
import { open as openGuideline } from "./guideline.js";
import { handIn } from "./handing.js";
import { isKnown } from "./history.js";
import { list } from "./items.js";
import { quoteOf, root } from "./offsets.js";
import { say, sentence, speak } from "./page.js";
import * as panel from "./panel.js";
import { spanIds, spanOf } from "./pending.js";
import { forgetTouched } from "./pointer.js";
import { readLog } from "./saving.js";
import * as suggestions from "./suggestions.js";

export const commands = {
  move(step, direction, extend) {
    if (document.activeElement?.closest?.("#spans")) {
      walkList(direction);
      return;
    }
    forgetTouched();
    hand.fresh = false;
    cursor.move(step, direction, extend);
    cursor.show();
    const chosen = cursor.selection() ?? cursor.word();
    const inside = spansAtCursor().length;
    if (chosen) speak(quoteOf([chosen]).slice(-200) + (inside ? sentence(inside === 1 ? "inOne" : "inMany", { count: inside }) : ""));
  },
  nudge(edge, direction) {
    const chosen = cursor.selection();
    if (chosen || !hand.fresh || !hand.current) {
      const from = chosen ?? cursor.word();
      if (from) cursor.select(cursor.nudge(from, edge, direction));
      cursor.show({ scroll: false });
      return;
    }
    const { fragments } = spanOf(hand.current);
    const index = edge === "start" ? 0 : fragments.length - 1;
    const moved = cursor.nudge(fragments[index], edge, direction);
    edits.changeSpan(hand.current, { fragments: edits.joined(fragments.with(index, moved)) });
  },
  takeSentence() {
    hand.fresh = false;
    cursor.takeSentence();
    cursor.show();
    if (cursor.selection()) speak(quoteOf([cursor.selection()]));
  },
  label(key) {
    const fragments = selected();
    if (fragments.length) create(fragments, key);
    else if (hand.fresh && hand.current) edits.changeSpan(hand.current, { label: key });
    else if (cursor.word()) create([cursor.word()], key);
  },
  labelSticky: () => commands.label(hand.sticky),
  step(direction) {
    const ids = spanIds();
    if (!ids.length) return;
    const here = ids.indexOf(hand.current);
    const from = cursor.place() ?? 0;
    const after = ids.findIndex((id) => spanOf(id).fragments[0][1] > from); // at the cursor, or behind it
    const beside = direction > 0 ? (after < 0 ? 0 : after) : (after < 0 ? ids.length : after) - 1;
    const next = here >= 0 ? here + direction : beside;
    const id = ids[(next + ids.length) % ids.length];
    cursor.set(spanOf(id).fragments[0][0]);
    choose(id);
    cursor.show({ scroll: false });
  },
  cycle() {
    const ids = spansAtCursor();
    if (ids.length) choose(ids[(ids.indexOf(hand.current) + 1) % ids.length], { scroll: false });
  },
  addPart(fragments = selected()) {
    const added = fragments.length ? fragments : [cursor.word()].filter(Boolean);
    if (!hand.current || !added.length) {
      say("noSpan");
      return;
    }
    edits.addFragments(hand.current, added);
    unselect();
    choose(hand.current, { scroll: false, quiet: true });
  },
  removePart() {
    const fragments = selected();
    const taken = fragments.length ? fragments : [cursor.word()].filter(Boolean);
    if (!hand.current || !taken.length) return;
    edits.removeFragments(hand.current, taken, !fragments.length);
    unselect();
    choose(hand.current, { scroll: false, quiet: true });
  },
  entity: () => withSubject(() => panel.focusField("entity")),
  note: () => withSubject(() => panel.focusField("note")),
  attributes: () => withSubject(() => { speak(panel.pickAttribute()); }),
  link: (key) => withSubject(() => { speak(panel.pickLink(key)); }),
  continueQuote: () => withSubject((id) => {
    if (edits.continueQuote(id)) choose(id, { scroll: false, quiet: true });
  }),
  labelAlike: () => withSubject(edits.labelIdentical),
  acceptSuggestion: suggestions.accept,
  rejectSuggestion: suggestions.reject,
  acceptAllSuggestions: suggestions.acceptAll,
  unsure: () => withSubject(toggleUnsure),
  ask: () => ask(hand.current),
  guideline: openGuideline,
  remove() {
    const inList = document.activeElement?.closest?.("#spans > li");
    const neighbour = inList && (inList.nextElementSibling ?? inList.previousElementSibling);
    withSubject((id) => edits.deleteSpan(id));
    if (hand.current && !spanOf(hand.current)) leave();
    neighbour?.querySelector("a")?.focus();
  },
  async undo() {
    if (!isKnown("done")) await readLog();
    goTo(edits.undo());
  },
  async redo() {
    if (!isKnown("undone")) await readLog();
    goTo(edits.redo());
  },
  submit: () => handIn("submit"),
  help: () => document.getElementById("help").showModal(),
  readerMode() {
    const isOn = root.getAttribute("role") === "application";
    root.setAttribute("role", isOn ? "group" : "application");
    say(isOn ? "readerModeOff" : "readerModeOn");
    root.focus();
  },
  leave() {
    if (root.getAttribute("role") === "application") commands.readerMode();
    else leave();
  },
};

/* In the list the arrows go from item to item. */
function walkList(direction) {
  const items = [...list.querySelectorAll("li:not([hidden]) a")].filter((link) => link.offsetParent);
  const next = items.indexOf(document.activeElement) + direction;
  items[next]?.focus();
}
