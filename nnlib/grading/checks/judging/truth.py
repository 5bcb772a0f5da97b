"""The truth: PyTorch in float64, from the error that the question shows."""

import sys

import numpy as np


def torch():
    """PyTorch; the first time in a process this takes some seconds, and says so."""
    if "torch" not in sys.modules:
        print("Loading PyTorch, once: a few seconds.", flush=True)
    import torch

    return torch


def value(function, arguments):
    """What `function` of tensors returns, with arrays for its tensors."""
    return as_arrays(function(*(as_tensors(a) for a in arguments)))


def gradient(error, arguments, by):
    """The derivative of `error(*tensors)` by the arguments with the numbers `by`, in their structure."""
    tensors = [as_tensors(a) for a in arguments]
    for number in by:
        _map(lambda tensor: tensor.requires_grad_(True), tensors[number])
    error(*tensors).backward()
    gradients = tuple(_map(lambda tensor: tensor.grad, tensors[number]) for number in by)
    return as_arrays(gradients[0] if len(by) == 1 else gradients)


def with_gradients(error, *leaves):
    """(E, ∂E/∂leaf, ...): the error E of some tensors and its derivative by each of them."""
    leaves = [leaf.clone().requires_grad_(True) for leaf in leaves]
    E = error(*leaves)
    return (E, *torch().autograd.grad(E, leaves))


def as_tensors(value):
    """Arrays and floats as float64 tensors, in lists and tuples too; whole numbers stay."""
    if isinstance(value, float) or getattr(value, "dtype", None) == np.float64:
        return torch().tensor(value, dtype=torch().float64)
    if isinstance(value, (list, tuple)):
        return type(value)(map(as_tensors, value))
    return value


def as_arrays(value):
    """Tensors as arrays, in lists and tuples too."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(as_arrays, value))
    return value.detach().numpy() if hasattr(value, "detach") else value


def _map(function, value):
    if isinstance(value, (list, tuple)):
        return type(value)(_map(function, part) for part in value)
    return function(value)


def descended(error, W, alpha, batches):
    """W after a step W - α ∂E/∂W for each batch, with `error(W, *batch)`; all are tensors."""
    for batch in batches:
        W = W.detach().requires_grad_(True)
        (slope,) = torch().autograd.grad(error(W, *batch), W)
        W = W - alpha * slope
    return W


def descended_layers(error, layers, alpha, batches):
    """As `descended`, for a list of pairs (W, b)."""
    for batch in batches:
        leaves = [[leaf.detach().requires_grad_(True) for leaf in layer] for layer in layers]
        error(leaves, *batch).backward()
        layers = [tuple(leaf.detach() - alpha * leaf.grad for leaf in layer) for layer in leaves]
    return layers
