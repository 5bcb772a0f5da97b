"""A gradient as a program: `compile_gradient(f, *examples)`."""

from nnlib.differentiation.compiler import traced_functions  # noqa: F401, gives Traced its functions
from nnlib.differentiation.compiler.program import CompiledGradient, compile_gradient

__all__ = ["CompiledGradient", "compile_gradient"]
