"""One call of each live figure, for tests of what all of them offer and for the bench."""

import numpy as np

from nnlib import Network, widgets
from nnlib.applications import shipped, translation
from nnlib.applications.fitting import arrays

CALLS = {
    "arm": widgets.arm,
    "board_game": widgets.board_game,
    "breed_pictures": widgets.breed_pictures,
    "activation_curves": widgets.activation_curves,
    "dead_neuron": widgets.dead_neuron,
    "decision_surfaces": widgets.decision_surfaces,
    "deep_signals": widgets.deep_signals,
    "derive_hidden_delta": widgets.derive_hidden_delta,
    "differentiate": lambda: widgets.differentiate("x1 * sin(x2)", x1=2.0, x2=1.0),
    "drag_shapes": widgets.drag_shapes,
    "dual_tangent": widgets.dual_tangent,
    "fit_a_line": widgets.fit_a_line,
    "mix_styles": widgets.mix_styles,
    "mode_costs": widgets.mode_costs,
    "network_builder": widgets.network_builder,
    "neuron": widgets.neuron,
    "node_roles": widgets.node_roles,
    "paint_street": widgets.paint_street,
    "picture_pairs": widgets.picture_pairs,
    "play_catch": widgets.play_catch,
    "race": widgets.race,
    "recurrent_pair": widgets.recurrent_pair,
    "softmax_scores": widgets.softmax_scores,
    "step_size": widgets.step_size,
    "step_through": lambda: widgets.step_through(Network([2, 2, 2], rng=0), [0.5, 1], [1, 0]),
    "train_live": widgets.train_live,
    "translate": lambda: widgets.translate(arrays(translation.weights(np.random.default_rng(0)))),
    "weights_live": widgets.weights_live,
    "xor_surface": widgets.xor_surface,
}

W1, W2 = [[1.5, -1.0], [-1.0, 1.0]], [[1.0, 2.0], [3.0, -1.0]]
CARRIED = Network.of(
    [(np.array(W1), np.array([0.5, 0.0])), (np.array(W2), np.zeros(2))], ["sigmoid", "identity"]
)
TABLE = "ln(x1) + x1*x2 - sin(x2)"

SHOWN = CALLS | {
    "differentiate": lambda: widgets.differentiate(TABLE, x1=2.0, x2=5.0),
    "differentiate_reverse": lambda: widgets.differentiate(TABLE, x1=2.0, x2=5.0, mode="reverse"),
    "dual_tangent": lambda: widgets.dual_tangent("x**2 + 2*x + 3", at=-2.0),
    "first_disagreement": lambda: widgets.step_through(
        CARRIED, [1.0, 2.0], [1.0, 1.0], deltas=[[-1.5, 2.0], [0.5, -1.0]]
    ),
    "pawn_chess": lambda: widgets.board_game("pawn_chess"),
    "shogi": lambda: widgets.board_game("shogi"),
    "capture_go": lambda: widgets.board_game("capture_go"),
    "step_size": lambda: widgets.step_size("x*sin(x)", at=2.0),
    "step_through": lambda: widgets.step_through(CARRIED, [1.0, 2.0], [1.0, 1.0]),
    "translate": lambda: widgets.translate(shipped.load("translation")),
}
"""Each as the lectures show it."""
