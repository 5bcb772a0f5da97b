import { bar } from "./kit/bar.js";
import { choice } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { widget } from "./kit/figure.js";
import { format } from "./kit/numbers.js";
import { tasksBelow } from "./kit/tasks.js";

export default widget((figure) => {
  const [pairs, columns] = [figure.get("pairs"), figure.get("columns")];
  const begin = figure.get("pair");
  const count = () => pairs[figure.get("pair")].images[0].length;

  const top = bar(figure, {
    names: { back: "Picture before", next: "Next picture" },
    reset() {
      todo.reset();
      go(begin, 0);
    },
    back: () => go(figure.get("pair"), figure.get("number") - 1),
    next: () => go(figure.get("pair"), figure.get("number") + 1),
  });
  const picked = choice(
    top.row,
    "pair",
    pairs.map(({ name }) => name),
    begin,
    (index) => go(index, 0),
  );

  const [side, gap] = [218, 13];
  const box = htmlNode(figure.root, "div", "nnlib-pairs");
  const picture = drawing(
    box,
    4 * side + 3 * gap,
    side + 22,
    "Input, the network's answer, what is wanted, a baseline",
  );
  const frames = columns.map((name, k) => {
    const frame = svgNode(picture, "g");
    const x = k * (side + gap);
    const shown = svgNode(frame, "image", { x, y: 0, width: side, height: side });
    svgNode(
      frame,
      "text",
      { x: x + side / 2, y: side + 17, "text-anchor": "middle", class: "nnlib-small" },
      name,
    );
    return { frame, shown };
  });
  const say = figure.status(figure.root, 2);
  const todo = tasksBelow(figure, [
    {
      ask: "labels → street: which part can no pixel know by itself?",
      answer: "Windows, shading and the parts of a car: they depend on labels nearby.",
    },
    {
      ask: "Colour: where will a network that saw painted streets go wrong on a photograph?",
      answer: "It knows sky, trees, houses and roads of one painter, and takes all else for one of them.",
    },
  ]);

  function go(pair, number) {
    figure.set("pair", pair);
    figure.set("number", (number + pairs[pair].images[0].length) % pairs[pair].images[0].length);
    if (number > 0 && pair === 0) todo.reach(0);
    if (!pairs[pair].network.length) todo.reach(1);
    show();
  }

  function show() {
    const [pair, number] = [figure.get("pair"), figure.get("number")];
    const { name, images, network, baseline } = pairs[pair];
    picked.selectedIndex = pair;
    frames.forEach(({ frame, shown }, k) => {
      const there = images[k].length > number;
      change(frame, { visibility: there ? "visible" : "hidden" });
      if (there) change(shown, { href: images[k][number] });
    });
    const measured = network.length
      ? `PSNR: network ${format(network[number], 2)} dB, pixel by pixel ${format(baseline[number], 2)} dB.`
      : "Learnt from painted streets alone. Nobody knows the right colours of this photograph.";
    say(`${name}, picture ${number + 1} of ${count()}, held out.\n${measured}`);
  }

  figure.follow(["pair", "number"], show);
  show();
});
