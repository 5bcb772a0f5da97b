"""Training: each method against PyTorch's optimizer, the slides' update, and what it can learn."""

import pickle
import signal
import threading

import numpy as np
import pytest

from nnlib import Network, backpropagate, datasets, train
from nnlib.differentiation import Variable
from nnlib.fast.programs import Buffers
from nnlib.training import METHODS, Adam, Diverged, History, Momentum, plain_epoch


def small(rng=0):
    network = Network([3, 4, 2], activation="tanh", rng=rng)
    generator = np.random.default_rng(5)
    return network, generator.normal(size=(7, 3)), generator.normal(size=(7, 2))


def copy_of(network):
    return Network.of(
        [(layer.W.copy(), layer.b.copy()) for layer in network.layers],
        [layer.activation for layer in network.layers],
    )


def assert_same_weights(network, other, tolerance=0.0):
    for layer, same in zip(network.layers, other.layers, strict=True):
        assert np.abs(layer.W - same.W).max() <= tolerance
        assert np.abs(layer.b - same.b).max() <= tolerance


def test_slide_batch_vs_stochastic_batch_learning():
    network, X, T = small()
    by_hand = copy_of(network)
    history = train(network, X, T, alpha=0.02, epochs=5)
    for epoch in range(5):
        _, gradients = backpropagate(by_hand, X, T)
        for layer, (dW, db) in zip(by_hand.layers, gradients, strict=True):
            layer.W -= 0.02 * dW
            layer.b -= 0.02 * db
        assert np.isclose(history.error[epoch], backpropagate(by_hand, X, T)[0], rtol=1e-12)
    assert_same_weights(network, by_hand, 1e-13)


@pytest.mark.parametrize("batch_size", [1, 3])
def test_slide_batch_vs_stochastic_mini_batches_and_online(batch_size):
    network, X, T = small()
    by_hand = copy_of(network)
    train(network, X, T, alpha=0.05, epochs=2, batch_size=batch_size, rng=8)
    rng = np.random.default_rng(8)
    for _ in range(2):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            _, gradients = backpropagate(by_hand, X[rows], T[rows])
            for layer, (dW, db) in zip(by_hand.layers, gradients, strict=True):
                layer.W -= 0.05 * dW
                layer.b -= 0.05 * db
    assert_same_weights(network, by_hand, 1e-13)


@pytest.mark.parametrize("method", ["gradient_descent", "momentum", "adam"])
def test_the_same_seed_gives_the_same_weights_bit_for_bit(method):
    networks = []
    for seed in (4, 4, 5):
        network, X, T = small()
        train(network, X, T, alpha=0.01, epochs=10, batch_size=2, method=method, rng=seed)
        networks.append(network)
    assert_same_weights(networks[0], networks[1])
    assert np.any(networks[0].layers[0].W != networks[2].layers[0].W)


def test_early_stop_returns_to_the_best_validation_error():
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    network = Network([64, 30, 10], activation="tanh", output="softmax", rng=0)
    history = train(
        network, X[:100], T[:100], error="cross_entropy", alpha=0.02, epochs=500, batch_size=10,
        rng=0, validation=(X_test, T_test), patience=5,
    )  # fmt: skip
    watched = history.validation_error
    assert history.end == "no progress" and len(watched) < 500
    assert int(np.argmin(watched)) == len(watched) - 6
    E, _ = backpropagate(network, X_test, T_test, "cross_entropy")
    assert np.isclose(E, min(watched), rtol=1e-12)


def test_early_stop_watches_the_training_error_otherwise():
    """Here nothing is left to learn: the first epoch is the best, and three more are no better."""
    network = Network.of([([[1.0]], [0.0])], ["identity"])
    history = train(network, [[1.0], [2.0]], [[1.0], [2.0]], epochs=100, patience=3)
    assert history.end == "no progress" and history.error == [0] * 4
    assert network.layers[0].W == 1


def test_divergence_names_alpha_and_keeps_the_last_weights():
    network, X, T = small()
    with pytest.raises(Diverged, match="α = 1 is too large here, choose a smaller one") as caught:
        train(network, 100 * X, 100 * T, alpha=1, epochs=1000)
    assert np.isfinite(caught.value.history.error).all()
    assert np.isfinite(network.forward(X)).all()


def assert_entries_and_weights_are_finite(history, network):
    """Every list of the history has one entry an epoch, and no weight is NaN or infinite."""
    assert {len(history.error), len(history.accuracy), len(history.validation_error)} <= {
        0,
        len(history.error),
    }
    for values in (history.error, history.accuracy, history.validation_error):
        assert np.isfinite(values).all()
    for layer in network.layers:
        layer.check()


@pytest.mark.parametrize("method", ["gradient_descent", "momentum", "adam"])
@pytest.mark.parametrize("batch_size", [1, None])
@pytest.mark.parametrize("hidden", ["tanh", "relu"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_size_of_data_leaves_nan_or_infinity(method, batch_size, hidden, dtype):
    """Squares of gradients overflow in Adam, weights do behind a tanh that hides it from E."""
    rng = np.random.default_rng(2)
    for size in (1e10, 1e19, 1e36, 1e150, 1e300) if dtype == np.float64 else (1e10, 1e19, 1e36):
        network = Network([2, 4, 1], hidden, rng=0, dtype=dtype)
        X, T = size * rng.normal(size=(20, 2)), size * rng.normal(size=(20, 1))
        try:
            history = train(network, X, T, alpha=1, epochs=10, batch_size=batch_size, method=method)
        except Diverged as diverged:
            history = diverged.history
        assert_entries_and_weights_are_finite(history, network)


def test_a_step_of_adam_that_overflows_ends_training():
    """The gradient of 1e20 is finite in float32, its square is not. The step is not tried again."""
    network = Network([1, 1], rng=0, dtype=np.float32)
    X, T = np.array([[1e10]], np.float32), np.array([[-1e10]], np.float32)
    with pytest.raises(Diverged, match="in epoch 1:"):
        train(network, X, T, alpha=0.1, epochs=1, method="adam")


def test_a_history_of_divergence_ends_with_the_epoch_before():
    """Here it is the validation samples whose sums overflow, in the first epoch."""
    network = Network([2, 1], output="sigmoid", rng=0)
    X, T = np.eye(2), np.array([[0.0], [1.0]])
    network.layers[0].W = [[1e5, 1e5]]
    with pytest.raises(Diverged, match="in epoch 1:") as caught:
        train(network, X, T, "cross_entropy", epochs=3, validation=(1e304 * X, T))
    history = caught.value.history
    assert history.end == "diverged" and repr(history) == "<0 epochs (diverged): no epoch done>"
    assert history.error == history.accuracy == history.validation_error == []


def test_float32_trains_in_float32_to_about_the_same_weights():
    network, X, T = small()
    weights = [(layer.W.astype(np.float32), layer.b.astype(np.float32)) for layer in network.layers]
    single = Network.of(weights, ["tanh", "identity"])
    for learner in (network, single):
        train(learner, X, T, alpha=0.02, epochs=20, batch_size=3, rng=0)
    assert single.layers[0].W.dtype == single.forward(X).dtype == np.float32
    assert_same_weights(network, single, 1e-5)


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


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize(("hidden", "dtype"), [("tanh", np.float64), ("sigmoid", np.float32)])
def test_training_goes_on_bit_for_bit_where_it_stopped(method, batch_size, hidden, dtype):
    """With the same method and generator, also pickled in between; and 70 neurons have fillers."""
    start = Network([3, 70, 2], hidden, rng=0, dtype=dtype)
    _, X, T = small()
    whole, parts = start.copy(), start.copy()
    train(whole, X, T, alpha=0.01, epochs=9, batch_size=batch_size, method=method, rng=1)
    kept, rng = METHODS[method](), np.random.default_rng(1)
    for epochs in (4, 1, 4):
        train(parts, X, T, alpha=0.01, epochs=epochs, batch_size=batch_size, method=kept, rng=rng)
        kept = pickle.loads(pickle.dumps(kept))
    assert_same_weights(whole, parts)


@pytest.mark.parametrize("method", ["momentum", "adam"])
def test_a_name_begins_anew_and_a_method_goes_on(method):
    networks = []
    for use in (METHODS[method](), method):
        network, X, T = small()
        for _ in range(2):
            train(network, X, T, alpha=0.01, epochs=3, method=use)
        networks.append(network)
    assert np.any(networks[0].layers[0].W != networks[1].layers[0].W)


def test_plain_and_fast_epochs_may_take_turns():
    """What Adam remembers goes from one to the other and back."""
    network, X, T = small()
    turns, kept = copy_of(network), Adam()
    train(network, X, T, alpha=0.01, epochs=4, method="adam")
    for _ in range(2):
        plain_epoch(turns, X, T, alpha=0.01, method=kept)
        train(turns, X, T, alpha=0.01, epochs=1, method=kept)
    assert kept.steps == 4
    assert_same_weights(network, turns, 1e-13)


@pytest.mark.parametrize("end", ["no progress", "diverged"])
def test_adam_goes_back_with_the_weights(end):
    """To the best epoch of an early stop, and to the last one before divergence."""
    network, X, T = small()
    kept = Adam()
    if end == "no progress":
        history = train(network, X, T, alpha=0.9, epochs=500, method=kept, patience=3)
        epochs = int(np.argmin(history.error)) + 1
    else:
        train(network, X, T, alpha=0.01, epochs=4, method=kept)
        with pytest.raises(Diverged) as caught:
            train(network, X, 1e200 * T, alpha=0.01, epochs=500, method=kept)
        history, epochs = caught.value.history, 4
    assert history.end == end and kept.steps == epochs
    other, known = small()[0], Adam()
    train(other, X, T, alpha=0.9 if end == "no progress" else 0.01, epochs=epochs, method=known)
    assert_same_weights(network, other)
    for kept_arrays, known_arrays in zip(kept.memory, known.memory, strict=True):
        assert all(np.array_equal(*pair) for pair in zip(kept_arrays, known_arrays, strict=True))


def variables_of(network):
    return [Variable(w) for layer in network.layers for w in (layer.W, layer.b)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_method_steps_variables_as_it_steps_a_network(method, dtype):
    """The same network written on the tape, with the last of two batches smaller."""
    network, (X, T) = Network([3, 4, 2], rng=0, dtype=dtype), (a.astype(dtype) for a in small()[1:])
    variables, kept, kept_for_network = variables_of(network), METHODS[method](), METHODS[method]()
    for _ in range(5):
        for rows in (slice(0, 4), slice(4, 7)):
            W1, b1, W2, b2 = variables
            Y = np.tanh(X[rows] @ W1.T + b1) @ W2.T + b2
            np.sum((Y - T[rows]) ** 2 / 2).backward()
            kept.step(variables, alpha=0.02)
            plain_epoch(network, X[rows], T[rows], alpha=0.02, method=kept_for_network)
    for variable, w in zip(variables, variables_of(network), strict=True):
        assert variable.value.dtype == dtype and variable.gradient is None
        np.testing.assert_allclose(
            variable.value, w.value, rtol=0, atol=1e-5 if dtype == np.float32 else 1e-13
        )


def test_the_first_step_of_adam_is_alpha_up_to_one():
    """m̂ / √ŝ is the sign of the gradient, whatever its size: α = 1 moves by 1 each time."""
    w, adam = Variable([3.0, -3.0]), Adam()
    for n in (1, 2):
        np.sum(np.array([5.0, -0.25]) * w).backward()
        adam.step([w], alpha=1)
        np.testing.assert_allclose(w.value, [3 - n, -3 + n], rtol=0, atol=1e-7)


def test_scalars_are_variables_too():
    w, momentum = Variable(2.0), Momentum()
    for expected in (2 - 0.1 * 4, 1.6 - (0.9 * 0.4 + 0.1 * 3.2)):
        (w**2).backward()
        momentum.step([w], alpha=0.1)
        assert w.value == pytest.approx(expected, rel=1e-15)


def used(method, *shapes):
    """A method after a step of variables of these shapes."""
    variables = [Variable(np.ones(shape)) for shape in shapes]
    sum(np.sum(v * v) for v in variables).backward()
    method.step(variables, alpha=0.1)
    return method


@pytest.mark.parametrize(
    ("method", "alpha", "words"),
    [
        (Adam(), 1.5, "0 < α <= 1, got 1.5"),
        (used(Adam(), (3,)), 0.1, r"other weights, of shapes \[\(3,\)\]: make a new one .*\[\(2,\)\]"),
        (used(Momentum(), (2,), (2,)), 0.1, "other weights"),
    ],
)
def test_a_step_that_cannot_be_taken_changes_nothing(method, alpha, words):
    w = Variable([1.0, 2.0])
    np.sum(w * w).backward()
    with pytest.raises(ValueError, match=words):
        method.step([w], alpha)
    assert w.value.tolist() == [1, 2] and w.gradient.tolist() == [2, 4]


def test_a_step_wants_every_gradient():
    v, w = Variable(1.0), Variable(2.0)
    (v * v).backward()
    with pytest.raises(ValueError, match="Variable 1 has no gradient: call backward"):
        Adam().step([v, w], 0.1)
    assert v.value == 1


def test_a_method_is_not_taken_for_another_network():
    network, X, T = small()
    kept = Momentum()
    train(network, X, T, alpha=0.01, epochs=1, method=kept)
    with pytest.raises(ValueError, match=r"This Momentum has taken steps on other weights.*make a new one"):
        train(Network([3, 5, 2], rng=0), X, T, alpha=0.01, epochs=1, method=kept)


def test_ctrl_c_never_leaves_nan(monkeypatch):
    network, X, T = small()

    def interrupted(values):
        values[:] = np.nan
        raise KeyboardInterrupt

    monkeypatch.setattr(Buffers, "program", lambda self, X, T: [(interrupted, self._first_product[:1])])
    assert train(network, X, T).end == "interrupted"
    assert_same_weights(network, small()[0])


def test_ctrl_c_returns_what_was_learnt_so_far():
    network, X, T = small()
    before = copy_of(network)
    timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
    timer.start()
    history = train(network, X, T, alpha=0.001, epochs=10**7)
    assert history.end == "interrupted" and 0 < len(history.error) < 10**7
    assert np.any(network.layers[0].W != before.layers[0].W)
    assert history.error[-1] < history.error[0]


def test_accuracy_counts_right_classes():
    X, T = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([[1.0, 0], [0, 1], [0, 1]])
    network = Network([2, 2], output="softmax", rng=0)
    network.layers[0].W, network.layers[0].b = [[2.0, 0.0], [0.0, 1.0]], [0.0, 0.0]
    history = train(network, X, T, error="cross_entropy", alpha=1e-9, epochs=1)
    assert history.accuracy == [pytest.approx(2 / 3)]
    assert train(network, X, T, alpha=1e-9, epochs=1).accuracy == []


def test_equal_outputs_count_as_the_first_class():
    """From weights of 0 this network learns nothing: 1/3 is right, where the first class is."""
    network = Network([2, 4, 3], output="softmax", rng=0)
    for layer in network.layers:
        layer.W, layer.b = 0 * layer.W, 0 * layer.b
    X, T = np.random.default_rng(0).normal(size=(6, 2)), np.tile(np.eye(3), (2, 1))
    history = train(network, X, T, error="cross_entropy", epochs=2)
    assert history.accuracy == [pytest.approx(1 / 3)] * 2
    assert history.error == [pytest.approx(6 * np.log(3))] * 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"alpha": 0}, "0 < α <= 1, got 0"),
        ({"alpha": 1.5}, "0 < α <= 1, got 1.5"),
        ({"epochs": 0}, "epochs must be a whole number of at least 1"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1"),
        ({"patience": 0}, "patience must be a whole number of at least 1"),
        ({"batch_size": "all"}, "batch_size must be a whole number of at least 1, got 'all'"),
        ({"method": "sgd"}, "no method 'sgd'; there are gradient_descent, momentum, adam"),
        ({"method": ["adam"]}, r"no method \['adam'\]"),
        ({"method": Adam}, "no method <class .*Adam'>; there are gradient_descent, momentum, adam, or"),
        ({"rng": "seed"}, "rng must be a seed"),
        ({"validation": 3}, r"validation must be a pair \(X, T\)"),
        ({"validation": (np.zeros((2, 3)),)}, r"validation must be a pair \(X, T\)"),
        (
            {"validation": (np.zeros((2, 3)), [[1]])},
            r"validation must .* T has shape \(1, 1\), expected \(2, 2\)",
        ),
        ({"alpha": "0.1"}, "α must be a number, got '0.1'"),
        ({"error": "hinge"}, "no error 'hinge'"),
        ({"X": np.zeros((0, 3)), "T": np.zeros((0, 2))}, "empty batch"),
        ({"T": np.zeros((7, 3))}, r"T has shape \(7, 3\), expected \(7, 2\).*layer 2"),
    ],
)
def test_bad_input_raises_with_a_reason(changes, words):
    network, X, T = small()
    with pytest.raises(ValueError, match=words):
        train(**({"network": network, "X": X, "T": T, "epochs": 1} | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"alpha": 2}, "0 < α <= 1, got 2"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1"),
        ({"method": "sgd"}, "no method 'sgd'"),
        ({"rng": "seed", "batch_size": 2}, "rng must be a seed"),
        ({"T": np.zeros((7, 3))}, r"T has shape \(7, 3\), expected \(7, 2\)"),
    ],
)
def test_bad_input_of_the_plain_epoch_raises(changes, words):
    network, X, T = small()
    with pytest.raises(ValueError, match=words):
        plain_epoch(**({"network": network, "X": X, "T": T} | changes))
    assert_same_weights(network, small()[0])


@pytest.mark.slow
def test_twenty_of_twenty_solve_xor():
    X, T = datasets.xor()
    for seed in range(20):
        network = Network([2, 8, 1], activation="tanh", output="sigmoid", rng=seed)
        train(network, X, T, error="cross_entropy", alpha=0.5, epochs=500)
        assert np.array_equal(network.forward(X) > 0.5, T > 0.5), seed


@pytest.mark.slow
def test_digits_over_ten_seeds():
    X, T, X_test, T_test = datasets.split(*datasets.digits())
    shares = []
    for seed in range(10):
        network = Network([64, 32, 10], activation="tanh", output="softmax", rng=seed)
        train(network, X, T, error="cross_entropy", alpha=0.02, epochs=60, batch_size=32, rng=seed)
        right = network.forward(X_test).argmax(axis=1) == T_test.argmax(axis=1)
        shares.append(right.mean())
    assert np.median(shares) >= 0.97 and min(shares) >= 0.96


@pytest.mark.slow
def test_the_robot_arm_is_hit_to_a_hundredth_of_its_reach():
    rng = np.random.default_rng(0)
    X, T = datasets.robot_arm(2000, rng)
    X_test, T_test = datasets.robot_arm(500, rng)
    network = Network([2, 40, 2], activation="tanh", rng=0)
    train(network, X, T, alpha=0.005, epochs=300, batch_size=32, method="adam", rng=0)
    rmse = np.sqrt(np.mean(np.sum((network.forward(X_test) - T_test) ** 2, axis=1)))
    assert rmse <= 0.01 * sum(datasets.LINKS)
