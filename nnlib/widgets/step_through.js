// Backpropagation node by node. The steps come from Python as data; every number is computed here.

function draw(figure) {
  const steps = figure.get("steps"), activations = figure.get("activations"), error = figure.get("error");
  const places = new Map(steps.map((step, index) => [step.place, index]));
  const start = { weights: figure.get("weights"), inputs: figure.get("inputs"), targets: figure.get("targets") };
  const sizes = [start.inputs[0].length, ...start.weights.slice(1).map((W) => W.length)];
  const N = start.inputs.length, last = sizes.length - 1;
  let found, path = [], dropped = false;

  const compute = (weights = figure.get("weights")) =>
    backpropagateBatch(weights, activations, figure.get("inputs"), figure.get("targets"), error);
  const sample = () => figure.get("sample"), position = () => figure.get("position");
  const at = (place) => lookUp(found, place, sample());
  const text = (place) => fill(steps[places.get(place)].numbers, found, sample());

  const top = htmlNode(figure.root, "div", "nnlib-side-by-side");
  const label = `A network with ${sizes.join(", ")} nodes in its layers: numbers at nodes and edges`;
  const network = networkPicture(figure, sizes, label, (key, how) => {
    detail.textContent = details(key);
    if (how === "focus") editor.choose(key);
  });
  top.append(network.picture);
  const card = stepCard(figure, top, go);
  const detail = htmlNode(figure.root, "div", "nnlib-status nnlib-detail", "Point at a node or an edge, or reach it by Tab and the up and down keys, to see its numbers.");
  const editor = stepEditor(figure, { sizes, N, error, activations, details }, edited);
  const learning = figure.row();
  const rate = figure.slider(learning, { label: "learning rate α", min: 0.01, max: 1, step: 0.01, value: figure.get("alpha") }, (value) => figure.set("alpha", value));
  let online = false;
  if (N > 1) figure.choice(learning, "learning", ["batch", "online"], 0, (index) => { online = index === 1; });
  figure.button(learning, "Update weights", update);
  figure.button(learning, "Reset", () => { path = []; for (const name in start) figure.set(name, start[name]); dropped = false; refresh(); figure.say("As at the start."); });
  const banner = htmlNode(figure.root, "div", "nnlib-banner");
  change(banner, { role: "status" });
  figure.say = figure.status();
  const table = N > 1 ? shareTable(figure.root) : null;
  figure.refresh = refresh;

  figure.root.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select")) return;
    const way = { ArrowRight: 1, ArrowLeft: -1, Home: -steps.length, End: steps.length }[event.key];
    if (!way) return;
    event.preventDefault();
    go(way);
  });

  function go(way) {
    if (way > 0 && card.hidden()) return figure.say("Type the number and press Enter, or press Reveal.");
    const next = clamp(position() + way, 0, steps.length - 1);
    if (next === position()) return;
    figure.set("position", next);
    card.close();
    figure.say("");
    show();
  }

  // Whether a number may be seen: with "predict first" only what came before.
  function open(place) {
    if (!card.predicting()) return true;
    const index = places.get(place);
    return index < position() || (index === position() && !card.hidden());
  }
  const reached = (place) => places.get(place) <= position() && open(place);

  // What hover and focus tell about a node or an edge.
  function details(key) {
    const [layer, j, i] = key.split(".").map(Number);
    if (i !== undefined) return edge(key, layer, j, i);
    if (layer === 0) return `${neuronName(sizes, 0, j)}: x = ${shown(at(`x.1.${j}`))}`;
    const lines = [`${neuronName(sizes, layer, j)}:`];
    if (open(`a.${key}`)) lines.push(`${text(`a.${key}`)} = ${shown(at(`a.${key}`))}`);
    if (open(`y.${key}`)) lines.push(`y = g(a) = ${shown(at(`y.${key}`))}${activations[layer] === "softmax" ? "" : `, g'(a) = ${shown(at(`slope.${key}`))}`}`);
    if (open(`delta.${key}`)) lines.push(`${text(`delta.${key}`)} = ${shown(at(`delta.${key}`))}`);
    else lines.push("its other numbers come later");
    return lines.join("\n").replaceAll("_", "");
  }

  function edge(key, layer, j, i) {
    const bias = i === sizes[layer - 1], w = bias ? "b" : "w";
    const name = bias ? `bias of ${neuronName(sizes, layer, j)}` : `weight from ${neuronName(sizes, layer - 1, i)} to ${neuronName(sizes, layer, j)}`;
    const head = `${name}: ${w} = ${shown(at(`W.${key}`))}\n`;
    if (!open(`dW.${key}`)) return `${head}∂E/∂${w} comes later`;
    const delta = at(`delta.${layer}.${j}`), x = at(`x.${layer}.${i}`);
    const share = bias ? `δ = ${shown(delta)}` : `δ · x = ${[delta, x].map(shown).join(" · ").replace(/· (−.*)/, "· ($1)")} = ${shown(delta * x)}`;
    if (N === 1) return `${head}∂E/∂${w} = ${share}`;
    return `${head}∂Eⁿ/∂${w} = ${share}, and over all ${N} samples ∂E/∂${w} = ${shown(at(`dW.${key}`))}`;
  }

  function edited(change) {
    for (const name in change) figure.set(name, change[name]);
    path = [];
    dropped = true;
    refresh();
    figure.say(open("En") ? `E = ${shown(found.E)}` : "E and all that depends on it follow.");
  }

  function update() {
    const alpha = figure.get("alpha"), before = found.E;
    let weights = figure.get("weights");
    if (!online) weights = descend(weights, found.dW, alpha);
    else figure.get("inputs").forEach((x, n) => {
      const { dW } = backpropagateBatch(weights, activations, [x], [figure.get("targets")[n]], error);
      weights = descend(weights, dW, alpha);
    });
    const after = compute(weights).E;
    if (!(after < 1e6)) return figure.say(`With α = ${format(alpha)} the step is far too large: E would be ${shown(after)}. Choose a smaller α.`);
    figure.set("weights", weights);
    dropped = true;
    refresh();
    path = [...(path.length ? path : [before]), after].slice(-8);
    figure.say(`E ${after < before ? "falls" : "rises: α is too large here"}: ${path.map(shown).join(" → ")}`);
  }

  // Compute everything again and show it.
  function refresh() {
    found = compute();
    show();
    editor.show();
    rate.move(figure.get("alpha"));
  }

  function show() {
    const step = steps[position()];
    card.show(step, fill(step.numbers, found, sample()), at(step.place), `${position() + 1} of ${steps.length}`);
    for (const key of network.keys) {
      const [layer, , i] = key.split(".").map(Number);
      if (i !== undefined) {
        network.write(key, short(at(`W.${key}`), 2), details(key));
        network.sign(key, at(`W.${key}`));
      } else {
        const sum = layer && reached(`a.${key}`) ? `a ${short(at(`a.${key}`), 2)}` : "";
        const inside = layer === 0 ? at(`x.1.${key.slice(2)}`) : reached(`y.${key}`) ? at(`y.${key}`) : null;
        const below = layer && reached(`delta.${key}`) ? `δ ${short(at(`delta.${key}`))}` : layer === last ? `t ${short(at(`t.${key.split(".")[1]}`), 2)}` : "";
        network.write(key, inside === null ? sum : short(inside), details(key), below);
      }
    }
    const own = figure.get("disagreement"), wrong = own.node && !dropped ? [own.node.join(".")] : [];
    const nodes = step.node ? [step.node] : start.targets[0].map((_, k) => [last, k]);
    network.light([...nodes, ...step.edges].map((key) => key.join(".")), wrong);
    banner.textContent = !own.says ? "" : dropped ? "Your numbers belong to the values before this edit; Reset brings those back." : own.says;
    if (table) table.show(step, found, card.hidden());
  }

  figure.follow(["position", "sample", "weights", "inputs", "targets", "alpha"], refresh);
  figure.follow(["disagreement"], () => { dropped = false; refresh(); });
  refresh();
  card.reserve(steps, steps.map(({ numbers }) => fill(numbers, found, sample())));
  const told = network.keys.map(details);
  keepRoom(detail, [["div", "nnlib-status", told.reduce((one, other) => (other.length > one.length ? other : one))]]);
}

// Each sample's share of ∂E/∂w, and their sum.
function shareTable(root) {
  const table = htmlNode(root, "table", "nnlib-shares");
  return {
    show(step, found, hidden) {
      const [layer, j, i] = (step.edges[0] ?? [1, 0, 0]);
      const w = i === found.W[layer][j].length - 1 ? "b" : "w";
      const rows = found.samples.map((one, n) => [n + 1, one.delta[layer][j], one.x[layer][i]]);
      const head = ["sample n", "δⁿ", "xⁿ", `∂Eⁿ/∂${w} = δⁿ · xⁿ`];
      table.replaceChildren();
      htmlNode(table, "caption", "", "Online: a step along each share in turn. Batch: one step along their sum.");
      table.hidden = hidden || step.part !== "Gradient";
      const fillRow = (cells, tag) => {
        const row = table.insertRow();
        for (const cell of cells) htmlNode(row, tag, "", cell);
      };
      fillRow(head, "th");
      for (const [n, delta, x] of rows) {
        fillRow([String(n), shown(delta), shown(x), shown(delta * x)], "td");
      }
      fillRow(["Σ", "", "", shown(found.dW[layer][j][i])], "td");
    },
  };
}
