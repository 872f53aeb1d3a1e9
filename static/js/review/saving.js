// Sends decisions one after the other, each until the server has answered: shown at once, saved in order.

const state = () => document.getElementById("state");
const queue = [];
let busy = false;
let delay = 500;

export const isIdle = () => queue.length === 0;

/** `job` has url, body (FormData), done(html), refused(sentence), waits(sentence); sent twice it counts once. */
export function send(job) {
  queue.push(job);
  pump();
}

async function pump() {
  if (busy || !queue.length) return;
  busy = true;
  show("saving");
  const job = queue[0];
  const answer = await post(job);
  busy = false;
  if (answer.again) {
    show("waiting");
    if (answer.sentence) job.waits(answer.sentence);
    setTimeout(pump, delay);
    delay = Math.min(delay * 2, 15_000);
    return;
  }
  delay = 500;
  queue.shift();
  if (isIdle()) show("saved");
  if (answer.sentence !== undefined) job.refused(answer.sentence);
  else job.done(answer.html);
  pump();
}

async function post({ url, body }) {
  const token = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/u)?.[1];
  if (token) body.set("csrfmiddlewaretoken", token); // that of now: signing in again changes it
  let response;
  try {
    response = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true" } });
  } catch {
    return { again: true };
  }
  if (response.status >= 500 || response.status === 429) return { again: true };
  const html = await response.text();
  if (response.redirected) return { again: true, sentence: document.getElementById("review").dataset.signedOut };
  if (response.ok) return { html };
  const page = new DOMParser().parseFromString(html, "text/html");
  return { sentence: page.body.textContent.trim() };
}

function show(word) {
  state().dataset.state = word;
  const note = document.getElementById("unsaved");
  note.textContent = note.dataset[word] ?? "";
}

addEventListener("online", pump);
addEventListener("focus", pump);
addEventListener("beforeunload", (event) => {
  if (!isIdle()) event.preventDefault();
});
