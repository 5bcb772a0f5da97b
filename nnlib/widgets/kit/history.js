// E over the epochs as curves, and the size of each layer's gradient as bars.

import { change, drawing, svgNode } from "./dom.js";
import { clamp, format } from "./numbers.js";

// `names` are those of the curves: one or two. `add(epoch, [E, ...])` remembers, `show` draws.
export function errorCurves(parent, names, width = 340, height = 100) {
  const [left, right, top, bottom] = [46, width - 8, 10, height - 22];
  const picture = drawing(parent, width, height, `The error over the epochs: ${names.join(", ")}`);
  svgNode(picture, "rect", {
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    class: "nnlib-frame",
  });
  const dashes = ["none", "5 4"];
  const look = (k) => ({ class: "nnlib-curve", "stroke-dasharray": dashes[k], "stroke-width": 2 });
  const curves = names.map((_, k) => svgNode(picture, "polyline", look(k)));
  const word = (x, y, anchor, words) => {
    return svgNode(picture, "text", { x, y, "text-anchor": anchor, class: "nnlib-small" }, words);
  };
  names.forEach((name, k) => {
    const y = top + 14 + 15 * k;
    const line = svgNode(picture, "line", {
      x1: right - 100,
      x2: right - 74,
      y1: y - 4,
      y2: y - 4,
      ...look(k),
    });
    line.setAttribute("stroke-width", 1.6);
    word(right - 68, y, "start", name);
  });
  const highest = word(left - 6, top + 10, "end", "");
  word(left - 6, bottom, "end", "0");
  word(left - 22, (top + bottom) / 2 + 4, "middle", "E");
  const end = word(right, height - 7, "end", "");
  let history = [];
  let every = 1;
  return {
    restart() {
      history = [];
      every = 1;
    },
    add(epoch, errors) {
      if (epoch % every !== 0) return;
      history.push([epoch, errors]);
      if (history.length < 400) return;
      history = history.filter((_, index) => index % 2 === 0); // thin out: the curve stays light
      every *= 2;
    },
    show(epoch, errors) {
      const points = [...history, [epoch, errors]];
      const most = Math.max(...points.flatMap(([, values]) => values), 1e-9);
      const x = (n) => left + ((right - left) * n) / Math.max(epoch, 1);
      const y = (value) => bottom - ((bottom - top) * value) / most;
      curves.forEach((curve, k) => {
        change(curve, { points: points.map(([n, values]) => `${x(n)},${y(values[k])}`).join(" ") });
      });
      highest.textContent = format(most, 1);
      end.textContent = `epoch ${epoch}`;
    },
  };
}

// A bar for each layer on a logarithmic scale: 1e-5 has no length, 1e3 all of it.
export function gradientBars(parent, width = 340, height = 100) {
  const picture = drawing(parent, width, height, "The length of the gradient of each layer's weights");
  const bars = svgNode(picture, "g");
  const note = svgNode(
    picture,
    "text",
    { x: 106, class: "nnlib-small" },
    "from 0.00001 to 1000, logarithmic",
  );
  const length = (size) => clamp((Math.log10(size + 1e-12) + 5) / 8, 0, 1) * (width - 176);
  const small = (size) => size > 0 && size < 5e-4;
  return (sizes) => {
    bars.replaceChildren();
    const tall = Math.min(22, (height - 20) / sizes.length);
    change(note, { y: tall * sizes.length + 13 });
    sizes.forEach((size, index) => {
      const y = tall * index;
      const words = { y: y + tall / 2 + 4, class: "nnlib-small" };
      svgNode(bars, "text", { ...words, x: 100, "text-anchor": "end" }, `|∂E/∂W| layer ${index + 1}`);
      svgNode(bars, "rect", {
        x: 106,
        y: y + 3,
        width: length(size),
        height: tall - 6,
        fill: "var(--green)",
      });
      const number = small(size) ? size.toExponential(1).replace("-", "−") : format(size, 4);
      svgNode(bars, "text", { ...words, x: width - 62 }, number);
    });
  };
}
