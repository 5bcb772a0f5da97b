"""Error messages, a sentence for each operation that cannot be differentiated; and checks of f(x) and x."""

import difflib

import numpy as np

MIXED = (
    "A derivative within a derivative: only forward and reverse mode nest, so give both of them "
    'method="forward" or "reverse".'
)
COMPLEX = (
    "{} meets a complex number, but derivatives here are of real functions: write real and imaginary "
    "part as two numbers."
)
COPIED = "{} cannot be pickled: the derivative would be lost. Pickle its .value."
RECORDED = (
    "{} cannot take a step in place while a derivative through that step is asked for: write "
    "W = W - alpha * W.gradient."
)
IN_PLACE = (
    "{} cannot be written into an array in place: the derivative would be lost. "
    "Write a = a + x instead of a += x, and no out=."
)
FLOAT = (
    "float() of {} would lose the derivative. Take .value for the value, and functions of NumPy (np.sin) "
    "instead of those of math (math.sin)."
)
NO_ARRAY = (
    "{} cannot become a plain array: the derivative would be lost. Take .value for the value; join several "
    "with np.stack or np.concatenate."
)
OBJECTS = (
    "np.array of dual numbers and plain numbers takes no functions of NumPy, since a plain number has none: "
    "join them with np.stack, as in np.stack([x, 1.0])."
)
ASSIGNED = (
    "{} keeps its value: what was computed from it still needs it. Take a step by W.descend(alpha) or "
    "W.assign(value), or build a new one."
)
NO_DESCENT = (
    "{} descends along its gradient, but this one has none: make it by hand, and call backward() of the "
    "error first."
)
NOT_BY_HAND = "{} that was computed from others takes no value: assign to those that were made by hand."
OUTDATED = (
    "{} descended after this was computed from it: compute the error again, and then go backward. "
    "(assign takes a step as descend does.)"
)
SET = (
    "{} cannot be changed in place: earlier results still need the old values. Build a new one with "
    "np.where, np.concatenate or np.stack."
)
NOT_INVERTIBLE = "({}) ** {} needs the inverse of a dual number with value 0, which has none."
NOT_REAL = "({}) ** {} is not a real number."


def sentence(words, x):
    """A ValueError with these words, and x.called in the place of {}."""
    called = x.called[0].upper() + x.called[1:] if words.startswith("{}") else x.called
    return ValueError(words.format(called))


def numpy_name(function):
    """np.linalg.norm, as it is written."""
    module = getattr(function, "__module__", None) or "numpy"
    return f"{module.replace('numpy', 'np', 1)}.{getattr(function, '__name__', function)}"


def unsupported(function, known):
    """The error for a NumPy function without a rule, with the names that come nearest."""
    names = {numpy_name(other).rpartition(".")[2]: numpy_name(other) for other in known}
    near = difflib.get_close_matches(numpy_name(function).rpartition(".")[2], names, n=3)
    nearest = f"Nearest in name: {', '.join(names[name] for name in near)}. " if near else ""
    return ValueError(
        f"{numpy_name(function)} has no derivative rule here. {nearest}Use operators (+ - * / ** @), "
        "indexing, and functions such as np.sin, np.sum and np.where."
    )


def do_not_broadcast(ufunc, *inputs):
    """The error for shapes that an elementwise function cannot take."""
    shapes = " and ".join(str(np.shape(x)) for x in inputs)
    return ValueError(f"np.{ufunc.__name__} of shapes {shapes}: they do not broadcast together.")


def option_refused(name, options):
    """The error for a NumPy function that has a rule, but not for these options."""
    called = "with " + ", ".join(f"{option}=" for option in options) if options else "as it is called here"
    return ValueError(f"{name} {called} has no derivative rule: write it without.")


def output_of(y):
    """What f returned as one number or array; lists of them are joined.

    Raises ValueError for anything else, such as None where a return is missing.
    """
    if isinstance(y, np.ndarray) and y.dtype == object:
        y = y.tolist()
    if isinstance(y, (list, tuple)):
        return np.stack([output_of(item) for item in y])
    if np.iscomplexobj(y) if isinstance(y, np.ndarray) else isinstance(y, (complex, np.complexfloating)):
        raise ValueError(f"f(x) is complex, {y!r}, but derivatives here are of real functions.")
    if not hasattr(y, "__array_ufunc__") and not isinstance(y, (int, float)):
        if y is None:
            raise ValueError("f(x) is None: is a return missing?")
        raise ValueError(f"f(x) is {y!r}, expected a number, an array, or a list of them.")
    return y


def floating(value, name):
    """`value` as a floating point array that keeps its class; a ValueError for integers."""
    array = np.asanyarray(value)
    kind = array.dtype.kind
    if kind == "f":
        return array
    if kind in "iub":
        raise ValueError(
            f"{name} has the integer dtype {array.dtype}, but derivatives need floating point numbers: "
            "write 1.0 instead of 1, or use x.astype(float)."
        )
    raise ValueError(f"{name} has dtype {array.dtype}, expected floating point numbers.")
