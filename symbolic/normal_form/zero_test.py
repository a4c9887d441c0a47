"""Whether a polynomial is 0: reciprocals cleared, sums with one cofactor merged and their summands tested in turn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from flint import fmpq

from .flatness import Flatness
from .polynomials import (
    ZERO,
    Atom,
    Monomial,
    Poly,
    add,
    all_atoms,
    atoms_of,
    dimension_of,
    monomial_key,
    of_atom,
    raw_product,
    scale,
)

_DEEPEST = 4

#: The ranges of an opened sum, and the key of the sums beside it.
Group = tuple[tuple[str, ...], bytes]
#: An opened sum (None for a size, which is the sum of 1) and what multiplies its summand.
Member = tuple["Atom | None", Poly]


class ZeroTest(Flatness):
    """The zero test of the normal form: True is a proof, False only means that none was found."""

    def is_zero(self, poly: Poly, depth: int = 0) -> bool:
        poly = self.without_reciprocals(poly)
        if not poly:
            return True
        if depth > _DEEPEST:
            return False
        for apart in (True, False):
            groups = self._by_sum(poly, apart)
            if groups is None:
                return False
            if all(self._merged(dims, members, depth) for (dims, _), members in groups.items()):
                return True
        return False

    def without_reciprocals(self, poly: Poly) -> Poly:
        """Multiplied by what stands below the line (not 0 where the polynomial is defined)."""
        for _ in range(200):
            below = {a for m in poly for a, e in m if e < 0}
            if not below:
                return poly
            atom = max(below, key=lambda a: (a.kind == "lump", a.height, a.key))
            exponent = -min(e for m in poly for a, e in m if a is atom)
            poly = self.normal(raw_product(poly, of_atom(atom, exponent)))
        return poly

    def _by_sum(self, poly: Poly, apart: bool) -> dict[Group, list[Member]] | None:
        """Terms with one of their sums opened, the rest moved under it: (that sum, what multiplies its summand).

        Grouped by the other sums of the term (`apart`), which is finer, or only by range.  None where a term
        holds no sum at all.
        """
        groups: dict[Group, list[Member]] = {}
        ranges = {tuple(sorted(map(dimension_of, a.args[0]))) for a in atoms_of(poly) if a.kind == "sum"}
        for monomial, c in poly.items():
            atom = max((a for a, _ in monomial if a.kind == "sum"), key=_weight, default=None)
            if atom is None:
                atom = next((a for a, _ in monomial if a.kind == "size" and (a.args[0],) in ranges), None)
                if atom is None:
                    return None
            dimensions = tuple(sorted(map(dimension_of, atom.args[0]))) if atom.kind == "sum" else (atom.args[0],)
            cofactor = _without(monomial, atom)
            sums = tuple(pair for pair in cofactor if apart and pair[0].kind == "sum")
            others: Poly = {tuple(pair for pair in cofactor if pair not in sums): c}
            key = (dimensions, monomial_key(sums))
            groups.setdefault(key, []).append((atom if atom.kind == "sum" else None, others))  # n is the sum of 1
        return groups

    def _merged(self, dimensions: tuple[str, ...], members: list[Member], depth: int) -> bool:
        """Whether the sums of one group cancel: their summands, made symmetric in the bound indices, add to 0."""
        fresh = [self.fresh(d) for d in dimensions]
        summand = ZERO
        for atom, others in members:
            if atom is None:
                summand = add(summand, others)
                continue
            orders = list(_orders_within_dimensions(sorted(atom.args[0], key=dimension_of)))
            for order in orders:
                body = self.rename({atom.args[1]: fmpq(1)}, dict(zip(order, fresh, strict=True)))
                summand = add(summand, scale(self.multiply(body, others), fmpq(1, len(orders))))
        return self.is_zero(summand, depth + 1)

    def without_zero_sets(self, poly: Poly) -> tuple[Poly, set[Atom]]:
        """The polynomial with every [u = 0] taken as 0, and the conditions [u = 0] that were dropped."""
        dropped: set[Atom] = set()
        result: Poly = {}
        for monomial, c in poly.items():
            kept = True
            for atom, _ in monomial:
                inner = {a for a in all_atoms(of_atom(atom)) if a.kind == "zero"} if atom.kind == "sum" else {atom}
                met = {a for a in inner if a.kind == "zero" and (atom is a or _multiplies(atom, a))}
                dropped |= met
                kept = kept and not met
            if kept:
                result[monomial] = c
        return result, dropped


def _multiplies(total: Atom, factor: Atom) -> bool:
    """Whether the factor multiplies the whole summand of a closed sum."""
    return any(a is factor or (a.kind == "sum" and _multiplies(a, factor)) for a, _ in total.args[1])


def _weight(atom: Atom) -> tuple[int, int, bytes]:
    return sum(a.kind in ("lump", "positive", "zero") for a, _ in atom.args[1]), atom.height, atom.key


def _without(monomial: Monomial, atom: Atom) -> Monomial:
    """The monomial divided once by the atom."""
    return tuple((a, e - 1 if a is atom else e) for a, e in monomial if a is not atom or e != 1)


def _orders_within_dimensions(bound: list[str]) -> Iterator[list[str]]:
    groups = [list(group) for _, group in itertools.groupby(bound, key=dimension_of)]
    for arrangement in itertools.product(*(itertools.permutations(group) for group in groups)):
        yield [b for group in arrangement for b in group]
