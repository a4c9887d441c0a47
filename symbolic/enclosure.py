"""Rigorous values of an expression at given numbers: balls that contain its entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from flint import arb, ctx

from .balls import Evaluation, Point
from .lowering import lower

__all__ = ["enclose"]

Rows = tuple[tuple[Fraction, ...], ...]


def enclose(
    expression: Any, given: Iterable[Any], values: Mapping[str, Rows], precision: int = 256
) -> dict[tuple[int, ...], arb]:
    """A ball for each entry of a matrix expression of explicit shape (or for a scalar, under ``()``).

    ``given`` holds the definitions, ``values`` the exact entries of every tensor that has none.  Raises
    `symbolic.jets.NotDefined` where an entry has no value and `Unclear` where the precision does not tell a case.
    """
    claim = lower(expression, expression, given)
    tensors: dict[str, dict[tuple[int, ...], Fraction]] = {
        name: {(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row)}
        for name, rows in values.items()
    }
    ctx.prec = precision
    evaluation = Evaluation(Point(tensors=tensors), claim.definitions)
    shape = getattr(expression, "shape", None)
    if not shape:
        return {(): evaluation.value(claim.left, {})}
    cells = [(i, j) for i in range(int(shape[0])) for j in range(int(shape[1]))]
    return {cell: evaluation.value(claim.left, {"row": cell[0], "column": cell[1]}) for cell in cells}
