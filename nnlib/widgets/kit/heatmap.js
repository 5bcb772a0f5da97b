// Colours below a picture: a canvas of the same size under the SVG, filled with coarse grids.

import { htmlNode } from "./dom.js";
import { clamp } from "./numbers.js";
import { overlay } from "./overlay.js";

export function heatmap(picture) {
  const { width, height } = picture.viewBox.baseVal;
  const sharp = 2;
  const whole = document.createElement("div");
  whole.className = "nnlib-map";
  whole.style.setProperty("--shape", width / height);
  picture.replaceWith(whole);
  const { box, canvas } = overlay(whole, width, height);
  Object.assign(canvas, { width: width * sharp, height: height * sharp });
  canvas.setAttribute("aria-hidden", "true");
  box.append(picture);
  const context = canvas.getContext("2d");
  context.scale(sharp, sharp);
  const cells = document.createElement("canvas");
  return {
    whole,
    // A row below the picture, under this frame: the place of the legend.
    below(frame) {
      const row = htmlNode(whole, "div");
      row.style.marginLeft = `${(100 * frame.x) / width}%`;
      row.style.width = `${(100 * frame.width) / width}%`;
      return row;
    },
    clear() {
      context.clearRect(0, 0, width, height);
    },
    // Fill a frame with columns x rows cells: colour(column, row) gives [red, green, blue].
    paint(frame, columns, rows, colour, smooth = true) {
      Object.assign(cells, { width: columns, height: rows });
      const small = cells.getContext("2d");
      const image = small.createImageData(columns, rows);
      for (let row = 0, at = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const [red, green, blue] = colour(column, row);
          image.data[at++] = red;
          image.data[at++] = green;
          image.data[at++] = blue;
          image.data[at++] = 255;
        }
      }
      small.putImageData(image, 0, 0);
      context.imageSmoothingEnabled = smooth;
      context.drawImage(cells, frame.x, frame.y, frame.width, frame.height);
    },
  };
}

// The colours of the present theme as [red, green, blue].
export function themeColours(root, names = ["ground", "blue", "orange"]) {
  const style = getComputedStyle(root);
  const context = document.createElement("canvas").getContext("2d");
  return names.map((name) => {
    context.fillStyle = style.getPropertyValue(`--${name}`).trim();
    return [1, 3, 5].map((at) => parseInt(context.fillStyle.slice(at, at + 2), 16));
  });
}

export const mix = (one, other, share) => one.map((value, k) => value + share * (other[k] - value));

// Paint a surface of errors E in bands, closer where E is low: the colour of the page is the lowest.
// `errors` is a square grid, row by row from the top; between its points E is interpolated.
// Returns the lowest and the highest E, for a legend with `surfaceColours`.
export function paintSurface(figure, map, frame, errors) {
  const [ground, blue] = themeColours(figure.root);
  const side = Math.sqrt(errors.length);
  const low = Math.min(...errors);
  const high = Math.max(...errors);
  const [bands, fine] = [14, 188];
  const share = errors.map((E) => Math.log1p((40 * (E - low)) / (high - low + 1e-9)) / Math.log(41));
  const at = (pixel) => clamp(((pixel + 0.5) * side) / fine - 0.5, 0, side - 1.001);
  map.clear();
  map.paint(frame, fine, fine, (column, row) => {
    const [x, y] = [at(column), at(row)];
    const [c, r] = [Math.floor(x), Math.floor(y)];
    const first = r * side + c;
    const upper = share[first] + (x - c) * (share[first + 1] - share[first]);
    const under = share[first + side] + (x - c) * (share[first + side + 1] - share[first + side]);
    return mix(ground, blue, (0.75 * Math.floor((upper + (y - r) * (under - upper)) * bands)) / bands);
  });
  return [low, high];
}

export const surfaceColours = ["var(--ground)", "color-mix(in srgb, var(--blue) 75%, var(--ground))"];

// The colour of an output y from 0 to 1: blue is class 0, the colour of the page is 0.5, orange is class 1.
export const outputColour = ([ground, blue, orange], y) =>
  mix(ground, y < 0.5 ? blue : orange, 0.6 * Math.abs(2 * y - 1));

export const outputColours = [
  "color-mix(in srgb, var(--blue) 60%, var(--ground))",
  "var(--ground)",
  "color-mix(in srgb, var(--orange) 60%, var(--ground))",
];
