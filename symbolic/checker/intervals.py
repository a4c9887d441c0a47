"""Intervals with rational ends, and exp, log, roots, sin, cos, erf and pi enclosed by their series with remainders.

Ends that are not short are rounded outwards to multiples of 2^-P; an interval of one short rational stays exact.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

from .reading import Rejected

P = 160  # bits after the point
_SHORT = 256
_LARGEST = 4096


def use_precision(bits: int) -> None:
    """Sets the bits after the point of all that follows."""
    global P
    P = bits


class Unclear(Exception):
    """The intervals are too wide to tell, or the point sits where a derivative has no value."""


class Interval:
    """All numbers from `low` to `high`."""

    __slots__ = ("high", "low")

    def __init__(self, low: Fraction, high: Fraction) -> None:
        if low != high or low.denominator.bit_length() > _SHORT or low.numerator.bit_length() > _SHORT:
            low, high = _down(low, P), _up(high, P)
            if max(abs(low), abs(high)).numerator.bit_length() > 4 * _LARGEST:
                raise Rejected("not in the checker's reach: a huge number")
        self.low, self.high = low, high

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def inverse(self) -> Interval:
        if self.holds_zero:
            raise Unclear("the denominator may be 0")
        return Interval(1 / self.high, 1 / self.low)

    def power(self, exponent: int) -> Interval:
        result, base = exact(1), self if exponent >= 0 else self.inverse()
        for _ in range(abs(exponent)):
            result = result * base
        return result

    @property
    def holds_zero(self) -> bool:
        return self.low <= 0 <= self.high

    @property
    def is_zero(self) -> bool:
        return self.low == self.high == 0


def exact(value: int | Fraction) -> Interval:
    return Interval(Fraction(value), Fraction(value))


def widened(value: Fraction, error: Fraction) -> Interval:
    return Interval(value - error, value + error)


def rounded(value: Fraction, bits: int = 0) -> Fraction:
    """Nearby, off by at most 2^-bits; 40 bits more than the grid if not said otherwise."""
    bits = bits or P + 40
    return Fraction(round(value * (1 << bits)), 1 << bits)


def _exp_at(x: Fraction) -> Interval:
    """exp(x) = exp(x / 2^k)^(2^k), the inner one by its series; |x / 2^k| < 1/16."""
    if abs(x) > _LARGEST:
        raise Unclear("an exponential of a huge number")
    k = max(0, math.ceil(abs(x)).bit_length() + 4)
    bits = P + 60 + 3 * k + 2 * int(abs(x))
    y = math.floor(x * (1 << (bits - k)))
    term = total = 1 << bits
    n = 0
    while abs(term) > 1:
        n += 1
        term = (term * y >> bits) // n
        total += term
    error = 4 * n + 16  # rounding of the terms, of y, and a remainder below twice the last term
    low, high = total - error, total + error
    for _ in range(k):
        low, high = low * low >> bits, -(-high * high >> bits)
    return Interval(Fraction(low, 1 << bits), Fraction(high, 1 << bits))


def _down(x: Fraction, bits: int) -> Fraction:
    return Fraction(math.floor(x * (1 << bits)), 1 << bits)


def _up(x: Fraction, bits: int) -> Fraction:
    return Fraction(math.ceil(x * (1 << bits)), 1 << bits)


def exp(x: Interval) -> Interval:
    return Interval(_exp_at(x.low).low, _exp_at(x.high).high)


@lru_cache(maxsize=64)
def _artanh_series(y: Fraction, precision: int) -> Interval:
    """2 * artanh(y) = 2 * (y + y^3/3 + ...) for |y| <= 1/2; the remainder is below the last term."""
    bits = precision + 40
    term = math.floor(y * (1 << bits))
    total, n, square = 0, 1, term * term >> bits
    while abs(term) > 1:
        total += term // n
        term = term * square >> bits
        n += 2
    return widened(Fraction(2 * total, 1 << bits), Fraction(8 * n + 16, 1 << (bits - 4)))


def _log_at(x: Fraction) -> Interval:
    """log(x) = k * log(2) + log(m) with m from 2/3 to 4/3 or so."""
    k = x.numerator.bit_length() - x.denominator.bit_length()
    m = x / Fraction(2) ** k
    if m > Fraction(4, 3):
        k, m = k + 1, m / 2
    return _artanh_series(Fraction(1, 3), P) * exact(k) + _artanh_series((m - 1) / (m + 1), P)


def log(x: Interval) -> Interval:
    if x.low <= 0:
        raise Unclear("the logarithm of a number near 0")
    return exact(0) if x.low == x.high == 1 else Interval(_log_at(x.low).low, _log_at(x.high).high)


def root(x: Interval, exponent: Fraction) -> Interval:
    """x^exponent for x > 0, by integer roots of numbers on a fine grid."""
    degree = exponent.denominator
    if degree > 64 or abs(exponent.numerator) > 1000:
        raise Rejected("not in the checker's reach: a root of large degree")
    scale = 1 << (degree * (P + 20))
    low, high = _whole_root(math.floor(x.low * scale), degree), _whole_root(math.ceil(x.high * scale), degree) + 1
    if x.low == x.high and Fraction(low, 1 << (P + 20)) ** degree == x.low:
        high = low
    return Interval(Fraction(low, 1 << (P + 20)), Fraction(high, 1 << (P + 20))).power(exponent.numerator)


def _whole_root(value: int, degree: int) -> int:
    """The largest whole number whose power is not above the value."""
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= value else (low, middle)
    return low


def pi() -> Interval:
    return _pi(P)


@lru_cache(maxsize=8)
def _pi(precision: int) -> Interval:
    """16 * arctan(1/5) - 4 * arctan(1/239)."""

    def arctan(n: int) -> Interval:
        total, term, k = Fraction(0), Fraction(1, n), 0
        while term > Fraction(1, 1 << (P + 30)):
            total += rounded(term / (2 * k + 1)) * (-1) ** k
            term, k = rounded(term / (n * n)), k + 1
        return widened(total, Fraction(4 * k + 8, 1 << (P + 28)))

    return exact(16) * arctan(5) - exact(4) * arctan(239)


def sine_and_cosine(x: Interval) -> tuple[Interval, Interval]:
    """By their series at the middle; both change by at most half the width."""
    middle = rounded((x.low + x.high) / 2)
    half = max(x.high - middle, middle - x.low)
    if abs(middle) > 200:
        raise Unclear("the sine of a huge number")
    bits = P + 60 + 3 * int(abs(middle))
    sums, term, n = [Fraction(0), Fraction(0)], Fraction(1), 0
    while n < 2 * abs(middle) + 4 or abs(term) > Fraction(1, 1 << bits):
        sums[n % 2] += term if n % 4 < 2 else -term
        n += 1
        term = rounded(term * middle / n, bits)
    largest = Fraction(3) ** (int(abs(middle)) + 1)
    error = half + largest * Fraction(4 * n + 16, 1 << bits)
    return widened(sums[1], error), widened(sums[0], error)


def erf(x: Interval) -> Interval:
    """2/sqrt(pi) * sum of (-1)^n x^(2n+1) / (n! (2n+1)); it grows, so that the ends suffice."""
    scale = exact(2) * root(pi(), Fraction(-1, 2))

    def at(value: Fraction) -> Interval:
        if abs(value) > 20:
            raise Unclear("erf of a large number")
        v = rounded(value, P + 60)
        bits = P + 60 + 4 * int(v * v)
        total, term, n = Fraction(0), v, 0
        while n < 2 * v * v + 4 or abs(term) > Fraction(1, 1 << bits):
            total += rounded(term / (2 * n + 1), bits)
            n += 1
            term = rounded(-term * v * v / n, bits)
        largest = Fraction(3) ** (int(v * v) + 1) * (abs(v) + 1)
        error = largest * Fraction(4 * n + 16, 1 << bits) + Fraction(2, 1 << (P + 58))
        return widened(total, error) * scale

    return exact(0) if x.is_zero else Interval(at(x.low).low, at(x.high).high)
