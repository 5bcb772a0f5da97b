"""The training step of `nnlib.training` for speed: the same numbers, in fewer and cheaper calls.

    blas            operations of BLAS that add to what is there
    flat_weights    all weights of a network in one vector
    programs        the calls of one training step, made once and run for every batch
    methods         gradient descent, momentum and Adam on that vector

Read `nnlib.training` first: there the plain epoch stands.
"""
