// A network in layers whose hidden and output neurons show how they respond over the plane of the
// two inputs; the width of a line is the size of its weight, colour and dashes its sign.

function responsePicture(figure, parent, sizes) {
  const last = sizes.length - 1, width = 340, height = 340, side = Math.min(38, 330 / Math.max(...sizes) - 4);
  const picture = figure.drawing(width, height, `Network ${sizes.join("-")}: each neuron with its response over the plane`);
  parent.append(picture);
  const map = heatmap(picture);
  const at = (layer, j) => [
    26 + ((width - 56) * layer) / last,
    height / 2 + (j - (sizes[layer] - 1) / 2) * Math.min(62, (height - 6) / Math.max(...sizes)),
  ];
  const edges = [];
  for (let layer = 1; layer <= last; layer++) {
    for (let j = 0; j < sizes[layer]; j++) {
      for (let i = 0; i < sizes[layer - 1]; i++) {
        const [x1, y1] = at(layer - 1, i), [x2, y2] = at(layer, j);
        const group = svgNode(picture, "g", { class: "nnlib-part" });
        const line = svgNode(group, "line", { x1: x1 + side / 2, y1, x2: x2 - side / 2, y2 });
        edges.push({ layer, j, i, group, line });
      }
    }
  }
  sizes.forEach((size, layer) => {
    for (let j = 0; j < size; j++) {
      const [x, y] = at(layer, j);
      if (layer === 0) svgNode(picture, "text", { x, y: y + 5, "text-anchor": "middle" }, `x_${j + 1}`);
      else svgNode(picture, "rect", { x: x - side / 2, y: y - side / 2, width: side, height: side, fill: "none", stroke: "var(--middle)" });
    }
  });
  return {
    remove() { picture.parentNode.remove(); },
    show(weights, activations, responses, columns, colour) {
      for (const { layer, j, i, group, line } of edges) {
        const w = weights[layer][j][i];
        group.classList.toggle("nnlib-negative", w < 0);
        line.style.strokeWidth = clamp(0.3 + Math.abs(w) * 1.2, 0.3, 7);
      }
      map.clear();
      for (let layer = 1; layer <= last; layer++) {
        const centred = activations[layer] === "sigmoid" ? (y) => 2 * y - 1 : (y) => clamp(y, -1, 1);
        for (let j = 0; j < sizes[layer]; j++) {
          const [x, y] = at(layer, j), frame = { x: x - side / 2, y: y - side / 2, width: side, height: side };
          map.paint(frame, columns / 2, columns / 2, (column, row) => colour(centred(responses[2 * row * columns + 2 * column][layer][j])));
        }
      }
    },
  };
}
