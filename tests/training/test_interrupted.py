"""Training that Ctrl-C ends: the network, the method and the history stay usable."""

import signal
import threading

import numpy as np
import pytest

from nnlib import backpropagate, train
from nnlib.fast.programs import Buffers
from nnlib.training import METHODS, History
from tests.training.examples import assert_same_weights, copy_of, small

pytestmark = pytest.mark.slow


def test_a_bar_appears_on_stdout_after_two_seconds(capsys):
    network, X, T = small()
    train(network, X, T, alpha=0.001, epochs=10)
    assert capsys.readouterr() == ("", "")
    timer = threading.Timer(2.6, signal.raise_signal, [signal.SIGINT])
    timer.start()
    history = train(network, X, T, alpha=0.001, epochs=10**7)
    output, warnings = capsys.readouterr()
    assert "epoch/s, E = " in output and warnings == ""
    assert output.endswith(
        f"Interrupted after {len(history.error)} epochs: the network keeps what it learnt.\n"
    )


def test_ctrl_c_returns_what_was_learnt_so_far():
    network, X, T = small()
    before = copy_of(network)
    timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
    timer.start()
    history = train(network, X, T, alpha=0.001, epochs=10**7)
    assert history.end == "interrupted" and 0 < len(history.error) < 10**7
    assert np.any(network.layers[0].W != before.layers[0].W)
    assert history.error[-1] < history.error[0]


def test_ctrl_c_in_the_middle_of_an_epoch_keeps_its_steps(monkeypatch):
    """And a history without the epoch that was not finished."""
    network, X, T = small()
    program, calls = Buffers.program, []

    def interrupt():
        calls.append(1)
        if len(calls) == 7 + 3:  # the third step of the second epoch
            raise KeyboardInterrupt

    monkeypatch.setattr(Buffers, "program", lambda *samples: [(interrupt, ()), *program(*samples)])
    history = train(network, X, T, alpha=0.01, epochs=5, batch_size=1, rng=0)
    monkeypatch.undo()
    other, *_ = small()
    train(other, X, T, alpha=0.01, epochs=1, batch_size=1, rng=0)
    assert history.end == "interrupted" and len(history.error) == 1
    assert np.any(network.layers[0].W != other.layers[0].W)


@pytest.mark.parametrize("batch_size", [None, 2])
@pytest.mark.parametrize("method", METHODS)
def test_after_ctrl_c_before_its_entry_an_epoch_counts(monkeypatch, method, batch_size):
    """Between the last step and the entry in the history: the last entry is of the kept network."""
    network, X, T = small()
    record, calls = History.record, []

    def interrupt(*arguments):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return record(*arguments)

    monkeypatch.setattr(History, "record", interrupt)
    history = train(network, X, T, alpha=0.01, batch_size=batch_size, method=method, rng=0)
    assert history.end == "interrupted" and len(history.error) == 3
    assert history.error[-1] == pytest.approx(backpropagate(network, X, T)[0], rel=1e-13)
    other, *_ = small()
    train(other, X, T, alpha=0.01, epochs=3, batch_size=batch_size, method=method, rng=0)
    assert_same_weights(network, other)


@pytest.mark.parametrize("method", METHODS)
def test_ctrl_c_in_the_only_step_of_an_epoch_undoes_it(monkeypatch, method):
    """Then training goes on bit for bit, as if nothing had been."""
    network, X, T = small()
    program, runs, kept = Buffers.program, [], METHODS[method]()

    def interrupt():
        runs.append(1)
        if len(runs) == 3:
            raise KeyboardInterrupt

    def half_a_step(self, *batch):
        calls = program(self, *batch)
        return [*calls[:-1], (interrupt, ()), calls[-1]]

    monkeypatch.setattr(Buffers, "program", half_a_step)
    history = train(network, X, T, alpha=0.01, method=kept)
    monkeypatch.undo()
    assert len(history.error) == 2
    assert history.error[-1] == pytest.approx(backpropagate(network, X, T)[0], rel=1e-13)
    train(network, X, T, alpha=0.01, epochs=3, method=kept)
    other, *_ = small()
    train(other, X, T, alpha=0.01, epochs=5, method=method)
    assert_same_weights(network, other)


def test_ctrl_c_never_leaves_nan(monkeypatch):
    network, X, T = small()

    def interrupted(values):
        values[:] = np.nan
        raise KeyboardInterrupt

    monkeypatch.setattr(Buffers, "program", lambda self, X, T: [(interrupted, self._first_product[:1])])
    assert train(network, X, T).end == "interrupted"
    assert_same_weights(network, small()[0])
