// A field for a prediction, with what is said of it right below, in the same card.

import { button, enable } from "./controls.js";
import { htmlNode, lower } from "./dom.js";
import { focusable } from "./figure.js";
import { typed } from "./numbers.js";

// Right within half a unit of the third decimal, or half a percent of a large number.
export const near = (number, value) => Math.abs(number - value) <= Math.max(6e-4, 0.005 * Math.abs(value));

// ask({ label, judge, after }): the field asks for `label`; `judge(number)` returns null if the number
// is right, else a reason; `after()` is called when it is right or revealed. Enter checks, and once
// it is right calls `on()`.
export function predict(parent, on) {
  const box = htmlNode(parent, "div", "nnlib-predict");
  const name = htmlNode(box, "div");
  const row = htmlNode(box, "div", "nnlib-row");
  const field = focusable(htmlNode(row, "input"), "your number");
  Object.assign(field, { type: "text", inputMode: "decimal", size: 8 });
  const tryIt = button(row, "Check", attempt);
  const show = button(row, "Reveal", () => {
    gave = true;
    finish("");
  });
  const hint = htmlNode(box, "div", "nnlib-hint");
  hint.setAttribute("role", "status");
  let question = null;
  let open = true;
  let gave = false;

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (open) on();
    else attempt();
  });

  const say = (words, right = false) => {
    hint.classList.toggle("nnlib-right", right);
    lower(hint, words);
  };
  function attempt() {
    if (open) return;
    const number = typed(field.value);
    if (Number.isNaN(number)) return say("Type a number, such as 0.25.");
    const reason = question.judge(number);
    if (reason) say(reason);
    else finish("Right. Enter goes on.");
  }
  function finish(words) {
    if (open) return;
    open = true;
    for (const one of [tryIt, show]) enable(one, false);
    say(words, true);
    question.after();
  }

  return {
    field,
    ask(next) {
      question = next;
      [open, gave] = [false, false];
      field.value = "";
      for (const one of [tryIt, show]) enable(one, true);
      lower(name, next.label);
      field.setAttribute("aria-label", name.textContent);
      say("");
      box.style.visibility = "";
    },
    say,
    revealed: () => gave, // whether the last answer was given, not found
    waiting: () => !open,
    hide() {
      open = true;
      box.style.visibility = "hidden"; // its place stays free
    },
  };
}
