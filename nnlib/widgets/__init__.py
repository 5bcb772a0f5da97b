"""Pictures that move. Each is one Python, one JavaScript and, if it needs one, one CSS file here.

Everything is computed in the page, so a key press is answered at once, with or without a kernel.
"""

from nnlib.widgets.fit_a_line import fit_a_line
from nnlib.widgets.softmax_scores import softmax_scores
from nnlib.widgets.step_through import step_through

__all__ = ["fit_a_line", "softmax_scores", "step_through"]
