"""The figures of unit 2: what they say is what nnlib computes, and what does not fit is told."""

import base64

import numpy as np
import pytest

from nnlib import Network, datasets, recurrent, widgets
from nnlib.graph import NeuronGraph
from nnlib.widgets.network_builder import CONNECTIONS
from nnlib.widgets.node_roles import DRAWINGS, role
from nnlib.widgets.weights_live import EPOCHS, best_liked, course, outputs


def test_a_neuron_counts_its_wrong_points():
    right = {"AND": ((2, 2), -3), "OR": ((2, 2), -1)}
    for task, (w, b) in right.items():
        assert widgets.neuron(w, b, task).wrong() == 0
    assert widgets.neuron((2, 2), -1, "XOR").wrong() == 1
    assert "3 of 4 wrong" in widgets.neuron().text()


def test_the_error_of_a_neuron_is_half_the_sum_of_squares():
    figure = widgets.neuron((1.5, -0.5), 0.25, "XOR")
    X, T = datasets.xor()
    network = Network.of([(np.array([[1.5, -0.5]]), np.array([0.25]))], ["sigmoid"])
    assert figure.error() == pytest.approx(((network.forward(X) - T) ** 2).sum() / 2)


def test_every_role_occurs_and_follows_from_the_environment():
    roles = [set(d["roles"].values()) for d in widgets.node_roles().drawings]
    assert roles[0] == {"input", "hidden", "output"} and set().union(*roles) == {*roles[0], "both"}
    for drawing in DRAWINGS:
        named = {node for pair in drawing["connections"] for node in pair}
        assert named == set(drawing["places"]) and set(drawing["enter"] + drawing["leave"]) <= named


def test_the_answers_of_the_tasks_on_roles_are_right():
    sends_on = [any(node in drawing["leave"] for node, _ in drawing["connections"]) for drawing in DRAWINGS]
    assert sends_on == [False, False, True, True]
    kinds = [NeuronGraph(dict.fromkeys(d["connections"], 1)).kind for d in DRAWINGS]
    assert kinds == ["feedforward"] * 3 + ["recurrent"]
    both = [[n for n in d["places"] if role(d, n) == "both"] for d in DRAWINGS]
    assert both == [[], [], [], ["r"]]


def test_the_network_to_build_says_its_kind_and_its_values():
    figure = widgets.network_builder()
    assert "feedforward, 6 parameters" in figure.text() and "h = 0.0000, y = 0.4621" in figure.text()
    figure.connections = [*CONNECTIONS, ["y", "h", -1.0]]
    assert "recurrent, 7 parameters" in figure.text() and "→" in figure.text()
    figure.connections = []
    assert "without a connection" in figure.text() and figure.svg()


@pytest.mark.parametrize(
    ("w11", "w12", "kind", "period"),
    [(4, 3, "settles", 1), (-20, 2, "oscillates", 2), (1, 4, "wanders", 0), (-20, 6, "chaotic", 0)],
)
def test_two_neurons_behave_as_the_buttons_say(w11, w12, kind, period):
    figure = widgets.recurrent_pair(w11, w12)
    number, steps, _ = recurrent.behaviour(figure.W, figure.biases, "sigmoid", figure.start)
    assert (recurrent.BEHAVIOURS[int(number)], int(steps)) == (kind, period)
    assert kind in figure.text()


def test_the_networks_in_the_page_are_those_that_were_trained():
    figure = widgets.weights_live()
    kept, accuracies = course()
    size = sum(array.size for array in kept[0])
    sent = np.frombuffer(base64.b64decode(figure.weights), "<f4")
    assert len(sent) == size * len(EPOCHS) and figure.accuracies == accuracies
    assert np.allclose(sent[-10:], kept[-1][3], atol=1e-6) and accuracies[-1] > 0.96


def test_misread_images_are_misread_and_the_others_are_not():
    figure, last = widgets.weights_live(), course()[0][-1]
    for group, right in ((figure.samples, True), (figure.misread, False)):
        for sample in group:
            _, y = outputs(last, np.array(sample["pixels"]))
            assert (y.argmax() == sample["digit"]) == right


def test_no_image_of_pixels_is_liked_better_than_the_best():
    rng = np.random.default_rng(0)
    w = rng.normal(size=64)
    best = w @ best_liked(w)
    assert all(best >= w @ rng.random(64) for _ in range(100))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: widgets.neuron(task="NOR"), "AND, OR or XOR"),
        (lambda: widgets.neuron((20, 0)), "from -10 to 10"),
        (lambda: widgets.neuron((1, 2, 3)), "two numbers"),
        (lambda: widgets.node_roles(7), "from 0 to 3"),
        (lambda: widgets.recurrent_pair(w11=99), "lie on the map"),
        (lambda: widgets.recurrent_pair(w22=np.inf), "finite"),
    ],
)
def test_bad_arguments_raise_with_a_reason(make, words):
    with pytest.raises(ValueError, match=words):
        make()
