// The graph of a typed function: inputs on the left, each node right of what it is computed from.

import { change, svgNode, write } from "./kit/dom.js";
import { focusable } from "./kit/figure.js";
import { short } from "./kit/numbers.js";
import { mount } from "./kit/picture.js";
import { ruleOf } from "./differentiate_steps.js";

const RADIUS = 27;
const [ACROSS, DOWN] = [84, 93]; // what a node needs, with its rule below and its dot above
const [WIDTH, HEIGHT] = [550, 303];
const EMPTY = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="group"
  class="nnlib-network" aria-label="The graph of the computation"></svg>`;

// "x^2" with raised digits.
const RAISED = {
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
  "−": "⁻",
  ".": "·",
};
const power = (words) =>
  words.replace(/\^([\d.−]+)/, (_, digits) => [...digits].map((d) => RAISED[d]).join(""));

// Columns by depth, heights near the mean of the inputs: { at: [[x, y], ...], width, height }.
// What is larger than the picture is drawn smaller.
export function places(nodes) {
  const depth = [];
  nodes.forEach(({ operation, inputs }, n) => {
    const before = inputs.filter((i) => nodes[i].operation !== "number").map((i) => depth[i]);
    depth[n] = operation === "input" || operation === "number" ? 0 : 1 + Math.max(0, ...before);
  });
  nodes.forEach(({ inputs }, n) => {
    for (const i of inputs) if (nodes[i].operation === "number") depth[i] = depth[n] - 1;
  });
  const deepest = Math.max(...depth);
  const most = Math.max(...depth.map((d) => depth.filter((other) => other === d).length));
  const zoom = Math.max(1, (ACROSS * (deepest + 1)) / WIDTH, (DOWN * most + 24) / HEIGHT);
  const [width, height] = [WIDTH * zoom, HEIGHT * zoom];
  const at = nodes.map(() => [0, 0]);
  for (let d = 0; d <= deepest; d++) {
    const column = nodes.map((_, n) => n).filter((n) => depth[n] === d);
    const wish = (n) => {
      const from = nodes[n].inputs.filter((i) => depth[i] < d).map((i) => at[i][1]);
      return from.length ? from.reduce((a, b) => a + b, 0) / from.length : null;
    };
    const gap = Math.max(DOWN, Math.min(102, (height - 24) / column.length));
    const middle = (k) => height / 2 + gap * (k - (column.length - 1) / 2);
    const wished = column.map((n, k) => [wish(n) ?? middle(k), n]).sort((a, b) => a[0] - b[0]);
    let lowest = -Infinity;
    const ys = wished.map(([y]) => (lowest = Math.max(y, lowest + gap)));
    const over = Math.max(0, ys.at(-1) - (height - 47));
    const under = Math.max(0, 52 - (ys[0] - over));
    wished.forEach(([, n], k) => {
      at[n] = [40 + ((width - 80) * d) / Math.max(1, deepest), ys[k] - over + under];
    });
  }
  return { at, width, height };
}

// Draws the graph below `parent`; `pointed(n)` hears which node is pointed at or focused.
export function expressionGraph(parent, pointed) {
  const { picture } = mount(parent, EMPTY);
  let parts = new Map();

  function node(n, [x, y], { name, operation }, nodes) {
    const group = svgNode(picture, "g", { class: "nnlib-node", role: "img", tabindex: 0 });
    focusable(group, name);
    group.addEventListener("pointerenter", () => pointed(n));
    group.addEventListener("focus", () => pointed(n));
    const radius = operation === "number" ? 15 : RADIUS;
    svgNode(group, "circle", { cx: x, cy: y, r: radius + 6, class: "nnlib-halo", fill: "transparent" });
    svgNode(group, "circle", { cx: x, cy: y, r: radius, class: "nnlib-neuron" });
    const middle = { x, "text-anchor": "middle" };
    if (operation === "number") {
      svgNode(group, "text", { ...middle, y: y + 4.5, class: "nnlib-number" }, name.replace("-", "−"));
      return { group };
    }
    const letter = name.length > 1 ? `${name[0]}_${name.slice(1)}` : name;
    svgNode(group, "text", { ...middle, y: y - 5, class: "nnlib-name" }, letter);
    const number = svgNode(group, "text", { ...middle, y: y + 13, class: "nnlib-number" });
    const rule = operation === "input" ? "" : ruleOf(nodes[n], nodes);
    svgNode(group, "text", { ...middle, y: y + RADIUS + 13, class: "nnlib-small" }, power(rule));
    const above = svgNode(group, "g", { class: "nnlib-above", visibility: "hidden" });
    svgNode(above, "rect", {
      x: x - 37,
      y: y - RADIUS - 26,
      width: 74,
      height: 20,
      rx: 4,
      class: "nnlib-pill",
    });
    const over = svgNode(above, "text", { ...middle, y: y - RADIUS - 9, class: "nnlib-number" });
    return { group, number, above, over };
  }

  return {
    picture,
    draw(nodes) {
      picture.replaceChildren();
      parts = new Map();
      const { at, width, height } = places(nodes);
      change(picture, { viewBox: `0 0 ${width} ${height}` });
      nodes.forEach(({ inputs }, n) => {
        for (const i of new Set(inputs)) {
          const [[x1, y1], [x2, y2]] = [at[i], at[n]];
          const bend = (x2 - x1) / 2;
          const d = `M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`;
          const group = svgNode(picture, "g", { class: "nnlib-path" });
          parts.set(`${i}-${n}`, {
            group,
            wire: svgNode(group, "path", { d, class: "nnlib-wire", fill: "none" }),
          });
        }
      });
      nodes.forEach((one, n) => parts.set(n, node(n, at[n], one, nodes)));
      parts.set("travel", { group: svgNode(picture, "g", { class: "nnlib-travel" }) });
    },
    // The value in a node, nothing for null; the same above it for a dot or an adjoint.
    write(n, value) {
      if (parts.get(n).number) parts.get(n).number.textContent = value === null ? "" : short(value);
    },
    above(n, words) {
      const { above, over } = parts.get(n);
      if (!above) return;
      change(above, { visibility: words ? "visible" : "hidden" });
      write(over, words);
    },
    speak: (n, words) => parts.get(n).group.setAttribute("aria-label", words),
    light(lit) {
      for (const [key, { group }] of parts) group.classList.toggle("nnlib-lit", lit.includes(key));
    },
    // A share on its way back: it rests on its edge.
    travel(share, calm) {
      const layer = parts.get("travel").group;
      layer.replaceChildren();
      if (!share) return;
      const { wire } = parts.get(share.key);
      const length = wire.getTotalLength();
      const point = (part) => wire.getPointAtLength(length * part);
      const end = point(0.5);
      const group = svgNode(layer, "g", { transform: `translate(${end.x} ${end.y})` });
      svgNode(group, "circle", { r: 5, class: "nnlib-dot" });
      svgNode(group, "text", { y: -9, "text-anchor": "middle", class: "nnlib-term" }, share.words);
      if (calm) return;
      const frames = Array.from({ length: 9 }, (_, k) => {
        const { x, y } = point(1 - (0.5 * k) / 8);
        return { transform: `translate(${x}px, ${y}px)` };
      });
      group.animate(frames, { duration: 450, easing: "ease-out" });
    },
  };
}
