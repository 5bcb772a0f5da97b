// Two recurrent neurons: a map of weights coloured by behaviour, the outputs in time and against each other.

import { bar } from "./kit/bar.js";
import { button, check, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { behaviour, run } from "./kit/dynamics.js";
import { widget } from "./kit/figure.js";
import { handle, put } from "./kit/handle.js";
import { heatmap, mix, themeColours } from "./kit/heatmap.js";
import { clamp, format } from "./kit/numbers.js";
import { plane } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";

const [COLUMNS, ROWS, STEPS, TRACE] = [96, 72, 60, 600];
const EXAMPLES = {
  settles: [4, 3, -6],
  "period 2": [-20, 2, -6],
  wanders: [1, 4, -6],
  chaotic: [-20, 6, -6],
};
// Each behaviour has a colour, a share of it on the ground, and a letter in the legend.
const COLOURS = [
  ["soft", 0.15],
  ["blue", 0.5],
  ["green", 0.55],
  ["orange", 0.9],
];

export default widget((figure) => {
  const { w11: across, w12: up } = figure.get("ranges");
  const kinds = figure.get("behaviours");
  const first = structuredClone(figure.get("W"));
  let second = false;
  let grid = [];
  let job = 0;

  const top = bar(figure, { reset });
  for (const [name, weights] of Object.entries(EXAMPLES)) {
    button(top.row, name, () => go(...weights));
  }
  const { stage, card } = figure.body();
  const picture = drawing(
    stage,
    560,
    448,
    "A map of two weights, the outputs against each other, and in time",
  );
  const place = plane(picture, {
    x: across,
    y: up,
    names: ["w_11", "w_12"],
    left: 64,
    width: 236,
    height: 220,
  });
  change(place.up, { x: 24 });
  const phase = plane(picture, {
    x: [0, 1],
    y: [0, 1],
    names: ["x_1", "x_2"],
    left: 354,
    width: 196,
    height: 220,
  });
  change(phase.up, { x: 320 });
  const time = plane(picture, {
    x: [0, STEPS],
    y: [0, 1],
    names: ["t", "x"],
    left: 64,
    top: 278,
    width: 486,
    height: 128,
  });
  change(time.up, { x: 24 });
  const map = heatmap(picture);
  const dots = svgNode(phase.layer, "path", { fill: "var(--orange)" });
  const walk = svgNode(phase.layer, "polyline", { fill: "none", stroke: "var(--soft)", "stroke-width": 1 });
  const curves = ["var(--orange)", "var(--blue)"].map((stroke, k) =>
    [1, 0.45].map((opacity) =>
      svgNode(time.layer, "polyline", {
        class: "nnlib-curve",
        style: `stroke: ${stroke}`,
        "stroke-dasharray": k ? "5 3" : "none",
        opacity,
      }),
    ),
  );
  const dot = svgNode(picture, "circle", {
    r: 8,
    fill: "var(--ground)",
    stroke: "var(--ink)",
    "stroke-width": 3,
  });
  handle(dot, {
    label: "the weights w 11 and w 12",
    moved: (x, y) => go(place.px.back(x), place.py.back(y)),
    by: (right, upward) => go(weight(0) + 0.25 * right, weight(1) + 0.1 * upward),
  });
  const say = figure.status(card, 4);
  const key = htmlNode(card, "div", "nnlib-row nnlib-small");
  kinds.forEach((kind, k) => {
    const mark = htmlNode(htmlNode(key, "span", "", ""), "i", "nnlib-swatch");
    const [colour, share] = COLOURS[k];
    mark.style.background = `color-mix(in srgb, var(--${colour}) ${100 * share}%, var(--ground))`;
    mark.parentNode.append(` ${kind}`);
  });
  const todo = tasks(card, [
    {
      ask: "Find weights for which it oscillates with period 2.",
      answer: "A neuron that holds itself back strongly: on, off, on, off.",
    },
    {
      ask: "Find chaos, and tick “second start”. How long do both agree?",
      answer:
        "At −20 and 6 about 40 steps. Each step makes the difference larger, by the factor above on average.",
    },
    {
      ask: "Does a second start matter where it settles?",
      answer: "No. Both come to the same point, and the difference dies out.",
    },
  ]);
  const foot = figure.foot();
  const back = slider(
    foot,
    { label: "w_21", min: -12, max: 12, step: 0.5, value: first[1][0], digits: 1 },
    (value) => go(weight(0), weight(1), value),
  );
  const twin = check(foot, "second start, one millionth away", false, (ticked) => {
    second = ticked;
    show();
  });
  htmlNode(foot, "span", "nnlib-small", "x_1 is orange, x_2 blue and dashed");

  const weight = (k) => figure.get("W")[0][k];
  function go(w11, w12, w21 = figure.get("W")[1][0]) {
    const old = figure.get("W")[1][0];
    const round = (value) => Math.round(100 * value) / 100;
    figure.set("W", [
      [round(clamp(w11, ...across)), round(clamp(w12, ...up))],
      [w21, figure.get("W")[1][1]],
    ]);
    show();
    if (w21 !== old) survey();
  }
  function reset() {
    todo.reset();
    second = twin.checked = false;
    go(first[0][0], first[0][1], first[1][0]);
  }

  // The map is computed in slices, so that a key press never waits for it.
  function survey() {
    const mine = ++job;
    const [, [w21, w22]] = figure.get("W");
    const [b, start] = [figure.get("biases"), figure.get("start")];
    const cells = [];
    const slice = () => {
      if (mine !== job) return;
      const end = performance.now() + 12;
      while (cells.length < COLUMNS * ROWS && performance.now() < end) {
        const [column, row] = [cells.length % COLUMNS, Math.floor(cells.length / COLUMNS)];
        const w11 = across[0] + ((across[1] - across[0]) * (column + 0.5)) / COLUMNS;
        const w12 = up[1] - ((up[1] - up[0]) * (row + 0.5)) / ROWS;
        cells.push(
          behaviour(
            [
              [w11, w12],
              [w21, w22],
            ],
            b,
            start,
          ).kind,
        );
      }
      if (cells.length < COLUMNS * ROWS) return setTimeout(slice);
      grid = cells;
      paint();
    };
    slice();
  }
  figure.leaving.push(() => job++);
  function paint() {
    const [ground, ...colours] = themeColours(figure.root, ["ground", ...COLOURS.map(([name]) => name)]);
    map.clear();
    if (!grid.length) return;
    const paints = colours.map((colour, k) => mix(ground, colour, COLOURS[k][1]));
    map.paint(place.frame, COLUMNS, ROWS, (column, row) => paints[grid[row * COLUMNS + column]], false);
  }

  function show() {
    const W = figure.get("W");
    const [b, start] = [figure.get("biases"), figure.get("start")];
    const { kind, period, exponent } = behaviour(W, b, start);
    const states = run(W, b, start, STEPS);
    const twins = second ? run(W, b, [start[0] + 1e-6, start[1]], STEPS) : [];
    const points = (list, k) =>
      list.map((x, t) => `${time.px(t).toFixed(1)},${time.py(x[k]).toFixed(1)}`).join(" ");
    curves.forEach(([one, other], k) => {
      change(one, { points: points(states, k) });
      change(other, { points: points(twins, k) });
    });
    change(walk, {
      points: states
        .slice(0, 12)
        .map(([x1, x2]) => `${phase.px(x1)},${phase.py(x2)}`)
        .join(" "),
    });
    const late = run(W, b, states[STEPS], TRACE);
    change(dots, {
      d: late
        .map(
          ([x1, x2]) =>
            `M ${(phase.px(x1) - 1.5).toFixed(1)} ${(phase.py(x2) - 1.5).toFixed(1)} h 3 v 3 h -3 z`,
        )
        .join(""),
    });
    put(
      dot,
      place.px(weight(0)),
      place.py(weight(1)),
      weight(0),
      `w 11 ${format(weight(0))}, w 12 ${format(weight(1))}: ${kinds[kind]}`,
    );
    back.move(W[1][0]);
    const agree = twins.findIndex((x, t) => Math.abs(x[0] - states[t][0]) > 0.1);
    const apart = !second
      ? ""
      : agree < 0
        ? "\nThe second start stays with the first."
        : `\nThe second start is away by more than 0.1 at t = ${agree}.`;
    const long =
      kind === 1
        ? `It oscillates with period ${period}.`
        : [
            "It settles at a fixed point.",
            "",
            "It wanders: no period up to 60, and no chaos.",
            "It is chaotic.",
          ][kind];
    const factor = format(Math.exp(exponent));
    const distance =
      factor === format(1)
        ? "keep their distance, on average"
        : `${exponent > 0 ? "move apart" : "approach"} by a factor of ${factor} a step`;
    say(
      `w_11 = ${format(weight(0))}, w_12 = ${format(weight(1))}\n${long}\n` +
        `Neighbours ${distance}.${apart}`,
    );
    if (kind === 1 && period === 2) todo.reach(0);
    if (kind === 3 && second) todo.reach(1);
    if (kind === 0 && second) todo.reach(2);
  }
  figure.onTheme(paint);
  figure.follow(["W"], () => {
    show();
    survey();
  });
  show();
  survey();
});
