"""Enclosures of real numbers: intervals with rational ends, exact while the ends are short.

exp and ln are those of `decimal`, which rounds them correctly: the next numbers to either side enclose them.  The
other functions are sums of series.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache

from .terms import need

_P, _LARGEST, _FARTHEST = 192, 32_768, 16
_TRAPS, _WAYS = [decimal.InvalidOperation, decimal.Overflow], (decimal.ROUND_CEILING, decimal.ROUND_FLOOR)
_UP, _DOWN = (decimal.Context(80, way, -99_999, 99_999, traps=_TRAPS) for way in _WAYS)


def _short(x: Fraction | int, rounding: Callable[[Fraction], int]) -> Fraction:
    """A number with P binary digits; itself where it has no more."""
    above, below = x.numerator.bit_length(), x.denominator.bit_length()
    need(abs(above - below) < _LARGEST, "not in the checker's reach: a huge number")
    if above < _P > below:
        return Fraction(x)
    unit = Fraction(2) ** (above - below - _P)
    return rounding(x / unit) * unit


class Interval:
    """All numbers from `low` to `high`, which are rounded outwards."""

    __slots__ = ("high", "low")

    def __init__(self, *ends: Fraction | int) -> None:
        self.low, self.high = _short(min(ends), math.floor), _short(max(ends), math.ceil)

    @property
    def size(self) -> Fraction:
        return max(abs(self.low), abs(self.high))

    @property
    def sign(self) -> int:
        need(self.low > 0 or self.high < 0 or self.low == self.high, "not in the checker's reach: a number close to 0")
        return (self.low > 0) - (self.low < 0)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __mul__(self, other: Interval) -> Interval:
        return Interval(*(a * b for a in (self.low, self.high) for b in (other.low, other.high)))

    def power(self, exponent: int) -> Interval:
        """For a negative exponent the interval must not hold 0."""
        need(abs(exponent) <= 100, "not in the checker's reach: a large exponent")
        base = self if exponent >= 0 else Interval(1 / self.high, 1 / self.low)
        return math.prod([base] * abs(exponent), start=Interval(1))


@cache
def _rounded(function: str, low: Fraction, high: Fraction) -> Interval:
    """exp or ln, which grow, between the ends taken as decimals."""
    ends = []
    for x, context in ((low, _DOWN), (high, _UP)):
        value = getattr(context, function)(context.divide(x.numerator, x.denominator))
        ends.append(Fraction(value.next_minus(context) if context is _DOWN else value.next_plus(context)))
    return Interval(*ends)


def exp(x: Interval) -> Interval:
    need(x.size <= 10_000, "not in the checker's reach: a large exponential")
    return _rounded("exp", x.low, x.high) if x.size else Interval(1)


def log(x: Interval) -> Interval:
    """For an interval of positive numbers."""
    return Interval(0) if x.low == x.high == 1 else _rounded("ln", x.low, x.high)


def _series(first: Interval, square: Interval, factor: Callable[[int], Fraction]) -> Interval:
    """first * (1 + r(0) + r(0) * r(1) + ...) for ratios r = square * factor that stay below 1/2 from where one is.

    It is cut there, where a term is small: what is left out is below that term.
    """
    term, total, n = first, first, 0
    while term.size > Fraction(4, 1 << _P) or (square * Interval(factor(n))).size > Fraction(1, 2):
        term, n = term * square * Interval(factor(n)), n + 1
        total = total + term
    return total + Interval(-term.size, term.size)


@cache
def pi() -> Interval:
    """16 * arctan(1/5) - 4 * arctan(1/239), where arctan(x) = x - x^3/3 + x^5/5 - ..."""

    def arctan(x: Fraction) -> Interval:
        return _series(Interval(x), Interval(-x * x), lambda n: Fraction(2 * n + 1, 2 * n + 3))

    return Interval(16) * arctan(Fraction(1, 5)) + Interval(-4) * arctan(Fraction(1, 239))


def _square(x: Interval) -> Interval:
    need(x.size <= _FARTHEST, "not in the checker's reach: a large argument")
    return x * x


def erf(x: Interval) -> Interval:
    """2/sqrt(pi) * exp(-x^2) * the sum of t_n, with t_0 = x and t_(n+1) = t_n * 2 x^2 / (2n + 3)."""
    series = _series(x, _square(x), lambda n: Fraction(2, 2 * n + 3))
    return Interval(2) * exp(Interval(Fraction(-1, 2)) * log(pi()) + Interval(-1) * _square(x)) * series


FUNCTIONS: dict[str, Callable[[Interval], Interval]] = {
    "erf": erf,
    "sin": lambda x: _series(x, _square(x), lambda n: Fraction(-1, (2 * n + 2) * (2 * n + 3))),
    "cos": lambda x: _series(Interval(1), _square(x), lambda n: Fraction(-1, (2 * n + 1) * (2 * n + 2))),
}
