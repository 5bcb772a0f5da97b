// Three ways of learning race on one error surface. The unit of time is one sample that was seen.

function draw(figure) {
  const xs = figure.get("x"), ts = figure.get("t"), orders = figure.get("orders"), N = xs.length;
  const gradient = ([w, b], some) => some.reduce(([dw, db], n) => {
    const off = w * xs[n] + b - ts[n];
    return [dw + off * xs[n], db + off];
  }, [0, 0]);
  const error = ([w, b]) => xs.reduce((sum, x, n) => sum + (w * x + b - ts[n]) ** 2 / 2, 0);
  // E is a bowl; a step of all samples overshoots for ever where α is above 2 / its largest curvature.
  const Sxx = xs.reduce((sum, x) => sum + x * x, 0), Sx = xs.reduce((sum, x) => sum + x, 0);
  const steepest = (Sxx + N) / 2 + Math.hypot((Sxx - N) / 2, Sx), limit = 2 / steepest;

  const picture = figure.drawing(440, 420, "The error surface over slope w and bias b, with the paths of three ways of learning");
  const map = heatmap(picture);
  const { px, py, layer } = plane(picture, { x: [-3, 3], y: [-3, 3], names: ["w", "b"], width: 376, height: 376 });
  const frame = { x: px.from, y: py.to, width: 376, height: 376 }, cells = 63;
  const errors = Array.from({ length: cells * cells }, (_, at) =>
    error([-3 + (6 * ((at % cells) + 0.5)) / cells, 3 - (6 * (Math.floor(at / cells) + 0.5)) / cells]));
  const paint = () => paintSurface(figure, map, frame, errors);
  figure.onTheme(paint);

  const racers = [
    { name: "batch", size: () => N, colour: "var(--ink)", dash: "none" },
    { name: "mini-batch", size: () => figure.get("batch_size"), colour: "var(--orange)", dash: "7 4" },
    { name: "online", size: () => 1, colour: "var(--green)", dash: "2 3" },
  ];
  const next = svgNode(layer, "line", { stroke: "var(--ink)", "stroke-width": 1, "stroke-dasharray": "3 3" });
  for (const racer of racers) {
    racer.trail = svgNode(layer, "polyline", { fill: "none", stroke: racer.colour, "stroke-width": 2, "stroke-dasharray": racer.dash });
    racer.dot = svgNode(layer, "circle", { r: 6, fill: racer.colour, stroke: "var(--ground)", "stroke-width": 1.5 });
  }
  racers.forEach(({ name, colour, dash }, row) => {
    const y = py.to + 20 + 18 * row, x = px.from + 12;
    svgNode(picture, "line", { x1: x, x2: x + 34, y1: y, y2: y, stroke: colour, "stroke-width": 2, "stroke-dasharray": dash });
    svgNode(picture, "text", { x: x + 42, y: y + 4, style: "font-size: 12px" }, name);
  });
  const flag = svgNode(picture, "circle", { r: 9, fill: "none", stroke: "var(--ink)", "stroke-width": 2.5 });
  change(flag, { "aria-valuemin": -3, "aria-valuemax": 3 });
  const put = (w, b) => { figure.set("start", [clamp(w, -3, 3), clamp(b, -3, 3)]); restart(); };
  figure.handle(flag, {
    label: "start of the race",
    moved: (x, y) => put(px.back(x), py.back(y)),
    by: (columns, rows) => put(figure.get("start")[0] + 0.1 * columns, figure.get("start")[1] + 0.1 * rows),
  });

  const controls = figure.row();
  const rate = figure.slider(controls, { label: "learning rate α", min: 0.005, max: 0.3, step: 0.005, value: figure.get("alpha"), digits: 3 }, (value) => { figure.set("alpha", value); show(); });
  const size = figure.slider(controls, { label: "mini-batch", min: 1, max: N, step: 1, value: figure.get("batch_size"), digits: 0 }, (value) => { figure.set("batch_size", value); restart(); });
  const walk = figure.row();
  figure.button(walk, "One sample", () => { see(); show(); });
  figure.button(walk, "One epoch", () => { for (let n = 0; n < N; n++) see(); show(); });
  const player = figure.player(walk, () => { see(); show(); return racers.some(({ lost }) => !lost) && seen < 40 * N; }, 24);
  figure.button(walk, "Reset", () => { player.pause(); restart(); });
  const say = figure.status();
  let seen = 0;

  // One more sample is seen: each racer whose batch is full makes its step.
  function see() {
    const order = orders[Math.floor(seen / N) % orders.length], sample = order[seen % N];
    seen += 1;
    for (const racer of racers) {
      racer.waiting.push(sample);
      if (racer.lost || (racer.waiting.length < racer.size() && seen % N !== 0)) continue;
      const [dw, db] = gradient(racer.at, racer.waiting), alpha = figure.get("alpha");
      racer.at = [racer.at[0] - alpha * dw, racer.at[1] - alpha * db];
      racer.waiting = [];
      racer.lost = Math.hypot(...racer.at) > 1e3;
      racer.path.push(racer.at);
      if (racer.path.length > 600) racer.path.shift();
    }
  }

  function restart() {
    seen = 0;
    for (const racer of racers) Object.assign(racer, { at: figure.get("start"), path: [figure.get("start")], waiting: [], lost: false });
    show();
  }

  function show() {
    const place = ([w, b]) => [clamp(px(w), -1e4, 1e4), clamp(py(b), -1e4, 1e4)];
    const alpha = figure.get("alpha"), start = figure.get("start");
    figure.place(flag, px(start[0]), py(start[1]), start[0], `w ${format(start[0])}, b ${format(start[1])}`);
    for (const { trail, path, dot, at } of racers) {
      const [x, y] = place(at);
      change(trail, { points: path.map(place).join(" ") });
      change(dot, { cx: x, cy: y });
    }
    const [dw, db] = gradient(racers[0].at, orders[0]), from = place(racers[0].at);
    const to = place([racers[0].at[0] - alpha * dw, racers[0].at[1] - alpha * db]);
    change(next, { x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
    const told = racers.map(({ name, at, lost }) => `${name} ${lost ? "diverged" : `E = ${format(error(at), 4)}`}`);
    const judged = alpha > limit ? `α is above ${format(limit, 3)}: the batch diverges` : `the batch converges while α is below ${format(limit, 3)}`;
    say(`After ${format(seen / N, 2)} epochs: ${told.join(", ")}\nDashed: the next step of the batch; ${judged}.`);
  }
  figure.follow(["alpha", "batch_size", "start"], () => { rate.move(figure.get("alpha")); size.move(figure.get("batch_size")); restart(); });
  paint();
  restart();
}
