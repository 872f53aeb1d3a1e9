// For those who listen to the article: where a span begins its label is read out, as alternative text of CSS, so that
// nothing is added to the text itself. Off until asked for; kept in this browser.

import { root } from "./offsets.js";
import { page, say } from "./page.js";

const KEPT = `spoken-marks-${page.user}`;
const button = document.getElementById("spoken-marks");

function apply(isOn) {
  root.classList.toggle("marks", isOn);
  if (button) button.ariaPressed = String(isOn);
}

/** Switches the spoken marks on or off. */
export function toggle() {
  const isOn = !root.classList.contains("marks");
  apply(isOn);
  localStorage.setItem(KEPT, isOn ? "on" : "");
  say(isOn ? "marksOn" : "marksOff");
}

/** To be called once. */
export function listen() {
  apply(localStorage.getItem(KEPT) === "on");
  button?.addEventListener("click", toggle);
}
