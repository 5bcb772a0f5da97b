// The frame of a figure: its values, its three rows (bar, body, foot), its keys, its theme.

import { htmlNode, lower } from "./dom.js";

// What takes the focus keeps JupyterLab's one-key commands away: d d would delete the cell.
export function focusable(node, label) {
  node.setAttribute("data-lm-suppress-shortcuts", "true");
  if (label) node.setAttribute("aria-label", label);
  return node;
}

export class Figure {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.leaving = [];
    this.setting = false;
    this.unsaved = false;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    letCombinationsThrough(this);
  }

  get(name) {
    return this.model.get(name);
  }

  // Set a value and tell the kernel, if there is one: once for all that is set in one go.
  set(name, value) {
    this.setting = true;
    this.model.set(name, value);
    this.setting = false;
    if (this.unsaved) return;
    this.unsaved = true;
    queueMicrotask(() => {
      this.unsaved = false;
      this.model.save_changes();
    });
  }

  // Call `redraw()` when Python or another view of the same figure sets one of these values.
  follow(names, redraw) {
    for (const name of names) {
      const listener = () => this.setting || redraw();
      this.model.on(`change:${name}`, listener);
      this.leaving.push(() => this.model.off(`change:${name}`, listener));
    }
  }

  // Call `redraw()` when the theme changes, for colours that CSS cannot reach, and once when the
  // figure has come into the page: before that it has no colours.
  onTheme(redraw) {
    const theme = new MutationObserver(redraw);
    theme.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", redraw);
    const arrival = new ResizeObserver(() => {
      arrival.disconnect();
      redraw();
    });
    arrival.observe(this.root);
    this.leaving.push(
      () => theme.disconnect(),
      () => arrival.disconnect(),
      () => system.removeEventListener("change", redraw),
    );
  }

  // The middle of the figure: `stage` for pictures on the left, `card` for words on the right.
  body() {
    const body = htmlNode(this.root, "div", "nnlib-body");
    return { stage: htmlNode(body, "div", "nnlib-stage"), card: htmlNode(body, "div", "nnlib-card") };
  }

  // A row of controls below the body.
  foot() {
    return htmlNode(this.root, "div", "nnlib-row nnlib-foot");
  }

  // A line of words that is read aloud when it changes, with space for so many lines. Returns a
  // function that says the words.
  status(parent = this.root, lines = 1) {
    const line = htmlNode(parent, "div", "nnlib-status");
    line.setAttribute("role", "status");
    line.style.minHeight = `${1.5 * lines}em`;
    return (words) => lower(line, words);
  }

  // The view goes: nothing of it may go on.
  leave() {
    for (const end of this.leaving) end();
  }
}

// Keys in combination are JupyterLab's also where single keys are ours: Ctrl+S saves. It looks for
// the attribute when the key comes to the document, so it is taken away before that.
function letCombinationsThrough(figure) {
  const before = (event) => {
    if (!(event.ctrlKey || event.metaKey || event.altKey) || !figure.root.contains(event.target)) return;
    const writing = event.target.matches("input[type=text], input[type=number]");
    if (writing && /^([acvxzy]|Arrow.*|Home|End|Backspace|Delete)$/i.test(event.key)) return;
    const owner = event.target.closest("[data-lm-suppress-shortcuts]");
    owner?.removeAttribute("data-lm-suppress-shortcuts");
    setTimeout(() => owner?.setAttribute("data-lm-suppress-shortcuts", "true"));
  };
  window.addEventListener("keydown", before, true);
  figure.leaving.push(() => window.removeEventListener("keydown", before, true));
}

// What anywidget and a saved page call: export default widget((figure) => { ... });
export function widget(draw) {
  return {
    render({ model, el }) {
      const figure = new Figure(model, htmlNode(el, "div", "nnlib-figure"));
      draw(figure);
      return () => figure.leave();
    },
  };
}
