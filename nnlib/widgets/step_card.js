// The card of one step: its equation, the same with numbers, the line of code. Read aloud when it
// changes. With "predict first" the value stays hidden until it is typed or asked for.

function stepCard(figure, parent, go) {
  const card = htmlNode(parent, "div", "nnlib-card");
  focusable(card, "Steps: the right and left arrow keys go on and back");
  change(card, { tabindex: 0, role: "group", "data-steps": "" });
  const content = htmlNode(card, "div"), said = htmlNode(content, "div");
  change(said, { role: "status" });
  const place = htmlNode(said, "div", "nnlib-small-print");
  const heading = htmlNode(said, "div", "nnlib-heading");
  const equation = htmlNode(said, "div", "nnlib-equation");
  const numbers = htmlNode(said, "div", "nnlib-numbers");
  const code = htmlNode(content, "code", "nnlib-code");

  const buttons = figure.row();
  figure.button(buttons, "Back", () => go(-1));
  figure.button(buttons, "Next", () => go(1));
  const box = htmlNode(buttons, "label", "nnlib-slider");
  const predict = focusable(document.createElement("input"), "predict first");
  predict.type = "checkbox";
  box.append(predict, "predict first");
  const asked = htmlNode(buttons, "span", "nnlib-row");
  const typed = focusable(document.createElement("input"), "your number for this step");
  typed.type = "text";
  typed.inputMode = "decimal";
  typed.size = 8;
  asked.append(typed);
  const check = figure.button(asked, "Check", () => tryOut());
  const reveal = figure.button(asked, "Reveal", () => { open = true; figure.refresh(); });
  typed.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (open) go(1);
    else tryOut();
  });
  predict.addEventListener("change", () => { open = false; figure.refresh(); });

  let open = false, value = 0, count = "";
  const hidden = () => predict.checked && !open;

  // Right within half a unit of the third decimal, or half a percent of a large number.
  function tryOut() {
    const number = Number(typed.value.replace("−", "-").replace(",", "."));
    if (!typed.value.trim() || !Number.isFinite(number)) return figure.say("Type a number, such as 0.25.");
    if (Math.abs(number - value) > Math.max(6e-4, 0.005 * Math.abs(value))) {
      const turned = Math.abs(number + value) <= Math.max(6e-4, 0.005 * Math.abs(value));
      return figure.say(`${typed.value} is not it yet${turned ? ": look at the sign" : ""}. Try again, or press Reveal.`);
    }
    open = true;
    figure.refresh();
    figure.say(`Right: ${shown(value)}. Enter goes on.`);
  }

  return {
    card,
    hidden,
    predicting: () => predict.checked,
    close() { open = false; typed.value = ""; },
    // Room for the longest of these steps, with the numbers of each as they are now.
    reserve(steps, numbers) {
      const longest = (texts) => texts.reduce((one, other) => (other.length > one.length ? other : one));
      keepRoom(content, [
        ["div", "", "step"],
        ["div", "nnlib-bold", longest(steps.map(({ heading }) => heading))],
        ["div", "nnlib-equation", longest(steps.map(({ equation }) => equation))],
        ["div", "", `${longest(numbers)} = −0.0000`],
        ["div", "nnlib-code", longest(steps.map(({ code }) => code))],
      ]);
    },
    show(step, text, now, where) {
      value = now;
      count = where;
      place.textContent = `${step.part}, step ${count}`;
      heading.textContent = step.heading;
      lower(equation, step.equation);
      lower(numbers, `${text} = `);
      htmlNode(numbers, "b", "", hidden() ? "?" : shown(value));
      code.textContent = step.code;
      asked.style.visibility = predict.checked ? "" : "hidden";
      for (const button of [check, reveal]) change(button, { "aria-disabled": open });  // keeps the focus
    },
  };
}

// Keep the height of the longest words that `node` will hold, so that nothing below it jumps: an
// unseen copy of them, as [tag, class, words], lies in the same place.
function keepRoom(node, lines) {
  const box = document.createElement("div");
  box.className = "nnlib-room";
  node.replaceWith(box);
  box.append(node);
  const ghost = htmlNode(box, "div", "nnlib-ghost");
  for (const [tag, className, words] of lines) htmlNode(ghost, tag, className, words);
}

// A number of a step: four decimals, and beyond them 1.23e−5 and 1.23e5.
function shown(value) {
  const size = Math.abs(value), beyond = (size > 0 && size < 5e-4) || (size >= 1e5 && size < Infinity);
  return beyond ? value.toExponential(2).replace("e+", "e").replaceAll("-", "−") : format(value, 4);
}

// The same for a place with room for six digits: four decimals or fewer.
function short(value, most = 4) {
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 5e-4)) return shown(value);
  return format(value, Math.min(most, 6 - String(Math.trunc(size)).length));
}

// The number at a place such as "delta.1.0@3": see backpropagation_values.py.
function lookUp(found, place, sample) {
  const [path, other] = place.split("@");
  const [kind, ...indices] = path.split(".");
  const start = kind in found ? found[kind] : found.samples[other ?? sample][kind];
  return indices.reduce((number, index) => number[index], start);
}

// The numbers of a step with values in their places; a negative one after an operator in brackets.
function fill(numbers, found, sample) {
  return numbers.replace(/([·+−] )?\{([^}]+)\}/g, (_, operator = "", place) => {
    const text = shown(lookUp(found, place, sample));
    return operator && text.startsWith("−") ? `${operator}(${text})` : operator + text;
  });
}
