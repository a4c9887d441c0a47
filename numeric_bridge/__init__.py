"""From symbols to numbers: NumPy functions of SymPy expressions, finite differences, points, the property check."""

from .functions import NumpyFunction, compile_expression

__all__ = ["NumpyFunction", "compile_expression"]
