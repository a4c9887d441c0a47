"""The sign of a polynomial in one real variable, from where its roots are not (Sturm's theorem).

The number of roots of p in (a, b] is V(a) - V(b), where V counts the changes of sign in the chain
p, p', -rem(p, p'), ... (Sturm 1829).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from math import lcm

from flint import fmpq, fmpq_poly

from .polynomials import Exponent

__all__ = ["strength_by_roots"]

_HIGHEST_DEGREE = 40


def strength_by_roots(coefficients: Mapping[Exponent, fmpq], variable: int) -> int:
    """2 if sum c_e x^e > 0 for all x, 1 if >= 0, 0 where neither is shown.

    ``variable`` says which x: 2 those that are positive, 1 those that are not negative, 0 all real ones.
    """
    part = lcm(*(Fraction(e).denominator for e in coefficients))
    degrees = {int(e * part): c for e, c in coefficients.items()}
    if min(degrees) < 0 or max(degrees) > _HIGHEST_DEGREE or (part > 1 and not variable):
        return 0
    poly = fmpq_poly([degrees.get(k, fmpq(0)) for k in range(max(degrees) + 1)])
    if poly[poly.degree()] < 0:
        return 0
    strength = 2
    for factor, exponent in poly.factor()[1]:
        if _roots(factor, variable):
            if exponent % 2 and not (variable == 1 and factor.degree() == 1 and factor[0] == 0):
                return 0
            strength = 1
    return strength


def _roots(poly: fmpq_poly, variable: int) -> int:
    """The number of roots among the values of the variable, of a polynomial without multiple ones."""
    chain = [poly, poly.derivative()]
    while chain[-1].degree() > 0:
        chain.append(-(chain[-2] % chain[-1]))
    high = [p[p.degree()] for p in chain if p != 0]
    low = [p[0] if variable else p[p.degree()] * (-1) ** p.degree() for p in chain if p != 0]
    at_zero = int(variable == 1 and poly[0] == 0)  # what starts at 0 is counted without its end
    return _changes(low) - _changes(high) + at_zero


def _changes(values: list[fmpq]) -> int:
    signs = [value > 0 for value in values if value != 0]
    return sum(a != b for a, b in pairwise(signs))
