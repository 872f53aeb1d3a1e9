// What every page does: closes its menus, says what an HTMX request could not do, shows where one is, copies a secret.

const messages = document.getElementById("messages");

function say(text) {
  const box = document.createElement("div");
  box.className = "message error";
  const sentence = document.createElement("p");
  sentence.textContent = text;
  box.append(sentence);
  messages.replaceChildren(box);
}

// The server answers an HTMX request it refuses with one sentence as HTML; it goes where messages go, never into the page.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status < 400) return;
  const isSentence = (xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/html") && xhr.getResponseHeader("X-Sentence");
  if (!isSentence) return;
  event.detail.shouldSwap = true;
  event.detail.target = messages;
  event.detail.swapOverride = "innerHTML";
});
document.addEventListener("htmx:responseError", (event) => {
  if (!event.detail.xhr.getResponseHeader("X-Sentence")) say(messages.dataset.failed);
});
document.addEventListener("htmx:sendError", () => say(messages.dataset.unreachable));

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}
document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const copy = event.target.closest("[data-copy]");
  if (copy) navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).value).then(() => { copy.textContent = copy.dataset.copied; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// On a narrow screen the sections stand in a row that scrolls: the current one is brought into sight.
document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// A secret is selected as a whole when it is reached, and so can be copied where the clipboard is not at hand.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-secret]")) event.target.select();
});

// What can wait until the page stands on the screen. A page nobody sees is painted when it is seen.
function afterPaint(run) {
  if (document.hidden) run();
  else requestAnimationFrame(() => setTimeout(run));
}

// The script of a long page is fetched with the page: what it needs to look at a thousand spans would else keep their
// text from being painted.
for (const { href } of document.querySelectorAll("link[data-after-text]")) afterPaint(() => import(href));

// A highlight's look is said once, for the root, and inherited: said for every element, forty looks were computed for each
// of thousands. A browser that does not inherit them (Firefox) gets them said for all.
const look = (element) => getComputedStyle(element, "::selection").backgroundColor;
afterPaint(() => document.documentElement.classList.toggle("apart", look(document.body) !== look(document.documentElement)));
