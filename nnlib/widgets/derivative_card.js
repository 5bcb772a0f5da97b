// The card of one step: what is done, as words, formula, numbers and code, and the field to predict it.

import { htmlNode } from "./kit/dom.js";
import { focusable } from "./kit/figure.js";
import { typeset, typesetLong } from "./kit/formula.js";
import { shown } from "./kit/numbers.js";
import { near, predict } from "./kit/predict.js";

// `on()` is called when Enter is pressed after a right answer.
export function derivativeCard(figure, card, on) {
  focusable(card, "Steps: the right and left arrow keys go on and back, the space bar plays");
  card.tabIndex = 0;
  card.setAttribute("role", "group");
  card.dataset.steps = "";
  const heading = htmlNode(card, "div", "nnlib-title");
  const says = htmlNode(card, "div", "nnlib-differentiate-says");
  const rule = htmlNode(card, "div");
  const numbers = htmlNode(card, "div", "nnlib-numbers");
  const asked = predict(card, on);
  const code = htmlNode(card, "code", "nnlib-code");
  const result = figure.status(card, 2);

  return {
    // `open`: the number of the step may be seen.
    show(step, open) {
      typeset(heading, step.heading.includes("=") ? step.heading : words(step.heading));
      says.textContent = step.says;
      typeset(rule, step.formulas);
      if (step.numbers) typesetLong(numbers, `${step.numbers} = ${open ? shown(step.value) : "?"}`);
      else numbers.replaceChildren();
      code.textContent = step.code;
    },
    result,
    hide: asked.hide,
    // Whether a prediction is awaited; then the reader is told so.
    waits() {
      if (asked.waiting()) asked.say("Type your number and press Enter, or press Reveal.");
      return asked.waiting();
    },
    ask(step, after) {
      asked.ask({
        label: step.label.replace(/([xv])(\d+)/, "$1_$2"),
        judge: (number) => judge(step, number),
        after,
      });
    },
  };
}

// What is wrong with a predicted number; null if it is right.
function judge(step, number) {
  if (near(number, step.value)) return null;
  if (near(number, -step.value)) return "Not yet: look at the sign.";
  const slip = step.slips.find(({ value }) => near(number, value));
  return slip ? `Not yet: ${slip.says}.` : "Not yet. Read the numbers off the picture, or press Reveal.";
}

// A heading in words whose names keep their subscripts.
const words = (heading) =>
  heading.replace(/[A-Za-z]{2,}( [A-Za-z]{2,})*/g, '"$& "').replace(/ ("|$)/g, " $1");
