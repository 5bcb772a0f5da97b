// A canvas whose pixels are those of an image, drawn large and square.

import { htmlNode } from "./dom.js";
import { overlay } from "./overlay.js";

// A canvas of `side` page pixels below `parent`, with words under it. Returns { box, canvas, paint }: in
// the box other nodes may lie over the canvas, and
// paint(height, width, colour) asks colour(n) for [red, green, blue] from 0 to 1 of pixel n.
export function painting(parent, label, side) {
  const whole = htmlNode(parent, "figure", "nnlib-painting");
  const { box, canvas } = overlay(whole, side, side);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  htmlNode(whole, "figcaption", "nnlib-small", label);
  const paint = (height, width, colour) => {
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    const data = context.createImageData(width, height);
    for (let n = 0; n < height * width; n++) {
      colour(n).forEach((value, c) => (data.data[4 * n + c] = 255 * value));
      data.data[4 * n + 3] = 255;
    }
    context.putImageData(data, 0, 0);
  };
  return { box, canvas, paint };
}

// The colour of pixel n of an image with three channels.
export const colourOf = (picture) => (n) => picture.values.subarray(3 * n, 3 * n + 3);
