// Eight pictures of nnlib.applications.painted_functions; the reader chooses which have children.

import { bar } from "./kit/bar.js";
import { button, slider } from "./kit/controls.js";
import { htmlNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { tasks } from "./kit/tasks.js";

const [SIZE, LARGE] = [72, 288];
const SCALE = 1.6; // as in Python: the standard deviation of a weight times the root of the inputs

export default widget((figure) => {
  let genes = figure.get("genes");
  let chosen = new Set(figure.get("chosen"));
  let change = 0.15;
  let past = [];
  let shown = 0;
  let mixed = false;

  const top = bar(figure, {
    reset() {
      past = [];
      [change, mixed] = [0.15, false];
      amount.move(change);
      todo.reset();
      become(figure.get("start"), 0, []);
    },
    back() {
      const before = past.pop();
      if (before) become(before.genes, figure.get("generation") - 1, before.chosen);
    },
    next: breed,
    names: { back: "Parents again", next: "Breed" },
  });
  button(top.row, "Strangers", () => {
    remember();
    become(genes.map(stranger), figure.get("generation") + 1, []);
  });
  const amount = slider(top.row, { label: "change", min: 0, max: 0.6, step: 0.05, value: change }, (to) => {
    change = to;
  });

  const { stage, card } = figure.body();
  const grid = htmlNode(stage, "div", "nnlib-brood");
  const frames = genes.map((_, n) => {
    const frame = button(grid, "", () => choose(n), "nnlib-portrait");
    const canvas = htmlNode(frame, "canvas");
    Object.assign(canvas, { width: SIZE, height: SIZE });
    focusable(frame, `picture ${n + 1}`);
    for (const kind of ["pointerenter", "focus"]) frame.addEventListener(kind, () => enlarge(n));
    return { frame, canvas };
  });
  const caption = htmlNode(card, "div", "nnlib-small", "");
  const large = htmlNode(card, "canvas", "nnlib-large");
  Object.assign(large, { width: LARGE, height: LARGE });
  large.setAttribute("role", "img");
  const todo = tasks(card, [
    {
      ask: "Choose two and breed. Will a child look like the mean of both?",
      answer: "No: it has whole neurons of each, and what they paint together is new.",
    },
    {
      ask: "Breed one picture alone, five times, by small steps. Where do you get?",
      answer: "Where you wanted: nobody computed a gradient, your eye chose.",
    },
  ]);
  const say = figure.status(figure.root, 2);
  let alone = 0;

  function choose(n) {
    if (!chosen.delete(n)) chosen.add(n);
    figure.set("chosen", [...chosen]);
    mark();
  }

  function remember() {
    past.push({ genes, chosen: [...chosen] });
  }

  // Parents stay, in the first places; all others are born.
  function breed() {
    const parents = [...chosen].map((n) => genes[n]);
    if (!parents.length) return say("Choose one picture or several first: click them, or press Enter.");
    remember();
    mixed = parents.length > 1;
    alone = mixed ? 0 : alone + 1;
    const any = () => parents[Math.floor(Math.random() * parents.length)];
    const born = genes.map((_, n) => (n < parents.length ? parents[n] : child(any(), any())));
    become(born, figure.get("generation") + 1, []);
    if (mixed) todo.reach(0);
    if (alone >= 5) todo.reach(1);
  }

  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

  // Each neuron from one of two parents, and a small change of all its weights.
  function child(one, other) {
    const made = {};
    for (const [name, rows] of Object.entries(one))
      made[name] = rows.map((row, j) => {
        const from = Math.random() < 0.5 ? row : other[name][j];
        return from.map((w) => w + ((change * SCALE) / Math.sqrt(row.length)) * normal());
      });
    return made;
  }

  function stranger(like) {
    const made = {};
    for (const [name, rows] of Object.entries(like))
      made[name] = rows.map((row) => row.map(() => (SCALE / Math.sqrt(row.length)) * normal()));
    return made;
  }

  function become(newGenes, generation, parents) {
    genes = newGenes;
    chosen = new Set(parents);
    figure.set("genes", genes);
    figure.set("generation", generation);
    figure.set("chosen", [...chosen]);
    show();
  }

  function enlarge(n) {
    shown = n;
    paint(large, genes[n], LARGE / 2);
    caption.textContent = `picture ${n + 1}, larger: point at another`;
    large.setAttribute("aria-label", `picture ${n + 1}`);
  }

  function mark() {
    frames.forEach(({ frame }, n) => frame.setAttribute("aria-pressed", chosen.has(n)));
    top.can("back", past.length > 0);
    top.can("next", chosen.size > 0);
    const list = [...chosen].map((n) => n + 1).sort();
    const parents = list.length ? `Chosen: ${list.join(", ")}.` : "Choose parents.";
    const neurons = Object.entries(genes[0]).reduce((sum, [, rows]) => sum + rows.length, 0);
    say(
      `Generation ${figure.get("generation")}. ${parents}\nEach picture is a network of ${neurons} neurons.`,
    );
  }

  function show() {
    frames.forEach(({ canvas }, n) => paint(canvas, genes[n], SIZE));
    enlarge(shown);
    mark();
  }

  figure.follow(["genes", "chosen", "generation"], () => {
    genes = figure.get("genes");
    chosen = new Set(figure.get("chosen"));
    show();
  });
  show();
});

// Paint a canvas with size x size pixels of the network.
function paint(canvas, genes, size) {
  Object.assign(canvas, { width: size, height: size });
  const layers = Object.keys(genes).filter((name) => name !== "V");
  const context = canvas.getContext("2d");
  const image = context.createImageData(size, size);
  for (let row = 0, at = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const [x, y] = [column, row].map((k) => -1 + (2 * k) / (size - 1));
      let values = [2 * x, 2 * y, 2 * Math.hypot(x, y), 1];
      for (const name of layers)
        values = genes[name].map((weights, j) => {
          const a = weighted(weights, values);
          return j % 4 === 0 ? Math.sin(2 * a) : Math.tanh(a);
        });
      for (const weights of genes.V) image.data[at++] = 255 / (1 + Math.exp(-2 * weighted(weights, values)));
      image.data[at++] = 255;
    }
  context.putImageData(image, 0, 0);
}

function weighted(weights, values) {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] * values[i];
  return sum;
}
