"""The drawings of the slides: a linear model, a neuron, the learning loop, one connection."""

from nnlib.figures.style import BLUE, ORANGE, Picture
from nnlib.figures.svg import GROUND, INK, arrow, circle, element, svg, text


def _picture(width, height, description, *children):
    return Picture(svg(width, height, description, *children), description)


def _box(x, y, width, height, words):
    frame = element("rect", x=x, y=y, width=width, height=height, rx=6, fill=GROUND, stroke=INK)
    return frame + text(x + width / 2, y + height / 2 + 5, words)


def linear_model():
    """A linear model: the weighted sum of the inputs, then an optional function g."""
    description = (
        "Inputs x_1 to x_D and a constant 1 are multiplied by the weights w_1 to w_D and the bias "
        "b and summed to a; the function g gives the output y."
    )
    inputs = [("x_1", "w_1", 40), ("x_2", "w_2", 90), ("x_D", "w_D", 160), ("1", "b", 210)]
    return _weighted_sum(description, inputs, "a", "y")


def neuron():
    """The same for neuron j of a network."""
    description = (
        "Neuron j multiplies what it receives, x_1 to x_I and a constant 1, by its weights w_j1 to w_jI "
        "and its bias b_j and sums to a_j; the activation function g gives its output y_j."
    )
    inputs = [("x_1", "w_j1", 40), ("x_i", "w_ji", 95), ("x_I", "w_jI", 160), ("1", "b_j", 210)]
    return _weighted_sum(description, inputs, "a_j", "y_j")


def _weighted_sum(description, inputs, a, y):
    parts = [text(60, 128, "⋮"), text(180, 122, "⋮")]
    for name, weight, height in inputs:
        end = 125 + (height - 125) * 0.12
        parts += [
            circle(60, height, 17), text(60, height + 5, name),
            arrow(78, height, 271, end, BLUE),
            text(165, height + (end - height) * 0.45 - 8, weight, fill=BLUE),
        ]  # fmt: skip
    parts += [
        circle(300, 125, 26), text(300, 132, "Σ", font_size=24),
        arrow(327, 125, 386, 125), text(355, 116, a),
        _box(388, 103, 44, 44, "g"),
        arrow(433, 125, 490, 125), text(508, 130, y),
    ]  # fmt: skip
    return _picture(530, 245, description, *parts)


def supervised_learning():
    """The loop of supervised learning: forward, compare, change the weights."""
    description = (
        "An input x goes through the network to an output y. The output is compared with the "
        "desired output t, and the difference changes the weights of the network."
    )
    parts = [
        text(30, 66, "x"), arrow(45, 61, 118, 61),
        _box(120, 35, 150, 52, "network: w_ji"),
        arrow(271, 61, 378, 61), text(325, 52, "y"),
        _box(380, 35, 130, 52, "compare"),
        arrow(445, 150, 445, 90), text(445, 170, "desired output t"),
        element("path", d="M 380 78 C 320 150, 200 150, 195 97", fill="none", stroke=ORANGE,
                stroke_width=2, stroke_dasharray="6 4"),
        element("polygon", points="195,88 190,98 200,98", fill=ORANGE),
        text(250, 158, "change the weights", fill=ORANGE),
    ]  # fmt: skip
    return _picture(540, 185, description, *parts)


def connection():
    """One connection from i to j, between two layers."""
    description = (
        "Neuron i sends x_i along the connection with the weight w_ji to neuron j, whose weighted "
        "sum is a_j, the sum of all w_ji x_i and the bias b_j, and whose output is y_j."
    )
    parts = [
        arrow(20, 75, 72, 75, "#888"),
        circle(100, 75, 27), text(100, 80, "i"),
        arrow(128, 75, 312, 75, BLUE, stroke_width=2.5),
        text(165, 62, "x_i"), text(230, 100, "w_ji", fill=BLUE),
        circle(340, 75, 27), text(340, 80, "j"),
        arrow(368, 75, 440, 75), text(398, 62, "y_j"),
        text(340, 130, "a_j = Σ_i  w_ji x_i + b_j"),
        text(100, 130, "sender"), text(340, 30, "receiver"),
    ]  # fmt: skip
    return _picture(470, 150, description, *parts)
