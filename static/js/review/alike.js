// What one decision would settle besides: shown before it is decided, each with the words around it and a box to leave it
// out.

/** Fetches and shows those alike when the box is ticked, hides them when it is not. */
export async function look(box) {
  const preview = box.closest(".alike").querySelector(".preview");
  preview.hidden = !box.checked;
  if (!box.checked || preview.dataset.loaded) return;
  preview.dataset.loaded = "yes";
  const response = await fetch(preview.dataset.url, { headers: { "HX-Request": "true" } });
  if (response.ok && !response.redirected) preview.innerHTML = await response.text();
  else delete preview.dataset.loaded;
}

/** The ids that were taken out of the preview. */
export const left = (form) => [...form.querySelectorAll(".preview [name=take]:not(:checked)")].map(({ value }) => value);
