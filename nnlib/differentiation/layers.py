"""What applications need: layers of networks as functions of arrays, variables and dual arrays.

Most are plain NumPy, so every mode differentiates them. The convolution and softmax with
cross-entropy have an adjoint of their own, because it is much cheaper.
"""

from functools import cache

import numpy as np

from nnlib.differentiation.tape import Variable, operand, plain, record


def linear(X, W, b):
    """A = X Wᵀ + b: the weighted sums of a layer, for X (N, I), W (J, I) and b (J,), as one node.

    Its adjoints are the delta rule: ∂E/∂W = Δᵀ X, ∂E/∂b = Σₙ δⁿ, ∂E/∂X = Δ W.
    Raises ValueError for other shapes.
    """
    of_X, of_W, of_b = isinstance(X, Variable), isinstance(W, Variable), isinstance(b, Variable)
    x, w, c = operand(X), operand(W), plain(b)
    shape = x.shape[:1] + c.shape
    if x.ndim != 2 or w.ndim != 2 or w.shape != c.shape + x.shape[1:]:
        raise ValueError(
            f"linear of X {x.shape}, W {w.shape} and b {c.shape}: expected (N, I), (J, I) and (J,)."
        )
    if not (of_X or of_W or of_b):
        traced = next((v for v in (X, W, b) if hasattr(v, "traced_linear")), None)
        return X @ W.T + b if traced is None else traced.traced_linear(X, W, b)

    def pull(g):
        pulled = [g.dot(w)] if of_X else []
        if of_W:
            pulled.append(g.T.dot(x))
        if of_b:
            pulled.append(_ones(len(g), g.dtype).dot(g))  # faster than a short sum
        return pulled

    A = spread(c, shape)
    A += x.dot(w.T)
    return record(A, (X,) * of_X + (W,) * of_W + (b,) * of_b, pull, "linear")


def spread(values, shape):
    """An array of this shape that repeats the values: to add it takes less time than to broadcast."""
    repeated = np.empty(shape, values.dtype)
    repeated[...] = values
    return repeated


@cache
def _ones(*shape_and_dtype):
    *shape, dtype = shape_and_dtype
    ones = np.ones(shape, dtype)
    ones.setflags(False)
    return ones


def softmax(A, axis=-1):
    """exp(a) / Σ exp(a) along an axis, stable: the largest a is subtracted as a constant."""
    powers = np.exp(A - _constant_largest(A, axis))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def _constant_largest(A, axis):
    while hasattr(A, "partials") or isinstance(A, Variable):
        A = A.value
    return np.max(A, axis=axis, keepdims=True)


def softmax_cross_entropy(A, T):
    """E = - Σ t ln softmax(a), a number, for weighted sums A (N, F) and T (N, F).

    Its adjoint by A is Y Σ t - T, which is Y - T for one-hot T: slide "Deltas (Output Neurons)".
    Raises ValueError if T is not shaped like A.
    """
    T = np.asanyarray(T) if isinstance(T, (list, tuple)) else T
    if T.shape != A.shape:
        raise ValueError(
            f"softmax_cross_entropy of A {A.shape} and T {T.shape}: T must be shaped like A, for "
            "classes one-hot."
        )
    if hasattr(A, "traced_softmax_cross_entropy"):
        return A.traced_softmax_cross_entropy(T)
    if not isinstance(A, Variable):
        shifted = A - _constant_largest(A, -1)
        return np.sum(T * (np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True)) - shifted))
    # Turned around, (F, N): so the largest of each sample is found in a third of the time.
    t, shifted = T.T.copy(), A.value.T.copy()
    shifted -= spread(np.maximum.reduce(shifted, 0), shifted.shape)
    of_targets = t.ravel().dot(shifted.ravel())
    powers = np.exp(shifted, shifted)
    ones = _ones(len(t), powers.dtype)  # a product with ones is faster than a short sum
    totals, sums = ones.dot(powers), ones.dot(t)
    E = sums.dot(np.log(totals)) - of_targets

    def pull(g):
        D = spread(sums / totals, t.shape)
        D *= powers
        D -= t
        if g.item() != 1:  # it is 1 where E itself goes backward
            D *= g
        return (D.T,)

    return record(E, (A,), pull, "softmax_cross_entropy")


def conv2d(X, K, stride=1):
    """Convolution of images X (N, C, H, W) with kernels K (F, C, k, k): (N, F, h, w).

        y_f[r, s] = Σ_c Σ_i Σ_j K_fc[i, j] x_c[stride r + i, stride s + j]

    As everywhere in deep learning the kernel is not turned around. Without padding,
    h = (H - k) // stride + 1.

    Raises ValueError for shapes that do not fit, or a stride that is no whole number from 1 on.
    """
    (N, C, H, W), (F, C_of_K, k, l) = _shape4(X, "X", "(N, C, H, W)"), _shape4(K, "K", "(F, C, k, k)")
    if C != C_of_K or k > H or l > W or stride < 1 or stride != int(stride):
        raise ValueError(
            f"conv2d of X {X.shape} and K {K.shape} with stride {stride}: expected (N, C, H, W) and "
            "(F, C, k, k) with the same C, k at most H and W, and a whole stride of at least 1."
        )
    h, w = (H - k) // stride + 1, (W - l) // stride + 1
    windows = [
        (slice(None), slice(None), slice(i, i + stride * h, stride), slice(j, j + stride * w, stride))
        for i in range(k) for j in range(l)
    ]  # fmt: skip
    if not isinstance(X, Variable) and not isinstance(K, Variable):
        # Every patch becomes a column, so that the convolution is one matrix product.
        columns = np.reshape(np.stack([X[at] for at in windows], axis=2), (N, C * k * l, h * w))
        return np.reshape(np.reshape(K, (F, C * k * l)) @ columns, (N, F, h, w))

    x, kernels = plain(X), operand(K).reshape(F, -1)
    patches = np.empty_like(x, shape=(N, C, k * l, h, w))
    for number, at in enumerate(windows):
        patches[:, :, number] = x[at]
    columns = patches.reshape(N, C * k * l, h * w)

    def pull(g):
        g = (g if g.flags.c_contiguous else g.copy()).reshape(N, F, h * w)
        pulled = []
        if isinstance(X, Variable):
            spread = (kernels.T @ g).reshape(N, C, k * l, h, w)
            of_X = np.zeros_like(x)
            for number, at in enumerate(windows):  # patches overlap: a pixel collects from each
                of_X[at] += spread[:, :, number]
            pulled.append(of_X)
        if isinstance(K, Variable):
            pulled.append(np.sum(g @ columns.transpose(0, 2, 1), axis=0).reshape(F, C, k, l))
        return pulled

    inputs = [x for x in (X, K) if isinstance(x, Variable)]
    return record((kernels @ columns).reshape(N, F, h, w), inputs, pull, "conv2d")


def _shape4(X, name, expected):
    if np.ndim(X) != 4:
        raise ValueError(f"{name} has shape {np.shape(X)}, expected {expected}.")
    return X.shape


def _tiles(X, size):
    N, C, H, W = _shape4(X, "X", "(N, C, H, W)")
    if size < 1 or H % size or W % size:
        raise ValueError(f"Pooling over {size} x {size} needs H and W that it divides, got X {X.shape}.")
    return np.reshape(X, (N, C, H // size, size, W // size, size))


def max_pool(X, size=2):
    """The largest of each size x size tile: (N, C, H, W) -> (N, C, H / size, W / size)."""
    return np.max(_tiles(X, size), axis=(3, 5))


def mean_pool(X, size=2):
    """The mean of each size x size tile."""
    return np.mean(_tiles(X, size), axis=(3, 5))


def embedding(table, indices):
    """Rows of the table (V, D) at whole-number indices (…): (…, D).

    Raises ValueError for indices that are no whole numbers of 0 .. V - 1.
    """
    indices = np.asarray(indices)
    whole = indices.dtype.kind in "iu"
    if not whole or indices.size and not 0 <= indices.min() <= indices.max() < len(table):
        raise ValueError(f"indices must be whole numbers of 0 .. {len(table) - 1}, got {indices!r}.")
    return table[indices]


def layer_norm(X, gain, bias, epsilon=1e-5):
    """gain · (x - mean) / √(variance + ε) + bias along the last axis. Ba, Kiros, Hinton, 2016."""
    away = X - np.mean(X, axis=-1, keepdims=True)
    variance = np.mean(away * away, axis=-1, keepdims=True)
    return away / np.sqrt(variance + epsilon) * gain + bias


def attention(Q, K, V):
    """softmax(Q Kᵀ / √d) V for queries (…, M, d), keys (…, N, d), values (…, N, e): (…, M, e).

    Vaswani et al., Attention Is All You Need, 2017.
    """
    axes = (*range(np.ndim(K) - 2), np.ndim(K) - 1, np.ndim(K) - 2)
    return softmax(Q @ np.transpose(K, axes) / np.sqrt(Q.shape[-1])) @ V
