"""Backpropagation node by node as data: what each step says, shows and computes.

A step names one number. Its `equation` is that of the lecture; `numbers` is the same with a place
for each value, such as {W.1.0.1} (see backpropagation_values.py), so that the page can fill in
others when something is edited;
`code` is the line of NumPy; `node` and `edges` are what it speaks of in the picture.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One number of backpropagation: its name, where it stands, and how it comes about."""

    part: str
    heading: str
    equation: str
    numbers: str
    code: str
    place: str
    node: tuple | None
    edges: tuple


def steps(network, samples, error):
    """All steps in order: forward, error, deltas from the output down, gradients."""
    up = range(1, len(network.layers) + 1)
    found = [step for layer in up for step in _forward(network, layer)]
    found.append(_error(network, samples, error))
    found += [step for layer in reversed(up) for step in _deltas(network, layer, error)]
    found += [step for layer in reversed(up) for step in _gradients(network, layer, samples)]
    return found


def neuron_name(sizes, layer, neuron):
    """ "output neuron 2", "hidden neuron 1", "neuron 3 of hidden layer 2"."""
    if layer == 0:
        return f"input {neuron + 1}"
    if layer == len(sizes) - 1:
        return f"output neuron {neuron + 1}"
    if len(sizes) == 3:
        return f"hidden neuron {neuron + 1}"
    return f"neuron {neuron + 1} of hidden layer {layer}"


def _name(g):
    return g.name.partition("(")[0]


def _minus(formula):
    return formula.replace("-", "−")


def _sum(terms):
    return " + ".join(terms)


def _forward(network, layer):
    sizes, g = network.sizes, network.layers[layer - 1].activation
    inputs, x = sizes[layer - 1], "x" if layer == 1 else f"y{layer - 1}"
    for j in range(sizes[layer]):
        who = neuron_name(sizes, layer, j)
        products = [f"{{W.{layer}.{j}.{i}}} · {{x.{layer}.{i}}}" for i in range(inputs)]
        yield Step(
            "Forward", f"Weighted sum of {who}", "a_j = Σ_i w_ji x_i + b_j",
            f"a_{j + 1} = {_sum([*products, f'{{W.{layer}.{j}.{inputs}}}'])}",
            f"a{layer}[{j}] = W{layer}[{j}] @ {x} + b{layer}[{j}]",
            f"a.{layer}.{j}", (layer, j), tuple((layer, j, i) for i in range(inputs + 1)),
        )  # fmt: skip
        if g.name != "softmax":
            yield Step(
                "Forward", f"Output of {who}", f"y_j = g(a_j) with g(a) = {_minus(g.formula)}",
                f"y_{j + 1} = g({{a.{layer}.{j}}})", f"y{layer}[{j}] = {_name(g)}(a{layer}[{j}])",
                f"y.{layer}.{j}", (layer, j), (),
            )  # fmt: skip
    if g.name == "softmax":  # every output needs all sums
        every = range(sizes[layer])
        total = _sum(f"exp({{a.{layer}.{k}}})" for k in every)
        for k in every:
            yield Step(
                "Forward", f"Output of {neuron_name(sizes, layer, k)}",
                "y_k = exp(a_k) / Σ_j exp(a_j)",
                f"y_{k + 1} = exp({{a.{layer}.{k}}}) / ({total})",
                f"y{layer}[{k}] = np.exp(a{layer}[{k}]) / np.sum(np.exp(a{layer}))",
                f"y.{layer}.{k}", (layer, k), (),
            )  # fmt: skip


def _error(network, samples, error):
    last, symbol = len(network.layers), "E" if samples == 1 else "Eⁿ"
    pairs = [(f"{{y.{last}.{k}}}", f"{{t.{k}}}") for k in range(network.output_nodes)]
    if error == "sum_of_squares":
        equation = "½ Σ_k (y_k − t_k)²"
        numbers = f"½ · ({_sum(f'({y} − {t})²' for y, t in pairs)})"
        code = f"0.5 * np.sum((y{last} - t) ** 2)"
    elif network.layers[-1].activation.name == "softmax":
        equation = "−Σ_k t_k ln y_k"
        numbers = f"−({_sum(f'{t} · ln {y}' for y, t in pairs)})"
        code = f"-np.sum(t * np.log(y{last}))"
    else:
        equation = "−Σ_k (t_k ln y_k + (1 − t_k) ln(1 − y_k))"
        numbers = f"−({_sum(f'{t} · ln {y} + (1 − {t}) · ln(1 − {y})' for y, t in pairs)})"
        code = f"-np.sum(t * np.log(y{last}) + (1 - t) * np.log(1 - y{last}))"
    return Step(
        "Error", "Error" if samples == 1 else "Error of this sample", f"{symbol} = {equation}",
        f"{symbol} = {numbers}", f"E = {code}", "En", None, (),
    )  # fmt: skip


def _deltas(network, layer, error):
    g, receivers = network.layers[layer - 1].activation, layer + 1
    for i in range(network.sizes[layer]):
        edges = ()
        if layer == len(network.layers):
            equation, numbers, code = _output_delta(network, i, error)
        else:
            edges = tuple((receivers, j, i) for j in range(network.sizes[receivers]))
            equation = f"δ_i = g'(a_i) Σ_j δ_j w_ji with g'(a) = {_minus(g.derivative_formula)}"
            products = _sum(f"{{delta.{receivers}.{j}}} · {{W.{receivers}.{j}.{i}}}" for _, j, _ in edges)
            numbers = f"{{slope.{layer}.{i}}} · ({products})"
            code = f"{_name(g)}.derivative(a{layer}[{i}]) * (delta{receivers} @ W{receivers}[:, {i}])"
        yield Step(
            "Deltas", f"Delta of {neuron_name(network.sizes, layer, i)}", equation,
            f"δ_{i + 1} = {numbers}", f"delta{layer}[{i}] = {code}",
            f"delta.{layer}.{i}", (layer, i), edges,
        )  # fmt: skip


def _output_delta(network, k, error):
    g, last = network.layers[-1].activation, len(network.layers)
    difference, code = f"{{y.{last}.{k}}} − {{t.{k}}}", f"y{last}[{k}] - t[{k}]"
    if error == "cross_entropy" or g.name == "identity":
        return "δ_k = y_k − t_k", difference, code
    if g.name == "softmax":
        each = range(network.output_nodes)
        terms = _sum(f"({{y.{last}.{j}}} − {{t.{j}}}) · {{y.{last}.{j}}}" for j in each)
        return (
            "δ_k = y_k (e_k − Σ_j e_j y_j) with e_k = y_k − t_k",
            f"{{y.{last}.{k}}} · ({difference} − ({terms}))",
            f"y{last}[{k}] * ({code} - np.sum((y{last} - t) * y{last}))",
        )
    return (
        f"δ_k = (y_k − t_k) g'(a_k) with g'(a) = {_minus(g.derivative_formula)}",
        f"({difference}) · {{slope.{last}.{k}}}",
        f"({code}) * {_name(g)}.derivative(a{last}[{k}])",
    )


def _gradients(network, layer, samples):
    sizes, x = network.sizes, "x" if layer == 1 else f"y{layer - 1}"
    one = samples == 1
    at = [""] if one else [f"@{n}" for n in range(samples)]
    for j in range(sizes[layer]):
        who = neuron_name(sizes, layer, j)
        for i in range(sizes[layer - 1]):
            products = _sum(f"{{delta.{layer}.{j}{n}}} · {{x.{layer}.{i}{n}}}" for n in at)
            left, whole = f"dE_dW{layer}[{j}, {i}] = ", f"np.sum(Delta{layer}[:, {j}] * {x.upper()}[:, {i}])"
            yield Step(
                "Gradient", f"Weight from {neuron_name(sizes, layer - 1, i)} to {who}",
                "∂E/∂w_ji = δ_j x_i" if one else "∂E/∂w_ji = Σ_n δ_jⁿ x_iⁿ",
                f"∂E/∂w_{j + 1}{i + 1} = {products}",
                left + (f"delta{layer}[{j}] * {x}[{i}]" if one else whole),
                f"dW.{layer}.{j}.{i}", (layer, j), ((layer, j, i),),
            )  # fmt: skip
        whole = f"np.sum(Delta{layer}[:, {j}])"
        yield Step(
            "Gradient", f"Bias of {who}",
            "∂E/∂b_j = δ_j" if one else "∂E/∂b_j = Σ_n δ_jⁿ",
            f"∂E/∂b_{j + 1} = " + _sum(f"{{delta.{layer}.{j}{n}}}" for n in at),
            f"dE_db{layer}[{j}] = " + (f"delta{layer}[{j}]" if one else whole),
            f"dW.{layer}.{j}.{sizes[layer - 1]}", (layer, j), ((layer, j, sizes[layer - 1]),),
        )  # fmt: skip
