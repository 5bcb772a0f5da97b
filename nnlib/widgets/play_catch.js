// Catch on 10 x 10 pixels: an agent plays, or the reader; Q of the three actions beside it.

import { dense } from "./board_search.js";
import { bar } from "./kit/bar.js";
import { choice } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { mix, themeColours } from "./kit/heatmap.js";
import { clamp, format } from "./kit/numbers.js";
import { tasks } from "./kit/tasks.js";
import { unpacked } from "./layers.js";
import { painting } from "./kit/painting.js";

const SIZE = 10;
const ACTIONS = ["left", "stay", "right"];
const MEMORY = 20;
const MISSED = [0.8, 0.1, 0.1];

export default widget((figure) => {
  let agents = figure.get("agents").map(unpacked);
  let learning = null; // the weights of an agent in training
  let ball = opened();
  let caught = [];
  let wish = 1;
  let byAgent = 0;
  let byHand = 0;

  const top = bar(figure, {
    reset() {
      ball = opened();
      [caught, wish, byAgent, byHand] = [[], 1, 0, 0];
      todo.reset();
      show();
    },
    next: () => step(),
    step,
    rate: 7,
    names: { next: "One step" },
  });
  const who = choice(top.row, "", ["The agent plays", "You play"], +figure.get("human"), (index) => {
    figure.set("human", index === 1);
    caught = [];
    canvas.focus({ preventScroll: true });
    show();
  });
  who.setAttribute("aria-label", "who plays");
  let which = null;
  const holder = htmlNode(top.row, "span");
  offer();

  const { stage, card } = figure.body();
  const { canvas, paint } = painting(stage, "ball and paddle, as the network sees them", 380);
  focusable(canvas, "the game: arrow keys move the paddle when you play, Enter makes a step");
  canvas.setAttribute("tabindex", "0");
  canvas.setAttribute("role", "application");
  canvas.addEventListener("pointerdown", () => canvas.focus({ preventScroll: true }));
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowLeft: 0, ArrowDown: 1, ArrowRight: 2, Enter: 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    wish = to;
    if (!top.playing()) step();
  });
  canvas.addEventListener("keyup", () => (wish = top.playing() ? 1 : wish));

  htmlNode(card, "div", "nnlib-small", "Q: what the agent expects after each action");
  const table = drawing(card, 330, 96, "Q of left, stay and right");
  svgNode(table, "line", { x1: 170, x2: 170, y1: 0, y2: 96, stroke: "var(--soft)" });
  const bars = ACTIONS.map((name, k) => ({
    name: svgNode(table, "text", { x: 4, y: 32 * k + 21 }, name),
    rect: svgNode(table, "rect", { y: 32 * k + 8, height: 16 }),
    number: svgNode(table, "text", { x: 326, y: 32 * k + 21, "text-anchor": "end" }, ""),
  }));
  const score = htmlNode(card, "div");
  const todo = tasks(card, [
    {
      ask: "Before training: how many of ten balls will it catch? Play.",
      answer: "Only what falls on the paddle by chance.",
    },
    {
      ask: "Trained: when is Q close to 1, when the ball is high or when it is low?",
      answer: "Low: Q is about γ to the power of the steps that are left.",
    },
    { ask: "Play yourself: catch five balls.", answer: "You needed no training: you know what falling is." },
  ]);
  const say = figure.status(figure.root, 2);

  function opened() {
    const [row, column, paddle, drift] = figure.get("opening");
    return { row, column, paddle, drift, before: null, ended: null };
  }

  // The 200 pixels of nnlib.applications.catch.pixels.
  function pixels({ row, column, paddle }) {
    const X = new Float32Array(SIZE * SIZE);
    X[row * SIZE + column] = 1;
    for (const k of [-1, 0, 1]) X[(SIZE - 1) * SIZE + paddle + k] = 1;
    return X;
  }

  function q() {
    const W = learning ?? agents[figure.get("chosen")];
    const X = new Float32Array(2 * SIZE * SIZE);
    X.set(pixels(ball));
    if (ball.before) X.set(ball.before, SIZE * SIZE);
    const hidden = dense(dense(X, W.A, W.A_bias, true), W.B, W.B_bias, true);
    return [...dense(hidden, W.C, W.C_bias)];
  }

  function step() {
    if (ball.ended !== null) {
      const drop = (n) => Math.floor(Math.random() * n);
      ball = { row: 0, column: drop(SIZE), paddle: 1 + drop(SIZE - 2), drift: drop(3) - 1, before: null };
      ball.ended = null;
      show();
      return true;
    }
    const Q = q();
    const human = figure.get("human");
    const action = human ? wish : Q.indexOf(Math.max(...Q));
    if (!top.playing()) wish = 1;
    const before = pixels(ball);
    let { row, column, paddle, drift } = ball;
    row += 1;
    column += row % 2 ? drift : 0;
    if (column < 0 || column >= SIZE) drift = -drift;
    column = clamp(column, 0, SIZE - 1);
    paddle = clamp(paddle + action - 1, 1, SIZE - 2);
    const ended = row === SIZE - 1 ? Math.abs(column - paddle) <= 1 : null;
    ball = { row, column, paddle, drift, before, ended };
    if (ended !== null) {
      caught = [...caught.slice(1 - MEMORY), ended];
      if (human) byHand += ended;
      else byAgent = figure.get("chosen") === 0 && !learning ? byAgent + 1 : 0;
      if (byAgent >= 10) todo.reach(0);
      if (!human && ended && Math.max(...Q) > 0.8) todo.reach(1);
      if (byHand >= 5) todo.reach(2);
    }
    show();
    return true;
  }

  function offer() {
    holder.replaceChildren();
    which = choice(holder, "", figure.get("names"), figure.get("chosen"), (index) => {
      figure.set("chosen", index);
      [caught, byAgent] = [[], 0];
      show();
    });
    which.setAttribute("aria-label", "which agent");
  }

  function show() {
    const X = pixels(ball);
    const [light, ink, blue, orange] = themeColours(figure.root, ["card", "ink", "blue", "orange"]).map(
      (colour) => colour.map((value) => value / 255),
    );
    const ground = mix(light, ink, 0.06);
    paint(SIZE, SIZE, (n) => {
      if (n === ball.row * SIZE + ball.column) return ball.ended === false ? MISSED : orange;
      if (X[n]) return blue;
      return ball.before?.[n] && n < SIZE * (SIZE - 1) ? mix(ground, orange, 0.3) : ground;
    });
    const Q = q();
    const best = Q.indexOf(Math.max(...Q));
    Q.forEach((value, k) => {
      const size = 90 * clamp(value, -1.2, 1.2);
      const look = { x: 170 + Math.min(0, size), width: Math.abs(size) };
      change(bars[k].rect, { ...look, fill: k === best ? "var(--blue)" : "var(--soft)" });
      bars[k].number.textContent = format(value, 3);
    });
    const sum = caught.reduce((total, one) => total + one, 0);
    const last = caught.length === MEMORY ? `the last ${MEMORY}` : caught.length;
    score.textContent = caught.length ? `caught ${sum} of ${last}` : "no ball yet";
    const agent = learning
      ? `in training, ${figure.get("training").name}`
      : figure.get("names")[figure.get("chosen")];
    const end = { true: "Caught.", false: "Missed.", null: "" }[ball.ended];
    const numbers = Q.map((value, k) => `${ACTIONS[k]} ${format(value, 3)}`).join(", ");
    const help = figure.get("human") ? " Arrow keys move the paddle; Play lets the ball fall by itself." : "";
    say(`Agent ${agent}: Q of ${numbers}.\n${end}${help}`);
  }

  figure.follow(["agents", "names", "chosen", "training"], () => {
    agents = figure.get("agents").map(unpacked);
    const { weights } = figure.get("training");
    learning = weights ? unpacked(weights) : null;
    if (agents.length !== figure.get("names").length || figure.get("chosen") >= agents.length) return;
    offer();
    show();
  });
  figure.onTheme(show);
  show();
});
