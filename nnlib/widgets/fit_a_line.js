// Fit a line: residuals on the left, the error surface with the gradient's arrow on the right.

function draw(figure) {
  const xs = figure.get("x"), ts = figure.get("t");
  const start = { w: figure.get("w"), b: figure.get("b") };
  let { w, b } = start;
  let alpha = figure.get("alpha");

  // E(w, b) = 1/2 Σ (w x + b - t)² is a bowl: its contours are ellipses around the best line.
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const N = xs.length, Sx = sum(xs), Sxx = sum(xs.map((x) => x * x));
  const St = sum(ts), Sxt = sum(xs.map((x, n) => x * ts[n]));
  const determinant = Sxx * N - Sx * Sx;
  const best = { w: (Sxt * N - Sx * St) / determinant, b: (Sxx * St - Sx * Sxt) / determinant };
  const measure = () => {
    const off = xs.map((x, n) => w * x + b - ts[n]);
    return { off, E: sum(off.map((d) => d * d)) / 2, dw: sum(off.map((d, n) => d * xs[n])), db: sum(off) };
  };

  const size = { width: 338, height: 330 };
  const wide = Math.max(...xs.map(Math.abs)) * 1.15, tall = Math.max(...ts.map(Math.abs)) * 1.3;
  const middle = { w: Math.round(best.w), b: Math.round(best.b) };

  const data = figure.drawing(size.width, size.height, "Points, a line, and the vertical differences between them");
  const { px, py, layer: plot } = plane(data, { x: [-wide, wide], y: [-tall, tall], names: ["x", "t"] });
  const residuals = xs.map(() => svgNode(plot, "line", { stroke: "var(--orange)", "stroke-width": 2, "stroke-dasharray": "4 3" }));
  const line = svgNode(plot, "line", { stroke: "var(--blue)", "stroke-width": 2.5 });
  xs.forEach((x, n) => svgNode(data, "circle", { cx: px(x), cy: py(ts[n]), r: 4.5, fill: "var(--ink)" }));
  const grips = [-0.8, 0.8].map((share, number) => {
    const grip = svgNode(data, "circle", { r: 9, fill: "var(--ground)", stroke: "var(--blue)", "stroke-width": 2.5 });
    const here = share * wide, height = () => w * here + b;
    const lift = (y) => {  // the other grip stays where it is
      const there = -here, kept = w * there + b, slope = (clamp(y, -tall, tall) - kept) / (here - there);
      go(slope, kept - slope * there);
    };
    figure.handle(grip, {
      label: `height of the line ${number ? "on the right" : "on the left"}`,
      moved: (_, y) => lift(py.back(y)),
      by: (_, rows) => lift(height() + 0.05 * rows),
    });
    return { grip, here, height };
  });

  const surface = figure.drawing(size.width, size.height, "The error surface over slope w and bias b, with the negative gradient");
  const around = (value) => [value - 3, value + 3];
  const { px: pw, py: pb, layer: valley } = plane(surface, { x: around(middle.w), y: around(middle.b), names: ["w", "b"] });
  const half = (Sxx + N) / 2, spread = Math.hypot((Sxx - N) / 2, Sx);
  const angle = 0.5 * Math.atan2(2 * Sx, Sxx - N);
  for (const radius of [0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8]) {  // E grows with the square
    const level = (half * radius * radius) / 2;
    const points = Array.from({ length: 73 }, (_, k) => {
      const turn = (k * Math.PI) / 36;
      const u = Math.sqrt((2 * level) / (half + spread)) * Math.cos(turn);
      const v = Math.sqrt((2 * level) / (half - spread)) * Math.sin(turn);
      return [pw(best.w + u * Math.cos(angle) - v * Math.sin(angle)), pb(best.b + u * Math.sin(angle) + v * Math.cos(angle))];
    });
    svgNode(valley, "polyline", { points: points.join(" "), fill: "none", stroke: "var(--faint)" });
  }
  svgNode(surface, "path", { d: `M ${pw(best.w) - 5} ${pb(best.b)} h 10 m -5 -5 v 10`, stroke: "var(--ink)", "stroke-width": 1.5 });
  const trail = svgNode(valley, "polyline", { fill: "none", stroke: "var(--blue)", "stroke-width": 1.5 });
  const arrow = svgNode(surface, "line", { stroke: "var(--orange)", "stroke-width": 2.5 });
  const head = svgNode(surface, "polygon", { fill: "var(--orange)" });
  const place = svgNode(surface, "circle", { r: 9, fill: "var(--ground)", stroke: "var(--blue)", "stroke-width": 2.5 });
  figure.handle(place, {
    label: "slope w and bias b",
    moved: (x, y) => go(pw.back(x), pb.back(y)),
    by: (columns, rows) => go(w + 0.05 * columns, b + 0.05 * rows),
  });

  let walked = [];
  const controls = figure.row();
  const slope = figure.slider(controls, { label: "slope w", min: pw.low, max: pw.high, step: 0.05, value: w }, (value) => go(value, b));
  const bias = figure.slider(controls, { label: "bias b", min: pb.low, max: pb.high, step: 0.05, value: b }, (value) => go(w, value));
  const walk = figure.row();
  const rate = figure.slider(walk, { label: "learning rate α", min: 0.005, max: 0.3, step: 0.005, value: alpha, digits: 3 }, (value) => {
    alpha = value;
    figure.set("alpha", alpha);
  });
  const step = () => {
    const { dw, db } = measure();
    walked.push([pw(w), pb(b)]);
    move(w - alpha * dw, b - alpha * db);
    const far = Math.abs(w - best.w) > 50 || Math.abs(b - best.b) > 50;
    if (far) say(`Diverged: α = ${format(alpha, 3)} is too large here. Press Reset and choose a smaller one.`);
    return !far && Math.hypot(dw, db) > 1e-3;
  };
  figure.button(walk, "Step", step);
  const player = figure.player(walk, step);
  figure.button(walk, "Reset", () => { player.pause(); go(start.w, start.b); });
  const say = figure.status();

  // Placed by hand: the walk so far is forgotten.
  function go(newW, newB) {
    walked = [];
    move(clamp(newW, pw.low, pw.high), clamp(newB, pb.low, pb.high));
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
    const { off, E, dw, db } = measure();
    const inside = (y) => clamp(y, py.to, py.from);
    change(line, { x1: px(-wide), y1: py(-w * wide + b), x2: px(wide), y2: py(w * wide + b) });
    residuals.forEach((node, n) => change(node, { x1: px(xs[n]), x2: px(xs[n]), y1: py(ts[n]), y2: inside(py(ts[n] + off[n])) }));
    grips.forEach(({ grip, here, height }) => figure.place(grip, px(here), inside(py(height())), height()));
    const from = [clamp(pw(w), pw.from, pw.to), clamp(pb(b), pb.to, pb.from)];
    figure.place(place, ...from, w, `w ${format(w)}, b ${format(b)}`);
    change(trail, { points: [...walked, from].join(" ") });
    const length = Math.hypot(dw, db), shown = 22 + 14 * Math.log1p(length);
    const along = length > 1e-9 ? [-dw / length, db / length] : [0, 0];  // up in the picture is -y
    const to = from.map((value, k) => value + along[k] * shown);
    change(arrow, { x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
    const back = to.map((value, k) => value - along[k] * 9), side = [-along[1] * 4, along[0] * 4];
    change(head, { points: `${to} ${back[0] + side[0]},${back[1] + side[1]} ${back[0] - side[0]},${back[1] - side[1]}` });
    say(`w = ${format(w)}, b = ${format(b)}: E = ${format(E)}, ∂E/∂w = ${format(dw)}, ∂E/∂b = ${format(db)}`);
  }
  figure.follow(["w", "b"], () => go(figure.get("w"), figure.get("b")));
  figure.follow(["alpha"], () => { alpha = figure.get("alpha"); rate.move(alpha); });
  show();
}
