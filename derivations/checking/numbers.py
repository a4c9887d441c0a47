"""Printed numbers held against exact values: every digit that is shown is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from symbolic import OutOfReach, ShapeMismatch, Verdict
from symbolic.calculation import Decimals, Rows, decide_calculation
from symbolic.lowering import lower
from symbolic.verdict import undecided

from ..printed import half_unit
from ..reading import syntax as s

__all__ = ["Printed", "compare", "printed"]

Printed = Decimals


def printed(node: s.Node) -> Printed | None:
    """The decimals of a matrix or number as printed, row by row; None for anything else."""
    if isinstance(node, s.Annotated):
        return printed(node.body)
    if isinstance(node, s.Delimited) and node.open in ("(", "["):
        return printed(node.body)
    if isinstance(node, s.Matrix):
        rows = tuple(tuple(_decimal(cell) for cell in row) for row in node.rows)
        if any(cell is None for row in rows for cell in row) or len({len(row) for row in rows}) != 1:
            return None
        return rows  # type: ignore[return-value]
    single = _decimal(node)
    return None if single is None else ((single,),)


def _decimal(node: s.Node) -> str | None:
    if isinstance(node, s.Signed) and node.sign in ("-", "+"):
        inner = _decimal(node.body)
        return None if inner is None else node.sign.replace("+", "") + inner
    if isinstance(node, s.Number) and not node.style:
        return node.text
    return None


def compare(
    expression: Any,
    decimals: Printed,
    given: Iterable[Any],
    values: Mapping[str, Rows],
) -> Verdict:
    """PROVED if every decimal is the value rounded to what is shown, REFUTED with the first that is not.

    ``expression`` is an entry in terms of the indices ``row`` and ``column``; ``values`` are the exact numbers of what
    has no definition.
    """
    least = _fewest_places(decimals)
    bounds = tuple(tuple(half_unit(x, least if Fraction(x) == 0 else None, None) for x in row) for row in decimals)
    try:
        claim = lower(expression, sp.Integer(0), tuple(given))
    except (OutOfReach, ShapeMismatch) as reason:
        return undecided(str(reason) or type(reason).__name__)
    return decide_calculation(claim, values, decimals, bounds)


def _fewest_places(decimals: Printed) -> int:
    """What a printed 0 claims: as many places as the number beside it that shows the fewest."""
    places = [len(text.partition(".")[2]) for row in decimals for text in row if Fraction(text) != 0]
    return min(places, default=max(len(text.partition(".")[2]) for row in decimals for text in row))
