// The derivation of a hidden delta: neuron i on the left, three neurons j, the error on the right.

function draw(figure) {
  const lines = figure.get("lines"), deltas = figure.get("deltas"), weights = figure.get("weights");
  const places = { i: [60, 120], other: [60, 290], 1: [250, 55], 2: [250, 165], 3: [250, 275], E: [420, 165] };
  const top = htmlNode(figure.root, "div", "nnlib-side-by-side");
  const picture = figure.drawing(465, 335, "Hidden neuron i and another one send to neurons 1, 2 and 3, and these reach the error");
  top.append(picture);
  const parts = new Map();
  const group = (name) => {
    const made = svgNode(picture, "g", { class: "nnlib-part" });
    parts.set(name, made);
    return made;
  };
  // A halo around all of the words first: that around a subscript would cover the letter before it.
  const word = (made, x, y, words, kind = "nnlib-weight") => {
    const place = { x, y, "text-anchor": "middle", class: kind };
    svgNode(made, "text", place, words);
    change(svgNode(made, "text", place, words), { style: "stroke: none" });
  };
  const edge = (from, to, words, negative) => {
    const made = group(`${from}-${to}`), [x1, y1] = places[from], [x2, y2] = places[to];
    made.classList.toggle("nnlib-negative", Boolean(negative));
    svgNode(made, "line", { x1, y1, x2, y2 });
    word(made, x1 + 0.5 * (x2 - x1), y1 + 0.5 * (y2 - y1) + 4, words);
  };
  for (const j of [1, 2, 3]) {
    edge("other", j, "", false);
    edge("i", j, `w_${j}i = ${format(weights[j - 1], 1)}`, weights[j - 1] < 0);
    edge(j, "E", "", false);
  }
  const node = (name, words, below) => {
    const made = group(name), [cx, cy] = places[name];
    svgNode(made, "circle", { cx, cy, r: 27, class: "nnlib-neuron" });
    svgNode(made, "text", { x: cx, y: cy + 5, "text-anchor": "middle" }, words);
    word(made, cx, cy + 42, below, "nnlib-weight nnlib-delta");
  };
  node("i", "i", `g'(a_i ) = ${format(figure.get("slope"), 1)}`);
  node("other", "i′", "");
  for (const j of [1, 2, 3]) node(String(j), String(j), `δ_${j} = ${format(deltas[j - 1], 1)}`);
  node("E", "Eⁿ", "");

  const card = htmlNode(top, "div", "nnlib-card");
  focusable(card, "The derivation: the right and left arrow keys reveal and hide a line");
  change(card, { tabindex: 0, role: "group", "data-steps": "" });
  const list = htmlNode(card, "ol", "nnlib-lines");
  const items = lines.map(({ line }) => lower(htmlNode(list, "li"), line));
  const buttons = figure.row();
  const back = figure.button(buttons, "Back", () => go(-1));
  const next = figure.button(buttons, "Next line", () => go(1));
  const say = figure.status();

  figure.root.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1, Home: -lines.length, End: lines.length }[event.key];
    if (!way) return;
    event.preventDefault();
    go(way);
  });

  function go(way) {
    figure.set("position", clamp(figure.get("position") + way, 0, lines.length - 1));
    show();
  }

  function show() {
    const now = figure.get("position"), { line, says, lit } = lines[now];
    items.forEach((item, index) => {
      item.style.visibility = index <= now ? "" : "hidden";
      item.classList.toggle("nnlib-now", index === now);
    });
    for (const [name, part] of parts) part.classList.toggle("nnlib-lit", lit.includes(name));
    change(back, { "aria-disabled": now === 0 });  // not disabled: that would lose the focus
    change(next, { "aria-disabled": now === lines.length - 1 });
    say(`${now + 1}. ${line}\n${says}`);
  }
  figure.follow(["position"], show);
  show();
}
