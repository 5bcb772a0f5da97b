// Networks whose nodes want to be named: input, hidden, output, or both.

import { bar } from "./kit/bar.js";
import { button } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { arrow, bend, node, signal } from "./kit/graph.js";
import { tasks } from "./kit/tasks.js";

const ROLES = { i: "input", h: "hidden", o: "output", b: "both" };
const COLOURS = { input: "var(--blue)", hidden: "var(--soft)", output: "var(--orange)", both: "var(--pink)" };
const [WIDTH, HEIGHT, ACROSS, DOWN] = [560, 250, 128, 104];

export default widget((figure) => {
  const all = figure.get("drawings");
  let current = null;
  const top = bar(figure, {
    reset,
    back: () => turn(-1),
    next: () => turn(1),
    parts: all.map(({ title }) => title),
  });
  const { stage, card } = figure.body();
  const picture = drawing(stage, WIDTH, HEIGHT, "A network whose nodes are to be named");
  change(picture, { role: "group", class: "nnlib-graph" });
  const heading = htmlNode(card, "div", "nnlib-title");
  const say = figure.status(card, 3);
  const row = htmlNode(card, "div", "nnlib-row");
  for (const [key, role] of Object.entries(ROLES)) button(row, `${role} (${key})`, () => answer(role));
  const todo = tasks(card, [
    {
      ask: "Name every node of the first network.",
      answer: "Only the environment decides: where do signals come in, where do they go out?",
    },
    {
      ask: "Which network has output nodes that send on to others?",
      answer: "The third and the fourth. To send on does not make a node hidden.",
    },
    {
      ask: "Which has a node that is both?",
      answer: "The fourth: r receives from outside and gives out, and sits on a cycle besides.",
    },
  ]);
  let groups = {};

  const shown = () => all[figure.get("shown")];
  const answers = () => figure.get("answers")[figure.get("shown")];

  function turn(way) {
    const to = figure.get("shown") + way;
    if (to < 0 || to >= all.length) return;
    figure.set("shown", to);
    draw();
  }
  function reset() {
    figure.set(
      "answers",
      all.map(() => ({})),
    );
    figure.set("shown", 0);
    todo.reset();
    draw();
  }
  function answer(role) {
    const kept = structuredClone(figure.get("answers"));
    kept[figure.get("shown")][current] = role;
    figure.set("answers", kept);
    mark();
    say(reason(current, role));
    groups[current].focus();
  }

  // Why a name is right or wrong, in terms of the two arrows.
  function reason(name, role) {
    const truth = shown().roles[name];
    const comes = shown().enter.includes(name);
    const goes = shown().leave.includes(name);
    if (role === truth) {
      const why = {
        input: "signals from the environment come in here",
        output: "it gives its signal out to the environment",
        hidden: "no arrow leads here from outside, and none leads out",
        both: "one short arrow comes in, another one goes out",
      };
      return `${name} is ${truth === "both" ? "both input and output" : truth}: ${why[truth]}.`;
    }
    if (comes && goes) return `Look at both sides of ${name}: there is more than one short arrow.`;
    if (truth === "hidden")
      return `${name} has no short arrow: the environment neither reaches nor hears it.`;
    if (comes) return `A short arrow leads to ${name} from outside.`;
    const sendsOn = shown().connections.some(([i]) => i === name);
    return `A short arrow leads out of ${name}${sendsOn ? ", although it also sends on" : ""}.`;
  }

  function draw() {
    const { places, connections, enter, leave, title } = shown();
    const focused = picture.contains(document.activeElement);
    picture.replaceChildren();
    const at = {};
    const [left, above] = [0, 1].map((k) => {
      const span = Math.max(...Object.values(places).map((place) => place[k])) * [ACROSS, DOWN][k];
      return ([WIDTH, HEIGHT][k] - span) / 2;
    });
    for (const [name, [column, line]] of Object.entries(places))
      at[name] = [left + ACROSS * column, above + DOWN * line];
    for (const [i, j] of connections) arrow(picture, at[i], at[j], bend(i, j, at, connections));
    for (const name of enter) signal(picture, at[name], -1);
    for (const name of leave) signal(picture, at[name], 1);
    groups = {};
    for (const name of Object.keys(places)) {
      const group = node(picture, at[name], name);
      change(focusable(group, name), { tabindex: 0, role: "button", "data-steps": "" });
      groups[name] = group;
      svgNode(group, "text", {
        x: at[name][0],
        y: at[name][1] + 42,
        "text-anchor": "middle",
        class: "nnlib-small",
      });
      group.addEventListener("focus", () => choose(name));
      group.addEventListener("click", () => group.focus());
      group.addEventListener("keydown", (event) => {
        if (!(event.key in ROLES) || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        answer(ROLES[event.key]);
      });
    }
    heading.textContent = `Network ${figure.get("shown") + 1}: ${title}`;
    top.can("back", figure.get("shown") > 0);
    top.can("next", figure.get("shown") < all.length - 1);
    choose(Object.keys(places)[0]);
    if (focused) groups[current].focus({ preventScroll: true });
    mark();
  }

  function choose(name) {
    current = name;
    for (const [other, group] of Object.entries(groups))
      group.classList.toggle("nnlib-chosen", other === name);
    if (answers()[name]) say(reason(name, answers()[name]));
    else say(`${name}: input, hidden, output, or both?`);
  }

  function mark() {
    const { roles } = shown();
    let right = 0;
    for (const [name, group] of Object.entries(groups)) {
      const given = answers()[name];
      const words = group.lastChild;
      const correct = given === roles[name];
      right += correct;
      words.textContent = given ? given + (correct ? "" : "?") : "";
      change(group.firstChild, {
        style: given && correct ? `fill: color-mix(in srgb, ${COLOURS[given]} 25%, var(--ground))` : "",
        "stroke-dasharray": given && !correct ? "5 3" : "none",
      });
      group.setAttribute("aria-label", `${name}${given ? `, ${given}, ${correct ? "right" : "wrong"}` : ""}`);
    }
    const count = Object.keys(roles).length;
    top.progress(figure.get("shown"), right === count ? "all right" : `${right} of ${count} right`);
    if (right === count) [[0], [], [1], [1, 2]][figure.get("shown")].forEach((k) => todo.reach(k));
  }
  figure.follow(["shown", "answers"], draw);
  draw();
});
