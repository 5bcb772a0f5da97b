// What every live figure is made of. A figure's own file follows and defines draw(figure).

const SVG = "http://www.w3.org/2000/svg";

// A node below `parent`: svgNode(figure.picture, "circle", { cx: 1, cy: 2, r: 3 }).
function svgNode(parent, tag, attributes = {}, words = null) {
  const node = document.createElementNS(SVG, tag);
  change(node, attributes);
  if (words !== null) write(node, words);
  parent.append(node);
  return node;
}

function change(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

// Words with subscripts: "w_ji x_i". An underscore lowers what follows, up to a space.
function write(node, words) {
  node.replaceChildren();
  let lowered = false;
  for (const part of words.split(/(_\S+)/)) {
    if (!part) continue;
    const span = document.createElementNS(SVG, "tspan");
    const below = part.startsWith("_");
    span.textContent = below ? part.slice(1) : part;
    if (below) change(span, { dy: 4, "font-size": "72%" });
    else if (lowered) change(span, { dy: -4 });
    lowered = below;
    node.append(span);
  }
}

// The same for a page: the node becomes `words` with subscripts of letters and digits.
function lower(node, words) {
  node.replaceChildren(...words.split(/(_[A-Za-z0-9′]+)/).filter(Boolean).map((part) => {
    if (!part.startsWith("_")) return part;
    const below = document.createElement("sub");
    below.textContent = part.slice(1);
    return below;
  }));
  return node;
}

// A node of the page below `parent`: htmlNode(root, "div", "nnlib-card").
function htmlNode(parent, tag, className = "", words = "") {
  const node = document.createElement(tag);
  node.className = className;
  lower(node, words);
  parent.append(node);
  return node;
}

// A number as the lecture prints it, with a true minus sign and no "-0.00".
function format(value, digits = 2) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size >= 1e5 ? size.toExponential(1).replace("+", "") : size.toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// The next of 1, 2, 5, 10, 20 ... that is not smaller: for ticks and steps.
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= value * 0.999);
}

// How many digits after the point a number with this step needs.
const digitsOf = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

// Where a value between low and high lies between two places, and back.
function scale([low, high], [from, to]) {
  const map = (value) => from + ((value - low) / (high - low)) * (to - from);
  map.back = (place) => low + ((place - from) / (to - from)) * (high - low);
  return Object.assign(map, { low, high, from, to });
}

// A plane with axes: px and py are its scales, and what is drawn into `layer` is cut at its frame.
function plane(picture, { x, y, names, left = 44, top = 8, width = 286, height = 286 }) {
  const px = scale(x, [left, left + width]), py = scale(y, [top + height, top]);
  const frame = { x: left, y: top, width, height };
  svgNode(picture, "rect", { ...frame, fill: "none", stroke: "var(--faint)" });
  const middle = { "text-anchor": "middle" }, bottom = top + height;
  svgNode(picture, "text", { x: left + width / 2, y: bottom + 32, ...middle }, names[0]);
  svgNode(picture, "text", { x: left - 34, y: top + height / 2 + 5, ...middle }, names[1]);
  const tick = (at, value, digits, lines, words) => {
    svgNode(picture, "line", { stroke: "var(--faint)", ...lines });
    svgNode(picture, "text", { class: "nnlib-small", ...words }, format(value, digits));
  };
  for (const value of ticks(px)) {
    const at = px(value);
    tick(at, value, ticks(px).digits, { x1: at, x2: at, y1: bottom, y2: bottom + 5 }, { x: at, y: bottom + 16, ...middle });
  }
  for (const value of ticks(py)) {
    const at = py(value);
    tick(at, value, ticks(py).digits, { x1: left - 5, x2: left, y1: at, y2: at }, { x: left - 7, y: at + 3.5, "text-anchor": "end" });
  }
  return { px, py, layer: svgNode(picture, "svg", { ...frame, viewBox: Object.values(frame).join(" ") }) };
}

// About six round numbers between the ends of a scale, and the digits they need.
function ticks({ low, high }) {
  const step = nice((high - low) / 6), first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  const values = Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
  return Object.assign(values, { digits: digitsOf(step) });
}

// Everything that takes the focus also keeps JupyterLab's one-key commands away (d d, a, b, x).
function focusable(node, label) {
  node.setAttribute("data-lm-suppress-shortcuts", "true");
  if (label) node.setAttribute("aria-label", label);
  return node;
}

class Figure {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.timers = new Set();
    this.followed = [];
    this.setting = false;
    this.unsaved = false;
  }

  get(name) { return this.model.get(name); }

  // Set a value and tell the kernel, if there is one: once for all that is set in one go.
  set(name, value) {
    this.setting = true;
    this.model.set(name, value);
    this.setting = false;
    if (this.unsaved) return;
    this.unsaved = true;
    queueMicrotask(() => { this.unsaved = false; this.model.save_changes(); });
  }

  // Call `redraw()` when Python or another view of the same figure sets one of these values.
  follow(names, redraw) {
    for (const name of names) {
      const listener = () => { if (!this.setting) redraw(); };
      this.model.on(`change:${name}`, listener);
      this.followed.push([`change:${name}`, listener]);
    }
  }

  // The view goes: nothing of it may go on.
  leave() {
    this.timers.forEach(clearInterval);
    for (const [event, listener] of this.followed) this.model.off(event, listener);
    this.theme?.disconnect();
    this.arrival?.disconnect();
  }

  // Call `redraw()` when JupyterLab changes between light and dark: for colours that CSS cannot reach.
  // And once when the figure has come into the page: before that it has no colours of a theme.
  onTheme(redraw) {
    this.theme = new MutationObserver(redraw);
    this.theme.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
    this.arrival = new ResizeObserver(() => { this.arrival.disconnect(); redraw(); });
    this.arrival.observe(this.root);
  }

  // The drawing area; `label` says what is to be seen.
  drawing(width, height, label) {
    const picture = document.createElementNS(SVG, "svg");
    change(picture, { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label });
    this.root.append(picture);
    return picture;
  }

  row() {
    const row = document.createElement("div");
    row.className = "nnlib-row";
    this.root.append(row);
    return row;
  }

  // A slider, moved by pointer or arrow keys: `changed(value)` is called for every move. An
  // underscore in its label lowers what follows.
  slider(row, { label, min, max, step, value, digits = 2, show = (v) => format(v, digits) }, changed) {
    const box = document.createElement("label");
    box.className = "nnlib-slider";
    const name = lower(document.createElement("span"), label);
    const input = focusable(document.createElement("input"), name.textContent);
    Object.assign(input, { type: "range", min, max, step, value });
    const number = document.createElement("output");
    const tell = (now) => {
      number.textContent = show(now);
      input.setAttribute("aria-valuetext", number.textContent);
    };
    input.addEventListener("input", () => { tell(Number(input.value)); changed(Number(input.value)); });
    tell(value);
    box.append(name, input, number);
    row.append(box);
    // The thumb keeps to the steps of the slider; the number that is shown is the true one.
    return { input, move(to) { input.value = to; tell(to); } };
  }

  button(row, label, pressed) {
    const button = focusable(document.createElement("button"));
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", pressed);
    row.append(button);
    return button;
  }

  // A choice among names: `changed(index)`.
  choice(row, label, names, chosen, changed) {
    const box = document.createElement("label");
    box.className = "nnlib-slider";
    const name = document.createElement("span");
    name.textContent = label;
    const select = focusable(document.createElement("select"), label);
    names.forEach((text, index) => select.append(new Option(text, index, false, index === chosen)));
    select.addEventListener("change", () => changed(select.selectedIndex));
    box.append(name, select);
    row.append(box);
    return select;
  }

  // The line below the picture. It is read aloud when it changes.
  status() {
    const line = document.createElement("div");
    line.className = "nnlib-status";
    line.setAttribute("role", "status");
    this.root.append(line);
    return (text) => lower(line, text);
  }

  // Steps while playing, about `rate` a second, until `step()` returns false.
  player(row, step, rate = 10) {
    const start = "Play", stop = "Pause";
    let timer = null;
    const pause = () => {
      clearInterval(timer);
      this.timers.delete(timer);
      timer = null;
      button.textContent = start;
    };
    const button = this.button(row, start, () => {
      if (timer !== null) return pause();
      button.textContent = stop;
      timer = setInterval(() => { if (step() === false) pause(); }, 1000 / rate);
      this.timers.add(timer);
    });
    return { pause() { if (timer !== null) pause(); } };
  }

  // Drag `node` by pointer: `moved(x, y)` in the units of the picture. The same by keyboard: Tab
  // reaches it, and an arrow key calls `by(right, up)` with -1, 0 or 1 (with Shift, 10).
  handle(node, { label, moved, by }) {
    node.classList.add("nnlib-handle");
    change(focusable(node, label), { tabindex: 0, role: "slider" });
    node.ownerSVGElement.setAttribute("role", "group");  // an image has no parts to focus
    node.addEventListener("pointerdown", (down) => {
      node.setPointerCapture(down.pointerId);
      node.focus();
      down.preventDefault();
      const move = (event) => {
        const place = new DOMPoint(event.clientX, event.clientY)
          .matrixTransform(node.ownerSVGElement.getScreenCTM().inverse());
        moved(place.x, place.y);
      };
      const drop = () => node.removeEventListener("pointermove", move);
      node.addEventListener("pointermove", move);
      for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, drop, { once: true });
    });
    node.addEventListener("keydown", (event) => {
      const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      if (!(event.key in ways)) return;
      event.preventDefault();
      by(...ways[event.key].map((way) => way * (event.shiftKey ? 10 : 1)));
    });
    return node;
  }

  // Put a handle at a place, and say its value to those who do not see it.
  place(handle, x, y, value, words = format(value)) {
    change(handle, { cx: x, cy: y, "aria-valuenow": value, "aria-valuetext": words });
  }
}

// Called by anywidget and by a saved page: draw the figure into `el`, and tidy up when it goes.
function present(model, el, draw) {
  const root = document.createElement("div");
  root.className = "nnlib-figure";
  el.append(root);
  const figure = new Figure(model, root);
  draw(figure);
  return () => figure.leave();
}
