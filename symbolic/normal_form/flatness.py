"""What is shown not to vanish on an open set."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ..errors import OutOfReach
from .base import Undefined
from .polynomials import (
    Atom,
    Exponent,
    Index,
    Poly,
    add,
    all_atoms,
    atoms_of,
    dimension_of,
    free_indices,
    negative,
    of_atom,
    raw_product,
)
from .signs import POSITIVE, Signs, explicit_indices

_OF_A_VARIABLE = ("symbol", "entry", "inverse", "determinant")


class Flatness(Signs):
    """Zeros without interior, by signs and by the powers of one variable."""

    def nowhere_flat(self, poly: Poly) -> bool:
        """Whether the zeros of the polynomial have no interior: for every size, also where indices coincide.

        Shown for what is analytic (no logarithm or root of unknown sign, no condition, no undefined f), and for what
        is linear in a variable that nothing else depends on.
        """
        if not poly:
            return False
        if self.sign(poly):
            return True
        analytic = all(self._analytic(a) for a in all_atoms(poly))
        shown = self._not_flat if analytic else self._sloping
        try:
            return all(shown(p) for p in self._coincidences(poly))
        except (Undefined, OutOfReach):  # where indices coincide
            return False

    def _analytic(self, atom: Atom) -> bool:
        if atom.kind in ("positive", "zero", "same", "applied"):
            return False
        if atom.kind in _OF_A_VARIABLE:
            ruled = {rule.tensor for rule in self.known.sum_rules} | {s[0] for s in self.known.substitutions}
            return atom.args[0] not in self.known.held | ruled | self.known.one_hot.keys()
        if atom.kind in ("log", "root"):
            return self.strength(atom.args[-1]) == POSITIVE
        return True

    def _coincidences(self, poly: Poly, placed: Mapping[str, Index] = MappingProxyType({})) -> Iterator[Poly]:
        """The polynomial, and what it becomes when indices of one range are equal, or at explicit positions."""
        yield poly
        for i, j in itertools.combinations(sorted(free_indices(poly)), 2):
            if dimension_of(i) == dimension_of(j) and frozenset((i, j)) not in self.known.distinct:
                yield from self._coincidences(self.rename(poly, {j: i}), placed)
        for i in sorted(free_indices(poly)):
            taken = {at for other, at in placed.items() if frozenset((i, other)) in self.known.distinct}
            for position in sorted({p for a in all_atoms(poly) for p in explicit_indices(a)}):  # of whatever dimension
                if position not in taken:
                    yield from self._coincidences(self.rename(poly, {i: position}), {**placed, i: position})

    def _sloping(self, poly: Poly) -> bool:
        """Whether it is c * u + d for a free variable u, where c is never 0 and neither c nor d depends on u."""
        for atom in sorted(atoms_of(poly), key=lambda a: a.serial):
            if atom.kind not in ("symbol", "entry") or not self._analytic(atom) or not self._only_here(atom, poly):
                continue
            slope = {tuple(p for p in m if p[0] is not atom): c for m, c in poly.items() if atom in dict(m)}
            if all(dict(m).get(atom, 0) in (0, 1) for m in poly) and self.sign(slope):
                return True
        return False

    def _not_flat(self, poly: Poly) -> bool:
        cleared = self._cleared(poly)
        if not cleared:
            return False
        if self.sign(cleared):
            return True
        if self._one_sign_at_one(cleared) or self._one_sign_at_one(negative(cleared)):
            return True
        for atom in sorted(atoms_of(cleared), key=lambda a: a.serial):
            if atom.kind in ("symbol", "entry") and self._only_here(atom, cleared):
                by_power: dict[Exponent, Poly] = {}
                for m, c in cleared.items():
                    exponent = dict(m).get(atom, 0)
                    rest = tuple(pair for pair in m if pair[0] is not atom)
                    by_power[exponent] = add(by_power.get(exponent, {}), {rest: c})
                if any(p != cleared and self._not_flat(p) for p in by_power.values()):
                    return True
        if len(cleared) == 1 and all(self._alone_not_flat(a) for a in atoms_of(cleared)):
            return True
        if not any(a.kind in ("sum", "size") for a in all_atoms(cleared)):
            return self._exponentials_not_flat(cleared)
        return False

    def _alone_not_flat(self, atom: Atom) -> bool:
        """A determinant; the sine, cosine or error function of a polynomial in free variables that is not constant."""
        if atom.kind != "call":
            return atom.kind == "determinant"
        inside = all_atoms(atom.args[1])
        return bool(inside) and all(a.kind in ("symbol", "entry") for a in inside)

    def _cleared(self, poly: Poly) -> Poly:
        """Times the lumps below, which do not vanish identically where the polynomial is defined."""
        for _ in range(50):
            below = [(a, e) for m in poly for a, e in m if a.kind == "lump" and e < 0]
            if not below:
                return poly
            atom = max((a for a, _ in below), key=lambda a: (a.height, a.serial))
            exponent = -min(e for a, e in below if a is atom)
            poly = self.normal(raw_product(poly, of_atom(atom, exponent)))
        return {}

    def _one_sign_at_one(self, poly: Poly) -> bool:
        """All coefficients positive and every variable real: positive where every variable is 1."""
        return all(c > 0 for c in poly.values()) and all(self._positive_at_one(a) for a in atoms_of(poly))

    def _positive_at_one(self, atom: Atom) -> bool:
        if atom.kind in ("exp", "size", "constant"):
            return True
        if atom.kind in ("symbol", "entry"):
            return self.known.domains.get(atom.args[0], "real") != "negative"
        if atom.kind == "sum":
            return all(self._positive_at_one(a) for a, _ in atom.args[1])
        return atom.kind in ("root", "lump") and self._one_sign_at_one(atom.args[-1])

    def _only_here(self, atom: Atom, poly: Poly) -> bool:
        """Whether the variable occurs in the polynomial as this atom and nowhere else."""
        return not any(
            other is not atom
            and other.kind in _OF_A_VARIABLE
            and other.args[0] == atom.args[0]
            and (other.kind != "entry" or any(_is_canonical(i) for i in other.args[1]))
            for other in all_atoms(poly)
        ) and not any(atom in all_atoms(of_atom(other)) for other in atoms_of(poly) if other is not atom)

    def _exponentials_not_flat(self, poly: Poly) -> bool:
        """A polynomial in entries, symbols and exponentials of different polynomials in them is not 0."""
        for atom in atoms_of(poly):
            if atom.kind == "exp" and not all(a.kind in ("symbol", "entry") for a, _ in atom.args[0]):
                return False
            if atom.kind not in ("exp", "symbol", "entry"):
                return False
        return True


def _is_canonical(index: Index) -> bool:
    return isinstance(index, str) and index.startswith("~")
