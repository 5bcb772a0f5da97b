// A plane with axes, and curves in it.

import { svgNode, change } from "./dom.js";
import { clamp, format, scale, ticks } from "./numbers.js";

// x and y are [low, high], names those of the axes. Returns the scales px and py; `layer`, in which
// everything is cut at the frame; and the frame.
export function plane(picture, { x, y, names, left = 44, top = 10, width = 286, height = 286 }) {
  const px = scale(x, [left, left + width]);
  const py = scale(y, [top + height, top]);
  const frame = { x: left, y: top, width, height };
  const bottom = top + height;
  svgNode(picture, "rect", { ...frame, class: "nnlib-frame" });
  const middle = { "text-anchor": "middle" };
  const across = svgNode(picture, "text", { x: left + width / 2, y: bottom + 33, ...middle }, names[0]);
  const tick = (value, digits, line, words) => {
    svgNode(picture, "line", { class: "nnlib-frame", ...line });
    svgNode(picture, "text", { class: "nnlib-small", ...words }, format(value, digits));
  };
  const [along, beside] = [ticks(px), ticks(py)];
  const widest = Math.max(...beside.map((value) => format(value, beside.digits).length));
  const clear = { x: left - 16 - 7 * widest, y: top + height / 2 + 5, "text-anchor": "end" };
  const up = svgNode(picture, "text", clear, names[1]);
  for (const value of along) {
    const at = px(value);
    const line = { x1: at, x2: at, y1: bottom, y2: bottom + 5 };
    tick(value, along.digits, line, { x: at, y: bottom + 17, ...middle });
  }
  for (const value of beside) {
    const at = py(value);
    const line = { x1: left - 5, x2: left, y1: at, y2: at };
    tick(value, beside.digits, line, { x: left - 8, y: at + 4, "text-anchor": "end" });
  }
  const layer = svgNode(picture, "svg", { ...frame, viewBox: Object.values(frame).join(" ") });
  return { px, py, layer, frame, across, up };
}

// The zero lines of a plane, where it has them.
export function zeroLines({ px, py, layer }) {
  const soft = { class: "nnlib-frame" };
  if (px.low < 0 && px.high > 0) {
    svgNode(layer, "line", { x1: px(0), x2: px(0), y1: py.from, y2: py.to, ...soft });
  }
  if (py.low < 0 && py.high > 0) {
    svgNode(layer, "line", { x1: px.from, x2: px.to, y1: py(0), y2: py(0), ...soft });
  }
}

// A sample of one of two classes: a blue circle is 0, an orange square is 1, in every figure.
export function classMark(parent, x, y, t, radius) {
  const half = t ? 0.9 * radius : radius;
  return svgNode(parent, "rect", {
    x: x - half,
    y: y - half,
    width: 2 * half,
    height: 2 * half,
    rx: t ? 0 : half,
    fill: t ? "var(--orange)" : "var(--blue)",
    stroke: "var(--ground)",
    "stroke-width": radius / 4,
    "data-class": t,
  });
}

// A curve in a plane: returns a function that draws y = f(x) over the whole width.
export function curve({ px, py, layer }, attributes = {}, count = 200) {
  const line = svgNode(layer, "polyline", { class: "nnlib-curve", ...attributes });
  return (f) => {
    const points = [];
    for (let k = 0; k <= count; k++) {
      const x = px.low + ((px.high - px.low) * k) / count;
      const y = f(x);
      if (Number.isFinite(y)) points.push(`${px(x).toFixed(2)},${clamp(py(y), -1e4, 1e4).toFixed(2)}`);
    }
    change(line, { points: points.join(" ") });
    return line;
  };
}
