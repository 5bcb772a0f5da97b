// Softmax: scores as handles on the left, probabilities and y - t as bars on the right.

function draw(figure) {
  let a = [...figure.get("scores")];
  let truth = figure.get("true_class");
  const start = [...a], K = a.length, limit = 10;
  const names = a.map((_, k) => `class ${k + 1}`);
  const colours = ["var(--blue)", "var(--orange)", "var(--green)"];
  const dashes = ["none", "7 3", "2 3"];

  const height = 236, top = 34, bottom = height - 40;
  const picture = figure.drawing(660, height, "Scores, probabilities and differences of the classes");
  const up = (value, low, high) => bottom - ((value - low) / (high - low)) * (bottom - top);
  const panels = [
    { title: "score a_k", x: 10, low: -limit, high: limit },
    { title: "probability y_k", x: 230, low: 0, high: 1 },
    { title: "difference y_k - t_k", x: 450, low: -1, high: 1 },
  ];
  for (const panel of panels) {
    svgNode(picture, "text", { x: panel.x + 95, y: 16, "text-anchor": "middle" }, panel.title.replace("-", "−"));
    const zero = up(0, panel.low, panel.high);
    svgNode(picture, "line", { x1: panel.x, x2: panel.x + 190, y1: zero, y2: zero, stroke: "var(--faint)" });
    panel.bars = a.map((_, k) => {
      const x = panel.x + 10 + k * 60;
      svgNode(picture, "text", { x: x + 25, y: height - 4, "text-anchor": "middle", style: "font-size: 12px" }, names[k]);
      return {
        x,
        bar: svgNode(picture, "rect", { x, width: 50, fill: colours[k], "fill-opacity": 0.75, stroke: "var(--ink)", "stroke-width": 1.5, "stroke-dasharray": dashes[k] }),
        number: svgNode(picture, "text", { x: x + 25, "text-anchor": "middle", style: "font-size: 12px" }, ""),
      };
    });
  }
  const handles = panels[0].bars.map(({ x }, k) => {
    const handle = svgNode(picture, "circle", { r: 8, fill: "var(--ground)", stroke: colours[k], "stroke-width": 3 });
    figure.handle(handle, {
      label: `score of ${names[k]}`,
      moved: (_, y) => move(k, -limit + ((bottom - y) / (bottom - top)) * 2 * limit),
      by: (_, rows) => move(k, a[k] + 0.1 * rows),
    });
    return handle;
  });

  const row = figure.row();
  const sliders = a.map((value, k) =>
    figure.slider(row, { label: `a_${k + 1}`, min: -limit, max: limit, step: 0.1, value, digits: 1 }, (to) => move(k, to)));
  const more = figure.row();
  const choice = figure.choice(more, "true class", names, truth, (index) => {
    truth = index;
    figure.set("true_class", truth);
    show();
  });
  figure.button(more, "All + 1", () => {
    const step = Math.min(1, limit - Math.max(...a));  // the same for all, also at the upper end
    a = a.map((value) => value + step);
    arrived();
  });
  figure.button(more, "Reset", () => { a = [...start]; arrived(); });
  const say = figure.status();

  function move(k, value) {
    a[k] = clamp(Math.round(value * 10) / 10, -limit, limit);
    arrived();
  }

  function arrived() {
    figure.set("scores", [...a]);
    sliders.forEach((slider, k) => slider.move(a[k]));
    show();
  }

  function show() {
    const highest = Math.max(...a);
    const powers = a.map((value) => Math.exp(value - highest));
    const total = powers.reduce((sum, value) => sum + value, 0);
    const y = powers.map((value) => value / total);
    const difference = y.map((value, k) => value - (k === truth ? 1 : 0));
    const E = Math.log(total) + highest - a[truth];
    [a, y, difference].forEach((values, p) => {
      const { low, high, bars } = panels[p];
      values.forEach((value, k) => {
        const ends = [up(value, low, high), up(0, low, high)];
        change(bars[k].bar, { y: Math.min(...ends), height: Math.abs(ends[1] - ends[0]) });
        change(bars[k].number, { y: value < 0 ? Math.max(...ends) + (p === 0 ? 22 : 14) : Math.min(...ends) - (p === 0 ? 12 : 5) });
        bars[k].number.textContent = format(value, p === 0 ? 1 : 4);
      });
    });
    handles.forEach((handle, k) => figure.place(handle, panels[0].bars[k].x + 25, up(a[k], -limit, limit), a[k], format(a[k], 1)));
    say(`y = (${y.map((v) => format(v, 4)).join(", ")}), true class ${truth + 1}: E = −ln y = ${format(E, 4)}`);
  }
  figure.follow(["scores", "true_class"], () => {
    a = [...figure.get("scores")];
    truth = figure.get("true_class");
    choice.selectedIndex = truth;
    sliders.forEach((slider, k) => slider.move(a[k]));
    show();
  });
  show();
}
