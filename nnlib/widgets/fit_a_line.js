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

  const size = 330, edge = 36;
  const scale = (low, high, from, to) => {
    const map = (value) => from + ((value - low) / (high - low)) * (to - from);
    map.back = (place) => low + ((place - from) / (to - from)) * (high - low);
    return Object.assign(map, { low, high });
  };
  const wide = Math.max(...xs.map(Math.abs)) * 1.15, tall = Math.max(...ts.map(Math.abs)) * 1.3;
  const px = scale(-wide, wide, edge, size - 8), py = scale(-tall, tall, size - edge, 8);
  const middle = { w: Math.round(best.w), b: Math.round(best.b) };
  const pw = scale(middle.w - 3, middle.w + 3, edge, size - 8), pb = scale(middle.b - 3, middle.b + 3, size - edge, 8);

  const axes = (picture, across, up, x, y) => {
    const frame = { x: edge, y: 8, width: size - edge - 8, height: size - edge - 8 };
    svgNode(picture, "rect", { ...frame, fill: "none", stroke: "var(--faint)" });
    svgNode(picture, "text", { x: size / 2, y: size - 12, "text-anchor": "middle" }, across);
    svgNode(picture, "text", { x: 16, y: size / 2, "text-anchor": "middle" }, up);
    for (const [map, horizontal] of [[x, true], [y, false]]) {
      for (let tick = Math.ceil(map.low); tick <= map.high; tick += 1) {
        const at = map(tick);
        svgNode(picture, "line", { stroke: "var(--faint)", ...(horizontal
          ? { x1: at, x2: at, y1: size - edge, y2: size - edge + 5 } : { y1: at, y2: at, x1: edge - 5, x2: edge }) });
        svgNode(picture, "text", { style: "font-size: 10px", "text-anchor": "middle", ...(horizontal
          ? { x: at, y: size - edge + 15 } : { x: edge - 11, y: at + 3 }) }, format(tick, 0));
      }
    }
    // What reaches beyond the frame is cut there.
    return svgNode(picture, "svg", { ...frame, viewBox: `${frame.x} ${frame.y} ${frame.width} ${frame.height}` });
  };

  const data = figure.drawing(size, size, "Points, a line, and the vertical differences between them");
  const plot = axes(data, "x", "t", px, py);
  const residuals = xs.map(() => svgNode(plot, "line", { stroke: "var(--orange)", "stroke-width": 2, "stroke-dasharray": "4 3" }));
  const line = svgNode(plot, "line", { stroke: "var(--blue)", "stroke-width": 2.5 });
  xs.forEach((x, n) => svgNode(data, "circle", { cx: px(x), cy: py(ts[n]), r: 4.5, fill: "var(--ink)" }));
  const grips = [-0.8, 0.8].map((share) => {
    const grip = svgNode(data, "circle", { r: 9, fill: "var(--ground)", stroke: "var(--blue)", "stroke-width": 2.5 });
    figure.draggable(grip, (_, y) => {  // the other grip stays where it is
      const here = share * wide, there = -here, kept = w * there + b;
      const slope = (clamp(py.back(y), -tall, tall) - kept) / (here - there);
      go(slope, kept - slope * there);
    });
    return { grip, share };
  });

  const surface = figure.drawing(size, size, "The error surface over slope w and bias b, with the negative gradient");
  const valley = axes(surface, "w", "b", pw, pb);
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
  figure.draggable(place, (x, y) => go(pw.back(x), pb.back(y)));

  let walked = [];
  const controls = figure.row();
  const slope = figure.slider(controls, { label: "slope w", min: pw.low, max: pw.high, step: 0.05, value: w }, (value) => go(value, b));
  const bias = figure.slider(controls, { label: "bias b", min: pb.low, max: pb.high, step: 0.05, value: b }, (value) => go(w, value));
  const walk = figure.row();
  figure.slider(walk, { label: "learning rate α", min: 0.005, max: 0.3, step: 0.005, value: alpha, digits: 3 }, (value) => {
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
    const inside = (y) => clamp(y, 8, size - edge);
    change(line, { x1: px(-wide), y1: py(-w * wide + b), x2: px(wide), y2: py(w * wide + b) });
    residuals.forEach((node, n) => change(node, { x1: px(xs[n]), x2: px(xs[n]), y1: py(ts[n]), y2: inside(py(ts[n] + off[n])) }));
    grips.forEach(({ grip, share }) => change(grip, { cx: px(share * wide), cy: inside(py(w * share * wide + b)) }));
    const from = [clamp(pw(w), edge, size - 8), clamp(pb(b), 8, size - edge)];
    change(place, { cx: from[0], cy: from[1] });
    change(trail, { points: [...walked, from].join(" ") });
    const length = Math.hypot(dw, db), shown = 22 + 14 * Math.log1p(length);
    const along = length > 1e-9 ? [-dw / length, db / length] : [0, 0];  // up in the picture is -y
    const to = from.map((value, k) => value + along[k] * shown);
    change(arrow, { x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
    const back = to.map((value, k) => value - along[k] * 9), side = [-along[1] * 4, along[0] * 4];
    change(head, { points: `${to} ${back[0] + side[0]},${back[1] + side[1]} ${back[0] - side[0]},${back[1] - side[1]}` });
    say(`w = ${format(w)}, b = ${format(b)}: E = ${format(E)}, ∂E/∂w = ${format(dw)}, ∂E/∂b = ${format(db)}`);
  }
  show();
}
