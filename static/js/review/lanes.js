// What is drawn over the text: a lane of underlines for each annotator, the versions of the current disagreement as
// marked words, each with its digit where it begins.

import { paint } from "../desk/ink.js";
import { boxOf } from "../desk/offsets.js";

const NAMES = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const layer = document.getElementById("ink");
const lanes = () => [...document.querySelectorAll("#lanes > li")];
let isOn = localStorage.getItem("review-lanes") !== "off";
let versions = []; // [digit, fragments]

export function fragmentsOf(text) {
  return text.split(",").filter(Boolean).map((part) => part.split("-").map(Number));
}

/** Draws the lanes of all annotators, or wipes them. */
export function drawLanes() {
  const found = new Map(lanes().map((each) => [each.dataset.lane, fragmentsOf(each.dataset.at)]));
  for (const lane of NAMES) paint(`lane${lane}`, isOn ? (found.get(String(lane)) ?? []) : []);
  document.getElementById("lanes").toggleAttribute("data-off", !isOn);
}

export function toggleLanes() {
  isOn = !isOn;
  localStorage.setItem("review-lanes", isOn ? "on" : "off");
  drawLanes();
}

/** Draws versions ([digit, fragments] each); an empty list wipes them. */
export function drawVersions(found) {
  versions = found;
  const painted = new Map(found);
  for (const digit of NAMES) paint(`v${digit}`, painted.get(String(digit)) ?? []);
  drawDigits();
}

function drawDigits() {
  for (const old of layer.querySelectorAll(".digit")) old.remove();
  const places = new Map();
  for (const [digit, fragments] of versions) {
    for (const [start] of fragments.slice(0, 1)) places.set(start, [...(places.get(start) ?? []), digit]);
  }
  const origin = layer.getBoundingClientRect();
  for (const [start, digits] of places) {
    const box = boxOf([start, start + 1]);
    const sign = document.createElement("b");
    sign.className = "digit";
    sign.textContent = digits.join(" ");
    sign.style.left = `${box.left - origin.left}px`;
    sign.style.top = `${box.top - origin.top}px`;
    layer.append(sign);
  }
}

/** Shows one of the versions stronger than the others, as long as it is pointed at. */
export const point = (fragments) => paint("pointed", fragments);

addEventListener("resize", drawDigits);
document.fonts?.ready.then(drawDigits);
