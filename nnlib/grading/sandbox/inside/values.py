"""Values that cross between examiner and examinee: plain data by value, everything else by handle.

By value go None, bool, int, float, complex, str, tuple, list, dict, NumPy arrays and numbers (as
npy, never pickled), a `Network` (sizes and weights), a generator (its state), and a function of
the examiner's (its source, compiled on the other side). What the student's own classes make stays
where it is, and a handle crosses: a number that names it.
"""

import array
import base64
import binascii
import inspect
import io
import itertools
import json
import struct
import textwrap
from types import FunctionType

import numpy as np

MOST_BYTES = 64 * 2**20
"""Size of the largest message, in bytes."""
MOST_PARTS = 200_000
"""Most numbers, strings, arrays and containers in one message."""
MOST_BITS = 4000
"""Length of the largest whole number."""
DEEPEST = 60
"""How deep lists may lie in lists."""

LENGTH = struct.Struct(">I")


class NotTransferable(ValueError):
    """A value or a message that may not cross. The text says what it was and what is allowed."""


class Handle:
    """Names an object that stays with the student: its number there and the name of its class."""

    def __init__(self, number, kind):
        self.number = number
        self.kind = kind


def encode(value, keep=None):
    """A value as plain JSON data.

    keep: called with what cannot cross by value, returns its `Handle`; without it that is refused.
    Raises NotTransferable.
    """
    return _Encoder(keep).encode(value, 0)


class _Encoder:
    def __init__(self, keep):
        self.keep = keep
        self.parts = 0

    def encode(self, value, depth):
        self.parts += 1
        if depth > DEEPEST or self.parts > MOST_PARTS:
            raise NotTransferable(
                f"The value is too deep or has too many parts: "
                f"at most {DEEPEST} levels and {MOST_PARTS} parts."
            )
        kind = type(value)
        if kind is int and value.bit_length() > MOST_BITS:
            raise NotTransferable("A whole number of more than 1200 digits does not cross.")
        if value is None or kind in (bool, int, float, str):
            return value
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind in (list, tuple):
            return {kind.__name__: [self.encode(item, depth + 1) for item in value]}
        if _is_plain(value, tuple):
            return {"tuple": [self.encode(item, depth + 1) for item in value]}
        if _is_plain(value, list):
            return {"list": [self.encode(item, depth + 1) for item in value]}
        if isinstance(value, array.array):
            return self.encode(np.array(value), depth)
        if kind is dict or isinstance(value, dict):
            pairs = ((self.encode(k, depth + 1), self.encode(v, depth + 1)) for k, v in value.items())
            return {"dict": [list(pair) for pair in pairs]}
        if isinstance(value, (np.ndarray, np.generic)):
            plain = np.array(value, subok=False)
            if plain.dtype.kind in "biufc":
                return {"array": _npy(plain), "number": isinstance(value, np.generic)}
        elif isinstance(value, np.random.Generator):
            return {"generator": self.encode(value.bit_generator.state, depth + 1)}
        elif kind.__name__ == "Network" and kind.__module__ == "nnlib.network":
            return {"network": self.encode(_parts_of(value), depth + 1)}
        elif self.keep is None and kind is FunctionType:
            return {"function": self.encode(_source_of(value), depth + 1)}
        elif isinstance(value, Handle):
            return {"handle": value.number}
        if self.keep is None:
            raise NotTransferable(f"A {kind.__name__} cannot be handed to the student's code by value.")
        handle = self.keep(value)
        return {"handle": handle.number, "kind": handle.kind}


def _is_plain(value, kind):
    """Whether a value of a subclass is that kind and no more: a namedtuple is, what can be added is not."""
    own = type(value)
    return isinstance(value, kind) and own.__add__ is kind.__add__ and own.__mul__ is kind.__mul__


def _npy(numbers):
    file = io.BytesIO()
    np.lib.format.write_array(file, numbers, allow_pickle=False)
    return base64.b64encode(file.getvalue()).decode()


def _parts_of(network):
    return {
        "activation": [layer.activation.name for layer in network.layers[:-1]],
        "output": network.layers[-1].activation.name,
        "weights": [(layer.W, layer.b) for layer in network.layers],
    }


def _source_of(function):
    """What `compiled` needs to make the function anew: its source and the values that it uses."""
    if function.__name__ == "<lambda>":
        raise NotTransferable(
            "A lambda cannot be handed to the student's code: its source has no line of its own."
        )
    used = dict(
        zip(function.__code__.co_freevars, (c.cell_contents for c in function.__closure__ or ()), strict=True)
    )
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = function.__defaults__ or ()
    used |= dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    source = textwrap.dedent(inspect.getsource(function))
    return {"name": function.__name__, "source": source, "uses": used}


def compiled(parts):
    """The function that `_source_of` has described."""
    names = {"np": np, **parts["uses"]}
    exec(compile(parts["source"], "<examiner>", "exec"), names)
    return names[parts["name"]]


def decode(data, resolve):
    """The value of plain JSON data.

    resolve: called with the number and the kind of a handle, returns what stands for it here.
    Raises NotTransferable for anything that `encode` would not have written.
    """
    try:
        return _Decoder(resolve).decode(data, 0)
    except NotTransferable:
        raise
    except (TypeError, ValueError, KeyError, IndexError, SyntaxError, OverflowError, binascii.Error) as error:
        raise NotTransferable(f"The value is damaged: {str(error)[:100]}") from None


class _Decoder:
    def __init__(self, resolve):
        self.resolve = resolve
        self.parts = 0

    def decode(self, data, depth):
        self.parts += 1
        if depth > 2 * DEEPEST or self.parts > 2 * MOST_PARTS:
            raise NotTransferable("The value is too deep or has too many parts.")
        if data is None or isinstance(data, (bool, int, float, str)):
            return data
        match data:
            case {"complex": [float(real), float(imaginary)]}:
                return complex(real, imaginary)
            case {"list": list(items)}:
                return [self.decode(item, depth + 1) for item in items]
            case {"tuple": list(items)}:
                return tuple(self.decode(item, depth + 1) for item in items)
            case {"dict": list(pairs)}:
                return {self.decode(k, depth + 1): self.decode(v, depth + 1) for k, v in pairs}
            case {"array": str(text), "number": bool(number)}:
                array = _array(text)
                return array[()] if number and array.shape == () else array
            case {"generator": state}:
                return _generator(self.decode(state, depth + 1))
            case {"network": parts}:
                return _network(self.decode(parts, depth + 1))
            case {"function": parts}:
                return self.resolve(None, self.decode(parts, depth + 1))
            case {"handle": int(number), **rest}:
                kind = rest.get("kind", "")
                return self.resolve(number, kind if isinstance(kind, str) else "")
        raise NotTransferable("The value is of a kind that does not cross.")


def _array(text):
    file = io.BytesIO(base64.b64decode(text, validate=True))
    array = np.lib.format.read_array(file, allow_pickle=False, max_header_size=1000)
    if array.dtype.kind not in "biufc":
        raise NotTransferable(f"An array of {array.dtype} does not cross: numbers alone do.")
    return array


def _generator(state):
    bits = getattr(np.random, state["bit_generator"])
    if not (isinstance(bits, type) and issubclass(bits, np.random.BitGenerator)):
        raise NotTransferable("That is not a generator of NumPy.")
    bits = bits()
    bits.state = state
    return np.random.Generator(bits)


def _network(parts):
    from nnlib.network import Network

    # Built by its weights, it takes no more memory than the message did, if these fit each other.
    shapes = [np.shape(W) for W, _ in parts["weights"]]
    if any(here[0] != after[1] for here, after in itertools.pairwise(shapes)):
        raise NotTransferable("The layers of a network do not fit each other.")
    return Network.of(parts["weights"], [*parts["activation"], parts["output"]])


def arrays_in(value):
    """The arrays in a value, in the order in which they cross."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [array for item in value for array in arrays_in(item)] if isinstance(value, (list, tuple)) else []


def checked(reply):
    """A reply of the examinee, if it has the form that one has. Raises NotTransferable."""
    for key, part in reply.items():
        match key, part:
            case "ready" | "missing" | "right", bool():
                continue
            case "value", _:
                continue
            case "outputs", list() if all(isinstance(output, dict) for output in part):
                continue
            case "events", list() if all(_are_texts(event, 2) for event in part):
                continue
            case "changed", list() if all(isinstance(entry, list) and len(entry) == 2 for entry in part):
                continue
            case "error", {"kind": str(), "message": str()}:
                continue
        raise NotTransferable(f"The reply's {key[:20]!r} has a form that no reply has.")
    return reply


def _are_texts(value, number):
    return isinstance(value, list) and len(value) == number and all(isinstance(text, str) for text in value)


def send(file, message):
    """Write one message: its length in four bytes, then JSON. Raises NotTransferable if too long."""
    data = json.dumps(message).encode()
    if len(data) > MOST_BYTES:
        raise NotTransferable(
            f"A message of {len(data) / 2**20:.0f} MB is too long: at most {MOST_BYTES // 2**20}."
        )
    file.write(LENGTH.pack(len(data)) + data)
    file.flush()


def receive(file):
    """Read one message. Raises EOFError at the end, NotTransferable if it is not JSON or not a dict."""
    head = file.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError("The other side ended.")
    (length,) = LENGTH.unpack(head)
    if length > MOST_BYTES:
        raise NotTransferable(
            f"A message of {length / 2**20:.0f} MB is too long: at most {MOST_BYTES // 2**20}."
        )
    data = file.read(length)
    if len(data) < length:
        raise EOFError("The other side ended in the middle of a message.")
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        raise NotTransferable("The message is not JSON.") from None
    if not isinstance(message, dict):
        raise NotTransferable("The message is not a table of names and values.")
    return message
