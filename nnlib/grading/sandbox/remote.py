"""The student's functions and objects as the examiner sees them: they stay in another process.

`ask` sends a message to the examinee and returns its reply. Calling a function sends the arguments by
value and gets the result by value. Arrays that the student's code has changed in place come back
changed. Objects of the student's own classes stay there: the examiner can call them, read their
attributes and use operators on them.
"""

import builtins
import keyword

import numpy as np

from nnlib.grading.sandbox.inside import objects, values

MOST_ITEMS = 10_000
"""Items that are taken from a student's iterator."""


class RemoteNames(dict):
    """The names of a check cell: names that the examiner lacks are looked up in the student's process."""

    def __init__(self, ask, own):
        super().__init__()
        self.ask = ask
        self.own = own

    def __missing__(self, name):
        # KeyError sends Python on to the examiner's own names.
        if name in self.own or hasattr(builtins, name):
            raise KeyError(name)
        reply = self.ask({"do": "name", "name": name})
        if "missing" in reply:
            raise NameError(f"{name} is not there: its cell is missing, or it failed.")
        return result_of(self.ask, reply)


def result_of(ask, reply):
    """The value of a reply. Raises what the student's code raised."""
    if "error" in reply:
        raise _raised(reply["error"])
    return values.decode(reply.get("value"), lambda number, kind: _remote(ask, number, kind))


def _raised(error):
    """An exception of the same name as the student's. SystemExit and the like become an Exception here."""
    kind, message = _name(error.get("kind")), error.get("message")
    like = getattr(builtins, kind, None)
    if not (isinstance(like, type) and issubclass(like, Exception)):
        like = type(kind, (Exception,), {})
    message = message[:1000] if isinstance(message, str) else ""
    try:
        raised = like(message)
    except TypeError:  # such as UnicodeDecodeError, which takes five arguments
        raised = type(kind, (Exception,), {})(message)
    match error.get("line"):
        case [int(number), str(source)]:
            raised.student_line = number, source[:120]
    return raised


def _name(text):
    """A name of a class that the student chose, if it is a plain one."""
    plain = isinstance(text, str) and len(text) <= 80 and text.isidentifier() and not keyword.iskeyword(text)
    return text if plain else "object"


def _remote(ask, number, kind):
    if number is None:
        raise values.NotTransferable("The student's code sent a function of the examiner's.")
    # A class of the student's name, so that a message says "returned a Dual".
    return type(_name(kind), (Remote,), {})(ask, number)


class Remote:
    """An object in the student's process, named by its handle, a number."""

    def __init__(self, ask, number):
        self._ask = ask
        self._number = number

    def __call__(self, *arguments, **keywords):
        return self._called("call", arguments, keywords)

    def _strictly(self, *arguments):
        """As a call, in which division by 0, overflow and invalid values raise FloatingPointError."""
        return self._called("call_strictly", arguments, {})

    def _called(self, do, arguments, keywords):
        given = [_encoded(argument) for argument in arguments]
        named = [_encoded(argument) for argument in keywords.values()]
        message = {
            "do": do,
            "of": self._number,
            "arguments": given,
            "keywords": list(keywords),
            "values": named,
        }
        reply = self._ask(message)
        self._bring_back(reply.get("changed"), values.arrays_in([list(arguments), keywords]))
        return result_of(self._ask, reply)

    @staticmethod
    def _bring_back(changed, arrays):
        for entry in changed if isinstance(changed, list) else []:
            number, data = entry
            array = values.decode(data, None)
            ours = arrays[number] if isinstance(number, int) and 0 <= number < len(arrays) else None
            if (
                not isinstance(array, np.ndarray)
                or ours is None
                or array.shape != ours.shape
                or array.dtype != ours.dtype
            ):
                raise values.NotTransferable(
                    "An array that was changed in place came back with another shape or type."
                )
            np.copyto(ours, array)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return result_of(self._ask, self._ask({"do": "attribute", "of": self._number, "name": name}))

    def _operate(self, name, *others):
        arguments = [_encoded(value) for value in others]
        return result_of(self._ask, self._ask({"do": "operate", "operator": name, "arguments": arguments}))

    def _source(self):
        """As `versions.source_of`, of a function of the student's."""
        return result_of(self._ask, self._ask({"do": "source", "of": self._number}))

    def _versions(self, sources, calls, through=None):
        """As `versions.results_of`: the versions run in the student's process. There a function of `objects`
        alone is known to go through."""
        if through and through is not getattr(objects, through.__name__, None):
            return []
        given = [_encoded(tuple(arguments)) for arguments in calls]
        message = {"do": "versions", "of": self._number, "sources": sources, "calls": given}
        message |= {"through": through.__name__} if through else {}
        return result_of(self._ask, self._ask(message))

    def __array_ufunc__(self, function, method, *inputs, **keywords):
        if method != "__call__" or keywords:
            return NotImplemented
        arguments = [_encoded(value) for value in inputs]
        message = {"do": "ufunc", "name": function.__name__, "arguments": arguments}
        return result_of(self._ask, self._ask(message))

    def __iter__(self):
        iterator = self._operate("iter", self)
        for _ in range(MOST_ITEMS):
            try:
                yield iterator._operate("next", iterator)
            except StopIteration:
                return
            except RuntimeError:
                return
        raise ValueError(f"An iterator gave more than {MOST_ITEMS} items.")

    def __array__(self, *_, **__):
        # NumPy would ask for its length and items one by one, of a list of such objects for ever.
        raise TypeError(f"A {type(self).__name__} is not an array of numbers.")

    def __hash__(self):
        return self._number

    def __repr__(self):
        return self._operate("repr", self)


def _operators():
    """Give Remote the operators: each is one question to the student's process."""

    def forward(name):
        return lambda self, *others: self._operate(name, self, *others)

    def backward(name):
        return lambda self, other: self._operate(name, other, self)

    two = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
    for name in (
        *two,
        "neg",
        "pos",
        "abs",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "getitem",
        "contains",
        "len",
        "float",
        "int",
        "bool",
        "str",
    ):
        setattr(Remote, f"__{name}__", forward(name))
    for name in two:
        setattr(Remote, f"__r{name}__", backward(name))


_operators()


def _encoded(value):
    if isinstance(value, Remote):
        return {"handle": value._number}
    return values.encode(_by_handle(value))


def _by_handle(value):
    """The value with remote objects in its lists, tuples and tables named by their handles."""
    if isinstance(value, Remote):
        return values.Handle(value._number, "")
    if type(value) in (list, tuple):
        return type(value)(_by_handle(item) for item in value)
    if type(value) is dict:
        return {key: _by_handle(item) for key, item in value.items()}
    return value
