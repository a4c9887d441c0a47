"""Reference values of formulas: the start of the derivation in ball arithmetic, as precise as is needed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, ctx

from derivations.catalogue._formula import Formula
from symbolic import lower
from symbolic import terms as t
from symbolic.balls import CasesDiffer, Evaluation, Point
from symbolic.jets import NotDefined, Unclear
from symbolic.terms import Term

PRECISIONS = (192, 1300, 4400)  # bits
ACCURATE = 67  # bits: a relative radius below 1e-20
FAR = 1300  # beyond 2^1300 everything overflows, below 2^-1300 everything is 0


class Reference:
    """The exact value of a formula at floats, and its condition number there."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        derivation = formula.derivation
        self.claim = lower(derivation.start, derivation.start, derivation.given)
        self.entries = [name for name in self.claim.indices if name != "label"]

    def at(self, arguments: tuple[Any, ...], entry: int = 0) -> Fraction | None:
        """The value of one entry of the result; None where it is not defined or stays unclear."""
        return self._value(self.claim.left, self._point(arguments, entry))

    def condition(self, arguments: tuple[Any, ...], entry: int, value: Fraction) -> float:
        """The sum of |x df/dx / f| over all entries x of the arguments."""
        total = Fraction(0)
        point = self._point(arguments, entry)
        for variable, x in self._variables(arguments):
            slope = self._value(t.derivative(self.claim.left, variable), point) if x else Fraction(0)
            total += abs(x * (slope or 0))
        if total == 0:
            return 0.0
        return float(min(total / abs(value), Fraction(10) ** 300)) if value else float("inf")

    def _variables(self, arguments: tuple[Any, ...]) -> Iterator[tuple[Term, Fraction]]:
        for argument, value in zip(self.formula.arguments, arguments, strict=True):
            if argument.axes == ("n",) and argument.name in self.claim.tensors:
                yield from ((t.entry(argument.name, (k, 0)), Fraction(float(x))) for k, x in enumerate(value))
            elif argument.axes == () and argument.name in self.claim.symbols:
                yield t.symbol(argument.name), Fraction(float(value))

    def _point(self, arguments: tuple[Any, ...], entry: int) -> Point:
        point = Point()
        for argument, value in zip(self.formula.arguments, arguments, strict=True):
            if argument.axes == ("n",):
                point.sizes["n"] = len(value)
                point.tensors[argument.name] = {(k, 0): Fraction(float(x)) for k, x in enumerate(np.asarray(value))}
            elif argument.axes == ("label",):
                point.indices["label"] = int(value)
            else:
                point.scalars[argument.name] = Fraction(float(value))
        point.scalars |= {p.name: Fraction(p.default) for p in self.formula.parameters}
        point.indices |= dict.fromkeys(self.entries, entry)
        return point

    def _value(self, term: Term, point: Point) -> Fraction | None:
        before = ctx.prec
        try:
            for ctx.prec in PRECISIONS:
                try:
                    ball = Evaluation(point, self.claim.definitions).value(term, point.indices)
                except NotDefined:
                    return None
                except (Unclear, CasesDiffer):
                    continue
                if (found := _rational(ball)) is not None:
                    return found
            return None
        finally:
            ctx.prec = before


def _rational(ball: arb) -> Fraction | None:
    """The middle of the ball if it is small enough; what is far out is taken to the end of the range."""
    if abs(ball) < arb(2) ** -FAR:
        return Fraction(0)
    if abs(ball) > arb(2) ** FAR:
        return Fraction(2) ** FAR * (1 if ball > 0 else -1)
    if ball.rel_accuracy_bits() < ACCURATE:
        return None
    mantissa, exponent = ball.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
