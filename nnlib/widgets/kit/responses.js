// A network in layers whose neurons show how they respond over the plane of the two inputs; the width
// of a line is the size of its weight, colour and dashes its sign.

import { drawing, svgNode } from "./dom.js";
import { heatmap } from "./heatmap.js";
import { clamp } from "./numbers.js";

export function responses(parent, sizes, width = 250, height = 300) {
  const last = sizes.length - 1;
  const tallest = Math.max(...sizes);
  const side = Math.min(34, (height - 8) / tallest - 4);
  const label = `Network ${sizes.join("-")}: each neuron with its response over the plane`;
  const picture = drawing(parent, width, height, label);
  const map = heatmap(picture);
  const apart = Math.min(58, (height - 8) / tallest);
  const at = (layer, j) => [
    18 + ((width - 42) * layer) / last,
    height / 2 + (j - (sizes[layer] - 1) / 2) * apart,
  ];
  const edges = [];
  for (let layer = 1; layer <= last; layer++) {
    for (let j = 0; j < sizes[layer]; j++) {
      for (let i = 0; i < sizes[layer - 1]; i++) {
        const [[x1, y1], [x2, y2]] = [at(layer - 1, i), at(layer, j)];
        const half = layer === 1 ? 12 : side / 2;
        const line = svgNode(picture, "line", { x1: x1 + half, y1, x2: x2 - side / 2, y2 });
        edges.push({ layer, j, i, line });
      }
    }
  }
  const square = (layer, j) => {
    const [x, y] = at(layer, j);
    return { x: x - side / 2, y: y - side / 2, width: side, height: side };
  };
  sizes.forEach((size, layer) => {
    for (let j = 0; j < size; j++) {
      const [x, y] = at(layer, j);
      if (layer === 0) svgNode(picture, "text", { x, y: y + 5, "text-anchor": "middle" }, `x_${j + 1}`);
      else svgNode(picture, "rect", { ...square(layer, j), fill: "none", stroke: "var(--soft)" });
    }
  });
  return {
    remove: () => map.whole.remove(),
    // `values` are the outputs of all layers at each point of a grid with so many columns and rows.
    show(weights, activations, values, columns, colour) {
      for (const { layer, j, i, line } of edges) {
        const w = weights[layer][j][i];
        line.style.stroke = w < 0 ? "var(--blue)" : "var(--orange)";
        line.style.strokeDasharray = w < 0 ? "6 4" : "none";
        line.style.strokeWidth = clamp(0.3 + Math.abs(w) * 1.2, 0.3, 7);
      }
      map.clear();
      for (let layer = 1; layer <= last; layer++) {
        const centred = activations[layer] === "sigmoid" ? (y) => 2 * y - 1 : (y) => clamp(y, -1, 1);
        for (let j = 0; j < sizes[layer]; j++) {
          const value = (column, row) => values[2 * row * columns + 2 * column][layer][j];
          map.paint(square(layer, j), columns / 2, columns / 2, (...cell) => colour(centred(value(...cell))));
        }
      }
    },
  };
}
