// Backpropagation in layers. Lists by layer begin with an empty one: layer 1 is the first with
// weights. A row of weights[layer] belongs to one neuron and ends with its bias.

const ACTIVATIONS = {
  identity: { g: (a) => a, slope: () => 1 },
  relu: { g: (a) => Math.max(a, 0), slope: (y) => (y > 0 ? 1 : 0) },
  sigmoid: { g: (a) => 0.5 * Math.tanh(0.5 * a) + 0.5, slope: (y) => y * (1 - y) },
  tanh: { g: Math.tanh, slope: (y) => 1 - y * y },
};

export function activation(name) {
  if (name in ACTIVATIONS) return ACTIVATIONS[name];
  const leak = /^leaky_relu\((.+)\)$/.exec(name);
  return { g: (a) => (a > 0 ? a : leak[1] * a), slope: (y) => (y > 0 ? 1 : Number(leak[1])) };
}

export function softmax(a) {
  const highest = Math.max(...a),
    powers = a.map((value) => Math.exp(value - highest));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

function dot(row, x) {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i] * x[i];
  return sum;
}

// x (with the constant 1 of the bias), a and y of every layer.
export function forward(weights, activations, input) {
  const x = [[]],
    a = [[]],
    y = [input];
  for (let layer = 1; layer < weights.length; layer++) {
    const name = activations[layer];
    x.push([...y[layer - 1], 1]);
    a.push(weights[layer].map((row) => dot(row, x[layer])));
    y.push(name === "softmax" ? softmax(a[layer]) : a[layer].map(activation(name).g));
  }
  return { x, a, y };
}

// E of one sample from the last a and y: cross-entropies from a, so that no logarithm overflows.
function errorOf(a, y, t, error, output) {
  const sum = (term) => y.reduce((total, _, k) => total + term(k), 0);
  if (error === "sum_of_squares") return sum((k) => (y[k] - t[k]) ** 2) / 2;
  if (output !== "softmax")
    return sum((k) => Math.max(a[k], 0) - a[k] * t[k] + Math.log1p(Math.exp(-Math.abs(a[k]))));
  const highest = Math.max(...a);
  return highest + Math.log(sum((k) => Math.exp(a[k] - highest))) - sum((k) => t[k] * a[k]);
}

// All numbers of one sample: forward, slopes g'(a), deltas from the output down, and its error En.
function backpropagate(weights, activations, input, t, error) {
  const { x, a, y } = forward(weights, activations, input),
    last = weights.length - 1;
  const output = activations[last];
  const slope = y.map((values, layer) => {
    if (layer === 0) return [];
    return activations[layer] === "softmax"
      ? values.map(() => 1)
      : values.map(activation(activations[layer]).slope);
  });
  const delta = y.map(() => []),
    off = y[last].map((value, k) => value - t[k]);
  if (error === "cross_entropy") delta[last] = off;
  else if (output === "softmax")
    delta[last] = y[last].map((value, k) => value * (off[k] - dot(off, y[last])));
  else delta[last] = off.map((value, k) => value * slope[last][k]);
  for (let layer = last - 1; layer > 0; layer--) {
    delta[layer] = slope[layer].map(
      (g, i) => g * delta[layer + 1].reduce((sum, d, j) => sum + d * weights[layer + 1][j][i], 0),
    );
  }
  return { t, x, a, y, slope, delta, En: errorOf(a[last], y[last], t, error, output) };
}

// A batch: E, ∂E/∂W as the sum of each sample's share, and the numbers of all samples.
export function backpropagateBatch(weights, activations, X, T, error) {
  const samples = X.map((x, n) => backpropagate(weights, activations, x, T[n], error));
  const dW = weights.map((W) => W.map((row) => row.map(() => 0)));
  for (const { delta, x } of samples) {
    for (let layer = 1; layer < weights.length; layer++) {
      dW[layer].forEach((row, j) => {
        for (let i = 0; i < row.length; i++) row[i] += delta[layer][j] * x[layer][i];
      });
    }
  }
  return { E: samples.reduce((sum, { En }) => sum + En, 0), W: weights, dW, samples };
}

// w_ji - α ∂E/∂w_ji for every weight.
export function descend(weights, dW, alpha) {
  return weights.map((W, layer) => W.map((row, j) => row.map((w, i) => w - alpha * dW[layer][j][i])));
}
