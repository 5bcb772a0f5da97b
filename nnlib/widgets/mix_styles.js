// A picture in a style, from the sheet of nnlib.applications.style_sheet: its tiles were painted before.

import { bar } from "./kit/bar.js";
import { choice } from "./kit/controls.js";
import { change, drawing, svgNode, write } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { format } from "./kit/numbers.js";
import { tasks } from "./kit/tasks.js";

export default widget((figure) => {
  const [pictures, styles, shares] = [figure.get("pictures"), figure.get("styles"), figure.get("shares")];
  const [originals, tiles] = [figure.get("originals"), figure.get("tiles")];
  const [width, height, columns, rows] = figure.get("size");
  const noise = originals.length; // the last of the pictures
  const most = shares.length - 1;
  const names = ["picture", "style", "share"];
  const opening = names.map((name) => figure.get(name));

  const top = bar(figure, {
    names: { back: "Less style", next: "More style" },
    reset() {
      todo.reset();
      go(...opening);
    },
    back: () => move(-1),
    next: () => move(1),
  });
  const picked = choice(top.row, "picture", pictures, opening[0], (index) =>
    go(index, figure.get("style"), figure.get("share")),
  );
  const liked = choice(top.row, "style", styles, opening[1], (index) =>
    go(figure.get("picture"), index, figure.get("share")),
  );

  const { stage, card } = figure.body();
  const drawn = drawing(stage, 560, 290, "A picture, a style, and the picture in that style");
  const empty = svgNode(drawn, "rect", { x: 0, y: 0, width: 168, height: 112, fill: "var(--line)" });
  const frames = [
    [0, 0, 168],
    [0, 150, 168],
    [188, 14, 372],
  ].map(([x, y, side]) => framed(x, y, side));
  const say = figure.status(card, 3);
  const todo = tasks(card, [
    {
      ask: "The temple in the style of the flower, and less style: will its own colours come back?",
      answer: "No. The content is what the last layer sees, and that minds colours little.",
    },
    {
      ask: "A picture in its own style, all the way: what will change?",
      answer: "Its colours stay. Fine detail is blurred away: E also asks for little roughness.",
    },
    {
      ask: "Begin with noise. What of a picture does its style know?",
      answer: "Its commonest colours, a few spots of others, and nothing of where they were.",
    },
  ]);

  // A window on one tile of the sheet, with a name below.
  function framed(x, y, side) {
    const tall = (side * height) / width;
    const view = svgNode(drawn, "svg", { x, y, width: side, height: tall });
    const whole = { width: columns * width, height: rows * height, href: figure.get("sheet") };
    svgNode(view, "image", { ...whole, style: "image-rendering: pixelated" });
    const place = { x: x + side / 2, y: y + tall + 18, "text-anchor": "middle", class: "nnlib-small" };
    const name = svgNode(drawn, "text", place);
    return (tile, words) => {
      change(view, { visibility: tile ? "visible" : "hidden" });
      if (tile) change(view, { viewBox: `${tile[0] * width} ${tile[1] * height} ${width} ${height}` });
      write(name, words);
    };
  }

  function move(way) {
    if (figure.get("picture") === noise) return;
    const share = Math.min(most, Math.max(0, figure.get("share") + way));
    go(figure.get("picture"), figure.get("style"), share);
  }

  function go(...values) {
    names.forEach((name, k) => figure.set(name, values[k]));
    const [picture, style, share] = values;
    if (picture === noise) todo.reach(2);
    else if (share === most && picture === style) todo.reach(1);
    else if (share === 0 && picture === 0 && style === 1) todo.reach(0);
    show();
  }

  function show() {
    const [picture, style, share] = names.map((name) => figure.get(name));
    [picked.selectedIndex, liked.selectedIndex] = [picture, style];
    const only = picture === noise;
    top.can("back", !only && share > 0);
    top.can("next", !only && share < most);
    change(empty, { visibility: only ? "visible" : "hidden" });
    frames[0](originals[picture], pictures[picture]);
    frames[1](originals[style], `style: ${styles[style]}`);
    frames[2](tiles[picture][style][share], "what it becomes");
    const s = format(shares[share], 1);
    const words = `${pictures[picture]} in the style of ${styles[style]}`;
    const counts = only
      ? "nothing but style counts, s = 1."
      : `the style counts s = ${s}, the content ${format(1 - shares[share], 1)}.`;
    say(`${words[0].toUpperCase()}${words.slice(1)}: ${counts}`);
  }

  figure.follow(names, show);
  show();
});
