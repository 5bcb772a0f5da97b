"""Questions of unit 5 on differences."""

import numpy as np

from nnlib.grading.checks.question import question


def cubic(rng):
    """f(x) = c₃ x³ + c₂ x² + c₁ x + c₀ for numbers, arrays and dual numbers, with f.first and f.second.

    A plain function, not an object: only the source of a function can be sent to the student's process.
    """
    c = (rng.uniform(0.5, 1.5, 4) * rng.choice((-1, 1), 4)).tolist()

    def f(x):
        return c[3] * x * x * x + c[2] * x * x + c[1] * x + c[0]

    f.c = c
    f.first = lambda x: 3 * c[3] * x * x + 2 * c[2] * x + c[1]
    f.second = lambda x: 6 * c[3] * x + 2 * c[2]
    return f


def with_step(rng, sign=1):
    """f, x and h. For sign -1 the curve falls in all of the interval, for 1 it rises."""
    while True:
        f, x, h = cubic(rng), float(rng.uniform(1, 2)), float(rng.uniform(0.1, 0.4))
        if np.all(sign * f.first(np.linspace(x - h, x + h, 9)) > 0.1):
            return f, x, h


def second_difference_of(f, x, h):
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2


@question(
    returns="the difference",
    section="Numeric differentiation",
    inputs=with_step,
    sizes=[dict(sign=-1), dict(sign=1), dict(sign=-1)],
    hints={
        "The difference is one-sided: go to both sides": lambda f, x, h: (f(x + h) - f(x)) / h,
        "The difference is one-sided, from x - h to x: go to both sides": lambda f, x, h: (
            (f(x) - f(x - h)) / h
        ),
        "That is a difference for the second derivative": second_difference_of,
    },
)
def central(f, x, h):
    """The central difference of a function."""
    return (f(x + h) - f(x - h)) / (2 * h)


def with_steps(rng, sign):
    """f, x, f'(x) and steps. The best is not the smallest or largest, nor that of one-sided differences."""
    while True:
        f, x, _ = with_step(rng, sign)
        f.c[3] = sign * abs(f.c[3])
        slope = f.first(x) + float(rng.uniform(0.3, 0.6)) * f.c[3]
        steps = rng.uniform(0.9, 1.1) * rng.permutation([0.03, 0.1, 0.2, 0.4, 0.6, 0.8, 1.1, 1.5])
        one_sided = steps[np.argmin(np.abs((f(x + steps) - f(x)) / steps - slope))]
        if one_sided not in (min(steps), max(steps), best_step.reference(f, x, slope, steps)):
            return f, x, slope, steps


@question(
    returns="the step",
    section="Numeric differentiation",
    inputs=with_steps,
    sizes=[dict(sign=sign) for sign in (1, -1, 1, -1, 1, -1)],  # one of eight steps is easily met by chance
    hints={
        "That is the smallest step, and not the one with the smallest error": lambda f, x, slope, steps: min(
            steps
        ),
        "That is the first step of the array, whatever its error": lambda f, x, slope, steps: steps[0],
        "That is the last step of the array, whatever its error": lambda f, x, slope, steps: steps[-1],
        "That is the smallest error: return the step that belongs to it": lambda f, x, slope, steps: min(
            abs((f(x + h) - f(x - h)) / (2 * h) - slope) for h in steps
        ),
        "That is the place of the step in the array: return the step": lambda f, x, slope, steps: np.argmin(
            [abs((f(x + h) - f(x - h)) / (2 * h) - slope) for h in steps]
        ),
        "That is the step with the largest error": lambda f, x, slope, steps: steps[
            np.argmax([abs((f(x + h) - f(x - h)) / (2 * h) - slope) for h in steps])
        ],
        "The sign of an error does not count: take its size": lambda f, x, slope, steps: steps[
            np.argmin([(f(x + h) - f(x - h)) / (2 * h) - slope for h in steps])
        ],
        "The difference is one-sided: it is to be the central one": lambda f, x, slope, steps: steps[
            np.argmin([abs((f(x + h) - f(x)) / h - slope) for h in steps])
        ],
    },
)
def best_step(f, x, slope, steps):
    """The step with the smallest error."""
    error = np.abs((f(x + steps) - f(x - steps)) / (2 * steps) - slope)
    return steps[np.argmin(error)]
