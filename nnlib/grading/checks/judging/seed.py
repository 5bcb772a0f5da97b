"""Random inputs of checks: at home always the same, in each grading campaign new ones."""

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
    """The generator of one check: it depends on the check's name and on the campaign, so that a table of
    the numbers that students see at home is of no use when they are graded."""
    return np.random.default_rng([zlib.crc32(check.encode()), hidden, campaign_seed()])


def same_generator(check):
    """A generator that is the same at home and in every campaign: where the goal of a check can be missed
    by bad luck, what reaches it at home reaches it when it is graded."""
    return np.random.default_rng(zlib.crc32(check.encode()))
