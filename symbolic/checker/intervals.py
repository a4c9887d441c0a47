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
        need(abs(exponent) <= 1000, "not in the checker's reach: a large exponent")
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


def _rest(size: Fraction) -> Interval:
    return Interval(-size, size)


@cache
def _pi() -> Interval:
    """16 * arctan(1/5) - 4 * arctan(1/239), by alternating series."""
    terms = {k: [Fraction((-1) ** n, (2 * n + 1) * k ** (2 * n + 1)) for n in range(90)] for k in (5, 239)}
    a, b = (Interval(sum(terms[k]), sum(terms[k][:-1])) for k in (5, 239))
    return Interval(16) * a + Interval(-4) * b


def _sine_and_cosine(x: Interval) -> tuple[Interval, Interval]:
    """At the middle, by series and doubling of the angle; both change by at most half the width of x."""
    middle, half = (x.low + x.high) / 2, (x.high - x.low) / 2
    if abs(middle) > 4096:
        raise Unclear
    k = math.ceil(abs(middle)).bit_length()
    y, power, sums = Interval(middle / 2**k), Interval(1), [_rest(Fraction(1, 1 << _P)) for _ in range(2)]
    for n in range(60):  # what is left out is below 1/60!, since y is below 1
        sums[n % 2] = sums[n % 2] + power * Interval((-1) ** (n // 2))
        power = power * y * Interval(Fraction(1, n + 1))
    cosine, sine = sums
    for _ in range(k):
        sine, cosine = Interval(2) * sine * cosine, cosine * cosine + Interval(-1) * sine * sine
    return sine + _rest(half), cosine + _rest(half)


def _erf(x: Fraction) -> Interval:
    """2/sqrt(pi) * exp(-x^2) * the sum of t_n, with t_0 = x and t_(n+1) = t_n * 2 x^2 / (2n + 3)."""
    if abs(x) > 20:
        raise Unclear
    square = Interval(x) * Interval(x)
    term, total, n = Interval(x), Interval(x), 0
    while max(abs(term.high), abs(term.low)) > Fraction(4, 1 << _P) or 2 * square.high > n:
        term = term * square * Interval(Fraction(2, 2 * n + 3))
        total, n = total + term, n + 1
    total = total + _rest(max(abs(term.low), abs(term.high)))  # terms halve from here on
    below, pi = Interval(-1) * square, _rounded("ln", _pi().low, _pi().high)
    return Interval(2) * _exp(Interval(Fraction(-1, 2)) * pi) * _exp(below) * total


def _exp(x: Interval) -> Interval:
    if max(abs(x.low), abs(x.high)) > 4096:
        raise Unclear
    return _rounded("exp", x.low, x.high)


def enclosure(node: Node) -> Interval:
    """A term without variables, sizes and cases."""
    op, args = node.op, node.args
    if op == "number":
        return Interval(args[0])
    if op == "constant":
        return _pi()
    inner = [enclosure(a) for a in args if isinstance(a, Node)]
    result = inner[0] if inner else Interval(0)
    if op in ("add", "mul"):
        for x in inner[1:]:
            result = result + x if op == "add" else result * x
        return result
    if op == "power":
        return result.power(args[1])
    if op == "exp":
        return _exp(result)
    if op == "log" and result.low > 0:
        return _rounded("ln", result.low, result.high)
    if op == "call" and args[0] == "erf":  # it grows
        return Interval(_erf(result.low).low, _erf(result.high).high)
    if op == "call":
        return _sine_and_cosine(result)[args[0] == "cos"]
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
