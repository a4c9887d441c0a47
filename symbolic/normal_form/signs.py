"""Signs: what is shown to be positive wherever it is defined, and what is shown not to vanish on an open set."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from flint import fmpq

from ..errors import OutOfReach
from .base import NeedSign, Undefined
from .polynomials import (
    ONE,
    Atom,
    Exponent,
    Index,
    Monomial,
    Poly,
    add,
    all_atoms,
    atoms_of,
    dimension_of,
    free_indices,
    negative,
    of_atom,
    raw_product,
    scale,
    subtract,
)
from .sums import Sums

_POSITIVE, _NONNEGATIVE = 2, 1


class Signs(Sums):
    """Positivity by terms, by facts and by the shape of a sum."""

    def sign(self, poly: Poly) -> int | None:
        """1 or -1 where the polynomial is positive or negative wherever it is defined, 0 if it is 0, else None."""
        if not poly:
            return 0
        plain = self.plain_sign(poly)
        if plain is not None or not self.known.signs:
            return plain
        direction, guard = self.normal_guard(poly)
        for known, sign in self.known.signs:
            if known == guard:
                return direction * sign
        for known, sign in self.known.signs:  # without the factors whose own signs are known by now
            turned, rest = self.normal_guard(known)
            if rest == guard:
                return direction * turned * sign
        return None

    def plain_sign(self, poly: Poly) -> int | None:
        """The sign as far as positivity shows it, without the guards of the cell."""
        if not poly:
            return 0
        if self.strength(poly) == _POSITIVE:
            return 1
        return -1 if self.strength(negative(poly)) == _POSITIVE else None

    def strength(self, poly: Poly) -> int:
        """2: positive, 1: not negative, 0: not known."""
        cleared = self.without_lumps(poly)
        if cleared is None:
            return 0
        plain = self._by_terms(cleared)
        if plain:
            return plain
        return self._by_elements(cleared) or self._by_facts(cleared)

    def without_lumps(self, poly: Poly) -> Poly | None:
        """The polynomial times positive lumps and sums, so that none is left below; None for lumps of unknown sign."""
        for _ in range(50):
            below = {a for m in poly for a, e in m if e < 0 and a.kind in ("lump", "sum")}
            lumps = {a for a in below if a.kind == "lump" or self._atom_strength(a) == _POSITIVE}
            if not lumps:
                return poly
            atom = max(lumps, key=lambda a: (a.kind == "lump", a.height, a.serial))
            exponent = -min(e for m in poly for a, e in m if a is atom)
            if exponent % 2 and self._atom_strength(atom) != _POSITIVE:
                return None
            poly = self.normal(raw_product(poly, of_atom(atom, exponent)))
        return None

    def _by_terms(self, poly: Poly) -> int:
        """Every term not negative, one of them positive."""
        strengths = [self._monomial_strength(m) if c > 0 else 0 for m, c in poly.items()]
        return 0 if 0 in strengths else max(strengths, default=0)

    def _monomial_strength(self, monomial: Monomial) -> int:
        strength, odd = _POSITIVE, 1
        for atom, exponent in monomial:
            own = self._atom_strength(atom)
            if own == 0 and exponent % 2:
                odd *= self._negative_atom(atom)
                if not odd:
                    return 0
                continue
            strength = min(strength, own or _NONNEGATIVE)
        return strength if odd > 0 else 0

    def _negative_atom(self, atom: Atom) -> int:
        """-1 for an atom that is negative, else 0."""
        if atom.kind in ("symbol", "entry") and self.known.domains.get(atom.args[0]) == "negative":
            return -1
        if atom.kind == "lump" and self.strength(negative(atom.args[0])) == _POSITIVE:
            return -1
        single: Poly = of_atom(atom)
        return -1 if any(s < 0 and known == single for known, s in self.known.signs) else 0

    def _atom_strength(self, atom: Atom) -> int:
        if atom.kind in ("exp", "size", "constant"):
            return _POSITIVE
        if atom.kind in ("same", "positive", "zero"):
            return _NONNEGATIVE
        if atom.kind in ("symbol", "entry"):
            if atom.kind == "entry" and atom.args[0] in self.known.one_hot:
                return _NONNEGATIVE
            declared = {"positive": _POSITIVE, "nonnegative": _NONNEGATIVE}.get(
                self.known.domains.get(atom.args[0], ""), 0
            )
            return declared or self._as_fact(of_atom(atom))
        if atom.kind == "sum":
            return self._monomial_strength(atom.args[1])
        if atom.kind == "root":
            return _POSITIVE if self.strength(atom.args[1]) == _POSITIVE else _NONNEGATIVE
        if atom.kind == "lump":
            return self.strength(atom.args[0])
        if atom.kind == "log":
            return self.strength(subtract(atom.args[0], ONE))
        return self._as_fact(of_atom(atom))

    def _as_fact(self, poly: Poly) -> int:
        for fact in self._facts_about(poly):
            ratio = _ratio(poly, fact)
            if ratio is not None and ratio > 0:
                return _POSITIVE
        for known, sign in self.known.signs:
            ratio = _ratio(poly, known)
            if ratio is not None and ratio * sign > 0:
                return _POSITIVE
        return 0

    def _by_elements(self, poly: Poly) -> int:
        """sum_k F(k) - F(j) - F(l) ... >= 0 for positive F and distinct j, l; > 0 where the size leaves one more."""
        rest = poly
        taken: dict[Monomial, list[str]] = {}  # the indices of the elements that are taken from a sum
        for monomial, c in poly.items():
            if c > 0:
                continue
            found = self._element(poly, monomial, -c)
            if found is None:
                return 0
            holder, index = found
            taken.setdefault(holder, []).append(index)
            rest = add(rest, {monomial: -c})
        pairs = [frozenset(pair) for own in taken.values() for pair in itertools.combinations(own, 2)]
        if not taken or not all(pair in self.known.distinct for pair in pairs):
            return 0
        spare = all(self._least(dimension_of(own[0])) > len(own) for own in taken.values())
        remaining = {m: c for m, c in rest.items() if m not in taken}
        if remaining and self._by_terms(remaining) == 0:
            return 0
        return _POSITIVE if spare or (remaining and self._by_terms(remaining) == _POSITIVE) else _NONNEGATIVE

    def _least(self, dimension: str) -> int:
        return int(dimension) if dimension.isdigit() else self.known.least_sizes.get(dimension, 1)

    def _element(self, poly: Poly, monomial: Monomial, weight: fmpq) -> tuple[Monomial, str] | None:
        """A positive sum of the polynomial of which the monomial is one element, and that element's index."""
        for holder, c in poly.items():
            sums = [(a, e) for a, e in holder if a.kind == "sum"]
            if c < weight or len(sums) != 1 or sums[0][1] != 1:
                continue
            atom = sums[0][0]
            if len(atom.args[0]) != 1 or self._monomial_strength(atom.args[1]) != _POSITIVE:
                continue
            (bound,) = atom.args[0]
            others: Monomial = tuple(pair for pair in holder if pair[0] is not atom)
            if self._monomial_strength(others) != _POSITIVE:
                continue
            for i in {i for a, _ in monomial for i in a.free}:
                if dimension_of(i) == dimension_of(bound):
                    element = self.multiply(self.rename({atom.args[1]: fmpq(1)}, {bound: i}), {others: fmpq(1)})
                    if element == {monomial: fmpq(1)}:
                        return holder, i
        return None

    def _by_facts(self, poly: Poly) -> int:
        """poly - c * fact is not negative for a fact and a positive c."""
        for fact in self._facts_about(poly):
            for monomial, c in fact.items():
                if poly.get(monomial, 0) * c > 0:
                    rest = subtract(poly, scale(fact, poly[monomial] / c))
                    if not rest or (len(rest) < len(poly) and self._by_terms(rest)):
                        return _POSITIVE
        return 0

    def _facts_about(self, poly: Poly) -> Iterator[Poly]:
        """Facts, with their quantified indices set to the indices that the polynomial holds."""
        indices = sorted(free_indices(poly) | {i for a in atoms_of(poly) for i in _explicit(a)}, key=str)
        for fact, quantified in self.known.positive:
            if not quantified:
                yield fact
                continue
            choices = [[i for i in indices if _fits(i, q)] for q in sorted(quantified)]
            for chosen in itertools.product(*choices):
                yield from self._fact_at(fact, dict(zip(sorted(quantified), chosen, strict=True)))
        for known, sign in self.known.signs:
            if sign:
                yield known if sign > 0 else negative(known)

    def _fact_at(self, fact: Poly, names: dict[str, Index]) -> list[Poly]:
        """A fact at other indices; what it is made of is not asked for signs that rest on facts again."""
        if self._asking:
            return []
        self._asking = True
        try:
            return [self.rename(fact, names)]
        except (NeedSign, Undefined, OutOfReach):
            return []
        finally:
            self._asking = False

    # ---- not zero on an open set

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
        if atom.kind in ("entry", "symbol"):
            ruled = {rule.tensor for rule in self.known.sum_rules} | {s[0] for s in self.known.substitutions}
            return atom.args[0] not in self.known.held | ruled | self.known.one_hot.keys()
        if atom.kind in ("log", "root"):
            return self.strength(atom.args[-1]) == _POSITIVE
        return True

    def _coincidences(self, poly: Poly) -> Iterator[Poly]:
        """The polynomial, and what it becomes when indices of one range are equal."""
        yield poly
        for i, j in itertools.combinations(sorted(free_indices(poly)), 2):
            if dimension_of(i) == dimension_of(j) and frozenset((i, j)) not in self.known.distinct:
                yield from self._coincidences(self.rename(poly, {j: i}))
        for i in sorted(free_indices(poly)):
            for position in sorted({p for a in all_atoms(poly) for p in _explicit(a)}):  # of whatever dimension
                yield from self._coincidences(self.rename(poly, {i: position}))

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
        if not any(a.kind in ("sum", "size") for a in all_atoms(cleared)):
            return self._exponentials_not_flat(cleared)
        return False

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
            and other.kind in ("symbol", "entry")
            and other.args[0] == atom.args[0]
            and (atom.kind == "symbol" or any(_is_canonical(i) for i in other.args[1]))
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


def _ratio(poly: Poly, other: Poly) -> fmpq | None:
    """c with poly = c * other."""
    if not other or poly.keys() != other.keys():
        return None
    first = next(iter(poly))
    ratio = poly[first] / other[first]
    return ratio if all(c == ratio * other[m] for m, c in poly.items()) else None


def _explicit(atom: Atom) -> Iterable[Index]:
    return [i for i in atom.args[1] if isinstance(i, int)] if atom.kind == "entry" else []


def _fits(index: Index, quantified: str) -> bool:
    dimension = dimension_of(quantified)
    if isinstance(index, int):
        return index < (int(dimension) if dimension.isdigit() else 1)
    return dimension_of(index) == dimension


def _is_canonical(index: Index) -> bool:
    return isinstance(index, str) and index.startswith("~")
