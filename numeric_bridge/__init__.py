"""From symbols to numbers: NumPy functions of SymPy expressions, finite differences, points, the property check."""

from .errata import ErratumReport, check_erratum
from .functions import NumpyFunction, compile_expression
from .points import Sample, points
from .property_check import Failure, LineDiffers, LineReport, PropertyCheck, PropertyReport, check_derivation

__all__ = [
    "ErratumReport",
    "Failure",
    "LineDiffers",
    "LineReport",
    "NumpyFunction",
    "PropertyCheck",
    "PropertyReport",
    "Sample",
    "check_derivation",
    "check_erratum",
    "compile_expression",
    "points",
]
