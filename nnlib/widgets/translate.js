// English above, Latin below; a line for each look of a Latin word at an English one.

import { bar } from "./kit/bar.js";
import { button } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { tasksBelow } from "./kit/tasks.js";
import { unpacked } from "./layers.js";
import { read, written } from "./speaking.js";

const [START, STOP] = [1, 2];
const [WIDTH, HEIGHT] = [900, 230];
const ROWS = [28, 208]; // where the words stand

export default widget((figure) => {
  const W = unpacked(figure.get("weights"));
  const known = figure.get("known");
  const latin = figure.get("latin");
  const examples = figure.get("examples");
  const first = figure.get("english");
  let english = first;
  let example = -1;
  let before = null;

  const top = bar(figure, {
    reset() {
      [english, example, before] = [first, -1, null];
      todo.reset();
      field.value = english;
      show();
    },
  });
  button(top.row, "Another sentence", () => {
    example = (example + 1) % examples.length;
    english = examples[example];
    field.value = english;
    show();
  });

  const line = figure.foot();
  const label = htmlNode(line, "label", "nnlib-control nnlib-sentence", "English");
  const field = focusable(htmlNode(label, "input"), "English sentence");
  Object.assign(field, { type: "text", value: english, spellcheck: false, autocomplete: "off" });
  field.addEventListener("input", () => {
    english = field.value;
    show();
  });
  const picture = drawing(htmlNode(figure.root, "div", "nnlib-looks"), WIDTH, HEIGHT, "");
  picture.removeAttribute("role");
  const say = figure.status(figure.root, 2);
  const todo = tasksBelow(figure, [
    {
      ask: "Point at the Latin verb, the last word. At which English words did it look?",
      answer: "Above all at the verb; its ending also needs who acts, one or several.",
    },
    {
      ask: "Make who acts plural, and nothing else. Which Latin words change?",
      answer: "That noun, its adjective, and the verb: their endings agree.",
    },
    {
      ask: "Type a word that it never read. What can it do?",
      answer: "Nothing: a network has numbers for the words that it learnt, and for no others.",
    },
  ]);
  const details = htmlNode(figure.root, "details", "nnlib-below");
  htmlNode(details, "summary", "nnlib-small", "The words that it knows");
  htmlNode(details, "p", "nnlib-small", known.slice(1).join(", "));

  function show() {
    const words = english
      .toLowerCase()
      .replace(/[ .]+$/, "")
      .split(/\s+/)
      .filter(Boolean);
    const unknown = words.find((word) => !known.includes(word));
    if (unknown && english.endsWith(unknown) && known.some((word) => word.startsWith(unknown)))
      return say("Go on: this is the beginning of a word that it knows.");
    if (unknown) {
      todo.reach(2);
      return say(`The word “${unknown}” is unknown. The list below has all that it knows.`);
    }
    if (!words.length) return say("Type a sentence in English.");
    if (words.length > figure.get("longest"))
      return say(`The sentence has ${words.length} words; it reads ${figure.get("longest")} at most.`);
    figure.set("english", english);
    const numbers = words.map((word) => known.indexOf(word));
    const spoken = written(W, read(W, numbers), { start: START, stop: STOP, length: figure.get("length") });
    const said = spoken.map(([word]) => latin[word]);
    draw(words, said, spoken);
    const sentence = said.filter((word) => word !== ".").join(" ");
    if (before && plural(before.words, words) && before.said.at(-2) !== said.at(-2)) todo.reach(1);
    before = { words, said };
    const begin = sentence.slice(0, 1).toUpperCase();
    say(`${begin}${sentence.slice(1)}.\nPoint at a word, or focus it, to see its looks.`);
  }

  function draw(words, said, spoken) {
    picture.replaceChildren();
    change(picture, { "aria-label": `${words.join(" ")}: ${said.join(" ")}` });
    const places = [words, said].map((row) => {
      const sizes = row.map((word) => 8.4 * word.length + 16);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const stretch = Math.min(1, WIDTH / total);
      let x = (WIDTH - stretch * total) / 2;
      return sizes.map((size) => {
        x += stretch * size;
        return x - (stretch * size) / 2;
      });
    });
    const lines = spoken.map(([, looks], n) =>
      words.map((_, k) => {
        const ends = { x1: places[0][k], y1: ROWS[0] + 10, x2: places[1][n], y2: ROWS[1] - 20 };
        const look = { stroke: "var(--blue)", "stroke-width": 3, "stroke-linecap": "round" };
        return svgNode(picture, "line", { ...ends, ...look, "stroke-opacity": looks[k] });
      }),
    );
    const shares = words.map((_, k) =>
      svgNode(picture, "text", { x: places[0][k], y: 10, "text-anchor": "middle", class: "nnlib-small" }, ""),
    );
    const below = said.map((_, n) =>
      svgNode(
        picture,
        "text",
        { x: places[1][n], y: HEIGHT - 4, "text-anchor": "middle", class: "nnlib-small" },
        "",
      ),
    );
    // Only the looks of Latin word n, or only those at English word k.
    const light = (n, k) => {
      lines.forEach((row, i) =>
        row.forEach((one, j) => {
          const on = (n === null || n === i) && (k === null || k === j);
          change(one, { "stroke-opacity": on ? spoken[i][1][j] : 0.02 });
        }),
      );
      const percent = (share) => (share >= 0.005 ? `${Math.round(100 * share)} %` : "");
      shares.forEach((text, j) => (text.textContent = n === null ? "" : percent(spoken[n][1][j])));
      below.forEach((text, i) => (text.textContent = k === null ? "" : percent(spoken[i][1][k])));
      if (n !== null && said[n + 1] === ".") todo.reach(0);
    };
    [words, said].forEach((row, which) =>
      row.forEach((word, at) => {
        const place = { x: places[which][at], y: ROWS[which], "text-anchor": "middle", tabindex: 0 };
        const node = focusable(svgNode(picture, "text", { ...place, class: "nnlib-word" }, word), word);
        node.setAttribute("role", "button");
        const on = () => (which ? light(at, null) : light(null, at));
        const off = () => light(null, null);
        for (const kind of ["pointerenter", "focus"]) node.addEventListener(kind, on);
        for (const kind of ["pointerleave", "blur"]) node.addEventListener(kind, off);
      }),
    );
  }

  figure.follow(["english"], () => {
    english = figure.get("english");
    field.value = english;
    show();
  });
  show();
});

// Whether two sentences differ in one of the first three words alone (and in the verb), by a plural.
function plural(one, other) {
  const at = one.findIndex((word, n) => word !== other[n]);
  return at >= 1 && at <= 2 && one.length === other.length && one[at].slice(0, 3) === other[at].slice(0, 3);
}
