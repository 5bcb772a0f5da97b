// The same network four times, each with another g, trained side by side on the same points.

import { backpropagateBatch, descend, forward } from "./backpropagation.js";
import { contour } from "./contour.js";
import { bar } from "./kit/bar.js";
import { choice, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { heatmap, mix, themeColours } from "./kit/heatmap.js";
import { format } from "./kit/numbers.js";
import { plane } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";

const [NEAR, CELLS] = [1.25, 36];
const TASKS = [
  {
    ask: "Play to epoch 100. Which boundary do identities draw?",
    answer: "A straight line: sixteen hidden neurons that act like none.",
  },
  {
    ask: "Then set the view to its widest. Which networks go on rising, which level off?",
    answer: "relu goes on along straight lines, ever more certain. tanh and sigmoid level off into plateaus.",
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
    htmlNode(box, "h4", "", name);
    const picture = drawing(box, 216, 216, `Points of two classes and where the network with ${name} sees each`);
    const map = heatmap(picture);
    const told = htmlNode(box, "div", "nnlib-small");
    return { name, picture, map, told, activations: ["", name, name, "sigmoid"] };
  });
  const foot = htmlNode(figure.root, "div", "nnlib-card nnlib-surfaces-tasks");
  const todo = tasks(foot, TASKS);

  // The frame, the points and the boundary of each picture, for the present view.
  function look(times) {
    view = times;
    for (const network of networks) {
      network.picture.replaceChildren();
      const ends = [-NEAR * view, NEAR * view];
      const size = { left: 30, top: 6, width: 180, height: 180 };
      const { px, py, layer, frame } = plane(network.picture, { x: ends, y: ends, names: ["", ""], ...size });
      network.frame = frame;
      network.boundary = svgNode(layer, "path", { fill: "none", stroke: "var(--ink)", "stroke-width": 2 });
      const r = 3.5 / Math.sqrt(view);
      for (const { x, t } of samples) {
        const [cx, cy] = [px(x[0]), py(x[1])];
        const style = { stroke: "var(--ground)", "stroke-width": 0.8, fill: t[0] ? "var(--orange)" : "var(--blue)" };
        if (t[0]) svgNode(layer, "rect", { x: cx - r, y: cy - r, width: 2 * r, height: 2 * r, ...style });
        else svgNode(layer, "circle", { cx, cy, r, ...style });
      }
    }
    show();
  }

  function restart() {
    top.pause();
    epoch = 0;
    samples = data[figure.get("points")].map(([x, y, t]) => ({ x: [x, y], t: [t] }));
    for (const network of networks) Object.assign(network, { weights: figure.get("weights"), diverged: false });
    look(view);
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
      const { E, samples: found } = measure(network, samples);
      network.diverged = !Number.isFinite(E);
      const right = found.filter(({ y, t }) => y[y.length - 1][0] > 0.5 === (t[0] === 1)).length;
      network.told.textContent = network.diverged
        ? "diverged: press Reset"
        : `E = ${format(E)}, ${right} of ${samples.length} right`;
    }
    paint();
    top.progress(0, `epoch ${epoch}`);
    if (epoch >= 100) todo.reach(0);
    if (epoch >= 100 && view === 8) todo.reach(1);
  }

  function paint() {
    const [ground, blue, orange] = themeColours(figure.root);
    const place = (cell) => NEAR * view * ((2 * (cell + 0.5)) / CELLS - 1);
    for (const { weights, activations, map, frame, boundary } of networks) {
      const outputs = Array.from({ length: CELLS * CELLS }, (_, at) => {
        const { y } = forward(weights, activations, [place(at % CELLS), -place(Math.floor(at / CELLS))]);
        return y[y.length - 1][0];
      });
      map.clear();
      map.paint(frame, CELLS, CELLS, (column, line) => {
        const value = 2 * outputs[line * CELLS + column] - 1;
        return mix(ground, value < 0 ? blue : orange, 0.6 * Math.abs(value));
      });
      change(boundary, { d: contour(outputs, CELLS, 0.5, frame) });
    }
  }

  figure.onTheme(paint);
  figure.follow(["points"], restart);
  restart();
});
