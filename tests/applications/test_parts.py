"""What the applications share: training, encoder-decoder, decoder, boxes, scores."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from nnlib.applications import (
    attention_decoder,
    boxes,
    captioning,
    described,
    encoder_decoder,
    fitting,
    pictures,
    streets,
)
from nnlib.applications.image_pairs import psnr
from nnlib.applications.segmentation import mean_iou
from nnlib.differentiation import Variable

RNG = np.random.default_rng


def quadratic(W, x):
    return np.sum((W["w"] - x) ** 2)


def endless(x):
    while True:
        yield (x,)


def test_fit_finds_a_minimum_and_leaves_constants_alone():
    W = {"w": Variable(np.zeros(3)), "mean": np.ones(3)}
    errors = fitting.fit(quadratic, W, endless(np.array([1.0, -1.0, 0.5])), 300, alpha=0.1)
    assert np.allclose(W["w"].value, [1, -1, 0.5], atol=1e-3) and errors[-1] < 1e-5
    assert np.array_equal(W["mean"], np.ones(3))


def test_rate_warms_up_then_falls_along_half_a_cosine():
    assert fitting.rate(1, 1000, 1.0) == pytest.approx(0.05, rel=1e-3)
    assert fitting.rate(500, 1000, 1.0) == pytest.approx(0.5)
    assert 0 < fitting.rate(1000, 1000, 1.0) < 0.01


def test_ctrl_c_keeps_what_was_learnt(capsys):
    def interrupted():
        yield from (pair for pair, _ in zip(endless(np.ones(3)), range(50), strict=False))
        raise KeyboardInterrupt

    W = {"w": Variable(np.zeros(3))}
    errors = fitting.fit(quadratic, W, interrupted(), 1000, alpha=0.1)
    assert len(errors) == 50 and np.all(W["w"].value > 0.5)
    assert "Interrupted after 50 steps: the weights keep what was learnt." in capsys.readouterr().out


def test_fit_stops_where_the_error_is_no_number():
    with pytest.raises(FloatingPointError, match="E is nan in step 1: choose an α below 0.002"):
        fitting.fit(quadratic, {"w": Variable(np.zeros(1))}, endless(np.array([np.nan])), 5)


def test_watch_sees_the_weights_from_the_start_to_the_end():
    seen = []
    W = {"w": Variable(np.zeros(1))}
    fitting.fit(
        quadratic, W, endless(np.ones(1)), 100, alpha=0.1, watch=lambda W: seen.append(W["w"].value.item())
    )
    assert seen[0] == 0 and len(seen) == 21 and seen[-1] == W["w"].value.item()


def test_encoder_decoder_is_that_of_pytorch():
    W = encoder_decoder.weights(RNG(0), 3, 4, width=4, mean=0.5)
    X = RNG(1).normal(size=(2, 8, 12, 3)).astype("f")
    K = {n: torch.tensor(W[f"K{n}"].value.transpose(3, 2, 0, 1)) for n in range(1, 7)}
    b = {n: torch.tensor(W[f"b{n}"].value) for n in range(1, 7)}

    def layer(x, n, stride=1):
        return functional.conv2d(x, K[n], b[n], stride, 1)

    def larger(x):
        return functional.interpolate(x, scale_factor=2)

    A = layer(torch.tensor(X.transpose(0, 3, 1, 2)), 1).relu()
    B = layer(A, 2, 2).relu()
    D = layer(layer(B, 3, 2).relu(), 4).relu()
    E = layer(torch.cat([larger(D), B], 1), 5).relu()
    Y = layer(torch.cat([larger(E), A], 1), 6).numpy().transpose(0, 2, 3, 1)
    assert np.allclose(encoder_decoder.net(fitting.arrays(W), X), Y, atol=1e-5)
    assert np.allclose(encoder_decoder.net(W, X).value, Y, atol=1e-5)
    assert abs(Y.mean() - 0.5) < 0.2


def test_decoder_does_not_see_words_to_come():
    W = fitting.arrays(attention_decoder.weights(RNG(0), 7, 5, 8))
    H, words = RNG(1).normal(size=(1, 6, 8)).astype("f"), np.array([[1, 2, 3, 4, 5]])
    other = np.array([[1, 2, 3, 6, 6]])
    a, looks = attention_decoder.net(W, H, words)
    b, _ = attention_decoder.net(W, H, other)
    assert np.allclose(a[:, :3], b[:, :3], atol=1e-6) and not np.allclose(a[:, 3:], b[:, 3:], atol=1e-3)
    assert looks.shape == (1, 4, 5, 6) and np.allclose(looks.sum(-1), 1, atol=1e-6)


def test_boxes_are_written_and_read_back():
    T = np.zeros((1, 64, 10), "f")
    box = [3.0, 5, 15, 20]
    boxes.write(T, np.array([0]), np.array([2]), np.array([box]))
    ((kind, read),) = boxes.true_objects(T)[0]
    assert kind == 2 and np.allclose(read, box, atol=1e-4)


def test_iou_by_hand():
    assert boxes.iou((0, 0, 2, 2), (1, 1, 3, 3)) == pytest.approx(1 / 7)
    assert boxes.iou((0, 0, 1, 1), (1, 0, 2, 1)) == 0
    assert boxes.iou((0, 0, 2, 2), (0, 0, 2, 2)) == 1


def test_average_precision_by_hand():
    right = [[(0, (0, 0, 2, 2))], [(0, (0, 0, 2, 2))]]
    lists = [
        [(0.9, 0, (0, 0, 2, 2)), (0.5, 0, (0, 0, 2, 2))],
        [(0.8, 0, (5, 5, 6, 6)), (0.4, 0, (0, 0, 2, 2))],
    ]
    # right, wrong, the same again: wrong, right: precision 1 up to recall 1/2, then 2/4
    assert boxes.average_precision(lists, right, 0) == pytest.approx(0.75)


def test_mean_iou_and_psnr_by_hand():
    L = np.array([[0, 0, 1, 2, 3, 4, 5]])
    P = np.array([[0, 1, 1, 2, 3, 4, 5]])
    assert mean_iou(P, L).tolist() == [0.5, 0.5, 1, 1, 1, 1]
    assert psnr(np.full((1, 2, 2, 3), 0.6), np.full((1, 2, 2, 3), 0.5)) == pytest.approx(20)


def test_since_counts_pixels_that_follow_one_another():
    mask = np.array([[1, 0], [1, 1], [0, 1], [1, 1]], bool)
    assert streets.since(mask, 0).tolist() == [[1, 0], [2, 1], [0, 2], [1, 3]]
    assert streets.since(mask, 1).tolist() == [[1, 0], [1, 2], [0, 1], [1, 2]]
    assert streets.since(mask, 0, backwards=True).tolist() == [[2, 0], [1, 3], [0, 2], [1, 1]]


def test_sentences_say_which_shape_is_left_or_above():
    say = described.said
    X, T = captioning.data(200, 3)
    sentences = [say(t) for t in T]
    assert all(s.count(" ") in (2, 6, 7) and s.endswith(".") for s in sentences)
    kinds, colours = np.array([[1], [0]]), np.array([[0], [2]])
    two = np.array([True])
    assert say(described.sentences(two, kinds, colours, np.array([[9.0], [1.0]]))[0]) == (
        "a blue disc left of a red square."
    )
    assert say(described.sentences(two, kinds, colours, np.array([[1.0], [-9.0]]))[0]) == (
        "a red square above a blue disc."
    )
    assert say(described.sentences(~two, kinds, colours, np.array([[1.0], [-9.0]]))[0]) == "a red square."


def test_grid_describes_itself_and_has_every_image():
    picture = pictures.grid({"one": np.zeros((2, 4, 4, 3)), "two": np.zeros((2, 4, 4))}, "Two rows")
    assert picture.markup.count("data:image/png") == 4 and repr(picture) == "Two rows"


def test_a_watched_picture_is_shown_once_and_then_replaced(monkeypatch):
    shown = []

    class Handle:
        def update(self, picture):
            shown.append(("update", picture))

    monkeypatch.setattr(
        "IPython.display.display", lambda picture, display_id: shown.append(("display", picture)) or Handle()
    )
    watch = pictures.Watched(lambda W: W["w"].item())
    W = {"w": Variable(np.zeros(1))}
    fitting.fit(quadratic, W, endless(np.ones(1)), 3, alpha=0.1, watch=watch)
    assert [how for how, _ in shown] == ["display", "update", "update", "update"]
    assert shown[0][1] == 0 and shown[-1][1] == W["w"].value.item()
