// Nodes of the page and of pictures, and words with subscripts in both.

const SVG = "http://www.w3.org/2000/svg";

export function change(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

// A node of a picture below `parent`: svgNode(picture, "circle", { cx: 1, cy: 2, r: 3 }).
export function svgNode(parent, tag, attributes = {}, words = null) {
  const node = document.createElementNS(SVG, tag);
  change(node, attributes);
  if (words !== null) write(node, words);
  parent.append(node);
  return node;
}

// A node of the page below `parent`: htmlNode(card, "div", "nnlib-small", "inputs").
export function htmlNode(parent, tag, className = "", words = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  lower(node, words);
  parent.append(node);
  return node;
}

// A picture of this size; `label` says what is to be seen in it.
export function drawing(parent, width, height, label) {
  return svgNode(parent, "svg", {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": label,
  });
}

// An underscore lowers the letters and digits that follow it, or what stands in braces:
// "w_ji x_i", "δ_{h_1}". Pairs [text, whether it is lowered].
function pieces(words) {
  const taken = [];
  for (const part of words.split(/(_\{[^}]*\}|_[\p{L}\d′]+)/u)) {
    if (part.startsWith("_"))
      taken.push([part.slice(1).replace(/[{} ]/g, "").replace(/_(\d)/g, below), true]);
    else if (part) taken.push([part, false]);
  }
  return taken;
}

const below = (_, digit) => "₀₁₂₃₄₅₆₇₈₉"[digit];

// Words of a picture: the text node says `words`.
export function write(node, words) {
  node.replaceChildren();
  let lowered = false;
  for (const [text, low] of pieces(words)) {
    const span = document.createElementNS(SVG, "tspan");
    span.textContent = text;
    if (low) change(span, { dy: 4, "font-size": "75%" });
    else if (lowered) change(span, { dy: -4 });
    lowered = low;
    node.append(span);
  }
}

// Words of the page: the node says `words`.
export function lower(node, words) {
  node.replaceChildren();
  for (const [text, low] of pieces(words)) {
    if (!low) node.append(text);
    else node.append(Object.assign(document.createElement("sub"), { textContent: text }));
  }
  return node;
}

// Keep the height of the tallest of what `node` will hold, so that nothing below it jumps: copies of
// all of it, made by `fill(ghost)`, are measured whenever the width changes, and taken away.
export function keepHeight(node, fill) {
  let width = 0;
  const measure = () => {
    if (node.clientWidth === width) return;
    width = node.clientWidth;
    const ghost = htmlNode(node.parentNode, "div", "nnlib-ghost");
    ghost.style.width = `${node.offsetWidth}px`;
    fill(ghost);
    node.style.minHeight = `${Math.ceil(ghost.getBoundingClientRect().height)}px`;
    ghost.remove();
  };
  new ResizeObserver(measure).observe(node);
}
