// A deep network with random weights, run on a batch: outputs y and derivatives ∂E/∂a of each layer.
// Everything is a Float64Array, one row after the other: fast enough to follow a slider.

const LEAK = 0.1;
export const FUNCTIONS = {
  identity: { g: (a) => a, slope: () => 1, steepest: 1 },
  relu: { g: (a) => Math.max(a, 0), slope: (y) => (y > 0 ? 1 : 0), steepest: 1 },
  "leaky_relu(0.1)": { g: (a) => (a > 0 ? a : LEAK * a), slope: (y) => (y > 0 ? 1 : LEAK), steepest: LEAK },
  sigmoid: { g: (a) => 0.5 * Math.tanh(0.5 * a) + 0.5, slope: (y) => y * (1 - y), steepest: 0.25 },
  tanh: { g: Math.tanh, slope: (y) => 1 - y * y, steepest: 1 },
};

// A Wᵀ for A (N, I) and W (J, I), times a factor.
function product(A, W, N, J, factor) {
  const I = A.length / N;
  const sums = new Float64Array(N * J);
  for (let n = 0; n < N; n++) {
    for (let j = 0; j < J; j++) {
      let sum = 0;
      for (let i = 0; i < I; i++) sum += A[n * I + i] * W[j * I + i];
      sums[n * J + j] = factor * sum;
    }
  }
  return sums;
}

// D W for D (N, J) and W (J, I), times a factor.
function back(D, W, N, I, factor) {
  const J = D.length / N;
  const sums = new Float64Array(N * I);
  for (let n = 0; n < N; n++) {
    for (let j = 0; j < J; j++) {
      const d = factor * D[n * J + j];
      if (d === 0) continue;
      for (let i = 0; i < I; i++) sums[n * I + i] += d * W[j * I + i];
    }
  }
  return sums;
}

// Softmax minus one-hot, for each row of A (N, F) and the number of its class.
function outputDerivatives(A, classes) {
  const F = A.length / classes.length;
  return A.map((_, at) => {
    const row = A.subarray(at - (at % F), at - (at % F) + F);
    const highest = row.reduce((most, a) => Math.max(most, a), -Infinity);
    const total = row.reduce((sum, a) => sum + Math.exp(a - highest), 0);
    return Math.exp(A[at] - highest) / total - (classes[Math.floor(at / F)] === at % F ? 1 : 0);
  });
}

// X: flat (N, 64); classes: N numbers; draws: flat (J, I) for each layer, the output's last.
// Returns for each hidden layer { y, derivatives, saturated }, flat (N, J).
export function run({ X, classes, draws, name, depth, c }) {
  const { g, slope, steepest } = FUNCTIONS[name];
  const N = classes.length;
  const W = [...draws.slice(0, depth), draws[draws.length - 1]];
  const y = [X];
  let A = null;
  W.forEach((weights, layer) => {
    const I = y[layer].length / N;
    A = product(y[layer], weights, N, weights.length / I, c / Math.sqrt(I));
    y.push(A.map(g));
  });
  const derivatives = [];
  derivatives[depth] = outputDerivatives(A, classes);
  for (let layer = depth - 1; layer >= 0; layer--) {
    const I = y[layer + 1].length / N;
    const sums = back(derivatives[layer + 1], W[layer + 1], N, I, c / Math.sqrt(I));
    derivatives[layer] = sums.map((d, at) => d * slope(y[layer + 1][at]));
  }
  return y.slice(1, depth + 1).map((of, layer) => ({
    y: of,
    derivatives: derivatives[layer],
    saturated: name === "relu" ? deadShare(of, N) : share(of, (value) => slope(value) < 0.1 * steepest),
  }));
}

const share = (values, is) => values.reduce((count, value) => count + (is(value) ? 1 : 0), 0) / values.length;

// The share of neurons whose output is 0 for all samples.
function deadShare(y, N) {
  const J = y.length / N;
  let dead = 0;
  for (let j = 0; j < J; j++) {
    let silent = true;
    for (let n = 0; n < N && silent; n++) silent = y[n * J + j] === 0;
    dead += silent ? 1 : 0;
  }
  return dead / J;
}

// The root of the mean square.
export const size = (values) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

// Whether layer 1 is alive, and why not: the same rule as `DeepSignals.verdict` in Python.
export function verdict(layers, name) {
  const first = layers[0];
  const last = layers[layers.length - 1];
  const forward = size(last.y) / size(first.y);
  const backward = size(first.derivatives) / size(last.derivatives);
  const most = Math.max(...layers.map((of) => of.saturated));
  for (const [factor, what] of [
    [forward, "Signals"],
    [backward, "Derivatives"],
  ]) {
    if (!(factor >= 0.1 && factor <= 10)) {
      return {
        alive: false,
        words: `${what} ${factor < 0.1 ? "vanish" : "explode"}: factor ${tell(factor)}.`,
      };
    }
  }
  if (most > 0.5) {
    const what = name === "relu" ? "of a layer's neurons are dead" : "of a layer is saturated";
    return { alive: false, words: `${Math.round(100 * most)} % ${what}.` };
  }
  return {
    alive: true,
    words: `Layer 1 is alive: factor ${tell(forward)} forward, ${tell(backward)} back.`,
  };
}

// Two digits, and a power of ten beyond 0.01 and 1000.
export function tell(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : "∞";
  if (value === 0 || (value >= 0.01 && value < 1000)) return String(Number(value.toPrecision(2)));
  return value.toExponential(1).replace("e+", "e").replace("e-", "e−");
}

// How many of the values fall into each of `count` bins from low to high; what lies beyond is
// counted in the first or last bin, so that nothing is lost.
export function histogram(values, low, high, count) {
  const bins = new Array(count).fill(0);
  for (const value of values) {
    const at = Math.floor(((value - low) / (high - low)) * count);
    bins[Math.min(count - 1, Math.max(0, Number.isNaN(at) ? count - 1 : at))] += 1;
  }
  return bins;
}
