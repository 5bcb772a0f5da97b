// Forward and reverse mode on the graph of a function that the reader types.

import { bar } from "./kit/bar.js";
import { check, choice, slider } from "./kit/controls.js";
import { htmlNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { typeset, typesetLong } from "./kit/formula.js";
import { clamp, format, short, shown } from "./kit/numbers.js";
import { near, predict } from "./kit/predict.js";
import { tasks } from "./kit/tasks.js";
import { forwardSteps, reverseSteps } from "./differentiate_steps.js";
import { expressionGraph } from "./expression_graph.js";
import { adjointsOf, dotsOf, read, slopesOf, valuesOf } from "./typed_function.js";

const MODES = ["forward", "reverse"];

export default widget((figure) => {
  const traits = ["typed", "point", "mode", "seed"];
  const start = Object.fromEntries(traits.map((name) => [name, figure.get(name)]));
  let { typed: text, mode, seed } = start;
  let point = { ...start.point };
  let [found, steps, now, wanted, open] = [null, [], 0, false, true];

  const top = bar(figure, {
    reset() {
      todo.reset();
      ({ typed: text, mode, seed } = start);
      point = { ...start.point };
      [field.value, modes.selectedIndex] = [text, MODES.indexOf(mode)];
      now = 0;
      begin();
    },
    back: () => go(-1),
    next: () => go(1),
    step: () => go(1) && now < steps.length - 1,
    ends: (way) => go(way * steps.length),
    rate: 1,
  });
  const modes = choice(top.row, "mode", MODES, MODES.indexOf(mode), (index) => {
    mode = MODES[index];
    now = 0;
    prepare();
  });
  check(top.row, "predict first", false, (ticked) => {
    wanted = ticked;
    show(true);
  });

  const { stage, card } = figure.body();
  const graph = expressionGraph(stage, (n) => say(told(n)));
  const say = figure.status(stage, 2);
  focusable(card, "Steps: the right and left arrow keys go on and back, the space bar plays");
  card.tabIndex = 0;
  card.setAttribute("role", "group");
  const heading = htmlNode(card, "h4");
  const says = htmlNode(card, "div", "nnlib-differentiate-says");
  const rule = htmlNode(card, "div");
  const numbers = htmlNode(card, "div", "nnlib-numbers");
  const asked = predict(card, () => go(1));
  const code = htmlNode(card, "code", "nnlib-code");
  const result = figure.status(card, 2);

  const foot = figure.foot();
  const typing = htmlNode(foot, "label", "nnlib-control");
  htmlNode(typing, "span", "", "y =");
  const field = focusable(htmlNode(typing, "input"), "the function y of x1, x2 and x3");
  Object.assign(field, { type: "text", value: text, className: "nnlib-typed", spellcheck: false });
  field.addEventListener("input", () => {
    const before = text;
    text = field.value;
    if (!begin()) text = before;
  });
  const seeds = htmlNode(foot, "span");
  const sliders = htmlNode(foot, "span", "nnlib-row");
  const fault = figure.status(figure.root, 1);
  const todo = tasks(htmlNode(figure.root, "div", "nnlib-row nnlib-foot"), [
    {
      ask: "Forward mode: how many passes give both derivatives? Choose the other seed and go to the end.",
      answer: "One pass for each input.",
    },
    {
      ask: "Reverse mode: at which nodes does an adjoint change twice? Go to the end.",
      answer: "At those that are used twice: their shares add up.",
    },
    { ask: "Move the inputs so that ∂y/∂x_1 is 0.", answer: "There a small change of x_1 does not change y." },
  ]);

  // A new text: the controls of its inputs are made anew. False where it cannot be read.
  function begin() {
    let nodes = null;
    try {
      nodes = read(text);
    } catch (error) {
      fault(`${error.message} The picture keeps the last function.`);
      return false;
    }
    const names = nodes.filter((n) => n.operation === "input").map((n) => n.name);
    for (const name of names) point[name] ??= 1;
    if (!names.includes(seed)) [seed] = names;
    sliders.replaceChildren();
    for (const name of names) {
      const label = name.length > 1 ? `${name[0]}_${name.slice(1)}` : name;
      const options = { label, min: -6, max: 6, step: 0.1, value: point[name], digits: 1 };
      slider(sliders, options, (value) => {
        point[name] = value;
        prepare();
      });
    }
    seeds.replaceChildren();
    choice(seeds, "derivative with respect to", names, names.indexOf(seed), (index) => {
      seed = names[index];
      prepare();
    });
    figure.set("typed", text);
    graph.draw(nodes);
    found = { nodes };
    now = Math.min(now, 0);
    return prepare();
  }

  // New numbers for the same graph.
  function prepare() {
    const { nodes } = found;
    let values = null;
    try {
      values = valuesOf(nodes, point);
    } catch (error) {
      fault(error.message);
      return false;
    }
    fault("");
    const slopes = slopesOf(nodes, values);
    const seedOf = { [seed]: 1 };
    found = { nodes, values, slopes, dots: dotsOf(nodes, slopes, seedOf), adjoints: adjointsOf(nodes, slopes) };
    steps = mode === "forward" ? forwardSteps(found, seed) : reverseSteps(found);
    now = clamp(now, 0, steps.length - 1);
    figure.set("point", { ...point });
    figure.set("mode", mode);
    figure.set("seed", seed);
    seeds.style.visibility = mode === "forward" ? "" : "hidden";
    if (Math.abs(derivativeOf("x1")) < 0.02) todo.reach(2);
    show(true);
    return true;
  }
  const derivativeOf = (name) => {
    const n = found.nodes.findIndex((node) => node.name === name);
    return n < 0 ? NaN : found.adjoints[n];
  };

  function go(way) {
    if (way > 0 && asked.waiting()) {
      asked.say("Type your number and press Enter, or press Reveal.");
      return false;
    }
    const to = clamp(now + way, 0, steps.length - 1);
    const moved = to !== now;
    now = to;
    show(true);
    return moved;
  }

  // What is known of the nodes at this step.
  function known() {
    if (mode === "forward") return (n) => n <= steps[now].place;
    const recorded = steps[now].phase ? found.nodes.length : steps[now].place;
    return (n) => n <= recorded;
  }

  function show(anew) {
    const step = steps[now];
    const { nodes, values, dots } = found;
    if (anew) {
      open = !wanted;
      if (wanted) ask(step);
      else asked.hide();
    }
    const isKnown = known();
    const before = now ? steps[now - 1].adjoints : null;
    const adjoints = open ? step.adjoints : before;
    nodes.forEach((node, n) => {
      const hidden = n === step.place && !open && step.phase === 0;
      graph.write(n, isKnown(n) && !hidden ? values[n] : null);
      let words = "";
      const asks = n === step.place && !open;
      const mark = node.name[0] + (mode === "forward" ? "\u0307" : "\u0304");
      if (mode === "forward" && isKnown(n)) words = `${mark} ${asks ? "?" : short(dots[n])}`;
      if (adjoints && adjoints[n] !== 0) words = `${mark} ${short(adjoints[n])}`;
      if (mode === "reverse" && step.phase && asks) words = `${mark} ?`;
      graph.above(n, words);
      graph.speak(n, told(n));
    });
    graph.light([...step.lit, step.place]);
    graph.travel(open ? step.travels : null, figure.calm || !anew);
    heading.replaceChildren();
    typeset(heading, step.heading.includes("=") ? step.heading : words(step.heading));
    says.textContent = step.says;
    typeset(rule, step.formulas);
    if (step.numbers) typesetLong(numbers, ending(step));
    else numbers.replaceChildren();
    code.textContent = step.code;
    top.can("back", now > 0);
    top.can("next", now < steps.length - 1);
    top.progress(-1, `step ${now + 1} of ${steps.length}`);
    result(now === steps.length - 1 && open ? conclusion() : "");
  }

  function ending(step) {
    const line = step.numbers.endsWith("=") ? step.numbers : `${step.numbers} =`;
    return `${line} ${open ? shown(step.value) : "?"}`;
  }

  function conclusion() {
    const inputs = found.nodes.filter(({ operation }) => operation === "input");
    if (mode === "forward") {
      if (seed !== start.seed) todo.reach(0);
      return `Done: one pass, ∂y/∂${written(seed)} = ${format(found.dots.at(-1), 4)}.`;
    }
    todo.reach(1);
    const all = inputs.map((n) => `∂y/∂${written(n.name)} = ${format(derivativeOf(n.name), 4)}`);
    return `Done: one sweep, ${all.join(", ")}.`;
  }

  function ask(step) {
    asked.ask({
      label: step.label.replace(/([xv])(\d+)/, "$1_$2"),
      judge(number) {
        if (near(number, step.value)) return null;
        if (near(number, -step.value)) return "Not yet: look at the sign.";
        const slip = step.slips.find(({ value }) => near(number, value));
        return slip ? `Not yet: ${slip.says}.` : "Not yet. Read the numbers off the picture, or press Reveal.";
      },
      after() {
        open = true;
        show(false);
      },
    });
  }

  function told(n) {
    const { nodes, values, dots, adjoints } = found;
    const name = written(nodes[n].name);
    if (nodes[n].operation === "number") return `The number ${nodes[n].name}.`;
    const other = mode === "forward" ? `dot ${shown(dots[n])}` : `adjoint at the end ${shown(adjoints[n])}`;
    return `${name} = ${shown(values[n])}, ${other}`;
  }

  figure.follow(traits, () => {
    for (const name of traits) start[name] = figure.get(name);
    ({ typed: text, mode, seed } = start);
    point = { ...start.point };
    [field.value, modes.selectedIndex] = [text, MODES.indexOf(mode)];
    begin();
  });
  begin();
});

const written = (name) => (name.length > 1 ? `${name[0]}_${name.slice(1)}` : name);
// A heading in words whose names keep their subscripts.
const words = (heading) => heading.replace(/[A-Za-z]{2,}( [A-Za-z]{2,})*/g, '"$& "').replace(/ ("|$)/g, " $1");
