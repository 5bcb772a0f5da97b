"""Training, as all applications share it: He's initialisation, Adam with warm-up and cosine, a bar.

The learning rate rises in the first steps, when Adam knows little of the gradients, and then falls along
half a cosine (Loshchilov and Hutter, SGDR, 2017):

    α_n = α min(1, n / warm-up) (1 + cos(π n / steps)) / 2
"""

import math
import sys
import time

import numpy as np

from nnlib.arguments import whole_number
from nnlib.differentiation import Variable
from nnlib.training import Adam

WARM_UP = 0.02
"""The share of all steps in which the learning rate rises, if nothing else is said."""


def he(rng, *shape, gain=1.0):
    """Weights of variance 2 / inputs, for layers of relu (He et al., 2015). The last axis is the outputs."""
    deviation = gain * math.sqrt(2 / math.prod(shape[:-1]))
    return Variable((deviation * rng.standard_normal(shape)).astype(np.float32))


def constant(value, *shape):
    """Biases, or gains: all have the same value, or those of an array."""
    return Variable(np.full(shape or np.shape(value), value, np.float32))


def arrays(W):
    """The weights as arrays: what `net` needs to be used and not trained."""
    return {name: w.value if isinstance(w, Variable) else w for name, w in W.items()}


def batches(rng, *samples, size=16, changed=None):
    """Endless batches of so many samples at random; `changed(rng, *batch)` may turn or mirror them."""
    while True:
        rows = rng.integers(0, len(samples[0]), size)
        batch = [array[rows] for array in samples]
        yield changed(rng, *batch) if changed else batch


def rate(step, steps, alpha, warm_up=WARM_UP):
    """The learning rate α_n of a step n = 1 .. steps: never 0, so that the last step still counts."""
    warm = min(1.0, step / max(1, warm_up * steps))
    return alpha * max(1e-3, warm * 0.5 * (1 + math.cos(math.pi * step / steps)))


def fit(loss, W, samples, steps, alpha=2e-3, watch=None, method=None, warm_up=WARM_UP):
    """Steps on the `Variable`s of W: loss(W, *batch) is a number, `samples` an iterator of batches.

    `method`: a `Method` of `nnlib.training`, `Adam()` if none is given. `warm_up`: the share of all steps in
    which the learning rate rises.
    `watch(W)`: called at the start and about 20 times in between, to show how it goes.
    A bar shows E and the time left. BLAS gets one thread: with more, on a machine where others work too,
    they wait for each other. Ctrl-C ends training early, and W keeps what was learnt. Returns the list of
    E of each step.

    Raises ValueError for steps below 1, and FloatingPointError where E is no longer finite.
    """
    import scipy.linalg.blas  # noqa: F401, the limit acts on libraries that are loaded
    from threadpoolctl import threadpool_limits
    from tqdm.auto import tqdm

    steps = whole_number(steps, "steps", 1)
    variables = [w for w in W.values() if isinstance(w, Variable)]
    method, errors, begun = method or Adam(), [], time.process_time()
    with threadpool_limits(1, "blas"), tqdm(total=steps, unit="step", delay=1, file=sys.stdout) as bar:
        try:
            for step in range(1, steps + 1):
                if watch and (step - 1) % max(1, steps // 20) == 0:
                    watch(W)
                E = loss(W, *next(samples))
                errors.append(float(E.value))
                if not math.isfinite(errors[-1]):
                    raise FloatingPointError(
                        f"E is {errors[-1]} in step {step}: choose an α below {alpha:g}."
                    )
                E.backward()
                method.step(variables, rate(step, steps, alpha, warm_up))
                bar.update()
                if step % 20 == 0:
                    bar.set_postfix_str(f"E = {np.mean(errors[-20:]):.3g}", refresh=False)
        except KeyboardInterrupt:
            tqdm.write(
                f"Interrupted after {len(errors)} steps: the weights keep what was learnt.", sys.stdout
            )
    if watch:
        watch(W)
    seconds = time.process_time() - begun
    print(
        f"{len(errors)} steps in {seconds:.1f} s of CPU, BLAS on one thread: E = {np.mean(errors[-50:]):.3g}"
    )
    return errors
