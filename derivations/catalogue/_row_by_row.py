"""A proved formula applied to every row of a matrix: its textbook line, written for that row, defines the quantity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.derivation import DerivationError
from symbolic.given import Define

from ._formula import Formula, Use

__all__ = ["row_by_row"]

_ENTRY = sp.Symbol("i", integer=True)  # the free index of every formula whose value is a vector


def row_by_row(formula: Formula, line: int, at: Any, arguments: Mapping[str, Any], keeps: tuple[str, ...] = ()) -> Use:
    """The use of a formula whose line of this number (-1 is the start) defines the entry `at` of a quantity.

    ``arguments`` holds, for each argument of the formula (a column), the matrix whose row of the same number as that of
    the entry is given to it, or a column as it is.  Parameters have their defaults, but those that it ``keeps``.
    """
    derivation = formula.derivation
    textbook = derivation.start if line < 0 else derivation.lines[line].expression
    matrices = {a.symbol: arguments[a.name] for a in formula.arguments}
    of_rows = all(matrix.shape[1] != 1 for matrix in matrices.values())
    row, entry = at.indices if of_rows else (None, at.indices[0])
    (length,) = {matrix.shape[1 if of_rows else 0] for matrix in matrices.values()}
    (size,) = {argument.symbol.shape[0] for argument in formula.arguments}
    bound = {limits[0] for found in textbook.atoms(sp.Sum) for limits in found.limits}
    if bound & {row, entry}:
        raise DerivationError(f"{at} names an index that {derivation.name!r} sums over; name it otherwise")
    replaced = {p.symbol: sp.Rational(str(p.default)) for p in formula.parameters if p.name not in keeps}
    replaced |= {size: length} | ({} if entry == 0 else {_ENTRY: entry})
    return Use(at.parent, formula, arguments, Define(at, _instantiated(textbook, replaced, matrices, row)))


def _instantiated(e: Any, replaced: Mapping[Any, Any], matrices: Mapping[Any, Any], row: Any) -> Any:
    """The expression with each column replaced by a row of its matrix."""
    if e in replaced:
        return replaced[e]
    if isinstance(e, MatrixElement):
        position = _instantiated(e.indices[0], replaced, matrices, row)
        matrix = matrices[e.parent]
        return matrix[position, 0] if row is None else matrix[row, position]
    if not e.args:
        return e
    return e.func(*(_instantiated(part, replaced, matrices, row) for part in e.args))
