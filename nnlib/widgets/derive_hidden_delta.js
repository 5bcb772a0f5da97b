// The derivation of a hidden delta, line by line: neuron i, three neurons j, the error.

import { bar } from "./kit/bar.js";
import { htmlNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { formula, typesetLong } from "./kit/formula.js";
import { mount } from "./kit/picture.js";
import { clamp, shown } from "./kit/numbers.js";
import { near, predict } from "./kit/predict.js";

export default widget((figure) => {
  const lines = figure.get("lines");
  const value = figure.get("value");
  const last = lines.length - 1;
  let open = false;

  const top = bar(figure, {
    reset() {
      open = false;
      asked.hide();
      go(-last);
    },
    back: () => go(-1),
    next: () => go(1),
    step: () => {
      go(1);
      return figure.get("position") < last;
    },
    ends: (way) => go(way * last),
    names: { next: "Next line" },
    rate: 0.5,
  });
  const { stage, card } = figure.body();
  const { parts } = mount(stage, figure.get("markup"));
  const say = figure.status(stage, 3);
  focusable(card, "The derivation: the right and left arrow keys reveal and hide a line");
  card.tabIndex = 0;
  card.setAttribute("role", "group");
  card.dataset.steps = "";
  const list = htmlNode(card, "ol", "nnlib-lines");
  const items = lines.map(({ line }) => {
    const item = htmlNode(list, "li");
    item.append(formula(line, false));
    return item;
  });
  const asked = predict(card, () => go(1));
  asked.hide();

  function go(way) {
    if (way > 0 && asked.waiting()) return asked.say("Type your number and press Enter, or press Reveal.");
    figure.set("position", clamp(figure.get("position") + way, 0, last));
    show();
  }

  // The last line is the reader's: its number first.
  function ask() {
    const without = 2 * value; // the slope of this example is one half
    asked.ask({
      label: "δ_i =",
      judge: (number) =>
        near(number, value)
          ? null
          : near(number, without)
            ? "That is the sum that comes back. The slope g'(a_i) is missing."
            : near(number, -value)
              ? "Look at the signs: −0.2 · (−0.5) is positive."
              : "Not yet. Multiply each δ_j with its weight, add up, then multiply with the slope.",
      after: () => {
        open = true;
        show();
      },
    });
  }

  function show() {
    const now = figure.get("position");
    if (now === last && !open && !asked.waiting()) ask();
    if (now !== last) asked.hide();
    items.forEach((item, index) => {
      item.style.visibility = index <= now ? "" : "hidden";
      item.classList.toggle("nnlib-now", index === now);
    });
    typesetLong(items[last], `${lines[last].line} ${open ? shown(value) : "?"}`);
    for (const [name, part] of parts) part.classList.toggle("nnlib-lit", lines[now].lit.includes(name));
    top.can("back", now > 0);
    top.can("next", now < last);
    top.progress(-1, `line ${now + 1} of ${lines.length}`);
    say(now === last && open ? "Done: the formula, and its number for this picture." : lines[now].says);
  }
  figure.follow(["position"], show);
  show();
});
