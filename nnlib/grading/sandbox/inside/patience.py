"""How long a cell may wait: what both sides of a sandbox know of time."""

PATIENCE = 10
"""How much longer than it may compute a cell or a call may take by the clock."""
