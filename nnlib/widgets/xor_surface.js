// The error surface of XOR along two of nine weights, with gradient descent along these two alone.

import { backpropagateBatch, forward } from "./kit/backpropagation.js";
import { bar } from "./kit/bar.js";
import { choice, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode, write } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { typeset } from "./kit/formula.js";
import { handle, put } from "./kit/handle.js";
import { heatmap, paintSurface, surfaceColours } from "./kit/heatmap.js";
import { legend } from "./kit/legend.js";
import { clamp, format } from "./kit/numbers.js";
import { plane } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";

const RANGE = 6;
const CELLS = 61;
const ACTIVATIONS = ["", "tanh", "identity"];
const ZERO = "all weights zero";

export default widget((figure) => {
  const [X, T, places] = [figure.get("inputs"), figure.get("targets"), figure.get("places")];
  const [names, around, starts] = [figure.get("names"), figure.get("surroundings"), figure.get("starts")];
  const opened = ["weights", "chosen", "around", "alpha"].map((name) => [name, figure.get(name)]);
  let errors = [];
  let path = [];
  let scaleOf = () => {};

  const top = bar(figure, {
    reset() {
      for (const [name, first] of opened) figure.set(name, first);
      todo.reset();
      rate.move(figure.get("alpha"));
      cut();
    },
    next: step,
    step,
    names: { next: "Step" },
    rate: 20,
  });
  const rates = { label: "learning rate α", min: 0.01, max: 1, step: 0.01, value: figure.get("alpha") };
  const rate = slider(top.row, rates, (to) => {
    figure.set("alpha", to);
    show();
  });

  const { stage, card } = figure.body();
  const picture = drawing(
    stage,
    430,
    364,
    "The error of XOR over two weights: the colour of the page is lowest",
  );
  const map = heatmap(picture);
  const span = [-RANGE, RANGE];
  const axes = { x: span, y: span, names: ["", ""], left: 92, width: 330, height: 312 };
  const { px, py, layer, frame, across, up } = plane(picture, axes);
  scaleOf = legend(map.below(frame), "E", surfaceColours);
  const paint = () => scaleOf(...paintSurface(figure, map, frame, errors).map((E) => format(E)));
  figure.onTheme(paint);
  const trail = svgNode(layer, "polyline", { fill: "none", stroke: "var(--orange)", "stroke-width": 2 });
  const next = svgNode(layer, "line", { stroke: "var(--ink)", "stroke-dasharray": "3 3" });
  const round = { r: 8, fill: "var(--ground)", stroke: "var(--orange)", "stroke-width": 3 };
  const dot = svgNode(picture, "circle", { ...round, "aria-valuemin": -RANGE, "aria-valuemax": RANGE });
  handle(dot, {
    label: "the two weights",
    moved: (x, y) => go(px.back(x), py.back(y)),
    by: (columns, rows) => go(value(0) + 0.1 * columns, value(1) + 0.1 * rows),
  });

  htmlNode(
    card,
    "div",
    "nnlib-small",
    "A 2-2-1 network, tanh in the hidden layer, linear output; four samples",
  );
  typeset(htmlNode(card, "div"), "E = ½ Σ_n (y^n − t^n)²");
  const numbers = htmlNode(card, "div", "nnlib-numbers");
  const todo = tasks(card, [
    {
      ask: "Find two places from which Play ends at different errors.",
      answer: "A surface that is no bowl: where one arrives depends on where one starts.",
    },
    {
      ask: `Others as in “${ZERO}”: what does a step do at (0, 0)?`,
      answer: "Nothing: both derivatives are 0. So training starts at random weights.",
    },
  ]);
  const foot = figure.foot();
  const choices = [0, 1].map((k) =>
    choice(foot, k ? "upwards" : "to the right", names.map(flat), figure.get("chosen")[k], (index) => {
      const chosen = [...figure.get("chosen")];
      if (chosen[1 - k] === index) chosen[1 - k] = chosen[k]; // the same twice: they change places
      chosen[k] = index;
      figure.set("chosen", chosen);
      cut();
    }),
  );
  const others = choice(foot, "others as in", Object.keys(around), 0, (index) => {
    const name = Object.keys(around)[index];
    figure.set("around", name);
    figure.set("weights", structuredClone(around[name]));
    const [first, second] = starts[name];
    set(first, second);
    cut();
  });
  const ends = { min: -RANGE, max: RANGE, step: 0.1 };
  const sliders = [0, 1].map((k) => {
    const options = { label: k ? "upwards" : "to the right", ...ends, value: value(k) };
    return slider(foot, options, (to) => go(k ? value(0) : to, k ? to : value(1)));
  });
  const say = figure.status();
  const arrived = [];

  // One step of gradient descent along the two weights; false when there is no further.
  function step() {
    const { slopes } = measure();
    const alpha = figure.get("alpha");
    const to = slopes.map((slope, k) => value(k) - alpha * slope);
    if (Math.hypot(...slopes) < 1e-3) return end("Both derivatives are 0 here: a step changes nothing.");
    if (to.some((w) => Math.abs(w) > RANGE)) {
      say("The next step leaves the picture: choose a smaller α, or another place.");
      return false;
    }
    path.push([value(0), value(1)]);
    set(...to);
    show();
    const after = measure();
    if (Math.hypot(...after.slopes) < 1e-3) return end("Done: both derivatives are 0.");
    return true;
  }

  function end(words) {
    const { E } = measure();
    say(`${words} E = ${format(E, 4)}.`);
    if (figure.get("around") === ZERO && value(0) === 0 && value(1) === 0) todo.reach(1);
    else if (arrived.some((other) => Math.abs(other - E) > 0.02)) todo.reach(0);
    arrived.push(E);
    return false;
  }

  function place(k) {
    return places[figure.get("chosen")[k]];
  }
  function value(k) {
    const [at, j, i] = place(k);
    return figure.get("weights")[at][j][i];
  }
  function set(first, second) {
    const weights = structuredClone(figure.get("weights"));
    [first, second].forEach((to, k) => {
      const [at, j, i] = place(k);
      weights[at][j][i] = to;
    });
    figure.set("weights", weights);
  }

  // Placed by hand: the path so far is forgotten.
  function go(first, second) {
    path = [];
    top.pause();
    set(clamp(first, -RANGE, RANGE), clamp(second, -RANGE, RANGE));
    show();
  }

  function measure() {
    const { E, dW } = backpropagateBatch(figure.get("weights"), ACTIVATIONS, X, T, "sum_of_squares");
    const slopes = [0, 1].map((k) => {
      const [at, j, i] = place(k);
      return dW[at][j][i];
    });
    return { E, slopes };
  }

  // Other weights are chosen or set: the surface is another one.
  function cut() {
    top.pause();
    path = [];
    arrived.length = 0;
    const weights = structuredClone(figure.get("weights"));
    const [[l1, j1, i1], [l2, j2, i2]] = [place(0), place(1)];
    const middle = (cell) => -RANGE + (2 * RANGE * (cell + 0.5)) / CELLS;
    errors = [];
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        weights[l1][j1][i1] = middle(column);
        weights[l2][j2][i2] = -middle(row);
        const off = X.map((x, n) => forward(weights, ACTIVATIONS, x).y[2][0] - T[n][0]);
        errors.push(off.reduce((sum, d) => sum + (d * d) / 2, 0));
      }
    }
    paint();
    show();
  }

  function show() {
    const chosen = figure.get("chosen");
    const at = [value(0), value(1)];
    const { E, slopes } = measure();
    choices.forEach((one, k) => {
      one.selectedIndex = chosen[k];
      sliders[k].move(at[k]);
    });
    others.selectedIndex = Object.keys(around).indexOf(figure.get("around"));
    write(across, names[chosen[0]]);
    write(up, names[chosen[1]]);
    change(trail, { points: [...path, at].map(([w, v]) => [px(w), py(v)]).join(" ") });
    const [to, over] = slopes.map((slope, k) => at[k] - figure.get("alpha") * slope);
    change(next, { x1: px(at[0]), y1: py(at[1]), x2: px(to), y2: py(over) });
    put(dot, px(at[0]), py(at[1]), at[0], `${format(at[0])} and ${format(at[1])}, E ${format(E, 4)}`);
    typeset(numbers, [
      ...chosen.map((index, k) => `∂E/∂${names[index]} = ${format(slopes[k], 4)}`),
      `E = ${format(E, 4)}`,
    ]);
    const settings = chosen.map((index, k) => {
      return `${names[index]} = ${format(at[k])} (∂E/∂${names[index]} = ${format(slopes[k], 4)})`;
    });
    say(`${settings.join(", ")}: E = ${format(E, 4)}`);
  }
  figure.follow(["weights", "chosen"], cut);
  cut();
});

// "w_{h_1 x_2}" for a list of choices, which has no subscripts: "w h₁x₂".
function flat(name) {
  return name
    .replace(/_(\d)/g, (_, digit) => "₀₁₂₃₄₅₆₇₈₉"[digit])
    .replace(/_\{/, " ")
    .replace(/[ }]+$/, "")
    .replace("}", "");
}
