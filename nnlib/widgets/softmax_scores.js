// Softmax: scores as handles on the left, probabilities and y - t as bars beside them.

import { bar } from "./kit/bar.js";
import { button, choice, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { typeset } from "./kit/formula.js";
import { handle, put } from "./kit/handle.js";
import { clamp, format } from "./kit/numbers.js";
import { tasks } from "./kit/tasks.js";

const LIMIT = 10;
const COLOURS = ["var(--blue)", "var(--orange)", "var(--green)"];
const DASHES = ["none", "7 3", "2 3"];

export default widget((figure) => {
  let a = [...figure.get("scores")];
  let truth = figure.get("true_class");
  const start = { a: [...a], truth };
  const names = a.map((_, k) => `class ${k + 1}`);
  let added = 0;

  const top = bar(figure, {
    reset() {
      [a, truth, added] = [[...start.a], start.truth, 0];
      figure.set("true_class", truth);
      todo.reset();
      arrived();
    },
  });
  button(top.row, "All + 1", () => {
    const step = Math.min(1, LIMIT - Math.max(...a)); // the same for all, also at the upper end
    a = a.map((value) => value + step);
    added += step > 0;
    arrived(step < 1 ? `The largest score is ${LIMIT}, the end of its slider: All + 1 stops there.` : "");
    if (added >= 3) todo.reach(1);
  });
  const picked = choice(top.row, "true class", names, truth, (index) => {
    truth = index;
    figure.set("true_class", truth);
    show();
  });

  const { stage, card } = figure.body();
  const [height, first, width, gap] = [272, 40, 150, 36];
  const bottom = height - 34;
  const picture = drawing(stage, 3 * (width + gap), height, "Scores, probabilities and y − t of the classes");
  const up = (value, { low, high }) => bottom - ((value - low) / (high - low)) * (bottom - first);
  const panels = [
    { title: "score a_k", low: -12.5, high: 12.5, digits: 1 },
    { title: "probability y_k", low: 0, high: 1.08, digits: 4 },
    { title: "difference y_k − t_k", low: -1.12, high: 1.12, digits: 4 },
  ].map((panel, p) => {
    const x = gap / 2 + p * (width + gap);
    svgNode(picture, "text", { x: x + width / 2, y: 16, "text-anchor": "middle" }, panel.title);
    const zero = up(0, panel);
    svgNode(picture, "line", { x1: x - 8, x2: x + width + 8, y1: zero, y2: zero, stroke: "var(--line)" });
    return { ...panel, bars: a.map((_, k) => oneBar(x + k * 52, k)) };
  });
  function oneBar(x, k) {
    const middle = { x: x + 22, "text-anchor": "middle" };
    svgNode(picture, "text", { ...middle, y: height - 8, class: "nnlib-small" }, names[k]);
    const look = {
      fill: COLOURS[k],
      "fill-opacity": 0.75,
      stroke: "var(--ink)",
      "stroke-dasharray": DASHES[k],
    };
    const rect = svgNode(picture, "rect", { x: x + 4, width: 36, ...look });
    return { x, rect, number: svgNode(picture, "text", { ...middle, style: "font-size: 12px" }, "") };
  }
  const handles = panels[0].bars.map(({ x }, k) => {
    const look = { r: 8, fill: "var(--ground)", stroke: COLOURS[k], "stroke-width": 3 };
    const grip = svgNode(picture, "circle", { ...look, "aria-valuemin": -LIMIT, "aria-valuemax": LIMIT });
    handle(grip, {
      label: `score of ${names[k]}`,
      moved: (_, y) => {
        const { low, high } = panels[0];
        move(k, low + ((bottom - y) / (bottom - first)) * (high - low));
      },
      by: (_, rows) => move(k, a[k] + 0.1 * rows),
      ends: (way) => move(k, way * LIMIT),
    });
    return { grip, x: x + 22 };
  });

  typeset(htmlNode(card, "div"), "y_k = {e^{a_k}}/{Σ_j e^{a_j}}");
  const numbers = htmlNode(card, "div", "nnlib-numbers");
  const todo = tasks(card, [
    {
      ask: "Give the true class a probability of 0.99. How small is E then?",
      answer: "E = −ln 0.99 ≈ 0.01.",
    },
    {
      ask: "All + 1, three times: what happens to the probabilities?",
      answer: "Nothing: the factor e stands above and below the fraction and cancels.",
    },
    {
      ask: "Be certain and wrong: give the true class less than 0.001.",
      answer: "E grows without bound, and y − t of the true class is close to −1.",
    },
  ]);
  const foot = figure.foot();
  const range = { min: -LIMIT, max: LIMIT, step: 0.1, digits: 1 };
  const sliders = a.map((value, k) =>
    slider(foot, { label: `a_${k + 1}`, ...range, value }, (to) => move(k, to)),
  );
  const say = figure.status(figure.root, 2);

  function move(k, value) {
    a[k] = clamp(Math.round(value * 10) / 10, -LIMIT, LIMIT);
    arrived();
    const { y } = measure();
    if (y[truth] >= 0.99) todo.reach(0);
    if (y[truth] < 0.001) todo.reach(2);
  }

  function arrived(words = "") {
    figure.set("scores", [...a]);
    sliders.forEach((one, k) => one.move(a[k]));
    show(words);
  }

  function measure() {
    const highest = Math.max(...a);
    const powers = a.map((value) => Math.exp(value - highest));
    const total = powers.reduce((sum, value) => sum + value, 0);
    const y = powers.map((value) => value / total);
    const difference = y.map((value, k) => value - (k === truth ? 1 : 0));
    return { y, difference, E: Math.log(total) + highest - a[truth] };
  }

  function show(words = "") {
    const { y, difference, E } = measure();
    [a, y, difference].forEach((values, p) => {
      const { bars, digits } = panels[p];
      values.forEach((value, k) => {
        const ends = [up(value, panels[p]), up(0, panels[p])];
        change(bars[k].rect, { y: Math.min(...ends), height: Math.abs(ends[1] - ends[0]) });
        const away = p === 0 ? 13 : 5;
        change(bars[k].number, { y: value < 0 ? Math.max(...ends) + away + 9 : Math.min(...ends) - away });
        bars[k].number.textContent = format(value, digits);
      });
    });
    handles.forEach(({ grip, x }, k) => put(grip, x, up(a[k], panels[0]), a[k], format(a[k], 1)));
    picked.selectedIndex = truth;
    const probability = `y_${truth + 1} = ${format(y[truth], 4)}`;
    typeset(numbers, [probability, `E = −ln y_${truth + 1} = ${format(E, 4)}`]);
    const all = y.map((value) => format(value, 4)).join(", ");
    say(`y = (${all}), true class ${truth + 1}: E = −ln y = ${format(E, 4)}\n${words}`);
  }
  figure.follow(["scores", "true_class"], () => {
    a = [...figure.get("scores")];
    truth = figure.get("true_class");
    sliders.forEach((one, k) => one.move(a[k]));
    show();
  });
  show();
});
