/** The field for files: they may be dropped on it, and go on their way at once. */

const form = document.querySelector("#drop");
const input = form.querySelector("#files");
const status = form.querySelector("[role=status]");

form.querySelector(".dropping").hidden = false;

for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  form.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("over", over);
  });
}

form.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  input.files = event.dataTransfer.files;
  form.requestSubmit();
});

form.addEventListener("submit", () => {
  status.textContent = form.dataset.sending;
});

// Back from the next page, the browser may show this one as it was left.
window.addEventListener("pageshow", () => {
  status.textContent = "";
});
