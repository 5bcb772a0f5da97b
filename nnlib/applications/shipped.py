"""The weights that come with the course: read in a moment, made by `make weights` from a seed.

They lie in weights/ with half precision, which changes no result in its third digit.
"""

from functools import partial
from pathlib import Path

import numpy as np

from nnlib.applications import captioning, detection, image_pairs, segmentation, translation
from nnlib.applications.board_games import self_play

FOLDER = Path(__file__).parent / "weights"
TRAIN = {
    "segmentation": segmentation.train,
    "detection": detection.train,
    "detection_several": partial(detection.train, most=3),
    "captioning": captioning.train,
    **{pair: partial(image_pairs.train, pair) for pair in image_pairs.PAIRS},
    "translation": translation.train,
    **{
        name: partial(self_play.train, name) for name in ("connect_four", "pawn_chess", "shogi", "capture_go")
    },
}
"""Name -> function that trains it. Image pairs are named as in `image_pairs.PAIRS`, games as in `GAMES`."""


def load(name, folder=FOLDER):
    """The shipped weights W of an application: a dict of arrays, as `train` returns it.

    Raises ValueError for an unknown name, and for a file that is missing or damaged.
    """
    if name not in list(TRAIN):
        raise ValueError(f"There are no weights {name!r}; there are {', '.join(TRAIN)}.")
    path = Path(folder) / f"{name}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            return {key: file[key].astype(np.float32) for key in file.files}
    except Exception as problem:  # a damaged file can raise almost anything
        raise ValueError(f"{path} cannot be read: {problem}. `make weights` makes it again.") from problem


def save(name, W, folder=FOLDER):
    """Write the weights W of an application with half precision."""
    Path(folder).mkdir(exist_ok=True)
    np.savez_compressed(Path(folder) / f"{name}.npz", **{k: np.asarray(w, np.float16) for k, w in W.items()})
