"""Data to learn from: three real sets that ship with nnlib, and generators of small ones.

Every function but `photographs` returns `X, T`: one sample a row, inputs in X (N, I), desired outputs
in T (N, F). `split` holds out every fifth sample for testing.
"""

from importlib.resources import files

import numpy as np

from nnlib.arguments import finite, random_generator, samples, whole_number

LINKS = (0.6, 0.4)
"""Lengths of the robot arm's two links in metres, so that its reach is 1 m."""


def split(X, T):
    """Hold out every fifth sample, rows 0, 5, 10, ..., for testing.

    The rule is fixed before anything is trained and uses no random number, so that all results
    in this course are about the same samples. For the digits it matters which ones: rows
    are ordered by writer, and the last rows were written by people that a network has not seen if
    it was trained on the first ones. Such a split is much harder, and measures something else.

    Returns X_train, T_train, X_test, T_test. Raises ValueError for other numbers of rows in X and T,
    fewer than 5 rows, or values that are not finite.
    """
    X = finite(X, "X", ndim=(1, 2, 3))
    T = finite(T, "T", ndim=(1, 2, 3))
    if len(X) != len(T):
        raise ValueError(f"X has {len(X)} rows and T has {len(T)}: one sample a row in both.")
    if len(X) < 5:
        raise ValueError(f"Splitting needs at least 5 samples, got {len(X)}.")
    test = np.arange(len(X)) % 5 == 0
    return X[~test], T[~test], X[test], T[test]


def standardise(X_train, *others):
    """Shift and scale each column to mean 0 and standard deviation 1 of the *training* samples.

    The `others`, such as the test inputs, are shifted and scaled by the same numbers: what is held
    out must not be used, not even for a mean. A constant column becomes 0.

    Raises ValueError for other numbers of columns, or values that are not finite.
    """
    X_train = samples(X_train, "X_train")
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1)
    scaled = [
        (samples(X, "X", X_train.shape[1], " as X_train has") - mean) / deviation for X in (X_train, *others)
    ]
    return scaled if others else scaled[0]


def one_hot(classes, count):
    """Class numbers 0 .. count-1, (N,), as rows with a single 1: T (N, count).

    Raises ValueError for anything but whole numbers in that range.
    """
    count = whole_number(count, "The number of classes", at_least=1)
    numbers = finite(classes, "The class numbers", ndim=1)
    if np.any((numbers < 0) | (numbers >= count) | (numbers != np.floor(numbers))):
        raise ValueError(f"Class numbers must be whole numbers from 0 to {count - 1}.")
    return np.eye(count)[numbers.astype(int)]


def digits():
    """1797 handwritten digits: X (1797, 64) in 0..1, T (1797, 10) one-hot.

    Each row of X is an image of 8x8 grey values, row by row; 0 is paper, 1 is ink.
    Source: UCI Machine Learning Repository, Alpaydin and Kaynak 1998 (nnlib/data/README.md).
    """
    data = _load("digits")
    return data["images"] / 16.0, one_hot(data["labels"], 10)


DIABETES_INPUTS = (
    "age", "sex", "body mass index", "blood pressure", "total cholesterol",
    "low-density lipoproteins", "high-density lipoproteins", "cholesterol ratio",
    "log triglycerides", "blood sugar",
)  # fmt: skip
"""The ten columns of `diabetes`, in order."""


def diabetes():
    """442 patients: X (442, 10) measurements, T (442, 1) progression of diabetes a year later.

    Columns are named by `DIABETES_INPUTS` and stand in their own units (years, mmHg, mg/dl ...);
    `standardise` makes them comparable. T is a score from 25 to 346.
    Source: Efron et al., Least Angle Regression, 2004 (nnlib/data/README.md).
    """
    data = _load("diabetes")
    return data["inputs"], data["progression"][:, np.newaxis]


def photographs():
    """Two grey photographs, a temple and a flower: (2, 213, 320) in 0..1; 0 is black, 1 is white.

    Source: china.jpg and flower.jpg of scikit-learn, at half their size (nnlib/data/README.md).
    """
    return _load("photographs")["grey"] / 255.0


def _load(name):
    # allow_pickle stays off: a data file cannot run code.
    with (files("nnlib") / "data" / f"{name}.npz").open("rb") as file, np.load(file) as data:
        return dict(data)


def robot_arm(n, rng=None):
    """Forward kinematics of a planar arm with two links.

    X (n, 2): the angles q₁ of the shoulder, uniform in -π/2 .. π/2, and q₂ of the elbow, uniform
    in 0 .. 5π/6, in radians. T (n, 2): the position of the end effector in metres,
    (l₁ cos q₁ + l₂ cos(q₁ + q₂), l₁ sin q₁ + l₂ sin(q₁ + q₂)), with the `LINKS` l₁, l₂.
    """
    rng = _checked(n, rng)
    X = rng.uniform((-np.pi / 2, 0), (np.pi / 2, 5 * np.pi / 6), (n, 2))
    shoulder, both = X[:, 0], X.sum(axis=1)
    upper, lower = LINKS
    T = np.column_stack(
        (
            upper * np.cos(shoulder) + lower * np.cos(both),
            upper * np.sin(shoulder) + lower * np.sin(both),
        )
    )
    return X, T


def two_moons(n, rng=None, noise=0.1):
    """Two interleaved half circles: X (n, 2), T (n, 1) with classes 0 and 1 in turn.

    `noise` is the standard deviation of a normal shift of each point.
    """
    rng = _checked(n, rng, noise)
    second = np.arange(n) % 2
    angle = rng.uniform(0, np.pi, n)
    X = np.column_stack(
        (
            np.where(second, 1 - np.cos(angle), np.cos(angle)),
            np.where(second, 0.5 - np.sin(angle), np.sin(angle)),
        )
    )
    return X + rng.normal(0, noise, X.shape), second[:, np.newaxis].astype(float)


def spirals(n, rng=None, noise=0.02, turns=1.5):
    """Two interleaved spirals of radius 1: X (n, 2), T (n, 1) with classes 0 and 1 in turn.

    `turns` is how often each winds around the origin; `noise` as in `two_moons`.
    """
    rng = _checked(n, rng, noise)
    if finite(turns, "turns", ndim=0) <= 0:
        raise ValueError(f"turns must be a number above 0, got {turns!r}.")
    second = np.arange(n) % 2
    radius = np.sqrt(rng.uniform(0.01, 1, n))
    angle = 2 * np.pi * turns * radius + np.pi * second
    X = radius[:, np.newaxis] * np.column_stack((np.cos(angle), np.sin(angle)))
    return X + rng.normal(0, noise, X.shape), second[:, np.newaxis].astype(float)


def xor():
    """Exclusive or: X (4, 2) of zeros and ones, T (4, 1) is 1 where exactly one input is 1."""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, (X.sum(axis=1, keepdims=True) == 1).astype(float)


def _checked(n, rng, noise=0.0):
    whole_number(n, "The number of samples", at_least=1)
    if finite(noise, "noise", ndim=0) < 0:
        raise ValueError(f"noise is a standard deviation: expected at least 0, got {noise!r}.")
    return random_generator(rng)
