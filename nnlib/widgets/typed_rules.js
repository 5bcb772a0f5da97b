// What a typed function may be made of: the value and the slopes of each operation.

const sigmoid = (v) => (v >= 0 ? 1 / (1 + Math.exp(-v)) : Math.exp(v) / (1 + Math.exp(v)));

// Value, and slope from the input v and the value y.
export const FUNCTIONS = {
  sin: [Math.sin, (v) => Math.cos(v)],
  cos: [Math.cos, (v) => -Math.sin(v)],
  exp: [Math.exp, (v, y) => y],
  ln: [Math.log, (v) => 1 / v],
  sqrt: [Math.sqrt, (v, y) => 1 / (2 * y)],
  tanh: [Math.tanh, (v, y) => 1 - y * y],
  sigmoid: [sigmoid, (v, y) => y * (1 - y)],
  relu: [(v) => Math.max(v, 0), (v) => (v > 0 ? 1 : 0)],
};
const OPERATORS = {
  "+": [(u, v) => u + v, () => [1, 1]],
  "-": [(u, v) => u - v, () => [1, -1]],
  "*": [(u, v) => u * v, (u, v) => [v, u]],
  "/": [(u, v) => u / v, (u, v, y) => [1 / v, -y / v]],
};

// What a node computes; its number is the exponent of a power.
export function valueOf({ operation, number }, inputs) {
  if (operation in OPERATORS) return OPERATORS[operation][0](...inputs);
  if (operation === "power") return inputs[0] ** number;
  if (operation === "minus") return -inputs[0];
  return FUNCTIONS[operation][0](inputs[0]);
}

// The partial derivatives of a node with respect to its inputs, in their order.
export function slopesAt({ operation, number }, inputs, y) {
  if (operation in OPERATORS) return OPERATORS[operation][1](...inputs, y);
  if (operation === "power") return [number ? number * inputs[0] ** (number - 1) : 0];
  if (operation in FUNCTIONS) return [FUNCTIONS[operation][1](inputs[0], y)];
  return operation === "minus" ? [-1] : [];
}
