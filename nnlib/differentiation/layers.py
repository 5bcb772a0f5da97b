"""Layers of networks, for the applications, as functions of arrays, variables and dual arrays.

All are plain NumPy, so every mode differentiates them. Some are decorated by `fused`: on the tape they are
computed as one node by a faster function of `faster`, which gives the same numbers.

Images are (N, C, H, W) in `conv2d` and the pools, as in PyTorch. `convolve` and `upsample` take
(N, H, W, C), where the channels of a pixel lie side by side: so a whole network of them is fastest.
"""

import math

import numpy as np

from nnlib.differentiation.faster import convolution
from nnlib.differentiation.faster import layers as faster
from nnlib.differentiation.faster.fused import fused


@fused(faster.linear)
def _linear(X, W, b):
    return X @ W.T + b


def linear(X, W, b):
    """A = X Wᵀ + b: the weighted sums of a layer, for X (N, I), W (J, I) and b (J,).

    X may have more axes in front, as the words of sentences do: (N, T, I) gives (N, T, J).
    Its adjoints are the delta rule: ∂E/∂W = Δᵀ X, ∂E/∂b = Σₙ δⁿ, ∂E/∂X = Δ W.
    Raises ValueError for other shapes.
    """
    X, W, b = _array(X), _array(W), _array(b)
    if X.ndim < 2 or W.ndim != 2 or W.shape != b.shape + X.shape[-1:]:
        raise ValueError(
            f"linear of X {X.shape}, W {W.shape} and b {b.shape}: expected (N, I), (J, I) and (J,)."
        )
    if X.ndim == 2:
        return _linear(X, W, b)
    rows = _linear(np.reshape(X, (-1, X.shape[-1])), W, b)
    return np.reshape(rows, (*X.shape[:-1], len(b)))


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


def softmax_cross_entropy(A, T, ignored=None):
    """E = - Σ t ln softmax(a), a number, for weighted sums A (N, F) and T (N, F), or (…, F) both.

    Its adjoint by A is Y Σ t - T, which is Y - T for one-hot T: slide "Deltas (Output Neurons)".
    Where the desired output is the class number `ignored`, as of a word that only fills up a sentence,
    nothing is added to E.
    Raises ValueError if T is not shaped like A, or for an `ignored` that is not a class.
    """
    A, T = _array(A), _array(T)
    if T.shape != A.shape:
        raise ValueError(
            f"softmax_cross_entropy of A {A.shape} and T {T.shape}: T must be shaped like A, for "
            "classes one-hot."
        )
    if ignored is not None:
        if isinstance(ignored, bool) or ignored not in range(A.shape[-1]):
            raise ValueError(f"ignored must be a class of 0 .. {A.shape[-1] - 1}, got {ignored!r}.")
        T = T * (T[..., ignored : ignored + 1] == 0)
    if A.ndim > 2:
        A, T = (np.reshape(x, (-1, x.shape[-1])) for x in (A, T))
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

    As in all libraries of deep learning the kernel is not rotated by 180°. Without padding,
    h = (H - k) // stride + 1.

    Raises ValueError for shapes that do not fit, or a stride that is not a whole number of at least 1.
    """
    (_, C, H, W), (_, C_of_K, k, l) = _shape4(X, "X", "(N, C, H, W)"), _shape4(K, "K", "(F, C, k, k)")
    if C != C_of_K or k > H or l > W or stride < 1 or stride != int(stride):
        raise ValueError(
            f"conv2d of X {X.shape} and K {K.shape} with stride {stride}: expected (N, C, H, W) and "
            "(F, C, k, k) with the same C, k at most H and W, and a whole stride of at least 1."
        )
    return _conv2d(X, K, stride=int(stride))


@fused(convolution.convolve, arrays_too=True)
def _convolve(X, K, b, stride=1, relu=False):
    (k, l), (_, H, W, C), F = K.shape[:2], X.shape, K.shape[3]
    h, w = (H + 2 * (k // 2) - k) // stride + 1, (W + 2 * (l // 2) - l) // stride + 1
    X = np.pad(X, ((0, 0), (k // 2,) * 2, (l // 2,) * 2, (0, 0)))
    patches = [
        X[:, i : i + stride * (h - 1) + 1 : stride, j : j + stride * (w - 1) + 1 : stride]
        for i in range(k)
        for j in range(l)
    ]
    A = np.concatenate(patches, axis=3) @ np.reshape(K, (k * l * C, F)) + b
    return np.where(A > 0, A, 0.0) if relu else A


def convolve(X, K, b, stride=1, relu=False):
    """A layer of convolution on images X (N, H, W, C), kernels K (k, l, C, F) and b (F,): (N, h, w, F).

        a_f[r, s] = Σ_i Σ_j Σ_c K_cf[i, j] x_c[stride r + i - k // 2, stride s + j - l // 2] + b_f

    Outside of the image x is 0, so that with odd k and l the output is as large as the image for
    stride 1, and (H - 1) // stride + 1 high otherwise. With relu=True it is y = relu(a), in one node.

    Raises ValueError for shapes that do not fit, or a stride that is not a whole number of at least 1.
    """
    X, K, b = _array(X), _array(K), _array(b)
    (_, H, W, C), (k, l, C_of_K, F) = _shape4(X, "X", "(N, H, W, C)"), _shape4(K, "K", "(k, l, C, F)")
    fits = C == C_of_K and np.shape(b) == (F,) and k <= H + 2 * (k // 2) and l <= W + 2 * (l // 2)
    if not fits or stride < 1 or stride != int(stride):
        raise ValueError(
            f"convolve of X {X.shape}, K {K.shape} and b {np.shape(b)} with stride {stride}: expected "
            "(N, H, W, C), (k, l, C, F) and (F,) with the same C, and a whole stride of at least 1."
        )
    return _convolve(X, K, b, stride=int(stride), relu=bool(relu))


@fused(faster.upsample)
def _upsample(X, size=2):
    return np.repeat(np.repeat(X, size, axis=1), size, axis=2)


def upsample(X, size=2):
    """Every pixel of images X (N, H, W, C) size x size times: (N, size H, size W, C).

    Its adjoint sums over the copies. Raises ValueError for other axes, or a size below 1.
    """
    _shape4(X, "X", "(N, H, W, C)")
    if size < 1 or size != int(size):
        raise ValueError(f"upsample needs a whole size of at least 1, got {size!r}.")
    return _upsample(X, size=int(size))


def _array(x):
    return np.asanyarray(x) if isinstance(x, (list, tuple)) else x


def _shape4(X, name, expected):
    if np.ndim(X) != 4:
        raise ValueError(f"{name} has shape {np.shape(X)}, expected {expected}.")
    return X.shape


def _tiles_fit(X, size):
    N, C, H, W = _shape4(X, "X", "(N, C, H, W)")
    if size < 1 or H % size or W % size:
        raise ValueError(f"Pooling over {size} x {size} needs H and W that it divides, got X {X.shape}.")
    return N, C, H, W


def _tiles(X, size):
    N, C, H, W = _tiles_fit(X, size)
    return np.reshape(X, (N, C, H // size, size, W // size, size))


@fused(faster.max_pool)
def _max_pool(X, size=2):
    return np.max(_tiles(X, size), axis=(3, 5))


def max_pool(X, size=2):
    """The largest of each size x size tile: (N, C, H, W) -> (N, C, H / size, W / size)."""
    _tiles_fit(X, size)
    return _max_pool(X, size=size)


def mean_pool(X, size=2):
    """The mean of each size x size tile."""
    return np.mean(_tiles(X, size), axis=(3, 5))


def embedding(table, indices):
    """Rows of the table (V, D) at whole-number indices (…): (…, D).

    Raises ValueError for indices that are not whole numbers from 0 to V - 1.
    """
    indices = np.asarray(indices)
    whole = indices.dtype.kind in "iu"
    if not whole or indices.size and not 0 <= indices.min() <= indices.max() < len(table):
        raise ValueError(f"indices must be whole numbers of 0 .. {len(table) - 1}, got {indices!r}.")
    return table[indices]


def layer_norm(X, gain, bias, epsilon=1e-5):
    """gain · (x - mean) / √(variance + ε) + bias along the last axis. Ba, Kiros, Hinton, 2016."""
    return _layer_norm(X, gain, bias, epsilon=epsilon)


@fused(faster.layer_norm)
def _layer_norm(X, gain, bias, epsilon):
    away = X - np.mean(X, axis=-1, keepdims=True)
    variance = np.mean(away * away, axis=-1, keepdims=True)
    return away / np.sqrt(variance + epsilon) * gain + bias


def attention(Q, K, V, mask=None, weights=False):
    """softmax(Q Kᵀ / √d) V for queries (…, M, d), keys (…, N, d), values (…, N, e): (…, M, e).

    `mask`: an array of True and False that broadcasts to (…, M, N): where it is False the weight is 0. Each
    query needs at least one True.
    With weights=True the result is a pair, with the weights softmax(…) (…, M, N).

    Vaswani et al., Attention Is All You Need, 2017. Raises ValueError for a mask of other kind or shape.
    """
    if mask is not None:
        mask = _checked_mask(
            mask, (*np.broadcast_shapes(Q.shape[:-2], K.shape[:-2]), Q.shape[-2], K.shape[-2])
        )
    looks = _looks(Q, K, mask=mask)
    return (looks @ V, looks) if weights else looks @ V


@fused(faster.looks)
def _looks(Q, K, mask):
    axes = (*range(np.ndim(K) - 2), np.ndim(K) - 1, np.ndim(K) - 2)
    scores = Q @ np.transpose(K, axes) * (1 / math.sqrt(Q.shape[-1]))
    return softmax(scores if mask is None else np.where(mask, scores, -np.inf))


def _checked_mask(mask, shape):
    mask = np.asarray(mask)
    try:
        full = np.broadcast_to(mask, shape)
    except ValueError:
        full = None
    if full is None or mask.dtype != bool:
        raise ValueError(
            f"mask must be an array of True and False that broadcasts to {shape}, got {mask.dtype} of "
            f"shape {mask.shape}."
        )
    if not full.any(axis=-1).all():
        raise ValueError("mask leaves a query nothing to look at: its row is False everywhere.")
    return mask
