"""Equations solved for a variable: a condition, or the zero of a guard, in place of what it determines."""

from __future__ import annotations

from contextlib import suppress

from flint import fmpq

from .errors import OutOfReach
from .normal_form.base import Knowledge, NeedSign, Replacement, Undefined
from .normal_form.calculus import Calculus
from .normal_form.polynomials import ZERO, Atom, Index, Monomial, Poly, add, all_atoms, scale
from .normal_form.products import representative

__all__ = ["Elimination", "in_order", "solve_for"]


class Elimination:
    """The equations of one cell.  What stands for one variable holds none of those that others stand for."""

    def __init__(self, calculus: Calculus, known: Knowledge) -> None:
        self.calculus = calculus
        self.known = known
        self._solved: dict[Atom, Poly] = {}

    def solve(self, poly: Poly) -> None:
        """Takes up poly = 0, if it is linear in a variable."""
        with suppress(NeedSign, Undefined, OutOfReach):
            for atom, value in self._solved.items():
                poly = self._without(atom, value, poly)
            for monomial in in_order(poly):
                found = solve_for(poly, monomial)
                if found is not None:
                    ((atom, _),) = monomial
                    self._replace(atom, *found)
                    return

    def _replace(self, atom: Atom, name: str, indices: tuple[Index, ...], value: Poly) -> None:
        solved = {other: self._without(atom, value, old) for other, old in self._solved.items()}
        replacements: list[Replacement] = [(name, indices, frozenset(), value)]
        for tensor, pattern, quantified, old in self.known.substitutions:
            replacements.append((tensor, pattern, quantified, self._without(atom, value, old)))
        self._solved = {**solved, atom: value}
        self.known.substitutions = replacements

    def _without(self, atom: Atom, value: Poly, poly: Poly) -> Poly:
        """The polynomial with a value in place of an atom."""
        c, result = self.calculus, ZERO
        for monomial, factor in poly.items():
            exponent = dict(monomial).get(atom, 0)
            rest: Poly = {tuple(pair for pair in monomial if exponent <= 0 or pair[0] is not atom): factor}
            result = add(result, c.multiply(rest, c.power(value, exponent)) if exponent > 0 else rest)
        return result


def in_order(poly: Poly) -> list[Monomial]:
    """The terms to be solved for: new variables first, and of a tensor's entries those that a delta replaces."""
    newest: dict[str, int] = {}
    for atom, _ in (pair for monomial in poly for pair in monomial):
        newest[str(atom.args[0])] = max(atom.serial, newest.get(str(atom.args[0]), -1))

    def age(monomial: Monomial) -> int:
        return -max((newest[str(a.args[0])] for a, _ in monomial), default=-1)

    def place(monomial: Monomial) -> list[tuple[int, str]]:
        return [representative(i) for a, _ in monomial if a.kind == "entry" for i in a.args[1]]

    return sorted(sorted(poly, key=place, reverse=True), key=age)


def solve_for(poly: Poly, monomial: tuple[tuple[object, object], ...]) -> tuple[str, tuple[Index, ...], Poly] | None:
    """poly = 0 as ``entry or symbol = value``, where it is linear in that one with a rational coefficient."""
    if len(monomial) != 1 or monomial[0][1] != 1:
        return None
    atom = monomial[0][0]
    kind = getattr(atom, "kind", "")
    if kind not in ("symbol", "entry"):
        return None
    rest = {m: c for m, c in poly.items() if m != monomial}
    if any(other is atom or (other.kind == "sum" and _reaches(other, atom)) for other in all_atoms(rest)):
        return None
    coefficient: fmpq = poly[monomial]  # type: ignore[index]
    indices = atom.args[1] if kind == "entry" else ()  # type: ignore[attr-defined]
    return atom.args[0], indices, scale(rest, -1 / coefficient)  # type: ignore[attr-defined]


def _reaches(total: object, atom: object) -> bool:
    name = atom.args[0]  # type: ignore[attr-defined]
    return any(a.kind == "entry" and a.args[0] == name for a in all_atoms({((total, 1),): fmpq(1)}))  # type: ignore[dict-item]
