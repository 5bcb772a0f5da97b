"""Derivatives, four ways: numeric, symbolic, dual numbers (forward mode), tape (reverse mode)."""
