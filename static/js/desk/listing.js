// The list of a long work: the server dresses a hundred items at once, the others stand in it bare, to keep their places.
// They are dressed when one comes near: by scrolling, at a gap, at the link at the end, or with the current span. Those
// longest dressed and far away are stripped again: the more of the list there is to lay out, the later comes the ink.

import { itemOf, list } from "./items.js";

const PAGE = 100; // items dressed by scrolling
const AROUND = 40; // and with the current span
const MOST = 300; // dressed, but for those in sight and the hand's own
const AT_ONCE = 6; // in one frame: then the browser may answer the hand
const NEAR = 200; // pixels
const following = document.getElementById("following");
const scroller = list.closest(".scroller");

let gaps = []; // bare items that stand for those after them
let asking = false;
let runs = []; // the items that were dressed together, as their spans' ids, longest ago first
let dressed = () => {};

const isBare = (item) => Boolean(item?.hidden) && item.dataset.waiting === undefined;
const shownLabel = () => document.querySelector("#chips [aria-current=true]")?.dataset.label ?? "";

/* The next item in a direction ("next", "previous"), of the label that alone is shown. */
function beside(item, direction, label = shownLabel()) {
  let other = item;
  do other = other[`${direction}ElementSibling`]; while (other && label && other.dataset.label !== label);
  return other;
}

function firstItem(label) {
  const first = list.firstElementChild;
  return first && label && first.dataset.label !== label ? beside(first, "next", label) : first;
}

/** Says where in the list some are left out. */
export function showGaps() {
  for (const { dataset } of gaps) delete dataset.gap;
  gaps = [];
  const label = shownLabel();
  let before = null;
  for (let item = firstItem(label); item; item = beside(item, "next", label)) {
    if (isBare(item) && !isBare(before)) gaps.push(item);
    before = item;
  }
  following.hidden = !isBare(before);
  for (const { dataset } of following.hidden ? gaps : gaps.slice(0, -1)) dataset.gap = ""; // at the end there is the link
}

/** Has the item of the current span dressed, with those beside it. */
export function uncover(item) {
  if (!gaps.length || !item) return;
  const found = [item, beside(item, "previous"), beside(item, "next")].find(isBare);
  if (found) dress(found, AROUND);
}

/* Asks for a bare item and `count` others: those after it, or those `around` it. */
async function dress(item, around = 0) {
  if (asking) return;
  const label = shownLabel();
  let index = 0;
  let waiting = 0; // the server may count so many less
  for (let other = firstItem(label); other && other !== item; other = beside(other, "next", label)) {
    if (other.dataset.waiting === undefined) index++;
    else waiting++;
  }
  const from = Math.max(0, index - around / 2);
  const query = new URLSearchParams({ from, label, count: (around || PAGE) + waiting });
  asking = true;
  try {
    const response = await fetch(`${location.pathname}?${query}`, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (response.ok && !response.redirected && (await put(await response.text()))) dressed();
  } catch {
    // The list stays as it is; what comes near next is asked for again.
  } finally {
    asking = false;
  }
}

/* Strips what was dressed longest ago and is not in sight. */
function strip() {
  let many = runs.reduce((sum, { length }) => sum + length, 0);
  const kept = [];
  for (const run of runs) {
    const items = run.map(itemOf).filter(Boolean);
    if (many <= MOST || items.some((item) => isNear(item) || item.ariaCurrent || item.contains(document.activeElement))) {
      kept.push(run);
      continue;
    }
    for (const item of items) {
      if (item.dataset.waiting !== undefined) continue; // not to be asked of the server yet
      item.hidden = true;
      item.replaceChildren();
    }
    many -= run.length;
  }
  runs = kept;
}

/* Dresses those that are still bare; how many. */
async function put(html) {
  const parsed = new DOMParser().parseFromString(`<template>${html}</template>`, "text/html");
  const items = [...parsed.querySelector("template").content.children];
  const run = [];
  while (items.length) {
    for (const item of items.splice(0, AT_ONCE)) {
      const bare = itemOf(item.id.slice(2));
      if (!isBare(bare) || bare.dataset.revision !== item.dataset.revision) continue;
      bare.replaceWith(document.adoptNode(item));
      run.push(item.id.slice(2));
    }
    await new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
  }
  if (run.length) runs.push(run);
  strip();
  showGaps();
  return run.length;
}

function isNear(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  const box = scroller.getBoundingClientRect();
  return height > 0 && top < Math.min(innerHeight, box.bottom) + NEAR && bottom > Math.max(0, box.top) - NEAR;
}

let looking = 0;
function look() {
  looking ||= requestAnimationFrame(() => {
    looking = 0;
    const near = gaps.find((gap) => isNear(gap.dataset.gap === undefined ? following : gap));
    if (near) dress(near);
  });
}

/** `callback()` is told when items came. To be called once. */
export function listen(callback) {
  runs = [[...list.children].filter((item) => !item.hidden).map(({ id }) => id.slice(2))];
  dressed = () => {
    callback();
    setTimeout(look, 100); // when the current item has been scrolled to
  };
  showGaps();
  for (const target of [scroller, window]) target.addEventListener("scroll", look, { passive: true });
  following.addEventListener("click", (event) => {
    event.preventDefault();
    look();
  });
  list.addEventListener("click", ({ target }) => {
    if (target.dataset.gap !== undefined) dress(target);
  });
  document.getElementById("chips")?.addEventListener("click", () => {
    setTimeout(() => { // when the click has chosen the label
      showGaps();
      look();
    });
  });
}
