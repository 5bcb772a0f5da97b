"""What crosses between examiner and examinee, by value and no other way."""

import base64
import io
import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnlib import Network
from nnlib.grading.sandbox.inside import values

pytestmark = pytest.mark.slow


def there_and_back(value):
    """As it arrives after a trip through JSON."""
    return values.decode(json.loads(json.dumps(values.encode(value))), None)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.complex_numbers(allow_nan=False),
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(plain)
def test_plain_values_arrive_as_they_were(value):
    arrived = there_and_back(value)
    assert arrived == value and type(arrived) is type(value)


@settings(deadline=None)
@given(
    hnp.arrays(
        hnp.scalar_dtypes().filter(lambda d: d.kind in "biufc"), hnp.array_shapes(min_dims=0, min_side=0)
    )
)
def test_arrays_arrive_with_shape_type_and_every_bit(array):
    arrived = there_and_back(array)
    assert arrived.shape == array.shape and arrived.dtype == array.dtype
    assert arrived.tobytes() == array.tobytes()


def test_a_number_of_numpy_arrives_as_one():
    arrived = there_and_back(np.float32(0.1))
    assert arrived == np.float32(0.1) and isinstance(arrived, np.float32)


def test_a_subclass_of_an_array_arrives_as_a_plain_array():
    class Agreeable(np.ndarray):
        def __array_function__(self, *a):
            return True

    assert type(there_and_back(np.ones(2).view(Agreeable))) is np.ndarray


def test_a_network_arrives_as_sizes_activations_and_weights():
    network = Network([2, 3, 1], activation="tanh", output="sigmoid", rng=4)
    arrived = there_and_back(network)
    X = np.ones((5, 2))
    assert arrived.sizes == network.sizes and np.array_equal(arrived.forward(X), network.forward(X))


def test_a_generator_arrives_in_its_state():
    rng = np.random.default_rng(3)
    rng.normal(size=7)
    arrived = there_and_back(rng)
    assert np.array_equal(arrived.normal(size=5), rng.normal(size=5))


def test_an_examiners_function_arrives_as_source_with_its_values():
    slope = np.array([2.0, 3.0])

    def line(x, shift=1.0):
        return slope * x + shift

    data = json.loads(json.dumps(values.encode(line)))
    seen = {}
    values.decode(data, lambda number, parts: seen.update(parts))
    assert seen["name"] == "line" and "slope * x + shift" in seen["source"]
    assert np.array_equal(seen["uses"]["slope"], slope) and seen["uses"]["shift"] == 1.0


def test_a_lambda_is_refused_where_it_is_sent():
    with pytest.raises(values.NotTransferable, match="lambda"):
        values.encode((lambda x: x, 1))


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"bytes", np.array([object()]), np.array(["text"]), print]
)
def test_what_cannot_cross_is_named(value):
    with pytest.raises(values.NotTransferable, match=type(value).__name__):
        values.encode(value)


def test_too_much_is_refused():
    nested = []
    for _ in range(values.DEEPEST + 2):
        nested = [nested]
    for value in (nested, [0] * (values.MOST_PARTS + 1)):
        with pytest.raises(values.NotTransferable, match="too deep or has too many parts"):
            values.encode(value)
    with pytest.raises(values.NotTransferable, match="is too long"):
        values.send(io.BytesIO(), {"text": "x" * (values.MOST_BYTES + 1)})


def _pickled():
    file = io.BytesIO()
    np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize(
    "data",
    [
        {"array": "no base64", "number": False},
        {"array": base64.b64encode(b"no npy").decode(), "number": False},
        {"array": base64.b64encode(pickle.dumps([1])).decode(), "number": False},
        {"array": _pickled(), "number": False},
        {"generator": {"dict": [["bit_generator", "default_rng"]]}},
        {"network": {"dict": [["sizes", {"list": [2]}]]}},
        {"dict": [[{"list": []}, 1]]},
        {"unknown": 1},
        {"complex": [1]},
        [1, 2],
    ],
    ids=lambda data: str(data)[:40],
)
def test_damaged_values_are_refused(data):
    with pytest.raises(values.NotTransferable):
        values.decode(data, None)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"", EOFError),
        (b"\0\0\0\5abc", EOFError),
        (b"\xff\xff\xff\xff", values.NotTransferable),
        (b"\0\0\0\2[]", values.NotTransferable),
        (b"\0\0\0\2{x", values.NotTransferable),
    ],
)
def test_a_malformed_message_raises(sent, error):
    with pytest.raises(error):
        values.receive(io.BytesIO(sent))


def test_a_message_arrives():
    file = io.BytesIO()
    values.send(file, {"do": "run", "code": "δ = 1"})
    file.seek(0)
    assert values.receive(file) == {"do": "run", "code": "δ = 1"}


def test_a_network_takes_no_more_memory_than_its_message():
    tall = values.encode(np.ones((14_000, 1)))
    pair = {"tuple": [tall, values.encode(np.ones(14_000))]}
    parts = [["weights", {"list": [pair, pair]}], ["activation", {"list": ["tanh"]}], ["output", "tanh"]]
    with pytest.raises(values.NotTransferable, match="do not fit each other"):
        values.decode({"network": {"dict": parts}}, None)


@pytest.mark.parametrize(
    "reply",
    [
        {"events": 7}, {"events": [7]}, {"events": [["network"]]}, {"events": [[1, 2]]}, {"outputs": 7},
        {"outputs": [7]}, {"error": 7}, {"error": {"kind": 1, "message": ""}}, {"changed": 7}, {"changed": [7]},
        {"right": 1}, {"missing": "yes"}, {"anything": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_reply_of_another_form_raises(reply):
    with pytest.raises(values.NotTransferable, match="has a form that no reply has"):
        values.checked(reply)


def test_a_reply_of_every_form_passes():
    reply = {"value": None, "outputs": [{}], "events": [["a", "b"]], "changed": [[0, {}]]}
    assert values.checked(reply) is reply
    assert values.checked(
        {"error": {"kind": "E", "message": "m"}, "right": False, "missing": True, "ready": True}
    )


def test_a_number_of_thousands_of_digits_is_refused():
    assert values.decode(values.encode(10**1000), None) == 10**1000
    with pytest.raises(values.NotTransferable, match="more than 1200 digits"):
        values.encode([10**4400])
