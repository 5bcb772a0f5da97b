// Numbers as the lecture prints them, and the arithmetic of scales.

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// With a true minus sign and no "-0.00".
export function format(value, digits = 2) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size >= 1e5 ? size.toExponential(1).replace("+", "") : size.toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
}

// Four decimals, and beyond them 1.23e−5 and 1.23e5: the same as `number` in notation.py.
export function shown(value) {
  const size = Math.abs(value);
  const beyond = (size > 0 && size < 5e-4) || (size >= 1e5 && size < Infinity);
  return beyond ? value.toExponential(2).replace("e+", "e").replaceAll("-", "−") : format(value, 4);
}

// The same where six digits fit: four decimals or fewer.
export function short(value, most = 4) {
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 5e-4)) return shown(value);
  return format(value, Math.min(most, 6 - String(Math.trunc(size)).length));
}

// The same without zeros at the end: 1.5 for 1.5000.
export function brief(value, most = 4) {
  const text = short(value, most);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

// What a reader typed, with a true minus sign or a comma; NaN if it is no number.
export function typed(text) {
  const number = Number(text.replace("−", "-").replace(",", "."));
  return text.trim() === "" || !Number.isFinite(number) ? NaN : number;
}

// The next of 1, 2, 5, 10, 20 ... that is not smaller: for ticks and steps.
export function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= value * 0.999);
}

// How many digits after the point a number with this step needs.
export const digitsOf = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

// Where a value between low and high lies between two places, and back.
export function scale([low, high], [from, to]) {
  const map = (value) => from + ((value - low) / (high - low)) * (to - from);
  map.back = (place) => low + ((place - from) / (to - from)) * (high - low);
  return Object.assign(map, { low, high, from, to });
}

// About `count` round numbers between the ends of a scale, and the digits they need.
export function ticks({ low, high }, count = 6) {
  const step = nice((high - low) / count);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const values = Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
  return Object.assign(values, { digits: digitsOf(step) });
}
