// A network that trains here: mini-batch gradient descent, cross-entropy, two classes of points.

function draw(figure) {
  const data = figure.get("data"), starts = figure.get("starts"), range = 1.25, cells = 40;
  const names = { data: Object.keys(data), networks: Object.keys(starts), activations: figure.get("activation_names") };
  let weights, activations, samples, epoch, responses, kind = 0, cross = [0, 0];

  const top = htmlNode(figure.root, "div", "nnlib-side-by-side");
  const picture = figure.drawing(350, 340, "Points of two classes over the plane, coloured by the network's output");
  top.append(picture);
  const map = heatmap(picture);
  const { px, py, layer } = plane(picture, { x: [-range, range], y: [-range, range], names: ["x_1", "x_2"], width: 296, height: 296 });
  const frame = { x: px.from, y: py.to, width: 296, height: 296 };
  const dots = svgNode(layer, "g");
  const target = svgNode(picture, "circle", { r: 8, fill: "none", stroke: "var(--ink)", "stroke-width": 2, "stroke-dasharray": "3 2", "data-steps": "" });
  change(target, { "aria-valuemin": -range, "aria-valuemax": range });
  figure.handle(target, {
    label: "cross: arrow keys move it, Enter adds a point there",
    moved: (x, y) => aim(px.back(x), py.back(y)),
    by: (columns, rows) => aim(cross[0] + 0.05 * columns, cross[1] + 0.05 * rows),
  });
  target.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add(...cross);
  });
  picture.addEventListener("click", (event) => {
    if (event.target === target) return;
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    const [x, y] = [px.back(place.x), py.back(place.y)];
    if (Math.max(Math.abs(x), Math.abs(y)) <= range) add(x, y);
  });
  let network = null;
  const loss = lossPicture(figure);

  const walk = figure.row();
  const player = figure.player(walk, () => {
    const end = performance.now() + 10;  // as many epochs as fit into a frame
    do if (train() === false) return false; while (performance.now() < end);
    show();
  }, 30);
  figure.button(walk, "Step", () => { if (train() !== false) show(); });
  figure.button(walk, "Reset", () => restart());
  const rate = figure.slider(walk, { label: "learning rate α", min: 0.005, max: 0.5, step: 0.005, value: figure.get("alpha"), digits: 3 }, (value) => figure.set("alpha", value));
  const setup = figure.row();
  const pick = (label, trait, options) => figure.choice(setup, label, options, options.indexOf(figure.get(trait)), (index) => { figure.set(trait, options[index]); restart(); });
  const choices = [["points", "points", names.data], ["network", "network", names.networks], ["hidden g", "activation", names.activations]]
    .map(([label, trait, options]) => ({ trait, options, select: pick(label, trait, options) }));
  const sizes = [1, 10, 1000];
  figure.choice(setup, "learning", ["online", "mini-batch of 10", "batch"], sizes.indexOf(figure.get("batch_size")), (index) => figure.set("batch_size", sizes[index]));
  const own = figure.row();
  figure.choice(own, "a click adds", ["a blue circle (0)", "an orange square (1)"], 0, (index) => { kind = index; });
  figure.button(own, "Remove added points", () => { figure.set("added", []); gather(); });
  const say = figure.status();

  function aim(x, y) {
    cross = [clamp(x, -range, range), clamp(y, -range, range)];
    figure.place(target, px(cross[0]), py(cross[1]), cross[0], `x1 ${format(cross[0])}, x2 ${format(cross[1])}`);
  }

  function add(x, y) {
    figure.set("added", [...figure.get("added"), [x, y, kind]]);
    gather();
  }

  // The chosen points and the added ones; the weights stay as they are.
  function gather() {
    samples = [...data[figure.get("points")], ...figure.get("added")].map(([x, y, t]) => ({ x: [x, y], t: [t] }));
    dots.replaceChildren();
    for (const { x: [x, y], t: [t] } of samples) {
      const look = { stroke: "var(--ground)", "stroke-width": 1.2, fill: t ? "var(--orange)" : "var(--blue)" };
      if (t) svgNode(dots, "rect", { x: px(x) - 4.5, y: py(y) - 4.5, width: 9, height: 9, ...look });
      else svgNode(dots, "circle", { cx: px(x), cy: py(y), r: 5, ...look });
    }
    show();
  }

  // The same start every time.
  function restart() {
    player.pause();
    weights = starts[figure.get("network")];
    activations = ["", ...weights.slice(2).map(() => figure.get("activation")), "sigmoid"];
    epoch = 0;
    loss.restart();
    network?.remove();
    network = responsePicture(figure, top, [2, ...weights.slice(1).map((W) => W.length)]);
    for (const { trait, options, select } of choices) select.selectedIndex = options.indexOf(figure.get(trait));
    rate.move(figure.get("alpha"));
    gather();
  }

  // One epoch; false if there is nothing to learn from or nothing finite is left.
  function train() {
    if (!samples.length) {
      say("There are no points yet: click into the plane, or press Enter at the cross.");
      return false;
    }
    const size = figure.get("batch_size"), alpha = figure.get("alpha");
    if (epoch === 0) loss.add(0, measure(samples).E);
    let next = weights;
    for (let first = 0; first < samples.length; first += size) {
      next = descend(next, measure(samples.slice(first, first + size), next).dW, alpha);
    }
    const { E } = measure(samples, next);
    if (!Number.isFinite(E)) {
      say(`Diverged: α = ${format(alpha, 3)} is too large here. Press Reset and choose a smaller one.`);
      return false;
    }
    weights = next;
    epoch += 1;
    loss.add(epoch, E);
  }

  function measure(some, now = weights) {
    return backpropagateBatch(now, activations, some.map(({ x }) => x), some.map(({ t }) => t), "cross_entropy");
  }

  function show() {
    const { E, dW, samples: found } = measure(samples);
    const right = found.filter(({ y, t }) => (y.at(-1)[0] > 0.5) === (t[0] === 1)).length;
    loss.show(epoch, E, dW.slice(1).map((W) => Math.sqrt(W.flat().reduce((sum, d) => sum + d * d, 0))));
    paint();
    say(`Epoch ${epoch}: E = ${format(E, 4)}, ${right} of ${samples.length} points on the right side`);
  }

  function paint() {
    const place = (cell) => -range + (2 * range * (cell + 0.5)) / cells;
    responses = Array.from({ length: cells * cells }, (_, at) =>
      forward(weights, activations, [place(at % cells), -place(Math.floor(at / cells))]).y);
    const [ground, blue, orange] = themeColours(figure.root);
    const colour = (value) => mix(ground, value < 0 ? blue : orange, 0.6 * Math.abs(value));
    map.clear();
    map.paint(frame, cells, cells, (column, row) => colour(2 * responses[row * cells + column].at(-1)[0] - 1));
    network.show(weights, activations, responses, cells, colour);
  }

  figure.onTheme(paint);
  figure.follow(["points", "network", "activation", "alpha"], restart);
  figure.follow(["added"], gather);
  aim(0, 0);
  restart();
}
