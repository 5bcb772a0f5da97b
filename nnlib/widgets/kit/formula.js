// Formulas in a small notation, as MathML, which browsers draw themselves.
//
//   _ and ^      scripts: letters and digits up to a space, or what stands in braces: w_ji, δ_{h_1}
//   '            prime: g'(a_i)
//   v̇ v̄          a dot or a bar above the letter (U+0307, U+0304)
//   Σ_j          a sum with j below it
//   {a}/{b}      a fraction; so is ∂E/∂w_ji
//   √{a}  ½  "words in quotes"

const MATHML = "http://www.w3.org/1998/Math/MathML";
const WORDS = /^(exp|ln|tanh|max|min|softmax|relu|sin|cos)(?![a-z])/;
const SAID = /^(if|else)(?![a-z])/;
const ACCENTS = { "\u0307": "˙", "\u0304": "¯" };
const RAISED = { "²": "2", "³": "3", ⁿ: "n" };

function node(tag, children, attributes = {}) {
  const made = document.createElementNS(MATHML, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...(Array.isArray(children) ? children : [children]));
  return made;
}

// A formula as a <math> element; `block` sets it as a line of its own, with large sums.
export function formula(text, block = true) {
  return node("math", new Reader(text).row(), { display: block ? "block" : "inline", displaystyle: "true" });
}

// Put a formula, or several below each other, in the place of what `parent` holds.
export function typeset(parent, text) {
  parent.classList.add("nnlib-formulas");
  parent.replaceChildren(...[text].flat().map((line) => formula(line)));
}

// The same for one long formula, which may be broken before each plus and equals sign.
export function typesetLong(parent, text) {
  parent.classList.add("nnlib-formulas");
  const line = document.createElement("div");
  for (const piece of text.split(/ (?=[+=] )/)) {
    const part = formula(piece, false);
    if (/^[+=]/.test(piece)) part.firstElementChild.setAttribute("form", "infix"); // with space around it
    line.append(part, "\u200b"); // where the line may be broken
  }
  parent.replaceChildren(line);
}

class Reader {
  constructor(text) {
    this.rest = text;
  }

  take(pattern) {
    const match = pattern.exec(this.rest);
    if (match) this.rest = this.rest.slice(match[0].length);
    return match?.[0];
  }

  row() {
    const parts = [];
    this.take(/^\s+/);
    while (this.rest && !this.rest.startsWith("}")) {
      const fraction = /^[{∂]/.test(this.rest);
      const part = this.scripted();
      if (fraction && /^\/[{∂]/.test(this.rest)) {
        this.take(/^\//);
        parts.push(node("mfrac", [part, this.scripted()]));
      } else parts.push(part);
      this.take(/^\s+/);
    }
    return parts;
  }

  scripted() {
    const base = this.base();
    const large = base.textContent === "∑";
    let low = null;
    let high = null;
    for (let sign; (sign = this.take(/^([_^']|[²³ⁿ])/));) {
      if (sign === "_") low = this.script();
      else if (sign === "^") high = this.script();
      else high = sign === "'" ? node("mo", "′") : node(sign === "ⁿ" ? "mi" : "mn", RAISED[sign]);
    }
    const [under, over] = large ? ["munder", "mover"] : ["msub", "msup"];
    if (low && high) return node(under + over.slice(1), [base, low, high]);
    if (low) return node(under, [base, low]);
    return high ? node(over, [base, high]) : base;
  }

  script() {
    if (this.rest.startsWith("{")) return this.base();
    const letters = [...(this.take(/^[\p{L}\d′*+−-]+/u) ?? "")];
    return node(
      "mrow",
      letters.map((letter) => node(/\d/.test(letter) ? "mn" : "mi", letter)),
    );
  }

  base() {
    const number = this.take(/^\d+(\.\d+)?(e−?\d+)?/);
    if (number) return node("mn", number);
    const words = this.take(WORDS);
    if (words) return node("mi", words);
    const said = this.take(SAID);
    if (said) return node("mtext", `\u00a0${said}\u00a0`);
    const quoted = this.take(/^"[^"]*"/);
    if (quoted) return node("mtext", quoted.slice(1, -1).replace(/ /g, "\u00a0"));
    const sign = this.take(/^./su);
    if (sign === "{") {
      const parts = this.row();
      this.take(/^\}/);
      return node("mrow", parts);
    }
    if (sign === "∂") return node("mrow", [node("mi", "∂"), this.scripted()]);
    if (sign === "√") return node("msqrt", this.base());
    if (sign === "½") return node("mfrac", [node("mn", "1"), node("mn", "2")], { class: "nnlib-half" });
    if (sign === "Σ") return node("mo", "∑", { movablelimits: "false" });
    if (sign === "?") return node("mi", "?", { class: "nnlib-asked" });
    if (/\p{L}/u.test(sign)) {
      const accent = ACCENTS[this.take(/^[\u0307\u0304]/)];
      const letter = node("mi", sign);
      return accent ? node("mover", [letter, node("mo", accent)], { accent: "true" }) : letter;
    }
    return node("mo", sign.replace("-", "−"), { stretchy: "false" });
  }
}
