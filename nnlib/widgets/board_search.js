// nnlib.applications.board_games.search and its network, in the page.

const CURIOSITY = 1.5;

// A W^T + b for one row, with relu behind it.
export function dense(x, W, b, relu = false) {
  const [outputs, inputs] = W.shape;
  const y = new Float64Array(outputs);
  for (let j = 0, at = 0; j < outputs; j++) {
    let a = b.values[j];
    for (let i = 0; i < inputs; i++, at++) a += x[i] * W.values[at];
    y[j] = relu && a < 0 ? 0 : a;
  }
  return y;
}

// Scores of all actions, and the value for the player to move.
export function judged(W, planes) {
  const x = dense(dense(planes, W.A, W.A_bias, true), W.B, W.B_bias, true);
  return {
    scores: dense(x, W.policy, W.policy_bias),
    value: Math.tanh(dense(x, W.value, W.value_bias)[0]),
  };
}

const node = (state, outcome = null) => ({ state, outcome, moves: null, visits: 0 });

function open(rules, W, leaf) {
  const { scores, value } = judged(W, rules.planes(leaf.state));
  leaf.moves = rules.moves(leaf.state);
  const largest = Math.max(...leaf.moves.map((action) => scores[action]));
  const powers = leaf.moves.map((action) => Math.exp(scores[action] - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  leaf.P = powers.map((power) => power / total);
  leaf.N = leaf.moves.map(() => 0);
  leaf.Q = leaf.moves.map(() => 0); // the sum of values: N times Q
  leaf.children = leaf.moves.map(() => null);
  return value;
}

function best(parent) {
  const curious = CURIOSITY * Math.sqrt(parent.visits + 1);
  let [most, at] = [-Infinity, 0];
  parent.N.forEach((n, k) => {
    const promise = (n ? parent.Q[k] / n : 0) + (curious * parent.P[k]) / (1 + n);
    if (promise > most) [most, at] = [promise, k];
  });
  return at;
}

// What the network thinks of a state, and the search after so many simulations: moves, policy P and the
// share of visits of each, the value, and which action is chosen. Without simulations the policy chooses.
export function searched(rules, W, state, simulations) {
  const root = node(state);
  const value = open(rules, W, root);
  for (let n = 0; n < simulations; n++) {
    const path = [];
    let leaf = root;
    while (leaf.moves && leaf.outcome === null) {
      const at = best(leaf);
      path.push([leaf, at]);
      leaf.children[at] ??= node(...rules.play(leaf.state, leaf.moves[at]));
      leaf = leaf.children[at];
    }
    let worth = leaf.outcome === null ? -open(rules, W, leaf) : leaf.outcome;
    for (const [parent, at] of path.reverse()) {
      parent.N[at] += 1;
      parent.Q[at] += worth;
      parent.visits += 1;
      worth = -worth;
    }
  }
  const shares = simulations ? root.N.map((n) => n / simulations) : root.P;
  const mean = root.Q.reduce((sum, q) => sum + q, 0) / Math.max(1, simulations);
  const chosen = root.moves[shares.indexOf(Math.max(...shares))];
  return { moves: root.moves, policy: root.P, shares, value: simulations ? mean : value, chosen };
}
