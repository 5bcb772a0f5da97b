// The error surface of XOR along two of nine weights, with gradient descent along these two alone.

function draw(figure) {
  const X = figure.get("inputs"), T = figure.get("targets"), places = figure.get("places");
  const names = figure.get("names").map((name) => name.replace("_", "")), around = figure.get("surroundings");
  const range = 6, cells = 61, activations = ["", "tanh", "identity"];
  let errors = [], path = [];

  const picture = figure.drawing(440, 420, "The error of XOR over two weights: the colour of the page is lowest");
  const map = heatmap(picture);
  const { px, py, layer } = plane(picture, { x: [-range, range], y: [-range, range], names: ["", ""], width: 376, height: 376 });
  const across = svgNode(picture, "text", { x: 232, y: 417, "text-anchor": "middle" });
  const up = svgNode(picture, "text", { x: -196, y: 13, "text-anchor": "middle", transform: "rotate(-90)" });
  const frame = { x: px.from, y: py.to, width: 376, height: 376 };
  const paint = () => paintSurface(figure, map, frame, errors);
  figure.onTheme(paint);
  const trail = svgNode(layer, "polyline", { fill: "none", stroke: "var(--orange)", "stroke-width": 2 });
  const dot = svgNode(picture, "circle", { r: 8, fill: "var(--ground)", stroke: "var(--orange)", "stroke-width": 3 });
  change(dot, { "aria-valuemin": -range, "aria-valuemax": range });
  figure.handle(dot, {
    label: "the two weights",
    moved: (x, y) => go(px.back(x), py.back(y)),
    by: (columns, rows) => go(value(0) + 0.1 * columns, value(1) + 0.1 * rows),
  });

  const row = figure.row();
  const sliders = [0, 1].map((k) => figure.slider(row, { label: k ? "up" : "across", min: -range, max: range, step: 0.1, value: value(k) }, (to) => go(k ? value(0) : to, k ? to : value(1))));
  const pick = figure.row();
  const choices = [0, 1].map((k) => figure.choice(pick, k ? "up" : "across", names, figure.get("chosen")[k], (index) => {
    const chosen = [...figure.get("chosen")];
    if (chosen[1 - k] === index) chosen[1 - k] = chosen[k];  // the same twice: they change places
    chosen[k] = index;
    figure.set("chosen", chosen);
    cut();
  }));
  figure.choice(pick, "all others as in", Object.keys(around), Object.keys(around).indexOf(figure.get("around")), (index) => {
    figure.set("around", Object.keys(around)[index]);
    figure.set("weights", Object.values(around)[index]);
    cut();
  });
  const walk = figure.row();
  figure.slider(walk, { label: "learning rate α", min: 0.01, max: 1, step: 0.01, value: figure.get("alpha") }, (to) => figure.set("alpha", to));
  const step = () => {
    const { slopes } = measure(), alpha = figure.get("alpha");
    const to = slopes.map((slope, k) => value(k) - alpha * slope);
    path.push([value(0), value(1)]);
    if (to.some((w) => Math.abs(w) > range)) {
      say("The step leaves the picture: choose a smaller α, or another place.");
      return false;
    }
    set(...to);
    show();
    return Math.hypot(...slopes) > 1e-3;
  };
  figure.button(walk, "Step", step);
  const player = figure.player(walk, step, 20);
  const say = figure.status();

  function place(k) { return places[figure.get("chosen")[k]]; }
  function value(k) {
    const [layer, j, i] = place(k);
    return figure.get("weights")[layer][j][i];
  }
  function withValues(first, second) {
    const weights = structuredClone(figure.get("weights"));
    [first, second].forEach((to, k) => { const [layer, j, i] = place(k); weights[layer][j][i] = to; });
    return weights;
  }
  function set(first, second) { figure.set("weights", withValues(first, second)); }

  // Placed by hand: the path so far is forgotten.
  function go(first, second) {
    path = [];
    set(clamp(first, -range, range), clamp(second, -range, range));
    show();
  }

  function measure() {
    const { E, dW } = backpropagateBatch(figure.get("weights"), activations, X, T, "sum_of_squares");
    return { E, slopes: [0, 1].map((k) => { const [layer, j, i] = place(k); return dW[layer][j][i]; }) };
  }

  // Other weights are chosen or set: the surface is another one.
  function cut() {
    player.pause();
    path = [];
    const weights = structuredClone(figure.get("weights")), [[l1, j1, i1], [l2, j2, i2]] = [place(0), place(1)];
    errors = [];
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        weights[l1][j1][i1] = -range + (2 * range * (column + 0.5)) / cells;
        weights[l2][j2][i2] = range - (2 * range * (row + 0.5)) / cells;
        errors.push(X.reduce((sum, x, n) => sum + (forward(weights, activations, x).y[2][0] - T[n][0]) ** 2 / 2, 0));
      }
    }
    paint();
    show();
  }

  function show() {
    const chosen = figure.get("chosen"), at = [value(0), value(1)], { E, slopes } = measure();
    choices.forEach((choice, k) => { choice.selectedIndex = chosen[k]; });
    sliders.forEach((slider, k) => slider.move(at[k]));
    across.textContent = names[chosen[0]];
    up.textContent = names[chosen[1]];
    change(trail, { points: [...path, at].map(([w, v]) => [px(w), py(v)]).join(" ") });
    figure.place(dot, px(at[0]), py(at[1]), at[0], `${format(at[0])} and ${format(at[1])}, E ${format(E, 4)}`);
    const told = chosen.map((index, k) => `${names[index]} = ${format(at[k])} (∂E/∂${names[index][0]} = ${format(slopes[k], 4)})`);
    say(`${told.join(", ")}: E = ${format(E, 4)}`);
  }
  figure.follow(["weights", "chosen"], cut);
  cut();
}
