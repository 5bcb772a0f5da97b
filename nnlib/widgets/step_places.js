// The numbers of a step by place, such as "delta.1.0@3": see backpropagation_values.py.

import { brief } from "./kit/numbers.js";

export function lookUp(computed, place, sample) {
  const [path, other] = place.split("@");
  const [kind, ...indices] = path.split(".");
  const start = kind in computed ? computed[kind] : computed.samples[other ?? sample][kind];
  return indices.reduce((number, index) => number[index], start);
}

// The numbers of a step with values in their places; a negative one after an operator in brackets.
export function fill(numbers, computed, sample) {
  return numbers.replace(/([·+−] )?\{([A-Za-z]+(?:\.\d+)+(?:@\d+)?)\}/g, (whole, operator = "", place) => {
    const text = brief(lookUp(computed, place, sample));
    return operator && text.startsWith("−") ? `${operator}(${text})` : operator + text;
  });
}

// A sum of products of places and numbers.
export function total(terms, computed, sample) {
  const value = (factor) => (typeof factor === "string" ? lookUp(computed, factor, sample) : factor);
  return terms.reduce((sum, term) => sum + term.reduce((product, factor) => product * value(factor), 1), 0);
}
