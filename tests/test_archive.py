"""Networks in files: what is saved comes back, and no other file is believed or obeyed."""

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nnlib import Network
from nnlib.activations import Activation


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_save_and_load_give_the_same_network(tmp_path, dtype):
    hidden = ["leaky_relu(0.123456789)", "tanh", "sigmoid", "relu", "identity"]
    network = Network([3, 4, 4, 3, 3, 3, 2], hidden, "softmax", rng=3, dtype=dtype)
    network.save(tmp_path / "network.npz")
    loaded = Network.load(tmp_path / "network.npz")
    assert repr(loaded) == repr(network) and loaded.dtype == dtype
    X = np.random.default_rng(0).normal(size=(5, 3))
    assert np.array_equal(loaded.forward(X), network.forward(X))


def test_a_file_needs_no_ending(tmp_path):
    Network([2, 1], rng=0).save(str(tmp_path / "network"))
    assert Network.load(str(tmp_path / "network")).sizes == [2, 1]


@pytest.mark.parametrize("name", ["square", "tanh"])
def test_an_activation_not_of_nnlib_cannot_be_saved(tmp_path, name):
    """Nor under the name of another: a network would come back with another function."""
    own = Activation(name, lambda a: 2 * np.tanh(a), lambda y: 2 - y * y / 2, "", "")
    words = rf"layer 1 \(hidden\) cannot be saved: its activation '{name}' is not one of nnlib"
    with pytest.raises(ValueError, match=words):
        Network([2, 3, 1], own).save(tmp_path / "own.npz")
    assert not (tmp_path / "own.npz").exists()


class Touches:
    """Unpickled, it makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_loading_runs_no_code(tmp_path):
    victim = tmp_path / "touched"
    np.savez(tmp_path / "evil.npz", activations=np.array([Touches(victim)], dtype=object))
    (tmp_path / "pickle.npz").write_bytes(pickle.dumps(Touches(victim)))
    for name, words in (
        ("evil.npz", "Object arrays .* allow_pickle=False"),
        ("pickle.npz", "not an npz file"),
    ):
        with pytest.raises(ValueError, match=f"not a network that was written by Network.save.*{words}"):
            Network.load(tmp_path / name)
    assert not victim.exists()


def saved(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def whole():
    network, file = Network([2, 3, 1], rng=0), io.BytesIO()
    arrays = {f"{a}{n}": getattr(network.layers[n - 1], a) for n in (1, 2) for a in "Wb"}
    np.savez(file, activations=np.array(["tanh", "identity"]), **arrays)
    return file.getvalue()


def one_byte_changed():
    data = bytearray(whole())
    data[200] ^= 255
    return bytes(data)


def claims_to_be_huge():
    """The header of W announces 73 TiB."""
    header, file = io.BytesIO(), io.BytesIO(saved(activations=np.array(["tanh"]), b1=np.ones(1)))
    shape = {"descr": "<f8", "fortran_order": False, "shape": (10**7, 10**6)}
    np.lib.format.write_array_header_1_0(header, shape)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("W1.npy", header.getvalue())
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a text",
        whole()[:400],
        one_byte_changed(),
        claims_to_be_huge(),
        saved(W=np.ones(3)),
        saved(activations=np.array("tanh")),
        saved(activations=np.array(["tanh", "tanh"]), W1=np.ones((3, 2)), b1=np.ones(3)),
    ],
    ids=["empty", "text", "cut off", "changed", "huge", "other arrays", "one name", "lacks W2"],
)
def test_a_damaged_or_other_file_raises(tmp_path, data):
    (tmp_path / "network.npz").write_bytes(data)
    with pytest.raises(ValueError, match="network.npz is not a network that was written by Network.save"):
        Network.load(tmp_path / "network.npz")


@pytest.mark.parametrize(
    ("names", "W", "words"),
    [
        (["nope"], np.ones((1, 2)), "no activation function 'nope'"),
        (["tanh"], np.ones(2), r"W of shape \(J, I\)"),
        (["tanh"], np.full((1, 2), np.nan), r"W of layer 1 \(output\) must be finite"),
        (["tanh"], np.array([["a", "b"]]), "must be an array of real numbers"),
        (["tanh"], np.ones((3, 2)), r"b of layer 1 \(output\) has shape \(1,\), expected \(3,\)"),
        ([], np.ones((1, 2)), "a pair .W, b. for each layer"),
    ],
)
def test_weights_that_do_not_fit_raise(tmp_path, names, W, words):
    (tmp_path / "n.npz").write_bytes(saved(activations=np.array(names, dtype=str), W1=W, b1=np.ones(1)))
    with pytest.raises(ValueError, match=words):
        Network.load(tmp_path / "n.npz")


def test_a_missing_file_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        Network.load(tmp_path / "none.npz")
