"""The checks of unit 6: applications."""

from nnlib.grading.checks.judging.explanation import explain
from nnlib.grading.checks.unit_6.board_games import game_delta, puct
from nnlib.grading.checks.unit_6.boxes import box_delta, iou
from nnlib.grading.checks.unit_6.computer_games import discounted, policy_delta, td_gradient
from nnlib.grading.checks.unit_6.convolution import convolve, convolve_back
from nnlib.grading.checks.unit_6.looking import attention, attention_back, sequence_delta
from nnlib.grading.checks.unit_6.mended import mended, wrong_lines
from nnlib.grading.checks.unit_6.painting import style_gradient
from nnlib.grading.checks.unit_6.pixels import dice_delta, pixel_delta

__all__ = [
    "attention",
    "attention_back",
    "box_delta",
    "convolve",
    "convolve_back",
    "dice_delta",
    "discounted",
    "explain",
    "game_delta",
    "iou",
    "mended",
    "pixel_delta",
    "policy_delta",
    "puct",
    "sequence_delta",
    "style_gradient",
    "td_gradient",
    "wrong_lines",
]
