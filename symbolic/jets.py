"""Ball arithmetic with derivatives: numbers a + sum of b_S * eps_S, each eps_k squared to 0.

The derivatives that a counterexample rests on are taken here, by forward differentiation of the values; the
prover's symbolic derivatives have no part in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from operator import mul, or_

from flint import arb, fmpq

#: Coefficients by the set of eps (as a bit mask); the empty set holds the value.
Jet = dict[int, arb]


class NotDefined(Exception):
    """There is certainly no value at this point."""


class Unclear(Exception):
    """The balls are too wide to tell, or the point sits where a derivative has no value."""


def ball(value: int | Fraction) -> arb:
    """A ball around a rational number."""
    return arb(fmpq(value.numerator, value.denominator)) if isinstance(value, Fraction) else arb(value)


def constant(value: arb) -> Jet:
    return {0: value}


def add(jets: Sequence[Jet]) -> Jet:
    result = dict(jets[0]) if jets else {0: arb(0)}
    for jet in jets[1:]:
        for mask, value in jet.items():
            result[mask] = result[mask] + value if mask in result else value
    return result


def multiply(left: Jet, right: Jet) -> Jet:
    if len(left) == 1 and len(right) == 1 and 0 in left and 0 in right:
        return {0: left[0] * right[0]}
    result: Jet = {}
    for a, x in left.items():
        for b, y in right.items():
            if not a & b:
                result[a | b] = result[a | b] + x * y if a | b in result else x * y
    return result


def compose(derivatives: Sequence[arb], jet: Jet) -> Jet:
    """f(jet) from f, f', f'', ... at its value."""
    result = {0: derivatives[0]}
    step = {mask: value for mask, value in jet.items() if mask}
    power: Jet = {0: arb(1)}
    factorial = 1
    for order, slope in enumerate(derivatives[1:], 1):
        power = multiply(power, step)
        if not power:
            break
        factorial *= order
        result = add([result, {mask: value * slope / factorial for mask, value in power.items()}])
    return result


def order_of(jet: Jet) -> int:
    """How many derivatives of a function are needed to apply it."""
    return reduce(or_, jet, 0).bit_count()


def power(jet: Jet, exponent: int) -> Jet:
    x, derivatives, factor = jet[0], [], 1
    if exponent < 0 and x.contains(0):
        raise NotDefined("1/0") if x == 0 else Unclear("the denominator may be 0")
    for order in range(order_of(jet) + 1):
        derivatives.append(factor * _whole_power(x, exponent - order) if factor else arb(0))
        factor *= exponent - order
    return compose(derivatives, jet)


def _whole_power(x: arb, exponent: int) -> arb:
    """x^k; FLINT finds no number where the middle of the ball is 0 and its radius is not."""
    value = x**exponent
    return value if exponent <= 0 or value.is_finite() else reduce(mul, [x] * exponent)


def root(jet: Jet, exponent: Fraction) -> Jet:
    x = jet[0]
    if x < 0:
        raise NotDefined("the root of a negative number")
    if not x > 0:
        if x == 0 and exponent > 0 and order_of(jet) == 0:
            return {0: arb(0)}
        if x == 0 and exponent < 0:
            raise NotDefined("1/0")
        raise Unclear("the radicand may be 0")
    derivatives, factor, current = [], arb(1), exponent
    logarithm = x.log()
    for _ in range(order_of(jet) + 1):
        derivatives.append(factor * (logarithm * ball(current)).exp())
        factor = factor * ball(current)
        current -= 1
    return compose(derivatives, jet)


def inverse(rows: Sequence[Sequence[Jet]]) -> tuple[list[list[Jet]], Jet]:
    """The inverse and the determinant of a square matrix, by elimination; Unclear where it may be singular."""
    n = len(rows)
    work = [[*row, *(constant(arb(int(r == c))) for c in range(n))] for r, row in enumerate(rows)]
    determinant = constant(arb(1))
    for c in range(n):
        pivot = max(range(c, n), key=lambda r: float(work[r][c][0].abs_lower()))
        if work[pivot][c][0].contains(0):
            raise Unclear("a matrix that may be singular")
        if pivot != c:
            work[c], work[pivot] = work[pivot], work[c]
            determinant = multiply(constant(arb(-1)), determinant)
        determinant = multiply(determinant, work[c][c])
        scale = power(work[c][c], -1)
        work[c] = [multiply(scale, x) for x in work[c]]
        for r in set(range(n)) - {c}:
            factor = multiply(constant(arb(-1)), work[r][c])
            work[r] = [add([x, multiply(factor, y)]) for x, y in zip(work[r], work[c], strict=True)]
    return [row[n:] for row in work], determinant


def exp(jet: Jet) -> Jet:
    return compose([jet[0].exp()] * (order_of(jet) + 1), jet)


def log(jet: Jet) -> Jet:
    x = jet[0]
    if not x > 0:
        if x < 0 or x == 0:
            raise NotDefined("the logarithm of a number that is not positive")
        raise Unclear("the logarithm of a number near 0")
    derivatives, factor = [x.log()], 1
    for order in range(1, order_of(jet) + 1):
        derivatives.append(factor * x**-order)
        factor *= -order
    return compose(derivatives, jet)


def trigonometric(name: str, jet: Jet) -> Jet:
    sine, cosine = jet[0].sin(), jet[0].cos()
    cycle = [sine, cosine, -sine, -cosine]
    start = 0 if name == "sin" else 1
    return compose([cycle[(start + k) % 4] for k in range(order_of(jet) + 1)], jet)


def error_function(jet: Jet) -> Jet:
    """erf; its derivatives are 2/sqrt(pi) * exp(-x^2) times polynomials (1, -2x, 4x^2 - 2, ...)."""
    x = jet[0]
    bell = 2 / arb.pi().sqrt() * (-x * x).exp()
    derivatives, polynomial = [x.erf()], [arb(1)]
    for _ in range(order_of(jet)):
        derivatives.append(bell * horner(polynomial, x))
        slope = [k * c for k, c in enumerate(polynomial)][1:]
        shifted = [arb(0)] + [-2 * c for c in polynomial]
        polynomial = [a + (slope[k] if k < len(slope) else 0) for k, a in enumerate(shifted)]
    return compose(derivatives, jet)


def horner(coefficients: Sequence[arb], x: arb) -> arb:
    result = arb(0)
    for c in reversed(coefficients):
        result = result * x + c
    return result


def polynomial(coefficients: Sequence[Fraction], order: int, jet: Jet) -> Jet:
    """The `order`-th derivative of a polynomial, applied to the jet."""
    current = [ball(c) for c in coefficients]
    derivatives = []
    for k in range(order + order_of(jet) + 1):
        if k >= order:
            derivatives.append(horner(current, jet[0]))
        current = [n * c for n, c in enumerate(current)][1:]
    return compose(derivatives, jet)
