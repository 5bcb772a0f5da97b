// Fit a line: residuals on the left, the error surface with the negative gradient on the right.

import { bar } from "./kit/bar.js";
import { slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { typeset } from "./kit/formula.js";
import { handle, put } from "./kit/handle.js";
import { clamp, format } from "./kit/numbers.js";
import { plane } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";

export default widget((figure) => {
  const [xs, ts] = [figure.get("x"), figure.get("t")];
  const start = { w: figure.get("w"), b: figure.get("b"), alpha: figure.get("alpha") };
  let { w, b } = start;
  let alpha = figure.get("alpha");
  const bowl = theBowl(xs, ts);
  const { best, limit } = bowl;
  const measure = (line = { w, b }) => {
    const off = xs.map((x, n) => line.w * x + line.b - ts[n]);
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    return { off, E: sum(off.map((d) => d * d)) / 2, dw: sum(off.map((d, n) => d * xs[n])), db: sum(off) };
  };
  const lowest = measure(best).E;
  const close = Math.ceil(110 * lowest) / 100;
  let walked = [];
  let lost = false;

  const top = bar(figure, {
    reset: () => {
      todo.reset();
      setAlpha(start.alpha);
      go(start.w, start.b);
    },
    next: step,
    step,
    rate: 10,
    names: { next: "Step" },
  });
  const most = Math.max(0.3, Math.min(1, Math.ceil(15 * limit) / 10));
  const options = { label: "learning rate α", min: 0.005, max: most, step: 0.005, value: alpha, digits: 3 };
  const rate = slider(top.row, options, (value) => {
    setAlpha(value);
    show();
  });
  function setAlpha(value) {
    alpha = value;
    figure.set("alpha", alpha);
    rate.move(alpha);
  }

  const { stage, card } = figure.body();
  const pair = htmlNode(stage, "div", "nnlib-pair");
  const data = drawing(pair, 272, 268, "Points, a line, and the vertical differences between them");
  const wide = Math.max(...xs.map(Math.abs)) * 1.15;
  const tall = Math.max(...ts.map(Math.abs)) * 1.3;
  const box = { left: 42, width: 222, height: 222 };
  const {
    px,
    py,
    layer: plot,
  } = plane(data, { x: [-wide, wide], y: [-tall, tall], names: ["x", "t"], ...box });
  const dashed = { stroke: "var(--orange)", "stroke-width": 2, "stroke-dasharray": "4 3" };
  const residuals = xs.map(() => svgNode(plot, "line", dashed));
  const dotted = { stroke: "var(--blue)", "stroke-width": 1.5, "stroke-dasharray": "1 4" };
  const after = svgNode(plot, "line", dotted);
  const line = svgNode(plot, "line", { stroke: "var(--blue)", "stroke-width": 2.5 });
  xs.forEach((x, n) => svgNode(data, "circle", { cx: px(x), cy: py(ts[n]), r: 4.5, fill: "var(--ink)" }));
  const round = { r: 8, fill: "var(--ground)", stroke: "var(--blue)", "stroke-width": 2.5 };
  const grips = [-0.8, 0.8].map((share, number) => {
    const grip = svgNode(data, "circle", round);
    const here = share * wide;
    const height = () => w * here + b;
    const lift = (y) => {
      const there = -here; // the other grip stays where it is
      const kept = w * there + b;
      const slope = (clamp(y, -tall, tall) - kept) / (here - there);
      go(slope, kept - slope * there);
    };
    handle(grip, {
      label: `height of the line ${number ? "on the right" : "on the left"}`,
      moved: (_, y) => lift(py.back(y)),
      by: (_, rows) => lift(height() + 0.05 * rows),
      ends: (way) => lift(way * tall),
    });
    return { grip, here, height };
  });

  const surface = drawing(pair, 272, 268, "The error over slope w and bias b, with the negative gradient");
  const around = (value) => [Math.round(value) - 3, Math.round(value) + 3];
  const axes = { x: around(best.w), y: around(best.b), names: ["w", "b"], ...box };
  const { px: pw, py: pb, layer: valley } = plane(surface, axes);
  for (const contour of bowl.contours) {
    const points = contour.map(([u, v]) => `${pw(u)},${pb(v)}`).join(" ");
    svgNode(valley, "polyline", { points, fill: "none", stroke: "var(--line)" });
  }
  const cross = `M ${pw(best.w) - 5} ${pb(best.b)} h 10 m -5 -5 v 10`;
  svgNode(surface, "path", { d: cross, stroke: "var(--ink)", "stroke-width": 1.5 });
  const trail = svgNode(valley, "polyline", { fill: "none", stroke: "var(--blue)", "stroke-width": 1.5 });
  const next = svgNode(valley, "line", dotted);
  const arrow = svgNode(surface, "line", { stroke: "var(--orange)", "stroke-width": 2.5 });
  const head = svgNode(surface, "polygon", { fill: "var(--orange)" });
  const place = svgNode(surface, "circle", round);
  handle(place, {
    label: "slope w and bias b",
    moved: (x, y) => go(pw.back(x), pb.back(y)),
    by: (columns, rows) => go(w + 0.05 * columns, b + 0.05 * rows),
  });

  typeset(htmlNode(card, "div"), ["E = ½ Σ_n (w x^n + b − t^n)²", "∂E/∂w = Σ_n (y^n − t^n) x^n"]);
  const numbers = htmlNode(card, "div", "nnlib-numbers");
  const todo = tasks(card, [
    {
      ask: `By hand: place the line so that E is below ${format(close)}.`,
      answer: `No line through these points has less than E = ${format(lowest)}.`,
    },
    {
      ask: "Step or play to the cross. Where do the steps become small?",
      answer: "Near it: the gradient is small.",
    },
    {
      ask: "How large may α be? Find one with which the steps go further and further off.",
      answer: `From α = ${format(limit, 3)} on every step lands further off.`,
    },
  ]);
  const foot = figure.foot();
  const ends = (scale) => ({ min: scale.low, max: scale.high, step: 0.05 });
  const slope = slider(foot, { label: "slope w", ...ends(pw), value: w }, (value) => go(value, b));
  const bias = slider(foot, { label: "bias b", ...ends(pb), value: b }, (value) => go(w, value));
  const say = figure.status(figure.root, 2);

  function step() {
    if (lost) return false;
    const { dw, db } = measure();
    walked.push([pw(w), pb(b)]);
    move(w - alpha * dw, b - alpha * db);
    lost = Math.abs(w - best.w) > 50 || Math.abs(b - best.b) > 50;
    if (lost) {
      say(`Diverged: α = ${format(alpha, 3)} is too large here. Press Reset and choose a smaller one.`);
      todo.reach(2);
      top.can("next", false);
      top.can("play", false);
    }
    const now = measure();
    const there = Math.hypot(now.dw, now.db) < 1e-3;
    if (there) say(`Done: at w = ${format(w)}, b = ${format(b)} the gradient is 0 and E = ${format(E())}.`);
    if (Math.hypot(now.dw, now.db) < 0.1) todo.reach(1);
    return !lost && !there;
  }
  function E() {
    return measure().E;
  }

  // Placed by hand: the walk so far is forgotten.
  function go(newW, newB) {
    walked = [];
    lost = false;
    top.pause();
    top.can("next", true);
    top.can("play", true);
    move(clamp(newW, pw.low, pw.high), clamp(newB, pb.low, pb.high));
    if (E() < close && (w !== start.w || b !== start.b)) todo.reach(0);
  }

  function move(newW, newB) {
    [w, b] = [newW, newB];
    figure.set("w", w);
    figure.set("b", b);
    slope.move(w);
    bias.move(b);
    show();
  }

  function show() {
    const { off, dw, db } = measure();
    const inside = (y) => clamp(y, py.to, py.from);
    change(line, { x1: px(-wide), y1: py(-w * wide + b), x2: px(wide), y2: py(w * wide + b) });
    residuals.forEach((node, n) => {
      change(node, { x1: px(xs[n]), x2: px(xs[n]), y1: py(ts[n]), y2: inside(py(ts[n] + off[n])) });
    });
    for (const { grip, here, height } of grips) put(grip, px(here), inside(py(height())), height());
    const from = [clamp(pw(w), pw.from, pw.to), clamp(pb(b), pb.to, pb.from)];
    put(place, ...from, w, `w ${format(w)}, b ${format(b)}`);
    change(trail, { points: [...walked, from].join(" ") });
    point(from, dw, db);
    const to = { w: w - alpha * dw, b: b - alpha * db };
    const [left, right] = [-wide, wide].map((x) => py(to.w * x + to.b));
    change(after, { x1: px(-wide), y1: left, x2: px(wide), y2: right });
    change(next, { x1: from[0], y1: from[1], x2: pw(to.w), y2: pb(to.b) });
    const words = `w = ${format(w)}, b = ${format(b)}: E = ${format(E())}`;
    typeset(numbers, [`E = ${format(E())}`, `∂E/∂w = ${format(dw)}`, `∂E/∂b = ${format(db)}`]);
    const slopes = `∂E/∂w = ${format(dw)}, ∂E/∂b = ${format(db)}`;
    say(`${words}, ${slopes}\nDotted: after the next step, E = ${format(measure(to).E)}`);
  }

  // The arrow downhill: long where it is steep, none at the minimum.
  function point(from, dw, db) {
    const length = Math.hypot(dw, db);
    const long = 20 * Math.log1p(length);
    const seen = long > 1;
    for (const part of [arrow, head]) change(part, { visibility: seen ? "visible" : "hidden" });
    if (!seen) return;
    const along = [-dw / length, db / length]; // up in the picture is -y
    const to = from.map((value, k) => value + along[k] * (8 + long));
    change(arrow, { x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
    const back = to.map((value, k) => value - along[k] * 9);
    const side = [-along[1] * 4, along[0] * 4];
    const corners = [to, [back[0] + side[0], back[1] + side[1]], [back[0] - side[0], back[1] - side[1]]];
    change(head, { points: corners.join(" ") });
  }

  figure.follow(["w", "b"], () => go(figure.get("w"), figure.get("b")));
  figure.follow(["alpha"], () => {
    alpha = figure.get("alpha");
    rate.move(alpha);
  });
  show();
});

// E(w, b) = ½ Σ (w x + b - t)² is a bowl. Its lowest point, its contours, which are ellipses around
// that, and the α above which gradient descent leaves it: 2 / its largest curvature.
function theBowl(xs, ts) {
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const N = xs.length;
  const [Sx, St, Sxx] = [sum(xs), sum(ts), sum(xs.map((x) => x * x))];
  const Sxt = sum(xs.map((x, n) => x * ts[n]));
  const determinant = Sxx * N - Sx * Sx;
  const best = { w: (Sxt * N - Sx * St) / determinant, b: (Sxx * St - Sx * Sxt) / determinant };
  const half = (Sxx + N) / 2;
  const spread = Math.hypot((Sxx - N) / 2, Sx);
  const angle = 0.5 * Math.atan2(2 * Sx, Sxx - N);
  const contours = [0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8].map((radius) =>
    Array.from({ length: 73 }, (_, k) => {
      const turn = (k * Math.PI) / 36;
      const u = radius * Math.sqrt(half / (half + spread)) * Math.cos(turn); // E grows with the square
      const v = radius * Math.sqrt(half / (half - spread)) * Math.sin(turn);
      return [
        best.w + u * Math.cos(angle) - v * Math.sin(angle),
        best.b + u * Math.sin(angle) + v * Math.cos(angle),
      ];
    }),
  );
  return { best, contours, limit: 2 / (half + spread) };
}
