// Two neurons in time, x(t + 1) = sigmoid(W x(t) + b), and what they do in the long run: the same
// numbers as nnlib/recurrent.py, which says what they mean.

const [SETTLING, WATCHED, LONGEST] = [500, 300, 60];
const sigmoid = (a) => 1 / (1 + Math.exp(-a));

// The next state.
export function next([[w11, w12], [w21, w22]], [b1, b2], [x1, x2]) {
  return [sigmoid(w11 * x1 + w12 * x2 + b1), sigmoid(w21 * x1 + w22 * x2 + b2)];
}

// x(0) .. x(steps)
export function run(W, b, start, steps) {
  const states = [start];
  for (let t = 0; t < steps; t++) states.push(next(W, b, states[t]));
  return states;
}

// { kind: 0 settles, 1 oscillates, 2 wanders, 3 chaotic; period; exponent }
export function behaviour([[w11, w12], [w21, w22]], [b1, b2], start) {
  let [x1, x2] = start;
  let [v1, v2] = [1, 0];
  let total = 0;
  const seen = [];
  for (let t = 0; t < SETTLING + WATCHED; t++) {
    const [a1, a2] = [w11 * x1 + w12 * x2 + b1, w21 * x1 + w22 * x2 + b2];
    const [old1, old2] = [x1, x2];
    [x1, x2] = [sigmoid(a1), sigmoid(a2)];
    // Settled for good: no need to look on. The exponent is that of the fixed point all the same.
    if (t < SETTLING) {
      if (x1 === old1 && x2 === old2) t = SETTLING - 1;
      continue;
    }
    seen.push([x1, x2]);
    [v1, v2] = [x1 * (1 - x1) * (w11 * v1 + w12 * v2), x2 * (1 - x2) * (w21 * v1 + w22 * v2)];
    const length = Math.hypot(v1, v2) + 1e-300;
    v1 /= length;
    v2 /= length;
    total += Math.log(length);
  }
  let period = 0;
  for (let p = LONGEST; p >= 1; p--) {
    const [y1, y2] = seen[WATCHED - 1 - p];
    if (Math.max(Math.abs(x1 - y1), Math.abs(x2 - y2)) < 1e-4) period = p;
  }
  const exponent = total / WATCHED;
  const kind = period === 1 ? 0 : period > 1 ? 1 : exponent > 0.005 ? 3 : 2;
  return { kind, period, exponent };
}
