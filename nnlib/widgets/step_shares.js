// Each sample's share of ∂E/∂w, and their sum.

import { htmlNode } from "./kit/dom.js";
import { shown } from "./kit/numbers.js";

export function shareTable(root) {
  const table = htmlNode(root, "table", "nnlib-shares");
  return {
    show(step, computed, hidden) {
      const [layer, j, i] = (step.part === "Gradient" ? step.edges[0] : "1.0.0").split(".").map(Number);
      const w = i === computed.W[layer][j].length - 1 ? "b" : "w";
      const rows = computed.samples.map((one, n) => [n + 1, one.delta[layer][j], one.x[layer][i]]);
      table.replaceChildren();
      const caption = "Online: a step along each share in turn. Batch: one step along their sum.";
      htmlNode(table, "caption", "", caption);
      table.style.visibility = hidden || step.part !== "Gradient" ? "hidden" : "";
      const add = (cells, tag) => {
        const row = table.insertRow();
        for (const cell of cells) htmlNode(row, tag, "", cell);
      };
      add(["sample n", "δⁿ", "xⁿ", `∂Eⁿ/∂${w} = δⁿ · xⁿ`], "th");
      for (const [n, delta, x] of rows) add([String(n), shown(delta), shown(x), shown(delta * x)], "td");
      add(["Σ", "", "", shown(computed.dW[layer][j][i])], "td");
    },
  };
}
