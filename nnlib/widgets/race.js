// Three ways of learning race on one error surface. The unit of time is one sample that was seen.

import { bar } from "./kit/bar.js";
import { button, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { typeset } from "./kit/formula.js";
import { handle, put } from "./kit/handle.js";
import { heatmap, paintSurface, surfaceColours } from "./kit/heatmap.js";
import { legend } from "./kit/legend.js";
import { clamp, format } from "./kit/numbers.js";
import { plane } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";

const EPOCHS = 40; // then the race is over

export default widget((figure) => {
  const [xs, ts, orders] = [figure.get("x"), figure.get("t"), figure.get("orders")];
  const N = xs.length;
  const off = ([w, b], n) => w * xs[n] + b - ts[n];
  const error = (at) => xs.reduce((sum, _, n) => sum + off(at, n) ** 2 / 2, 0);
  const gradient = (at, some) =>
    some.reduce(([dw, db], n) => [dw + off(at, n) * xs[n], db + off(at, n)], [0, 0]);
  const { best, limit } = bowl(xs, ts);
  const lowest = error(best);
  const goal = 1.1 * lowest;
  const racers = [
    { name: "batch", size: () => N, colour: "var(--ink)", dash: "none" },
    { name: "mini-batch", size: () => figure.get("batch_size"), colour: "var(--orange)", dash: "7 4" },
    { name: "online", size: () => 1, colour: "var(--green)", dash: "2 3" },
  ];
  const opened = ["alpha", "batch_size", "start"].map((name) => [name, figure.get(name)]);
  let seen = 0;

  const top = bar(figure, {
    reset() {
      for (const [name, value] of opened) figure.set(name, value);
      rate.move(figure.get("alpha"));
      size.move(figure.get("batch_size"));
      todo.reset();
      restart();
    },
    next: () => run(1),
    step: () => run(Math.ceil(N / 20)),
    names: { next: "One sample" },
    rate: 20,
  });
  button(top.row, "One epoch", () => run(N));
  const range = { label: "learning rate α", min: 0.001, max: 0.2, step: 0.001, digits: 3 };
  const rate = slider(top.row, { ...range, value: figure.get("alpha") }, (value) => {
    figure.set("alpha", value);
    show();
  });

  const { stage, card } = figure.body();
  const picture = drawing(
    stage,
    400,
    360,
    "The error over slope w and bias b, with the paths of three ways of learning",
  );
  const map = heatmap(picture);
  const axes = { x: [-3, 3], y: [-3, 3], names: ["w", "b"], width: 346, height: 312 };
  const { px, py, layer, frame } = plane(picture, axes);
  const cells = 63;
  const middle = (cell) => -3 + (6 * (cell + 0.5)) / cells;
  const errors = Array.from({ length: cells * cells }, (_, at) =>
    error([middle(at % cells), -middle(Math.floor(at / cells))]),
  );
  const scale = legend(map.below(frame), "E", surfaceColours);
  const paint = () => scale(...paintSurface(figure, map, frame, errors).map((E) => format(E, 1)));
  figure.onTheme(paint);
  const thin = { "stroke-width": 1, "stroke-dasharray": "3 3" };
  const next = svgNode(layer, "line", { stroke: "var(--ink)", ...thin });
  const cross = `M ${px(best[0]) - 5} ${py(best[1])} h 10 m -5 -5 v 10`;
  svgNode(layer, "path", { d: cross, stroke: "var(--ink)", "stroke-width": 1.5 });
  racers.forEach((racer, row) => {
    const look = { stroke: racer.colour, "stroke-width": 2, "stroke-dasharray": racer.dash };
    racer.trail = svgNode(layer, "polyline", { fill: "none", ...look });
    racer.dot = svgNode(layer, "circle", { r: 6, fill: racer.colour, stroke: "var(--ground)" });
    const [x, y] = [px.from + 10, py.to + 18 + 18 * row];
    svgNode(picture, "line", { x1: x, x2: x + 34, y1: y, y2: y, ...look });
    svgNode(picture, "text", { x: x + 42, y: y + 4, style: "font-size: 12px" }, racer.name);
  });
  const flag = svgNode(picture, "circle", { r: 9, fill: "none", stroke: "var(--ink)", "stroke-width": 2.5 });
  change(flag, { "aria-valuemin": -3, "aria-valuemax": 3 });
  const place = (w, b) => {
    figure.set("start", [clamp(w, -3, 3), clamp(b, -3, 3)]);
    restart();
  };
  handle(flag, {
    label: "start of the race",
    moved: (x, y) => place(px.back(x), py.back(y)),
    by: (columns, rows) => {
      const [w, b] = figure.get("start");
      place(w + 0.1 * columns, b + 0.1 * rows);
    },
  });

  htmlNode(card, "div", "nnlib-small", "A step along the gradient of how many samples?");
  typeset(htmlNode(card, "div", "nnlib-numbers"), [
    '"batch: " Δw = Σ_n ∂E^n/∂w " for all n"',
    '"mini-batch: " Δw = Σ_n ∂E^n/∂w " for some n"',
    '"online: " Δw = ∂E^n/∂w',
  ]);
  const score = htmlNode(card, "table", "nnlib-score");
  const rows = racers.map(({ name }) => {
    const row = score.insertRow();
    htmlNode(row, "th", "", name);
    return [htmlNode(row, "td"), htmlNode(row, "td")];
  });
  const todo = tasks(card, [
    { ask: `Which is the first below E = ${format(goal)}, a tenth above the lowest?`, answer: "Mini-batch" },
    { ask: "Make α larger, step by step: which leaves the picture first?", answer: "Mini-batch" },
    {
      ask: `Mini-batches of all ${N} samples: whose path is that?`,
      answer: "That of the batch: one step for each epoch.",
    },
  ]);
  const foot = figure.foot();
  const some = { label: "mini-batch", min: 1, max: N, step: 1, digits: 0 };
  const size = slider(foot, { ...some, value: figure.get("batch_size") }, (value) => {
    figure.set("batch_size", value);
    if (value === N) todo.reach(2);
    restart();
  });
  const say = figure.status(figure.root, 2);

  function run(samples) {
    if (seen >= EPOCHS * N || racers.every(({ lost }) => lost)) return false;
    for (let k = 0; k < samples; k++) see();
    show();
    return seen < EPOCHS * N;
  }

  // One more sample is seen: each racer whose batch is full makes its step.
  function see() {
    const order = orders[Math.floor(seen / N) % orders.length];
    const sample = order[seen % N];
    seen += 1;
    const alpha = figure.get("alpha");
    for (const racer of racers) {
      racer.waiting.push(sample);
      if (racer.lost || (racer.waiting.length < racer.size() && seen % N !== 0)) continue;
      const [dw, db] = gradient(racer.at, racer.waiting);
      racer.at = [racer.at[0] - alpha * dw, racer.at[1] - alpha * db];
      racer.waiting = [];
      racer.steps += 1;
      racer.lost = Math.hypot(...racer.at) > 1e3;
      racer.path.push(racer.at);
      if (racer.path.length > 600) racer.path.shift();
    }
    reached();
  }

  function reached() {
    const first = racers.filter(({ at, lost }) => !lost && error(at) < goal);
    if (first.length && !todo.reached(0)) {
      const names = first.map(({ name }) => name).join(" and ");
      todo.write(0, `Here ${names}, after ${format(seen / N)} epochs.`);
      todo.reach(0);
    }
    const gone = racers.find(({ lost }) => lost);
    if (gone && !todo.reached(1)) {
      const why =
        gone.name === "online" ? "" : ": its gradient is a sum over more samples, so its steps are longer";
      todo.write(1, `${gone.name[0].toUpperCase()}${gone.name.slice(1)}${why}.`);
      todo.reach(1);
    }
  }

  function restart() {
    top.pause();
    seen = 0;
    const start = figure.get("start");
    for (const racer of racers) {
      Object.assign(racer, { at: start, path: [start], waiting: [], lost: false, steps: 0 });
    }
    show();
  }

  function show() {
    const at = ([w, b]) => [clamp(px(w), -1e4, 1e4), clamp(py(b), -1e4, 1e4)];
    const [alpha, start] = [figure.get("alpha"), figure.get("start")];
    put(flag, px(start[0]), py(start[1]), start[0], `w ${format(start[0])}, b ${format(start[1])}`);
    racers.forEach((racer, k) => {
      const [x, y] = at(racer.at);
      change(racer.trail, { points: racer.path.map(at).join(" ") });
      change(racer.dot, { cx: x, cy: y });
      rows[k][0].textContent = racer.lost ? "diverged" : `E = ${format(error(racer.at), 4)}`;
      rows[k][1].textContent = `${racer.steps} steps`;
    });
    const [dw, db] = gradient(racers[0].at, orders[0]);
    const from = at(racers[0].at);
    const to = at([racers[0].at[0] - alpha * dw, racers[0].at[1] - alpha * db]);
    change(next, { x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
    const racersNow = racers.map(({ name, at: now, lost }) => {
      return `${name} ${lost ? "diverged" : `E = ${format(error(now), 4)}`}`;
    });
    const judged =
      alpha > limit
        ? `α is above ${format(limit, 3)}: the batch diverges`
        : `the batch converges while α is below ${format(limit, 3)}`;
    const over = seen >= EPOCHS * N ? " The race is over." : "";
    const where = `After ${format(seen / N)} epochs: ${racersNow.join(", ")}.${over}`;
    say(`${where}\nDashed: the next step of the batch; ${judged}.`);
  }
  figure.follow(["alpha", "batch_size", "start"], () => {
    rate.move(figure.get("alpha"));
    size.move(figure.get("batch_size"));
    restart();
  });
  paint();
  restart();
});

// E is a bowl. Its lowest point, and the α above which a step of all samples overshoots for ever:
// 2 / its largest curvature.
function bowl(xs, ts) {
  const sum = (f) => xs.reduce((total, x, n) => total + f(x, ts[n]), 0);
  const N = xs.length;
  const [Sx, Sxx, St, Sxt] = [sum((x) => x), sum((x) => x * x), sum((_, t) => t), sum((x, t) => x * t)];
  const determinant = Sxx * N - Sx * Sx || 1e-12;
  const best = [(Sxt * N - Sx * St) / determinant, (Sxx * St - Sx * Sxt) / determinant];
  return { best, limit: 2 / ((Sxx + N) / 2 + Math.hypot((Sxx - N) / 2, Sx)) };
}
