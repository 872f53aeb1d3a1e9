// What the server sends goes into the page here, in order, and not into a paragraph that is under the hand.

import { renew } from "./current.js";
import { forget } from "./history.js";
import { makeRoom } from "./items.js";
import { showGaps } from "./listing.js";
import { indexParagraphs } from "./offsets.js";
import { page } from "./page.js";
import { refold, remember, unfold } from "./pending.js";
import { isBusyIn } from "./pointer.js";

const SWAP = { swapStyle: "none", swapDelay: 0, settleDelay: 0 }; // everything in an answer is out of band
const held = [];
let revision = page.revision;
const listeners = [];

/** `callback(kind, tab)` is told when the work was submitted, skipped, flagged, commented …, and from which tab. */
export function onHandedIn(callback) {
  listeners.push(callback);
}

export function answer(html, entries, results) {
  held.push({ html, entries, results });
  flush();
}

/** Takes in the answers that came, in order, up to one that would take a paragraph from under the hand. */
export function flush() {
  while (held.length && !isUnderTheHand(held[0].html)) settle(held.shift());
}

const parse = (html) => new DOMParser().parseFromString(`<template>${html}</template>`, "text/html").querySelector("template").content;
const isUnderTheHand = (html) => [...parse(html).querySelectorAll("[data-o], .block")].some(({ id }) => isBusyIn(id));
const isGood = ({ status }) => status === "applied" || status === "repeated";

function settle({ html, entries, results }) {
  const [{ kind, tab }] = entries;
  if (kind !== "change") {
    for (const listener of listeners) listener(kind, tab);
    return;
  }
  const answered = parse(html);
  const now = JSON.parse(answered.getElementById("results")?.textContent ?? "{}").revision ?? revision;
  keepFocus(() => {
    unfold(results.map(({ id }) => id));
    forget(results.filter((result) => !isGood(result)).map(({ id }) => id));
    results.forEach((result) => rememberRevisions(result, entries));
    if (html && now >= revision) {
      makeRoom(answered.querySelectorAll("li[id^='s-']"));
      swap(html);
    }
    refold();
  });
  // What somebody else wrote, or what an answer said that got lost, is not among what this answer swaps.
  if (now < revision || results.some(({ status }) => status === "conflict" || status === "repeated")) refresh();
  revision = Math.max(revision, now);
  renew();
}

function rememberRevisions({ id, revision: made, also = [] }, entries) {
  const entry = entries.find(({ change }) => change.id === id);
  if (entry && made) remember(entry.change.object, made);
  for (const other of also) remember(other.object, other.revision);
}

/** The one place where htmx puts what the server sent into the page. */
function swap(html) {
  htmx.swap(document.body, html, SWAP);
  indexParagraphs();
}

/* The item with the focus may be replaced by another. */
function keepFocus(work) {
  const item = document.activeElement?.closest?.("#spans > li")?.id;
  work();
  if (item && !document.activeElement?.closest?.("#spans > li")) document.getElementById(item)?.querySelector("a")?.focus({ preventScroll: true });
}

/** Reads text and list anew: an answer came too late, or somebody else's work is to be shown. */
export async function refresh() {
  const response = await fetch(location.pathname, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const html = await response.text();
  if (isBusyIn("text")) {
    setTimeout(refresh, 500);
    return;
  }
  keepFocus(() => {
    swap(html);
    refold();
  });
  showGaps();
  renew();
}
