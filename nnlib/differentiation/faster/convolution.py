"""Convolution with its adjoints on plain arrays (N, H, W, C), without patches: k products that add.

For one image a buffer holds k neighbours of a row side by side, padding included. Row i of the kernel
then meets one contiguous block of it, so that BLAS' gemm can add its product to the output. With
stride s the rows of the buffer are sorted by their remainder: those that row i needs stay together.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nnlib.differentiation.faster.layers import kept_for_one_g
from nnlib.fast import blas

FEW, SMALL = 16, 800_000
"""With fewer numbers side by side, or fewer in all patches together (so that they stay in the cache of a
core), one product with all patches takes less time than k products an image."""


def output_size(shape, kernel, stride, padding):
    """Rows and columns (h, w) of the output, for pictures of shape (N, H, W, C) or (H, W, C)."""
    (H, W, _), (k, l), (p, q) = shape[-3:], kernel, padding
    return (H + 2 * p - k) // stride + 1, (W + 2 * q - l) // stride + 1


def patches(X, kernel, stride, padding):
    """The numbers that each pixel of the output is made of, (N, h, w, k l C)."""
    (N, H, W, C), (k, l), s, (p, q) = X.shape, kernel, stride, padding
    h, w = output_size(X.shape, kernel, stride, padding)
    padded = np.zeros((N, H + 2 * p, W + 2 * q, C), X.dtype)
    padded[:, p : p + H, q : q + W] = X
    image, row, pixel, number = padded.strides
    # The channels of l neighbours follow one another in memory.
    windows = as_strided(padded, (N, h, w, k, l * C), (image, s * row, s * pixel, row, number))
    return windows.reshape(N, h, w, k * l * C)


class Neighbours:
    """The buffer (s, R, w, l C) of one image at a time: for k x l neighbours, stride s, padding (p, q)."""

    def __init__(self, shape, kernel, stride, padding, dtype):
        (H, W, C), (k, l), s, (p, q) = shape, kernel, stride, padding
        self.stride = stride
        self.h, self.w = output_size(shape, kernel, stride, padding)
        R = -(-(H + 2 * p) // s)
        self.rows = np.zeros((s, R, self.w, l * C), dtype)
        self.padded = np.zeros((R, s, W + 2 * q, C), dtype)
        self.inside = self.padded.reshape(R * s, W + 2 * q, C)[p : p + H, q : q + W]
        row, pixel, number = self.padded.strides[1:]
        # The channels of l neighbours follow one another in memory.
        self.windows = as_strided(self.padded, self.rows.shape, (row, s * row, s * pixel, number))
        reach = s * (self.w - 1) + 1
        parts = [self.padded[:, :, j : j + reach : s].transpose(1, 0, 2, 3) for j in range(l)]
        self.columns = [(self.rows[..., j * C : (j + 1) * C], part) for j, part in enumerate(parts)]
        long = self.h * self.w
        self.blocks = [  # what row i of the kernel meets, (l C, h w) as BLAS sees it
            self.rows[i % s, i // s : i // s + self.h].reshape(long, l * C).T for i in range(k)
        ]

    def spread(self, image):
        self.inside[...] = image
        self.rows[...] = self.windows

    def collected(self):
        """The adjoint of `spread`: each pixel gets the sum over its copies."""
        self.padded[...] = 0
        for place, part in self.columns:
            part += place
        return self.inside


def convolve(X, K, b, stride=1, relu=False):
    """y[r, s] = Σ_i Σ_j x[stride r + i - k/2, stride s + j - l/2] K[i, j] + b, and its adjoints."""
    k, l, _, F = K.shape
    padding = k // 2, l // 2
    y, shares = convolved(X, K, stride, padding)
    if y is None:
        return None, (None, None, None)
    y += b
    if relu:
        np.maximum(y, 0, out=y)
    of_X, of_K = shares
    behind_relu = (lambda g: g * (y > 0)) if relu else (lambda g: g)
    before = kept_for_one_g(lambda g: np.ascontiguousarray(behind_relu(g), X.dtype))
    return y, (
        lambda g: of_X(before(g)),
        lambda g: of_K(before(g)),
        lambda g: np.ones(g.size // F, X.dtype) @ before(g).reshape(-1, F),
    )


def convolved(X, K, stride, padding):
    """The convolution of X (N, H, W, C) with K (k, l, C, F), and its adjoints by X and by K.

    None if BLAS has no function for this dtype.
    """
    gemm = blas.function("gemm", X.dtype) if X.dtype == K.dtype else None
    if gemm is None:
        return None, (None, None)
    k, l, C, F = K.shape
    (h, w), numbers = output_size(X.shape, (k, l), stride, padding), k * l * C
    few = l * C < FEW or len(X) * h * w * numbers < SMALL
    y, of_K = (_by_patches if few else _by_rows)(X, K, stride, padding)

    def of_X(g):
        if stride == 1:  # again a convolution, of g with the kernel turned around
            turned = np.ascontiguousarray(K[::-1, ::-1].transpose(0, 1, 3, 2))
            back = k - 1 - padding[0], l - 1 - padding[1]
            return convolved(g.reshape(len(X), h, w, F), turned, 1, back)[0]
        gx, kernels = np.empty_like(X), rows_of(K)
        of_patch = Neighbours(X.shape[1:], (k, l), stride, padding, X.dtype)
        for image, delta in zip(gx, g.reshape(len(X), h * w, F), strict=True):
            of_patch.rows[...] = 0
            for block, kernel in zip(of_patch.blocks, kernels, strict=True):
                gemm(1.0, kernel.T, delta.T, 1.0, block, True, False, True)
            image[...] = of_patch.collected()
        return gx

    return y, (of_X, of_K)


def rows_of(K):
    """The rows of the kernel, each (l C, F)."""
    return [np.ascontiguousarray(row).reshape(-1, row.shape[-1]) for row in K]


def _by_patches(X, K, stride, padding):
    """The convolution and its adjoint by K, each as one product for all images."""
    F, each = K.shape[-1], patches(X, K.shape[:2], stride, padding)
    rows = each.reshape(-1, each.shape[-1])
    y = rows.dot(K.reshape(-1, F)).reshape(*each.shape[:3], F)
    return y, lambda g: (rows.T @ g.reshape(-1, F)).reshape(K.shape)


def _by_rows(X, K, stride, padding):
    """The same by k products for each image, which add to the output."""
    k, l, C, F = K.shape
    gemm, kernels = blas.function("gemm", X.dtype), rows_of(K)
    of_image = Neighbours(X.shape[1:], (k, l), stride, padding, X.dtype)
    h, w = of_image.h, of_image.w
    y = np.empty((len(X), h * w, F), X.dtype)
    for image, out in zip(X, y, strict=True):
        of_image.spread(image)
        for i, (block, kernel) in enumerate(zip(of_image.blocks, kernels, strict=True)):
            gemm(1.0, kernel.T, block, float(i > 0), out.T, False, False, True)

    def of_K(g):
        # All rows of the kernel at once: g is stacked as often as rows of the buffer meet it.
        gk = np.zeros((k, F, l * C), X.dtype)
        R = of_image.rows.shape[1]
        stacks = [
            np.zeros((R, w, len(range(first, k, stride)), F), X.dtype) for first in range(min(k, stride))
        ]
        for image, delta in zip(X, g.reshape(len(X), h, w, F), strict=True):
            of_image.spread(image)
            for first, stack in enumerate(stacks):
                for n in range(stack.shape[2]):
                    stack[n : n + h, :, n] = delta
                share = stack.reshape(R * w, -1).T @ of_image.rows[first].reshape(R * w, l * C)
                gk[first::stride] += share.reshape(-1, F, l * C)
        return gk.reshape(k, F, l, C).transpose(0, 2, 3, 1)

    return y.reshape(len(X), h, w, F), of_K
