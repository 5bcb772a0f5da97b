// What the reader is asked to predict and then to bring about: one to three tasks, ticked when reached.

import { htmlNode, lower } from "./dom.js";

// tasks: [{ ask, answer }]. `reach(k)` ticks one and shows its answer, `reset()` takes all back.
export function tasks(parent, list) {
  const box = htmlNode(parent, "div", "nnlib-tasks");
  htmlNode(box, "div", "nnlib-small", list.length > 1 ? "Predict, then try" : "Predict, then try it");
  const items = list.map(({ ask }) => {
    const item = htmlNode(htmlNode(box, "div", "nnlib-task"), "div", "", ask);
    return item.parentNode;
  });
  items.forEach((item, k) => {
    htmlNode(item, "div", "nnlib-answer", list[k].answer);
    item.setAttribute("role", "status");
  });
  const reached = (item) => item.classList.contains("nnlib-reached");
  return {
    reach(k) {
      if (reached(items[k])) return;
      items[k].classList.add("nnlib-reached");
    },
    reached: (k) => reached(items[k]),
    reset: () => items.forEach((item) => item.classList.remove("nnlib-reached")),
    write: (k, answer) => lower(items[k].lastChild, answer),
  };
}

// The same for a figure without a card: the tasks stand beside each other below it. A high figure has no
// heading of them, which would not fit into JupyterLab's window.
export function tasksBelow(figure, list, { headed = true } = {}) {
  return tasks(htmlNode(figure.root, "div", headed ? "nnlib-under" : "nnlib-under nnlib-unheaded"), list);
}
