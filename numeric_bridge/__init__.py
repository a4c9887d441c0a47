"""From symbols to numbers: NumPy functions of SymPy expressions, finite differences, points, the property check."""

from .functions import NumpyFunction, compile_expression
from .points import Sample, points
from .property_check import Failure, LineDiffers, LineReport, PropertyCheck, PropertyReport, check_derivation

__all__ = [
    "Failure",
    "LineDiffers",
    "LineReport",
    "NumpyFunction",
    "PropertyCheck",
    "PropertyReport",
    "Sample",
    "check_derivation",
    "compile_expression",
    "points",
]
