"""A failed check: what is wrong, in the lecture's words."""


class CheckFailed(AssertionError):
    """Raised by a check. Its text is the hint; a notebook shows the hint and no traceback.

    slip: a short name of what is wrong, such as "transpose"; "wrong" if no known slip explains it.
    hint: what is wrong and what to do, in a sentence or two.
    difference: largest absolute difference to the right values, or None.
    """

    def __init__(self, slip, hint, difference=None):
        self.slip = slip
        self.hint = hint
        self.difference = difference
        super().__init__(hint)

    def _render_traceback_(self):
        return [f"Not yet: {self.hint}"]
