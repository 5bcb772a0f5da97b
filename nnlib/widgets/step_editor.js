// Edit one input, target or weight: a choice of which, and its number. What is focused in the
// picture is chosen here too. `changed({ weights })`, `({ inputs })` or `({ targets })` follows.

function stepEditor(figure, { sizes, N, error, activations }, changed) {
  const last = sizes.length - 1, places = [], names = [];
  const add = (place, name) => { places.push(place); names.push(name); };
  for (let i = 0; i < sizes[0]; i++) add(`inputs.${i}`, `input ${i + 1}`);
  for (let k = 0; k < sizes[last]; k++) add(`targets.${k}`, `target ${k + 1}`);
  for (let layer = 1; layer <= last; layer++) {
    for (let j = 0; j < sizes[layer]; j++) {
      for (let i = 0; i <= sizes[layer - 1]; i++) {
        const to = neuronName(sizes, layer, j), bias = i === sizes[layer - 1];
        add(`weights.${layer}.${j}.${i}`, bias ? `bias of ${to}` : `weight ${neuronName(sizes, layer - 1, i)} → ${to}`);
      }
    }
  }
  const row = figure.row();
  let samples = null;
  if (N > 1) {
    const numbers = Array.from({ length: N }, (_, n) => String(n + 1));
    samples = figure.choice(row, "sample", numbers, figure.get("sample"), (n) => { figure.set("sample", n); figure.refresh(); });
  }
  const which = figure.choice(row, "change", names, 0, show);
  const field = focusable(document.createElement("input"), "its number");
  Object.assign(field, { type: "number", step: 0.1 });
  row.append(field);

  const where = () => {
    const [kind, ...indices] = places[which.selectedIndex].split(".");
    return { kind, indices: kind === "weights" ? indices.map(Number) : [figure.get("sample"), Number(indices[0])] };
  };
  field.addEventListener("blur", show);  // what was no number gives way to the number that holds
  field.addEventListener("input", () => {
    const value = Number(field.value);
    if (field.value === "" || !Number.isFinite(value) || Math.abs(value) > 100) return figure.say("Type a number from −100 to 100.");
    const { kind, indices } = where(), lists = structuredClone(figure.get(kind));
    const row = indices.slice(0, -1).reduce((list, index) => list[index], lists), at = indices.at(-1);
    row[at] = value;
    if (kind === "targets" && error === "cross_entropy") {
      if (value !== 0 && value !== 1) return figure.say("With the cross-entropy a target is 0 or 1.");
      // One-hot: the class that is set takes the 1, and the last 1 cannot be taken away.
      if (activations[last] === "softmax") {
        if (value === 0) return figure.say("After softmax one target is 1: set another one to 1 instead.");
        row.fill(0)[at] = 1;
      }
    }
    changed({ [kind]: lists });
  });

  function show() {
    if (samples) samples.selectedIndex = figure.get("sample");
    if (document.activeElement === field) return;
    const { kind, indices } = where(), value = indices.reduce((list, index) => list[index], figure.get(kind));
    field.value = Number(Math.abs(value) < 5e-4 ? value.toPrecision(3) : value.toFixed(4));
  }
  return {
    show,
    choose(key) {
      const [layer, j, i] = key.split(".");
      const place = i !== undefined ? `weights.${key}` : layer === "0" ? `inputs.${j}` : Number(layer) === last ? `targets.${j}` : null;
      if (place === null) return;
      which.selectedIndex = places.indexOf(place);
      show();
    },
  };
}

// "hidden neuron 1", as in backpropagation_steps.py.
function neuronName(sizes, layer, neuron) {
  if (layer === 0) return `input ${neuron + 1}`;
  if (layer === sizes.length - 1) return `output neuron ${neuron + 1}`;
  return sizes.length === 3 ? `hidden neuron ${neuron + 1}` : `neuron ${neuron + 1} of hidden layer ${layer}`;
}
