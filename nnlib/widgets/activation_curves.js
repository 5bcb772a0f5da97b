// Activation functions, their slopes, and the tangent at a point that can be moved.

import { CURVES } from "./activation_functions.js";
import { bar } from "./kit/bar.js";
import { check, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { handle, put } from "./kit/handle.js";
import { clamp, format } from "./kit/numbers.js";
import { curve, plane, zeroLines } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";

const LOOKS = {
  identity: ["var(--soft)", ""],
  relu: ["var(--blue)", ""],
  "leaky relu": ["var(--blue)", "7 4"],
  sigmoid: ["var(--orange)", ""],
  tanh: ["var(--green)", ""],
  softplus: ["var(--orange)", "7 4"],
  SiLU: ["var(--pink)", ""],
  GELU: ["var(--pink)", "7 4"],
};
const TASKS = [
  {
    ask: "Move a to where the slope of the sigmoid is largest.",
    answer: "At 0 it is 1/4. The slope of tanh is 1 there.",
  },
  {
    ask: "tanh is steeper at 0. Find an a where the sigmoid is steeper.",
    answer: "From about 1.7 on, and below −1.7: tanh saturates earlier.",
  },
  {
    ask: "Show more functions: which can have a negative slope?",
    answer: "SiLU and GELU, for a below −1.3 and −0.8. The others never fall.",
  },
];

export default widget((figure) => {
  const names = ["shown", "a", "epsilon"];
  const start = Object.fromEntries(names.map((name) => [name, figure.get(name)]));
  const top = bar(figure, { reset });
  const point = slider(top.row, { label: "a", min: -5, max: 5, step: 0.05, value: start.a }, (a) =>
    set("a", a),
  );
  const leak = slider(
    top.row,
    { label: "ε of the leaky relu", min: 0.01, max: 0.5, step: 0.01, value: start.epsilon },
    (epsilon) => set("epsilon", epsilon),
  );

  const { stage, card } = figure.body();
  const pair = htmlNode(stage, "div", "nnlib-pair");
  const size = { left: 34, width: 226, height: 290 };
  const values = drawing(pair, 266, 340, "Activation functions over a, each with its tangent at one point");
  const of = plane(values, { x: [-5, 5], y: [-2, 3.5], names: ["a", ""], ...size });
  const slopes = drawing(pair, 266, 340, "The slopes of the activation functions over a");
  const steep = plane(slopes, { x: [-5, 5], y: [-0.3, 1.3], names: ["a", ""], ...size });
  svgNode(values, "text", { x: 42, y: 28 }, "y = g(a)");
  svgNode(slopes, "text", { x: 42, y: 28 }, "slope g′(a)");
  const sight = [of, steep].map((one) => {
    zeroLines(one);
    const line = { y1: one.py.from, y2: one.py.to, stroke: "var(--soft)", "stroke-dasharray": "2 4" };
    return svgNode(one.layer, "line", line);
  });

  const boxes = {};
  const rows = {};
  const table = htmlNode(card, "table", "nnlib-curves");
  const head = htmlNode(table, "tr");
  htmlNode(head, "td");
  for (const words of ["g(a)", "g′(a)"]) htmlNode(head, "th", "", words);
  for (const name of figure.get("names")) {
    const [colour, dashes] = LOOKS[name];
    const row = htmlNode(table, "tr");
    const cell = htmlNode(row, "td");
    boxes[name] = check(cell, name, start.shown.includes(name), () => choose());
    const sample = svgNode(boxes[name].parentNode, "svg", { width: 30, height: 10, "aria-hidden": true });
    svgNode(sample, "line", {
      x1: 2,
      x2: 28,
      y1: 5,
      y2: 5,
      stroke: colour,
      "stroke-width": 2.5,
      "stroke-dasharray": dashes,
    });
    const look = { style: `stroke: ${colour}`, "stroke-dasharray": dashes };
    rows[name] = {
      cells: [htmlNode(row, "td"), htmlNode(row, "td")],
      curves: [curve(of, look, 250), curve(steep, look, 250)],
      tangent: svgNode(of.layer, "line", { stroke: colour, "stroke-width": 1.2 }),
      dots: [of, steep].map((one) => svgNode(one.layer, "circle", { r: 4, fill: colour })),
    };
  }
  const todo = tasks(card, TASKS);
  const grip = svgNode(values, "circle", {
    r: 8,
    fill: "var(--ground)",
    stroke: "var(--ink)",
    "stroke-width": 2.5,
  });
  const move = (a) => set("a", clamp(Math.round(20 * a) / 20, -5, 5));
  handle(grip, {
    label: "weighted sum a",
    moved: (x) => move(of.px.back(x)),
    by: (columns, up) => move(figure.get("a") + 0.05 * (columns + up)),
    ends: (way) => move(5 * way),
  });
  change(grip, { "aria-valuemin": -5, "aria-valuemax": 5 });

  function set(name, value) {
    figure.set(name, value);
    point.move(figure.get("a"));
    show();
  }
  function choose() {
    figure.set(
      "shown",
      figure.get("names").filter((name) => boxes[name].checked),
    );
    show();
  }
  function reset() {
    for (const name of names) figure.set(name, start[name]);
    todo.reset();
    follow();
  }
  function follow() {
    for (const [name, box] of Object.entries(boxes)) box.checked = figure.get("shown").includes(name);
    point.move(figure.get("a"));
    leak.move(figure.get("epsilon"));
    show();
  }

  function show() {
    const [a, epsilon, shown] = [figure.get("a"), figure.get("epsilon"), figure.get("shown")];
    const slopeOf = {};
    for (const [name, { cells, curves, tangent, dots }] of Object.entries(rows)) {
      const { g, slope } = CURVES[name];
      const seen = shown.includes(name);
      for (const node of [...dots, tangent]) node.style.display = seen ? "" : "none";
      const [y, steepness] = [g(a, epsilon), slope(a, epsilon)];
      curves[0]((at) => (seen ? g(at, epsilon) : NaN));
      curves[1]((at) => (seen ? slope(at, epsilon) : NaN));
      cells[0].textContent = seen ? format(y, 4) : "";
      cells[1].textContent = seen ? format(steepness, 4) : "";
      if (!seen) continue;
      slopeOf[name] = steepness;
      change(dots[0], { cx: of.px(a), cy: of.py(y) });
      change(dots[1], { cx: steep.px(a), cy: steep.py(steepness) });
      const ends = [a - 1.2, a + 1.2];
      const [y1, y2] = ends.map((x) => of.py(y + steepness * (x - a)));
      change(tangent, { x1: of.px(ends[0]), x2: of.px(ends[1]), y1, y2 });
    }
    sight.forEach((line, k) => change(line, { x1: [of, steep][k].px(a), x2: [of, steep][k].px(a) }));
    put(grip, of.px(a), of.py(0), a, `a = ${format(a)}`);
    if (slopeOf.sigmoid >= 0.25) todo.reach(0);
    if (slopeOf.sigmoid > slopeOf.tanh) todo.reach(1);
    if (Object.values(slopeOf).some((steepness) => steepness < 0)) todo.reach(2);
  }

  figure.follow(names, follow);
  show();
});
