"""A proved formula applied to every row of a matrix: its textbook line, written for row s, defines the quantity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.given import Define

from ._formula import Formula, Use

__all__ = ["row_by_row"]


def row_by_row(formula: Formula, line: int, at: Any, arguments: Mapping[str, Any]) -> Use:
    """The use of a formula whose line of this number (-1 is the start) defines the entry `at` of a matrix or column.

    ``arguments`` holds, for each argument of the formula (a column), the matrix whose row of the same number as that of
    the entry is given to it.  Parameters have their defaults.
    """
    derivation = formula.derivation
    textbook = derivation.start if line < 0 else derivation.lines[line].expression
    quantity, row, entry = at.parent, at.indices[0], at.indices[1]
    (length,) = {matrix.shape[1] for matrix in arguments.values()}
    (size,) = {argument.symbol.shape[0] for argument in formula.arguments}
    replaced: dict[Any, Any] = {p.symbol: sp.Rational(str(p.default)) for p in formula.parameters}
    replaced[size] = length
    if entry != 0:
        replaced[sp.Symbol("i", integer=True)] = entry
    value = _instantiated(textbook, replaced, {a.symbol: arguments[a.name] for a in formula.arguments}, row)
    return Use(quantity, formula, arguments, Define(at, value))


def _instantiated(e: Any, replaced: Mapping[Any, Any], rows: Mapping[Any, Any], row: Any) -> Any:
    """The expression with each column replaced by a row of its matrix."""
    if e in replaced:
        return replaced[e]
    if isinstance(e, MatrixElement):
        position = _instantiated(e.indices[0], replaced, rows, row)
        return rows[e.parent][row, position]
    if not e.args:
        return e
    return e.func(*(_instantiated(part, replaced, rows, row) for part in e.args))
