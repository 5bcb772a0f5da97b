"""An arm that grasps by its Jacobian: unit 5, inverse kinematics with dual numbers."""

import numpy as np
import traitlets

from nnlib.arguments import shaped
from nnlib.datasets import LINKS
from nnlib.differentiation import jacobian
from nnlib.figures.svg import circle, element
from nnlib.widgets.live_figure import LiveFigure
from nnlib.widgets.notation import number
from nnlib.widgets.picture import BLUE, GREEN, LINE, ORANGE, SOFT, picture

OBJECTS = [[0.55, 0.6], [-0.35, 0.7], [0.7, -0.35]]
"""Places of the objects to grasp, in metres."""


def hand(q):
    """The place of the hand in metres for the angles q (2,) of shoulder and elbow."""
    both = q[0] + q[1]
    across = LINKS[0] * np.cos(q[0]) + LINKS[1] * np.cos(both)
    up = LINKS[0] * np.sin(q[0]) + LINKS[1] * np.sin(both)
    return np.stack([across, up])


class Arm(LiveFigure):
    """Two links, a goal, and the columns of the Jacobian at the hand."""

    name = "arm"
    links = traitlets.List(list(LINKS)).tag(sync=True)
    objects = traitlets.List(OBJECTS).tag(sync=True)
    q = traitlets.List().tag(sync=True)
    goal = traitlets.List().tag(sync=True)
    damping = traitlets.Float(0.1).tag(sync=True)

    def text(self):
        q = np.array(self.q)
        (x, y), J = hand(q), jacobian(hand, q)
        rows = "; ".join(" ".join(number(v) for v in row) for row in J)
        place = ", ".join(number(v) for v in self.goal)
        return (
            f"angles {number(q[0])} and {number(q[1])}, hand at ({number(x)}, {number(y)}), "
            f"goal ({place})\nJ = ({rows}), det J = {number(np.linalg.det(J))}"
        )

    def svg(self):
        q = np.array(self.q)
        elbow = LINKS[0] * np.array([np.cos(q[0]), np.sin(q[0])])
        points = [(200 + 160 * x, 180 - 160 * y) for x, y in ([0.0, 0.0], elbow, hand(q))]
        goal = 200 + 160 * self.goal[0], 180 - 160 * self.goal[1]
        limbs = [
            element(
                "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=10, stroke_linecap="round"
            )
            for (x1, y1), (x2, y2), colour in zip(points, points[1:], (SOFT, BLUE), strict=False)
        ]
        objects = [
            circle(200 + 160 * x, 180 - 160 * y, 6, fill="none", stroke=GREEN) for x, y in self.objects
        ]
        ring = circle(200, 180, 160 * sum(LINKS), fill="none", stroke=LINE)
        target = circle(*goal, 8, fill="none", stroke=ORANGE, stroke_width=3)
        return picture(
            400, 360, "An arm with two links, and the goal of its hand", ring, *objects, *limbs, target
        )


def arm(q=(0.2, 0.9), goal=(0.55, 0.6)):
    """An arm whose hand follows a goal: drag it, or move it with the arrow keys.

    q: the angles of shoulder and elbow in radians; goal: a place in metres.
    Raises ValueError for other shapes, or values that are not finite.
    """
    q = shaped(q, "q", (2,), ": one angle for each of the two joints")
    goal = shaped(goal, "goal", (2,), ": x and y")
    return Arm(q=q.tolist(), goal=goal.tolist())
