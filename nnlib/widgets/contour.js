// The line on which a function over a plane has one value, in short straight pieces.

// values: a square grid of `count` cells a side, row by row from the top, at the cells' middles.
// Returns the d of an SVG path inside of `frame`: { x, y, width, height }.
export function contour(values, count, level, frame) {
  const pieces = [];
  const x = (column) => (frame.x + ((column + 0.5) * frame.width) / count).toFixed(1);
  const y = (row) => (frame.y + ((row + 0.5) * frame.height) / count).toFixed(1);
  for (let row = 0; row < count - 1; row++) {
    for (let column = 0; column < count - 1; column++) {
      const at = (right, down) => values[(row + down) * count + column + right] - level;
      // Where the level is crossed on the four sides of the square between four middles.
      const crossed = [];
      const side = (one, other, place) => one > 0 !== other > 0 && crossed.push(place(one / (one - other)));
      side(at(0, 0), at(1, 0), (part) => `${x(column + part)} ${y(row)}`);
      side(at(1, 0), at(1, 1), (part) => `${x(column + 1)} ${y(row + part)}`);
      side(at(0, 1), at(1, 1), (part) => `${x(column + part)} ${y(row + 1)}`);
      side(at(0, 0), at(0, 1), (part) => `${x(column)} ${y(row + part)}`);
      for (let k = 0; k + 1 < crossed.length; k += 2) pieces.push(`M ${crossed[k]} L ${crossed[k + 1]}`);
    }
  }
  return pieces.join(" ");
}
