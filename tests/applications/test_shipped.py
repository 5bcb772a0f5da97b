"""The weights that come with the course are small and readable, and can be made again.

How good they are is measured where it is told: by the tests of the numbers of lecture 6.
"""

import numpy as np
import pytest

from nnlib.applications import image_pairs, shipped


def test_all_weights_together_are_below_2_mb():
    sizes = [file.stat().st_size for file in shipped.FOLDER.glob("*.npz")]
    assert len(sizes) == len(shipped.TRAIN) and sum(sizes) < 2e6


@pytest.mark.slow
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
