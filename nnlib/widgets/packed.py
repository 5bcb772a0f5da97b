"""Weights and pictures on their way into the page."""

import base64

import numpy as np


def packed(W):
    """Weights by name as shape and half-precision numbers, which `layers.js` unpacks."""
    return {
        name: {
            "shape": list(np.shape(w)),
            "numbers": base64.b64encode(np.asarray(w, "<f2").tobytes()).decode(),
        }
        for name, w in W.items()
    }
