"""Pictures of networks: with random weights, and learnt from a photograph."""

import numpy as np
import pytest

from nnlib.applications import learnt_photograph, painted_functions, style_sheet, style_transfer
from nnlib.applications.fitting import arrays

pytestmark = pytest.mark.slow

RNG = np.random.default_rng


def test_a_picture_is_the_network_at_every_pixel():
    W = painted_functions.weights(RNG(0))
    image = painted_functions.image(W, 24)
    assert image.shape == (24, 24, 3) and 0 <= image.min() < image.max() <= 1
    x, y = -1 + 2 * 5 / 23, -1 + 2 * 17 / 23
    at = painted_functions.net(W, np.array([[2 * x, 2 * y, 2 * np.hypot(x, y), 1.0]]))
    assert np.allclose(at, image[17, 5])


def test_pictures_of_other_seeds_are_others():
    images = [painted_functions.image(painted_functions.weights(RNG(seed)), 16) for seed in range(6)]
    assert min(abs(a - b).mean() for n, a in enumerate(images) for b in images[:n]) > 0.05


def test_a_child_without_change_has_whole_neurons_of_its_parents():
    parent, other = (painted_functions.weights(RNG(seed)) for seed in (0, 1))
    born = painted_functions.child(parent, other, RNG(2), change=0)
    for name, w in born.items():
        of_one, of_other = (w == parent[name]).all(1), (w == other[name]).all(1)
        assert (of_one | of_other).all()
    every = np.concatenate([(born[name] == parent[name]).all(1) for name in born])
    assert 0.3 < every.mean() < 0.7


def test_the_photograph_has_held_out_pixels_everywhere():
    X, T, held_out = learnt_photograph.data()
    assert X.shape == (6144, 2) and T.shape == (6144, 3) and held_out.mean() == 0.25
    assert held_out.reshape(64, 96).any(0).all() and held_out.reshape(64, 96).any(1).all()


def test_another_photograph_is_refused():
    with pytest.raises(ValueError, match="name must be 'china.jpg' or 'flower.jpg', got 'cat.jpg'"):
        learnt_photograph.data("cat.jpg")


def test_fourier_features_learn_what_plain_places_do_not():
    quality = [
        learnt_photograph.measure(learnt_photograph.train(steps=60, fourier=fourier))["learnt"]
        for fourier in (True, False)
    ]
    assert quality[0] > quality[1] + 1


def test_a_gram_matrix_forgets_the_places():
    F = RNG(0).normal(size=(1, 4, 6, 3))
    shuffled = F.reshape(24, 3)[RNG(1).permutation(24)]
    assert np.allclose(style_transfer.gram(F), style_transfer.gram(shuffled.reshape(1, 4, 6, 3)))
    assert np.allclose(style_transfer.gram(F), sum(np.outer(f, f) for f in F.reshape(24, 3)) / 24)


def test_a_picture_comes_nearer_to_the_style():
    W = arrays(style_transfer.weights(RNG(0)))
    china, flower = style_transfer.photographs().values()
    made = style_transfer.painted(W, china, flower, steps=12)

    def away(image):
        layers = (style_transfer.net(W, picture[np.newaxis]) for picture in (image, flower))
        return sum(
            np.mean((style_transfer.gram(a) - style_transfer.gram(b)) ** 2)
            for a, b in zip(*layers, strict=True)
        )

    assert made.shape == china.shape and 0 <= made.min() <= made.max() <= 1
    assert away(made) < 0.8 * away(china)


def test_filters_learn_to_tell_patches_apart():
    W = style_transfer.train(seed=1, steps=40)
    assert style_transfer.measure(W, 100) > 0.2


def test_a_picture_of_another_size_is_refused():
    W = arrays(style_transfer.weights(RNG(0)))
    with pytest.raises(ValueError, match=r"The picture has shape \(8, 8, 3\), expected \(96, 144, 3\)"):
        style_transfer.painted(W, np.zeros((8, 8, 3)), np.zeros((96, 144, 3)))


def test_pictures_are_shown_with_the_original():
    W, plain = (arrays(learnt_photograph.weights(RNG(0), fourier)) for fourier in (True, False))
    shown = learnt_photograph.show(W, plain).markup
    assert shown.count("<image") == 3 and "learnt from x, y alone" in shown
    assert painted_functions.show(range(3), 8).markup.count("<image") == 3


def test_the_shipped_sheet_holds_the_painted_pictures():
    sheet = style_sheet.load()
    photographs = list(style_transfer.photographs().values())
    for n, image in enumerate(photographs):
        column, row = style_sheet.original(n)
        assert abs(sheet[row, column] - image).mean() < 0.02


@pytest.mark.parametrize("content", [0, 1])
def test_on_the_sheet_more_style_is_nearer_to_the_style(content):
    W, style = arrays(style_transfer.weights(RNG(0))), 1 - content
    sheet = style_sheet.load().astype(np.float32)

    def grams(place):
        column, row = place
        return [style_transfer.gram(F) for F in style_transfer.net(W, sheet[row, column][np.newaxis])]

    wanted = grams(style_sheet.original(style))
    away = [
        sum(np.mean((a - b) ** 2) for a, b in zip(grams(place), wanted, strict=True))
        for place in [style_sheet.original(content), *(style_sheet.tile(content, style, k) for k in (1, 3))]
    ]
    assert away[0] > away[1] > away[2]
