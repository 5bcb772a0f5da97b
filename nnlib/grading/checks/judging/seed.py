"""Random inputs of checks: visible ones always the same, hidden ones new for each campaign."""

import os
import zlib

import numpy as np

VARIABLE = "NNLIB_CAMPAIGN_SEED"


def campaign_seed():
    """The seed of this grading campaign: the environment variable, or 1 where none was set."""
    text = os.environ.get(VARIABLE, "1")
    if not text.isdigit():
        raise ValueError(f"{VARIABLE} must be a whole number of at least 0, got {text!r}.")
    return int(text)


def generator(check, hidden):
    """The generator of one check: it depends on the check's name, and on the campaign if hidden."""
    return np.random.default_rng([zlib.crc32(check.encode()), hidden, hidden and campaign_seed()])
