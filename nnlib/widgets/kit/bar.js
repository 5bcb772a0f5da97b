// The bar on top of every figure: Reset, Back, Next, Play, and how far one has come.
// Left and right arrow keys go back and on, Home and End to the ends, the space bar plays.

import { button, enable } from "./controls.js";
import { htmlNode } from "./dom.js";

// Every entry but `reset` may be left out.
//   reset()         back to the start; a player stops first
//   back(), next()  one step; `names` are the words on the buttons
//   step()          what Play does again and again, `rate` times a second, until it returns false;
//                   without it Play is not there
//   ends(way)       Home (-1) and End (1)
//   parts           names of the parts of the way, for the marks of progress
export function bar(figure, { reset, back, next, step, ends, rate = 2, names = {}, parts = [] }) {
  const row = htmlNode(figure.root, "div", "nnlib-row nnlib-bar");
  const made = {};
  button(row, "Reset", () => {
    pause();
    reset();
  });
  if (back) made.back = button(row, names.back ?? "Back", () => go(back));
  if (next) made.next = button(row, names.next ?? "Next", () => go(next), "nnlib-main");
  if (step) made.play = button(row, "Play", () => (timer === null ? play() : pause()));
  const marks = htmlNode(row, "span", "nnlib-parts");
  marks.title = parts.join(", ");
  const bits = parts.map(() => htmlNode(marks, "i"));
  const where = htmlNode(row, "span", "nnlib-small");
  const rest = htmlNode(row, "span", "nnlib-rest");
  let timer = null;
  figure.leaving.push(() => clearInterval(timer));

  function pause() {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    made.play.textContent = "Play";
  }
  function play() {
    if (step() === false) return;
    made.play.textContent = "Pause";
    timer = setInterval(() => step() === false && pause(), 1000 / rate);
  }
  function go(way) {
    pause();
    way();
  }

  figure.root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) return;
    if (event.key === " " && event.target.matches("button")) return; // it presses the button
    const does = {
      ArrowRight: next && (() => go(next)),
      ArrowLeft: back && (() => go(back)),
      Home: ends && (() => go(() => ends(-1))),
      End: ends && (() => go(() => ends(1))),
      " ": step && (() => (timer === null ? play() : pause())),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });

  return {
    row: rest, // for more controls, at the right end of the bar
    pause,
    playing: () => timer !== null,
    can: (way, possible) => enable(made[way], possible),
    // Part number `now` is under way, in these words.
    progress(now, words = "") {
      bits.forEach((bit, k) => {
        bit.className = k < now ? "nnlib-done" : k === now ? "nnlib-now" : "";
      });
      where.textContent = words;
    },
  };
}
