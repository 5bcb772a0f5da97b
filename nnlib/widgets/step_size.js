// The step h of a difference: too large and the secant is not the tangent, too small and digits are lost.

import { bar } from "./kit/bar.js";
import { choice, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { typeset } from "./kit/formula.js";
import { handle, put } from "./kit/handle.js";
import { clamp } from "./kit/numbers.js";
import { plane } from "./kit/plane.js";
import { tasks } from "./kit/tasks.js";
import { typedField } from "./typed_field.js";
import { dotsOf, slopesOf, valuesOf } from "./typed_function.js";
import { read } from "./typed_reader.js";

const SCHEMES = ["central", "one-sided"];
const TYPES = ["float64", "float32"];
const RULES = { central: "{f(x + h) − f(x − h)}/{2 h}", "one-sided": "{f(x + h) − f(x)}/{h}" };

export default widget((figure) => {
  const traits = ["typed", "at", "exponent", "scheme", "type"];
  const start = Object.fromEntries(traits.map((name) => [name, figure.get(name)]));
  let { typed, at, exponent, scheme, type } = start;
  let nodes = read(typed);

  bar(figure, {
    reset() {
      ({ typed, at, exponent, scheme, type } = start);
      todo.reset();
      restart();
    },
    back: () => go(exponent + 0.25),
    next: () => go(exponent - 0.25),
    step: () => {
      go(exponent - 0.25);
      return exponent > -15;
    },
    ends: (way) => go(way < 0 ? 0 : -15),
    names: { back: "Larger h", next: "Smaller h" },
    rate: 5,
  });
  const { stage, card } = figure.body();
  const picture = drawing(
    stage,
    550,
    350,
    "The error of the difference against the step h, both logarithmic",
  );
  const axes = { x: [-15, 0], y: [-14, 1], names: ["log_10 h", "log_10 error"] };
  const { px, py, layer } = plane(picture, { ...axes, left: 116, top: 12, width: 416, height: 290 });
  const valley = svgNode(layer, "polyline", { fill: "none", stroke: "var(--blue)", "stroke-width": 2 });
  const round = { r: 8, fill: "var(--ground)", stroke: "var(--orange)", "stroke-width": 2.5 };
  const grip = svgNode(picture, "circle", round);
  handle(grip, {
    label: "the step h",
    moved: (x) => go(px.back(x)),
    by: (columns) => go(exponent + 0.25 * columns),
    ends: (way) => go(way < 0 ? -15 : 0),
  });
  const rule = htmlNode(card, "div");
  const ahead = htmlNode(card, "code", "nnlib-code");
  const numbers = htmlNode(card, "div", "nnlib-numbers");
  const todo = tasks(card, [
    {
      ask: "Find an h with an error below 10⁻¹⁰.",
      answer: "Near 10⁻⁵: the cube root of the rounding error.",
    },
    { ask: "One-sided: what is the smallest error now?", answer: "About 10⁻⁸, at an h near 10⁻⁸." },
    { ask: "float32: how many digits are left?", answer: "About four, near h = 10⁻²." },
  ]);
  const foot = figure.foot();
  const options = { label: "f(x) =", names: "the function f of x", text: typed, alone: true };
  const field = typedField(foot, figure.root, options, (parsed, text) => {
    slopesOf(parsed, valuesOf(parsed, { x: at }));
    [typed, nodes] = [text, parsed];
    draw();
  });
  const schemes = choice(foot, "difference", SCHEMES, SCHEMES.indexOf(scheme), (k) => {
    scheme = SCHEMES[k];
    draw();
  });
  const types = choice(foot, "numbers", TYPES, TYPES.indexOf(type), (k) => {
    type = TYPES[k];
    draw();
  });
  const range = { min: -15, max: 0, step: 0.25 };
  const place = slider(foot, { ...range, label: "h", value: exponent, show: (e) => power(10 ** e) }, go);
  const say = figure.status(figure.root, 2);

  const rounded = (v) => (type === "float32" ? Math.fround(v) : v);
  const value = (x) => rounded(valuesOf(nodes, { x: rounded(x) }).at(-1));
  function slope() {
    const values = valuesOf(nodes, { x: rounded(at) });
    return dotsOf(nodes, slopesOf(nodes, values), { x: 1 }).at(-1);
  }
  function difference(h) {
    const back = scheme === "central" ? value(at - h) : value(at);
    return rounded((value(at + h) - back) / (scheme === "central" ? 2 * h : h));
  }
  const height = (e) => Math.log10(Math.max(1e-17, Math.abs(difference(rounded(10 ** e)) - slope())));

  function restart() {
    field.write(typed);
    schemes.selectedIndex = SCHEMES.indexOf(scheme);
    types.selectedIndex = TYPES.indexOf(type);
    nodes = read(typed);
    draw();
  }

  function draw() {
    const points = [];
    for (let e = -15; e <= 0.001; e += 0.05) {
      try {
        points.push(`${px(e).toFixed(1)},${py(height(e)).toFixed(1)}`);
      } catch {
        // not defined so far from x
      }
    }
    change(valley, { points: points.join(" ") });
    figure.set("typed", typed);
    figure.set("scheme", scheme);
    figure.set("type", type);
    go(exponent);
  }

  function go(e) {
    exponent = clamp(Math.round(4 * e) / 4, -15, 0);
    figure.set("exponent", exponent);
    place.move(exponent);
    const h = rounded(10 ** exponent);
    try {
      tell(h, Math.abs(difference(h) - slope()));
    } catch (problem) {
      say(problem.message);
    }
  }

  function tell(h, error) {
    put(grip, px(exponent), clamp(py(height(exponent)), py.to, py.from), exponent, `h = ${power(h)}`);
    typeset(rule, `f'(x) ≈ ${RULES[scheme]}`);
    const digits = type === "float32" ? 9 : 17;
    const lower = scheme === "central" ? value(at - h) : value(at);
    const name = scheme === "central" ? "f(x-h)" : "f(x)  ";
    const upper = value(at + h).toPrecision(digits);
    ahead.textContent = `f(x+h) = ${upper}\n${name} = ${lower.toPrecision(digits)}`;
    ahead.style.whiteSpace = "pre";
    typeset(numbers, [
      `"difference " ${difference(h).toPrecision(12)}`,
      `"exact " ${slope().toPrecision(12)}`,
      `"error " ${power(error)}`,
    ]);
    if (type === "float64" && scheme === "central" && error < 1e-10) todo.reach(0);
    if (type === "float64" && scheme === "one-sided" && error < 1e-7) todo.reach(1);
    if (type === "float32" && error < 1e-3) todo.reach(2);
    const why = error < 1e-13 ? "hardly any error here" : reason(h, error);
    say(`h = ${power(h)}: error ${power(error)}; ${why}.`);
  }
  // Whether a larger step would help.
  function reason(h, error) {
    const nearby = (factor) => Math.abs(difference(rounded(h * factor)) - slope());
    const sum = (factors) => factors.map(nearby).reduce((a, b) => a + b);
    const [larger, smaller] = [sum([1.5, 2.5, 4]), sum([1 / 1.5, 1 / 2.5, 1 / 4])];
    if (Math.max(larger, smaller) < 4 * error && Math.min(larger, smaller) > error) return "near the bottom";
    return larger > smaller ? "the secant is not the tangent" : "digits are lost in the subtraction";
  }

  figure.follow(traits, () => {
    for (const name of traits) start[name] = figure.get(name);
    ({ typed, at, exponent, scheme, type } = start);
    restart();
  });
  restart();
});

const power = (value) => value.toExponential(1).replace("-", "−").replace("e+", "e");
