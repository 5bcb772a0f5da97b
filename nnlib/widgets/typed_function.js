// A function that the reader types, read as mathematics: the same as typed_function.py.

const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z]\w*)|(\*\*|[-+*/^()]))/y;
const VARIABLES = ["x", "x1", "x2", "x3"];
const CONSTANTS = { pi: Math.PI, e: Math.E };
const MOST_NODES = 24;
const isWord = (text) => /^[A-Za-z\d.(]/.test(text);
const isNumber = (text) => /^[\d.]/.test(text);

const sigmoid = (v) => (v >= 0 ? 1 / (1 + Math.exp(-v)) : Math.exp(v) / (1 + Math.exp(v)));

// Value, and slope from the input v and the value y.
const FUNCTIONS = {
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

// What was typed cannot be read; `place` counts characters from 0.
export class NotAFunction extends Error {
  constructor(message, place) {
    super(message);
    this.place = place;
  }
}

// The text as a list of nodes { name, operation, inputs, number }, inputs first.
export function read(text) {
  return new Reader(text).nodes();
}

// The value of each node at a point { x1: 2, x2: 5 }; throws an Error where it is not defined.
export function valuesOf(nodes, point) {
  const values = [];
  for (const node of nodes) {
    if (node.operation === "input") values.push(point[node.name]);
    else if (node.operation === "number") values.push(node.number);
    else {
      const inputs = node.inputs.map((i) => values[i]);
      const y = compute(node, inputs);
      if (!Number.isFinite(y)) {
        const of = inputs.map((v) => Number(v.toPrecision(4))).join(", ");
        throw new Error(`${node.name} = ${node.operation} of ${of} is not defined: move the point.`);
      }
      values.push(y);
    }
  }
  return values;
}

function compute({ operation, number }, inputs) {
  if (operation in OPERATORS) return OPERATORS[operation][0](...inputs);
  if (operation === "power") return inputs[0] ** number;
  if (operation === "minus") return -inputs[0];
  return FUNCTIONS[operation][0](inputs[0]);
}

// For each node the partial derivatives with respect to its inputs, in their order.
export function slopesOf(nodes, values) {
  return nodes.map(({ operation, inputs, number }, place) => {
    const [y, from] = [values[place], inputs.map((i) => values[i])];
    if (operation in OPERATORS) return OPERATORS[operation][1](...from, y);
    if (operation === "power") return [number ? number * from[0] ** (number - 1) : 0];
    if (operation in FUNCTIONS) return [FUNCTIONS[operation][1](from[0], y)];
    return operation === "minus" ? [-1] : [];
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

// Reads the text from left to right: sums of products of powers of atoms.
class Reader {
  constructor(text) {
    this.tokens = [];
    let place = 0;
    while (text.slice(place).trim()) {
      TOKEN.lastIndex = place;
      const match = TOKEN.exec(text);
      if (!match) {
        place += text.slice(place).length - text.slice(place).trimStart().length;
        throw new NotAFunction(`'${text[place]}' has no meaning here.`, place);
      }
      const word = match[1] ?? match[2] ?? match[3];
      this.tokens.push([word, TOKEN.lastIndex - word.length]);
      place = TOKEN.lastIndex;
    }
    this.tokens.push(["", text.length]);
    this.at = 0;
    this.steps = [];
  }

  nodes() {
    if (this.tokens.length === 1) throw new NotAFunction("Type a function of x, or of x1, x2 and x3.", 0);
    const last = this.sum();
    if (this.word) throw this.wrong(`expected + - * / or the end, but '${this.word}' follows`);
    if (!this.steps.some(({ operation }) => operation === "input"))
      throw new NotAFunction("There is no x in it: use x, or x1, x2 and x3.", 0);
    return this.named(last);
  }

  // Steps with names: inputs first, v1, v2, ... in the order of computation, y last.
  named(last) {
    if (["input", "number"].includes(this.steps[last].operation))
      throw new NotAFunction("That is only an input: compute something with it.", 0);
    const isInput = (i) => this.steps[i].operation === "input";
    const all = this.steps.map((_, i) => i);
    const order = [...all.filter(isInput), ...all.filter((i) => !isInput(i))];
    if (order.length > MOST_NODES)
      throw new NotAFunction(`That has ${order.length} nodes; at most ${MOST_NODES} can be shown.`, 0);
    let count = 0;
    return order.map((old) => {
      const { operation, inputs, extra } = this.steps[old];
      let name = extra;
      if (operation === "number") name = String(Number(extra.toPrecision(4)));
      else if (operation !== "input") name = (count++, old === last) ? "y" : `v${count}`;
      return { name, operation, inputs: inputs.map((i) => order.indexOf(i)), number: extra };
    });
  }

  get word() {
    return this.tokens[this.at][0];
  }

  wrong(message) {
    const place = this.tokens[this.at][1];
    return new NotAFunction(`At character ${place + 1}: ${message}.`, place);
  }

  take(...words) {
    return this.word && words.includes(this.word) ? this.tokens[this.at++][0] : null;
  }

  step(operation, inputs = [], extra = 0) {
    if (operation === "input") {
      // One node for all uses of an input.
      const known = this.steps.findIndex((s) => s.operation === "input" && s.extra === extra);
      if (known >= 0) return known;
    }
    return this.steps.push({ operation, inputs, extra }) - 1;
  }

  sum() {
    let left = this.product();
    for (let sign; (sign = this.take("+", "-")); ) left = this.step(sign, [left, this.product()]);
    return left;
  }

  product() {
    let left = this.signed();
    for (;;) {
      const sign = this.take("*", "/");
      if (sign) left = this.step(sign, [left, this.signed()]);
      else if (isWord(this.word)) left = this.step("*", [left, this.power()]); // 2x is 2*x
      else return left;
    }
  }

  signed() {
    if (this.take("-")) return this.step("minus", [this.signed()]);
    this.take("+");
    return this.power();
  }

  power() {
    const base = this.atom();
    if (!this.take("^", "**")) return base;
    const sign = this.take("-") ? -1 : 1;
    if (!isNumber(this.word)) throw this.wrong("the exponent must be a number, as in x^2");
    return this.step("power", [base], sign * Number(this.tokens[this.at++][0]));
  }

  bracket() {
    const inner = this.sum();
    if (!this.take(")")) throw this.wrong("a closing bracket is missing");
    return inner;
  }

  atom() {
    const word = this.word;
    if (this.take("(")) return this.bracket();
    if (isNumber(word)) return this.next("number", Number(word));
    if (Object.hasOwn(CONSTANTS, word)) return this.next("number", CONSTANTS[word]);
    if (VARIABLES.includes(word)) return this.next("input", word);
    if (Object.hasOwn(FUNCTIONS, word) || word === "log") {
      this.at++;
      if (!this.take("(")) throw this.wrong(`${word} needs a bracket: ${word}(x)`);
      return this.step(word === "log" ? "ln" : word, [this.bracket()]);
    }
    const names = `x, x1, x2, x3, pi, e, ${Object.keys(FUNCTIONS).join(", ")}`;
    if (/^[A-Za-z]/.test(word)) throw this.wrong(`there is no ${word}; there are ${names}`);
    throw this.wrong("a number, an x or a bracket is expected" + (word ? `, not '${word}'` : ""));
  }

  next(operation, extra) {
    this.at++;
    return this.step(operation, [], extra);
  }
}
