// The steps of both modes for a typed function: what is computed, as formula, numbers and code.

import { brief, shown } from "./kit/numbers.js";

const DOT = "\u0307"; // above the letter before it
const BAR = "\u0304";
const signs = { "+": "+", "-": "−", "*": "·", "/": "/" };

// x1 as x_1; with a mark above its letter.
const written = (name, mark = "") => name[0] + mark + (name.length > 1 ? `_${name.slice(1)}` : "");

// A node as a formula of its inputs: "x_1 x_2", "ln(x_1)".
export function ruleOf(node, nodes) {
  const [u, w] = node.inputs.map((i) => nodes[i]).map(word);
  if (node.operation === "*") return `${u} · ${w}`;
  if (node.operation in signs) return `${u} ${signs[node.operation]} ${w}`;
  if (node.operation === "power") return `${u}^${brief(node.number)}`;
  return node.operation === "minus" ? `−${u}` : `${node.operation}(${u})`;
}
const word = (node) => (node.operation === "number" ? node.name.replace("-", "−") : written(node.name));

// The partial derivatives of a node with respect to its inputs, as formulas and as Python.
function slopeWords(node, nodes) {
  const [u, w] = node.inputs.map((i) => nodes[i]).map(word);
  const [cu, cw] = node.inputs.map((i) => nodes[i].name);
  const [y, cy] = [written(node.name), node.name];
  const p = node.number;
  return {
    "+": [["1", "1"], ["1", "1"]], // prettier-ignore
    "-": [["1", "−1"], ["1", "-1"]], // prettier-ignore
    "*": [[w, u], [cw, cu]], // prettier-ignore
    "/": [[`{1}/{${w}}`, `−{${y}}/{${w}}`], [`1 / ${cw}`, `-${cy} / ${cw}`]], // prettier-ignore
    minus: [["−1"], ["-1"]],
    power: [[`${brief(p)} ${u}^{${brief(p - 1)}}`], [`${p} * ${cu} ** ${p - 1}`]],
    sin: [[`cos(${u})`], [`np.cos(${cu})`]],
    cos: [[`−sin(${u})`], [`-np.sin(${cu})`]],
    exp: [[y], [cy]],
    ln: [[`{1}/{${u}}`], [`1 / ${cu}`]],
    sqrt: [[`{1}/{2 ${y}}`], [`1 / (2 * ${cy})`]],
    tanh: [[`(1 − ${y}^2)`], [`(1 - ${cy}**2)`]],
    sigmoid: [[`${y} (1 − ${y})`], [`${cy} * (1 - ${cy})`]],
    relu: [[`"1 if " ${u} > 0`], [`(${cu} > 0)`]],
  }[node.operation];
}

const varies = (nodes) => (i) => nodes[i].operation !== "number";
const bracketed = (value) => (value < 0 ? `(${shown(value)})` : shown(value));

// Forward mode: one step for each node, its value and its dot.
export function forwardSteps({ nodes, slopes, dots, values }, seed) {
  const steps = [];
  nodes.forEach((node, place) => {
    const dot = written(node.name, DOT);
    if (node.operation === "number") return;
    if (node.operation === "input") {
      const chosen = node.name === seed;
      steps.push({
        place, lit: [], value: dots[place], label: `${node.name} dot =`,
        heading: `Input ${written(node.name)}`,
        says: chosen ? "The derivative with respect to this input is asked: its dot is 1."
          : "Not this input: its dot is 0.",
        formulas: [`${dot} = ${brief(dots[place])}`], numbers: "", slips: [],
        code: `${node.name}_dot = ${dots[place].toFixed(1)}`,
      }); // prettier-ignore
      return;
    }
    const [formulas, code] = slopeWords(node, nodes);
    const live = node.inputs.map((i, k) => [i, k]).filter(([i]) => varies(nodes)(i));
    const terms = live.map(([i, k]) => product(formulas[k], written(nodes[i].name, DOT)));
    const counted = live.map(([i, k]) => `${bracketed(slopes[place][k])} · ${bracketed(dots[i])}`);
    const summed = live.map(([i, k]) => timesCode(code[k], `${nodes[i].name}_dot`));
    steps.push({
      place, value: dots[place], label: `${node.name} dot =`,
      lit: node.inputs.map((i) => `${i}-${place}`),
      heading: `${written(node.name)} = ${ruleOf(node, nodes)}`,
      says: `Its value is ${shown(values[place])}. Its dot: each input's dot times the slope.`,
      formulas: [`${dot} = ${joined(terms)}`],
      numbers: `${dot} = ${counted.join(" + ")}`,
      slips: forwardSlips(live, node, { slopes: slopes[place], dots, values }),
      code: `${node.name}_dot = ${summed.join(" + ").replaceAll("+ -", "- ")}`,
    }); // prettier-ignore
  });
  return steps;
}

// Reverse mode: record the values, start with 1, then a step for each share.
export function reverseSteps({ nodes, slopes, values }) {
  const steps = [];
  const adjoints = nodes.map(() => null); // null: no share has come
  nodes.forEach((node, place) => {
    if (["number", "input"].includes(node.operation)) return;
    steps.push({
      place, phase: 0, lit: node.inputs.map((i) => `${i}-${place}`), label: `${node.name} =`,
      heading: `Record ${written(node.name)}`,
      says: "The first phase: compute, and note what it was computed from.",
      formulas: [`${written(node.name)} = ${ruleOf(node, nodes)}`],
      numbers: written(node.name), value: values[place], slips: [],
      code: `${node.name} = ...  # and its inputs go on the tape`, adjoints: null,
    }); // prettier-ignore
  });
  const last = nodes.length - 1;
  adjoints[last] = 1;
  steps.push({
    place: last, phase: 1, lit: [], value: 1, slips: [], label: "y bar =",
    heading: "Start at the output",
    says: "The second phase begins with the derivative of y with respect to y.",
    formulas: [`y${BAR} = ∂y/∂y = 1`], numbers: "", code: "y_bar = 1.0", adjoints: [...adjoints],
  }); // prettier-ignore
  for (let place = last; place >= 0; place--) {
    const node = nodes[place];
    node.inputs.forEach((i, k) => {
      if (nodes[i].operation === "number") return;
      const [formulas, code] = slopeWords(node, nodes);
      const again = adjoints[i] !== null;
      const [before, share] = [adjoints[i] ?? 0, adjoints[place] * slopes[place][k]];
      adjoints[i] = before + share;
      const [bar, from] = [written(nodes[i].name, BAR), written(node.name, BAR)];
      steps.push({
        place: i, phase: 1, lit: [`${i}-${place}`], value: adjoints[i], label: `${nodes[i].name} bar =`,
        travels: { key: `${i}-${place}`, words: brief(share) },
        heading: `${written(node.name)} hands back to ${written(nodes[i].name)}`,
        says: again ? "It has a share already: this one is added." : "The adjoint times the slope.",
        formulas: [`${bar} ← ${bar} + ${product(formulas[k], from)}`],
        numbers: `${bar} = ${shown(before)} + ${bracketed(adjoints[place])} · ${bracketed(slopes[place][k])}`,
        slips: [
          again && { value: share, says: "that is this share alone; add it to what was there" },
          again && { value: before, says: "that was there before; add the new share" },
          { value: slopes[place][k], says: "that is the slope; multiply it by the adjoint" },
        ].filter(Boolean),
        code: `${nodes[i].name}_bar += ${timesCode(code[k], `${node.name}_bar`)}`, adjoints: [...adjoints],
      }); // prettier-ignore
    });
  }
  return steps;
}

function forwardSlips(live, node, { slopes, dots, values }) {
  const terms = live.map(([i, k]) => slopes[k] * dots[i]);
  return [
    live.length > 1 && { value: terms[0], says: "only the path through the first input is in it" },
    live.length > 1 && { value: terms[1], says: "only the path through the second input is in it" },
    node.operation === "*" && {
      value: live.reduce((all, [i]) => all * dots[i], 1),
      says: "the dots are multiplied; each dot belongs to the other factor's value",
    },
    live.length === 1 && { value: slopes[live[0][1]], says: "that is the slope; multiply it by the dot" },
    live.length === 1 && { value: dots[live[0][0]], says: "the slope is missing" },
    { value: values[live[0][0]], says: "that is the value of the input" },
  ].filter(Boolean);
}

function product(slope, mark) {
  if (slope === "1") return mark;
  return slope === "−1" ? `−${mark}` : `${slope} ${mark}`;
}
const joined = (terms) => terms.join(" + ").replaceAll("+ −", "− ");
function timesCode(slope, name) {
  if (slope === "1") return name;
  return slope === "-1" ? `-${name}` : `${slope} * ${name}`;
}
