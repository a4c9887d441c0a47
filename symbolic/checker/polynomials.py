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


_NOTHING, ONE = Fraction(0), Poly({(): Fraction(1)})


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


def without(monomial: Monomial, atom: Node) -> Poly:
    return monic(tuple(pair for pair in monomial if pair[0] is not atom))


def prime_powers(number: Fraction) -> list[tuple[int, int]]:
    """A positive rational as a product of small primes, and of what is left, each to the power 1 or -1."""
    found = list[tuple[int, int]]()
    for part, e in ((number.numerator, 1), (number.denominator, -1)):
        for p in range(2, 100):
            while part % p == 0:
                part, found = part // p, [*found, (p, e)]
        found += [(part, e)] if part > 1 else []
    return found
