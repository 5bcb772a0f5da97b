// What a colour means: a strip from the lowest to the highest value, with words at its ends.

import { htmlNode } from "./dom.js";

// colours: CSS colours from low to high. Returns a function that sets the words at both ends.
export function legend(parent, label, colours, low = "", high = "") {
  const row = htmlNode(parent, "div", "nnlib-legend nnlib-small");
  htmlNode(row, "span", "", label);
  const from = htmlNode(row, "span", "", low);
  const strip = htmlNode(row, "span", "nnlib-strip");
  strip.style.background = `linear-gradient(to right, ${colours.join(", ")})`;
  const to = htmlNode(row, "span", "", high);
  return (lowest, highest) => {
    from.textContent = lowest;
    to.textContent = highest;
  };
}
