// How the page looks and answers to this person: what the menu "Aa" changes acts at once and is kept in the account.

import { csrfToken } from "./outbox.js";
import { page, say } from "./page.js";

const form = document.getElementById("look");
const ON_ROOT = ["theme", "text_size", "text_width", "line_spacing", "motion"];

/** Whether a drag labels at once; else it selects. */
export const isSticky = () => page.preferences.sticky === "on";

function apply(name, value) {
  page.preferences[name] = value;
  if (ON_ROOT.includes(name)) document.documentElement.setAttribute(`data-${name.replace("_", "-")}`, value);
  const exact = document.getElementById("exact");
  if (name === "snap" && exact) exact.ariaPressed = String(value === "characters");
  dispatchEvent(new Event("resize")); // what is drawn beside the text finds its places again
}

if (page.preferences.snap === "characters") apply("snap", "characters");

form?.addEventListener("change", async ({ target }) => {
  apply(target.name, target.value);
  const body = new URLSearchParams({ [target.name]: target.value });
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  const response = await fetch(page.lookUrl, { method: "POST", body, headers, credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) say("lookNotKept");
});
