"""Each application learns on a small budget, far above chance, and never from what it is measured with."""

import numpy as np
import pytest

from nnlib.applications import captioning, described, detection, image_pairs, segmentation
from nnlib.applications.segmentation import HELD_OUT


@pytest.mark.slow
def test_segmentation_learns_in_100_steps():
    W = segmentation.train(seed=1, steps=100, n=200)
    assert segmentation.measure_network(W, 40)["mean IoU"] > 0.65  # a softmax of the colour: 0.57


@pytest.mark.slow
def test_detection_learns_in_300_steps():
    W = detection.train(seed=1, steps=300, n=800)
    measured = detection.measure(W, n=200)
    assert (
        measured["class"] > 0.5 and measured["mean IoU"] > 0.6
    )  # chance is 0.2, and 0.2 for a box in the middle


@pytest.mark.slow
@pytest.mark.parametrize("pair", image_pairs.PAIRS)
def test_every_pair_learns_in_60_steps(pair):
    W = image_pairs.train(pair, seed=1, steps=60, n=150)
    measured = image_pairs.measure(pair, W, n=30)
    assert measured["network"] > measured["mean image"] + 1.5


@pytest.mark.slow
def test_captioning_learns_in_250_steps():
    W = captioning.train(seed=1, steps=250)
    X, T = captioning.data(200, HELD_OUT)
    captions, _ = captioning.captions(W, X)
    first = [a.split()[1:3] == described.said(t).split()[1:3] for a, t in zip(captions, T, strict=True)]
    assert np.mean(first) > 0.12  # colour and kind of the first shape: chance is 1 in 24


DATA = {
    "segmentation": segmentation.data,
    "detection": detection.data,
    "detection of several": lambda n, seed: detection.data(n, seed, most=3),
    "captioning": captioning.data,
    **{pair: (lambda n, seed, pair=pair: image_pairs.data(pair, n, seed)) for pair in image_pairs.PAIRS},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DATA)
def test_held_out_data_is_not_in_the_training_data(name):
    inputs = [DATA[name](60, seed)[0] for seed in (0, 1, 2, HELD_OUT, HELD_OUT + 1)]
    seen = {x.tobytes() for x in np.concatenate(inputs)}
    assert len(seen) == 300


@pytest.mark.parametrize("name", DATA)
def test_data_of_a_seed_is_always_the_same(name):
    for first, second in zip(DATA[name](3, 5), DATA[name](3, 5), strict=True):
        assert first.tobytes() == second.tobytes()
    assert DATA[name](3, 5)[0].dtype == np.float32


def test_an_unknown_pair_lists_the_pairs():
    with pytest.raises(ValueError, match="There is no pair 'fog'; there are street, map"):
        image_pairs.data("fog", 1, 0)


def test_pictures_of_another_size_are_refused():
    W = segmentation.weights(np.random.default_rng(0), segmentation.data(2, 0)[0])
    with pytest.raises(ValueError, match=r"X has shape \(1, 30, 32, 3\), expected \(N, 32, 32, 3\)"):
        segmentation.labels(W, np.zeros((30, 32, 3)))
