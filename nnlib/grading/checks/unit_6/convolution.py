"""Questions of unit 6, part three: convolution of pictures (N, H, W, C), there and back."""

import numpy as np

from nnlib.grading.checks.question import normal, question

SIZES = [
    dict(N=2, H=6, W=8, C=3, k=3, l=2, F=4, stride=2),
    dict(N=3, H=4, W=5, C=2, k=2, l=3, F=5, stride=1),
    dict(N=3, H=7, W=7, C=3, k=3, l=3, F=3, stride=3),
    dict(N=1, H=6, W=4, C=1, k=1, l=3, F=2, stride=2),
]
"""Sizes of pictures and kernels. With stride 2 and 3 the last rows of the picture can be left over."""


def pictures_and_kernels(rng, N, H, W, C, k, l, F, stride):
    return *normal(rng, (N, H, W, C), (k, l, C, F), (F,)), stride


def with_deltas(rng, N, H, W, C, k, l, F, stride):
    h, w = (H - k) // stride + 1, (W - l) // stride + 1
    return *normal(rng, (N, h, w, F), (N, H, W, C), (k, l, C, F)), stride


def in_torch(X, K, b, stride):
    """torch has the channels first."""
    import torch

    A = torch.nn.functional.conv2d(X.permute(0, 3, 1, 2), K.permute(3, 2, 0, 1), b, stride=stride)
    return A.permute(0, 2, 3, 1)


def error(Delta, X, K, stride):
    return (Delta * in_torch(X, K, None, stride)).sum()


def back_in_torch(Delta, X, K, stride):
    """The derivatives by X, K and a bias b that is 0."""
    import torch

    X, K = X.clone().requires_grad_(True), K.clone().requires_grad_(True)
    b = torch.zeros(K.shape[3], dtype=X.dtype, requires_grad=True)
    return torch.autograd.grad((Delta * in_torch(X, K, b, stride)).sum(), (X, K, b))


def patch(X, i, j, h, w, stride):
    """The pixels that meet the weight i, j of a kernel, one for each place of it: (N, h, w, C)."""
    return X[:, i : i + stride * h : stride, j : j + stride * w : stride]


def by_places(X, K, b, stride, down, along):
    """As many places as with this stride, but so many pixels apart, down and along."""
    h, w = convolve.reference(X, K, b, stride).shape[1:3]
    return convolve.reference(X, K, b, 1)[:, ::down, ::along][:, :h, :w]


@question(
    returns="A",
    section="Convolution",
    inputs=pictures_and_kernels,
    sizes=SIZES,
    value=in_torch,
    names={"part": "the pixels that meet a weight"},
    hints={
        "The kernel is turned by half a turn. Lay it on as it is": lambda X, K, b, stride: convolve.reference(
            X, K[::-1, ::-1], b, stride
        ),
        "b is added for each weight of the kernel: once is enough": lambda X, K, b, stride: (
            convolve.reference(X, K, b * K.shape[0] * K.shape[1], stride)
        ),
        "The stride is not used: the kernel moves by one pixel": lambda X, K, b, stride: convolve.reference(
            X, K, b, 1
        ),
        "The windows lie one pixel apart: they begin at stride · u and stride · v": lambda X, K, b, stride: (
            by_places(X, K, b, stride, 1, 1)
        ),
        "The stride holds for the height alone: windows begin at stride · v, too": lambda X, K, b, stride: (
            by_places(X, K, b, stride, stride, 1)
        ),
        "The last row and column of places are missing: there are (H - k) // stride + 1": (
            lambda X, K, b, stride: convolve.reference(X, K, b, stride)[:, :-1, :-1]
        ),
        "The last place may be missing: there are (H - k) // stride + 1, the 1 added at the end": (
            lambda X, K, b, stride: convolve.reference(X, K, b, stride)[
                :, : (X.shape[1] - K.shape[0] + 1) // stride, : (X.shape[2] - K.shape[1] + 1) // stride
            ]
        ),
    },
)
def convolve(X, K, b, stride):
    """A layer of convolution with a stride."""
    h = (X.shape[1] - K.shape[0]) // stride + 1
    w = (X.shape[2] - K.shape[1]) // stride + 1
    A = np.zeros((len(X), h, w, K.shape[3]))
    for i in range(K.shape[0]):
        for j in range(K.shape[1]):
            part = patch(X, i, j, h, w, stride)
            A += part @ K[i, j]
    return A + b


def only_first(Delta, X, K, stride):
    """What the kernel's upper left weight alone hands back."""
    alone = np.zeros(K.shape)
    alone[0, 0] = K[0, 0]
    return convolve_back.reference(Delta, X, alone, stride)[0]


def without_stride(Delta, X, K, stride):
    """∂E/∂X where the places of the kernel lie one pixel apart."""
    h, w = Delta.shape[1:3]
    narrow = np.zeros((len(X), h + K.shape[0] - 1, w + K.shape[1] - 1, X.shape[3]))
    dX = np.zeros(X.shape)
    dX[:, : narrow.shape[1], : narrow.shape[2]] = convolve_back.reference(Delta, narrow, K, 1)[0]
    return dX


def overwritten(Delta, X, K, stride):
    """∂E/∂X where a pixel keeps the share of the last weight that it met."""
    h, w = Delta.shape[1:3]
    dX = np.zeros(X.shape)
    for i in range(K.shape[0]):
        for j in range(K.shape[1]):
            patch(dX, i, j, h, w, stride)[:] = Delta @ K[i, j].T
    return dX


def overwritten_by_place(Delta, X, K, stride):
    """The same where the loop goes over places."""
    dX = np.zeros(X.shape)
    for r in range(Delta.shape[1]):
        for s in range(Delta.shape[2]):
            back = np.tensordot(Delta[:, r, s], K, axes=(1, 3))
            dX[:, stride * r : stride * r + K.shape[0], stride * s : stride * s + K.shape[1]] = back
    return dX


def with_picture(wrong):
    """The three derivatives with another ∂E/∂X."""
    return lambda *given: (wrong(*given), *convolve_back.reference(*given)[1:])


@question(
    returns=("∂E/∂X", "∂E/∂K", "∂E/∂b"),
    section="Convolution",
    inputs=with_deltas,
    sizes=SIZES,
    value=back_in_torch,
    parts={
        "kernels": dict(only=("∂E/∂K", "∂E/∂b"), about="the kernels and the biases"),
        "inputs": dict(only="∂E/∂X", about="the pictures"),
    },
    names={"part": "the pixels that meet a weight", "dX": "∂E/∂X", "dK": "∂E/∂K", "db": "∂E/∂b"},
    hints={
        "∂E/∂X: a pixel that meets several weights gets a share from each: add them up": (
            with_picture(overwritten)
        ),
        "∂E/∂X: where places overlap, a pixel keeps the share of the last place only: add up all": (
            with_picture(overwritten_by_place)
        ),
        "∂E/∂X: the kernel is turned by half a turn: hand Δ back by the weight that the pixel met": (
            with_picture(lambda Delta, X, K, stride: (
                convolve_back.reference(Delta, X, K[::-1, ::-1], stride)[0]
            ))
        ),
        "∂E/∂X: the shares lie one pixel apart: they begin at stride · u and stride · v": (
            with_picture(without_stride)
        ),
        "∂E/∂X: only the upper left weight hands something back": with_picture(only_first),
        "∂E/∂K and ∂E/∂b are divided by N, the number of pictures: E is a sum over all of them": (
            lambda Delta, X, K, stride: (
                (back := convolve_back.reference(Delta, X, K, stride))[0],
                back[1] / len(X),
                back[2] / len(X),
            )
        ),
        "Δ counts as 1 here: its values are not used": lambda Delta, X, K, stride: (
            convolve_back.reference(np.ones(Delta.shape), X, K, stride)
        ),
        "∂E/∂K: the kernel is turned by half a turn": lambda *given: (
            (back := convolve_back.reference(*given))[0], back[1][::-1, ::-1], back[2],
        ),
    },
)  # fmt: skip
def convolve_back(Delta, X, K, stride):
    """Back through a layer of convolution."""
    h, w = Delta.shape[1:3]
    dX = np.zeros(X.shape)
    dK = np.zeros(K.shape)
    for i in range(K.shape[0]):
        for j in range(K.shape[1]):
            part = patch(X, i, j, h, w, stride)
            dK[i, j] = part.reshape(-1, X.shape[3]).T @ Delta.reshape(-1, K.shape[3])
            patch(dX, i, j, h, w, stride)[:] += Delta @ K[i, j].T
    db = np.sum(Delta, axis=(0, 1, 2))
    return dX, dK, db
