"""Signs: what is shown to be positive wherever it is defined."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from flint import fmpq

from ..errors import OutOfReach
from .base import NeedSign, SumRule, Undefined
from .inequalities import NONNEGATIVE, POSITIVE, Inequalities, without
from .polynomials import (
    ONE,
    ZERO,
    Atom,
    Index,
    Monomial,
    Poly,
    add,
    atoms_of,
    constant,
    dimension_of,
    free_indices,
    monomial_of,
    negative,
    of_atom,
    raw_product,
    scale,
    subtract,
)

_INDICATORS = ("same", "positive", "zero")
_MOST_INDICATORS, _MOST_TOTALS = 3, 3


class Signs(Inequalities):
    """Positivity by terms, by facts and by the shape of a sum."""

    def sign(self, poly: Poly) -> int | None:
        """1 or -1 where the polynomial is positive or negative wherever it is defined, 0 if it is 0, else None."""
        if not poly:
            return 0
        if self._asking or self._logs_asked:
            return self._sign(poly)
        key = frozenset(poly.items())
        if key not in self._signs:
            self._signs[key] = self._sign(poly)
        return self._signs[key]

    def _sign(self, poly: Poly) -> int | None:
        plain = self.plain_sign(poly)
        if plain is not None or not self.known.signs:
            return plain
        direction, guard = self.normal_guard(poly)
        for known, sign in self.known.signs:
            if known == guard:
                return direction * sign
        direction, guard = self._numerator(poly)
        for known, sign in self.known.signs:  # without the factors whose own signs are known by now
            turned, rest = self._numerator(known)
            if rest == guard:
                return direction * turned * sign
        return None

    def _numerator(self, poly: Poly) -> tuple[int, Poly]:
        """The guard times what stands below the line and is positive."""
        return self.normal_guard(self.without_lumps(poly) or poly)

    def plain_sign(self, poly: Poly) -> int | None:
        """The sign as far as positivity shows it, without the guards of the cell."""
        if not poly:
            return 0
        if self.strength(poly) == POSITIVE:
            return 1
        return -1 if self.strength(negative(poly)) == POSITIVE else None

    def strength(self, poly: Poly) -> int:
        """2: positive, 1: not negative, 0: not known."""
        if self._asking or self._logs_asked:  # not all that is known is used then
            return self._strength(poly)
        key = frozenset(poly.items())
        found = self._strengths.get(key)
        if found is None:
            found = self._strengths[key] = self._strength(poly)
        return found

    def _strength(self, poly: Poly) -> int:
        cleared = self.without_lumps(poly)
        if cleared is None:
            return 0
        plain = self._by_terms(cleared)
        if plain:
            return plain
        return (
            self._by_elements(cleared)
            or self._by_facts(cleared)
            or self._by_sizes(cleared)
            or self.by_tangents(cleared)
            or self.by_roots(cleared)
            or self.by_squares(cleared)
            or self.by_exponentials(cleared)
            or self.by_products_of_sums(cleared)
            or self._by_totals(cleared)
            or self._by_indicators(cleared)
        )

    def without_lumps(self, poly: Poly) -> Poly | None:
        """The polynomial times positive lumps and sums, so that none is left below; None for lumps of unknown sign."""
        for _ in range(50):
            below = {a for m in poly for a, e in m if e < 0 and a.kind in ("lump", "sum")}
            lumps = {a for a in below if a.kind == "lump" or self.atom_strength(a) == POSITIVE}
            if not lumps:
                return poly
            atom = max(lumps, key=lambda a: (a.kind == "lump", a.height, a.serial))
            exponent = -min(e for m in poly for a, e in m if a is atom)
            if exponent % 2 and self.atom_strength(atom) != POSITIVE:
                return None
            poly = self.normal(raw_product(poly, of_atom(atom, exponent)))
        return None

    def plain_strength(self, poly: Poly) -> int:
        """By terms and by facts alone."""
        return self._by_terms(poly) or self._by_facts(poly)

    def _by_terms(self, poly: Poly) -> int:
        """Every term not negative, one of them positive."""
        strengths = [self._monomial_strength(m, 1 if c > 0 else -1) for m, c in poly.items()]
        return 0 if 0 in strengths else max(strengths, default=0)

    def _monomial_strength(self, monomial: Monomial, sign: int = 1) -> int:
        """The strength of a monomial times a number of this sign."""
        strength, odd = POSITIVE, sign
        for atom, exponent in monomial:
            own = self.atom_strength(atom)
            if own == 0 and exponent % 2:
                own, odd = self._negative_strength(atom), -odd
                if not own:
                    return 0
            strength = min(strength, own or NONNEGATIVE)
        return strength if odd > 0 else 0

    def _negative_strength(self, atom: Atom) -> int:
        """2 for an atom that is negative, 1 for one that is not positive, else 0."""
        if atom.kind in ("symbol", "entry") and self.known.domains.get(atom.args[0]) == "negative":
            return POSITIVE
        if atom.kind == "lump" and self.strength(negative(atom.args[0])) == POSITIVE:
            return POSITIVE
        single: Poly = of_atom(atom)
        if any(s < 0 and known == single for known, s in self.known.signs):
            return POSITIVE
        if atom.kind == "sum":
            return self._monomial_strength(atom.args[1], -1)
        return self._log_strength(atom, -1) if atom.kind == "log" else 0

    def atom_strength(self, atom: Atom) -> int:
        if atom.kind in ("exp", "size", "constant"):
            return POSITIVE
        if atom.kind in ("same", "positive", "zero"):
            return NONNEGATIVE
        if atom.kind in ("symbol", "entry"):
            if atom.kind == "entry" and atom.args[0] in self.known.one_hot:
                return NONNEGATIVE
            declared = {"positive": POSITIVE, "nonnegative": NONNEGATIVE}.get(
                self.known.domains.get(atom.args[0], ""), 0
            )
            return declared or self._as_fact(of_atom(atom))
        if atom.kind == "sum":
            return self._monomial_strength(atom.args[1])
        if atom.kind == "root":
            return POSITIVE if self.strength(atom.args[1]) == POSITIVE else NONNEGATIVE
        if atom.kind == "lump":
            return self.strength(atom.args[0])
        if atom.kind == "log":
            return self._log_strength(atom)
        return self._as_fact(of_atom(atom))

    def _log_strength(self, atom: Atom, sign: int = 1) -> int:
        """log(u) > 0 for u > 1, and < 0 for u < 1; a fact about log(u) itself says nothing of u - 1."""
        if atom in self._logs_asked:
            return 0
        self._logs_asked.add(atom)
        try:
            return self.strength(scale(subtract(atom.args[0], ONE), sign))
        finally:
            self._logs_asked.remove(atom)

    def _by_sizes(self, poly: Poly) -> int:
        """With n = least + m for every size n, every term not negative: m is not."""
        below = {a: -min(0, *(dict(m).get(a, 0) for m in poly)) for a in atoms_of(poly) if a.kind == "size"}
        poly = raw_product(poly, {monomial_of(below): fmpq(1)})
        exponents = {a: e for m in poly for a, e in m if a.kind == "size"}
        if not exponents or any(not isinstance(e, int) or e < 0 for m in poly for a, e in m if a in exponents):
            return 0
        for atom in exponents:
            shifted = add(of_atom(atom), constant(self._least(atom.args[0])))
            parts = (
                self.multiply({without(m, atom): c}, self.power(shifted, dict(m).get(atom, 0))) for m, c in poly.items()
            )
            poly = add(ZERO, *parts)
        strengths = [self._monomial_strength(m, 1 if c > 0 else -1) for m, c in poly.items()]
        free = [s for s, m in zip(strengths, poly, strict=True) if not any(a in exponents for a, _ in m)]
        return 0 if 0 in strengths or not poly else max(free, default=1)

    def _by_indicators(self, poly: Poly) -> int:
        """Of an indicator, which is 0 or 1, the weaker of what both give."""
        indicators = sorted((a for a in atoms_of(poly) if a.kind in _INDICATORS), key=lambda a: a.serial)
        if not 0 < len(indicators) <= _MOST_INDICATORS:
            return 0
        atom = indicators[0]
        if any(dict(m).get(atom, 0) < 0 for m in poly):
            return 0
        absent: Poly = {m: c for m, c in poly.items() if not dict(m).get(atom)}
        present = add(ZERO, *({without(m, atom): c} for m, c in poly.items()))
        return min(self.strength(part) if part else NONNEGATIVE for part in (absent, present))

    def _as_fact(self, poly: Poly) -> int:
        for fact in self._facts_about(poly):
            ratio = _ratio(poly, fact)
            if ratio is not None and ratio > 0:
                return POSITIVE
        for known, sign in self.known.signs:
            ratio = _ratio(poly, known)
            if ratio is not None and ratio * sign > 0:
                return POSITIVE
        return 0

    def _by_elements(self, poly: Poly) -> int:
        """c sum_k F(k) - a F(j) - b F(l) ... >= 0 for F >= 0, where j, l, ... are distinct or a + b + ... <= c.

        It is > 0 for F > 0 where some element is left over.
        """
        taken: dict[Monomial, dict[str, fmpq]] = {}  # the elements that are taken from a sum, and how often
        for monomial, c in poly.items():
            if c > 0:
                continue
            found = self._element(poly, monomial, -c)
            if found is None:
                return 0
            holder, index = found
            taken.setdefault(holder, {})[index] = -c
        left = [min(self._left_over(poly[m], own), self._monomial_strength(m)) for m, own in taken.items()]
        rest: Poly = {m: c for m, c in poly.items() if c > 0 and m not in taken}
        if rest:
            left.append(self._by_terms(rest))
        return 0 if 0 in left else max(left, default=0)

    def _by_totals(self, poly: Poly) -> int:
        """With what a sum of entries is known to be as that sum: of entries that are not negative, each is at most it.

        1 - p(j) = sum_k p(k) - p(j) where sum_k p(k) = 1.
        """
        taken: dict[tuple[Atom, Monomial], list[fmpq]] = {}
        values: dict[Atom, Poly] = {}
        for monomial, c in poly.items():
            for atom, exponent in monomial if c < 0 else ():
                for rule in self.known.sum_rules if exponent == 1 and atom.kind == "entry" else ():
                    total = self._total_with(rule, atom)
                    if total is not None and self.atom_strength(atom):
                        values[total] = rule.value
                        taken.setdefault((total, without(monomial, atom)), []).append(-c)
        if not 0 < len(taken) <= _MOST_TOTALS:
            return 0
        for often in (max, sum):  # elements that differ, and such as may be one
            shifted = poly
            for (total, others), counts in taken.items():
                gap = subtract(of_atom(total), values[total])
                shifted = add(shifted, scale(self.multiply(gap, {others: fmpq(1)}), often(counts)))
            found = (self._by_terms(shifted) or self._by_elements(shifted)) if shifted else NONNEGATIVE
            if found:
                return found
        return 0

    def _total_with(self, rule: SumRule, atom: Atom) -> Atom | None:
        """The sum that the rule is about and that an entry is an element of, not replaced by its value."""
        tensor, indices = atom.args
        others = [i for axis, i in enumerate(indices) if axis != rule.position]
        index = indices[rule.position]
        if tensor != rule.tensor or tensor in self.known.one_hot or not isinstance(index, str):
            return None  # what is 0 or 1 is taken by cases
        if any(wanted not in (None, i) for wanted, i in zip(rule.others, others, strict=True)):
            return None
        bound = f"~0.0:{dimension_of(index)}"  # of no closed sum in normal form
        element = self.atom("entry", tensor, (*indices[: rule.position], bound, *indices[rule.position + 1 :]))
        return self.atom("sum", (bound,), ((element, 1),))

    def _left_over(self, whole: fmpq, taken: dict[str, fmpq]) -> int:
        """The strength of `whole` times a sum of what is positive, without so many times these elements."""
        pairs = map(frozenset, itertools.combinations(taken, 2))
        distinct = all(pair in self.known.distinct for pair in pairs)
        total = sum(taken.values())
        if not distinct and total > whole:
            return 0
        one_more = self._least(dimension_of(next(iter(taken)))) > len(taken)
        part = total < whole or (distinct and min(taken.values()) < whole)
        return POSITIVE if one_more or part else NONNEGATIVE

    def _least(self, dimension: str) -> int:
        """The least that a size can be: two where two of its indices differ."""
        if dimension.isdigit():
            return int(dimension)
        apart = any(all(_runs_over(i, dimension) for i in pair) for pair in self.known.distinct)
        return max(self.known.least_sizes.get(dimension, 1), 2 if apart else 1)

    def _element(self, poly: Poly, monomial: Monomial, weight: fmpq) -> tuple[Monomial, str] | None:
        """A sum, of what is not negative, of which the monomial is one element, and the index of that element."""
        for holder, c in poly.items():
            sums = [(a, e) for a, e in holder if a.kind == "sum"]
            if c < weight or len(sums) != 1 or sums[0][1] != 1:
                continue
            atom = sums[0][0]
            if len(atom.args[0]) != 1 or not self._monomial_strength(atom.args[1]):
                continue
            (bound,) = atom.args[0]
            others: Monomial = tuple(pair for pair in holder if pair[0] is not atom)
            if self._monomial_strength(others) != POSITIVE:
                continue
            for i in sorted({i for a, _ in (*monomial, *others) for i in a.free}):
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
                        return POSITIVE
        return 0

    def _facts_about(self, poly: Poly) -> Iterator[Poly]:
        """Facts, with their quantified indices set to the indices that the polynomial holds."""
        indices = sorted(free_indices(poly) | {i for a in atoms_of(poly) for i in explicit_indices(a)}, key=str)
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


def _ratio(poly: Poly, other: Poly) -> fmpq | None:
    """c with poly = c * other."""
    if not other or poly.keys() != other.keys():
        return None
    first = next(iter(poly))
    ratio = poly[first] / other[first]
    return ratio if all(c == ratio * other[m] for m, c in poly.items()) else None


def explicit_indices(atom: Atom) -> Iterable[Index]:
    return [i for i in atom.args[1] if isinstance(i, int)] if atom.kind in ("entry", "inverse") else []


def _runs_over(index: Index, dimension: str) -> bool:
    return isinstance(index, str) and dimension_of(index) == dimension


def _fits(index: Index, quantified: str) -> bool:
    dimension = dimension_of(quantified)
    if isinstance(index, int):
        return index < (int(dimension) if dimension.isdigit() else 1)
    return dimension_of(index) == dimension
