// A function that the reader typed, with its derivatives in both modes: the same as typed_function.py.

import { slopesAt, valueOf } from "./typed_rules.js";

// The value of each node at a point { x1: 2, x2: 5 }; throws an Error where it is not defined.
export function valuesOf(nodes, point) {
  const values = [];
  for (const node of nodes) {
    if (node.operation === "input") values.push(point[node.name]);
    else if (node.operation === "number") values.push(node.number);
    else {
      const inputs = node.inputs.map((i) => values[i]);
      const y = valueOf(node, inputs);
      if (!Number.isFinite(y)) {
        throw new Error(`${described(node, inputs)} is not defined: move the point.`);
      }
      values.push(y);
    }
  }
  return values;
}

const described = ({ name, operation }, inputs) =>
  `${name} = ${operation} of ${inputs.map((v) => Number(v.toPrecision(4))).join(", ")}`;

// For each node the partial derivatives with respect to its inputs, in their order; throws an Error
// where there is none, as for sqrt at 0.
export function slopesOf(nodes, values) {
  return nodes.map((node, place) => {
    const inputs = node.inputs.map((i) => values[i]);
    const slopes = slopesAt(node, inputs, values[place]);
    if (slopes.every(Number.isFinite)) return slopes;
    throw new Error(`${described(node, inputs)} has no derivative: move the point.`);
  });
}

// Forward mode: the dot of each node for `seed`, { x1: 1 }; 0 for inputs that are not named.
export function dotsOf(nodes, slopes, seed) {
  const dots = [];
  nodes.forEach(({ name, operation, inputs }, place) => {
    const shares = inputs.map((i, k) => slopes[place][k] * dots[i]);
    dots.push(operation === "input" ? (seed[name] ?? 0) : shares.reduce((a, b) => a + b, 0));
  });
  return dots;
}

// Reverse mode: the derivative of y with respect to each node, from the last to the first.
export function adjointsOf(nodes, slopes) {
  const adjoints = nodes.map(() => 0);
  adjoints[nodes.length - 1] = 1;
  for (let place = nodes.length - 1; place >= 0; place--) {
    nodes[place].inputs.forEach((i, k) => {
      adjoints[i] += adjoints[place] * slopes[place][k];
    });
  }
  return adjoints;
}
