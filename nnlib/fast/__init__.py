"""The plain epoch of `nnlib.training` for speed: the same numbers, in fewer and cheaper calls.

    epochs          whole epochs: the steps of all batches, and the state that they leave
    programs        the calls of one training step, made once and run for every batch
    methods         gradient descent, momentum and Adam in place
    flat_weights    all weights of a network in one vector
    blas            operations of BLAS that add to an array
    measures        error and accuracy after each epoch

Read `nnlib.training` first. Tests hold both ways equal.
"""
