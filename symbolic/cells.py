"""Sign cells: which combinations of signs of the guards can occur, by a theorem of Motzkin.

Linear inequalities p > 0, q >= 0 have no common solution if and only if multiples of them, none negative and not all
of those of the strict ones 0, add to 0; 1 > 0 is one of them.  Such multiples are sought by the simplex method in
exact rationals.  Monomials are taken as independent variables, so a cell that is called impossible is; one that is not
may be.
"""

from __future__ import annotations

from collections.abc import Iterable

from flint import fmpq

from .normal_form.polynomials import ONE, Poly, negative

__all__ = ["impossible"]

_MOST_ENTRIES, _MOST_PIVOTS = 20_000, 400

#: A linear form in monomials that is > 0 (strict) or >= 0.
Constraint = tuple[Poly, bool]


def impossible(signs: Iterable[tuple[Poly, int]], positive: Iterable[Poly]) -> bool:
    """Whether no point has these signs of the guards, given polynomials that are positive everywhere."""
    constraints: list[Constraint] = [(ONE, True), *((p, True) for p in positive)]
    for poly, sign in signs:
        if sign == 0:
            constraints += [(poly, False), (negative(poly), False)]
        else:
            constraints.append((poly if sign > 0 else negative(poly), True))
    monomials = dict.fromkeys(m for poly, _ in constraints for m in poly)
    rows = [[*(poly.get(m, fmpq(0)) for poly, _ in constraints), fmpq(0)] for m in monomials]
    return _solvable([*rows, [*(fmpq(strict) for _, strict in constraints), fmpq(1)]])


def _solvable(rows: list[list[fmpq]]) -> bool:
    """Whether equations, a row of coefficients and a right side >= 0 each, have a solution none of which is negative.

    The first phase of the simplex method, with the rule of Bland, which does not turn in circles: an artificial
    variable in each equation, and their sum made as small as it gets.
    """
    if len(rows) * len(rows[0]) > _MOST_ENTRIES:
        return False
    last = len(rows[0]) - 1
    basis = [last + k for k in range(len(rows))]
    excess = [sum(column, fmpq(0)) for column in zip(*rows, strict=True)]  # of the artificial ones, and its slopes
    for _ in range(_MOST_PIVOTS):
        entering = next((k for k in range(last) if excess[k] > 0), None)
        if entering is None or excess[last] == 0:
            return bool(excess[last] == 0)
        ratios = [(row[last] / row[entering], basis[k], k) for k, row in enumerate(rows) if row[entering] > 0]
        leaving = min(ratios)[2]
        pivot = rows[leaving] = [value / rows[leaving][entering] for value in rows[leaving]]
        basis[leaving] = entering
        rows = [row if row is pivot else _without(row, pivot, entering) for row in rows]
        excess = _without(excess, pivot, entering)
    return False


def _without(row: list[fmpq], pivot: list[fmpq], column: int) -> list[fmpq]:
    """The row with so much of the pivot taken away that its coefficient in the column is 0."""
    factor = row[column]
    return [value - factor * taken for value, taken in zip(row, pivot, strict=True)] if factor != 0 else row
