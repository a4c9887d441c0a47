"""From syntax trees and a context to claims: shapes, indices, products, derivatives, definitions.

context = read_context(text)
situation = context.situation(headings, beginning_of_the_chain)
value = FormulaReader(Choices(), situation.scope.inner()).value(node, situation.scope)
"""

from .choices import Choices
from .context import Context, Problem, Situation, read_context
from .errors import MeaningError, Misfit
from .formulas import FormulaReader
from .values import Value

__all__ = [
    "Choices",
    "Context",
    "FormulaReader",
    "MeaningError",
    "Misfit",
    "Problem",
    "Situation",
    "Value",
    "read_context",
]
