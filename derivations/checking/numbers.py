"""Printed numbers held against exact values: every digit that is shown is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from symbolic import Counterexample, OutOfReach, ShapeMismatch, Verdict, VerdictKind, Witness
from symbolic.balls import Evaluation, Point
from symbolic.jets import NotDefined, Unclear
from symbolic.lowering import lower
from symbolic.verdict import undecided

from ..printed import half_unit
from ..reading import syntax as s

__all__ = ["Printed", "compare", "printed"]

Printed = tuple[tuple[str, ...], ...]
_PRECISION = 256


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
    indices: tuple[Any, ...],
    decimals: Printed,
    given: Iterable[Any],
    values: Mapping[str, tuple[tuple[Fraction, ...], ...]],
) -> Verdict:
    """PROVED if every decimal is the value rounded to what is shown, REFUTED with the first that is not.

    ``expression`` is an entry in terms of the indices (row, column); ``values`` are the exact numbers of what has no
    definition.
    """
    scalars = {name: rows[0][0] for name, rows in values.items() if len(rows) == len(rows[0]) == 1}
    tensors = {name: _tensor(rows) for name, rows in values.items() if name not in scalars}
    ctx.prec = _PRECISION
    try:
        claim = lower(expression, sp.Integer(0), tuple(given))
        evaluation = Evaluation(Point(scalars=scalars, tensors=tensors), claim.definitions)
        for row, texts in enumerate(decimals):
            for column, text in enumerate(texts):
                at = {index.name: p for index, p in zip(indices, (row, column), strict=False) if index.is_Symbol}
                verdict = _entry(evaluation.value(claim.left, at), text, (row, column), _fewest_places(decimals))
                if verdict is not None:
                    return verdict
    except (OutOfReach, ShapeMismatch, NotDefined, Unclear) as reason:
        return undecided(str(reason) or type(reason).__name__)
    except KeyError as missing:
        return undecided(f"{missing.args[0]} has no number; give it in the context")
    return Verdict(VerdictKind.PROVED, witness=Witness(values={n: _text(rows) for n, rows in values.items()}))


def _entry(value: arb, text: str, where: tuple[int, int], least: int) -> Verdict | None:
    """None if the decimal is the value rounded to what it shows."""
    gap = abs(value - arb(fmpq(*Fraction(text).as_integer_ratio())))
    bound = arb(fmpq(*half_unit(text, least if Fraction(text) == 0 else None, None).as_integer_ratio()))
    if gap <= bound:
        return None
    if not gap > bound:
        return undecided("the value is too near to the edge of what the printed digits claim")
    found = Counterexample(
        indices={"row": where[0], "column": where[1]},
        left=value.str(12, radius=False),
        right=f"{text} (printed)",
    )
    return Verdict(VerdictKind.REFUTED, counterexample=found)


def _tensor(rows: tuple[tuple[Fraction, ...], ...]) -> dict[tuple[int, ...], Fraction]:
    """Entries by their indices; dimensions of size 1 have none."""
    by_row, by_column = len(rows) > 1, len(rows[0]) > 1
    return {
        (*((i,) if by_row else ()), *((j,) if by_column else ())): value
        for i, row in enumerate(rows)
        for j, value in enumerate(row)
    }


def _fewest_places(decimals: Printed) -> int:
    """What a printed 0 claims: as many places as the number beside it that shows the fewest."""
    places = [len(text.partition(".")[2]) for row in decimals for text in row if Fraction(text) != 0]
    return min(places, default=max(len(text.partition(".")[2]) for row in decimals for text in row))


def _text(rows: tuple[tuple[Fraction, ...], ...]) -> str:
    return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in rows) + "]"
