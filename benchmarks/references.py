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
        named = [str(index) for index in formula.indices]
        self.entries = named or [name for name in self.claim.indices if name != "label"]

    def at(self, arguments: tuple[Any, ...], entry: tuple[int, ...] = ()) -> Fraction | None:
        """The value of one entry of the result; None where it is not defined or stays unclear."""
        return self._value(self.claim.left, self._point(arguments, entry))

    def condition(self, arguments: tuple[Any, ...], entry: tuple[int, ...], value: Fraction) -> float:
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
            if argument.name in self.claim.tensors:
                yield from ((t.entry(argument.name, place), x) for place, x in _entries(value).items())
            elif argument.axes == () and argument.name in self.claim.symbols:
                yield t.symbol(argument.name), Fraction(float(value))

    def _point(self, arguments: tuple[Any, ...], entry: tuple[int, ...]) -> Point:
        point = Point()
        for argument, value in zip(self.formula.arguments, arguments, strict=True):
            if argument.axes == ("label",):
                point.indices["label"] = int(value)
            elif argument.axes:
                point.sizes |= dict(zip(argument.axes, np.shape(value), strict=True))
                point.tensors[argument.name] = _entries(value)
            else:
                point.scalars[argument.name] = Fraction(float(value))
        point.scalars |= {p.name: Fraction(p.default) for p in self.formula.parameters}
        point.indices |= dict(zip(self.entries, entry, strict=False))
        self._complete(point)
        return point

    def _complete(self, point: Point) -> None:
        """Numbers for what the start names and the value does not depend on: the input, for a gradient by a bias."""
        for name, tensor in self.claim.tensors.items():
            if name not in point.tensors and name not in self.claim.definitions:
                shape = [d if isinstance(d, int) else point.sizes.setdefault(d, 2) for d in tensor.dimensions]
                places = np.ndindex(*shape)
                point.tensors[name] = {place: Fraction(n + 1) for n, place in enumerate(places)}
        for name in self.claim.symbols:
            if name not in self.claim.definitions:
                point.scalars.setdefault(name, Fraction(1))

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


def _entries(array: Any) -> dict[tuple[int, ...], Fraction]:
    """The entries of a matrix, or of a vector as a column."""
    values = np.asarray(array)
    values = values[:, None] if values.ndim == 1 else values
    return {place: Fraction(float(x)) for place, x in np.ndenumerate(values)}


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
