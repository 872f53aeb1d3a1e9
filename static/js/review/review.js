// The review page: one key settles a disagreement, the next is shown at once, and the server's truth follows.

import * as alike from "./alike.js";
import * as edit from "./edit.js";
import { toggleLanes } from "./lanes.js";
import { isIdle, send } from "./saving.js";
import * as stage from "./stage.js";

const page = document.getElementById("review");
const help = document.getElementById("help");
let undoing = false;

function complain(sentence, { passing = false } = {}) {
  const box = document.createElement("div");
  box.className = "message error";
  box.toggleAttribute("data-passing", passing);
  const text = document.createElement("p");
  text.textContent = sentence;
  box.append(text);
  document.getElementById("messages").replaceChildren(box);
}

/** Sends a form; the truth is shown when no later decision is on its way. */
function submit(form, submitter, after, extra = {}, without = []) {
  const body = new FormData(form, submitter);
  body.delete("take");
  for (const id of without) body.append("without", id);
  for (const [name, value] of stage.place(extra)) body.set(name, value);
  const origin = stage.currentId();
  document.getElementById("messages").replaceChildren();
  send({
    url: form.action,
    body,
    done: (html) => {
      document.querySelector("#messages [data-passing]")?.remove();
      const said = isIdle() ? stage.apply(html) : null;
      if (said?.said) stage.say(said.said);
      after?.(said);
    },
    waits: (sentence) => complain(sentence, { passing: true }),
    refused: async (sentence) => {
      complain(sentence);
      await stage.load(origin);
      if (origin) stage.go(origin);
    },
  });
}

function decide(form, submitter) {
  const id = stage.currentId();
  const { activeElement } = document;
  const next = stage.neighbour(1, { open: true });
  const focus = stage.panel().contains(activeElement) && activeElement !== document.body;
  const isAlike = form.querySelector("[name=alike]:checked");
  const extra = { at: next ?? id };
  const without = isAlike ? alike.left(form) : [];
  submit(form, submitter, (said) => {
    if (!next && said) stage.say([said.said, page.dataset.allDecided].filter(Boolean).join(" "));
    if (isAlike && said?.at && said.at !== stage.currentId()) stage.go(said.at, { said: said.said });
  }, extra, without);
  for (const details of form.querySelectorAll("details[open]")) details.open = false;
  form.reset();
  stage.foresee(id);
  if (next) stage.go(next, { focus });
}

function undo() {
  const form = document.getElementById("undo");
  if (undoing) return;
  if (!isIdle()) { // what was decided last is known when it is saved
    undoing = true;
    setTimeout(() => { undoing = false; undo(); }, 30);
    return;
  }
  if (!form.elements.batch.value) return;
  submit(form, null, (said) => { if (said?.at) stage.go(said.at, { said: said.said }); });
}

function step(direction) {
  const next = stage.neighbour(direction);
  if (next) stage.go(next);
}

function press(key) {
  stage.panel()?.querySelector(`.versions [data-key="${key}"]:not(:disabled)`)?.click();
}

function write(name) {
  const field = stage.panel()?.querySelector(`:is(.why, .remark) [name=${name}]`);
  if (!field) return;
  field.closest("details").open = true;
  field.focus();
}

function remark(kind) {
  const chosen = stage.panel()?.querySelector(".remark [name=kind_of_remark]");
  if (!chosen) return;
  chosen.value = kind;
  write("text");
}

function toggleAlike() {
  stage.panel()?.querySelector("[name=alike]")?.click();
}

function finish() {
  const button = document.querySelector("#finish .primary");
  if (!isIdle()) setTimeout(finish, 30); // what is on its way may be the last decision
  else if (button) button.click();
  else stage.say(page.dataset.notYet);
}

function giveBack() {
  const details = document.querySelector(".give-back");
  if (!details) return;
  details.open = true;
  details.querySelector("textarea").focus();
}

const commands = {
  n: () => step(1), p: () => step(-1), b: () => press("b"), e: () => edit.start(stage.panel()),
  a: () => document.getElementById("accept-agreed")?.click(), r: giveBack,
  m: () => document.getElementById("accept-most")?.click(), l: toggleLanes, h: () => document.getElementById("toggle-names")?.click(),
  ".": () => remark("comment"), i: () => remark("guideline"), w: () => write("reason"), g: () => write("rule"),
  "?": () => help.showModal(),
};

/* In a text field Enter is done with it, Escape leaves it. */
function typed(event) {
  const { target, key } = event;
  const isDone = key === "Enter" && !event.shiftKey && target.matches("#panels textarea");
  if (!isDone && key !== "Escape") return;
  event.preventDefault();
  if (isDone && target.closest(".remark")) target.form.requestSubmit();
  target.blur();
}

function nameOf(event) {
  if (/^Digit\d$/u.test(event.code) && !event.shiftKey) return event.code.at(-1);
  if (event.key > "\u007f" && /^Key[A-Z]$/u.test(event.code)) return event.code.at(3).toLowerCase();
  return event.key;
}

addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || help.open) return;
  if (edit.key(event)) return;
  const isMod = event.ctrlKey || event.metaKey;
  const name = nameOf(event);
  if (event.target.matches("textarea, select, input:not([type=checkbox])")) {
    typed(event);
    return;
  }
  let command = null;
  if (isMod && name === "Enter") command = finish;
  else if (isMod) command = name === "z" && !event.shiftKey && !event.altKey ? undo : null;
  else if (event.altKey) return;
  else if (event.shiftKey && event.key === "Enter") command = toggleAlike;
  else if (/^\d$/u.test(name)) command = () => press(name);
  else command = commands[name] ?? null;
  if (!command) return;
  event.preventDefault();
  if (event.repeat && !["n", "p"].includes(name)) return;
  command();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches(".decide")) {
    event.preventDefault();
    decide(form, event.submitter);
  } else if (form.id === "undo") {
    event.preventDefault();
    undo();
  } else if (form.matches(".decided form, .accept, .remark form")) {
    event.preventDefault();
    submit(form, event.submitter, (said) => { if (said?.at) stage.go(said.at, { said: said.said }); });
    form.reset();
  }
});
document.addEventListener("change", ({ target }) => {
  if (target.matches("#panels [name=alike]")) alike.look(target);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("#conflicts a, a[data-go]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const id = link.dataset.go ?? link.closest("li").id.slice(2);
  if (link.dataset.go && !document.getElementById(`r-${id}`)) return; // not in this list: the page of all kinds has it
  event.preventDefault();
  stage.go(id);
});

const opener = document.getElementById("open-help");
opener.hidden = false;
opener.addEventListener("click", commands["?"]);
