// A network in layers: a circle for each neuron, a line for each weight. Each of these parts can be
// hovered, clicked and focused: Tab reaches the picture, up and down go from part to part.
// A node is called "layer.j", an edge "layer.j.i"; the input after the last is the bias's 1.

function networkPicture(figure, sizes, label, pointed) {
  const last = sizes.length - 1, across = 180, down = 92, radius = 27;
  const tall = Math.max(...sizes), width = 90 + across * last, height = 60 + down * tall + 20;
  const picture = figure.drawing(width, height, label);
  change(picture, { role: "group" });  // an image has no parts to focus
  const middle = 20 + (down * tall) / 2;
  const at = (layer, j) => j === sizes[layer]
    ? [45 + across * layer, height - 24]
    : [45 + across * layer, middle + down * (j - (sizes[layer] - 1) / 2)];
  const parts = new Map();
  let current = null;

  const part = (key) => {
    const group = svgNode(picture, "g", { class: "nnlib-part", tabindex: -1, role: "img" });
    focusable(group, key);
    group.addEventListener("pointerenter", () => pointed(key, "hover"));
    group.addEventListener("focus", () => { select(key); pointed(key, "focus"); });
    group.addEventListener("click", () => group.focus());
    const made = { group };
    parts.set(key, made);
    return made;
  };
  const select = (key) => {
    if (current) change(parts.get(current).group, { tabindex: -1 });
    current = key;
    change(parts.get(key).group, { tabindex: 0 });
  };

  const crowded = sizes.slice(1).reduce((sum, size, layer) => sum + size * (sizes[layer] + 1), 0) > 16;
  for (let layer = 1; layer <= last; layer++) {
    for (let j = 0; j < sizes[layer]; j++) {
      for (let i = 0; i <= sizes[layer - 1]; i++) {
        const made = part(`${layer}.${j}.${i}`), [x1, y1] = at(layer - 1, i), [x2, y2] = at(layer, j);
        const length = Math.hypot(x2 - x1, y2 - y1), end = 1 - radius / length;
        const ends = { x1, y1, x2: x1 + end * (x2 - x1), y2: y1 + end * (y2 - y1) };
        const share = 0.27;  // near the sender, where its edges have parted and others are far
        made.line = svgNode(made.group, "line", ends);
        svgNode(made.group, "line", { ...ends, class: "nnlib-hit" });
        made.number = svgNode(made.group, "text", {
          class: "nnlib-weight", x: x1 + share * (x2 - x1), y: y1 + share * (y2 - y1) + 4, "text-anchor": "middle",
        });
      }
    }
  }
  for (let layer = 0; layer <= last; layer++) {
    if (layer < last) {
      const [cx, cy] = at(layer, sizes[layer]);
      svgNode(picture, "circle", { cx, cy, r: 12, class: "nnlib-neuron" });
      svgNode(picture, "text", { x: cx, y: cy + 4, "text-anchor": "middle", class: "nnlib-small" }, "1");
    }
    for (let j = 0; j < sizes[layer]; j++) {
      const made = part(`${layer}.${j}`), [cx, cy] = at(layer, j);
      made.line = svgNode(made.group, "circle", { cx, cy, r: radius, class: "nnlib-neuron" });
      made.number = svgNode(made.group, "text", { class: "nnlib-weight", x: cx, y: cy + 4, "text-anchor": "middle" });
      made.below = svgNode(made.group, "text", { class: "nnlib-weight nnlib-delta", x: cx, y: cy + radius + 14, "text-anchor": "middle" });
    }
  }
  const keys = [...parts.keys()].sort((one, other) => one.split(".").length - other.split(".").length);
  select(keys[0]);
  picture.addEventListener("keydown", (event) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const next = keys[(keys.indexOf(current) + way + keys.length) % keys.length];
    parts.get(next).group.focus();
  });

  return {
    picture,
    keys,
    // Words on a part: of a node inside and below, of an edge beside it; `spoken` is read aloud.
    write(key, words, spoken, below = "") {
      const made = parts.get(key);
      write(made.number, words);
      if (made.below) write(made.below, below);
      made.group.setAttribute("aria-label", spoken);
    },
    // The sign of a weight by colour and dashes.
    sign(key, value) { parts.get(key).group.classList.toggle("nnlib-negative", value < 0); },
    // Light these parts up, and ring those that are wrong.
    light(lit, wrong = []) {
      for (const [key, { group }] of parts) {
        group.classList.toggle("nnlib-lit", lit.includes(key));
        group.classList.toggle("nnlib-wrong", wrong.includes(key));
        group.classList.toggle("nnlib-quiet", crowded && !lit.includes(key));
      }
    },
  };
}
