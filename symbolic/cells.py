"""Sign cells: which combinations of signs of the guards can occur, by Fourier-Motzkin elimination.

Monomials are taken as independent variables, so a cell that is called impossible is; one that is not may be.
"""

from __future__ import annotations

from collections.abc import Iterable

from flint import fmpq

from .normal_form.polynomials import UNIT, Monomial, Poly, negative

_MOST_CONSTRAINTS = 400

#: A linear form in monomials that is > 0 (strict) or >= 0.
Constraint = tuple[Poly, bool]


def impossible(signs: Iterable[tuple[Poly, int]], positive: Iterable[Poly]) -> bool:
    """Whether no point has these signs of the guards, given polynomials that are positive everywhere."""
    constraints: list[Constraint] = [(p, True) for p in positive]
    for poly, sign in signs:
        if sign == 0:
            constraints += [(poly, False), (negative(poly), False)]
        else:
            constraints.append((poly if sign > 0 else negative(poly), True))
    return _inconsistent(constraints)


def _inconsistent(constraints: list[Constraint]) -> bool:
    while True:
        for poly, strict in constraints:
            if not any(m != UNIT for m in poly):
                value = poly.get(UNIT, fmpq(0))
                if value < 0 or (strict and value == 0):
                    return True
        variables = {m for poly, _ in constraints for m in poly if m != UNIT}
        if not variables or len(constraints) > _MOST_CONSTRAINTS:
            return False
        constraints = _eliminate(constraints, min(variables, key=lambda m: _cost(constraints, m)))


def _cost(constraints: list[Constraint], monomial: Monomial) -> int:
    above = sum(1 for p, _ in constraints if p.get(monomial, 0) > 0)
    return above * sum(1 for p, _ in constraints if p.get(monomial, 0) < 0)


def _eliminate(constraints: list[Constraint], monomial: Monomial) -> list[Constraint]:
    above = [c for c in constraints if c[0].get(monomial, 0) > 0]
    below = [c for c in constraints if c[0].get(monomial, 0) < 0]
    kept = [c for c in constraints if monomial not in c[0]]
    for p, p_strict in above:
        for q, q_strict in below:
            combined = _combined(p, q, monomial)
            if (combined, p_strict or q_strict) not in kept:
                kept.append((combined, p_strict or q_strict))
    return kept


def _combined(p: Poly, q: Poly, monomial: Monomial) -> Poly:
    a, b = p[monomial], -q[monomial]
    result: Poly = {}
    for m in set(p) | set(q):
        value = p.get(m, fmpq(0)) / a + q.get(m, fmpq(0)) / b
        if value != 0:
            result[m] = value
    return result
