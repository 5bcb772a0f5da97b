"""Pictures that move. Each is one Python, one JavaScript and, if it needs one, one CSS file here.

Everything is computed in the page, so a key press is answered at once, with or without a kernel.
"""

from nnlib.widgets.activation_curves import activation_curves
from nnlib.widgets.arm import arm
from nnlib.widgets.board_game import board_game
from nnlib.widgets.breed_pictures import breed_pictures
from nnlib.widgets.dead_neuron import dead_neuron
from nnlib.widgets.decision_surfaces import decision_surfaces
from nnlib.widgets.deep_signals import deep_signals
from nnlib.widgets.derive_hidden_delta import derive_hidden_delta
from nnlib.widgets.differentiate import differentiate
from nnlib.widgets.drag_shapes import drag_shapes
from nnlib.widgets.dual_tangent import dual_tangent
from nnlib.widgets.fit_a_line import fit_a_line
from nnlib.widgets.mix_styles import mix_styles
from nnlib.widgets.mode_costs import mode_costs
from nnlib.widgets.network_builder import network_builder
from nnlib.widgets.neuron import neuron
from nnlib.widgets.node_roles import node_roles
from nnlib.widgets.paint_street import paint_street
from nnlib.widgets.picture_pairs import picture_pairs
from nnlib.widgets.play_catch import play_catch
from nnlib.widgets.race import race
from nnlib.widgets.recurrent_pair import recurrent_pair
from nnlib.widgets.softmax_scores import softmax_scores
from nnlib.widgets.step_size import step_size
from nnlib.widgets.step_through import step_through
from nnlib.widgets.train_live import train_live
from nnlib.widgets.translate import translate
from nnlib.widgets.weights_live import weights_live
from nnlib.widgets.xor_surface import xor_surface

__all__ = [
    "activation_curves",
    "arm",
    "board_game",
    "breed_pictures",
    "dead_neuron",
    "decision_surfaces",
    "deep_signals",
    "derive_hidden_delta",
    "differentiate",
    "drag_shapes",
    "dual_tangent",
    "fit_a_line",
    "mix_styles",
    "mode_costs",
    "network_builder",
    "neuron",
    "node_roles",
    "paint_street",
    "picture_pairs",
    "play_catch",
    "race",
    "recurrent_pair",
    "softmax_scores",
    "step_size",
    "step_through",
    "train_live",
    "translate",
    "weights_live",
    "xor_surface",
]
