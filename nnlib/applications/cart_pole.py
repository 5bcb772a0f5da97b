"""A computer game learnt by policy gradient: a cart must move left or right so that its pole stays upright.

The policy is one neuron: p = sigmoid(w · s) is the probability to push right in state s. It plays, and what
it did is made likelier where it went better than on average (Williams, REINFORCE, 1992):

    E = - Σ_t R_t ln p(action_t | s_t)      R_t: how many steps were still to come, standardised

No gradient goes through the game itself: it needs to be played only, not to be differentiated.
Cart and pole are those of Barto, Sutton and Anderson, 1983: force 10, 0.02 s a step, 500 steps at most; it
ends at 12 degrees or 2.4 m.
"""

import numpy as np

from nnlib.applications.fitting import arrays, fit
from nnlib.differentiation import Variable
from nnlib.figures.style import Picture
from nnlib.figures.svg import BLUE, ORANGE, element, line, svg, text

LONGEST = 500
SCALE = np.array([1, 1, 0.2, 1])
"""By what the state (place, speed, angle, angular speed) is divided: the angle stays small."""


def moved(S, right):
    """The states S (N, 4) after 0.02 s of force to the right or to the left."""
    place, speed, angle, turning = S.T
    sine, cosine = np.sin(angle), np.cos(angle)
    push = (np.where(right, 10.0, -10.0) + 0.05 * turning**2 * sine) / 1.1
    turn = (9.8 * sine - cosine * push) / (0.5 * (4 / 3 - 0.1 * cosine**2 / 1.1))
    pull = push - 0.05 * turn * cosine / 1.1
    return np.stack(
        [place + 0.02 * speed, speed + 0.02 * pull, angle + 0.02 * turning, turning + 0.02 * turn], 1
    )


def fallen(S):
    """Where the game is over."""
    return (np.abs(S[:, 0]) > 2.4) | (np.abs(S[:, 2]) > 12 * np.pi / 180)


def weights(rng=None):
    """One neuron without a bias, at 0: left and right are equally likely."""
    return {"w": Variable(np.zeros((4, 1)))}


def net(W, S):
    """The weighted sums a (N, 1): p = sigmoid(a) is the probability to push right."""
    return (S / SCALE) @ W["w"]


def loss(W, S, right, R):
    """The mean of -R ln p over steps: states S (N, 4), what was done (N, 1), and how it went R (N, 1)."""
    a = net(W, S)
    return np.sum((np.logaddexp(a, 0.0) - right * a) * R) * (1 / len(S))


def games(W, n, rng, greedy=False):
    """n games at once: states (T, n, 4), actions (T, n), and where the game was still going on (T, n).

    The policy draws its actions; greedy=True takes the likelier one always.
    """
    W = arrays(W)
    S, going, steps = rng.uniform(-0.05, 0.05, (n, 4)), np.ones(n, bool), []
    while going.any() and len(steps) < LONGEST:
        p = 1 / (1 + np.exp(-net(W, S)[:, 0]))
        right = p > 0.5 if greedy else rng.random(n) < p
        steps.append((S, right, going))
        S = np.where(going[:, np.newaxis], moved(S, right), S)
        going = going & ~fallen(S)
    return tuple(np.array(part) for part in zip(*steps, strict=True))


def data(W, rng, n=16):
    """Endless rounds of n games by the present weights, each a batch for `loss`."""
    while True:
        S, right, going = games(W, n, rng)
        R = np.cumsum(going[::-1], axis=0)[::-1].astype(float)
        R = (R - R[going].mean()) / (R[going].std() + 1e-8)
        yield S[going], right[going][:, np.newaxis] * 1.0, R[going][:, np.newaxis]


def train(seed=0, steps=45, watch=None):
    """Weights W as arrays, after so many rounds of 16 games."""
    rng = np.random.default_rng(seed)
    W = weights(rng)
    fit(loss, W, data(W, rng), steps, alpha=0.1, watch=watch)
    return arrays(W)


def measure(W, n=100, seed=1000):
    """How many of 500 steps n new games last, on average, if the likelier action is taken."""
    return games(W, n, np.random.default_rng(seed), greedy=True)[2].sum(axis=0).mean()


def show(*policies, n=7, seed=1000):
    """The same start played by each of some weights W, a row of n moments of the game for each."""
    parts, ends, width, height = [], [], 100, 92
    for row, W in enumerate(policies):
        S, _, going = games(W, 1, np.random.default_rng(seed), greedy=True)
        ends.append(int(going.sum()))
        for column, step in enumerate(np.linspace(0, ends[-1] - 1, n).astype(int)):
            place, _, angle, _ = S[step, 0]
            left, y = column * width, row * height + 62
            x = left + width / 2 + 18 * place
            track = {"stroke": "currentColor", "stroke_opacity": 0.4}
            parts.append(line(left + 4, y + 7, left + width - 4, y + 7, **track))
            cart = {"x": x - 12, "y": y - 6, "width": 24, "height": 12, "fill": BLUE}
            parts.append(element("rect", **cart))
            tip = x + 50 * np.sin(angle), y - 6 - 50 * np.cos(angle)
            parts.append(line(x, y - 6, *tip, stroke=ORANGE, stroke_width=4, stroke_linecap="round"))
            parts.append(text(left + width / 2, y + 23, f"step {step + 1}", font_size=12))
    listed = ", ".join(map(str, ends))
    description = f"Cart and pole, a row for each policy, until the game ends: after {listed} steps"
    return Picture(svg(n * width, len(policies) * height, description, *parts), description)
