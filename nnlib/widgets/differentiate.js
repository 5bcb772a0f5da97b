// Forward and reverse mode on the graph of a function that the reader types.

import { bar } from "./kit/bar.js";
import { check, choice, slider } from "./kit/controls.js";
import { htmlNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { clamp, format, short, shown } from "./kit/numbers.js";
import { tasksBelow } from "./kit/tasks.js";
import { derivativeCard } from "./derivative_card.js";
import { forwardSteps, reverseSteps } from "./differentiate_steps.js";
import { expressionGraph } from "./expression_graph.js";
import { typedField } from "./typed_field.js";
import { adjointsOf, dotsOf, slopesOf, valuesOf } from "./typed_function.js";
import { read } from "./typed_reader.js";

const MODES = ["forward", "reverse"];
const TRAITS = ["typed", "point", "mode", "seed"];
const TASKS = [
  {
    ask: "Forward: how many passes give both derivatives? Choose the other input, go to the end.",
    answer: "One pass for each input.",
  },
  {
    ask: "Reverse: at which nodes does an adjoint change twice? Go to the end.",
    answer: "At those that are used twice: their shares add up.",
  },
  { ask: "Move the inputs so that ∂y/∂x_1 is 0.", answer: "There a small change of x_1 does not change y." },
];
const written = (name) => (name.length > 1 ? `${name[0]}_${name.slice(1)}` : name);

export default widget((figure) => {
  const start = {};
  let [text, point, mode, seed] = ["", {}, "", ""];
  let [computed, steps, now, wanted, open] = [null, [], 0, false, true];

  const top = bar(figure, {
    reset() {
      todo.reset();
      restart();
    },
    back: () => go(-1),
    next: () => go(1),
    step: () => go(1) && now < steps.length - 1,
    ends: (way) => go(way * steps.length),
    rate: 1,
  });
  const modes = choice(top.row, "mode", MODES, 0, (index) => {
    [mode, now] = [MODES[index], 0];
    prepare();
  });
  check(top.row, "predict first", false, (ticked) => {
    wanted = ticked;
    show(true);
  });
  const { stage, card } = figure.body();
  const graph = expressionGraph(stage, (n) => say(described(n)));
  const say = figure.status(stage);
  const words = derivativeCard(figure, card, () => go(1));
  const foot = figure.foot();
  const field = typedField(
    foot,
    figure.root,
    { label: "y =", names: "the function y of x1, x2 and x3", text },
    (nodes, typed) => begin(nodes, typed),
  );
  const seeds = htmlNode(foot, "span");
  const sliders = htmlNode(foot, "span", "nnlib-row");
  const todo = tasksBelow(figure, TASKS, { headed: false });

  function restart() {
    [text, point, mode, seed] = [start.typed, { ...start.point }, start.mode, start.seed];
    field.write(text);
    modes.selectedIndex = MODES.indexOf(mode);
    begin(read(text), text);
  }

  // A new function: its inputs get new controls. Throws where it is not defined at the point.
  function begin(nodes, typed) {
    const names = nodes.filter((n) => n.operation === "input").map((n) => n.name);
    const at = { ...Object.fromEntries(names.map((name) => [name, 1])), ...point };
    slopesOf(nodes, valuesOf(nodes, at));
    [text, point, computed, now] = [typed, at, { nodes }, 0];
    if (!names.includes(seed)) [seed] = names;
    graph.draw(nodes);
    seeds.replaceChildren();
    choice(seeds, "derivative with respect to", names, names.indexOf(seed), (index) => {
      [seed, now] = [names[index], 0];
      prepare();
    });
    sliders.replaceChildren();
    for (const name of names) addSlider(name);
    prepare();
  }

  // A slider does not go where the function is not defined, and says why.
  function addSlider(name) {
    const range = { min: -6, max: 6, step: 0.1, digits: 1 };
    const made = slider(sliders, { ...range, label: written(name), value: point[name] }, (value) => {
      const before = point[name];
      point[name] = value;
      try {
        prepare();
        field.say("");
      } catch (error) {
        point[name] = before;
        made.move(before);
        field.say(error.message);
      }
    });
  }

  // New numbers for the same graph.
  function prepare() {
    const { nodes } = computed;
    const values = valuesOf(nodes, point);
    const slopes = slopesOf(nodes, values);
    const dots = dotsOf(nodes, slopes, { [seed]: 1 });
    computed = { nodes, values, slopes, dots, adjoints: adjointsOf(nodes, slopes) };
    steps = mode === "forward" ? forwardSteps(computed, seed) : reverseSteps(computed);
    now = clamp(now, 0, steps.length - 1);
    const traits = { typed: text, point: { ...point }, mode, seed };
    for (const name of TRAITS) figure.set(name, traits[name]);
    seeds.style.visibility = mode === "forward" ? "" : "hidden";
    if (Math.abs(derivativeOf("x1")) < 0.02) todo.reach(2);
    show(true);
  }
  function derivativeOf(name) {
    const n = computed.nodes.findIndex((node) => node.name === name);
    return n < 0 ? NaN : computed.adjoints[n];
  }

  function go(way) {
    if (way > 0 && words.waits()) return false;
    const to = clamp(now + way, 0, steps.length - 1);
    const moved = to !== now;
    now = to;
    show(true);
    return moved;
  }

  // `anew`: a step is come to, so that it is predicted, or its share travels.
  function show(anew) {
    const step = steps[now];
    if (anew) open = !wanted;
    if (anew && wanted) {
      words.ask(step, () => {
        open = true;
        show(false);
      });
    } else if (anew) words.hide();
    const recorded = step.phase === 1 ? computed.nodes.length : step.place;
    const adjoints = open || now === 0 ? step.adjoints : steps[now - 1].adjoints;
    computed.nodes.forEach((node, n) => {
      const known = n <= recorded;
      const asked = n === step.place && !open;
      graph.write(n, known && !(asked && step.phase === 0) ? computed.values[n] : null);
      const number = mode === "forward" ? (known ? computed.dots[n] : null) : (adjoints?.[n] ?? null);
      const isAsked = asked && step.phase !== 0;
      const mark = written(node.name).replace(/^./, mode === "forward" ? "$&\u0307" : "$&\u0304");
      graph.above(n, isAsked ? `${mark} ?` : number === null ? "" : `${mark} ${short(number)}`);
      graph.speak(n, described(n));
    });
    graph.light([...step.lit, step.place]);
    graph.travel(open ? step.travels : null, figure.calm || !anew);
    words.show(step, open);
    top.can("back", now > 0);
    top.can("next", now < steps.length - 1);
    top.progress(-1, `step ${now + 1} of ${steps.length}`);
    words.result(now === steps.length - 1 && open ? conclusion() : "");
  }

  function conclusion() {
    if (mode === "forward") {
      if (seed !== start.seed) todo.reach(0);
      return `Done: one pass, ∂y/∂${written(seed)} = ${format(computed.dots.at(-1), 4)}.`;
    }
    todo.reach(1);
    const inputs = computed.nodes.filter(({ operation }) => operation === "input");
    const all = inputs.map((n) => `∂y/∂${written(n.name)} = ${format(derivativeOf(n.name), 4)}`);
    return `Done: one sweep, ${all.join(", ")}.`;
  }

  // A node in words, as far as the reader has come.
  function described(n) {
    const { nodes, values, dots } = computed;
    const { name, operation } = nodes[n];
    if (operation === "number") return `The number ${name}.`;
    const step = steps[now];
    if (!open || (step.phase !== 1 && n > step.place)) return `${written(name)}: not computed yet`;
    const value = `${written(name)} = ${shown(values[n])}`;
    if (mode === "forward") return `${value}, dot ${shown(dots[n])}`;
    const adjoint = step.adjoints?.[n] ?? null;
    return adjoint === null ? value : `${value}, adjoint so far ${shown(adjoint)}`;
  }

  function begun() {
    for (const name of TRAITS) start[name] = figure.get(name);
    restart();
  }
  figure.follow(TRAITS, begun);
  begun();
});
