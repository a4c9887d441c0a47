"""Sparse Laurent polynomials over the rationals in atoms, before any rule is applied.

An atom is a node; a monomial is a product of (atom, exponent) in the order in which the atoms were made.
"""

from __future__ import annotations

from fractions import Fraction

from .terms import Node

Exponent = int | Fraction
Monomial = tuple[tuple[Node, Exponent], ...]
Poly = dict[Monomial, Fraction]

ONE: Poly = {(): Fraction(1)}


def add(*polys: Poly) -> Poly:
    result: Poly = {}
    for poly in polys:
        for monomial, c in poly.items():
            total = result.pop(monomial, 0) + c
            if total:
                result[monomial] = Fraction(total)
    return result


def scale(poly: Poly, factor: int | Fraction) -> Poly:
    return {m: c * factor for m, c in poly.items()} if factor else {}


def subtract(left: Poly, right: Poly) -> Poly:
    return add(left, scale(right, -1))


def single(atom: Node, exponent: Exponent = 1) -> Poly:
    return {monomial_of({atom: exponent}): Fraction(1)}


def monomial_of(exponents: dict[Node, Exponent]) -> Monomial:
    whole = {a: int(e) if e == int(e) else e for a, e in exponents.items() if e}
    return tuple(sorted(whole.items(), key=lambda pair: pair[0].serial))


def without(monomial: Monomial, atom: Node) -> Poly:
    return {tuple(pair for pair in monomial if pair[0] is not atom): Fraction(1)}


def atoms_in(poly: Poly) -> set[Node]:
    return {a for m in poly for a, _ in m}


def is_indicator(node: Node) -> bool:
    """[u > 0] or [u = 0], as `Terms.indicator` makes it."""
    values = [value.args[0] for value in node.args[1:] if value.op == "number"] if node.op == "split" else []
    return values in ([1, 0, 0], [0, 1, 0])


def prime_powers(number: Fraction) -> list[tuple[int, int]]:
    """A positive rational as a product of small primes, and of what is left, each to the power 1 or -1."""
    found = list[tuple[int, int]]()
    for part, e in ((number.numerator, 1), (number.denominator, -1)):
        for p in range(2, 100):
            while part % p == 0:
                part, found = part // p, [*found, (p, e)]
        found += [(part, e)] if part > 1 else []
    return found
