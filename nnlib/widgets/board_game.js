// A board game against a network: the board on the left, what the network thinks on the right.

import { RULES } from "./board_rules.js";
import { searched } from "./board_search.js";
import { bar } from "./kit/bar.js";
import { choice } from "./kit/controls.js";
import { change, drawing, htmlNode, svgNode } from "./kit/dom.js";
import { focusable, widget } from "./kit/figure.js";
import { clamp, format } from "./kit/numbers.js";
import { tasks } from "./kit/tasks.js";
import { unpacked } from "./layers.js";

const SIDES = ["You play first", "You play second", "You play both"];
const BUDGETS = [0, 10, 50, 200];
const SHOWN = 5;
const LONGEST = 60;
const GLYPHS = ["", "chick", "giraffe", "eleph.", "lion", "hen"];
// Where each piece of shogi may go: up, down, left, right, and the corners.
const STEPS = ["", "U", "ULRD", "1739", "ULRD1739", "ULRD17"];
const DOTS = { U: [0, -1], D: [0, 1], L: [-1, 0], R: [1, 0], 1: [-1, -1], 7: [1, -1], 3: [-1, 1], 9: [1, 1] };

export default widget((figure) => {
  const rules = RULES[figure.get("game")];
  const W = unpacked(figure.get("weights"));
  const { width, height } = rules;
  const squares = width * height;
  const columns = rules.drop ? "01234" : "abcde";
  let actions = [...figure.get("actions")];
  let simulations = figure.get("simulations");
  let human = figure.get("human");
  let selected = null;
  let cursor = Math.floor(height / 2) * width + Math.floor(width / 2);
  let timer = null;
  let watching = false;
  figure.leaving.push(() => clearTimeout(timer));

  const top = bar(figure, {
    reset() {
      begin();
      todo.reset();
    },
    back: () => takeBack(),
    next: () => networkMoves(),
    step() {
      if (now().outcome !== null) return false;
      watching = true;
      networkMoves();
      if (now().outcome === null) return true;
      todo.reach(2);
      return false;
    },
    rate: 1.5,
    names: { back: "Take back", next: "Network moves" },
  });
  const side = choice(top.row, "", SIDES, human, (index) => {
    human = index;
    figure.set("human", index);
    answer();
    show();
  });
  side.setAttribute("aria-label", "which player you are");
  const budgets = [...new Set([...BUDGETS, simulations])].sort((a, b) => a - b);
  const names = budgets.map((n) => (n ? `${n} simulations` : "policy alone"));
  const depth = choice(top.row, "", names, budgets.indexOf(simulations), (index) => {
    simulations = budgets[index];
    figure.set("simulations", simulations);
    show();
  });
  depth.setAttribute("aria-label", "how far the network looks ahead");

  const { stage, card } = figure.body();
  const cell = Math.min(88, Math.floor(400 / height));
  const left = rules.hands ? 96 : 24;
  const picture = drawing(stage, left * 2 + cell * width, cell * height + 36, "");
  picture.removeAttribute("role");
  const grid = svgNode(picture, "g", { tabindex: 0, role: "application", class: "nnlib-board" });
  focusable(
    grid,
    `${figure.get("title")}: arrow keys move the frame, Enter or the space bar chooses a square`,
  );
  const cells = Array.from({ length: squares }, (_, k) => {
    const [x, y] = [left + cell * (k % width), 12 + cell * Math.floor(k / width)];
    const g = svgNode(grid, "g");
    const ground = svgNode(g, "rect", { x, y, width: cell, height: cell, class: "nnlib-square" });
    const promise = svgNode(g, "rect", { x: x + 2, y: y + 2, width: cell - 4, height: cell - 4 });
    change(promise, { class: "nnlib-promise" });
    const piece = svgNode(g, "g", { transform: `translate(${x + cell / 2} ${y + cell / 2})` });
    const share = svgNode(g, "text", { x: x + cell / 2, y: y + cell / 2 + 5, "text-anchor": "middle" }, "");
    g.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grid.focus({ preventScroll: true });
      cursor = k;
      choose(k);
    });
    return { ground, promise, piece, share };
  });
  // The names of columns and, where stones do not drop, of rows: as `words` says them.
  const named = { class: "nnlib-small", "text-anchor": "middle" };
  for (let k = 0; k < width; k++)
    svgNode(picture, "text", { x: left + cell * (k + 0.5), y: cell * height + 28, ...named }, columns[k]);
  for (let k = 0; k < height && !rules.drop; k++)
    svgNode(picture, "text", { x: left - 8, y: 16 + cell * (k + 0.5), ...named }, `${height - k}`);
  const frame = svgNode(grid, "rect", { width: cell - 8, height: cell - 8, class: "nnlib-cursor" });
  // Pieces in hand: of the second player on the left, of the first on the right.
  const hands = !rules.hands
    ? []
    : [0, 1].flatMap((player) =>
        [0, 1, 2].map((kind) => {
          const x = player ? 8 : left + cell * width + 12;
          const y = player ? 12 + 56 * kind : 12 + cell * height - 56 * (3 - kind);
          const g = svgNode(picture, "g", { tabindex: 0, role: "button" });
          focusable(g, "");
          const ground = svgNode(g, "rect", { x, y, width: 76, height: 52, rx: 4, class: "nnlib-square" });
          const label = svgNode(g, "text", { x: x + 38, y: y + 31, "text-anchor": "middle" }, "");
          const pick = () => choose(squares + kind, player);
          g.addEventListener("pointerdown", pick);
          g.addEventListener("keydown", (event) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            event.stopPropagation();
            pick();
          });
          return { g, ground, label, player, kind };
        }),
      );

  htmlNode(card, "div", "nnlib-small", "value: how the network expects it to end");
  const worth = drawing(card, 320, 40, "The value: who the network expects to win");
  svgNode(worth, "rect", { x: 10, y: 6, width: 300, height: 10, fill: "var(--line)" });
  const lean = svgNode(worth, "rect", { y: 6, height: 10 });
  svgNode(worth, "line", { x1: 160, x2: 160, y1: 2, y2: 20, stroke: "var(--ink)" });
  for (const [x, anchor, end] of [
    [10, "start", "second player wins"],
    [310, "end", "first player wins"],
  ])
    svgNode(worth, "text", { x, y: 34, "text-anchor": anchor, class: "nnlib-small" }, end);
  const heading = htmlNode(card, "div", "nnlib-small");
  const table = drawing(card, 320, 24 * SHOWN, "policy and visits of the most visited moves");
  const rows = Array.from({ length: SHOWN }, (_, n) => ({
    name: svgNode(table, "text", { x: 10, y: 24 * n + 16 }, ""),
    visits: svgNode(table, "rect", { x: 110, y: 24 * n + 3, height: 9, fill: "var(--blue)" }),
    policy: svgNode(table, "rect", { x: 110, y: 24 * n + 13, height: 5, fill: "var(--orange)" }),
    share: svgNode(table, "text", { x: 310, y: 24 * n + 16, "text-anchor": "end" }, ""),
  }));
  const todo = tasks(card, [
    {
      ask: "Where does policy alone differ from 200 simulations? Find such a position.",
      answer: "There the search saw a reply that the policy had not.",
    },
    { ask: "Can you win a game?", answer: "The network has lost, in a line that it seldom met." },
    {
      ask: "Play: it plays against itself. Does the value know the winner before the end?",
      answer: "It played itself: so it made all the games that it learnt from.",
    },
  ]);
  const say = figure.status(figure.root, 2);

  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [x, y] = [cursor % width, Math.floor(cursor / width)];
    const to = {
      ArrowLeft: [x - 1, y],
      ArrowRight: [x + 1, y],
      ArrowUp: [x, y - 1],
      ArrowDown: [x, y + 1],
    }[event.key];
    if (to) {
      cursor = clamp(to[1], 0, height - 1) * width + clamp(to[0], 0, width - 1);
      show();
    } else if (event.key === "Enter" || event.key === " ") choose(cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // The position: its state seen by the player to move, who that is, and how it ended for who moved last.
  function now() {
    let [state, outcome] = [rules.start, null];
    for (const action of actions) [state, outcome] = rules.play(state, action);
    if (outcome === null && actions.length >= LONGEST) outcome = 0;
    return { state, outcome, player: actions.length % 2 };
  }

  // A square as it is drawn, the first player below, from one as the player to move sees it; and back.
  const drawn = (square, player) =>
    rules.turned && player && square < squares ? squares - 1 - square : square;

  function choose(square, hand = null) {
    const { state, outcome, player } = now();
    top.pause();
    if (outcome !== null)
      return show("The game is over: Reset begins another, Take back goes on from before.");
    if (human !== 2 && player !== human) return show("It is the network's turn.");
    if (hand !== null && hand !== player) return show("These are the other player's pieces.");
    const at = drawn(square, player);
    const paths = rules.moves(state).map((action) => [action, ...rules.path(action, state)]);
    const column = (to) => rules.drop && to % width === at % width;
    const move = paths.find(([, from, to]) => from === selected && (to === at || column(to)));
    if (move) return act(move[0]);
    selected = paths.some(([, from]) => from === at) && selected !== at ? at : null;
    const possible = paths.some(([, from]) => from === null) || selected !== null;
    show(possible ? "" : "No move is possible there.");
  }

  function act(action) {
    watching = false;
    advance(action);
    const { outcome, player } = now();
    if (outcome === 1 && human !== 2 && player !== human) todo.reach(1);
    answer();
  }

  function advance(action) {
    selected = null;
    actions.push(action);
    figure.set("actions", [...actions]);
    show();
  }

  function networkMoves() {
    clearTimeout(timer);
    const { state, outcome } = now();
    if (outcome === null) advance(searched(rules, W, state, simulations).chosen);
  }

  // The network's turn, a moment later.
  function answer() {
    clearTimeout(timer);
    const { outcome, player } = now();
    if (human === 2 || player === human || outcome !== null) return;
    timer = setTimeout(networkMoves, figure.calm ? 0 : 350);
  }

  // One's own last move, and the network's reply to it.
  function takeBack() {
    clearTimeout(timer);
    const count = human === 2 || actions.length % 2 !== human ? 1 : 2;
    actions.splice(Math.max(0, actions.length - count));
    selected = null;
    figure.set("actions", [...actions]);
    answer();
    show();
  }

  function begin() {
    clearTimeout(timer);
    [actions, selected, watching] = [[], null, false];
    figure.set("actions", []);
    answer();
    show();
  }

  const name = (square) =>
    square >= squares
      ? GLYPHS[square - squares + 1]
      : columns[square % width] + (height - Math.floor(square / width));

  function words(action, state, player) {
    const [from, to] = rules.path(action, state).map((at) => (at === null ? null : drawn(at, player)));
    if (rules.drop) return `column ${columns[to % width]}`;
    return from === null ? name(to) : `${name(from)} – ${name(to)}`;
  }

  function show(message = "") {
    const { state, outcome, player } = now();
    const thought = outcome === null ? searched(rules, W, state, simulations) : null;
    const board = state.slice(0, squares).map((piece) => (player ? -piece : piece));
    if (rules.turned && player) board.reverse();
    const promise = Array(squares).fill(0);
    thought?.moves.forEach((action, k) => {
      const [from, to] = rules.path(action, state);
      if (selected === null || from === selected) promise[drawn(to, player)] += thought.shares[k];
    });
    const shown = human === 2 || player === human || watching;
    cells.forEach((one, k) => {
      const light = shown ? promise[k] : 0;
      change(one.promise, { "fill-opacity": format(0.6 * light, 3) });
      one.share.textContent = !board[k] && light >= 0.01 ? `${Math.round(100 * light)} %` : "";
      one.ground.classList.toggle("nnlib-lifted", selected !== null && drawn(selected, player) === k);
      drawPiece(one.piece, board[k], cell, figure.get("pieces").length > 0);
    });
    change(frame, { x: left + cell * (cursor % width) + 4, y: 12 + cell * Math.floor(cursor / width) + 4 });
    hands.forEach(({ g, ground, label, player: owner, kind }) => {
      const count = state[squares + kind + (owner === player ? 0 : 3)];
      const own = Math.abs(count);
      label.textContent = own ? `${own} ${GLYPHS[kind + 1]}` : "";
      g.setAttribute("aria-label", `${own} ${GLYPHS[kind + 1]} in hand of player ${owner + 1}`);
      change(ground, { stroke: owner ? "var(--orange)" : "var(--blue)", "stroke-opacity": own ? 1 : 0.25 });
      ground.classList.toggle("nnlib-lifted", owner === player && selected === squares + kind);
    });

    // The value is that of the first player from here on.
    const sign = player ? -1 : 1;
    const value = thought ? sign * thought.value : -sign * outcome;
    change(lean, {
      x: 160 + Math.min(0, 150 * value),
      width: Math.abs(150 * value),
      fill: value < 0 ? "var(--orange)" : "var(--blue)",
    });
    const order = (thought?.moves ?? [])
      .map((_, k) => k)
      .sort((a, b) => thought.shares[b] - thought.shares[a]);
    heading.textContent = simulations
      ? "moves: share of the simulations (blue), policy (orange)"
      : "moves: the policy, without a search";
    rows.forEach((row, n) => {
      const k = order[n];
      const some = k !== undefined;
      row.name.textContent = some ? words(thought.moves[k], state, player) : "";
      row.share.textContent = some ? `${Math.round(100 * thought.shares[k])} %` : "";
      change(row.visits, { width: some && simulations ? 140 * thought.shares[k] : 0 });
      change(row.policy, { width: some ? 140 * thought.policy[k] : 0 });
    });
    if (thought && actions.length && shown) {
      const deep = searched(rules, W, state, 200);
      if (deep.chosen !== searched(rules, W, state, 0).chosen) todo.reach(0);
    }
    top.can("back", actions.length > 0);
    top.can("next", outcome === null);
    top.progress(0, `move ${actions.length}`);
    const ended = ["lost", "drawn", "won"][(outcome ?? 0) + 1];
    const last = player ? "first" : "second";
    const turn = `The ${player ? "second" : "first"} player (${player ? "orange" : "blue"}) is to move`;
    const how = outcome === 0 ? "The game is drawn." : `The ${last} player has ${ended}.`;
    const best = thought ? `; the network would play ${words(thought.chosen, state, player)}` : "";
    const number = thought ? `value ${format(value, 2)} for the first player${best}.` : how;
    say(`${thought ? `${turn}: ${number}` : number}\n${message}`);
  }

  figure.follow(["actions", "simulations", "human"], () => {
    actions = [...figure.get("actions")];
    simulations = figure.get("simulations");
    human = figure.get("human");
    side.selectedIndex = human;
    depth.selectedIndex = budgets.indexOf(simulations);
    selected = null;
    show();
  });
  answer();
  show();
});

// A stone, or a piece of shogi with dots where it may go, pointing away from its owner.
function drawPiece(g, piece, cell, named) {
  if (g.dataset.piece === String(piece)) return;
  g.dataset.piece = piece;
  g.replaceChildren();
  if (!piece) return;
  const first = piece > 0;
  const look = {
    fill: first ? "var(--blue)" : "var(--orange)",
    "fill-opacity": named ? 0.2 : 0.85,
    stroke: first ? "var(--blue)" : "var(--orange)",
    "stroke-width": 2,
  };
  const r = 0.36 * cell;
  if (!named) {
    svgNode(g, "circle", { r, ...look });
    if (!first) svgNode(g, "circle", { r: 0.4 * r, fill: "var(--ground)" }); // not by colour alone
    return;
  }
  const way = first ? 1 : -1;
  const points = [
    [-r, r],
    [-r, -0.5 * r],
    [0, -r],
    [r, -0.5 * r],
    [r, r],
  ];
  svgNode(g, "polygon", { points: points.map(([x, y]) => `${x},${way * y}`).join(" "), ...look });
  for (const step of STEPS[Math.abs(piece)]) {
    const [x, y] = DOTS[step];
    svgNode(g, "circle", {
      cx: (y ? 0.75 : 0.9) * r * x,
      cy: way * (0.68 * r * y + 0.12 * r),
      r: 2.5,
      fill: "var(--ink)",
    });
  }
  svgNode(g, "text", { y: 5, "text-anchor": "middle", class: "nnlib-small" }, GLYPHS[Math.abs(piece)]);
}
