"""Sparse Laurent polynomials over the rationals in atoms, before any rule is applied.

An atom is a node; a monomial is a product of (atom, exponent) in the order in which the atoms were made.
"""

from __future__ import annotations

from fractions import Fraction

from .terms import Node

Exponent = int | Fraction
Monomial = tuple[tuple[Node, Exponent], ...]


class Poly(dict[Monomial, Fraction]):
    """Monomials and their coefficients, none of which is 0."""

    def __rmul__(self, factor: int | Fraction) -> Poly:
        return Poly({m: c * factor for m, c in self.items()} if factor else {})

    def __sub__(self, other: Poly) -> Poly:
        return total(self, -1 * other)

    def atoms(self) -> set[Node]:
        return {a for m in self for a, _ in m}


_LONGEST, _NOTHING, ONE = 60, Fraction(0), Poly({(): Fraction(1)})


def total(*polys: Poly) -> Poly:
    result = Poly()
    for poly in polys:
        for monomial, c in poly.items():
            if added := result.pop(monomial, _NOTHING) + c:
                result[monomial] = added
    return result


def monic(monomial: Monomial) -> Poly:
    return Poly({monomial: Fraction(1)})


def single(atom: Node, exponent: Exponent = 1) -> Poly:
    return monic(monomial_of({atom: exponent}))


def monomial_of(exponents: dict[Node, Exponent]) -> Monomial:
    whole = {a: int(e) if e == int(e) else e for a, e in exponents.items() if e}
    return tuple(sorted(whole.items(), key=lambda pair: pair[0].serial))


def joined(left: Monomial, right: Monomial, power: int = 1) -> Monomial:
    """left * right^power, before any rule."""
    exponents = dict(left)
    for atom, e in right:
        exponents[atom] = exponents.get(atom, 0) + power * e
    return monomial_of(exponents)


def without(monomial: Monomial, atom: Node) -> Poly:
    return monic(tuple(pair for pair in monomial if pair[0] is not atom))


def quotient(poly: Poly, divisor: Poly) -> Poly | None:
    """What times the divisor is the polynomial, none of them with negative powers; None where none is found."""
    if any(e < 0 for m in (*poly, *divisor) for _, e in m) or not divisor.atoms() <= poly.atoms():
        return None

    def rank(monomial: Monomial) -> list[tuple[int, Exponent]]:  # by the first atom in which two monomials differ
        return [(-a.serial, e) for a, e in monomial]

    lead, found = max(divisor, key=rank), Poly()
    while poly and len(found) < _LONGEST:
        first = max(poly, key=rank)
        factor, c = joined(first, lead, -1), poly[first] / divisor[lead]
        if any(e < 0 for _, e in factor):
            return None
        found = total(found, c * monic(factor))
        poly = poly - c * Poly({joined(m, factor): d for m, d in divisor.items()})
    return None if poly else found


def prime_powers(number: Fraction) -> list[tuple[int, int]]:
    """A positive rational as a product of small primes, and of what is left, each to the power 1 or -1."""
    found = list[tuple[int, int]]()
    for part, e in ((number.numerator, 1), (number.denominator, -1)):
        for p in range(2, 100):
            while part % p == 0:
                part, found = part // p, [*found, (p, e)]
        found += [(part, e)] if part > 1 else []
    return found
