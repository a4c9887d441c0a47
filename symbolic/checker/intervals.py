"""Enclosures of real numbers: intervals with rational ends, rounded outwards to multiples of 2^-P.

exp and ln are those of `decimal`, which rounds them correctly: the next numbers to either side enclose them.
"""

from __future__ import annotations

import decimal
import math
from fractions import Fraction
from functools import cache

from .terms import Node, need

_P, _LARGEST = 192, 16_384
_TRAPS = [decimal.InvalidOperation, decimal.Overflow]
_UP, _DOWN = (
    decimal.Context(80, rounding, Emin=-99_999, Emax=99_999, traps=_TRAPS)
    for rounding in (decimal.ROUND_CEILING, decimal.ROUND_FLOOR)
)


class Unclear(Exception):
    """The intervals are too wide to tell."""


class Interval:
    """All numbers from `low` to `high`."""

    def __init__(self, *ends: Fraction | int) -> None:
        self.low = Fraction(math.floor(min(ends) * (1 << _P)), 1 << _P)
        self.high = Fraction(math.ceil(max(ends) * (1 << _P)), 1 << _P)
        need(max(abs(self.low), abs(self.high)) < 1 << _LARGEST, "not in the checker's reach: a huge number")

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __mul__(self, other: Interval) -> Interval:
        return Interval(*(a * b for a in (self.low, self.high) for b in (other.low, other.high)))

    def power(self, exponent: int) -> Interval:
        if exponent < 0 and self.low <= 0 <= self.high:
            raise Unclear
        base, result = self if exponent >= 0 else Interval(1 / self.high, 1 / self.low), Interval(1)
        for _ in range(abs(exponent)):
            result = result * base
        return result


@cache
def _rounded(function: str, low: Fraction, high: Fraction) -> Interval:
    """exp or ln, which grow, between the ends taken as decimals."""
    ends = []
    for x, context in ((low, _DOWN), (high, _UP)):
        value = getattr(context, function)(context.divide(x.numerator, x.denominator))
        ends.append(Fraction(value.next_minus(context) if context is _DOWN else value.next_plus(context)))
    return Interval(*ends)


def enclosure(node: Node) -> Interval:
    """A term without variables, sizes and cases."""
    op, args = node.op, node.args
    if op == "number":
        return Interval(args[0])
    inner = [enclosure(a) for a in args if isinstance(a, Node)]
    result = inner[0] if inner else Interval(0)
    if op in ("add", "mul"):
        for x in inner[1:]:
            result = result + x if op == "add" else result * x
        return result
    if op == "power":
        return result.power(args[1])
    if op == "exp" and max(abs(result.low), abs(result.high)) <= 4096:
        return _rounded("exp", result.low, result.high)
    if op == "log" and result.low > 0:
        return _rounded("ln", result.low, result.high)
    raise Unclear


def sign_of(node: Node) -> int | None:
    """The sign of a term without variables, where it is clear."""
    if node.names or node.free:
        return None
    try:
        x = enclosure(node)
    except Unclear:
        return None
    return 1 if x.low > 0 else -1 if x.high < 0 else None
