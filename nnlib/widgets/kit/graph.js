// A network by arbitrary connectivity: nodes at their places, arrows between them. The same geometry
// as nnlib/figures/graph_drawing.py.

import { svgNode } from "./dom.js";

export const RADIUS = 24;

// How far the arrow from i to j bows to its left: 0 if nothing is in its way. `at` is node -> [x, y],
// `pairs` a list of [sender, receiver].
export function bend(i, j, at, pairs) {
  if (i === j) return 0;
  if (pairs.some(([from, to]) => from === j && to === i)) return 26;
  const [[x1, y1], [x2, y2]] = [at[i], at[j]];
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  for (const [name, [x, y]] of Object.entries(at)) {
    if (name === i || name === j) continue;
    const along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length ** 2;
    const off = ((x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)) / length;
    if (along > 0 && along < 1 && Math.abs(off) < RADIUS + 6) return off <= 0 ? 50 : -50;
  }
  return 0;
}

// The path of an arrow, the points of its head, and where a number has its place.
export function edge([x1, y1], [x2, y2], bow) {
  if (x1 === x2 && y1 === y2) {
    const out = `${x1 - 34} ${y1 - 66}, ${x1 + 34} ${y1 - 66}`;
    const path = `M ${x1 - 12} ${y1 - 21} C ${out}, ${x1 + 14} ${y1 - 27}`;
    return {
      path,
      head: `${x1 + 10},${y1 - 20} ${x1 + 21},${y1 - 26} ${x1 + 12},${y1 - 31}`,
      number: [x1, y1 - 56],
    };
  }
  const length = Math.hypot(x2 - x1, y2 - y1);
  const left = [(y2 - y1) / length, -(x2 - x1) / length];
  const [cx, cy] = [(x1 + x2) / 2 + 2 * bow * left[0], (y1 + y2) / 2 + 2 * bow * left[1]];
  const shortened = (x, y, by) => {
    const far = Math.hypot(cx - x, cy - y);
    return [x + (by * (cx - x)) / far, y + (by * (cy - y)) / far, (cx - x) / far, (cy - y) / far];
  };
  const [sx, sy] = shortened(x1, y1, RADIUS);
  const [ex, ey, bx, by] = shortened(x2, y2, RADIUS + 8);
  const corners = [
    [ex - 8 * bx, ey - 8 * by],
    [ex + 4 * by, ey - 4 * bx],
    [ex - 4 * by, ey + 4 * bx],
  ];
  const [s, r] = [0.32, 0.68];
  const number = [r * r * x1 + 2 * s * r * cx + s * s * x2, r * r * y1 + 2 * s * r * cy + s * s * y2];
  return {
    path: `M ${sx} ${sy} Q ${cx} ${cy} ${ex} ${ey}`,
    head: corners.map((c) => c.join()).join(" "),
    number,
  };
}

// Draw one arrow as a group with the classes nnlib-arrow and `kind`; its hit area is wide.
export function arrow(parent, start, end, bow, kind = "") {
  const { path, head, number } = edge(start, end, bow);
  const group = svgNode(parent, "g", { class: `nnlib-arrow ${kind}` });
  svgNode(group, "path", { d: path, class: "nnlib-shaft" });
  svgNode(group, "polygon", { points: head, class: "nnlib-head" });
  svgNode(group, "path", { d: path, class: "nnlib-hit", fill: "none", "stroke-width": 14 });
  return { group, number };
}

// Draw one node: a circle with its name, and words of its own below the name.
export function node(parent, [x, y], name, words = "") {
  const group = svgNode(parent, "g", { class: "nnlib-node" });
  svgNode(group, "circle", { cx: x, cy: y, r: RADIUS, class: "nnlib-neuron" });
  const middle = { x, "text-anchor": "middle", "pointer-events": "none" };
  svgNode(group, "text", { ...middle, y: y + (words ? -2 : 5), class: "nnlib-name" }, name);
  if (words) svgNode(group, "text", { ...middle, y: y + 13, class: "nnlib-number" }, words);
  return group;
}

// A short arrow from the environment, from the upper left (way -1), or to it, to the upper right (1).
export function signal(parent, [x, y], way) {
  const [near, far] = [0.7 * RADIUS, 0.7 * (RADIUS + 32)];
  const group = svgNode(parent, "g", { class: "nnlib-arrow nnlib-signal" });
  const [start, end] = way < 0 ? [-far, -near] : [near, far];
  const [sx, sy] = [x + start, y - Math.abs(start)];
  const [ex, ey] = [x + end, y - Math.abs(end)];
  svgNode(group, "path", { d: `M ${sx} ${sy} L ${ex - 4} ${ey + 4 * way}`, class: "nnlib-shaft" });
  svgNode(group, "polygon", {
    points: `${ex},${ey} ${ex - 9},${ey + 3 * way} ${ex - 3},${ey + 9 * way}`,
    class: "nnlib-head",
  });
}
