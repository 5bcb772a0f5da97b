// A planar arm with two links whose hand follows a goal, by its Jacobian from dual numbers.

import { bar } from "./kit/bar.js";
import { check, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { typeset } from "./kit/formula.js";
import { handle, put } from "./kit/handle.js";
import { clamp, format } from "./kit/numbers.js";
import { plane } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";

const NEAR = 0.02; // the hand has reached what is no further away, in metres

export default widget((figure) => {
  const links = figure.get("links");
  const objects = figure.get("objects");
  const start = { q: figure.get("q"), goal: figure.get("goal"), damping: figure.get("damping") };
  let [q, goal] = [[...start.q], [...start.goal]];
  let { damping } = start;
  let [held, follows] = [new Set(), false];

  const top = bar(figure, {
    reset() {
      [q, goal] = [[...start.q], [...start.goal]];
      held = new Set();
      damp.move((damping = start.damping));
      todo.reset();
      show();
    },
    next: step,
    step: () => {
      step();
      return distance() > 1e-3;
    },
    names: { next: "Step" },
    rate: 12,
  });
  check(top.row, "the hand follows at once", false, (ticked) => {
    follows = ticked;
    if (follows) follow();
  });
  const { stage, card } = figure.body();
  const picture = drawing(stage, 440, 385, "An arm with two links and a goal for its hand");
  const box = {
    x: [-1.2, 1.2],
    y: [-1.1, 1.1],
    names: ["x", "y"],
    left: 62,
    top: 10,
    width: 360,
    height: 330,
  };
  const { px, py, layer } = plane(picture, box);
  const reach = (px.to - px.from) / 2.4;
  const ring = { cx: px(0), cy: py(0), fill: "none", stroke: "var(--line)", "stroke-dasharray": "4 4" };
  for (const r of [links[0] + links[1], Math.abs(links[0] - links[1])])
    svgNode(layer, "circle", { ...ring, r: r * reach });
  const marks = objects.map(([x, y]) => {
    const style = { r: 7, fill: "var(--ground)", stroke: "var(--green)", "stroke-width": 2 };
    return svgNode(layer, "circle", { cx: px(x), cy: py(y), ...style });
  });
  const upper = { "stroke-width": 12, "stroke-linecap": "round" };
  const limbs = ["var(--soft)", "var(--blue)"].map((stroke) => svgNode(layer, "line", { ...upper, stroke }));
  const joints = [0, 1, 2].map(() => svgNode(layer, "circle", { r: 6, fill: "var(--ink)" }));
  const columns = ["var(--pink)", "var(--orange)"].map((stroke) => {
    return svgNode(layer, "line", { stroke, "stroke-width": 2.5, "stroke-dasharray": "5 3" });
  });
  const next = svgNode(layer, "line", { stroke: "var(--green)", "stroke-width": 3 });
  const round = { r: 9, fill: "none", stroke: "var(--orange)", "stroke-width": 3 };
  const grip = svgNode(picture, "circle", round);
  handle(grip, {
    label: "the goal of the hand",
    moved: (x, y) => move(px.back(x), py.back(y)),
    by: (right, up) => move(goal[0] + 0.02 * right, goal[1] + 0.02 * up),
  });
  typeset(htmlNode(card, "div"), ['Δq = J^T (J J^T + λ^2 I)^{"−1"} (t − p)']);
  const numbers = htmlNode(card, "div", "nnlib-numbers");
  const legend =
    "Dashed: the columns of J, how the hand moves with each joint. Green line: the next step, J Δq.";
  htmlNode(card, "div", "nnlib-small", legend);
  const todo = tasks(card, [
    { ask: "Grasp the three green objects.", answer: "J was computed anew for each small step." },
    { ask: "Stretch the arm. What becomes of det J?", answer: "It is 0: both columns point the same way." },
    { ask: "Pull the goal out of reach. What does the arm do?", answer: "It points at the goal, and rests." },
  ]);
  const foot = figure.foot();
  const options = { label: "damping λ", min: 0, max: 0.3, step: 0.01, value: damping };
  const damp = slider(foot, options, (value) => {
    damping = value;
    if (follows) follow();
    else show();
  });
  const say = figure.status();

  const hand = () => position(q, links).map(({ value }) => value);
  const error = () => hand().map((p, k) => goal[k] - p);
  const distance = () => Math.hypot(...error());

  function step() {
    turn();
    show();
  }
  // How the joints turn in the next step.
  function plan() {
    const e = error();
    const part = Math.min(1, 0.03 / Math.hypot(...e)); // at most 3 cm: J is for small steps
    const wanted = e.map((d) => d * part);
    const turns = leastSquares(jacobian(q, links), wanted, Math.max(damping, 1e-6));
    return turns.map((angle) => clamp(angle, -0.5, 0.5));
  }
  function turn() {
    const turns = plan();
    q = q.map((angle, k) => angle + turns[k]);
  }
  function follow() {
    for (let k = 0; k < 120 && distance() > 1e-4; k++) turn();
    show();
  }
  function move(x, y) {
    top.pause();
    goal = [clamp(x, -1.15, 1.15), clamp(y, -1.05, 1.05)];
    if (follows) follow();
    else show();
  }

  function show() {
    const J = jacobian(q, links);
    const elbow = [links[0] * Math.cos(q[0]), links[0] * Math.sin(q[0])];
    const [x, y] = hand();
    const points = [[0, 0], elbow, [x, y]];
    limbs.forEach((limb, k) => change(limb, segment(points[k], points[k + 1])));
    joints.forEach((joint, k) => change(joint, { cx: px(points[k][0]), cy: py(points[k][1]) }));
    columns.forEach((line, k) => change(line, segment([x, y], [x + 0.3 * J[0][k], y + 0.3 * J[1][k]])));
    const turns = plan();
    const ahead = J.map((row) => row[0] * turns[0] + row[1] * turns[1]);
    change(next, segment([x, y], [x + ahead[0], y + ahead[1]]));
    put(grip, px(goal[0]), py(goal[1]), goal[0], `goal at ${format(goal[0])}, ${format(goal[1])}`);
    objects.forEach(([u, v], k) => {
      if (Math.hypot(u - x, v - y) < NEAR) held.add(k);
      change(marks[k], { fill: held.has(k) ? "var(--green)" : "var(--ground)" });
    });
    const determinant = J[0][0] * J[1][1] - J[0][1] * J[1][0];
    typeset(numbers, [
      `q_1 = ${format(q[0])} "   " q_2 = ${format(q[1])}`,
      `J = (${J.map((row) => row.map((v) => `{${format(v)}}`).join(' "  " ')).join(' " ; " ')})`,
      `"det " J = ${format(determinant, 3)}`,
    ]);
    if (held.size === objects.length) todo.reach(0);
    if (Math.abs(determinant) < 0.01) todo.reach(1);
    const out = Math.hypot(...goal) > links[0] + links[1];
    if (out && distance() > NEAR) todo.reach(2);
    figure.set("q", [...q]);
    figure.set("goal", [...goal]);
    const off = distance();
    const what = off < NEAR ? "the hand is there" : out ? "out of reach" : "on its way";
    say(`Hand at (${format(x)}, ${format(y)}), ${format(off)} m from the goal: ${what}.`);
  }
  const segment = ([x1, y1], [x2, y2]) => ({ x1: px(x1), y1: py(y1), x2: px(x2), y2: py(y2) });

  figure.follow(["q", "goal", "damping"], () => {
    [q, goal] = [[...figure.get("q")], [...figure.get("goal")]];
    damp.move((damping = figure.get("damping")));
    show();
  });
  show();
});

// Dual numbers, as much as the arm needs.
const dual = (value, dot = 0) => ({ value, dot });
const add = (u, w) => dual(u.value + w.value, u.dot + w.dot);
const times = (c, u) => dual(c * u.value, c * u.dot);
const cos = (u) => dual(Math.cos(u.value), -Math.sin(u.value) * u.dot);
const sin = (u) => dual(Math.sin(u.value), Math.cos(u.value) * u.dot);

// The hand's place as dual numbers; q may be numbers or dual numbers.
function position(q, [upper, lower]) {
  const [first, second] = q.map((angle) => (typeof angle === "number" ? dual(angle) : angle));
  const both = add(first, second);
  return [
    add(times(upper, cos(first)), times(lower, cos(both))),
    add(times(upper, sin(first)), times(lower, sin(both))),
  ];
}

// One pass for each joint: its dot is 1, and the dots of the hand are a column of J.
export function jacobian(q, links) {
  const seeded = (i) => q.map((angle, k) => dual(angle, i === k ? 1 : 0));
  const passes = q.map((_, i) => position(seeded(i), links));
  return [0, 1].map((k) => passes.map((hand) => hand[k].dot));
}

// Jᵀ (J Jᵀ + λ² I)⁻¹ e, for 2 x 2.
export function leastSquares([[a, b], [c, d]], [e, f], damping) {
  const l = damping * damping;
  const [s, t, u] = [a * a + b * b + l, a * c + b * d, c * c + d * d + l];
  const determinant = s * u - t * t;
  const [y, z] = [(u * e - t * f) / determinant, (s * f - t * e) / determinant];
  return [a * y + c * z, b * y + d * z];
}
