"""One call of each live figure, for tests of what all of them offer and for the bench."""

import numpy as np

from nnlib import Network, widgets
from nnlib.applications import translation
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
