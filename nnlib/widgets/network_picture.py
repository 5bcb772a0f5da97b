"""A network in layers, drawn once: the still picture, and what kit/network.js brings to life.

A node is called "layer.neuron", the weight from input i to it "layer.neuron.i", its bias is the
weight from the input after the last. "E" is the error, "E.k" the path to it from output k.
"""

from nnlib.figures.svg import element
from nnlib.widgets.notation import node_names, plain
from nnlib.widgets.picture import GREEN, GROUND, INK, SOFT

RADIUS, BESIDE = 27, 116
"""Radius of a node, and distance from the last layer to E."""


def network_picture(sizes, words, above=None, captions=(), error=True, description="A network"):
    """The network as SVG; colours come from kit/picture.css and kit/tokens.css.

    Parameters
    ----------
    sizes: numbers of nodes by layer.
    words: text in a node, on a weight and in E, by its name; "t" is the text below E. A weight that
        begins with a minus sign is drawn negative. A bias without words is not drawn.
    above: text above a node, such as its delta, by its name.
    captions: words below the layers, and below E.
    error: whether E is drawn.
    """
    layout = Layout(sizes, error)
    wires, labels, nodes = [], [], []
    for layer in range(1, len(sizes)):
        for j in range(sizes[layer]):
            for i in range(sizes[layer - 1]):
                key = f"{layer}.{j}.{i}"
                wires.append(_wire(key, layout, words.get(key, "")))
                labels.append(_label(key, layout.weight(layer, j, i), words.get(key, "")))
            bias = f"{layer}.{j}.{sizes[layer - 1]}"
            if bias in words:
                nodes.append(_bias(bias, layout.node(layer, j), words[bias]))
    names = node_names(sizes)
    for layer, column in enumerate(names):
        for j, name in enumerate(column):
            key = f"{layer}.{j}"
            nodes.append(_node(key, layout.node(layer, j), name, words.get(key, ""), (above or {}).get(key)))
    paths = []
    if error:
        paths = [_path(f"E.{k}", layout, k) for k in range(sizes[-1])]
        nodes.append(_error(layout, words.get("E", ""), words.get("t", "")))
    columns = [layout.node(layer, 0)[0] for layer in range(len(sizes))] + [layout.error()[0]]
    below = [
        element("text", plain(caption), x=x, y=layout.height - 10, text_anchor="middle", class_="nnlib-small")
        for x, caption in zip(columns, captions, strict=False)
    ]
    return element(
        "svg",
        *wires, *paths, *labels, *nodes, *below,
        element("g", class_="nnlib-travel"),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {layout.width} {layout.height}",
        width=layout.width, height=layout.height, role="img", aria_label=description,
        style="max-width: 100%; height: auto", font_family="DejaVu Sans, Arial, sans-serif", font_size=14,
        fill=INK, class_="nnlib-network" + (" nnlib-crowded" if layout.crowded else ""),
    )  # fmt: skip


class Layout:
    """Where everything stands: node(layer, j), weight(layer, j, i), error(), width and height."""

    def __init__(self, sizes, error=True):
        tall = max(sizes)
        self.sizes = sizes
        self.across = 170 if len(sizes) < 4 else 140
        self.down = 124 if tall < 4 else 104
        self.width = 100 + self.across * (len(sizes) - 1) + (BESIDE - 12 if error else 0)
        self.middle = 62 + self.down * (tall - 1) / 2
        self.height = round(2 * self.middle + 30)
        edges = sum(size * next_size for size, next_size in zip(sizes, sizes[1:], strict=False))
        self.crowded = edges > 12  # then only the numbers of the highlighted edges are shown

    def node(self, layer, j):
        return 50 + self.across * layer, self.middle + self.down * (j - (self.sizes[layer] - 1) / 2)

    def ends(self, layer, j, i):
        """From the rim of the sender to the rim of the receiver."""
        (x1, y1), (x2, y2) = self.node(layer - 1, i), self.node(layer, j)
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        dx, dy = RADIUS * (x2 - x1) / length, RADIUS * (y2 - y1) / length
        return x1 + dx, y1 + dy, x2 - dx, y2 - dy

    def weight(self, layer, j, i):
        """A weight stands near its receiver, where the edges of one sender are far apart."""
        x1, y1, x2, y2 = self.ends(layer, j, i)
        share = 0.62 if i % 2 == j % 2 else 0.72
        return x1 + share * (x2 - x1), y1 + share * (y2 - y1)

    def error(self):
        return self.node(len(self.sizes) - 1, 0)[0] + BESIDE, self.middle


def _group(kind, key, *children, negative=False):
    return element("g", *children, class_=f"nnlib-{kind}" + (" nnlib-negative" if negative else ""),
                   data_part=key)  # fmt: skip


def _words(x, y, words, size, kind="nnlib-number", **more):
    return element("text", words, x=x, y=y, text_anchor="middle", font_size=size, class_=kind, **more)


def _wire(key, layout, words):
    x1, y1, x2, y2 = layout.ends(*map(int, key.split(".")))
    ends = dict(x1=x1, y1=y1, x2=x2, y2=y2)
    line = element("line", **ends, class_="nnlib-wire", stroke=SOFT, stroke_width=1.6)
    hit = element("line", **ends, class_="nnlib-hit", stroke="none", stroke_width=16)
    return _group("edge", key, line, hit, negative=words.startswith("−"))


def _label(key, place, words):
    x, y = place
    pill = element("rect", x=x - 20, y=y - 10, width=40, height=20, rx=10, class_="nnlib-pill",
                   fill=GROUND, stroke=SOFT)  # fmt: skip
    negative = words.startswith("−")
    return element("g", pill, _words(x, y + 4.5, words, 12), data_label=key,
                   class_="nnlib-label" + (" nnlib-negative" if negative else ""))  # fmt: skip


def _bias(key, at, words):
    x, y = at[0], at[1] + RADIUS + 14
    pill = element("rect", x=x - 28, y=y - 9, width=56, height=18, rx=9, class_="nnlib-pill nnlib-hit",
                   fill=GROUND, stroke=SOFT)  # fmt: skip
    line = element("line", x1=x, x2=x, y1=y - 14, y2=y - 9, class_="nnlib-wire", stroke=SOFT)
    return _group("edge", key, line, pill, _words(x, y + 4, f"b {words}", 11.5))


def _node(key, at, name, words, above):
    x, y = at
    rim = dict(cx=x, cy=y, fill=GROUND, stroke=SOFT)
    halo = element("circle", **rim | {"stroke": "none", "fill": "none"}, r=RADIUS + 7, class_="nnlib-halo")
    circle = element("circle", **rim, r=RADIUS, class_="nnlib-neuron", stroke_width=1.6)
    parts = [halo, circle, _words(x, y - 5, plain(name), 14, "nnlib-name", font_style="italic")]
    parts.append(_words(x, y + 13, words, 12))
    frame = element("rect", x=x - 35, y=y - RADIUS - 27, width=70, height=20, rx=4, class_="nnlib-pill",
                    fill="none", stroke=GREEN)  # fmt: skip
    hidden = {} if above else {"visibility": "hidden"}
    over = element("g", frame, _words(x, y - RADIUS - 12.5, above or "", 12), class_="nnlib-above", **hidden)
    return _group("node", key, *parts, over)


def _path(key, layout, k):
    (x1, y1), (x2, y2) = layout.node(len(layout.sizes) - 1, k), layout.error()
    x1, x2 = x1 + RADIUS, x2 - 28
    curve = f"M {x1} {y1} C {x1 + 34} {y1}, {x2 - 28} {y2}, {x2} {y2}"
    return _group("path", key, element("path", d=curve, class_="nnlib-wire", fill="none", stroke=SOFT))


def _error(layout, words, t):
    x, y = layout.error()
    box = element("rect", x=x - 28, y=y - 24, width=56, height=48, rx=8, class_="nnlib-neuron",
                  fill=GROUND, stroke=INK, stroke_width=1.8)  # fmt: skip
    name = _words(x, y - 4, "E", 14, "nnlib-name", font_style="italic")
    below = _words(x, y + 42, t, 12, "nnlib-small nnlib-target")
    return _group("node", "E", box, name, _words(x, y + 14, words, 12), below)
