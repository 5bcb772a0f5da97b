// E over the epochs, and beside it the size of the gradient of each layer.

function lossPicture(figure) {
  const width = 340, height = 150, left = 50, right = 330, top = 12, bottom = height - 24;
  const row = htmlNode(figure.root, "div", "nnlib-side-by-side");
  const picture = figure.drawing(width, height, "The error over the epochs");
  const gradients = figure.drawing(width, height, "The length of the gradient of each layer's weights");
  row.append(picture, gradients);
  svgNode(picture, "rect", { x: left, y: top, width: right - left, height: bottom - top, fill: "none", stroke: "var(--faint)" });
  const curve = svgNode(picture, "polyline", { fill: "none", stroke: "var(--ink)", "stroke-width": 2 });
  const word = (x, y, anchor, words) => svgNode(picture, "text", { x, y, "text-anchor": anchor, class: "nnlib-small" }, words);
  const highest = word(left - 6, top + 9, "end", ""), end = word(right, height - 8, "end", "");
  word(left - 6, bottom, "end", "0");
  word(left - 22, (top + bottom) / 2, "middle", "E");
  const bars = svgNode(gradients, "g");
  const note = svgNode(gradients, "text", { x: 90, class: "nnlib-small" }, "0.00001 to 1000, logarithmic");
  let history = [], every = 1;

  // A bar on a logarithmic scale: 1e-5 has no length, 1e3 all of it.
  const length = (size) => clamp((Math.log10(size + 1e-12) + 5) / 8, 0, 1) * 150;
  return {
    restart() { history = []; every = 1; },
    add(epoch, E) {
      if (epoch % every !== 0) return;
      history.push([epoch, E]);
      if (history.length < 400) return;
      history = history.filter((_, index) => index % 2 === 0);  // thin out: the curve stays light
      every *= 2;
    },
    show(epoch, E, sizes) {
      const points = [...history, [epoch, E]], most = Math.max(...points.map(([, value]) => value), 1e-9);
      change(curve, { points: points.map(([n, value]) => [left + ((right - left) * n) / Math.max(epoch, 1), bottom - ((bottom - top) * value) / most]).join(" ") });
      highest.textContent = format(most, 1);
      end.textContent = `epoch ${epoch}`;
      bars.replaceChildren();
      const tall = Math.min(24, (bottom - top) / sizes.length);
      change(note, { y: top + tall * sizes.length + 13 });
      sizes.forEach((size, index) => {
        const y = top + tall * index;
        svgNode(bars, "text", { x: 84, y: y + 13, "text-anchor": "end", class: "nnlib-small" }, `|∂E/∂W| layer ${index + 1}`);
        svgNode(bars, "rect", { x: 90, y: y + 3, width: length(size), height: tall - 8, fill: "var(--green)" });
        svgNode(bars, "text", { x: 248, y: y + 13, class: "nnlib-small" }, size > 0 && size < 5e-4 ? size.toExponential(1).replace("-", "−") : format(size, 4));
      });
    },
  };
}
