"""Backpropagation node by node as data: the words, formulas, questions and code of each step.

A step names one number. Its `equation` is that of the lecture; `numbers` is the same with a place
for each value, such as {W.1.0.1} (see backpropagation_values.py), so that the page can fill in
others when the reader edits; `code` is the line of NumPy; `node` and `edges` are its parts of the
picture. `asks` are the parts of the formula that a reader who predicts is asked for before the
number itself, `slips` what a wrong prediction may be; both as sums of products of places.
"""

from dataclasses import dataclass, field

from nnlib.widgets.notation import node_names, plain
from nnlib.widgets.slips import SLIPS

PARTS = ["Forward", "Error", "Deltas", "Gradient"]


@dataclass(frozen=True)
class Step:
    """One number of backpropagation: its name, where it stands, and how it comes about."""

    part: str
    heading: str
    symbol: str
    equation: str
    numbers: str
    code: str
    place: str
    node: str
    edges: list
    asks: list = field(default_factory=list)
    slips: list = field(default_factory=list)


def steps(network, samples, error):
    """All steps in order: forward, error, deltas from the outputs back, gradients."""
    up = range(1, len(network.layers) + 1)
    in_order = [step for layer in up for step in _forward(network, layer)]
    in_order.append(_error(network, samples, error))
    in_order += [step for layer in reversed(up) for step in _deltas(network, layer, error)]
    in_order += [step for layer in reversed(up) for step in _gradients(network, layer, samples)]
    return in_order


class Code:
    """The names of arrays in the lines of code: h, a_h, delta_h belong to the hidden layer h."""

    def __init__(self, sizes):
        self.letters = [column[0].partition("_")[0] for column in node_names(sizes)]

    def y(self, layer):
        return self.letters[layer]

    def a(self, layer):
        return f"a_{self.letters[layer]}"

    def delta(self, layer):
        return f"delta_{self.letters[layer]}"


def _name(g):
    return g.name.partition("(")[0]


def _minus(formula):
    return formula.replace("-", "−").replace("1 / (1 + exp(−a))", "{1}/{1 + e^{−a}}")


def _sum(terms):
    return " + ".join(terms)


def _ask(label, *terms):
    return {"label": label, "terms": [list(term) for term in terms]}


def _slip(name, *terms):
    return {"says": SLIPS[name], "terms": [list(term) for term in terms]}


def _forward(network, layer):
    sizes, g = network.sizes, network.layers[layer - 1].activation
    names, code, inputs = node_names(sizes), Code(sizes), sizes[layer - 1]
    for j, name in enumerate(names[layer]):
        products = [f"{{W.{layer}.{j}.{i}}} · {{x.{layer}.{i}}}" for i in range(inputs)]
        bias, terms = (
            f"W.{layer}.{j}.{inputs}",
            [(f"W.{layer}.{j}.{i}", f"x.{layer}.{i}") for i in range(inputs)],
        )
        sender = names[layer - 1][-1]
        yield Step(
            "Forward", f"Weighted sum of {plain(name)}", f"a_{{{name}}}", "a_j = Σ_i w_ji x_i + b_j",
            f"a_{{{name}}} = {_sum([*products, f'{{{bias}}}'])}",
            f"{code.a(layer)}[{j}] = W{layer}[{j}] @ {code.y(layer - 1)} + b{layer}[{j}]",
            f"a.{layer}.{j}", f"{layer}.{j}", [f"{layer}.{j}.{i}" for i in range(inputs + 1)],
            [_ask(f"the part from {sender}: w_{{{name} {sender}}} {sender} =", terms[-1])],
            [_slip("no bias", *terms), _slip("no weights", *((x,) for _, x in terms), (bias,))],
        )  # fmt: skip
        if g.name != "softmax":
            yield Step(
                "Forward", f"Output of {plain(name)}", name, f"y_j = g(a_j)\ng(a) = {_minus(g.formula)}",
                f"{name} = g({{a.{layer}.{j}}})", f"{code.y(layer)}[{j}] = {_name(g)}({code.a(layer)}[{j}])",
                f"y.{layer}.{j}", f"{layer}.{j}", [],
                slips=[_slip("slope for g", (f"slope.{layer}.{j}",)), _slip("no g", (f"a.{layer}.{j}",))],
            )  # fmt: skip
    if g.name == "softmax":  # every output needs all sums
        every = range(sizes[layer])
        total, a = _sum(f"exp({{a.{layer}.{k}}})" for k in every), code.a(layer)
        for k, name in enumerate(names[layer]):
            yield Step(
                "Forward", f"Output of {plain(name)}", name, "y_k = {exp(a_k)}/{Σ_j exp(a_j)}",
                f"{name} = exp({{a.{layer}.{k}}}) / ({total})",
                f"{code.y(layer)}[{k}] = np.exp({a}[{k}]) / np.sum(np.exp({a}))",
                f"y.{layer}.{k}", f"{layer}.{k}", [], slips=[_slip("no g", (f"a.{layer}.{k}",))],
            )  # fmt: skip


def _error(network, samples, error):
    last, symbol = len(network.layers), "E" if samples == 1 else "E^n"
    outputs = range(network.output_nodes)
    pairs = [(f"{{y.{last}.{k}}}", f"{{t.{k}}}") for k in outputs]
    asks, slips = [], []
    if error == "sum_of_squares":
        equation = "½ Σ_k (y_k − t_k)²"
        numbers = f"½ · ({_sum(f'({y} − {t})²' for y, t in pairs)})"
        code = "0.5 * np.sum((y - t) ** 2)"
        squares = [
            term
            for y, t in [(f"y.{last}.{k}", f"t.{k}") for k in outputs]
            for term in ((1, y, y), (-2, y, t), (1, t, t))
        ]
        slips = [_slip("no half", *squares)]
        asks = [_ask("y_1 − t_1 =", (f"y.{last}.0",), (-1, "t.0"))]
    elif network.layers[-1].activation.name == "softmax":
        equation = "−Σ_k t_k ln y_k"
        numbers = f"−({_sum(f'{t} · ln {y}' for y, t in pairs)})"
        code = "-np.sum(t * np.log(y))"
    else:
        equation = "−Σ_k (t_k ln y_k + (1 − t_k) ln(1 − y_k))"
        numbers = f"−({_sum(f'{t} · ln {y} + (1 − {t}) · ln(1 − {y})' for y, t in pairs)})"
        code = "-np.sum(t * np.log(y) + (1 - t) * np.log(1 - y))"
    return Step(
        "Error", "Error" if samples == 1 else "Error of this sample", symbol, f"{symbol} = {equation}",
        f"{symbol} = {numbers}", f"E = {code}", "En", "E", [f"E.{k}" for k in outputs], asks, slips,
    )  # fmt: skip


def _deltas(network, layer, error):
    g, above, code = network.layers[layer - 1].activation, layer + 1, Code(network.sizes)
    for i, name in enumerate(node_names(network.sizes)[layer]):
        slope = f"slope.{layer}.{i}"
        if layer == len(network.layers):
            edges = [f"E.{i}"]
            equation, numbers, line, asks, slips = _output_delta(network, i, error)
        else:
            receivers = range(network.sizes[above])
            edges = [f"{above}.{j}.{i}" for j in receivers]
            equation = f"δ_i = g'(a_i) Σ_j δ_j w_ji\ng'(a) = {_minus(g.derivative_formula)}"
            terms = [(f"delta.{above}.{j}", f"W.{above}.{j}.{i}") for j in receivers]
            numbers = f"{{{slope}}} · ({_sum(f'{{{d}}} · {{{w}}}' for d, w in terms)})"
            weights = f"{code.delta(above)} @ W{above}[:, {i}]"
            line = f"{_name(g)}.derivative({code.a(layer)}[{i}]) * ({weights})"
            asks = [
                _ask("the sum that comes back: Σ_j δ_j w_ji =", *terms),
                _ask(f"the slope here: g'(a_{{{name}}}) =", (slope,)),
            ]
            slips = [
                _slip("no slope", *terms),
                _slip("only slope", (slope,)),
                _slip("g for slope", *((f"y.{layer}.{i}", *term) for term in terms)),
                _slip("deltas ignored", *((slope, w) for _, w in terms)),
            ]
            if network.sizes[above] == network.sizes[layer]:
                slips.append(
                    _slip(
                        "transposed W", *((slope, d, f"W.{above}.{i}.{j}") for j, (d, _) in enumerate(terms))
                    )
                )
        yield Step(
            "Deltas", f"Delta of {plain(name)}", f"δ_{{{name}}}", equation,
            f"δ_{{{name}}} = {numbers}", f"{code.delta(layer)}[{i}] = {line}",
            f"delta.{layer}.{i}", f"{layer}.{i}", edges, asks, slips,
        )  # fmt: skip


def _output_delta(network, k, error):
    """Equation, numbers, code, asks and slips of one output."""
    g, last = network.layers[-1].activation, len(network.layers)
    y, t, slope = f"y.{last}.{k}", f"t.{k}", f"slope.{last}.{k}"
    difference, code = f"{{{y}}} − {{{t}}}", f"y[{k}] - t[{k}]"
    off = [(y,), (-1, t)]
    slips = [_slip("sign", (-1, y), (t,)), _slip("no t", (y,))]
    if error == "cross_entropy" or g.name == "identity":
        if error == "cross_entropy":
            slips.append(_slip("spurious slope", *((*term, y) for term in off),
                               *((-1, *term, y, y) for term in off)))  # fmt: skip
        return "δ_k = y_k − t_k", difference, code, [], slips
    asks = [_ask(f"y_{k + 1} − t_{k + 1} =", *off)]
    if g.name == "softmax":
        each = range(network.output_nodes)
        terms = _sum(f"({{y.{last}.{j}}} − {{t.{j}}}) · {{y.{last}.{j}}}" for j in each)
        return (
            "δ_k = y_k (e_k − Σ_j e_j y_j)\ne_k = y_k − t_k",
            f"{{{y}}} · ({difference} − ({terms}))",
            f"y[{k}] * ({code} - np.sum((y - t) * y))",
            asks, slips,
        )  # fmt: skip
    return (
        f"δ_k = (y_k − t_k) g'(a_k)\ng'(a) = {_minus(g.derivative_formula)}",
        f"({difference}) · {{{slope}}}",
        f"({code}) * {_name(g)}.derivative(a_y[{k}])",
        [*asks, _ask(f"the slope here: g'(a_{{y_{k + 1}}}) =", (slope,))],
        [_slip("no slope", *off), _slip("only slope", (slope,)), *slips],
    )  # fmt: skip


def _gradients(network, layer, samples):
    sizes, code = network.sizes, Code(network.sizes)
    names = node_names(sizes)
    x, delta = code.y(layer - 1), code.delta(layer)
    single = samples == 1
    at = [""] if single else [f"@{n}" for n in range(samples)]
    for j, name in enumerate(names[layer]):
        d = f"delta.{layer}.{j}"
        for i, sender in enumerate(names[layer - 1]):
            signal = f"x.{layer}.{i}"
            products = _sum(f"{{{d}{n}}} · {{{signal}{n}}}" for n in at)
            left, whole = (
                f"dE_dW{layer}[{j}, {i}] = ",
                f"np.sum(Delta_{delta[6:]}[:, {j}] * {x.upper()}[:, {i}])",
            )
            slips = [
                _slip("no input", *((d + n,) for n in at)),
                _slip("no delta", *((signal + n,) for n in at)),
            ]
            if layer > 1:
                slips.append(_slip("a for y", *((d + n, f"a.{layer - 1}.{i}{n}") for n in at)))
            yield Step(
                "Gradient", f"Weight from {plain(sender)} to {plain(name)}", f"∂E/∂w_{{{name} {sender}}}",
                "∂E/∂w_ji = δ_j x_i" if single else "∂E/∂w_ji = Σ_n δ_j^n x_i^n",
                f"∂E/∂w_{{{name} {sender}}} = {products}",
                left + (f"{delta}[{j}] * {x}[{i}]" if single else whole),
                f"dW.{layer}.{j}.{i}", f"{layer}.{j}", [f"{layer}.{j}.{i}"],
                [_ask("the delta of the receiver: δ_j =", (d,)),
                 _ask("the signal of the sender: x_i =", (signal,))] if single else [],
                slips,
            )  # fmt: skip
        whole, bias = f"np.sum(Delta_{delta[6:]}[:, {j}])", sizes[layer - 1]
        yield Step(
            "Gradient", f"Bias of {plain(name)}", f"∂E/∂b_{{{name}}}",
            "∂E/∂b_j = δ_j" if single else "∂E/∂b_j = Σ_n δ_j^n",
            f"∂E/∂b_{{{name}}} = " + _sum(f"{{{d}{n}}}" for n in at),
            f"dE_db{layer}[{j}] = " + (f"{delta}[{j}]" if single else whole),
            f"dW.{layer}.{j}.{bias}", f"{layer}.{j}", [f"{layer}.{j}.{bias}"],
            slips=[_slip("zero", (0,))],
        )  # fmt: skip
