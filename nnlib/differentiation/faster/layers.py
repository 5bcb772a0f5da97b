"""Layers on plain arrays with their adjoints, in few calls: the value, and the share of each operand."""

import math
from functools import cache

import numpy as np


def linear(X, W, b):
    """Its adjoints are the delta rule: ∂E/∂X = Δ W, ∂E/∂W = Δᵀ X, ∂E/∂b = Σₙ δⁿ."""
    A = repeated(b, (len(X), len(b)))
    A += X.dot(W.T)
    of_b = lambda D: _ones(len(D), D.dtype).dot(D)  # noqa: E731, faster than a short sum
    return A, (lambda D: D.dot(W), lambda D: D.T.dot(X), of_b)


def softmax_cross_entropy(A, T):
    """Its adjoint by A is Y Σ t - T."""
    # Turned around, (F, N): so the largest of each sample is found in a third of the time.
    t, shifted = T.T.copy(), A.T.copy()
    shifted -= repeated(np.maximum.reduce(shifted, 0), shifted.shape)
    of_targets = t.ravel().dot(shifted.ravel())
    powers = np.exp(shifted, shifted)
    ones = _ones(len(t), powers.dtype)  # a product with ones is faster than a short sum
    totals, sums = ones.dot(powers), ones.dot(t)
    E = sums.dot(np.log(totals)) - of_targets

    def of_A(g):
        D = repeated(sums / totals, t.shape)
        D *= powers
        D -= t
        if g.item() != 1:  # it is 1 where E itself goes backward
            D *= g
        return D.T

    return E, (of_A, None)


def conv2d(X, K, stride=1):
    """Every patch becomes a column, so that the convolution is one matrix product, and so its adjoints."""
    (N, C, H, W), (F, _, k, l) = X.shape, K.shape
    h, w = (H - k) // stride + 1, (W - l) // stride + 1
    windows = list(windows_of(k, l, h, w, stride))
    patches = np.empty_like(X, shape=(N, C, k * l, h, w))
    for number, at in enumerate(windows):
        patches[:, :, number] = X[at]
    columns, kernels = patches.reshape(N, C * k * l, h * w), K.reshape(F, -1)

    def rows(g):
        return (g if g.flags.c_contiguous else g.copy()).reshape(N, F, h * w)

    def of_X(g):
        spread = (kernels.T @ rows(g)).reshape(N, C, k * l, h, w)
        total = np.zeros_like(X)
        for number, at in enumerate(windows):  # patches overlap: a pixel collects from each
            total[at] += spread[:, :, number]
        return total

    def of_K(g):
        return np.sum(rows(g) @ columns.transpose(0, 2, 1), axis=0).reshape(F, C, k, l)

    return (kernels @ columns).reshape(N, F, h, w), (of_X, of_K)


def windows_of(k, l, h, w, stride):
    """Where in an image each weight of a k x l kernel is used: an index of (N, C, H, W) for each."""
    for i in range(k):
        for j in range(l):
            rows, columns = slice(i, i + stride * h, stride), slice(j, j + stride * w, stride)
            yield slice(None), slice(None), rows, columns


def layer_norm(X, gain, bias, epsilon):
    """With x̂ = (x - mean) / d, d = √(variance + ε), and h = g · gain: ∂E/∂x = (h - mean h - x̂ mean h x̂) / d.

    None if there is not one gain and one bias for each number of a row.
    """
    size = X.shape[-1]
    if not X.shape[:-1] or np.shape(gain) != (size,) or np.shape(bias) != (size,):
        return None, (None, None, None)
    rows = X.reshape(-1, size)
    of_row = np.full(size, 1 / size, X.dtype)  # a product is faster than a mean of a short row
    normal = rows - rows.dot(of_row)[:, None]
    d = np.sqrt(np.square(normal).dot(of_row) + X.dtype.type(epsilon))[:, None]
    normal /= d
    y = normal * gain
    y += bias

    def of_X(g):
        h = g.reshape(-1, size) * gain
        along = (h * normal).dot(of_row)[:, None]
        h -= h.dot(of_row)[:, None]
        h -= normal * along
        h /= d
        return h.reshape(X.shape)

    def of_gain(g):
        return np.einsum("nd,nd->d", g.reshape(-1, size), normal)

    def of_bias(g):
        return _ones(len(rows), g.dtype).dot(g.reshape(-1, size))

    return y.reshape(X.shape), (of_X, of_gain, of_bias)


def looks(Q, K, mask):
    """softmax(Q Kᵀ / √d) = A, row by row. With D = A (G - Σ A G) / √d: ∂E/∂Q = D K and ∂E/∂K = Dᵀ Q.

    None if Q and K are not as many matrices.
    """
    if Q.shape[:-2] != K.shape[:-2]:
        return None, (None, None)
    scale = 1 / math.sqrt(Q.shape[-1])
    A = Q @ K.swapaxes(-1, -2)
    A *= scale
    if mask is not None:
        np.copyto(A, -np.inf, where=~mask)
    A -= A.max(axis=-1, keepdims=True)
    np.exp(A, A)
    A /= A.sum(axis=-1, keepdims=True)

    def of_scores(G):
        D = A * G
        D -= A * D.sum(axis=-1, keepdims=True)
        D *= scale
        return D

    D = kept_for_one_g(of_scores)
    return A, (lambda G: D(G) @ K, lambda G: D(G).swapaxes(-1, -2) @ Q)


def kept_for_one_g(function):
    """The function, computed once for the adjoint that several shares begin with."""
    last = [None, None]

    def of(g):
        if last[0] is not g:
            last[:] = g, function(g)
        return last[1]

    return of


def upsample(X, size=2):
    """Its adjoint sums over the copies."""
    N, H, W, C = X.shape
    y = np.empty_like(X, shape=(N, H, size, W, size, C))
    y[...] = X[:, :, None, :, None]

    def of_X(g):
        return np.einsum("nhiwjc->nhwc", g.reshape(y.shape))

    return y.reshape(N, size * H, size * W, C), (of_X,)


def max_pool(X, size=2):
    """Its adjoint goes to the largest, divided among ties."""
    places = [
        (Ellipsis, slice(i, None, size), slice(j, None, size)) for i in range(size) for j in range(size)
    ]
    y = X[places[0]].copy()
    for at in places[1:]:
        np.maximum(y, X[at], out=y)

    def of_X(g):
        largest = [X[at] == y for at in places]
        share, total = g / sum(is_largest.astype(X.dtype) for is_largest in largest), np.empty_like(X)
        for at, is_largest in zip(places, largest, strict=True):
            np.multiply(share, is_largest, out=total[at])
        return total

    return y, (of_X,)


def repeated(values, shape):
    """An array of this shape that repeats the values: to add it takes less time than to broadcast."""
    array = np.empty(shape, values.dtype)
    array[...] = values
    return array


@cache
def _ones(*shape_and_dtype):
    *shape, dtype = shape_and_dtype
    ones = np.ones(shape, dtype)
    ones.setflags(False)
    return ones
