"""Numbers that carry derivatives: polynomials over balls in small quantities whose squares are 0.

A number is an `arb`, or a `Jet` where a derivative is being taken; one tag for each derivative, so that derivatives of
derivatives come out right.  Nothing here is shared with the prover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from flint import arb, arb_series, ctx, fmpq

__all__ = ["FUNCTIONS", "Jet", "NoValue", "Number", "Unclear", "ball", "part", "power", "sign", "tangent", "undefined"]

_NOTHING: frozenset[int] = frozenset()


class NoValue(ArithmeticError):
    """The expression has no real value at the point, nor anywhere near it."""


class Unclear(ArithmeticError):
    """The balls do not tell at this precision."""


@dataclass(frozen=True)
class Jet:
    """The sum of parts[tags] times the product of the tags' small quantities."""

    parts: dict[frozenset[int], arb]

    def __add__(self, other: Any) -> Jet:
        parts = dict(self.parts)
        for tags, value in _parts(other).items():
            parts[tags] = parts[tags] + value if tags in parts else value
        return Jet(parts)

    def __mul__(self, other: Any) -> Jet:
        parts: dict[frozenset[int], arb] = {}
        for mine, a in self.parts.items():
            for theirs, b in _parts(other).items():
                if not mine & theirs:
                    tags = mine | theirs
                    parts[tags] = parts[tags] + a * b if tags in parts else a * b
        return Jet(parts)

    def __neg__(self) -> Jet:
        return Jet({tags: -value for tags, value in self.parts.items()})

    def __sub__(self, other: Any) -> Jet:
        return self + (-other)

    def __rsub__(self, other: Any) -> Jet:
        return -self + other

    __radd__ = __add__
    __rmul__ = __mul__


Number = Any  # arb or Jet


def ball(value: int | Fraction) -> arb:
    """A rational, enclosed at the precision of the moment."""
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


def tangent(value: Number, tag: int) -> Jet:
    """The value plus a small quantity."""
    return Jet({**_parts(value), frozenset((tag,)): arb(1)})


def part(value: Number, tag: int) -> Number:
    """The derivative by the tag's quantity."""
    parts = {tags - {tag}: number for tags, number in _parts(value).items() if tag in tags}
    if set(parts) <= {_NOTHING}:
        return parts.get(_NOTHING, arb(0))
    return Jet({_NOTHING: arb(0), **parts})


def _parts(value: Number) -> dict[frozenset[int], arb]:
    return value.parts if isinstance(value, Jet) else {_NOTHING: arb(value)}


def middle(value: Number) -> arb:
    """The value without its small quantities."""
    return value.parts[_NOTHING] if isinstance(value, Jet) else value


def sign(value: Number) -> int:
    """1, -1, or 0 where the value is exactly 0 and stays so."""
    here = middle(value)
    if here > 0:
        return 1
    if here < 0:
        return -1
    if all(number.is_zero() for number in _parts(value).values()):
        return 0
    raise Unclear("a sign")


def _smooth(function: Callable[[Any], Any]) -> Callable[[Number], Number]:
    """A function of series, applied to a number by its Taylor polynomial."""

    def applied(u: Number) -> Number:
        if not isinstance(u, Jet):
            return function(u)
        order = len(frozenset().union(*u.parts))
        ctx.cap = order + 1
        coefficients = list(function(arb_series([u.parts[_NOTHING], 1], order + 1)))
        rest = Jet({tags: value for tags, value in u.parts.items() if tags})
        result: Number = coefficients[-1] if len(coefficients) == order + 1 else arb(0)
        for coefficient in coefficients[:order][::-1]:
            result = rest * result + coefficient
        return result

    return applied


def _log(u: Number) -> Number:
    here = middle(u)
    if here > 0:
        return _smooth(lambda s: s.log())(u)
    raise NoValue("a logarithm") if here < 0 or sign(u) == 0 else Unclear("a logarithm")


def reciprocal(u: Number) -> Number:
    """1/u; what is exactly 0 at a point drawn at random is so by its structure."""
    if sign(u) == 0:
        raise NoValue("a division by 0")
    return _smooth(lambda s: 1 / s)(u)


def power(base: Number, exponent: Fraction) -> Number:
    """base^exponent; roots of what is negative have no value."""
    if exponent.denominator == 1:
        count, result = abs(int(exponent)), arb(1)
        for _ in range(count):
            result = base * result
        return reciprocal(result) if exponent < 0 else result
    if sign(base) < 0:
        raise NoValue("a root")
    if sign(base) == 0:
        if exponent > 0 and not isinstance(base, Jet):
            return arb(0)
        raise NoValue("a root of 0") if exponent < 0 else Unclear("the slope of a root at 0")
    return _exp(_log(base) * ball(exponent))


_exp = _smooth(lambda s: s.exp())


def _reciprocal_of(function: Callable[[Number], Number]) -> Callable[[Number], Number]:
    return lambda u: reciprocal(function(u))


def _sinh(u: Number) -> Number:
    return (_exp(u) - _exp(-u)) * ball(Fraction(1, 2))


def _cosh(u: Number) -> Number:
    return (_exp(u) + _exp(-u)) * ball(Fraction(1, 2))


def largest(values: Iterable[Number]) -> Number:
    """The largest number; where two are not told apart, none unless no derivative is asked for."""
    first, *others = values
    for other in others:
        try:
            first = first if sign(first - other) >= 0 else other
        except Unclear:
            if isinstance(first, Jet) or isinstance(other, Jet):
                raise
            first = first.max(other)
    return first


def _absolute(u: Number) -> Number:
    return largest((u, -u))


def _step(u: Number, *at_zero: Number) -> Number:
    side = sign(u)
    if side == 0:
        raise Unclear("a step at 0")
    return arb(side > 0)


def undefined(name: str, order: int, u: Number) -> Number:
    """An undefined f, differentiated `order` times: of its own for each name, smooth, and nowhere steep."""
    source = Random(name)
    height, pitch, phase, slope = (ball(Fraction(source.randint(30, 90), 60)) for _ in range(4))
    slope = slope if source.random() < 0.5 else -slope
    level = ball(Fraction(source.randint(-120, 120), 60)) if order == 0 else arb(0)
    turn = phase + arb.pi() * order / 2
    wave = _smooth(lambda s: s.sin())(u * pitch + turn) * (height * pitch**order)
    return wave + level + (u * slope if order == 0 else slope if order == 1 else arb(0))


FUNCTIONS: dict[str, Callable[..., Number]] = {
    "exp": _exp,
    "log": _log,
    "sin": _smooth(lambda s: s.sin()),
    "cos": _smooth(lambda s: s.cos()),
    "erf": _smooth(lambda s: s.erf()),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": lambda u: _sinh(u) * reciprocal(_cosh(u)),
    "coth": lambda u: _cosh(u) * reciprocal(_sinh(u)),
    "sech": _reciprocal_of(_cosh),
    "csch": _reciprocal_of(_sinh),
    "sigmoid": lambda u: reciprocal(_exp(-u) + arb(1)),
    "softplus": lambda u: _log(_exp(u) + arb(1)),
    "relu": lambda u: largest((u, arb(0))),
    "Max": lambda *us: largest(us),
    "Min": lambda *us: -largest([-u for u in us]),
    "Abs": _absolute,
    "sign": lambda u: arb(sign(u)),
    "Heaviside": _step,
}
