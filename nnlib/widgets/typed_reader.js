// A typed text becomes the nodes of a function: the same as typed_reader.py.

import { FUNCTIONS } from "./typed_rules.js";

const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z]\w*)|(\*\*|[-+*/^()]))/y;
const VARIABLES = ["x", "x1", "x2", "x3"];
const CONSTANTS = { pi: Math.PI, e: Math.E };
const MOST_NODES = 20;
const isWord = (text) => /^[A-Za-z\d.(]/.test(text);
const isNumber = (text) => /^[\d.]/.test(text);

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
    for (let sign; (sign = this.take("+", "-"));) left = this.step(sign, [left, this.product()]);
    return left;
  }

  product() {
    let left = this.signed();
    for (;;) {
      const sign = this.take("*", "/");
      if (sign) left = this.step(sign, [left, this.signed()]);
      else if (isWord(this.word))
        left = this.step("*", [left, this.power()]); // 2x is 2*x
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
