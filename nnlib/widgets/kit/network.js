// A network that Python drew (network_picture.py) comes to life: each node and each weight can be
// pointed at, clicked and focused. Tab reaches the picture; up and down go from part to part.

import { change, svgNode } from "./dom.js";
import { focusable } from "./figure.js";
import { mount, named } from "./picture.js";

// Where one is after a share of a line or of a curve with four points. (A picture that is not in the
// page yet has no lengths to ask for.)
function pathOf(wire) {
  if (wire.tagName === "line") {
    const [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map((name) => Number(wire.getAttribute(name)));
    return (s) => ({ x: x1 + s * (x2 - x1), y: y1 + s * (y2 - y1) });
  }
  const numbers = wire
    .getAttribute("d")
    .match(/-?[\d.]+/g)
    .map(Number);
  const along = (from, s) => {
    const weights = [(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s * s * (1 - s), s ** 3];
    return weights.reduce((sum, weight, k) => sum + weight * numbers[from + 2 * k], 0);
  };
  return (s) => ({ x: along(0, s), y: along(1, s) });
}

// `markup` is the SVG; `pointed(key, how)` hears "hover" or "focus" of a part. A node is called
// "layer.j", the weight from input i "layer.j.i", the bias is the weight after the last, the error "E".
export function network(figure, parent, markup, pointed = () => {}) {
  const { picture, parts } = mount(parent, markup);
  picture.setAttribute("role", "group"); // an image has no parts to focus
  const labels = named(picture, "data-label");
  const layer = picture.querySelector(".nnlib-travel");
  const order = (key) => (key === "E" ? 2.5 : key.split(".").length);
  const keys = [...parts.keys()].filter((key) => !key.startsWith("E.")).sort((a, b) => order(a) - order(b));
  const numberOf = (key) => (labels.get(key) ?? parts.get(key)).querySelector(".nnlib-number");
  let current = keys[0];
  let travelled = -1000;

  for (const key of keys) {
    const group = parts.get(key);
    change(focusable(group, key), { tabindex: key === current ? 0 : -1, role: "img" });
    group.addEventListener("pointerenter", () => pointed(key, "hover"));
    group.addEventListener("click", () => group.focus());
    group.addEventListener("focus", () => {
      change(parts.get(current), { tabindex: -1 });
      current = key;
      change(group, { tabindex: 0 });
      pointed(key, "focus");
    });
  }
  picture.addEventListener("keydown", (event) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    parts.get(keys[(keys.indexOf(current) + way + keys.length) % keys.length]).focus();
  });

  // Words in a pill or a circle: what is too long for it becomes narrower.
  function fit(text, words, most, width) {
    text.textContent = words;
    if (words.length > most) change(text, { textLength: width, lengthAdjust: "spacingAndGlyphs" });
    else text.removeAttribute("textLength");
  }
  const both = (key) => [parts.get(key), labels.get(key)].filter(Boolean);
  const mark = (key, name, on) => both(key).forEach((group) => group.classList.toggle(name, on));

  return {
    picture,
    keys,
    // The number in a node or on a weight.
    write(key, words) {
      const node = key.split(".").length < 3;
      const bias = !node && !labels.has(key);
      fit(numberOf(key), bias ? `b ${words}` : words, bias ? 8 : 6, bias ? 52 : node ? 46 : 36);
    },
    // What stands above a node; nothing for "".
    above(key, words) {
      const group = parts.get(key).querySelector(".nnlib-above");
      group.setAttribute("visibility", words ? "visible" : "hidden");
      fit(group.querySelector("text"), words, 9, 74);
    },
    target(words) {
      picture.querySelector(".nnlib-target").textContent = words;
    },
    // What a part is called when it is read aloud.
    speak: (key, words) => parts.get(key).setAttribute("aria-label", words),
    // The sign of a weight by colour and dashes.
    sign: (key, value) => mark(key, "nnlib-negative", value < 0),
    // Light these parts up, and ring those that are wrong.
    light(lit, wrong = []) {
      for (const key of parts.keys()) {
        mark(key, "nnlib-lit", lit.includes(key));
        mark(key, "nnlib-wrong", wrong.includes(key));
      }
    },
    // Numbers on their way along weights or paths to E: [{ key, words, back }]. Each comes to rest on
    // its path: at once where the reader asks for calm, or steps faster than the numbers move.
    travel(list) {
      const hurried = performance.now() - travelled < 500;
      travelled = performance.now();
      layer.replaceChildren();
      for (const { key, words, back } of list) {
        const rest = key.startsWith("E") ? 0.5 : 0.3;
        const at = pathOf(parts.get(key).querySelector(".nnlib-wire"));
        const end = at(rest);
        const group = svgNode(layer, "g", { transform: `translate(${end.x} ${end.y})` });
        svgNode(group, "circle", { r: 5, class: "nnlib-dot" });
        // Above the path, on the side where the path is not.
        const rise = at(rest).y - at(rest + 0.01).y;
        const [aside, anchor] = Math.abs(rise) < 0.1 ? [0, "middle"] : rise > 0 ? [7, "end"] : [-7, "start"];
        if (words)
          svgNode(group, "text", { x: aside, y: -9, "text-anchor": anchor, class: "nnlib-term" }, words);
        if (figure.calm || hurried) continue;
        const steps = Array.from({ length: 9 }, (_, k) => {
          const { x, y } = at((back ? 1 : 0) + ((rest - (back ? 1 : 0)) * k) / 8);
          return { transform: `translate(${x}px, ${y}px)` };
        });
        group.animate(steps, { duration: 450, easing: "ease-out" });
      }
    },
  };
}
