// What is painted and what is drawn over it: a canvas and an SVG of one size in one box.

import { htmlNode } from "./dom.js";

// A box of this size in page pixels, smaller where the window is small, with a canvas in it. Whatever SVG
// is put into `box` lies over the canvas. Returns { box, canvas }.
export function overlay(parent, width, height) {
  const box = htmlNode(parent, "div", "nnlib-over");
  box.style.setProperty("--shape", width / height);
  box.style.width = `${width}px`;
  return { box, canvas: htmlNode(box, "canvas") };
}
