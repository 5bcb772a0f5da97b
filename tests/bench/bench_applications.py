"""The applications: convolution against PyTorch, and quality, baselines and CPU time of each.

The median of three seeds. It takes half an hour.
"""

import contextlib
import io
import statistics
import time
from functools import partial

import numpy as np

from nnlib.applications import (
    captioning,
    cart_pole,
    catch,
    detection,
    image_pairs,
    learnt_photograph,
    segmentation,
    shipped,
    translation,
)
from nnlib.applications.board_games import self_play
from nnlib.differentiation import Variable, convolve
from tests.bench.measure import Row, interleaved

# N, C, F, side, stride, kernel, whether the image is a node that wants its gradient: not in a first layer
SIZES = [
    (32, 3, 16, 32, 1, 3, False), (16, 3, 16, 32, 2, 5, False), (32, 8, 16, 32, 1, 3, True),
    (32, 16, 16, 32, 1, 3, True), (32, 16, 32, 32, 2, 3, True), (32, 32, 32, 16, 1, 3, True),
    (32, 32, 48, 16, 2, 3, True), (32, 48, 48, 8, 1, 3, True), (32, 80, 32, 16, 1, 3, True),
    (32, 48, 3, 32, 1, 3, True),
]  # fmt: skip
SEEDS = (0, 1, 2)

# name: what is measured, the key of the result, at least, seconds of CPU at most
TARGETS = {
    "segmentation": (lambda W: segmentation.measure(W), "mean IoU", 0.92, 40),
    "detection": (lambda W: detection.measure(W), "class and place", 0.95, 60),
    "detection_several": (lambda W: detection.measure(W, most=3), "mAP", 0.85, 60),
    "captioning": (lambda W: captioning.measure(W), "exact", 0.96, 50),
    **{
        pair: (
            lambda W, pair=pair: image_pairs.measure(pair, W),
            "gain",
            4 if pair in ("map", "colour") else 5,
            60,
        )
        for pair in image_pairs.PAIRS
    },
    "connect_four": (lambda W: self_play.measure("connect_four", W, 300), "all", 0.90, 240),
    "pawn_chess": (lambda W: self_play.measure("pawn_chess", W), "score", 0.80, 240),
    "shogi": (lambda W: self_play.measure("shogi", W), "score", 0.75, 240),
    "capture_go": (lambda W: self_play.measure("capture_go", W), "score", 0.75, 240),
    "tic_tac_toe": (
        lambda W: {"no line is lost": float(self_play.lost_lines(W) == 0)},
        "no line is lost", 1, 15,
    ),
    "cart_pole": (lambda W: {"steps": cart_pole.measure(W)}, "steps", 500, 2),
    "catch": (lambda W: {"caught": catch.measure(W)}, "caught", 0.98, 10),
    "translation": (lambda W: {"exact": translation.measure(W, seeds=SEEDS)}, "exact", 0.99, 20),
    "photograph": (learnt_photograph.measure, "learnt", 30, 20),
}  # fmt: skip
LIVE = {
    "tic_tac_toe": partial(self_play.train, "tic_tac_toe"),
    "cart_pole": cart_pole.train,
    "catch": catch.train,
    "photograph": learnt_photograph.train,
}
"""What is trained in front of the reader, and not shipped."""


def rows():
    yield from convolutions()
    for name in TARGETS:
        yield from application(name, SEEDS)


def convolutions():
    import torch

    torch.set_num_threads(1)
    for N, C, F, side, stride, k, inner in SIZES:
        rng = np.random.default_rng(0)
        X, K = rng.normal(size=(N, side, side, C)).astype("f"), rng.normal(size=(k, k, C, F)).astype("f")
        b = rng.normal(size=F).astype("f")
        G = rng.normal(size=convolve(X, K, b, stride).shape).astype("f")
        tensors = [
            torch.tensor(a.transpose(axes).copy())
            for a, axes in ((X, (0, 3, 1, 2)), (K, (3, 2, 0, 1)), (b, (0,)))
        ]
        upstream = torch.tensor(G.transpose(0, 3, 1, 2).copy())

        def own(X=X, K=K, b=b, G=G, stride=stride, inner=inner):
            x, kernels, bias = Variable(X) if inner else X, Variable(K), Variable(b)
            convolve(x, kernels, bias, stride, relu=True).backward(G)

        def by_torch(tensors=tensors, upstream=upstream, stride=stride, k=k, inner=inner):
            x, kernels, bias = (t.clone().requires_grad_(inner or n > 0) for n, t in enumerate(tensors))
            torch.relu(torch.nn.functional.conv2d(x, kernels, bias, stride, k // 2)).backward(upstream)

        seconds = interleaved({"nnlib": own, "torch": by_torch})
        name = (
            f"convolve, relu, backward, {N} x {side} x {side} x {C} to {F}, {k} x {k} / {stride}: times torch"
        )
        yield Row(name, seconds["nnlib"] / seconds["torch"], at_most=1.4, goal=1.0)


def application(name, seeds):
    """Quality and CPU seconds of training, data included: the median of the seeds."""
    measure, key, at_least, at_most = TARGETS[name]
    runs, seconds = [], []
    for seed in seeds:
        begun = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            W = (shipped.TRAIN | LIVE)[name](seed=seed)
            seconds.append(time.process_time() - begun)
            runs.append(measure(W))
    for other in runs[0]:
        value = statistics.median(run[other] for run in runs)
        yield Row(f"{name}: {other}", value, "", at_least=at_least if other == key else None)
    yield Row(f"{name}: training on one core, CPU", statistics.median(seconds), "s", at_most=at_most)
