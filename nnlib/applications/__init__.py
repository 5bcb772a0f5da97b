"""Unit 6: small working systems that see, each trained in front of the reader on one core.

One shape for all: `data(n, seed)`, `weights(rng, ...)`, `net(W, X)`, `loss(W, X, T)`, `train`, `measure`,
`show`. W is a dict of `Variable`s to train, or of arrays to use: `net` is the same function.
"""
