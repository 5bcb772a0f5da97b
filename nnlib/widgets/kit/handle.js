// A mark in a picture that can be dragged by pointer and moved by arrow keys.

import { change } from "./dom.js";
import { focusable } from "./figure.js";
import { format } from "./numbers.js";

// The place of a pointer in the units of the picture.
export function placeOf(event, picture) {
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
}

// `moved(x, y)` follows the pointer. An arrow key calls `by(right, up)` with -1, 0 or 1; with Shift
// or as PageUp and PageDown it goes ten times as far. `ends(way)`, if given, is Home (-1) and End (1).
export function handle(node, { label, moved, by, ends }) {
  node.classList.add("nnlib-handle");
  change(focusable(node, label), { tabindex: 0, role: "slider" });
  const picture = node.ownerSVGElement;
  picture.setAttribute("role", "group"); // an image has no parts to focus
  node.addEventListener("pointerdown", (down) => {
    node.setPointerCapture(down.pointerId);
    node.focus();
    down.preventDefault();
    const move = (event) => {
      const { x, y } = placeOf(event, picture);
      moved(x, y);
    };
    const drop = () => node.removeEventListener("pointermove", move);
    node.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, drop, { once: true });
  });
  const ways = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
    PageUp: [0, 10],
    PageDown: [0, -10],
  };
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const end = { Home: -1, End: 1 }[event.key];
    if (!(event.key in ways) && !(end && ends)) return;
    event.preventDefault();
    if (end) ends(end);
    else by(...ways[event.key].map((way) => way * (event.shiftKey ? 10 : 1)));
  });
  return node;
}

// Put a handle at a place, and say its value to those who do not see it.
export function put(node, x, y, value, words = format(value)) {
  change(node, { cx: x, cy: y, "aria-valuenow": value, "aria-valuetext": words });
}
