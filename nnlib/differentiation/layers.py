"""What applications need: layers of networks as functions of arrays, variables and dual arrays.

All are plain NumPy, so every mode differentiates them. Three are computed as one node of the tape where
that is much cheaper, with the same numbers: what stands behind `fused` in `faster.layers`.
"""

import numpy as np

from nnlib.differentiation.faster import layers as faster
from nnlib.differentiation.faster.fused import fused


@fused(faster.linear)
def _linear(X, W, b):
    return X @ W.T + b


def linear(X, W, b):
    """A = X Wᵀ + b: the weighted sums of a layer, for X (N, I), W (J, I) and b (J,).

    Its adjoints are the delta rule: ∂E/∂W = Δᵀ X, ∂E/∂b = Σₙ δⁿ, ∂E/∂X = Δ W.
    Raises ValueError for other shapes.
    """
    X, W, b = (np.asanyarray(x) if isinstance(x, (list, tuple)) else x for x in (X, W, b))
    if X.ndim != 2 or W.ndim != 2 or W.shape != b.shape + X.shape[1:]:
        raise ValueError(
            f"linear of X {X.shape}, W {W.shape} and b {b.shape}: expected (N, I), (J, I) and (J,)."
        )
    return _linear(X, W, b)


def softmax(A, axis=-1):
    """exp(a) / Σ exp(a) along an axis, stable: the largest a is subtracted as a constant."""
    powers = np.exp(A - _constant_largest(A, axis))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def _constant_largest(A, axis):
    while hasattr(A, "level"):  # the value of a variable or a dual array
        A = A.value
    return np.max(A, axis=axis, keepdims=True)


@fused(faster.softmax_cross_entropy)
def _softmax_cross_entropy(A, T):
    shifted = A - _constant_largest(A, -1)
    return np.sum(T * (np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True)) - shifted))


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
    return _softmax_cross_entropy(A, T)


@fused(faster.conv2d)
def _conv2d(X, K, stride=1):
    (N, C, H, W), (F, _, k, l) = X.shape, K.shape
    h, w = (H - k) // stride + 1, (W - l) // stride + 1
    # Every patch becomes a column, so that the convolution is one matrix product.
    patches = [X[window] for window in faster.windows_of(k, l, h, w, stride)]
    columns = np.reshape(np.stack(patches, axis=2), (N, C * k * l, h * w))
    return np.reshape(np.reshape(K, (F, C * k * l)) @ columns, (N, F, h, w))


def conv2d(X, K, stride=1):
    """Convolution of images X (N, C, H, W) with kernels K (F, C, k, k): (N, F, h, w).

        y_f[r, s] = Σ_c Σ_i Σ_j K_fc[i, j] x_c[stride r + i, stride s + j]

    As everywhere in deep learning the kernel is not turned around. Without padding,
    h = (H - k) // stride + 1.

    Raises ValueError for shapes that do not fit, or a stride that is no whole number from 1 on.
    """
    (_, C, H, W), (_, C_of_K, k, l) = _shape4(X, "X", "(N, C, H, W)"), _shape4(K, "K", "(F, C, k, k)")
    if C != C_of_K or k > H or l > W or stride < 1 or stride != int(stride):
        raise ValueError(
            f"conv2d of X {X.shape} and K {K.shape} with stride {stride}: expected (N, C, H, W) and "
            "(F, C, k, k) with the same C, k at most H and W, and a whole stride of at least 1."
        )
    return _conv2d(X, K, stride=int(stride))


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
