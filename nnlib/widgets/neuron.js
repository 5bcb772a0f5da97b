// One neuron with two inputs: its line, four points, and what is wrong with them.

import { bar } from "./kit/bar.js";
import { choice, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { handle, put } from "./kit/handle.js";
import { heatmap, outputColour, outputColours, themeColours } from "./kit/heatmap.js";
import { legend } from "./kit/legend.js";
import { clamp, format } from "./kit/numbers.js";
import { classMark, plane } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";

const POINTS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const sigmoid = (a) => 1 / (1 + Math.exp(-a));
// The longest weight vector, (10, 10), is an arrow of about half the picture.
const LENGTH = 0.09;
const toHalf = (value) => Math.round(clamp(value, -10, 10) * 10) / 10;

export default widget((figure) => {
  const start = { w: figure.get("w"), b: figure.get("b"), task: figure.get("task") };
  const names = Object.keys(figure.get("tasks"));
  const top = bar(figure, { reset });
  const chosen = choice(top.row, "task", names, names.indexOf(start.task), (k) => {
    figure.set("task", names[k]);
    show();
  });
  const { stage, card } = figure.body();
  const picture = drawing(stage, 440, 400, "The plane of both inputs, with the line where y is 0.5");
  const space = plane(picture, {
    x: [-0.6, 1.6],
    y: [-0.6, 1.6],
    names: ["x_1", "x_2"],
    left: 60,
    width: 350,
    height: 350,
  });
  const { px, py, layer, frame } = space;
  change(space.up, { x: 20 });
  const map = heatmap(picture);
  legend(map.below(frame), "output y", outputColours, "0", "1");
  const line = svgNode(layer, "line", { class: "nnlib-curve" });
  const marks = POINTS.map(([x1, x2]) => ({
    ring: svgNode(layer, "circle", {
      cx: px(x1),
      cy: py(x2),
      r: 20,
      fill: "none",
      stroke: "var(--ink)",
      "stroke-width": 2,
      "stroke-dasharray": "5 4",
    }),
    dot: svgNode(layer, "g"),
    words: svgNode(layer, "text", { x: px(x1) + 24, y: py(x2) + 5 }),
  }));
  const arrow = svgNode(layer, "line", { stroke: "var(--green)", "stroke-width": 3 });
  const grip = { r: 8, fill: "var(--ground)", "stroke-width": 3 };
  const middle = svgNode(picture, "circle", { ...grip, stroke: "var(--ink)" });
  const tip = svgNode(picture, "circle", { ...grip, stroke: "var(--green)" });
  change(middle, { "aria-valuemin": -10, "aria-valuemax": 10 });
  change(tip, { "aria-valuemin": -10, "aria-valuemax": 10 });
  handle(middle, {
    label: "the line: moves it",
    moved: (x, y) => passThrough(px.back(x), py.back(y)),
    by: (right, up) => set(figure.get("w"), figure.get("b") + 0.1 * (up || right)),
  });
  handle(tip, {
    label: "the arrow: turns the line, and makes it steeper",
    moved: (x, y) => aim(px.back(x), py.back(y)),
    by: (right, up) => {
      const [w1, w2] = figure.get("w");
      set([w1 + 0.1 * right, w2 + 0.1 * up], figure.get("b"));
    },
  });

  const say = figure.status(card, 2);
  const table = htmlNode(card, "table", "nnlib-table");
  const head = htmlNode(table, "tr");
  for (const name of ["x_1", "x_2", "a", "y", "t"]) htmlNode(head, "th", "", name);
  htmlNode(head, "td");
  const rows = POINTS.map(() => {
    const row = htmlNode(table, "tr");
    return Array.from({ length: 6 }, () => htmlNode(row, "td"));
  });
  const todo = tasks(card, [
    {
      ask: "Make AND right for all four points.",
      answer: "Both inputs together get over the bias, one alone does not.",
    },
    { ask: "Make OR right. What has to change?", answer: "The bias alone will do: now one input is enough." },
    {
      ask: "XOR: how many points can be right at best?",
      answer: "Three. Which one is wrong depends on the line.",
    },
  ]);
  const foot = figure.foot();
  const range = { min: -10, max: 10, step: 0.1, digits: 1 };
  const sliders = [0, 1].map((k) =>
    slider(foot, { label: `w_${k + 1}`, value: start.w[k], ...range }, (value) => {
      const w = [...figure.get("w")];
      w[k] = value;
      set(w, figure.get("b"));
    }),
  );
  const bias = slider(foot, { label: "b", value: start.b, ...range }, (value) => set(figure.get("w"), value));

  // The foot of the perpendicular from the middle of the square on the line, kept in view.
  function footPoint() {
    const [w1, w2] = figure.get("w");
    const size = w1 * w1 + w2 * w2;
    if (size === 0) return [0.5, 0.5];
    const off = (0.5 * (w1 + w2) + figure.get("b")) / size;
    return [clamp(0.5 - off * w1, -0.5, 1.5), clamp(0.5 - off * w2, -0.5, 1.5)];
  }
  function passThrough(x1, x2) {
    const [w1, w2] = figure.get("w");
    set([w1, w2], -(w1 * x1 + w2 * x2));
  }
  function aim(x1, x2) {
    const [from1, from2] = footPoint();
    const w = [(x1 - from1) / LENGTH, (x2 - from2) / LENGTH].map(toHalf);
    set(w, -(w[0] * from1 + w[1] * from2));
  }
  function set(w, b) {
    figure.set("w", w.map(toHalf));
    figure.set("b", toHalf(b));
    show();
  }
  function reset() {
    figure.set("task", start.task);
    chosen.selectedIndex = names.indexOf(start.task);
    todo.reset();
    set(start.w, start.b);
  }

  function paint() {
    const theme = themeColours(figure.root);
    const [[w1, w2], b] = [figure.get("w"), figure.get("b")];
    map.clear();
    map.paint(frame, 70, 70, (column, row) => {
      const a = w1 * (-0.6 + (2.2 * (column + 0.5)) / 70) + w2 * (1.6 - (2.2 * (row + 0.5)) / 70) + b;
      return outputColour(theme, sigmoid(a));
    });
  }

  function show() {
    const [[w1, w2], b, task] = [figure.get("w"), figure.get("b"), figure.get("task")];
    const t = figure.get("tasks")[task];
    const y = POINTS.map(([x1, x2]) => sigmoid(w1 * x1 + w2 * x2 + b));
    const right = y.map((value, n) => value > 0.5 === (t[n] === 1));
    const wrong = right.filter((one) => !one).length;
    const E = y.reduce((sum, value, n) => sum + (value - t[n]) ** 2 / 2, 0);
    marks.forEach(({ ring, dot, words }, n) => {
      const [x1, x2] = POINTS[n];
      dot.replaceChildren();
      classMark(dot, px(x1), py(x2), t[n], 11);
      change(ring, { visibility: right[n] ? "hidden" : "visible" });
      words.textContent = format(y[n]);
    });
    const size = Math.hypot(w1, w2);
    const at = footPoint();
    const away = size ? [(-w2 / size) * 4, (w1 / size) * 4] : [0, 0];
    change(line, {
      x1: px(at[0] - away[0]),
      y1: py(at[1] - away[1]),
      x2: px(at[0] + away[0]),
      y2: py(at[1] + away[1]),
      visibility: size ? "visible" : "hidden",
    });
    const ends = [px(at[0] + LENGTH * w1), py(at[1] + LENGTH * w2)];
    const shown = [
      clamp(ends[0], frame.x, frame.x + frame.width),
      clamp(ends[1], frame.y, frame.y + frame.height),
    ];
    change(arrow, { x1: px(at[0]), y1: py(at[1]), x2: shown[0], y2: shown[1] });
    put(middle, px(at[0]), py(at[1]), b, `b ${format(b, 1)}`);
    put(tip, ...shown, w1, `w 1 ${format(w1, 1)}, w 2 ${format(w2, 1)}`);
    sliders.forEach((one, k) => one.move([w1, w2][k]));
    bias.move(b);
    rows.forEach((cells, n) => {
      const [x1, x2] = POINTS[n];
      const words = [
        x1,
        x2,
        format(w1 * x1 + w2 * x2 + b, 1),
        format(y[n], 4),
        t[n],
        right[n] ? "right" : "wrong",
      ];
      cells.forEach((cell, k) => {
        cell.textContent = words[k];
      });
    });
    const term = (value) => `${value < 0 ? "−" : "+"} ${format(Math.abs(value), 1)}`;
    say(
      `${task}: ${wrong ? `${wrong} of 4 wrong` : "all four right"}, E = ${format(E, 4)}\n` +
        `y > 0.5 where ${format(w1, 1)} x_1 ${term(w2)} x_2 ${term(b)} > 0`,
    );
    if (task === "AND" && !wrong) todo.reach(0);
    if (task === "OR" && !wrong) todo.reach(1);
    if (task === "XOR" && wrong === 1) todo.reach(2);
    paint();
  }
  figure.onTheme(paint);
  figure.follow(["w", "b", "task"], () => {
    chosen.selectedIndex = names.indexOf(figure.get("task"));
    show();
  });
  show();
});
