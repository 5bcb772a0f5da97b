"""Mini-batch gradient descent as the page does it: batches in the order of the points, none shuffled."""

from nnlib.backpropagation import backpropagate


def train_in_order(network, X, T, alpha, batch_size, epochs):
    """W ← W - α ∂E/∂W for each batch, E the cross-entropy; changes the network and returns it."""
    for _ in range(epochs):
        for first in range(0, len(X), batch_size):
            batch = slice(first, first + batch_size)
            _, gradients = backpropagate(network, X[batch], T[batch], "cross_entropy")
            for layer, (dE_dW, dE_db) in zip(network.layers, gradients, strict=True):
                layer.W = layer.W - alpha * dE_dW
                layer.b = layer.b - alpha * dE_db
    return network
