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

// A number as the lecture prints it, with a true minus sign and no "-0.00".
function format(value, digits = 2) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size >= 1e5 ? size.toExponential(1) : size.toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
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
  }

  get(name) { return this.model.get(name); }

  // Set a value and tell the kernel, if there is one.
  set(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
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

  // A slider, moved by pointer or arrow keys: `changed(value)` is called for every move.
  slider(row, { label, min, max, step, value, digits = 2, show = (v) => format(v, digits) }, changed) {
    const box = document.createElement("label");
    box.className = "nnlib-slider";
    const name = document.createElement("span");
    name.textContent = label;
    const input = focusable(document.createElement("input"), label);
    Object.assign(input, { type: "range", min, max, step, value });
    const number = document.createElement("output");
    const tell = () => {
      number.textContent = show(Number(input.value));
      input.setAttribute("aria-valuetext", number.textContent);
    };
    input.addEventListener("input", () => { tell(); changed(Number(input.value)); });
    tell();
    box.append(name, input, number);
    row.append(box);
    return { input, move(to) { input.value = to; tell(); } };
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
    return (text) => { line.textContent = text; };
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

  // Drag `node` by pointer: `moved(x, y)` in the units of the picture.
  draggable(node, moved) {
    node.classList.add("nnlib-handle");
    node.addEventListener("pointerdown", (down) => {
      node.setPointerCapture(down.pointerId);
      down.preventDefault();
      const move = (event) => {
        const picture = node.ownerSVGElement;
        const place = new DOMPoint(event.clientX, event.clientY)
          .matrixTransform(picture.getScreenCTM().inverse());
        moved(place.x, place.y);
      };
      node.addEventListener("pointermove", move);
      node.addEventListener("pointerup", () => node.removeEventListener("pointermove", move), { once: true });
    });
  }
}

// Called by anywidget and by a saved page: draw the figure into `el`, and tidy up when it goes.
function present(model, el, draw) {
  const root = document.createElement("div");
  root.className = "nnlib-figure";
  el.append(root);
  const figure = new Figure(model, root);
  draw(figure);
  return () => figure.timers.forEach(clearInterval);
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
