// Backpropagation node by node. The steps and the picture come from Python; every number is computed
// here, so that it follows an edit at once.

import { backpropagateBatch, descend } from "./kit/backpropagation.js";
import { bar } from "./kit/bar.js";
import { button, check, choice, slider } from "./kit/controls.js";
import { htmlNode, keepHeight } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { network } from "./kit/network.js";
import { brief, clamp, format, short, shown } from "./kit/numbers.js";
import { tasksBelow } from "./kit/tasks.js";
import { stepCard } from "./step_card.js";
import { flat, stepEditor } from "./step_editor.js";
import { fill, lookUp, total } from "./step_places.js";
import { shareTable } from "./step_shares.js";

const PARTS = ["Forward", "Error", "Deltas", "Gradient"];
const EDITED = "Your numbers belong to the values before this edit; Reset brings those back.";

export default widget((figure) => {
  const [steps, names, error] = [figure.get("steps"), figure.get("names"), figure.get("error")];
  const activations = figure.get("activations");
  const places = new Map(steps.map((step, index) => [step.place, index]));
  const traits = ["weights", "inputs", "targets", "alpha", "sample"];
  const start = traits.map((name) => [name, figure.get(name)]);
  const N = figure.get("inputs").length;
  const last = names.length - 1;
  let [computed, path, dropped, online, wantsPrediction] = [null, [], false, false, false];
  let alone = 0; // numbers that were predicted one after the other without Reveal

  const compute = (weights = figure.get("weights")) =>
    backpropagateBatch(weights, activations, figure.get("inputs"), figure.get("targets"), error);
  const sample = () => figure.get("sample");
  const position = () => figure.get("position");
  const at = (place) => lookUp(computed, place, sample());
  const text = (place) => fill(steps[places.get(place)].numbers, computed, sample());

  const top = bar(figure, {
    reset() {
      for (const [name, value] of start) figure.set(name, value);
      [path, dropped, alone] = [[], false, 0];
      todo.reset();
      go(-steps.length);
      refresh(true);
      say("As at the start.");
    },
    back: () => go(-1),
    next: () => go(1),
    step: () => go(1) && position() < steps.length - 1,
    ends: (way) => go(way * steps.length),
    rate: 1,
    parts: PARTS,
  });
  check(top.row, "predict first", false, (ticked) => {
    wantsPrediction = ticked;
    show(true);
  });
  const banner = htmlNode(figure.root, "div", "nnlib-banner");
  banner.setAttribute("role", "status");
  const { stage, card } = figure.body();
  stage.classList.add("nnlib-steps-network");
  const net = network(figure, stage, figure.get("markup"), (key, how) => {
    detail(details(key));
    if (how === "focus") editor.choose(key);
  });
  const detail = figure.status(stage, 2);
  stage.lastChild.classList.add("nnlib-detail");
  const step = stepCard(
    card,
    () => show(false),
    () => go(1),
  );

  const foot = figure.foot();
  let samples = null;
  if (N > 1) {
    const numbers = Array.from({ length: N }, (_, n) => String(n + 1));
    samples = choice(foot, "sample", numbers, sample(), (n) => {
      figure.set("sample", n);
      refresh(true);
    });
  }
  const editor = stepEditor(figure, foot, { names, error, activations }, edited, (words) => say(words));
  const rates = { label: "α", min: 0.01, max: 1, step: 0.01, value: figure.get("alpha") };
  const rate = slider(foot, rates, (value) => figure.set("alpha", value));
  if (N > 1) {
    choice(foot, "learning", ["batch", "online"], 0, (index) => {
      online = index === 1;
    });
  }
  button(foot, "Update weights", update);
  const said = htmlNode(figure.root, "div", "nnlib-steps-said");
  const say = figure.status(said);
  const own = htmlNode(said, "div", "nnlib-steps-under nnlib-small");
  own.textContent = figure.get("disagreement").says
    ? "Checked: what you handed in, number by number, in the order in which it is computed."
    : "Yours too: step_through(network, x, t, deltas=…, gradients=…) opens at your first wrong number.";
  const todo = tasksBelow(
    figure,
    [
      {
        ask: "Predict three numbers in a row, without Reveal.",
        answer: "You can do backpropagation by hand.",
      },
      {
        ask: "Find an α with which Update weights makes E rise.",
        answer: "Too long a step leads up the other side.",
      },
    ],
    { headed: false },
  );
  const table = N > 1 ? shareTable(figure.root) : null;

  // Another step; whether it was possible.
  function go(way) {
    if (way > 0 && step.hidden()) {
      step.field.say("Type the number and press Enter, or press Reveal.");
      return false;
    }
    const next = clamp(position() + way, 0, steps.length - 1);
    if (next === position()) return false;
    figure.set("position", next);
    say(
      next === steps.length - 1 ? "Done: every derivative of E is known. Update weights makes a step." : "",
    );
    show(true);
    return true;
  }

  // Whether a number may be seen: who predicts sees what came before.
  function open(place) {
    if (!wantsPrediction) return true;
    const index = places.get(place);
    return index < position() || (index === position() && !step.hidden());
  }
  const reached = (place) => places.get(place) <= position() && open(place);

  // What is told of a part of the picture that is pointed at.
  function details(key) {
    if (key === "E") return open("En") ? `E = ${shown(at("En"))}` : "E comes later";
    const [layer, j, i] = key.split(".").map(Number);
    const name = flat(names[layer][j]);
    if (i !== undefined) return weight(key, layer, j, i);
    if (layer === 0) return `${name} = ${shown(at(`x.1.${j}`))}`;
    const lines = [`${name}:`];
    const later = (place, words) => lines.push(open(place) ? words() : "");
    later(`a.${key}`, () => `${plain(text(`a.${key}`))} = ${shown(at(`a.${key}`))}`);
    later(`y.${key}`, () => {
      const slope = activations[layer] === "softmax" ? "" : `, g'(a) = ${shown(at(`slope.${key}`))}`;
      return `${name} = g(a) = ${shown(at(`y.${key}`))}${slope}`;
    });
    later(`delta.${key}`, () => `${plain(text(`delta.${key}`))} = ${shown(at(`delta.${key}`))}`);
    if (lines.includes("")) lines.push("its other numbers come later");
    return lines.filter(Boolean).join("\n");
  }

  function weight(key, layer, j, i) {
    const bias = i === names[layer - 1].length;
    const to = flat(names[layer][j]);
    const w = bias ? "b" : "w";
    const name = bias ? `bias of ${to}` : `weight from ${flat(names[layer - 1][i])} to ${to}`;
    const head = `${name}: ${w} = ${shown(at(`W.${key}`))}\n`;
    if (!open(`dW.${key}`)) return `${head}∂E/∂${w} comes later`;
    const [delta, x] = [at(`delta.${layer}.${j}`), at(`x.${layer}.${i}`)];
    const product = [delta, x]
      .map(shown)
      .join(" · ")
      .replace(/· (−.*)/, "· ($1)");
    const share = bias ? `δ = ${shown(delta)}` : `δ · x = ${product} = ${shown(delta * x)}`;
    if (N === 1) return `${head}∂E/∂${w} = ${share}`;
    const sum = shown(at(`dW.${key}`));
    return `${head}∂Eⁿ/∂${w} = ${share}, and over all ${N} samples ∂E/∂${w} = ${sum}`;
  }

  function edited(lists) {
    for (const name in lists) figure.set(name, lists[name]);
    [path, dropped] = [[], true];
    refresh(false);
    say(open("En") ? `E = ${shown(computed.E)}` : "E and all that depends on it follow.");
  }

  function update() {
    const [alpha, before] = [figure.get("alpha"), computed.E];
    let weights = figure.get("weights");
    if (!online) weights = descend(weights, computed.dW, alpha);
    else {
      figure.get("inputs").forEach((x, n) => {
        const { dW } = backpropagateBatch(weights, activations, [x], [figure.get("targets")[n]], error);
        weights = descend(weights, dW, alpha);
      });
    }
    const after = compute(weights).E;
    if (after > before) todo.reach(1);
    if (!(after < 1e6)) {
      const far = `With α = ${format(alpha)} the step is far too large: E would be ${shown(after)}.`;
      return say(`${far} Choose a smaller α.`);
    }
    figure.set("weights", weights);
    dropped = true;
    refresh(false);
    path = [...(path.length ? path : [before]), after].slice(-8);
    say(`E ${after < before ? "falls" : "rises: α is too large here"}: ${path.map(shown).join(" → ")}`);
  }

  // Compute everything again and show it.
  function refresh(fresh) {
    computed = compute();
    show(fresh);
    editor.show();
    rate.move(figure.get("alpha"));
    if (samples) samples.selectedIndex = sample();
  }

  function filled(one) {
    const valued = (list) =>
      list.map((entry) => ({ ...entry, value: total(entry.terms, computed, sample()) }));
    return {
      ...one,
      numbers: fill(one.numbers, computed, sample()),
      asks: valued(one.asks),
      slips: valued(one.slips),
    };
  }

  // `fresh`: another step, or the same to be predicted anew.
  function show(fresh) {
    const now = steps[position()];
    if (!fresh && wantsPrediction && !step.hidden()) todo.reached(0) || counted();
    step.show(filled(now), at(now.place), fresh, wantsPrediction);
    top.progress(
      PARTS.indexOf(now.part),
      `${now.part.toLowerCase()} · step ${position() + 1} of ${steps.length}`,
    );
    top.can("back", position() > 0);
    top.can("next", position() < steps.length - 1);
    for (const key of net.keys) write(key);
    const { says = "", node } = figure.get("disagreement");
    net.light([now.node, ...now.edges], node && !dropped ? [node] : []);
    net.travel(travellers(now));
    banner.textContent = says && dropped ? EDITED : says;
    banner.classList.toggle("nnlib-agrees", Boolean(says) && !node);
    if (table) table.show(now, computed, step.hidden());
  }

  function counted() {
    alone = step.field.revealed() ? 0 : alone + 1;
    if (alone >= 3) todo.reach(0);
  }

  function write(key) {
    net.speak(key, details(key));
    if (key === "E") return net.write(key, reached("En") ? short(at("En")) : asked("En"));
    const [layer, j, i] = key.split(".").map(Number);
    if (i !== undefined) {
      net.write(key, brief(at(`W.${key}`), 2));
      return net.sign(key, at(`W.${key}`));
    }
    if (layer === 0) return net.write(key, short(at(`x.1.${j}`)));
    const sum = reached(`a.${key}`) ? `a ${short(at(`a.${key}`), 2)}` : asked(`a.${key}`);
    net.write(key, reached(`y.${key}`) ? short(at(`y.${key}`)) : sum);
    const delta = `delta.${key}`;
    const above = reached(delta) ? short(at(delta)) : asked(delta);
    net.above(key, above && `δ ${above}`);
  }
  const asked = (place) => (places.get(place) === position() ? "?" : "");

  // What moves along the lit paths in this step.
  function travellers({ part, place, edges, node }) {
    const quiet = step.hidden();
    return edges
      .filter((key) => part !== "Gradient" && !isBias(key))
      .map((key) => {
        const [layer, j, i] = key.split(".").map(Number);
        const back = part === "Deltas";
        if (key.startsWith("E")) {
          const words = back ? shown(at(place)) : short(at(`y.${last}.${j}`));
          return { key, back, words: quiet ? "" : words };
        }
        const signal = back ? at(`delta.${layer}.${j}`) : at(`x.${layer}.${i}`);
        const words = `${brief(signal)} · ${brief(at(`W.${key}`), 2)}`;
        return { key, back, words: quiet && node ? "" : words };
      });
  }
  function isBias(key) {
    const [layer, , i] = key.split(".").map(Number);
    return i === names[layer - 1]?.length;
  }

  figure.follow(["position", "sample", ...traits.slice(0, 4)], () => refresh(true));
  figure.follow(["disagreement"], () => {
    dropped = false;
    show(false);
  });
  refresh(true);
  step.reserve(
    steps,
    steps.map(({ numbers }) => fill(numbers, computed, sample())),
  );
  keepHeight(stage.lastChild, (ghost) => {
    for (const key of net.keys) htmlNode(ghost, "div", "nnlib-status nnlib-detail", details(key));
  });
  detail("Point at a node or a weight, or reach it with Tab and the up and down keys: here are its numbers.");
});

// A formula as plain text.
const plain = (formula) => flat(formula).replace(/[_{}"]/g, "");
