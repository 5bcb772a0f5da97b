"""Questions of unit 5 on what the student's dual numbers are for: derivatives that are exact."""

import numpy as np

from nnlib.grading.checks.judging.failure import CheckFailed
from nnlib.grading.checks.question import question
from nnlib.grading.checks.unit_5.numeric import central, cubic, second_difference_of
from nnlib.grading.sandbox.inside import objects


def at_a_point(rng, sign):
    """f and x, where f''(x) has this sign."""
    while True:
        f, x = cubic(rng), float(rng.uniform(0.5, 2))
        if sign * f.second(x) > 0.1:
            return f, x


def cube(x):
    return x * x * x


def fourth_power(x):
    return x * x * x * x


TINY = 1e-7
"""A size of x for which every usual step h is far too large."""


def refuse_differences(returned, right, where, instead):
    """Raises CheckFailed if results near 0 are wrong: then they come from differences."""
    if not np.allclose(returned, right, rtol=1e-6, atol=0):
        raise CheckFailed("difference", f"{where}, where no step h is small enough. {instead}")


def nests(function, rng):
    """Raises CheckFailed for a second derivative from differences: of f, or of its derivative."""
    x = TINY * float(rng.uniform(1, 2))
    refuse_differences(
        float(function(fourth_power, x)),
        12 * x * x,
        f"f''(x) is right at ordinary x, and wrong at x = {x:.2g}",
        "Nest dual numbers: they need no h.",
    )


def second_difference(h):
    return lambda f, x: second_difference_of(f, x, h)


@question(
    returns="f''(x)",
    section="Derivatives of derivatives",
    inputs=at_a_point,
    sizes=[dict(sign=1), dict(sign=-1), dict(sign=1)],
    hints={
        "That is f'(x), the first derivative: each level has a 1 as seed, and the dot is taken twice": (
            lambda f, x: f.first(x)
        ),
        "That is f(x), the value: take the dot of the dot": lambda f, x: f(x),
        "That is half of f''(x). With a 1 as the seed of each level the dot of the dot is f''(x)": (
            lambda f, x: f.second(x) / 2
        ),
        "That is twice f''(x). With a 1 as the seed of each level the dot of the dot is f''(x) itself": (
            lambda f, x: 2 * f.second(x)
        ),
        "That is 0: x is to be a dual number of dual numbers, with a 1 on both levels": lambda f, x: 0.0,
        "That is f'(f'(x)), the derivative at another place: differentiate the function f' itself": (
            lambda f, x: f.first(f.first(x))
        ),
        "That is f'(x)²: differentiate the derivative, do not multiply it": lambda f, x: f.first(x) ** 2,
    }
    | {
        f"That is a difference with h = {h:g}, and not exact: nest dual numbers": second_difference(h)
        for h in (1e-3, 1e-4, 1e-5, 1e-6)
    },
    quality=nests,
)
def second_derivative(f, x):
    """The second derivative by nesting."""
    return f.second(x)


def to_solve(rng):
    return cubic(rng), float(rng.uniform(2, 3)), int(rng.integers(3, 6))


def newton_by_differences(h, both_sides):
    """The points if f'(x) is a difference with step h."""

    def points(f, x, steps):
        def approximated(x):
            return f(x)

        approximated.first = lambda x: central.reference(f, x, h) if both_sides else (f(x + h) - f(x)) / h
        return newton.reference(approximated, x, steps)

    return points


def is_exact(function, rng):
    """Raises CheckFailed for Newton's method with a derivative from differences."""
    x = TINY * float(rng.uniform(1, 2))
    points = np.asarray(function(cube, x, 2), dtype=float)
    if points.shape != (3,):
        hint = f"2 steps from x = {x:.2g} give the shape {points.shape}, expected (3,): do not stop before."
        raise CheckFailed("shape", hint)
    refuse_differences(
        points,
        [x, 2 / 3 * x, 4 / 9 * x],
        f"The points are right from ordinary starts, and wrong from x = {x:.2g}",
        "Take f'(x) from your Dual: it needs no h. Divide by it as it is in each step, however tiny.",
    )


@question(
    returns="the points",
    section="Newton's method",
    inputs=to_solve,
    names={"slope": "the derivative"},
    hints={
        "Each step starts from the first point again: it starts from the last one": lambda f, x, steps: (
            np.array([x] + [x - f(x) / f.first(x)] * steps)
        ),
    }
    | {
        f"f'(x) is a {side} difference with h = {h:g}, and not exact: take it from your Dual": (
            newton_by_differences(h, side == "central")
        )
        for side in ("central", "one-sided")
        for h in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
    },
    quality=is_exact,
)
def newton(f, x, steps):
    """The points of Newton's method, with exact derivatives."""
    visited = [x]
    for _ in range(steps):
        slope = f.first(x)
        x = x - f(x) / slope
        visited.append(x)
    return np.array(visited)


def with_curves(rng, n, m):
    """m functions of n numbers, products of neighbours and squares, and a constant; and a point."""
    C, constant = rng.uniform(0.5, 2, (m, n)).tolist(), float(rng.normal())

    def f(x):
        outputs = []
        for row in C:
            y = 0.0
            for i, c in enumerate(row):
                y = y + c * x[i] * x[i - 1] + x[i] * c
            outputs.append(y)
        return [*outputs, constant]

    def columns(x, seeds):
        """The derivative of all outputs along each seed, by the complex step."""
        points = [[v + 1e-30j * s for v, s in zip(x, seed, strict=True)] for seed in seeds]
        return [np.imag(np.array(f(point))) / 1e-30 for point in points]

    f.columns = columns
    return f, rng.uniform(0.5, 2, n).tolist()


def cubes(x):
    return [x_i * x_i * x_i for x_i in x]


def passes_are_exact(function, rng):
    """Raises CheckFailed for a Jacobian from differences."""
    x = (TINY * rng.uniform(1, 2, 2)).tolist()
    refuse_differences(
        function(cubes, x),
        np.diag(3 * np.square(x)),
        f"J is right at ordinary x, and wrong near {x[0]:.2g}",
        "Take the dots of your Dual: they need no h.",
    )


@question(
    returns="J",
    section="More inputs, more outputs",
    inputs=with_curves,
    sizes=[dict(n=3, m=4), dict(n=4, m=3), dict(n=5, m=1)],
    through=objects.columns,
    quality=passes_are_exact,
    hints={
        "J is transposed: a pass gives a column": lambda f, x: np.array(f.columns(x, np.eye(len(x)))),
        "Each pass has all dots 1: seed one input in a pass, the others 0": lambda f, x: (
            np.array(f.columns(x, np.ones((len(x), len(x))))).T
        ),
        "All columns are that of the first input: seed another one in each pass": lambda f, x: (
            np.array(f.columns(x, np.eye(len(x))[[0] * len(x)])).T
        ),
        "The columns are added up: J has one column for each input": lambda f, x: np.array(
            f.columns(x, np.ones((1, len(x))))
        )[0],
        "The last row is to be 0: an output that does not depend on the inputs has the derivative 0": (
            lambda f, x: np.array(f.columns(x, np.eye(len(x)))).T + np.array([f([0.0] * len(x))]).T
        ),
        "Each column is multiplied by the value of its input: its seed is 1": lambda f, x: (
            np.array(f.columns(x, np.diag(x))).T
        ),
        "Those are the values of the outputs. The derivatives are in the dots": lambda f, x: (
            np.array([f(x)] * len(x)).T
        ),
        "The columns stand in the reverse order": lambda f, x: np.array(f.columns(x, np.eye(len(x))[::-1])).T,
        "Each column has those before it added, as if seeds stayed: in each pass one dot is 1": lambda f, x: (
            np.array(f.columns(x, np.tri(len(x)))).T
        ),
    },
)
def jacobian(f, x):
    """The exact Jacobian, a row for each output and a column for each input."""
    seeds = np.eye(len(x))
    return np.array(f.columns(x, seeds)).T


def hand(q):
    """The place of the hand of an arm of 0.6 m and 0.4 m."""
    both = q[0] + q[1]
    return np.array([0.6 * np.cos(q[0]) + 0.4 * np.cos(both), 0.6 * np.sin(q[0]) + 0.4 * np.sin(both)])


def hand_jacobian(q):
    """Its derivative with respect to both angles."""
    both = q[0] + q[1]
    return np.array([
        [-0.6 * np.sin(q[0]) - 0.4 * np.sin(both), -0.4 * np.sin(both)],
        [0.6 * np.cos(q[0]) + 0.4 * np.cos(both), 0.4 * np.cos(both)],
    ])  # fmt: skip


def with_goal(rng):
    q = np.array([rng.uniform(0.2, 0.6), rng.uniform(0.8, 1.2)])
    return q, hand(q + rng.uniform(0.2, 0.4, 2)), int(rng.integers(3, 6)), float(rng.uniform(0.2, 0.6))


@question(
    returns="the angles",
    section="A robot arm grasps",
    inputs=with_goal,
    names={"part": "the part of the step", "off": "goal - hand(q)"},
    hints={
        "Those are places of the hand. Its angles are asked for": lambda q, goal, steps, part: np.array(
            [hand(q) for q in reach.reference(q, goal, steps, part)]
        ),
    },
)
def reach(q, goal, steps, part):
    """The way of the arm to its goal."""
    visited = [q]
    for _ in range(steps):
        J = hand_jacobian(q)
        off = goal - hand(q)
        q = q + part * np.linalg.solve(J, off)
        visited.append(q)
    return np.array(visited)
