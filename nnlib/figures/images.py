"""Weights as images: slide "Weight Visualizations"."""

import numpy as np

from nnlib.arguments import finite
from nnlib.figures.plot import describe
from nnlib.figures.style import BLUE, ORANGE, PEN


def weight_images(W, shape, names=None):
    """The weights of each neuron as an image: row j of W (J, I), in `shape` with I pixels.

    Blue is negative, orange positive, no colour zero; all images share one scale.

    Raises
    ------
    ValueError: an image `shape` that does not have I pixels, or more than 100 neurons.
    """
    import matplotlib.pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap

    W = finite(W, "W", ndim=2)
    if np.prod(shape) != W.shape[1]:
        raise ValueError(f"W has {W.shape[1]} columns, but images of {shape} have {np.prod(shape)}.")
    if len(W) > 100:
        raise ValueError(f"W has {len(W)} rows: choose at most 100 neurons to show.")
    names = [str(name) for name in (range(len(W)) if names is None else names)]
    columns = min(len(W), 5)
    rows = -(-len(W) // columns)
    figure, axes = plt.subplots(figsize=(1.4 * columns + 0.8, 1.6 * rows))
    clear = [(BLUE, 1), (BLUE, 0), (ORANGE, 0), (ORANGE, 1)]
    colours = LinearSegmentedColormap.from_list("sign", list(zip((0, 0.5, 0.5, 1), clear, strict=True)))
    limit = np.abs(W).max() or 1
    # All images lie in one coordinate system, as axes take long to lay out.
    height = shape[0] / shape[1]
    for j, (weights, name) in enumerate(zip(W, names, strict=False)):
        left, bottom = 1.15 * (j % columns), -(height + 0.3) * (j // columns)
        extent = left, left + 1, bottom, bottom + height
        image = axes.imshow(weights.reshape(shape), cmap=colours, vmin=-limit, vmax=limit, extent=extent)
        axes.add_patch(plt.Rectangle((left, bottom), 1, height, fill=False, edgecolor=PEN, linewidth=0.5))
        axes.text(left + 0.5, bottom + height + 0.05, name, ha="center")
    axes.set_axis_off()
    axes.set(xlim=(-0.02, 1.15 * columns - 0.13), ylim=(bottom - 0.02, height + 0.25))
    figure.colorbar(image, ax=axes, shrink=0.8, label="weight")
    return describe(
        figure,
        f"The weights of {len(W)} neurons ({names[0]} to {names[-1]}) as images of {shape[0]} by "
        f"{shape[1]} pixels. Orange pixels speak for a neuron's output, blue ones against it.",
    )
