// Submitting, skipping, giving back and flagging: through the outbox, so that they come after the edits.

import { onHandedIn } from "./answers.js";
import { csrfToken } from "./outbox.js";
import { page, say } from "./page.js";
import { takeReport } from "./reading.js";
import { outbox } from "./saving.js";

let leaving = false;

export async function handIn(kind, body = {}) {
  if (leaving || !page.editable || !page.own) return;
  const refused = (await outbox.refused()).filter(({ set }) => set === page.set);
  if (kind === "submit" && refused.length) {
    say("settleFirst");
    document.getElementById("refused").scrollIntoView({ block: "center" });
    return;
  }
  await outbox.put([{ kind, body: kind === "submit" ? { ...body, visit: takeReport() } : body }]);
}

const LEAVING = new Set(["submit", "skip", "release"]);

onHandedIn((kind, tab) => {
  if (kind === "flag") {
    say("flagged");
    document.getElementById("flagged").hidden = false;
    return;
  }
  if (!LEAVING.has(kind)) return;
  leaving = true;
  if (tab !== outbox.tab) location.reload(); // the tab where it was asked for goes on, this one shows it
  else if (kind === "release") location.assign(page.projectUrl);
  else openNext();
});

/* The server claims the next article and goes to its desk, or to the project with a word about why there is none. */
function openNext() {
  const form = Object.assign(document.createElement("form"), { method: "post", action: page.nextUrl, hidden: true });
  form.append(Object.assign(document.createElement("input"), { name: "csrfmiddlewaretoken", value: csrfToken() }));
  document.body.append(form);
  form.submit();
}

document.addEventListener("click", ({ target }) => {
  const { open, send: kind } = target.closest("[data-open], [data-send]")?.dataset ?? {};
  if (open) document.getElementById(open).showModal();
  if (kind) handIn(kind);
});

for (const dialog of document.querySelectorAll("dialog[data-kind]")) {
  dialog.addEventListener("close", () => {
    const { value } = dialog.querySelector("textarea");
    if (dialog.returnValue === "send" && value.trim()) handIn(dialog.dataset.kind, { reason: value.trim() });
    dialog.returnValue = "";
  });
}
