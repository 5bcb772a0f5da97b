"""NumPy functions that are made of others, so that they need no derivative rule of their own."""

import numpy as np


def mean(x, axis=None, keepdims=False):
    total = np.sum(x, axis=axis, keepdims=keepdims)
    return total * (np.size(total) / np.size(x) if np.ndim(total) else 1 / np.size(x))


def dot(x, y):
    return x * y if np.ndim(x) == 0 or np.ndim(y) == 0 else x @ y


def outer(x, y):
    return np.reshape(x, (-1, 1)) * np.reshape(y, (1, -1))


def stack(arrays, axis=0):
    ndim = np.ndim(arrays[0]) + 1
    shape = list(np.shape(arrays[0]))
    shape.insert(axis % ndim, 1)
    return np.concatenate([np.reshape(x, tuple(shape)) for x in arrays], axis=axis)


def clip(x, low, high):
    return np.minimum(np.maximum(x, low), high)


def var(x, axis=None, keepdims=False):
    away = x - np.mean(x, axis=axis, keepdims=True)
    return np.mean(away * away, axis=axis, keepdims=keepdims)


def std(x, axis=None, keepdims=False):
    return np.sqrt(var(x, axis, keepdims))


def norm(x, axis=None, keepdims=False):
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


def ravel(x):
    return np.reshape(x, -1)


def expand_dims(x, axis):
    shape = list(np.shape(x))
    shape.insert(axis % (len(shape) + 1), 1)
    return np.reshape(x, tuple(shape))


def squeeze(x):
    return np.reshape(x, tuple(length for length in np.shape(x) if length != 1))


def amin(x, axis=None, keepdims=False):
    return -np.max(-x, axis=axis, keepdims=keepdims)


COMPOSITES = {
    np.mean: mean,
    np.dot: dot,
    np.inner: lambda x, y: dot(x, np.transpose(y)),
    np.outer: outer,
    np.stack: stack,
    np.clip: clip,
    np.var: var,
    np.std: std,
    np.linalg.norm: norm,
    np.ravel: ravel,
    np.expand_dims: expand_dims,
    np.squeeze: squeeze,
    np.min: amin,
    # What has no derivative is taken of the value.
    np.shape: lambda x: x.shape,
    np.ndim: lambda x: x.ndim,
    np.size: lambda x: x.size,
    np.zeros_like: lambda x, **options: np.zeros(x.shape),
    np.ones_like: lambda x, **options: np.ones(x.shape),
    np.argmax: lambda x, axis=None: np.argmax(x.value, axis=axis),
    np.argmin: lambda x, axis=None: np.argmin(x.value, axis=axis),
    np.all: lambda x: np.all(x.value),
    np.any: lambda x: np.any(x.value),
}
