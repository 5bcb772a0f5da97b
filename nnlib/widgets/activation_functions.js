// Activation functions with their derivatives, as in nnlib/activations.py.

const sigmoid = (a) => 0.5 * Math.tanh(0.5 * a) + 0.5;
const density = (a) => Math.exp((-a * a) / 2) / Math.sqrt(2 * Math.PI);

// Φ(a), the share of a normal distribution below a: Abramowitz and Stegun 26.2.17, error below 1e-7.
function normal(a) {
  const s = 1 / (1 + 0.2316419 * Math.abs(a));
  const terms = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const tail = density(a) * terms.reduceRight((sum, term) => (sum + term) * s, 0);
  return a > 0 ? 1 - tail : tail;
}

// name: { g(a, ε), slope(a, ε) }
export const CURVES = {
  identity: { g: (a) => a, slope: () => 1 },
  relu: { g: (a) => Math.max(a, 0), slope: (a) => (a > 0 ? 1 : 0) },
  "leaky relu": {
    g: (a, epsilon) => (a > 0 ? a : epsilon * a),
    slope: (a, epsilon) => (a > 0 ? 1 : epsilon),
  },
  sigmoid: { g: sigmoid, slope: (a) => sigmoid(a) * (1 - sigmoid(a)) },
  tanh: { g: Math.tanh, slope: (a) => 1 - Math.tanh(a) ** 2 },
  softplus: { g: (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))), slope: sigmoid },
  SiLU: { g: (a) => a * sigmoid(a), slope: (a) => sigmoid(a) * (1 + a * (1 - sigmoid(a))) },
  GELU: { g: (a) => a * normal(a), slope: (a) => normal(a) + a * density(a) },
};
