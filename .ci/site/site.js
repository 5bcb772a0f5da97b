// The theme and the search. Pages are read from the disk too, so nothing is fetched: search.js has
// put the sections of the course into `courseIndex`.

const theme = document.getElementById("theme");
const field = document.getElementById("search");
const results = document.getElementById("results");
const MOST = 12;

function showTheme(dark) {
  document.body.dataset.jpThemeLight = String(!dark);
  theme.textContent = dark ? "Light" : "Dark";
  theme.setAttribute("aria-label", dark ? "Use the light theme" : "Use the dark theme");
}

const system = matchMedia("(prefers-color-scheme: dark)");
const chosen = localStorage.getItem("theme");
showTheme(chosen ? chosen === "dark" : system.matches);
system.addEventListener("change", () => localStorage.getItem("theme") || showTheme(system.matches));
theme.addEventListener("click", () => {
  const dark = document.body.dataset.jpThemeLight === "true";
  localStorage.setItem("theme", dark ? "dark" : "light");
  showTheme(dark);
});

// Where the contents stand above the page, not beside it, the page comes first.
if (matchMedia("(max-width: 860px)").matches) document.querySelector("nav details").open = false;

// Sections that contain every word, those with words in their title first.
function found(words) {
  const scored = [];
  for (const section of window.courseIndex) {
    const title = section.title.toLowerCase();
    const text = `${section.of} ${section.title} ${section.text}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    scored.push([words.filter((word) => title.includes(word)).length, section]);
  }
  scored.sort((one, other) => other[0] - one[0]);
  return scored.map((pair) => pair[1]);
}

function around(text, word) {
  const start = Math.max(0, text.toLowerCase().indexOf(word) - 50);
  return `${start ? "… " : ""}${text.slice(start, start + 150)}${start + 150 < text.length ? " …" : ""}`;
}

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  results.replaceChildren();
  results.hidden = words.length === 0;
  if (results.hidden) return;
  const sections = found(words);
  const count = document.createElement("p");
  const more = sections.length > MOST ? `, the first ${MOST} are shown` : "";
  count.textContent = `${sections.length} section${sections.length === 1 ? "" : "s"}${more}`;
  results.append(count);
  for (const section of sections.slice(0, MOST)) {
    const link = document.createElement("a");
    link.href = `${section.page}#${section.anchor}`;
    link.textContent = section.title;
    const where = document.createElement("small");
    where.textContent = `${section.of}: ${around(section.text, words[0])}`;
    link.append(where);
    link.addEventListener("click", () => (results.hidden = true));
    results.append(link);
  }
}

field.addEventListener("input", search);
field.addEventListener("focus", search);
field.form.addEventListener("submit", (event) => {
  event.preventDefault();
  results.querySelector("a")?.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") results.hidden = true;
  if (event.key !== "/" || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  field.focus();
});
document.addEventListener("click", (event) => field.form.contains(event.target) || (results.hidden = true));
field.form.hidden = theme.hidden = false;

// What is too wide for its column scrolls, by keyboard too.
function reach() {
  for (const node of document.querySelectorAll("math[display=block], .highlight, .output"))
    if (node.scrollWidth > node.clientWidth + 1) node.tabIndex = 0;
}
addEventListener("load", reach);
addEventListener("resize", reach);
