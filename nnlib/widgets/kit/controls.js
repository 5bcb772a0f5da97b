// Buttons, sliders, choices, boxes to tick and fields: everything named, everything by keyboard.

import { htmlNode, lower } from "./dom.js";
import { focusable } from "./figure.js";
import { format } from "./numbers.js";

export function button(parent, label, pressed, className = "") {
  const made = focusable(htmlNode(parent, "button", className, label));
  made.type = "button";
  made.addEventListener("click", () => made.getAttribute("aria-disabled") === "true" || pressed());
  return made;
}

// Not `disabled`: that would lose the focus.
export const enable = (node, enabled) => node.setAttribute("aria-disabled", !enabled);

function labelled(parent, words) {
  const box = htmlNode(parent, "label", "nnlib-control");
  return { box, name: lower(htmlNode(box, "span"), words).textContent };
}

// A slider, moved by pointer or arrow keys: `changed(value)` is called for every move.
export function slider(parent, options, changed) {
  const { label, min, max, step, value, digits = 2, show = (v) => format(v, digits) } = options;
  const { box, name } = labelled(parent, label);
  const input = focusable(htmlNode(box, "input"), name);
  Object.assign(input, { type: "range", min, max, step, value });
  const number = htmlNode(box, "output");
  const tell = (now) => {
    number.textContent = show(now);
    input.setAttribute("aria-valuetext", number.textContent);
  };
  input.addEventListener("input", () => {
    tell(Number(input.value));
    changed(Number(input.value));
  });
  tell(value);
  // The thumb keeps to the steps of the slider; the number that is shown is the true one.
  const move = (to) => {
    input.value = to;
    tell(to);
  };
  return { input, move, box };
}

// A choice among names: `changed(index)`.
export function choice(parent, label, names, chosen, changed) {
  const { box, name } = labelled(parent, label);
  const select = focusable(htmlNode(box, "select"), name);
  names.forEach((text, index) => select.append(new Option(text, index, false, index === chosen)));
  select.addEventListener("change", () => changed(select.selectedIndex));
  return select;
}

// A box to tick: `changed(whether it is ticked)`.
export function check(parent, label, ticked, changed) {
  const box = htmlNode(parent, "label", "nnlib-control");
  const input = focusable(htmlNode(box, "input"), label);
  Object.assign(input, { type: "checkbox", checked: ticked });
  input.addEventListener("change", () => changed(input.checked));
  box.append(label);
  return input;
}
