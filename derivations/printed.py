"""Calculations with numbers: the decimals that a document prints, held against rigorous values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from symbolic import Source, Step, Verdict, VerdictKind
from symbolic.calculation import Decimals, Rows, decide_calculation
from symbolic.lowering import lower

__all__ = ["Decimals", "PrintedCalculation", "Quantity", "half_unit"]


@dataclass(frozen=True)
class Quantity:
    """A matrix of printed decimals and the expression whose value they claim to be.

    They claim ``digits`` significant digits or ``places`` decimal places (trailing zeros may be left out), or, where
    neither is said, what each of them shows.
    """

    label: str
    expression: Any
    printed: Decimals
    places: int | None = None
    digits: int | None = None
    expected: VerdictKind = VerdictKind.PROVED
    reason: str = "to the last printed digit"


@dataclass(frozen=True)
class PrintedCalculation:
    """A calculation whose printed numbers are compared with its exact one.

    Equation: |value - printed| <= half a unit of the last place that is claimed, for every entry; shown by ball
    arithmetic, so that "proved" and "refuted" are as rigorous as for an equality.  ``given`` defines every quantity
    from ``values``, which are exact: nothing is rounded between the steps.
    """

    name: str
    title: str
    values: Mapping[str, Decimals]
    quantities: tuple[Quantity, ...]
    given: tuple[Any, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""

    def steps(self) -> Iterator[Step]:
        """One step for each printed matrix: the exact quantity and the decimals."""
        for quantity in self.quantities:
            printed = sp.ImmutableMatrix([[sp.Rational(d) for d in row] for row in quantity.printed])
            yield Step(quantity.label, quantity.expression, printed, quantity.reason, self.given, quantity.expected)

    def decide_step(self, step: Step) -> Verdict:
        """PROVED if every printed decimal is the rounded value, REFUTED with the first entry that is not."""
        quantity = next(q for q in self.quantities if q.label == step.label)
        exact: dict[str, Rows] = {name: _fractions(rows) for name, rows in self.values.items()}
        bounds = tuple(
            tuple(half_unit(text, quantity.places, quantity.digits) for text in row) for row in quantity.printed
        )
        claim = lower(quantity.expression, quantity.expression, self.given)
        return decide_calculation(claim, exact, quantity.printed, bounds)


def half_unit(text: str, places: int | None, digits: int | None) -> Fraction:
    """Half a unit of the last place that a printed decimal claims."""
    if places is None and digits is None:
        places = len(text.partition(".")[2])
    if digits is not None:
        leading = text.lstrip("-").replace(".", "").lstrip("0")
        before = len(text.lstrip("-").partition(".")[0].lstrip("0"))
        zeros = len(text.partition(".")[2]) - len(text.partition(".")[2].lstrip("0"))
        places = digits - before if before or not leading else digits + zeros
    return Fraction(1, 2) / Fraction(10) ** (places or 0)


def _fractions(rows: Decimals) -> Rows:
    return tuple(tuple(Fraction(d) for d in row) for row in rows)
