// A network to build: nodes and connections by mouse or keyboard, and what can be said of them at once.

import { bar } from "./kit/bar.js";
import { button, slider } from "./kit/controls.js";
import { cycle, forward, later, order, parameters } from "./kit/directed.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { arrow, bend, node, RADIUS } from "./kit/graph.js";
import { placeOf } from "./kit/handle.js";
import { clamp, format } from "./kit/numbers.js";
import { tasks } from "./kit/tasks.js";

const [WIDTH, HEIGHT, MOST] = [540, 330, 9];
const LETTERS = "abcdefgkmnpqrsuvz";

export default widget((figure) => {
  const start = structuredClone(["nodes", "connections", "inputs"].map((name) => figure.get(name)));
  let chosen = start[0][0][0]; // a node's name, or "i>j"
  let sender = null; // a connection is being drawn from here
  let moment = 0;
  let y = {};
  let rubber = null;

  const top = bar(figure, { reset, next: step, step, rate: 3, names: { next: "Step" } });
  const { stage, card } = figure.body();
  const picture = drawing(stage, WIDTH, HEIGHT, "The network that you build");
  change(picture, { role: "group", class: "nnlib-graph" });
  htmlNode(
    stage,
    "div",
    "nnlib-small",
    "Drag a node to move it, drag from its small ring to connect, double-click to add. " +
      "Arrow keys move a node and change a weight.",
  );
  const say = figure.status(card, 6);
  const todo = tasks(card, [
    {
      ask: "Add one connection that makes the network recurrent. Which would do?",
      answer: "Any that leads back to a node from which its sender can be reached, also to itself.",
    },
    {
      ask: "Build a feedforward network with exactly 9 parameters.",
      answer: "One weight a connection, one bias for each node that receives.",
    },
    {
      ask: "Make a recurrent network that still changes after 20 steps.",
      answer:
        "A cycle whose weights are large and have a negative product: it answers itself with the opposite.",
    },
  ]);
  const foot = figure.foot();
  const value = slider(foot, { label: "value", min: -4, max: 4, step: 0.25, value: 0 }, setValue);
  for (const [words, does] of [
    ["New node (n)", add],
    ["Connect (c)", connect],
    ["Remove (Del)", remove],
  ])
    button(foot, words, does);

  const names = () => figure.get("nodes").map(([name]) => name);
  const pairs = () => figure.get("connections").map(([i, j]) => [i, j]);
  const wires = () => figure.get("connections").map(([i, j, w]) => ({ i, j, w }));
  const receives = (name) => pairs().some(([, j]) => j === name);

  function set(name, to) {
    figure.set(name, to);
    moment = 0;
    y = {};
    draw();
  }
  function reset() {
    ["nodes", "connections", "inputs"].forEach((name, k) => figure.set(name, structuredClone(start[k])));
    [chosen, sender, moment, y] = [start[0][0][0], null, 0, {}];
    todo.reset();
    draw();
  }
  function add(event, place = free()) {
    if (names().length >= MOST) return say(`${MOST} nodes are enough for this picture. Remove one first.`);
    chosen = [...LETTERS].find((letter) => !names().includes(letter));
    set("nodes", [...figure.get("nodes"), [chosen, ...place]]);
  }
  // The place that is farthest from all nodes.
  function free() {
    const space = ([x, line]) =>
      Math.min(...figure.get("nodes").map(([, nx, ny]) => Math.hypot(nx - x, ny - line)));
    const places = [];
    for (let x = 80; x < WIDTH; x += 60)
      for (let line = 60; line < HEIGHT - 40; line += 50) places.push([x, line]);
    return places.reduce((best, place) => (space(place) > space(best) ? place : best));
  }
  function remove() {
    const [i, j] = chosen.split(">");
    if (!j && names().length < 3) return say("Two nodes are the least.");
    const kept = figure.get("connections").filter(([a, b]) => (j ? a !== i || b !== j : a !== i && b !== i));
    figure.set("connections", kept);
    if (!j)
      figure.set(
        "nodes",
        figure.get("nodes").filter(([name]) => name !== i),
      );
    chosen = j ? j : names()[0];
    set("connections", kept);
  }
  // The first call chooses who sends, the second who receives; what is connected already is cut.
  function connect() {
    if (chosen.includes(">")) return say("Choose a node first: a connection leads from a node to a node.");
    if (sender === null) {
      sender = chosen;
      draw();
      return say(`From ${sender} to which node? Choose it, then press c or Enter. Escape leaves it.`);
    }
    join(sender, chosen);
  }
  function join(i, j) {
    sender = null;
    const old = figure.get("connections");
    const kept = old.filter(([a, b]) => a !== i || b !== j);
    set("connections", kept.length < old.length ? kept : [...old, [i, j, 1]]);
  }
  function setValue(to) {
    const [i, j] = chosen.split(">");
    if (j)
      set(
        "connections",
        figure.get("connections").map(([a, b, w]) => [a, b, a === i && b === j ? to : w]),
      );
    else if (!receives(i)) set("inputs", { ...figure.get("inputs"), [i]: to });
    else draw();
  }
  function step() {
    if (order(names(), wires())) return false;
    const next = later(names(), wires(), figure.get("inputs"), y);
    const moved = Math.max(...names().map((name) => Math.abs(next[name] - (y[name] ?? 0))));
    [y, moment] = [next, moment + 1];
    if (moment > 20 && moved > 1e-3) todo.reach(2);
    draw(moment > 1 && moved < 1e-6 ? " Nothing changes any more." : "");
    return moved >= 1e-6;
  }

  let seen;
  function draw(more = "") {
    const at = Object.fromEntries(figure.get("nodes").map(([name, x, line]) => [name, [x, line]]));
    const sequence = order(names(), wires());
    const round = cycle(names(), wires());
    if (sequence) y = forward(names(), wires(), figure.get("inputs"));
    else
      y = Object.fromEntries(
        names().map((name) => [name, receives(name) ? (y[name] ?? 0) : (figure.get("inputs")[name] ?? 0)]),
      );
    const focused = picture.contains(document.activeElement);
    const lit = new Set(round ? round.slice(1).map((name, k) => `${round[k]}>${name}`) : []);
    picture.replaceChildren();
    rubber = svgNode(picture, "line", {
      stroke: "var(--green)",
      "stroke-width": 2,
      "stroke-dasharray": "4 4",
      visibility: "hidden",
    });
    const labels = [];
    for (const { i, j, w } of wires()) {
      const key = `${i}>${j}`;
      const kind = lit.has(key) ? "nnlib-cycle" : w < 0 ? "nnlib-negative" : "nnlib-positive";
      const { group, number } = arrow(picture, at[i], at[j], bend(i, j, at, pairs()), kind);
      part(group, key, `connection from ${i} to ${j}, weight ${format(w)}`);
      labels.push([number, format(w), key, w < 0 ? "nnlib-negative" : ""]);
    }
    for (const [[x, line], words, key, sign] of labels) {
      const width = 7 * words.length + 14;
      const pill = { x: x - width / 2, y: line - 10, width, height: 20, rx: 10 };
      svgNode(picture, "rect", { ...pill, class: `nnlib-pill ${sign}` });
      svgNode(
        picture,
        "text",
        { x, y: line + 4, "text-anchor": "middle", class: "nnlib-number", "data-key": key },
        words,
      );
    }
    for (const name of names()) {
      const [x, line] = at[name];
      const group = node(picture, [x, line], name.replace(/(\d)$/, "_$1"), format(y[name]));
      part(group, name, `node ${name}, output ${format(y[name])}`);
      if (sequence)
        svgNode(
          group,
          "text",
          { x: x + RADIUS - 2, y: line - RADIUS + 4, class: "nnlib-order" },
          String(sequence.indexOf(name) + 1),
        );
      svgNode(group, "circle", {
        cx: x + RADIUS + 8,
        cy: line + 12,
        r: 5,
        class: "nnlib-port",
        "data-port": name,
      });
    }
    mark();
    if (focused) picture.querySelector(`[data-key="${CSS.escape(chosen)}"]`)?.focus({ preventScroll: true });
    seen = [sequence, round, more];
    tell(...seen);
  }
  function mark() {
    for (const group of picture.querySelectorAll(".nnlib-node"))
      group.classList.toggle("nnlib-chosen", group.dataset.key === (sender ?? chosen));
  }
  function part(group, key, label) {
    change(focusable(group, label), { tabindex: 0, role: "button", "data-key": key });
  }
  function tell(sequence, round, more) {
    const count = parameters(names(), wires());
    const kind = sequence
      ? `feedforward\nTopological order: ${sequence.join(", ")}`
      : `recurrent\nA cycle: ${round.join(" → ")}\nMoment ${moment}: Step computes the next.`;
    say(
      `${kind[0].toUpperCase()}${kind.slice(1)}\n${count} parameters: ${wires().length} weights, ` +
        `${count - wires().length} biases (all 0, with tanh).${more}`,
    );
    top.can("next", !sequence);
    top.can("play", !sequence);
    if (!sequence) todo.reach(0);
    else if (count === 9) todo.reach(1);
    const [i, j] = chosen.split(">");
    const now = j ? wires().find((c) => c.i === i && c.j === j)?.w : figure.get("inputs")[i];
    const name = j ? `weight ${i} to ${j}` : receives(i) ? `${i} is computed` : `input ${i}`;
    value.box.firstChild.textContent = name;
    change(value.input, { "aria-label": name });
    value.input.disabled = !j && receives(i);
    value.move(!j && receives(i) ? y[i] : (now ?? 0));
  }

  function choose(key) {
    if (key === chosen) return;
    chosen = key;
    // Nothing is drawn anew: what has the focus would lose it to the notebook.
    mark();
    tell(...seen);
  }
  picture.addEventListener("focusin", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (key) choose(key);
  });
  picture.addEventListener("dblclick", (event) => {
    if (event.target !== picture) return;
    const { x, y: line } = placeOf(event, picture);
    add(event, [clamp(x, 40, WIDTH - 50), clamp(line, 40, HEIGHT - 40)]);
  });
  picture.addEventListener("pointerdown", (down) => {
    const port = down.target.dataset.port;
    const key = port ?? down.target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    down.preventDefault();
    if (sender !== null && !key.includes(">")) return join(sender, key);
    choose(key);
    picture.querySelector(`[data-key="${CSS.escape(key)}"]`).focus({ preventScroll: true });
    if (key.includes(">")) return;
    picture.setPointerCapture(down.pointerId);
    const move = (event) =>
      port ? stretch(key, placeOf(event, picture)) : moveNode(key, placeOf(event, picture));
    const drop = (event) => {
      picture.removeEventListener("pointermove", move);
      change(rubber, { visibility: "hidden" });
      const { x, y: line } = placeOf(event, picture);
      const over = figure.get("nodes").find(([, nx, ny]) => Math.hypot(nx - x, ny - line) < RADIUS + 4);
      if (port && over) join(key, over[0]);
    };
    picture.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, drop, { once: true });
  });
  function stretch(name, { x, y: line }) {
    const [, x1, y1] = figure.get("nodes").find(([one]) => one === name);
    change(rubber, { x1, y1, x2: x, y2: line, visibility: "visible" });
  }
  function moveNode(name, { x, y: line }) {
    const place = [clamp(Math.round(x), 30, WIDTH - 40), clamp(Math.round(line), 36, HEIGHT - 30)];
    figure.set(
      "nodes",
      figure.get("nodes").map((one) => (one[0] === name ? [name, ...place] : one)),
    );
    draw();
  }
  figure.root.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
      const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const inPicture = picture.contains(event.target) && event.target !== picture;
      const [i, j] = chosen.split(">");
      if (event.key === "n") add();
      else if (event.key === "c" || (event.key === "Enter" && sender !== null)) connect();
      else if (event.key === "Escape" && sender !== null) [sender] = [null, draw()];
      else if (inPicture && (event.key === "Delete" || event.key === "Backspace")) remove();
      else if (inPicture && event.key in ways) {
        const [right, down] = ways[event.key];
        if (j) setValue(clamp(wires().find((c) => c.i === i && c.j === j).w + 0.25 * (right - down), -4, 4));
        else {
          const [, x, line] = figure.get("nodes").find(([name]) => name === i);
          moveNode(i, { x: x + 10 * right, y: line + 10 * down });
        }
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  figure.follow(["nodes", "connections", "inputs"], () => draw());
  draw();
});
