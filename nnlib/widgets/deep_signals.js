// Histograms of outputs and derivatives by layer: each move of a control runs the whole network.

import { verdict, run, histogram, size, tell } from "./deep_network.js";
import { bar } from "./kit/bar.js";
import { choice, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { format, scale } from "./kit/numbers.js";
import { tasks } from "./kit/tasks.js";

const [ROWS, HEIGHT, TOP, BINS] = [12, 25, 44, 44];
const OUTPUTS = {
  left: 26,
  low: -2,
  high: 2,
  colour: "var(--blue)",
  title: "outputs y",
  ticks: [-2, -1, 0, 1, 2],
};
const DERIVATIVES = {
  left: 302,
  low: -10,
  high: 2,
  colour: "var(--orange)",
  title: "size of ∂E/∂a, by powers of ten",
  ticks: [-10, -6, -2, 2],
};
const WIDTH = 204;

const TASKS = [
  {
    ask: "Ten layers of tanh: find a c that keeps layer 1 alive.",
    answer: "LeCun's 1 does, and a little more does too: 0.9 to 2.5. Above, the outputs stick at ±1.",
  },
  {
    ask: "Ten layers of relu: does c = 1 do? Which does?",
    answer: "He's √2, in the middle of 1.1 to 1.6: half of each signal is cut away, and c makes up for it.",
  },
  {
    ask: "Eight layers of sigmoid: is there a c? And for ten layers?",
    answer: "c = 6.3, just so. With ten none: weights that make up for slopes of 1/4 saturate the neurons.",
  },
];

export default widget((figure) => {
  const X = Float64Array.from(figure.get("X").flat());
  const draws = figure.get("draws").map((z) => Float64Array.from(z.flat()));
  const classes = figure.get("classes");
  const functions = figure.get("functions");
  const start = Object.fromEntries(["activation", "depth", "c"].map((name) => [name, figure.get(name)]));

  const top = bar(figure, { reset });
  const pick = choice(top.row, "hidden g", functions, functions.indexOf(start.activation), (index) =>
    set("activation", functions[index]),
  );
  const layers = slider(
    top.row,
    { label: "layers", min: 2, max: ROWS, step: 1, value: start.depth, digits: 0 },
    (value) => set("depth", value),
  );
  // Equal steps of the slider are equal factors of c.
  const strength = slider(
    top.row,
    {
      label: "c",
      min: -1,
      max: 1,
      step: 0.05,
      value: Math.log10(start.c),
      show: (power) => format(10 ** power),
    },
    (power) => set("c", 10 ** power),
  );

  const { stage, card } = figure.body();
  const label = "Histograms of the outputs and of the derivatives of every hidden layer";
  const picture = drawing(stage, 560, TOP + ROWS * HEIGHT + 34, label);
  const panels = [OUTPUTS, DERIVATIVES].map((panel) => prepare(picture, panel));
  const verdictLine = htmlNode(card, "h4");
  verdictLine.setAttribute("role", "status");
  htmlNode(
    card,
    "div",
    "nnlib-small",
    "Weights have the standard deviation c/√I. 60 digits, 32 neurons a layer.",
  );
  htmlNode(
    card,
    "div",
    "nnlib-small",
    "Beside a row: its size (root of the mean square). What lies beyond an end is counted there.",
  );
  const todo = tasks(card, TASKS);

  function set(name, value) {
    figure.set(name, value);
    show();
  }
  function reset() {
    for (const [name, value] of Object.entries(start)) figure.set(name, value);
    todo.reset();
    follow();
  }
  function follow() {
    pick.selectedIndex = functions.indexOf(figure.get("activation"));
    layers.move(figure.get("depth"));
    strength.move(Math.log10(figure.get("c")));
    show();
  }

  function show() {
    const [name, depth, c] = [figure.get("activation"), figure.get("depth"), figure.get("c")];
    const signals = run({ X, classes, draws, name, depth, c });
    for (let row = 0; row < ROWS; row++) {
      const of = signals[row];
      panels[0].show(row, of?.y);
      panels[1].show(row, of?.derivatives);
    }
    const { alive, words } = verdict(signals, name);
    verdictLine.textContent = words;
    verdictLine.style.color = alive ? "var(--green)" : "var(--orange-text)";
    if (!alive) return;
    if (name === "tanh" && depth === 10) todo.reach(0);
    if (name === "relu" && depth === 10) todo.reach(1);
    if (name === "sigmoid" && depth === 8) todo.reach(2);
  }

  figure.follow(["activation", "depth", "c"], follow);
  show();
});

// Title, axis and an empty histogram for every row of one panel.
function prepare(picture, panel) {
  const across = scale([panel.low, panel.high], [panel.left, panel.left + WIDTH]);
  const powers = panel === DERIVATIVES;
  const bottom = TOP + ROWS * HEIGHT;
  svgNode(picture, "text", { x: panel.left + WIDTH / 2, y: 16, "text-anchor": "middle" }, panel.title);
  if (!powers) svgNode(picture, "text", { x: 4, y: 34, class: "nnlib-small" }, "layer");
  for (const value of panel.ticks) {
    const x = across(value);
    svgNode(picture, "line", { x1: x, x2: x, y1: TOP, y2: bottom + 4, class: "nnlib-frame" });
    const words = powers ? `1e${format(value, 0)}` : format(value, 0);
    svgNode(picture, "text", { x, y: bottom + 18, class: "nnlib-small", "text-anchor": "middle" }, words);
  }
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const floor = TOP + (row + 1) * HEIGHT - 3;
    svgNode(picture, "line", {
      x1: panel.left,
      x2: panel.left + WIDTH,
      y1: floor,
      y2: floor,
      class: "nnlib-frame",
    });
    const shape = svgNode(picture, "path", { fill: panel.colour, "fill-opacity": 0.75 });
    const number = { x: panel.left + WIDTH + 4, y: floor - 5, class: "nnlib-small" };
    const spread = svgNode(picture, "text", number);
    const name = powers ? null : svgNode(picture, "text", { x: 8, y: floor - 4, class: "nnlib-small" });
    return { floor, shape, spread, name };
  });
  return {
    show(row, values) {
      const { floor, shape, spread, name } = rows[row];
      if (name) name.textContent = values ? row + 1 : "";
      spread.textContent = values ? tell(size(values)) : "";
      change(shape, { d: values ? outline(powers ? logarithms(values) : values, panel, across, floor) : "" });
    },
  };
}

// Sizes of derivatives as powers of ten; those that are exactly 0 have none and are left out.
const logarithms = (values) =>
  values.filter((value) => value !== 0).map((value) => Math.log10(Math.abs(value)));

function outline(values, { low, high }, across, floor) {
  const bins = histogram(values, low, high, BINS);
  const most = Math.max(...bins, 1);
  const width = (across.to - across.from) / BINS;
  const bars = bins.map((count, bin) => {
    const height = ((HEIGHT - 5) * count) / most;
    return count && `M ${across.from + bin * width} ${floor} v ${-height} h ${width} v ${height} z`;
  });
  return bars.filter(Boolean).join(" ");
}
