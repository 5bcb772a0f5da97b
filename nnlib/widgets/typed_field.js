// A field for a function that the reader types, and beside it what is wrong with the text.

import { htmlNode, lower } from "./kit/dom.js";
import { focusable } from "./kit/figure.js";
import { read } from "./typed_reader.js";

// `changed(nodes, text)` hears of every text that can be read, and may throw what is wrong with it; a
// text with an error leaves the picture as it is. `alone` allows x alone. Returns the field:
// write(text) and say(words).
export function typedField(row, parent, { label, names, text, alone = false }, changed) {
  const box = htmlNode(row, "label", "nnlib-control");
  htmlNode(box, "span", "", label);
  const input = focusable(htmlNode(box, "input"), names);
  Object.assign(input, { type: "text", value: text, className: "nnlib-typed", spellcheck: false });
  const line = htmlNode(parent, "div", "nnlib-status nnlib-fault");
  line.setAttribute("role", "status");

  function say(words) {
    input.setAttribute("aria-invalid", String(words !== ""));
    lower(line, words);
  }
  input.addEventListener("input", () => {
    try {
      const nodes = read(input.value);
      if (alone && nodes.some(({ operation, name }) => operation === "input" && name !== "x"))
        throw new Error("Use x alone here.");
      changed(nodes, input.value);
      say("");
    } catch (error) {
      say(`${error.message} The picture keeps the last function.`);
    }
  });
  return {
    say,
    write(words) {
      input.value = words;
      say("");
    },
  };
}
