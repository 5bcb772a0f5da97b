"""Known slips, each with its one sentence: the stepper and the checks say the same for the same slip."""

SIGN = "the sign is turned"
TWICE = "a factor 2 is too many"
HALF = "a factor 1/2 is too many"
AVERAGED = "divided by N, the number of samples"
TRANSPOSED = "that is the transpose: rows and columns are exchanged"
NO_SLOPE = "the slope g'(a) is missing"
SLOPE_OF_OUTPUT = "g' is taken of y = g(a) once more: take it at a"
NO_DERIVATIVE = "that is g(a) itself, where its slope g'(a) belongs"
FIRST_TERM = "only the first term of the sum is there"
LAST_TERM = "only the last term of the sum is there: each one overwrites the one before"


def ignored(quantity):
    """The sentence for a factor that is there, but with ones in the place of its values."""
    return f"{quantity} counts as 1 here: its values are not used"


def not_subtracted(quantity):
    """The sentence for a difference that lacks its second term."""
    return f"{quantity} is not subtracted"
