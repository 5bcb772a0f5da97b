// One neuron, ten points: gradient descent over w and b, with the plateau on which relu is dead.

import { bar } from "./kit/bar.js";
import { slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { typeset } from "./kit/formula.js";
import { handle, put } from "./kit/handle.js";
import { heatmap, paintSurface, surfaceColours } from "./kit/heatmap.js";
import { legend } from "./kit/legend.js";
import { clamp, format } from "./kit/numbers.js";
import { curve, plane, zeroLines } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";

const FINE = 31;
const TASKS = [
  {
    ask: "Step once with α = 0.2. Where does the neuron land?",
    answer: "On the plateau: a ≤ 0 for all ten samples. It is dead.",
  },
  {
    ask: "Go on with relu, with any α. Does it come back?",
    answer: "Never: both derivatives are 0, whatever α is.",
  },
  {
    ask: "Set the leak ε to 0.1. Does it come back, and stay?",
    answer: "It climbs back. To stay it needs a smaller α too, such as 0.1: the leak mends no long steps.",
  },
];

export default widget((figure) => {
  const [xs, ts] = [figure.get("x"), figure.get("t")];
  const names = ["w", "b", "alpha", "epsilon"];
  const start = Object.fromEntries(names.map((name) => [name, figure.get(name)]));
  let walked = [];
  let stepsWhenDead = 0;
  let died = false;

  const top = bar(figure, { reset, next: step, step, rate: 8, names: { next: "Step" } });
  const rate = slider(
    top.row,
    { label: "learning rate α", min: 0.01, max: 0.4, step: 0.01, value: start.alpha },
    (value) => figure.set("alpha", value),
  );
  const leak = slider(
    top.row,
    {
      label: "leak ε",
      min: 0,
      max: 0.5,
      step: 0.01,
      value: start.epsilon,
      show: (value) => (value === 0 ? "relu" : format(value)),
    },
    (value) => {
      figure.set("epsilon", value);
      paint();
      show();
    },
  );

  const { stage, card } = figure.body();
  const pair = htmlNode(stage, "div", "nnlib-pair");
  const left = drawing(pair, 264, 320, "Ten points and the output of the neuron over x");
  const data = plane(left, {
    x: [-1.2, 2.2],
    y: [-1.2, 3.2],
    names: ["x", ""],
    left: 36,
    width: 222,
    height: 270,
  });
  zeroLines(data);
  svgNode(left, "text", { x: 44, y: 28 }, "y (line), t (points)");
  const sum = curve(data, { "stroke-dasharray": "3 4", style: "stroke: var(--soft); stroke-width: 1.2" }, 1);
  const output = curve(data, { style: "stroke: var(--blue); stroke-width: 2.5" });
  xs.forEach((x, n) =>
    svgNode(data.layer, "circle", { cx: data.px(x), cy: data.py(ts[n]), r: 4, fill: "var(--orange)" }),
  );

  const right = drawing(pair, 272, 320, "The error over w and b, with the way of gradient descent");
  const map = heatmap(right);
  const places = plane(right, {
    x: [-2, 2],
    y: [-2.5, 2.5],
    names: ["w", "b"],
    left: 44,
    width: 222,
    height: 270,
  });
  const { px, py } = places;
  const trail = svgNode(places.layer, "polyline", {
    fill: "none",
    stroke: "var(--ink)",
    "stroke-width": 1.5,
  });
  const mark = svgNode(right, "circle", {
    r: 8,
    fill: "var(--ground)",
    stroke: "var(--ink)",
    "stroke-width": 2.5,
  });
  handle(mark, {
    label: "weight w and bias b",
    moved: (x, y) => place(px.back(x), py.back(y)),
    by: (columns, rows) => place(figure.get("w") + 0.05 * columns, figure.get("b") + 0.05 * rows),
  });
  const scaleOfE = legend(map.below(places.frame), "E", surfaceColours);

  const state = htmlNode(card, "div", "nnlib-title");
  state.setAttribute("role", "status");
  const numbers = htmlNode(card, "div", "nnlib-numbers");
  const todo = tasks(card, TASKS);
  htmlNode(
    card,
    "div",
    "nnlib-small",
    "Dotted: the weighted sum a = wx + b. Drag the ring, or move it by arrow keys.",
  );

  function measure(w, b) {
    const epsilon = figure.get("epsilon");
    let [E, dw, db, active] = [0, 0, 0, 0];
    xs.forEach((x, n) => {
      const a = w * x + b;
      const slope = a > 0 ? 1 : epsilon;
      const off = slope * a - ts[n];
      E += (off * off) / 2;
      dw += off * slope * x;
      db += off * slope;
      active += a > 0 ? 1 : 0;
    });
    return { E, dw, db, active };
  }

  // One step of gradient descent; false where nothing moves any more.
  function step() {
    const [w, b, alpha] = [figure.get("w"), figure.get("b"), figure.get("alpha")];
    const { dw, db, active } = measure(w, b);
    walked.push([px(w), py(b)]);
    figure.set("w", w - alpha * dw);
    figure.set("b", b - alpha * db);
    if (!active && !figure.get("epsilon")) stepsWhenDead += 1;
    if (stepsWhenDead > 0) todo.reach(1);
    show();
    return Math.hypot(dw, db) > 1e-3;
  }

  // Placed by hand: the way so far is forgotten.
  function place(w, b) {
    top.pause();
    walked = [];
    figure.set("w", clamp(w, px.low, px.high));
    figure.set("b", clamp(b, py.low, py.high));
    show();
  }

  function reset() {
    for (const name of names) figure.set(name, start[name]);
    [walked, stepsWhenDead, died] = [[], 0, false];
    todo.reset();
    follow();
  }
  function follow() {
    rate.move(figure.get("alpha"));
    leak.move(figure.get("epsilon"));
    paint();
    show();
  }

  function paint() {
    const at = (way, k) => way.low + ((way.high - way.low) * (k + 0.5)) / FINE;
    const errors = Array.from({ length: FINE * FINE }, (_, cell) => {
      const row = FINE - 1 - Math.floor(cell / FINE);
      return measure(at(px, cell % FINE), at(py, row)).E;
    });
    const ends = paintSurface(figure, map, places.frame, errors);
    scaleOfE(...ends.map((E) => format(E, 1)));
  }

  function show() {
    const [w, b, epsilon] = [figure.get("w"), figure.get("b"), figure.get("epsilon")];
    const { E, dw, db, active } = measure(w, b);
    sum((x) => w * x + b);
    output((x) => (w * x + b > 0 ? 1 : epsilon) * (w * x + b));
    const here = [clamp(px(w), px.from, px.to), clamp(py(b), py.to, py.from)];
    put(mark, ...here, w, `w ${format(w)}, b ${format(b)}`);
    change(trail, { points: [...walked, here].join(" ") });
    const silent = epsilon ? "Silent" : "Dead";
    state.textContent = active
      ? `a > 0 for ${active} of ${xs.length} samples`
      : `${silent}: a ≤ 0 for all samples`;
    state.style.color = active ? "var(--ink)" : "var(--orange-text)";
    typeset(numbers, [
      `w = ${format(w)} , b = ${format(b)} , E = ${format(E)}`,
      `∂E/∂w = ${format(dw)} , ∂E/∂b = ${format(db)}`,
    ]);
    if (!active && !epsilon && walked.length) {
      died = true;
      todo.reach(0);
    }
    if (died && active && epsilon && walked.length) todo.reach(2);
  }

  figure.onTheme(paint);
  figure.follow(names, follow);
  show();
});
