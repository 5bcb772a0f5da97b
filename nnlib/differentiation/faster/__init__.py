"""The sweep of `tape` and the `layers` once more, for speed. Tests hold both to the same numbers."""
