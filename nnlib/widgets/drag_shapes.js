import { bar } from "./kit/bar.js";
import { button, check, choice, enable, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { handle, put } from "./kit/handle.js";
import { clamp } from "./kit/numbers.js";
import { tasks } from "./kit/tasks.js";
import { added, convolve, image, unpacked } from "./layers.js";
import { painting } from "./kit/painting.js";
import { places, written } from "./speaking.js";

const [SIZE, CELLS, GREY, SURE, OVERLAP] = [32, 8, 0.425, 0.3, 0.45];
const [NOTHING, START, STOP, LENGTH] = [0, 1, 2, 8];
const MOST = 3;

// nnlib.applications.shapes.masks: whether a pixel at (u, v), in radii from the centre, is of the shape.
const INSIDE = {
  disc: (u, v) => u * u + v * v < 1,
  square: (u, v) => Math.max(Math.abs(u), Math.abs(v)) < 0.9,
  triangle: (u, v) => v < 0.6 && 1.6 * Math.abs(u) < v + 1,
  cross: (u, v) => Math.min(Math.abs(u), Math.abs(v)) < 0.3 && Math.max(Math.abs(u), Math.abs(v)) < 1,
  ring: (u, v) => u * u + v * v < 1 && u * u + v * v > 0.36,
};

const sigmoid = (a) => 1 / (1 + Math.exp(-a));

// The trunk that detection and captioning have in common: three layers, and a fourth that adds.
function trunk(W, X) {
  const layer = (from, n, options = {}) => convolve(from, W[`K${n}`], W[`b${n}`], { relu: true, ...options });
  const third = layer(layer(layer(X, 1, { stride: 2 }), 2, { stride: 2 }), 3);
  return added(third, layer(third, 4));
}

function overlap(a, b) {
  const wide = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const high = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const both = Math.max(0, wide) * Math.max(0, high);
  return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both);
}

// nnlib.applications.detection.found: boxes { score, kind, box }, the surest first, each object once.
function found(W, X) {
  const mean = [0, 1, 2].map(
    (c) => X.values.reduce((sum, v, n) => sum + (n % 3 === c ? v : 0), 0) / SIZE ** 2,
  );
  const shifted = { ...X, values: X.values.map((value, n) => 4 * (value - mean[n % 3])) };
  const Y = convolve(trunk(W, shifted), W.K5, W.b5);
  const all = [];
  for (let n = 0; n < CELLS * CELLS; n++) {
    const said = Y.values.subarray(n * Y.channels, (n + 1) * Y.channels);
    const powers = [...said.subarray(5)].map(Math.exp);
    const most = Math.max(...powers);
    const score = (sigmoid(said[0]) * most) / powers.reduce((sum, power) => sum + power, 0);
    const x = ((n % CELLS) + 0.5 + said[1]) * 4;
    const y = (Math.floor(n / CELLS) + 0.5 + said[2]) * 4;
    const [w, h] = [3, 4].map((k) => 6 * Math.exp(clamp(said[k], -2, 2)));
    all.push({ score, kind: powers.indexOf(most), box: [x - w, y - h, x + w, y + h] });
  }
  const kept = [];
  for (const one of all.filter(({ score }) => score > SURE).sort((a, b) => b.score - a.score))
    if (kept.every(({ box }) => overlap(one.box, box) < OVERLAP)) kept.push(one);
  return kept;
}

function sentence(W, X) {
  const shifted = { ...X, values: X.values.map((value) => 4 * (value - 0.45)) };
  return written(W, places(W, trunk(W, shifted)), { start: START, stop: STOP, length: LENGTH });
}

export default widget((figure) => {
  const [detector, speaker] = [unpacked(figure.get("detector")), unpacked(figure.get("speaker"))];
  const [kinds, colours, words] = [figure.get("kinds"), figure.get("colours"), figure.get("words")];
  const names = Object.keys(colours);
  const noise = figure.get("noise");
  const strokes = figure.get("strokes").flat(2);
  const begin = figure.get("shapes").map((one) => ({ ...one }));
  let shapes = begin.map((one) => ({ ...one }));
  let chosen = 0;
  let listened = null; // the number of the word whose attention is shown
  let said = [];
  let scene = image(SIZE, SIZE, 3);

  const top = bar(figure, {
    reset() {
      shapes = begin.map((one) => ({ ...one }));
      chosen = 0;
      listened = null;
      clutter.checked = false;
      figure.set("cluttered", false);
      todo.reset();
      arrived();
    },
  });
  const add = button(top.row, "Add a shape", () => {
    if (shapes.length >= MOST) return;
    shapes.push({ kind: "triangle", colour: "yellow", x: 16, y: 7, r: 5.5, angle: 0 });
    chosen = shapes.length - 1;
    arrived();
  });
  const less = button(top.row, "Take it away", () => {
    if (shapes.length < 2) return;
    shapes.splice(chosen, 1);
    chosen = 0;
    arrived();
  });
  const clutter = check(top.row, "clutter", figure.get("cluttered"), (on) => {
    figure.set("cluttered", on);
    arrived();
  });

  const { stage, card } = figure.body();
  const board = painting(stage, "drag a shape, or focus its handle and use the arrow keys", 416);
  const picture = drawing(board.box, SIZE, SIZE, "Shapes with the boxes that the detector finds");
  const frames = svgNode(picture, "g");
  const labels = svgNode(picture, "g"); // over the frames of all boxes
  const grips = Array.from({ length: MOST }, (_, k) => {
    const grip = svgNode(picture, "circle", { r: 0.9, fill: "#fff", stroke: "#000", "stroke-width": 0.25 });
    return handle(grip, {
      label: `shape ${k + 1}`,
      moved: (x, y) => move(k, x, y),
      by: (right, up) => move(k, shapes[k].x + 0.5 * right, shapes[k].y - 0.5 * up),
    });
  });

  htmlNode(card, "div", "nnlib-title", "The sentence");
  const line = htmlNode(card, "div", "nnlib-spoken");
  htmlNode(card, "div", "nnlib-small", "Point at a word or focus it: where it looked stays bright.");
  htmlNode(card, "div", "nnlib-title", "The chosen shape");
  const row = htmlNode(card, "div", "nnlib-row");
  const kindOf = choice(row, "kind", kinds, 0, (k) => alter({ kind: kinds[k] }));
  const colourOf = choice(row, "colour", names, 0, (k) => alter({ colour: names[k] }));
  const range = { min: 4, max: 10, step: 0.5, digits: 1, value: 7 };
  const size = slider(row, { label: "radius", ...range }, (r) => alter({ r }));
  const todo = tasks(card, [
    {
      ask: "Drag the disc below the square. What does the sentence say first then?",
      answer: "The upper shape, and that it is above the other one.",
    },
    {
      ask: "Add a third shape. Who mentions it, the boxes or the sentence?",
      answer: "The boxes. The sentence speaks of two: it never saw three in training.",
    },
    {
      ask: "Choose a ring. What does the sentence call it?",
      answer: "Something that it knows: no sentence in training had the word ring.",
    },
  ]);
  const tell = figure.status(figure.root, 2);

  function move(k, x, y) {
    const { r } = shapes[k];
    chosen = k;
    shapes[k].x = clamp(Math.round(2 * x) / 2, r, SIZE - r);
    shapes[k].y = clamp(Math.round(2 * y) / 2, r, SIZE - r);
    arrived();
  }

  function alter(property) {
    Object.assign(shapes[chosen], property);
    const { x, y } = shapes[chosen];
    move(chosen, x, y);
  }

  function arrived() {
    figure.set(
      "shapes",
      shapes.map((one) => ({ ...one })),
    );
    figure.set("chosen", chosen);
    show();
    const [disc, square] = ["disc", "square"].map((name) => shapes.find((one) => one.kind === name));
    if (disc && square && disc.y - square.y > Math.abs(disc.x - square.x) + 3) todo.reach(0);
    if (shapes.length === MOST) todo.reach(1);
    if (shapes.some((one) => one.kind === "ring")) todo.reach(2);
  }

  function drawn() {
    const X = image(SIZE, SIZE, 3);
    const cluttered = figure.get("cluttered");
    for (let n = 0; n < SIZE * SIZE; n++) {
      const [x, y] = [(n % SIZE) + 0.5, Math.floor(n / SIZE) + 0.5];
      let over = cluttered && strokes[3 * n] >= 0 ? strokes.slice(3 * n, 3 * n + 3) : null;
      for (const one of shapes) {
        const [c, s] = [Math.cos(one.angle) / one.r, Math.sin(one.angle) / one.r];
        const [across, down] = [x - one.x, y - one.y];
        if (INSIDE[one.kind](across * c + down * s, down * c - across * s)) over = colours[one.colour];
      }
      for (let c = 0; c < 3; c++) X.values[3 * n + c] = over ? over[c] : GREY + noise[3 * n + c];
    }
    return X;
  }

  function paint() {
    const looks = listened === null || !said[listened] ? null : said[listened][1];
    const most = looks && Math.max(...looks);
    board.paint(SIZE, SIZE, (n) => {
      const cell = Math.floor(n / SIZE / 4) * CELLS + Math.floor((n % SIZE) / 4);
      const light = looks ? 0.2 + (0.8 * looks[cell]) / most : 1;
      return [0, 1, 2].map((c) => scene.values[3 * n + c] * light);
    });
  }

  function listen(n) {
    listened = n;
    paint();
  }

  function speak() {
    const texts = said.map(([word]) => words[word]).filter((_, n) => said[n][0] !== NOTHING);
    while (line.children.length > texts.length) line.lastChild.remove();
    texts.forEach((text, n) => {
      let word = line.children[n];
      if (!word) {
        word = htmlNode(line, "span", "nnlib-spoken-word");
        focusable(word);
        word.setAttribute("tabindex", "0");
        for (const [on, value] of [
          ["pointerenter", n],
          ["pointerleave", null],
          ["focus", n],
          ["blur", null],
        ])
          word.addEventListener(on, () => listen(value));
      }
      word.textContent = text;
    });
    return texts.join(" ").replace(" .", ".");
  }

  function show() {
    scene = drawn();
    const boxes = found(detector, scene);
    said = sentence(speaker, scene);
    paint();
    frames.replaceChildren();
    labels.replaceChildren();
    for (const { score, kind, box } of boxes) {
      const [x0, y0, x1, y1] = box;
      const frame = { x: x0, y: y0, width: x1 - x0, height: y1 - y0, fill: "none" };
      svgNode(frames, "rect", { ...frame, stroke: "#000", "stroke-width": 0.5 });
      svgNode(frames, "rect", { ...frame, stroke: "#ff8a3d", "stroke-width": 0.25 });
      const label = {
        x: clamp(x0, 0.2, SIZE - 9),
        y: clamp(y0 - 0.4, 1.3, SIZE - 0.3),
        class: "nnlib-box-name",
      };
      svgNode(labels, "text", label, `${kinds[kind]} ${score.toFixed(2)}`);
    }
    grips.forEach((grip, k) => {
      change(grip, { visibility: k < shapes.length ? "visible" : "hidden" });
      if (k >= shapes.length) return;
      const { x, y, kind, colour } = shapes[k];
      put(grip, x, y, x, `${colour} ${kind}, ${x.toFixed(1)} from the left, ${y.toFixed(1)} from the top`);
      change(grip, { fill: k === chosen ? "#ff8a3d" : "#fff" });
    });
    kindOf.selectedIndex = kinds.indexOf(shapes[chosen].kind);
    colourOf.selectedIndex = names.indexOf(shapes[chosen].colour);
    size.move(shapes[chosen].r);
    enable(add, shapes.length < MOST);
    enable(less, shapes.length > 1);
    const named = boxes.map(({ score, kind }) => `${kinds[kind]} ${score.toFixed(2)}`).join(", ");
    tell(`Found: ${named || "nothing"}\nSaid: ${speak()}`);
  }

  figure.follow(["shapes", "chosen", "cluttered"], () => {
    shapes = figure.get("shapes").map((one) => ({ ...one }));
    chosen = clamp(figure.get("chosen"), 0, shapes.length - 1);
    clutter.checked = figure.get("cluttered");
    show();
  });
  show();
});
