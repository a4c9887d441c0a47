"""Signs: what is shown to be positive wherever it is defined, and what is shown not to vanish on an open set.

Nothing is called positive because a certificate says so: a sign rests on declared domains, on conditions, on the signs
of a cell, and on these rules: exp, sizes and pi are positive; sums and products of what is not negative are not
negative; an even power is not negative; sum_k F(k) >= F(j) for positive F.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from .polynomials import (
    ONE,
    Atom,
    Exponent,
    Monomial,
    Poly,
    accumulate,
    all_atoms,
    atoms_in,
    free_of,
    negative,
    of_atom,
    proportion,
    scale,
    subtract,
)
from .sums import Sums

POSITIVE, NOT_NEGATIVE = 2, 1


class Signs(Sums):
    """Positivity by terms, by facts and by the elements of a sum."""

    def sign(self, poly: Poly) -> int | None:
        """1 or -1 where the polynomial is positive or negative wherever it is defined, 0 if it is 0, else None."""
        plain = self.plain_sign(poly)
        if plain is not None or not self.known.signs:
            return plain
        direction, guard = self.normal_guard(poly)
        for known, sign in self.known.signs:
            if known == guard:
                return direction * sign
        return None

    def plain_sign(self, poly: Poly) -> int | None:
        if not poly:
            return 0
        if self.strength(poly) == POSITIVE:
            return 1
        return -1 if self.strength(negative(poly)) == POSITIVE else None

    def strength(self, poly: Poly) -> int:
        """2: positive, 1: not negative, 0: not known."""
        self.work.spend(5)
        shorter = self._without_lumps(poly)
        if shorter is None:
            return 0
        return self._by_terms(shorter) or self._by_elements(shorter) or self._by_facts(shorter)

    def _without_lumps(self, poly: Poly) -> Poly | None:
        """Times what is positive, so that no lump is left below; None for lumps of unknown sign."""
        for _ in range(50):
            below = {a for m in poly for a, e in m if e < 0 and a.kind in ("lump", "sum")}
            atoms = [a for a in below if a.kind == "lump" or self.atom_strength(a) == POSITIVE]
            if not atoms:
                return poly
            atom = max(atoms, key=lambda a: (a.kind == "lump", a.height, a.key))
            exponent = -min(int(e) for m in poly for a, e in m if a is atom)
            if exponent % 2 and self.atom_strength(atom) != POSITIVE:
                return None
            if atom.kind == "lump":
                poly = self._times_lump(poly, atom, exponent)
            else:
                poly = self.multiply(poly, of_atom(atom, exponent))
        return None

    def _by_terms(self, poly: Poly) -> int:
        """Every term not negative, one of them positive."""
        strengths = [self._term(m) if c > 0 else 0 for m, c in poly.items()]
        return 0 if 0 in strengths else max(strengths, default=0)

    def _term(self, monomial: Monomial) -> int:
        strength, direction = POSITIVE, 1
        for atom, e in monomial:
            own = self.atom_strength(atom)
            if own == 0 and e % 2:
                if not self._is_negative(atom):
                    return 0
                direction = -direction
            else:
                strength = min(strength, own or NOT_NEGATIVE)
        return strength if direction > 0 else 0

    def _is_negative(self, atom: Atom) -> bool:
        if atom.kind in ("symbol", "entry") and self.known.domains.get(atom.args[0]) == "negative":
            return True
        if atom.kind == "lump" and self.strength(negative(atom.args[0])) == POSITIVE:
            return True
        return any(sign < 0 and known == of_atom(atom) for known, sign in self.known.signs)

    def atom_strength(self, atom: Atom) -> int:
        kind, args = atom.kind, atom.args
        if kind in ("exp", "size", "constant"):
            return POSITIVE
        if kind in ("same", "positive", "zero") or (kind == "entry" and args[0] in self.known.one_hot):
            return NOT_NEGATIVE
        if kind == "sum":
            return self._term(args[1])
        if kind == "root":
            return POSITIVE if self.strength(args[1]) == POSITIVE else NOT_NEGATIVE
        if kind == "lump":
            return self.strength(args[0])
        if kind == "log":  # log(u) > 0 for u > 1
            return self.strength(subtract(args[0], ONE))
        if kind in ("symbol", "entry"):
            domain = self.known.domains.get(args[0])
            if domain == "positive":
                return POSITIVE
            return POSITIVE if self._is_fact(of_atom(atom)) else NOT_NEGATIVE if domain == "nonnegative" else 0
        return POSITIVE if self._is_fact(of_atom(atom)) else 0

    def _is_fact(self, poly: Poly) -> bool:
        return any((proportion(poly, fact) or 0) > 0 for fact in self._facts(poly))

    def _facts(self, poly: Poly) -> Iterator[Poly]:
        """What is known to be positive, with the indices for which it all holds set to those of the polynomial."""
        explicit = {i for a in atoms_in(poly) if a.kind == "entry" for i in a.args[1] if isinstance(i, int)}
        for fact, running in self.known.positive:
            if not running:
                yield fact
                continue
            order = sorted(running, key=repr)
            choices = [[i for i in sorted(free_of(poly), key=repr) if i[2] == q[2]] for q in order]
            for chosen in itertools.product(*choices):
                yield self.rename(fact, dict(zip(order, chosen, strict=True)))
            if explicit and len(order) == 1:
                yield from (self.rename(fact, {order[0]: i}) for i in sorted(explicit))
        for known, sign in self.known.signs:
            if sign:
                yield scale(known, sign)

    def _by_elements(self, poly: Poly) -> int:
        """sum_k F(k) - F(j) >= 0 for positive F; > 0 where the size leaves one more."""
        taken: dict[Monomial, str] = {}
        for monomial, c in poly.items():
            if c < 0:
                holder = next((h for h, d in poly.items() if d >= -c and self._element(h, monomial)), None)
                if holder is None or holder in taken:
                    return 0
                taken[holder] = next(a for a, _ in holder if a.kind == "sum").args[0][0][2]
        rest = {m: c for m, c in poly.items() if c > 0 and m not in taken}
        strength = self._by_terms(rest)
        if not taken or (rest and not strength):
            return 0
        spare = all(self.known.least.get(d, 1) >= 2 for d in taken.values())
        return POSITIVE if spare or strength == POSITIVE else NOT_NEGATIVE

    def _element(self, holder: Monomial, monomial: Monomial) -> bool:
        """Whether the monomial is one element of the sum that the other one holds, all of it positive."""
        sums = [(a, e) for a, e in holder if a.kind == "sum"]
        if len(sums) != 1 or sums[0][1] != 1 or len(sums[0][0].args[0]) != 1:
            return False
        atom = sums[0][0]
        (b,) = atom.args[0]
        others = tuple(pair for pair in holder if pair[0] is not atom)
        if self._term(atom.args[1]) != POSITIVE or self._term(others) != POSITIVE:
            return False
        return any(
            self.multiply(self.rename({atom.args[1]: Fraction(1)}, {b: i}), {others: Fraction(1)}) == {monomial: 1}
            for i in free_of({monomial: Fraction(1)})
            if i[2] == b[2]
        )

    def _by_facts(self, poly: Poly) -> int:
        """poly - c * fact is not negative for a fact and a positive c."""
        for fact in self._facts(poly):
            for monomial, c in fact.items():
                if poly.get(monomial, 0) * c > 0:
                    rest = subtract(poly, scale(fact, poly[monomial] / c))
                    if not rest or (len(rest) < len(poly) and self._by_terms(rest)):
                        return POSITIVE
        return 0

    # ---- zero sets without interior

    def nowhere_flat(self, poly: Poly) -> bool:
        """Whether the zeros of the polynomial have no interior: for every size, also where indices coincide.

        Shown only where it is analytic in variables that no condition holds, and not 0 throughout: then its zeros
        have no interior in the declared box, nor in any open part of it.
        """
        if not poly:
            return False
        if self.sign(poly):
            return True
        if not all(self._analytic(a) for a in all_atoms(poly)):
            return False
        return all(self._not_zero(p) for p in self._coincidences(poly, 3))

    def _analytic(self, atom: Atom) -> bool:
        if atom.kind in ("positive", "zero", "same", "applied"):
            return False
        if atom.kind in ("symbol", "entry"):
            return atom.args[0] not in self.known.held
        if atom.kind in ("log", "root"):
            return self.strength(atom.args[-1]) == POSITIVE
        return True

    def _coincidences(self, poly: Poly, depth: int) -> Iterator[Poly]:
        """The polynomial, and what it becomes where indices are equal; more than `depth` of them count as 0."""
        yield poly
        explicit = {i for a in all_atoms(poly) if a.kind == "entry" for i in a.args[1] if isinstance(i, int)}
        order = sorted(free_of(poly), key=repr)
        merged = [(i, j) for j, i in itertools.combinations(order, 2) if i[2] == j[2]]
        merged += [(i, j) for i in order for j in sorted(explicit)]
        for i, j in merged:
            if depth == 0:
                yield {}
            elif frozenset((i, j)) not in self.known.distinct:
                yield from self._coincidences(self.rename(poly, {i: j}), depth - 1)

    def _not_zero(self, poly: Poly) -> bool:
        """Not 0 throughout: of one sign, or positive where every variable is 1, or not 0 in one of its variables."""
        self.work.spend(20)
        for _ in range(50):  # times the lumps below, analytic functions that are not 0 where it is defined
            below = [(a, e) for m in poly for a, e in m if a.kind == "lump" and e < 0]
            if not below:
                break
            atom = max((a for a, _ in below), key=lambda a: (a.height, a.key))
            poly = self._times_lump(poly, atom, -min(int(e) for a, e in below if a is atom))
        if not poly:
            return False
        if self.sign(poly) or self._positive_at_one(poly) or self._positive_at_one(negative(poly)):
            return True
        for atom in sorted(atoms_in(poly), key=lambda a: a.key):
            if atom.kind in ("symbol", "entry") and self._only_here(atom, poly):
                powers: dict[Exponent, Poly] = {}
                for m, c in poly.items():
                    rest = tuple(pair for pair in m if pair[0] is not atom)
                    accumulate(powers.setdefault(dict(m).get(atom, 0), {}), rest, c)
                if any(p != poly and self._not_zero(p) for p in powers.values()):
                    return True
        return False

    def _positive_at_one(self, poly: Poly) -> bool:
        """Every coefficient positive, and every atom positive where all variables are 1.

        With a logarithm, root or reciprocal left, the box may be in pieces, and 1 in another piece.
        """
        if any(a.kind in ("log", "root", "lump") for a in all_atoms(poly)):
            return False
        return all(c > 0 for c in poly.values()) and all(self._atom_at_one(a) for a in atoms_in(poly))

    def _atom_at_one(self, atom: Atom) -> bool:
        if atom.kind in ("symbol", "entry"):
            return self.known.domains.get(atom.args[0], "real") != "negative"
        if atom.kind == "sum":
            return all(self._atom_at_one(a) for a, _ in atom.args[1])
        return atom.kind in ("exp", "size", "constant")

    def _only_here(self, atom: Atom, poly: Poly) -> bool:
        """Whether the variable stands in the polynomial as this atom and nowhere else, also not under a sum."""
        inside = set().union(*(all_atoms({m: Fraction(1)}) - set(atoms_in({m: Fraction(1)})) for m in poly))
        if atom in inside:
            return False
        return not any(
            other is not atom
            and other.kind in ("symbol", "entry")
            and other.args[0] == atom.args[0]
            and (other in inside or any(not isinstance(i, int) and i[0] != "free" for i in other.args[1]))
            for other in all_atoms(poly)
        )
