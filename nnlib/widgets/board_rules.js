// The rules of nnlib.applications.board_games in the page: states are seen by the player to move, who is 1.
// Besides: path(action) = [from, to], squares of the player to move; from is null for a stone that is put,
// and from the number of squares on for pieces in hand. `turned`: the board is turned around after each move.

const other = (state) => state.map((piece) => -piece);

function planesOf(state) {
  return [...state.map((piece) => +(piece === 1)), ...state.map((piece) => +(piece === -1))];
}

function put(state, square) {
  const after = [...state];
  after[square] = 1;
  return after;
}

function lines(width, height, count, drop) {
  const squares = width * height;
  const through = Array.from({ length: squares }, () => []);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (const [dx, dy] of [
        [1, 0],
        [0, 1],
        [1, 1],
        [1, -1],
      ]) {
        const [lastX, lastY] = [x + (count - 1) * dx, y + (count - 1) * dy];
        if (lastX >= width || lastY < 0 || lastY >= height) continue;
        const line = Array.from({ length: count }, (_, k) => (y + k * dy) * width + x + k * dx);
        for (const square of line) through[square].push(line);
      }
  const lands = (state, action) => {
    let square = action;
    while (drop && square + width < squares && !state[square + width]) square += width;
    return square;
  };
  const actions = Array.from({ length: drop ? width : squares }, (_, k) => k);
  return {
    width,
    height,
    drop,
    start: Array(squares).fill(0),
    moves: (state) => actions.filter((action) => !state[action]),
    play(state, action) {
      const square = lands(state, action);
      const after = put(state, square);
      const won = through[square].some((line) => line.every((k) => after[k] === 1));
      return [other(after), won ? 1 : after.includes(0) ? null : 0];
    },
    planes: planesOf,
    path: (action, state) => [null, lands(state, action)],
  };
}

function pawnChess(width, height) {
  const squares = width * height;
  const start = Array.from({ length: squares }, (_, k) => (k < width ? -1 : k >= squares - width ? 1 : 0));
  const moves = (state) => {
    const possible = [];
    state.forEach((piece, square) => {
      if (piece !== 1) return;
      const x = square % width;
      if (x && state[square - width - 1] === -1) possible.push(3 * square);
      if (!state[square - width]) possible.push(3 * square + 1);
      if (x < width - 1 && state[square - width + 1] === -1) possible.push(3 * square + 2);
    });
    return possible;
  };
  const path = (action) => {
    const square = Math.floor(action / 3);
    return [square, square - width + (action % 3) - 1];
  };
  return {
    width,
    height,
    turned: true,
    start,
    moves,
    play(state, action) {
      const [square, to] = path(action);
      const after = put(state, to);
      after[square] = 0;
      const seen = other(after).reverse();
      return [seen, to < width || !moves(seen).length ? 1 : null];
    },
    planes: planesOf,
    path,
  };
}

const [CHICK, LION, HEN] = [1, 4, 5];
const STRAIGHT = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
];
const SLANTED = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];
const STEPS = [[], [[-1, 0]], STRAIGHT, SLANTED, [...STRAIGHT, ...SLANTED], [...STRAIGHT, [-1, -1], [-1, 1]]];

function shogi() {
  const reach = STEPS.map((steps) =>
    Array.from({ length: 12 }, (_, square) =>
      steps
        .map(([dy, dx]) => [Math.floor(square / 3) + dy, (square % 3) + dx])
        .filter(([y, x]) => y >= 0 && y < 4 && x >= 0 && x < 3)
        .map(([y, x]) => 3 * y + x),
    ),
  );
  const moves = (state) => {
    const possible = [];
    for (let square = 0; square < 12; square++)
      if (state[square] > 0)
        for (const to of reach[state[square]][square]) if (state[to] <= 0) possible.push(12 * square + to);
    for (const hand of [12, 13, 14])
      if (state[hand]) for (let to = 0; to < 12; to++) if (!state[to]) possible.push(12 * hand + to);
    return possible;
  };
  const attacked = (state, square) =>
    state.slice(0, 12).some((piece, k) => piece > 0 && reach[piece][k].includes(square));
  return {
    width: 3,
    height: 4,
    turned: true,
    hands: true,
    start: [-2, -4, -3, 0, -1, 0, 0, 1, 0, 3, 4, 2, 0, 0, 0, 0, 0, 0],
    moves,
    play(state, action) {
      const [source, to] = [Math.floor(action / 12), action % 12];
      const squares = [...state];
      let taken = 0;
      if (source >= 12) {
        squares[source] -= 1;
        squares[to] = source - 11;
      } else {
        const piece = squares[source];
        taken = -squares[to];
        squares[source] = 0;
        squares[to] = piece === CHICK && to < 3 ? HEN : piece;
        if (taken && taken !== LION) squares[11 + (taken === HEN ? CHICK : taken)] += 1;
      }
      const after = [
        ...other(squares.slice(0, 12)).reverse(),
        ...squares.slice(15),
        ...squares.slice(12, 15),
      ];
      const arrived = source < 12 && squares[to] === LION && to < 3;
      if (taken === LION || (arrived && !attacked(after, 11 - to))) return [after, 1];
      return [after, moves(after).length ? null : 1];
    },
    planes(state) {
      const squares = state.slice(0, 12);
      const kinds = [1, 2, 3, 4, 5, -1, -2, -3, -4, -5];
      const ones = kinds.flatMap((kind) => squares.map((piece) => +(piece === kind)));
      return [...ones, ...state.slice(12).map((count) => count / 2)];
    },
    path: (action) => [Math.floor(action / 12), action % 12],
  };
}

function captureGo(size) {
  const squares = size * size;
  const near = Array.from({ length: squares }, (_, square) => {
    const [y, x] = [Math.floor(square / size), square % size];
    return [...STRAIGHT]
      .map(([dy, dx]) => [y + dy, x + dx])
      .filter(([r, c]) => r >= 0 && r < size && c >= 0 && c < size)
      .map(([r, c]) => r * size + c);
  });
  const group = (state, square) => {
    const [stones, liberties, todo] = [new Set([square]), new Set(), [square]];
    while (todo.length)
      for (const k of near[todo.pop()]) {
        if (!state[k]) liberties.add(k);
        else if (state[k] === state[square] && !stones.has(k)) {
          stones.add(k);
          todo.push(k);
        }
      }
    return { stones, liberties: liberties.size };
  };
  return {
    width: size,
    height: size,
    start: Array(squares).fill(0),
    moves: (state) => state.map((_, k) => k).filter((k) => !state[k]),
    play(state, action) {
      const after = put(state, action);
      const captured = near[action].some((k) => after[k] === -1 && !group(after, k).liberties);
      if (captured) return [other(after), 1];
      return [other(after), group(after, action).liberties ? null : -1];
    },
    planes(state) {
      const threatened = state.map((stone, k) => (stone && group(state, k).liberties === 1 ? stone : 0));
      return [...planesOf(state), ...planesOf(threatened)];
    },
    path: (action) => [null, action],
  };
}

export const RULES = {
  tic_tac_toe: lines(3, 3, 3, false),
  connect_four: lines(5, 4, 4, true),
  pawn_chess: pawnChess(5, 5),
  shogi: shogi(),
  capture_go: captureGo(5),
};
