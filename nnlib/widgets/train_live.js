// A network that trains here: mini-batch gradient descent, cross-entropy, two classes of points.

import { backpropagateBatch, descend, forward } from "./kit/backpropagation.js";
import { bar } from "./kit/bar.js";
import { button, choice, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { handle, placeOf, put } from "./kit/handle.js";
import { heatmap, mix, outputColours, themeColours } from "./kit/heatmap.js";
import { legend } from "./kit/legend.js";
import { errorCurves, gradientBars } from "./kit/history.js";
import { clamp, format } from "./kit/numbers.js";
import { classMark, plane } from "./kit/plane.js";
import { responses } from "./kit/responses.js";
import { tasks } from "./kit/tasks.js";

const RANGE = 1.25;
const CELLS = 40;
const PATIENCE = 300; // epochs without a change of E after which training stops
const BATCHES = { online: 1, "mini-batches of 10": 10, batch: 1000 };

export default widget((figure) => {
  const [data, tests, starts] = [figure.get("data"), figure.get("tests"), figure.get("starts")];
  const traits = ["points", "network", "activation", "alpha", "batch_size", "noise", "added"];
  const opened = traits.map((name) => [name, figure.get(name)]);
  const deep = Object.keys(starts).at(-1);
  const seenDeep = new Set();
  let [samples, unseen] = [[], []];
  let [weights, activations, grid] = [[], [], []];
  let [epoch, kind, before] = [0, 0, Infinity];
  let cross = [0, 0];
  let network = null;

  const top = bar(figure, {
    reset() {
      for (const [name, value] of opened) figure.set(name, value);
      seenDeep.clear();
      todo.reset();
      aim(0, 0);
      restart();
    },
    next: () => train() && show(),
    step: () => {
      const end = performance.now() + 10; // as many epochs as fit into a frame
      let going = true;
      while (going && performance.now() < end) going = train();
      if (epoch) show();
      if (!going) stopped();
      return going;
    },
    names: { next: "One epoch" },
    rate: 30,
  });
  const rates = { label: "learning rate α", min: 0.005, max: 0.5, step: 0.005, digits: 3 };
  const rate = slider(top.row, { ...rates, value: figure.get("alpha") }, (to) => figure.set("alpha", to));

  const { stage, card } = figure.body();
  const pictures = htmlNode(stage, "div", "nnlib-row nnlib-live-row");
  const picture = drawing(
    pictures,
    300,
    296,
    "Points of two classes over the plane, coloured by the network's output",
  );
  const map = heatmap(picture);
  const span = [-RANGE, RANGE];
  const axes = { x: span, y: span, names: ["x_1", "x_2"], left: 58, width: 236, height: 246 };
  const { px, py, layer, frame } = plane(picture, axes);
  const dots = svgNode(layer, "g");
  const dashed = { stroke: "var(--ink)", "stroke-width": 2, "stroke-dasharray": "3 2" };
  const target = svgNode(picture, "circle", { r: 8, fill: "none", ...dashed, "data-steps": "" });
  change(target, { "aria-valuemin": -RANGE, "aria-valuemax": RANGE });
  handle(target, {
    label: "cross: arrow keys move it, Enter adds a point there",
    moved: (x, y) => aim(px.back(x), py.back(y)),
    by: (columns, rows) => aim(cross[0] + 0.05 * columns, cross[1] + 0.05 * rows),
  });
  target.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    add(...cross);
  });
  picture.addEventListener("click", (event) => {
    if (event.target === target) return;
    const place = placeOf(event, picture);
    const [x, y] = [px.back(place.x), py.back(place.y)];
    if (Math.max(Math.abs(x), Math.abs(y)) <= RANGE) add(x, y);
  });
  legend(map.below(frame), "output y", outputColours, "0", "1");
  const say = figure.status(stage, 2);

  const curves = errorCurves(card, ["training", "test"]);
  const bars = gradientBars(card);
  const todo = tasks(card, [
    { ask: "Spirals without a hidden layer, 2-1: how many points will it get right?", answer: "About" },
    {
      ask: "2-4-4-4-4-1 with sigmoid, then with tanh: which layer has the shortest gradient?",
      answer: "The first: each layer on the way back multiplies by slopes, of the sigmoid at most ¼.",
    },
    {
      ask: "α = 0.5 on the spirals: what will the curve of E do?",
      answer: "It jumps: the steps are so long that they lead over the valley.",
    },
  ]);

  const foot = figure.foot();
  const pick = (label, trait, options) => {
    const select = choice(foot, label, options, options.indexOf(figure.get(trait)), (index) => {
      figure.set(trait, options[index]);
      restart();
    });
    return { trait, options, select };
  };
  const choices = [
    pick("points", "points", Object.keys(data)),
    pick("network", "network", Object.keys(starts)),
    pick("hidden g", "activation", figure.get("activation_names")),
  ];
  const sizes = Object.values(BATCHES);
  const learning = choice(foot, "learning", Object.keys(BATCHES), 0, (index) => {
    figure.set("batch_size", sizes[index]);
  });
  const own = figure.foot();
  const noises = { label: "noise", min: 0, max: 0.3, step: 0.05, value: figure.get("noise") };
  const noise = slider(own, noises, (to) => {
    figure.set("noise", to);
    gather();
  });
  choice(own, "a click adds", ["a blue circle (0)", "an orange square (1)"], 0, (index) => {
    kind = index;
  });
  button(own, "Remove added points", () => {
    figure.set("added", []);
    gather();
  });

  function aim(x, y) {
    cross = [clamp(x, -RANGE, RANGE), clamp(y, -RANGE, RANGE)];
    put(target, px(cross[0]), py(cross[1]), cross[0], `x1 ${format(cross[0])}, x2 ${format(cross[1])}`);
  }

  function add(x, y) {
    figure.set("added", [...figure.get("added"), [x, y, kind]]);
    gather();
  }

  // The chosen points and the added ones; the weights stay as they are.
  function gather() {
    const [name, far] = [figure.get("points"), figure.get("noise")];
    const moved = ([x, y, t, u = 0, v = 0]) => ({ x: [x + far * u, y + far * v], t: [t] });
    samples = [...data[name], ...figure.get("added")].map(moved);
    unseen = tests[name].map(moved);
    before = Infinity;
    dots.replaceChildren();
    for (const { x, t } of samples) classMark(dots, px(x[0]), py(x[1]), t[0], 5);
    show();
  }

  // The same start every time.
  function restart() {
    top.pause();
    weights = starts[figure.get("network")];
    activations = ["", ...weights.slice(2).map(() => figure.get("activation")), "sigmoid"];
    epoch = 0;
    curves.restart();
    network?.remove();
    network = responses(pictures, [2, ...weights.slice(1).map((W) => W.length)], 240, 290);
    for (const { trait, options, select } of choices)
      select.selectedIndex = options.indexOf(figure.get(trait));
    learning.selectedIndex = Math.max(0, sizes.indexOf(figure.get("batch_size")));
    rate.move(figure.get("alpha"));
    noise.move(figure.get("noise"));
    gather();
  }

  let why = "";
  function stopped() {
    say(why);
  }
  function stop(words) {
    why = words;
    say(words);
    return false;
  }

  // One epoch; false if there is nothing to learn from, nothing finite is left, or nothing changes.
  function train() {
    if (!samples.length) {
      return stop("There are no points yet: click into the plane, or press Enter at the cross.");
    }
    const [size, alpha] = [figure.get("batch_size"), figure.get("alpha")];
    const start = measure(samples).E;
    if (epoch === 0) curves.add(0, [start, measure(unseen).E]);
    if (start < 0.005)
      return stop(`Done after ${epoch} epochs: E is almost 0, every point is right for certain.`);
    if (epoch % PATIENCE === 0) {
      if (Math.abs(before - start) < 1e-4 * start) {
        return stop(`Stopped after ${epoch} epochs: E = ${format(start, 4)} changes no more.`);
      }
      before = start;
    }
    let next = weights;
    for (let first = 0; first < samples.length; first += size) {
      next = descend(next, measure(samples.slice(first, first + size), next).dW, alpha);
    }
    if (!Number.isFinite(measure(samples, next).E)) {
      return stop(
        `Diverged: α = ${format(alpha, 3)} is too large here. Press Reset and choose a smaller one.`,
      );
    }
    weights = next;
    epoch += 1;
    curves.add(epoch, [measure(samples).E, measure(unseen).E]);
    return true;
  }

  function measure(some, now = weights) {
    const inputs = some.map(({ x }) => x);
    const desired = some.map(({ t }) => t);
    return backpropagateBatch(now, activations, inputs, desired, "cross_entropy");
  }

  const rightOf = ({ samples: measured }) =>
    measured.filter(({ y, t }) => y.at(-1)[0] > 0.5 === (t[0] === 1)).length;

  function show() {
    const [now, later] = [measure(samples), measure(unseen)];
    const right = rightOf(now);
    curves.show(epoch, [now.E, later.E]);
    bars(now.dW.slice(1).map((W) => Math.sqrt(W.flat().reduce((sum, d) => sum + d * d, 0))));
    paint();
    const test = unseen.length
      ? `\ntest E = ${format(later.E, 4)}, ${rightOf(later)} of ${unseen.length} right`
      : "";
    say(`Epoch ${epoch}: E = ${format(now.E, 4)}, ${right} of ${samples.length} points right${test}`);
    reached(right);
  }

  function reached(right) {
    const spirals = figure.get("points") === "spirals";
    if (spirals && weights.length === 2 && epoch >= 50 && !todo.reached(0)) {
      todo.write(0, `About ${right} of ${samples.length}: the border is a straight line.`);
      todo.reach(0);
    }
    if (figure.get("network") === deep && epoch >= 20) seenDeep.add(figure.get("activation"));
    if (seenDeep.has("sigmoid") && seenDeep.has("tanh")) todo.reach(1);
    if (spirals && figure.get("alpha") >= 0.5 && epoch >= 100) todo.reach(2);
  }

  function paint() {
    const place = (cell) => -RANGE + (2 * RANGE * (cell + 0.5)) / CELLS;
    grid = Array.from({ length: CELLS * CELLS }, (_, at) => {
      return forward(weights, activations, [place(at % CELLS), -place(Math.floor(at / CELLS))]).y;
    });
    const [ground, blue, orange] = themeColours(figure.root);
    const colour = (value) => mix(ground, value < 0 ? blue : orange, 0.6 * Math.abs(value));
    map.clear();
    map.paint(frame, CELLS, CELLS, (column, row) => colour(2 * grid[row * CELLS + column].at(-1)[0] - 1));
    network.show(weights, activations, grid, CELLS, colour);
  }

  figure.onTheme(paint);
  figure.follow(["points", "network", "activation", "alpha"], restart);
  figure.follow(["added", "noise"], gather);
  aim(0, 0);
  restart();
});
