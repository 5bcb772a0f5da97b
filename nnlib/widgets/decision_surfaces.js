// The same network four times, each with another g, trained side by side on the same points.

import { activation, backpropagateBatch, descend } from "./kit/backpropagation.js";
import { contour } from "./contour.js";
import { bar } from "./kit/bar.js";
import { choice, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { heatmap, outputColour, outputColours, themeColours } from "./kit/heatmap.js";
import { legend } from "./kit/legend.js";
import { format } from "./kit/numbers.js";
import { classMark, plane } from "./kit/plane.js";
import { tasksBelow } from "./kit/tasks.js";

const [NEAR, CELLS] = [1.25, 36];
const TASKS = [
  {
    ask: "Play to epoch 100. Which boundary do identities draw?",
    answer: "A straight line: sixteen hidden neurons add nothing.",
  },
  {
    ask: "Then widen the view. In which networks does the largest |a| of the output grow with it?",
    answer: "With identity and relu: ever more certain where nothing was seen. tanh and sigmoid level off.",
  },
];

export default widget((figure) => {
  const data = figure.get("data");
  const functions = figure.get("functions");
  const first = figure.get("points");
  let [epoch, view] = [0, 1];
  let samples = [];

  const top = bar(figure, { reset, next: one, step: play, rate: 12, names: { next: "Step" } });
  const sets = Object.keys(data);
  const pick = choice(top.row, "points", sets, sets.indexOf(first), (index) => {
    figure.set("points", sets[index]);
    restart();
  });
  const far = slider(
    top.row,
    { label: "view", min: 1, max: 8, step: 0.5, value: 1, show: (times) => `${format(times, 1)} times` },
    (times) => look(times),
  );

  const row = htmlNode(figure.root, "div", "nnlib-surfaces");
  const networks = functions.map((name) => {
    const box = htmlNode(row, "div");
    htmlNode(box, "div", "nnlib-title", name);
    const picture = drawing(
      box,
      216,
      198,
      `Points of two classes and where the network with ${name} sees each`,
    );
    const map = heatmap(picture);
    const caption = htmlNode(box, "div", "nnlib-small");
    const farthest = htmlNode(box, "div", "nnlib-small");
    return { name, picture, map, caption, farthest, activations: ["", name, name, "sigmoid"] };
  });
  legend(figure.root, "output y", outputColours, "0", "1");
  const todo = tasksBelow(figure, TASKS);

  // The frame, the points and the boundary of each picture, for the present view.
  function look(times) {
    view = times;
    for (const network of networks) {
      network.picture.replaceChildren();
      const ends = [-NEAR * view, NEAR * view];
      const size = { left: 38, top: 6, width: 166, height: 166 };
      const { px, py, layer, frame } = plane(network.picture, { x: ends, y: ends, names: ["", ""], ...size });
      network.frame = frame;
      network.boundary = svgNode(layer, "path", { fill: "none", stroke: "var(--ink)", "stroke-width": 2 });
      const r = 3.5 / Math.sqrt(view);
      for (const { x, t } of samples) classMark(layer, px(x[0]), py(x[1]), t[0], r);
    }
    paint();
    reached();
  }

  function restart() {
    top.pause();
    epoch = 0;
    samples = data[figure.get("points")].map(([x, y, t]) => ({ x: [x, y], t: [t] }));
    for (const network of networks)
      Object.assign(network, { weights: figure.get("weights"), diverged: false });
    look(view);
    show();
  }
  function reset() {
    figure.set("points", first);
    pick.selectedIndex = sets.indexOf(first);
    todo.reset();
    view = 1;
    far.move(1);
    restart();
  }

  const measure = (network, some) =>
    backpropagateBatch(
      network.weights,
      network.activations,
      some.map(({ x }) => x),
      some.map(({ t }) => t),
      "cross_entropy",
    );

  function train() {
    const [size, alpha] = [figure.get("batch_size"), figure.get("alpha")];
    for (const network of networks) {
      if (network.diverged) continue;
      for (let from = 0; from < samples.length; from += size) {
        const { W, dW } = measure(network, samples.slice(from, from + size));
        network.weights = descend(W, dW, alpha);
      }
    }
    epoch += 1;
  }
  function one() {
    train();
    show();
  }
  // As many epochs as fit into a frame, up to 1000 in all.
  function play() {
    const end = performance.now() + 25;
    do train();
    while (performance.now() < end && epoch < 1000);
    show();
    return epoch < 1000;
  }

  function show() {
    for (const network of networks) {
      const { E, samples: measured } = measure(network, samples);
      network.diverged = !Number.isFinite(E);
      const right = measured.filter(({ y, t }) => y[y.length - 1][0] > 0.5 === (t[0] === 1)).length;
      network.caption.textContent = network.diverged
        ? "diverged: press Reset"
        : `E = ${format(E)}, ${right} of ${samples.length} right`;
    }
    paint();
    top.progress(0, `epoch ${epoch}`);
    reached();
  }
  function reached() {
    if (epoch >= 100) todo.reach(0);
    if (epoch >= 100 && view === 8) todo.reach(1);
  }

  function paint() {
    const theme = themeColours(figure.root);
    const grid = places(NEAR * view);
    for (const { weights, activations, map, frame, boundary, farthest } of networks) {
      const sums = outputSums(weights, activations, grid);
      map.clear();
      map.paint(frame, CELLS, CELLS, (column, line) => {
        return outputColour(theme, 1 / (1 + Math.exp(-sums[line * CELLS + column])));
      });
      change(boundary, { d: contour(sums, CELLS, 0, frame) });
      farthest.textContent = `|a| up to ${format(
        sums.reduce((most, a) => Math.max(most, Math.abs(a)), 0),
        1,
      )}`;
    }
  }

  figure.onTheme(paint);
  figure.follow(["points"], restart);
  restart();
});

// The middles of all cells of the plane, row by row from the top: x_1, x_2, x_1, x_2 ...
function places(range) {
  const grid = new Float64Array(2 * CELLS * CELLS);
  for (let at = 0; at < CELLS * CELLS; at++) {
    grid[2 * at] = range * ((2 * ((at % CELLS) + 0.5)) / CELLS - 1);
    grid[2 * at + 1] = -range * ((2 * (Math.floor(at / CELLS) + 0.5)) / CELLS - 1);
  }
  return grid;
}

// The weighted sum of the output neuron at many places, all in flat arrays: much faster than one by one.
function outputSums(weights, activations, grid) {
  const N = grid.length / 2;
  let y = grid;
  for (let layer = 1; layer < weights.length; layer++) {
    const { g } = activation(layer === weights.length - 1 ? "identity" : activations[layer]);
    const [J, I] = [weights[layer].length, y.length / N];
    const next = new Float64Array(N * J);
    weights[layer].forEach((row, j) => {
      for (let n = 0; n < N; n++) {
        let a = row[I];
        for (let i = 0; i < I; i++) a += row[i] * y[n * I + i];
        next[n * J + j] = g(a);
      }
    });
    y = next;
  }
  return y;
}
