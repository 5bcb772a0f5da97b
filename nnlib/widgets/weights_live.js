// A network that learned digits, epoch by epoch: weights as images, and its answer to a drawing.

import { bar } from "./kit/bar.js";
import { button } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { heatmap, mix, themeColours } from "./kit/heatmap.js";
import { placeOf } from "./kit/handle.js";
import { legend } from "./kit/legend.js";
import { clamp, format } from "./kit/numbers.js";
import { tasks } from "./kit/tasks.js";

const [PIXELS, HIDDEN, CLASSES, CELL, TOP] = [64, 16, 10, 21, 34];
const IMAGE = { side: 46, left: 212, across: 55, down: 63 };

// The networks, one for each epoch that was kept: W1 (16, 64), b1, W2 (10, 16), b2.
function networks(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const numbers = new Float32Array(bytes.buffer);
  const size = HIDDEN * PIXELS + HIDDEN + CLASSES * HIDDEN + CLASSES;
  return Array.from({ length: numbers.length / size }, (_, n) => {
    let at = n * size;
    const take = (count) => numbers.subarray(at, (at += count));
    return { W1: take(HIDDEN * PIXELS), b1: take(HIDDEN), W2: take(CLASSES * HIDDEN), b2: take(CLASSES) };
  });
}

function layer(W, b, x) {
  return Array.from(b, (bias, j) => x.reduce((a, value, i) => a + W[j * x.length + i] * value, bias));
}

// The size that all but two in a hundred weights stay below: larger ones have the full colour too.
const strong = (W) => Float32Array.from(W, Math.abs).sort()[Math.floor(0.98 * W.length)];

// Hidden outputs h and class probabilities y of an image.
function answer({ W1, b1, W2, b2 }, x) {
  const h = layer(W1, b1, x).map(Math.tanh);
  const a = layer(W2, b2, h);
  const powers = a.map((one) => Math.exp(one - Math.max(...a)));
  const total = powers.reduce((sum, one) => sum + one);
  return { h, y: powers.map((one) => one / total) };
}

export default widget((figure) => {
  const all = networks(figure.get("weights"));
  const epochs = figure.get("epochs");
  const begin = [...figure.get("drawn")];
  let cursor = [3, 3];
  let label = null; // the digit that a test image is meant to be
  let ofNeuron = "";

  const top = bar(figure, {
    reset,
    back: () => go(figure.get("shown") - 1),
    next: () => go(figure.get("shown") + 1),
    step: () => go(figure.get("shown") + 1),
    ends: (way) => go(way < 0 ? 0 : all.length - 1),
    parts: epochs.map((epoch) => `epoch ${epoch}`),
  });
  const { stage, card } = figure.body();
  const picture = drawing(
    stage,
    600,
    300,
    "A drawing, sixteen weight images with their answers, ten outputs",
  );
  change(picture, { role: "group" });
  const map = heatmap(picture);
  [
    ["draw here", 94],
    ["what each hidden neuron looks for", 318],
    ["outputs", 520],
  ].forEach(([words, x]) =>
    svgNode(picture, "text", { x, y: 18, "text-anchor": "middle", class: "nnlib-small" }, words),
  );
  const sheet = { x: 10, y: TOP, width: 8 * CELL, height: 8 * CELL };
  const paper = svgNode(picture, "rect", {
    ...sheet,
    fill: "transparent",
    stroke: "var(--soft)",
    tabindex: 0,
  });
  change(focusable(paper, "drawing: arrow keys move, space puts ink or takes it away"), {
    role: "application",
    "data-steps": "",
  });
  const mark = svgNode(picture, "rect", {
    width: CELL,
    height: CELL,
    fill: "none",
    stroke: "var(--green)",
    "stroke-width": 2,
    "pointer-events": "none",
  });
  const place = (j) => ({ x: IMAGE.left + IMAGE.across * (j % 4), y: TOP + IMAGE.down * Math.floor(j / 4) });
  const units = Array.from({ length: HIDDEN }, (_, j) => {
    const { x, y } = place(j);
    const frame = svgNode(picture, "rect", {
      x,
      y,
      width: IMAGE.side,
      height: IMAGE.side,
      fill: "transparent",
      stroke: "var(--line)",
      tabindex: 0,
    });
    change(focusable(frame, `hidden neuron ${j + 1}`), { role: "button" });
    frame.addEventListener("focus", () => speak(j));
    frame.addEventListener("click", () => like(j));
    frame.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      like(j);
    });
    const middle = x + IMAGE.side / 2;
    svgNode(picture, "line", {
      x1: middle,
      x2: middle,
      y1: y + IMAGE.side + 2,
      y2: y + IMAGE.side + 11,
      stroke: "var(--line)",
    });
    return svgNode(picture, "rect", { y: y + IMAGE.side + 3, height: 7 });
  });
  const bars = Array.from({ length: CLASSES }, (_, k) => {
    const y = TOP + 24 * k;
    svgNode(picture, "text", { x: 462, y: y + 15, "text-anchor": "middle" }, String(k));
    return [
      svgNode(picture, "rect", { x: 474, y: y + 3, height: 15, fill: "var(--orange)" }),
      svgNode(picture, "text", { y: y + 15, class: "nnlib-small" }),
    ];
  });
  const scale = legend(stage, "weight", ["var(--blue)", "var(--ground)", "var(--orange)"]);
  const say = figure.status(card, 6);
  const todo = tasks(card, [
    {
      ask: "After which epoch do the images stop looking like noise?",
      answer: "After one or two, and most test images are read by then. The rest is detail.",
    },
    {
      ask: "Draw a digit that is read correctly with more than 90 %.",
      answer: "The network is sure. Was it your digit?",
    },
    {
      ask: "Press Enter on a hidden neuron to draw what it likes best. Is it a digit?",
      answer:
        "No. A hidden neuron looks for a piece that many digits share; its best-liked image is none of them.",
    },
  ]);
  const foot = figure.foot();
  let turn = { samples: 0, misread: 0 };
  button(foot, "Clear", () => draw(new Array(PIXELS).fill(0), null));
  button(foot, "A test image", () => take("samples"));
  button(foot, "A misread one", () => take("misread"));
  htmlNode(
    foot,
    "span",
    "nnlib-small",
    "Arrow keys and space draw; Enter on an image shows what its neuron likes.",
  );

  function take(list) {
    const { pixels, digit } = figure.get(list)[turn[list]++ % figure.get(list).length];
    if (list === "misread" && figure.get("shown") < all.length - 1) go(all.length - 1);
    draw(pixels, digit);
  }
  function go(to) {
    if (to < 0 || to >= all.length) return false;
    figure.set("shown", to);
    if (epochs[to] === 2) todo.reach(0);
    show();
    return to < all.length - 1;
  }
  function reset() {
    figure.set("shown", 0);
    cursor = [3, 3];
    turn = { samples: 0, misread: 0 };
    todo.reset();
    draw([...begin], null);
  }
  function draw(pixels, digit, words = "") {
    figure.set("drawn", [...pixels]);
    label = digit;
    ofNeuron = words;
    show();
  }
  function ink([column, row], value) {
    const pixels = [...figure.get("drawn")];
    pixels[8 * row + column] = value ?? (pixels[8 * row + column] > 0.5 ? 0 : 1);
    cursor = [column, row];
    draw(pixels, null);
    if (Math.max(...answer(all[figure.get("shown")], pixels).y) > 0.9) todo.reach(1);
  }
  function like(j) {
    const { W1 } = all[figure.get("shown")];
    draw(
      Array.from(W1.subarray(PIXELS * j, PIXELS * (j + 1)), (w) => (w > 0 ? 1 : 0)),
      null,
      `The image that h_${j + 1} likes best. `,
    );
    todo.reach(2);
  }
  function speak(j) {
    const network = all[figure.get("shown")];
    const { h } = answer(network, figure.get("drawn"));
    const to = Array.from({ length: CLASSES }, (_, k) => network.W2[k * HIDDEN + j]);
    const best = to.indexOf(Math.max(...to));
    ofNeuron = `h_${j + 1} = ${format(h[j])}. It speaks most for ${best} (weight ${format(to[best])}). `;
    show();
  }

  paper.addEventListener("keydown", (event) => {
    const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ways) {
      cursor = cursor.map((at, k) => clamp(at + ways[event.key][k], 0, 7));
      show();
    } else if (event.key === " ") ink(cursor);
    else return;
    event.preventDefault();
  });
  paper.addEventListener("pointerdown", (down) => {
    paper.setPointerCapture(down.pointerId);
    paper.focus();
    down.preventDefault();
    const cell = (event) => {
      const { x, y } = placeOf(event, picture);
      return [clamp(Math.floor((x - sheet.x) / CELL), 0, 7), clamp(Math.floor((y - sheet.y) / CELL), 0, 7)];
    };
    const [column, row] = cell(down);
    const value = figure.get("drawn")[8 * row + column] > 0.5 ? 0 : 1;
    const move = (event) => ink(cell(event), value);
    move(down);
    paper.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"])
      paper.addEventListener(end, () => paper.removeEventListener("pointermove", move), { once: true });
  });

  function paint() {
    const [ground, dark, blue, orange] = themeColours(figure.root, ["ground", "ink", "blue", "orange"]);
    const { W1 } = all[figure.get("shown")];
    const limit = strong(W1);
    map.clear();
    map.paint(sheet, 8, 8, (column, row) => mix(ground, dark, figure.get("drawn")[8 * row + column]), false);
    for (let j = 0; j < HIDDEN; j++) {
      map.paint(
        { ...place(j), width: IMAGE.side, height: IMAGE.side },
        8,
        8,
        (column, row) => {
          const w = W1[PIXELS * j + 8 * row + column] / limit;
          return mix(ground, w > 0 ? orange : blue, Math.min(1, Math.abs(w)));
        },
        false,
      );
    }
    scale(format(-limit), format(limit));
  }

  function show() {
    const shown = figure.get("shown");
    const { h, y } = answer(all[shown], figure.get("drawn"));
    change(mark, { x: sheet.x + CELL * cursor[0], y: sheet.y + CELL * cursor[1] });
    units.forEach((beam, j) => {
      const middle = place(j).x + IMAGE.side / 2;
      const width = (IMAGE.side / 2) * h[j];
      change(beam, {
        x: middle + Math.min(width, 0),
        width: Math.abs(width),
        fill: width > 0 ? "var(--orange)" : "var(--blue)",
      });
    });
    bars.forEach(([beam, words], k) => {
      change(beam, { width: Math.max(0.5, 90 * y[k]) });
      change(words, { x: 479 + 90 * y[k] });
      words.textContent = format(y[k]);
    });
    const read = y.indexOf(Math.max(...y));
    const meant =
      label === null
        ? ""
        : label === read
          ? `It was meant as ${label}: right.\n`
          : `It was meant as ${label}: a mistake.\n`;
    say(
      `${(100 * figure.get("accuracies")[shown]).toFixed(1)} % of the test images are read correctly after ` +
        `${epochs[shown]} epoch${epochs[shown] === 1 ? "" : "s"}.\n` +
        `The drawing is read as ${read}, with ${(100 * y[read]).toFixed(0)} %.\n${meant}${ofNeuron}`,
    );
    top.progress(shown, `epoch ${epochs[shown]}`);
    top.can("back", shown > 0);
    top.can("next", shown < all.length - 1);
    top.can("play", shown < all.length - 1);
    paint();
  }
  figure.onTheme(paint);
  figure.follow(["shown", "drawn"], show);
  show();
});
