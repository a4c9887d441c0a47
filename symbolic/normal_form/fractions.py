"""One form for one rational function: a polynomial with reciprocals as a reduced fraction.

- N / D = (N / g) / (D / g) for a common factor g, wherever D is not 0
- D = c * P^p * Q^q * ..., irreducible factors to their powers

Sums of terms over different denominators have many forms; what stands in a function needs a single one.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from .polynomials import Atom, Exponent, Monomial, Poly, as_exponent, atoms_of, monomial_of

__all__ = ["reduced_fraction"]

_MOST_TERMS, _MOST_ATOMS, _HIGHEST_POWER = 60, 10, 6


#: Irreducible factors with their powers.
Factored = list[tuple[Poly, int]]


def reduced_fraction(poly: Poly) -> tuple[Poly, Factored] | None:
    """Numerator and factors of the denominator, with none in common; None where no sum is below a line, or too much."""
    lumps = {a for m in poly for a, e in m if a.kind == "lump" and e < 0}
    if not lumps or len(poly) > _MOST_TERMS:
        return None
    inside = {a for lump in lumps for a in atoms_of(lump.args[0])}
    atoms = sorted((atoms_of(poly) - lumps) | inside, key=lambda a: a.serial)
    if len(atoms) > _MOST_ATOMS or any(a.kind == "lump" for a in atoms):
        return None
    lowest = {a: min((e for m in poly for b, e in m if b is a), default=0) for a in (*atoms, *lumps)}
    if any(e <= 0 for lump in lumps for m in lump.args[0] for _, e in m):
        return None
    polys = (poly, *(lump.args[0] for lump in lumps))
    ring = _Ring(atoms, {a: lcm(*(_denominator(dict(m).get(a, 0)) for p in polys for m in p)) for a in atoms})
    if any(abs(Fraction(e)) * ring.parts.get(a, 1) > _HIGHEST_POWER for m in poly for a, e in m):
        return None
    if any(part > _HIGHEST_POWER for part in ring.parts.values()):
        return None
    below = {lump: ring.taken(lump.args[0]) for lump in lumps}
    numerator = ring.of({})
    for monomial, coefficient in poly.items():
        exponents = dict(monomial)
        shifted: Monomial = tuple((a, exponents.get(a, 0) - min(lowest[a], 0)) for a in atoms)
        term = ring.taken({shifted: coefficient})
        for lump, factor in below.items():
            term *= factor ** int(exponents.get(lump, 0) - lowest[lump])
        numerator += term
    denominator = ring.taken({tuple((a, max(-lowest[a], 0)) for a in atoms): fmpq(1)})
    for lump, factor in below.items():
        denominator *= factor ** -int(lowest[lump])
    common = numerator.gcd(denominator)
    constant, factors = (denominator / common).factor()
    return ring.back(numerator / common / constant), [(ring.back(factor), int(power)) for factor, power in factors]


def _denominator(exponent: Exponent) -> int:
    return Fraction(exponent).denominator


class _Ring:
    """Polynomials in these atoms, or in exp(u)^(1/q) where exp(u) has fractional powers; dense."""

    def __init__(self, atoms: list[Atom], parts: dict[Atom, int]) -> None:
        self.atoms = atoms
        self.parts = parts
        self.context = fmpq_mpoly_ctx.get([f"a{k}" for k in range(len(atoms))], Ordering.degrevlex)

    def of(self, terms: dict[tuple[int, ...], fmpq]) -> fmpq_mpoly:
        return self.context.from_dict(terms)

    def taken(self, poly: Poly) -> fmpq_mpoly:
        return self.of({tuple(int(dict(m).get(a, 0) * self.parts[a]) for a in self.atoms): c for m, c in poly.items()})

    def back(self, poly: fmpq_mpoly) -> Poly:
        result: Poly = {}
        for exponents, coefficient in poly.to_dict().items():
            powers = zip(self.atoms, map(int, exponents), strict=True)
            result[monomial_of({a: as_exponent(Fraction(e, self.parts[a])) for a, e in powers})] = fmpq(coefficient)
        return result
