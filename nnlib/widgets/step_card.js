// The card of one step: its formula, the same with numbers, the line of code. Who predicts first is
// asked for the parts of the formula and then for the number; the reason stands below the field.

import { htmlNode, keepHeight, lower } from "./kit/dom.js";
import { focusable } from "./kit/figure.js";
import { typeset, typesetLong } from "./kit/formula.js";
import { shown } from "./kit/numbers.js";
import { near, predict } from "./kit/predict.js";

const BEFORE = {
  Forward: "Forward: from the inputs to the outputs",
  Error: "The error: all paths end here",
  Deltas: "Back from the error",
  Gradient: "Delta of the receiver times signal of the sender",
};

// `revealed()` hears that the number of the step is open, `on()` that the reader wants to go on.
export function stepCard(card, revealed, on) {
  focusable(card, "Steps: the right and left arrow keys go on and back, the space bar plays");
  card.tabIndex = 0;
  card.setAttribute("role", "group");
  card.dataset.steps = "";
  const said = htmlNode(card, "div", "nnlib-step");
  said.setAttribute("role", "status");
  const place = htmlNode(said, "div", "nnlib-small");
  const heading = htmlNode(said, "div", "nnlib-title");
  const equation = htmlNode(said, "div", "nnlib-equation");
  const numbers = htmlNode(said, "div", "nnlib-numbers");
  const code = htmlNode(card, "code", "nnlib-code");
  const field = predict(card, on);
  let [step, asks, value] = [null, [], 0];
  let predicting = false;
  let open = true;

  function ask() {
    const { label, value: right } = asks[0];
    field.ask({
      label,
      judge: (number) => (near(number, right) ? null : reason(number, right)),
      after() {
        asks = asks.slice(1);
        if (!asks.length) {
          open = true;
          revealed();
        } else {
          ask();
          field.say(asks.length > 1 || !step.asks.length ? "" : "Right. Now the number itself.", true);
          write();
        }
      },
    });
  }

  function reason(number, right) {
    if (near(number, -right)) return "Not yet: look at the sign.";
    const slip = asks.length === 1 && step.slips.find((one) => near(number, one.value));
    if (slip) return `Not yet: ${slip.says}.`;
    return "Not yet. Read the numbers off the picture, or press Reveal.";
  }

  function write() {
    const hidden = predicting && !open;
    const left = step.numbers.slice(0, step.numbers.indexOf(" = "));
    if (hidden && asks.length > 1) typesetLong(numbers, `${left} = ?`);
    else typesetLong(numbers, `${step.numbers} = ${hidden ? "?" : shown(value)}`);
  }

  return {
    hidden: () => predicting && !open,
    field,
    // A step with its numbers filled in: `asks` and `slips` carry values too.
    show(next, now, fresh, wantsPrediction) {
      [step, value] = [next, now];
      if (wantsPrediction !== predicting || fresh) {
        predicting = wantsPrediction;
        open = !predicting;
        asks = [...step.asks, { label: `${step.symbol} =`, value }];
        if (predicting) ask();
        else field.hide();
      }
      place.textContent = BEFORE[step.part];
      lower(heading, step.heading);
      typeset(equation, step.equation.split("\n"));
      write();
      code.textContent = step.code;
    },
    // Room for the tallest of these steps, with the numbers of each as they are now.
    reserve(steps, filled) {
      keepHeight(said, (ghost) => {
        steps.forEach((one, k) => {
          const box = htmlNode(ghost, "div", "nnlib-step");
          htmlNode(box, "div", "nnlib-small", "part");
          htmlNode(box, "div", "nnlib-title", one.heading);
          typeset(htmlNode(box, "div", "nnlib-equation"), one.equation.split("\n"));
          typesetLong(htmlNode(box, "div", "nnlib-numbers"), `${filled[k]} = −0.0000`);
        });
      });
      keepHeight(code, (ghost) => {
        for (const one of steps) htmlNode(ghost, "code", "nnlib-code").textContent = one.code;
      });
    },
  };
}
