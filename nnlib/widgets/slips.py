"""The known slips in backpropagation by hand, each with the sentence that a reader gets."""

from nnlib import slips

SLIPS = {
    "sign": slips.SIGN,
    "averaged": slips.AVERAGED,
    "twice": f"{slips.TWICE}: the ½ of E cancels the 2 of the square",
    "half": f"{slips.HALF}: the ½ of E already cancelled the 2 of the square",
    "zero": "nothing was added here: it is still 0",
    "no t": slips.not_subtracted("t"),
    "spurious slope": "g'(a) is too much here: it cancels against the cross-entropy",
    "hidden slope": "g'(a) of the hidden neurons is too much here: the output is linear, g' = 1",
    "transposed W": "W where Wᵀ belongs: the sum runs over the wrong index",
    "deltas ignored": slips.ignored("δ of the next layer"),
    "neurons averaged": "averaged over the next neurons, not summed",
    "no slope": slips.NO_SLOPE,
    "slope of y": slips.SLOPE_OF_OUTPUT,
    "g for slope": slips.NO_DERIVATIVE,
    "only slope": "only g'(a): what comes from above is ignored",
    "transposed": slips.TRANSPOSED,
    "a for y": "a where y belongs: the input is the output of the layer below",
    "no delta": slips.ignored("δ"),
    "no input": slips.ignored("x"),
    "last sample": slips.LAST_TERM,
    "first sample": slips.FIRST_TERM,
    "bias over neurons": "summed over the neurons, not over the samples",
    "no bias gradient": "the bias is forgotten: it is the weight of a constant input 1",
    "too early": "the weights of the next layer were already changed, with α = {alpha:.2g}: "
    "deltas come first",
    "shape": "the shape is wrong before any number is",
    "unknown": "no slip that is known here gives this number",
    "no bias": "the bias is missing",
    "no half": "the ½ is missing",
    "no g": "this is a, before g",
    "slope for g": "this is the slope g'(a), not g(a)",
    "no weights": "the inputs are added without their weights",
}
