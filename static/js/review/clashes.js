// Looking through quotes with several labels: j and k (or n and p) go on and back, a digit presses a button of the one.

let at = 0;

const items = () => [...document.querySelectorAll(".clashes > li")];

function go(to) {
  const all = items();
  if (!all.length) return;
  at = Math.min(Math.max(to, 0), all.length - 1);
  all[at].focus();
}

function press(digit) {
  const buttons = [...(items()[at]?.querySelectorAll("form button") ?? [])];
  const button = digit ? buttons[digit - 1] : buttons.at(-1);
  if (button && (digit === 0 || button !== buttons.at(-1))) button.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const digit = /^Digit\d$/u.test(event.code) && !event.shiftKey ? Number(event.code.at(-1)) : null;
  if (event.key === "j" || event.key === "n") go(items().indexOf(document.activeElement) < 0 ? at : at + 1);
  else if (event.key === "k" || event.key === "p") go(at - 1);
  else if (digit !== null) press(digit);
  else return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const found = items().indexOf(event.target.closest(".clashes > li"));
  if (found >= 0) at = found;
});

// The settled one is gone from the list: the next one stands in its place.
document.addEventListener("htmx:afterSettle", () => go(at));
