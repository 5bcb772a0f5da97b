// A curve, a point on it, and the dual number f(x + ε): its value is the height, its dot the slope.

import { bar } from "./kit/bar.js";
import { slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { typeset, typesetLong } from "./kit/formula.js";
import { handle, put } from "./kit/handle.js";
import { clamp, format, nice, shown } from "./kit/numbers.js";
import { curve, plane, zeroLines } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";
import { typedField } from "./typed_field.js";
import { dotsOf, slopesOf, valuesOf } from "./typed_function.js";
import { read } from "./typed_reader.js";

export default widget((figure) => {
  const start = { typed: figure.get("typed"), at: figure.get("at") };
  let { typed, at } = start;
  let [nodes, picture] = [null, null];

  bar(figure, {
    reset() {
      ({ typed, at } = start);
      field.write(typed);
      todo.reset();
      begin(read(typed));
    },
    back: () => go(at - 0.1),
    next: () => go(at + 0.1),
    step: () => {
      go(at + 0.1);
      return at < 3.95;
    },
    ends: (way) => go(4 * way),
    rate: 8,
    names: { back: "Left", next: "Right" },
  });
  const { stage, card } = figure.body();
  const shape = drawing(stage, 550, 340, "A curve with the tangent at a point");
  focusable(card, "The dual number at the point");
  const number = htmlNode(card, "div", "nnlib-numbers");
  const lines = htmlNode(card, "div", "nnlib-numbers");
  const todo = tasks(card, [
    { ask: "Where is the dot 0? Put the point there.", answer: "Where the tangent is level." },
    { ask: "Where is the dot 8?", answer: "At x = 3 for the first function: f(3 + ε) = 18 + 8ε." },
  ]);
  const foot = figure.foot();
  const options = { label: "f(x) =", names: "the function f of x", text: typed, alone: true };
  const field = typedField(foot, figure.root, options, (parsed, text) => {
    typed = text;
    begin(parsed);
  });
  const place = slider(foot, { label: "x", min: -4, max: 4, step: 0.1, value: at, digits: 1 }, go);
  const say = figure.status();

  const dual = (x) => {
    const values = valuesOf(nodes, { x });
    const dots = dotsOf(nodes, slopesOf(nodes, values), { x: 1 });
    return { value: values.at(-1), dot: dots.at(-1) };
  };
  const height = (x) => {
    try {
      return dual(x).value;
    } catch {
      return NaN;
    }
  };

  function begin(parsed) {
    nodes = parsed;
    const grid = Array.from({ length: 81 }, (_, k) => height(-4 + k / 10)).filter(Number.isFinite);
    const sorted = [...grid].sort((a, b) => a - b);
    const low = Math.min(0, sorted[Math.floor(sorted.length * 0.05)] ?? -1);
    const high = Math.max(1, sorted[Math.floor(sorted.length * 0.9)] ?? 1);
    const edge = nice((high - low) / 5);
    shape.replaceChildren();
    const axes = { x: [-4, 4], y: [edge * Math.floor(low / edge), edge * Math.ceil(high / edge)] };
    const box = plane(shape, { ...axes, names: ["x", "f(x)"], left: 60, top: 12, width: 470, height: 280 });
    zeroLines(box);
    curve(box)(height);
    const style = { stroke: "var(--orange)", "stroke-width": 2, "stroke-dasharray": "6 4" };
    const tangent = svgNode(box.layer, "line", style);
    const round = { r: 8, fill: "var(--ground)", stroke: "var(--orange)", "stroke-width": 2.5 };
    const grip = svgNode(shape, "circle", round);
    handle(grip, {
      label: "the point x",
      moved: (x) => go(box.px.back(x)),
      by: (columns) => go(at + 0.1 * columns),
      ends: (way) => go(4 * way),
    });
    picture = { box, tangent, grip };
    figure.set("typed", typed);
    go(at);
  }

  function go(x) {
    at = clamp(Math.round(10 * x) / 10, -4, 4);
    place.move(at);
    figure.set("at", at);
    const { box, tangent, grip } = picture;
    try {
      draw(dual(at));
    } catch (error) {
      change(tangent, { visibility: "hidden" });
      put(grip, box.px(at), box.py.from, at, `x ${format(at, 1)}`);
      number.replaceChildren();
      lines.replaceChildren();
      say(error.message);
    }
  }

  function draw({ value, dot }) {
    const { box, tangent, grip } = picture;
    change(tangent, { visibility: "visible" });
    const line = (u) => box.py(value + dot * (u - at));
    change(tangent, { x1: box.px(-4), y1: line(-4), x2: box.px(4), y2: line(4) });
    const seen = clamp(box.py(value), box.py.to, box.py.from);
    put(grip, box.px(at), seen, at, `x ${format(at, 1)}`);
    const sign = dot < 0 ? "−" : "+";
    typesetLong(number, `f(${format(at, 1)}+ε) = ${shown(value)} ${sign} ${shown(Math.abs(dot))} ε`);
    typeset(lines, ["f(x + ε) = f(x) + f'(x) ε", `"height " ${shown(value)}`, `"slope " ${shown(dot)}`]);
    if (Math.abs(dot) < 1e-9) todo.reach(0);
    if (Math.abs(dot - 8) < 1e-9) todo.reach(1);
    say(`f(${format(at, 1)} + ε) = ${shown(value)} ${sign} ${shown(Math.abs(dot))} ε`);
  }

  figure.follow(["typed", "at"], () => {
    [typed, at] = [figure.get("typed"), figure.get("at")];
    field.write(typed);
    begin(read(typed));
  });
  begin(read(typed));
});
