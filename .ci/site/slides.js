// Lays out the cells of a lecture as slides of 1280 x 720. A slide begins where the notebook says so, and
// where the next piece no longer fits. Folded answers become the notes of the speaker (press S).

const WIDTH = 1280;
const HEIGHT = 720;
const MARGIN = 60;
const LARGEST = 1.4;

const cells = document.getElementById("cells");
const slides = document.querySelector(".slides");
const stage = document.createElement("div");
stage.id = "stage";
document.body.append(stage);

// Pieces of a cell, each shown whole: a paragraph, a list, a formula, code with what it printed, a figure.
function pieces(cell) {
  cell.querySelectorAll(".in-words, noscript").forEach((node) => node.remove());
  const picture = cell.querySelector(".nnlib-figure, .output svg, .output img");
  const code = cell.querySelector(":scope > .code");
  if (picture && code && !code.textContent.trim().includes("\n")) code.remove();
  else if (code) {
    const together = document.createElement("div");
    together.append(code, ...[...cell.children].filter((node) => node.matches(".said")));
    cell.prepend(together);
  }
  return [...cell.children];
}

// Pictures become as large as the slide allows, what is too tall as small as it asks for.
function fit(piece, room) {
  const picture = piece.querySelector(":scope > svg, :scope > img, .nnlib-figure, :scope > figure svg");
  if (picture) {
    const { width, height } = picture.getBoundingClientRect();
    piece.style.zoom = Math.min(LARGEST, (WIDTH - 2 * MARGIN) / width, room / height);
  }
  const over = piece.getBoundingClientRect().height / room;
  if (over > 1) piece.style.zoom = Number(piece.style.zoom || 1) / over;
}

function full() {
  return stage.offsetHeight > HEIGHT;
}

let stack;
let title = "";

// The title of a slide that goes on with the same section.
function again() {
  const heading = document.createElement("h2");
  heading.className = "again";
  heading.textContent = title;
  stage.append(heading);
}

function close(notes) {
  if (!stage.childElementCount) return;
  const section = document.createElement("section");
  section.append(...stage.childNodes);
  for (const note of notes.splice(0)) {
    const aside = document.createElement("aside");
    aside.className = "notes";
    aside.append(...note.childNodes);
    section.append(aside);
  }
  stack.append(section);
}

function layOut() {
  const notes = [];
  for (const cell of cells.querySelectorAll("[data-slide]")) {
    const kind = cell.dataset.slide;
    if (kind === "skip") continue;
    if (kind === "slide" || kind === "subslide" || !stack) close(notes);
    if (kind === "slide" || !stack) {
      stack = document.createElement("section");
      slides.append(stack);
    }
    for (const piece of pieces(cell)) {
      if (piece.matches("details")) {
        notes.push(piece);
        continue;
      }
      if (piece.matches("h1, h2, h3")) title = piece.textContent;
      else if (!stage.childElementCount) again();
      if (kind === "fragment" && stage.childElementCount > 1) piece.classList.add("fragment");
      stage.append(piece);
      if (full() && stage.childElementCount > 1) {
        piece.remove();
        if (![...stage.children].every((node) => node.matches("h1, h2, h3"))) {
          close(notes);
          again();
          piece.classList.remove("fragment");
        }
        stage.append(piece);
      }
      const others = stage.offsetHeight - piece.getBoundingClientRect().height;
      if (full() || piece.matches(".output")) fit(piece, HEIGHT - others - 24);
    }
  }
  close(notes);
  cells.remove();
  stage.remove();
}

async function start() {
  await document.fonts.ready;
  const places = [...document.querySelectorAll("[id^=nnlib-figure-]")];
  while (!places.every((place) => place.querySelector(".nnlib-figure"))) {
    await new Promise((next) => setTimeout(next, 50));
  }
  layOut();
  await window.Reveal.initialize({
    width: WIDTH,
    height: HEIGHT,
    margin: 0,
    center: false,
    hash: true,
    slideNumber: true,
    transition: "none",
    plugins: [window.RevealNotes],
  });
  document.body.dataset.ready = "true";
}

start();
