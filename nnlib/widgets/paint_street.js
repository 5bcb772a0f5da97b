import { bar } from "./kit/bar.js";
import { button, slider } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { clamp } from "./kit/numbers.js";
import { tasksBelow } from "./kit/tasks.js";
import { image, turned, unpacked } from "./layers.js";
import { colourOf, painting } from "./kit/painting.js";

const SIZE = 32;

export default widget((figure) => {
  const [street, night] = [unpacked(figure.get("street")), unpacked(figure.get("night"))];
  const classes = figure.get("classes");
  const colours = figure.get("colours");
  const starts = figure.get("starts");
  let labels = [...figure.get("labels")];
  let chosen = figure.get("chosen");
  let brush = figure.get("brush");
  let cursor = [22, 16];
  let strokes = 0;

  const top = bar(figure, {
    reset() {
      begin(figure.get("start"));
      pick(classes.indexOf("car"));
      resize(3);
      todo.reset();
      strokes = 0;
      show("Back at the start.");
    },
  });
  button(top.row, "Another street", () => {
    begin((figure.get("start") + 1) % starts.length);
    show(`Street ${figure.get("start") + 1} of ${starts.length}.`);
  });
  button(top.row, "All sky", () => {
    labels.fill(0);
    figure.set("labels", [...labels]);
    show("An empty plan: every pixel is sky.");
  });

  const row = htmlNode(figure.root, "div", "nnlib-paintings");
  const plan = painting(row, "what each pixel shows: paint here", 290);
  const day = painting(row, "the street, by the first network", 290);
  const dark = painting(row, "at night, by the second network", 290);
  const over = drawing(plan.box, SIZE, SIZE, "A frame on the plan, where the brush paints");
  const mark = svgNode(over, "rect", { fill: "none", stroke: "#fff", "stroke-width": 0.3 });

  const palette = figure.foot();
  palette.setAttribute("role", "group");
  const pots = classes.map((name, k) => {
    const pot = button(palette, `${k + 1} ${name}`, () => pick(k), "nnlib-pot");
    const [red, green, blue] = colours[k].map((value) => Math.round(255 * value));
    pot.style.setProperty("--paint", `rgb(${red}, ${green}, ${blue})`);
    return pot;
  });
  const size = slider(palette, { label: "brush", min: 1, max: 9, step: 2, value: brush, digits: 0 }, resize);
  const say = figure.status(figure.root, 2);
  const todo = tasksBelow(figure, [
    {
      ask: "Paint a car into the sky. Does the network give it windows and a shadow?",
      answer:
        "Yes, if it is large enough: what a car looks like follows from labels nearby, not from its place.",
    },
    {
      ask: "Paint a large building. Where do its windows come from?",
      answer: "They are counted from its left and its upper edge, as in all pictures that were learnt from.",
    },
    {
      ask: "Take all buildings away. What shines at night then?",
      answer: "Nothing but the backs of the cars: the night network lights what it takes for windows.",
    },
  ]);

  focusable(plan.canvas, "plan of the street: arrow keys move, the space bar paints, 1 to 6 choose");
  plan.canvas.setAttribute("tabindex", "0");
  plan.canvas.setAttribute("role", "application");
  plan.canvas.addEventListener("pointerdown", (down) => {
    plan.canvas.setPointerCapture(down.pointerId);
    plan.canvas.focus({ preventScroll: true });
    down.preventDefault();
    let last = place(down);
    stroke(last, last);
    const move = (event) => {
      const now = place(event);
      stroke(last, now);
      last = now;
    };
    const drop = () => {
      plan.canvas.removeEventListener("pointermove", move);
      painted();
    };
    plan.canvas.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) plan.canvas.addEventListener(end, drop, { once: true });
  });
  plan.canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const pot = Number(event.key) - 1;
    if (way) {
      cursor = cursor.map((at, k) => clamp(at + way[k] * (event.shiftKey ? 5 : 1), 0, SIZE - 1));
      aim();
    } else if (event.key === " " || event.key === "Enter") {
      stroke(cursor, cursor);
      painted();
    } else if (pot in classes) pick(pot);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  figure.root.addEventListener("keydown", (event) => {
    const pot = Number(event.key) - 1;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(pot in classes)) return;
    if (event.key === " " || event.target.matches("input, select")) return;
    event.preventDefault();
    pick(pot);
  });

  function place(event) {
    const { left, top: above, width, height } = plan.canvas.getBoundingClientRect();
    const at = [(event.clientY - above) / height, (event.clientX - left) / width];
    return at.map((share) => clamp(Math.floor(share * SIZE), 0, SIZE - 1));
  }

  // Paint with the brush along the way from one pixel to another.
  function stroke(from, to) {
    const steps = Math.max(1, Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]));
    const reach = (brush - 1) / 2;
    for (let n = 0; n <= steps; n++) {
      const [y, x] = from.map((at, k) => Math.round(at + ((to[k] - at) * n) / steps));
      for (let i = Math.max(0, y - reach); i <= Math.min(SIZE - 1, y + reach); i++)
        for (let j = Math.max(0, x - reach); j <= Math.min(SIZE - 1, x + reach); j++)
          labels[i * SIZE + j] = chosen;
    }
    cursor = to;
    show();
  }

  // A stroke has ended.
  function painted() {
    strokes += 1;
    figure.set("labels", [...labels]);
    const count = (name, test = () => true) =>
      labels.filter((k, n) => classes[k] === name && test(Math.floor(n / SIZE))).length;
    if (classes[chosen] === "car" && count("car", (y) => y < 10) >= 6) todo.reach(0);
    if (classes[chosen] === "building" && count("building") >= 200) todo.reach(1);
    if (count("building") === 0) todo.reach(2);
    show();
  }

  function begin(number) {
    figure.set("start", number);
    labels = [...starts[number]];
    figure.set("labels", [...labels]);
  }

  function pick(k) {
    chosen = k;
    figure.set("chosen", k);
    mindPots();
  }

  function mindPots() {
    pots.forEach((pot, n) => pot.setAttribute("aria-pressed", n === chosen));
  }

  function resize(to) {
    brush = to;
    figure.set("brush", to);
    size.move(to);
    aim();
  }

  function aim() {
    const [y, x] = cursor.map((at) => at - (brush - 1) / 2);
    change(mark, { x, y, width: brush, height: brush });
  }

  // The plan at once, the networks' pictures in the next frame: several strokes wait for one answer.
  let waiting = null;
  figure.leaving.push(() => cancelAnimationFrame(waiting));
  function show(words = "") {
    plan.paint(SIZE, SIZE, (n) => colours[labels[n]]);
    aim();
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => answer(words));
  }

  function answer(words) {
    const one = image(SIZE, SIZE, classes.length);
    labels.forEach((k, n) => (one.values[n * classes.length + k] = 1));
    const begun = performance.now();
    const lit = turned(street, one);
    const unlit = turned(night, lit);
    const took = performance.now() - begun;
    day.paint(SIZE, SIZE, colourOf(lit));
    dark.paint(SIZE, SIZE, colourOf(unlit));
    const mean = ({ values }) => (values.reduce((sum, v) => sum + v, 0) / values.length).toFixed(3);
    const much = `Mean brightness ${mean(lit)} by day, ${mean(unlit)} by night`;
    say(`${much}; both networks took ${took.toFixed(0)} ms.\n${words || drawn()}`);
  }

  const drawn = () =>
    strokes ? `${strokes} strokes.` : "Paint: drag on the plan, or focus it and use keys.";

  figure.follow(["labels", "chosen", "brush"], () => {
    labels = [...figure.get("labels")];
    chosen = figure.get("chosen");
    brush = figure.get("brush");
    size.move(brush);
    mindPots();
    show();
  });
  mindPots();
  show();
});
