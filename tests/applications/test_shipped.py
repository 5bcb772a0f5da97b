"""The weights that come with the course: small, readable, and as good as what is trained anew."""

import numpy as np
import pytest

from nnlib.applications import captioning, detection, image_pairs, segmentation, shipped, translation
from nnlib.applications.board_games import self_play

QUALITY = {
    "segmentation": (lambda W: segmentation.measure_network(W, 60)["mean IoU"], 0.92),
    "detection": (lambda W: detection.measure(W, n=300)["class and place"], 0.93),
    "detection_several": (lambda W: detection.measure(W, most=3, n=200)["mAP"], 0.85),
    "captioning": (lambda W: captioning.measure(W, 300)["exact"], 0.93),
    **{
        pair: (
            lambda W, pair=pair: image_pairs.measure(pair, W, 40)["gain"],
            4 if pair in ("map", "colour") else 5,
        )
        for pair in image_pairs.PAIRS
    },
    "translation": (lambda W: translation.measure(W, n=300), 0.99),
    "pawn_chess": (lambda W: self_play.measure("pawn_chess", W, 60)["score"], 0.8),
    "shogi": (lambda W: self_play.measure("shogi", W, 60)["score"], 0.75),
    "capture_go": (lambda W: self_play.measure("capture_go", W, 60)["score"], 0.75),
    "connect_four": (lambda W: self_play.measure("connect_four", W, 100, pieces=9)["all"], 0.88),
}


@pytest.mark.parametrize("name", shipped.TRAIN)
def test_shipped_weights_are_as_good_as_promised(name):
    quality, at_least = QUALITY[name]
    assert quality(shipped.load(name)) > at_least


def test_all_weights_together_are_below_2_mb():
    sizes = [file.stat().st_size for file in shipped.FOLDER.glob("*.npz")]
    assert len(sizes) == len(shipped.TRAIN) and sum(sizes) < 2e6


def test_weights_of_a_seed_are_made_again_up_to_rounding(tmp_path):
    """With a small budget: the same seed gives the same quality, and half precision changes nothing."""
    W, again = (image_pairs.train("edges", seed=3, steps=60, n=100) for _ in range(2))
    shipped.save("edges", W, tmp_path)
    read = shipped.load("edges", tmp_path)
    first, second, third = (image_pairs.measure("edges", V, 20)["network"] for V in (W, again, read))
    assert first == pytest.approx(second, abs=0.05) and first == pytest.approx(third, abs=0.05)
    assert set(read) == set(W) and all(w.dtype == np.float32 for w in read.values())
    assert first < image_pairs.measure("edges", shipped.load("edges"), 20)["network"]


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="no weights 'poetry'; there are segmentation, detection"):
        shipped.load("poetry")


@pytest.mark.parametrize("content", [None, b"", b"no weights"])
def test_an_unreadable_file_says_how_to_make_it_again(tmp_path, content):
    if content is not None:
        (tmp_path / "night.npz").write_bytes(content)
    with pytest.raises(ValueError, match="night.npz cannot be read: .* `make weights` makes it again"):
        shipped.load("night", tmp_path)
