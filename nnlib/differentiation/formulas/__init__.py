"""Expressions as text, simplified, and in SymPy."""
