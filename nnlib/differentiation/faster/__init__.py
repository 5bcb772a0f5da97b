"""What `tape` and `layers` say plainly, for speed: a test holds both to the same numbers."""
