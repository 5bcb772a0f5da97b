// The attention decoder of nnlib.applications in the page. A table is { rows, columns, values }.

const HEADS = 4;

function table(rows, columns) {
  return { rows, columns, values: new Float32Array(rows * columns) };
}

// X Wᵀ + b for W (J, I).
function linear(X, W, b = null) {
  const [J, I] = W.shape;
  const Y = table(X.rows, J);
  for (let n = 0; n < X.rows; n++)
    for (let j = 0; j < J; j++) {
      let sum = b ? b.values[j] : 0;
      for (let i = 0; i < I; i++) sum += X.values[n * I + i] * W.values[j * I + i];
      Y.values[n * J + j] = sum;
    }
  return Y;
}

const plus = (one, other) => ({ ...one, values: one.values.map((value, n) => value + other.values[n]) });

function normal(W, name, X) {
  const [gain, bias] = [W[`${name}_gain`].values, W[`${name}_bias`].values];
  const Y = table(X.rows, X.columns);
  for (let n = 0; n < X.rows; n++) {
    const row = X.values.subarray(n * X.columns, (n + 1) * X.columns);
    const mean = row.reduce((sum, v) => sum + v, 0) / X.columns;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / X.columns;
    row.forEach((v, i) => {
      Y.values[n * X.columns + i] = ((v - mean) / Math.sqrt(variance + 1e-5)) * gain[i] + bias[i];
    });
  }
  return Y;
}

// Each row of X looks at the rows of Y, or only at those up to its own. Returns what it sees, and the
// weights, the mean of all heads, as a list for each row.
function look(W, name, X, Y, backwards = false) {
  const [Q, K, V] = [linear(X, W[`${name}_Q`]), linear(Y, W[`${name}_K`]), linear(Y, W[`${name}_V`])];
  const D = Q.columns;
  const size = D / HEADS;
  const seen = table(X.rows, D);
  const looks = Array.from({ length: X.rows }, () => new Float32Array(Y.rows));
  for (let head = 0; head < HEADS; head++)
    for (let m = 0; m < X.rows; m++) {
      const reach = backwards ? m + 1 : Y.rows;
      const scores = new Float64Array(reach);
      for (let n = 0; n < reach; n++)
        for (let i = head * size; i < (head + 1) * size; i++)
          scores[n] += (Q.values[m * D + i] * K.values[n * D + i]) / Math.sqrt(size);
      const largest = Math.max(...scores);
      const powers = scores.map((score) => Math.exp(score - largest));
      const total = powers.reduce((sum, power) => sum + power, 0);
      for (let n = 0; n < reach; n++) {
        const weight = powers[n] / total;
        looks[m][n] += weight / HEADS;
        for (let i = head * size; i < (head + 1) * size; i++)
          seen.values[m * D + i] += weight * V.values[n * D + i];
      }
    }
  return [linear(seen, W[`${name}_O`]), looks];
}

// A row for each word: its own numbers plus those of its place.
function embedded(words, own, positions) {
  const columns = own.shape[1];
  const D = table(words.length, columns);
  words.forEach((word, n) => {
    for (let i = 0; i < columns; i++)
      D.values[n * columns + i] = own.values[word * columns + i] + positions.values[n * columns + i];
  });
  return D;
}

// nnlib.applications.attention_decoder.net: scores of the next word after each, and where each looked.
function next(W, H, words) {
  let D = embedded(words, W.words, W.positions);
  const X = normal(W, "before", D);
  D = plus(D, look(W, "before", X, X, true)[0]);
  const [seen, looks] = look(W, "across", normal(W, "across", D), H);
  D = plus(D, seen);
  const up = linear(normal(W, "each", D), W.up, W.up_bias);
  up.values = up.values.map((value) => Math.max(0, value));
  D = plus(D, linear(up, W.down));
  return [linear(normal(W, "last", D), W.out, W.out_bias), looks];
}

// The likeliest sentence for what an encoder made, H: [number of the word, where it looked] up to `stop`.
export function written(W, H, { start, stop, length }) {
  const words = [start];
  let sentence = [];
  while (words.length <= length) {
    const [scores, looks] = next(W, H, words);
    const last = scores.values.subarray((words.length - 1) * scores.columns);
    words.push(last.indexOf(Math.max(...last)));
    sentence = words.slice(1).map((word, n) => [word, looks[n]]);
    if (words.at(-1) === stop) break;
  }
  return sentence;
}

// nnlib.applications.captioning.see, from the last layer of convolution on: a row for each place.
export function places(W, X) {
  const rows = table(X.height * X.width, X.channels);
  rows.values = X.values.map((value, n) => value + W.places.values[n]);
  return normal(W, "see", rows);
}

// nnlib.applications.translation.read, without words that only fill up: a row for each word.
export function read(W, words) {
  let H = embedded(words, W.read_words, W.read_positions);
  const Z = normal(W, "read_across", H);
  H = plus(H, look(W, "read_across", Z, Z)[0]);
  const up = linear(normal(W, "read_each", H), W.read_up, W.read_up_bias);
  up.values = up.values.map((value) => Math.max(0, value));
  return plus(H, linear(up, W.read_down, W.read_down_bias));
}
