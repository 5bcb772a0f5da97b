// What can be said of a directed graph: an order, a cycle, and the values that flow through it. As in
// the lecture's cells of unit 2; `connections` is a list of { i, j, w }, from i to j.

// Every node after those that send to it, or null if there is a cycle.
export function order(nodes, connections) {
  const sorted = [];
  while (sorted.length < nodes.length) {
    const ready = nodes.filter(
      (j) => !sorted.includes(j) && connections.every((c) => c.j !== j || sorted.includes(c.i)),
    );
    if (!ready.length) return null;
    sorted.push(...ready);
  }
  return sorted;
}

// Nodes along a cycle, the first again at the end, or null.
export function cycle(nodes, connections) {
  let left = nodes;
  for (;;) {
    const waiting = left.filter((j) => connections.some((c) => c.j === j && left.includes(c.i)));
    if (waiting.length === left.length) break;
    left = waiting;
  }
  if (!left.length) return null;
  const path = [left[0]];
  for (;;) {
    const next = connections.find((c) => c.j === path.at(-1) && left.includes(c.i)).i;
    const seen = path.indexOf(next);
    path.push(next);
    if (seen >= 0) return path.slice(seen).reverse();
  }
}

const receives = (j, connections) => connections.some((c) => c.j === j);
const output = (j, connections, y) =>
  Math.tanh(connections.reduce((a, c) => (c.j === j ? a + c.w * y[c.i] : a), 0));

// The output of every node of a feedforward network; `inputs` has those of nodes that receive nothing.
export function forward(nodes, connections, inputs) {
  const y = {};
  for (const j of order(nodes, connections))
    y[j] = receives(j, connections) ? output(j, connections, y) : (inputs[j] ?? 0);
  return y;
}

// One moment later: every node reads what the others put out before.
export function later(nodes, connections, inputs, y) {
  return Object.fromEntries(
    nodes.map((j) => [j, receives(j, connections) ? output(j, connections, y) : (inputs[j] ?? 0)]),
  );
}

// One weight for each connection, one bias for each node that receives something.
export function parameters(nodes, connections) {
  return connections.length + nodes.filter((j) => receives(j, connections)).length;
}
