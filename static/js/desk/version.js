// An open page goes on working when the server has been renewed, with the scripts it has. When nothing is on its way any
// more it offers to load the new ones.

const notice = document.getElementById("renewed");
const scripts = () => document.getElementById("version")?.dataset.scripts;
const ours = scripts();

/** Offers the new page if the server has one; `isIdle`: nothing waits. */
export function offerNew(isIdle) {
  if (notice) notice.hidden = !isIdle || scripts() === ours;
}

notice?.querySelector("button").addEventListener("click", () => location.reload());
