// How many operations the whole Jacobian takes in forward and in reverse mode, counted.

import { bar } from "./kit/bar.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { slider } from "./kit/controls.js";
import { focusable, widget } from "./kit/figure.js";
import { typeset } from "./kit/formula.js";
import { legend } from "./kit/legend.js";
import { format } from "./kit/numbers.js";
import { tasks } from "./kit/tasks.js";

const CELL = 40;
const NAMES = ["f alone", "forward", "reverse"];
const COLOURS = ["var(--soft)", "var(--blue)", "var(--orange)"];

export default widget((figure) => {
  const [sizes, table] = [figure.get("sizes"), figure.get("counts")];
  const start = { n: figure.get("n"), m: figure.get("m") };
  let { n, m } = start;
  const costs = (a = n, b = m) => table[`${a},${b}`];

  bar(figure, {
    reset() {
      todo.reset();
      go(start.n, start.m);
    },
    back: () => move(-1, 0),
    next: () => move(1, 0),
    names: { back: "Fewer inputs", next: "More inputs" },
  });
  const { stage, card } = figure.body();
  const picture = drawing(stage, 550, 300, "A map: which mode is cheaper for n inputs and m outputs");
  const at = (k) => 62 + CELL * k;
  const middle = { "text-anchor": "middle" };
  sizes.forEach((size, k) => {
    svgNode(picture, "text", { x: at(k) + CELL / 2, y: 276, class: "nnlib-small", ...middle }, String(size));
    svgNode(picture, "text", { x: 50, y: 245 - CELL * k, class: "nnlib-small", ...middle }, String(size));
  });
  svgNode(picture, "text", { x: at(3), y: 295, ...middle }, "inputs n");
  svgNode(picture, "text", { x: 16, y: 140, ...middle, transform: "rotate(-90 16 140)" }, "outputs m");
  const cells = new Map();
  sizes.forEach((a, column) =>
    sizes.forEach((b, row) => {
      const [, forward, reverse] = costs(a, b);
      const less = Math.max(-1, Math.min(1, Math.log2(forward / reverse) / 4));
      const colour = less > 0 ? "var(--orange)" : "var(--blue)";
      const fill = `color-mix(in srgb, ${colour} ${Math.round(85 * Math.abs(less))}%, var(--ground))`;
      const place = { x: at(column), y: 220 - CELL * row, width: CELL - 2, height: CELL - 2, rx: 4 };
      const cell = svgNode(picture, "rect", { ...place, fill, stroke: "var(--line)" });
      const letter = less > 0.02 ? "r" : less < -0.02 ? "f" : "=";
      const middleOf = { x: at(column) + 19, y: 243 - CELL * row, ...middle, "pointer-events": "none" };
      svgNode(picture, "text", middleOf, letter);
      cell.addEventListener("click", () => go(a, b));
      cells.set(`${a},${b}`, cell);
    }),
  );
  const bars = NAMES.map((name, k) => {
    const y = 50 + 66 * k;
    svgNode(picture, "text", { x: 326, y: y - 6 }, name);
    const box = svgNode(picture, "rect", { x: 326, y, height: 24, fill: COLOURS[k] });
    return { box, number: svgNode(picture, "text", { y: y + 17, class: "nnlib-small" }) };
  });
  legend(
    stage,
    "cheaper by more than 16 times",
    ["var(--blue)", "var(--ground)", "var(--orange)"],
    "forward",
    "reverse",
  );
  focusable(card, "The counts for this n and m");
  typeset(htmlNode(card, "div"), ["J_ki = ∂y_k/∂x_i", '"n columns, m rows"']);
  const numbers = htmlNode(card, "div", "nnlib-numbers");
  const todo = tasks(card, [
    {
      ask: "One output: from which n on does reverse mode need fewer operations?",
      answer: "See the row m = 1.",
    },
    {
      ask: "One input: which mode, and how does the other grow?",
      answer: "Forward; reverse sweeps once an output.",
    },
    { ask: "Where do both cost the same?", answer: "Near n = m, where the Jacobian is square." },
  ]);
  const foot = figure.foot();
  const options = { min: 0, max: sizes.length - 1, step: 1, show: (k) => String(sizes[k]) };
  const inputs = slider(foot, { ...options, label: "inputs n", value: sizes.indexOf(n) }, (k) =>
    go(sizes[k], m),
  );
  const outputs = slider(foot, { ...options, label: "outputs m", value: sizes.indexOf(m) }, (k) =>
    go(n, sizes[k]),
  );
  const say = figure.status();

  function move(right, up) {
    const next = (value, way) => sizes[Math.max(0, Math.min(sizes.length - 1, sizes.indexOf(value) + way))];
    go(next(n, right), next(m, up));
  }

  function go(a, b) {
    [n, m] = [a, b];
    const [alone, forward, reverse, , keptForward, keptReverse] = costs();
    const all = [alone, forward, reverse];
    const longest = Math.max(...all);
    all.forEach((value, k) => {
      const width = Math.max(2, (170 * value) / longest);
      change(bars[k].box, { width });
      change(bars[k].number, { x: 332 + width });
      bars[k].number.textContent = String(value);
    });
    for (const [key, cell] of cells) {
      const here = key === `${n},${m}`;
      change(cell, { stroke: here ? "var(--ink)" : "var(--line)", "stroke-width": here ? 3 : 1 });
    }
    inputs.move(sizes.indexOf(n));
    outputs.move(sizes.indexOf(m));
    figure.set("n", n);
    figure.set("m", m);
    const ratio = forward / reverse;
    const [better, times] = ratio > 1 ? ["reverse", ratio] : ["forward", 1 / ratio];
    typeset(numbers, [
      `"forward: " ${format(forward / alone, 1)} " times f"`,
      `"reverse: " ${format(reverse / alone, 1)} " times f"`,
      `"numbers held: " ${keptForward} " and " ${keptReverse}`,
    ]);
    if (m === 1 && ratio > 1) todo.reach(0);
    if (n === 1 && m > 4) todo.reach(1);
    if (n === m && n > 2) todo.reach(2);
    const what =
      times < 1.1 ? "both modes need about the same" : `${better} mode needs ${format(times, 1)} times less`;
    say(`${counted(n, "input")}, ${counted(m, "output")}: ${what}.`);
  }

  figure.follow(["n", "m"], () => go(figure.get("n"), figure.get("m")));
  go(n, m);
});

const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
