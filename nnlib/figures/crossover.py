"""Forward against reverse mode as the number of inputs grows. Unit 5."""

import statistics
import time

import numpy as np

from nnlib.differentiation import gradient
from nnlib.figures.plot import describe


def measure_crossover(sizes=(1, 2, 4, 8, 16, 32, 64, 128, 256), rounds=15):
    """Median seconds of the gradient of Σ tanh(W x)² for x of each size: a dict method -> array."""
    seconds = {"forward": [], "reverse": []}
    for n in sizes:
        W, x = np.random.default_rng(n).normal(size=(8, n)), np.linspace(-1.0, 1.0, n)
        times = {method: [] for method in seconds}
        for _ in range(rounds):  # in turns, so that a busy moment hits both
            for method, of_method in times.items():
                start = time.perf_counter()
                gradient(lambda x, W=W: np.sum(np.tanh(W @ x) ** 2), x, method)
                of_method.append(time.perf_counter() - start)
        for method, of_method in times.items():
            seconds[method].append(statistics.median(of_method))
    return {method: np.array(values) for method, values in seconds.items()}


def crossover(sizes=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2410)):
    """Measure and draw how long one gradient takes, forward and reverse, for n inputs and one output.

    The last is the number of weights of the network for the digits in unit 4.
    """
    import matplotlib.pyplot as plt

    seconds = measure_crossover(sizes)
    figure, axes = plt.subplots(figsize=(5, 3.4))
    for (method, values), style in zip(seconds.items(), ("o-", "s--"), strict=True):
        axes.loglog(sizes, 1e6 * values, style, label=f"{method} mode")
    axes.set(xlabel="inputs n", ylabel="µs for one gradient", title="One output, n inputs")
    axes.legend()
    cheaper = [n for n, f, r in zip(sizes, *seconds.values(), strict=True) if r < f]
    where = f"from {cheaper[0]} inputs on reverse mode is faster" if cheaper else "forward mode is faster"
    return describe(figure, f"Time of one gradient against the number of inputs: {where}.")
