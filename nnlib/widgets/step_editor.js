// Edit one input, desired output or weight: a choice of which, and its number. What is focused in the
// picture is chosen here too. `changed({ weights })`, `({ inputs })` or `({ targets })` follows.

import { choice } from "./kit/controls.js";
import { htmlNode } from "./kit/dom.js";
import { focusable } from "./kit/figure.js";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
export const flat = (name) => name.replace(/_(\d+)/g, (_, n) => [...n].map((d) => SUBSCRIPTS[d]).join(""));

export function stepEditor(figure, row, { names, error, activations }, changed, say) {
  const last = names.length - 1;
  const places = [];
  const words = [];
  const add = (place, name) => {
    places.push(place);
    words.push(flat(name));
  };
  names[0].forEach((name, i) => add(`inputs.${i}`, name));
  names[last].forEach((_, k) => add(`targets.${k}`, `t_${k + 1}`));
  for (let layer = 1; layer <= last; layer++) {
    names[layer].forEach((name, j) => {
      names[layer - 1].forEach((sender, i) =>
        add(`weights.${layer}.${j}.${i}`, `w from ${sender} to ${name}`),
      );
      add(`weights.${layer}.${j}.${names[layer - 1].length}`, `b of ${name}`);
    });
  }
  const which = choice(row, "change", words, 0, show);
  const field = focusable(htmlNode(row, "input"), "its number");
  Object.assign(field, { type: "number", step: 0.1 });

  const where = () => {
    const [kind, ...indices] = places[which.selectedIndex].split(".");
    const at = kind === "weights" ? indices.map(Number) : [figure.get("sample"), Number(indices[0])];
    return { kind, indices: at };
  };
  field.addEventListener("blur", show); // what was no number gives way to the number that holds
  field.addEventListener("input", () => {
    const value = Number(field.value);
    if (field.value === "" || !Number.isFinite(value) || Math.abs(value) > 100) {
      return say("Type a number from −100 to 100.");
    }
    const { kind, indices } = where();
    const lists = structuredClone(figure.get(kind));
    const list = indices.slice(0, -1).reduce((inner, index) => inner[index], lists);
    const at = indices.at(-1);
    list[at] = value;
    if (kind === "targets" && error === "cross_entropy") {
      if (value !== 0 && value !== 1) return say("With the cross-entropy a desired output is 0 or 1.");
      // One-hot: the class that is set takes the 1, and the last 1 cannot be taken away.
      if (activations[last] === "softmax") {
        if (value === 0) return say("After softmax one desired output is 1: set another one to 1 instead.");
        list.fill(0)[at] = 1;
      }
    }
    changed({ [kind]: lists });
  });

  function show() {
    if (document.activeElement === field) return;
    const { kind, indices } = where();
    const value = indices.reduce((list, index) => list[index], figure.get(kind));
    field.value = Number(Math.abs(value) < 5e-4 ? value.toPrecision(3) : value.toFixed(4));
  }

  return {
    show,
    // Choose what belongs to a part of the picture.
    choose(key) {
      const [layer, j, i] = key.split(".");
      const output = Number(layer) === last ? `targets.${j}` : null;
      const place = i !== undefined ? `weights.${key}` : layer === "0" ? `inputs.${j}` : output;
      if (!places.includes(place)) return;
      which.selectedIndex = places.indexOf(place);
      show();
    },
  };
}
