"""Products, powers and renaming: the rules that put one monomial into normal form.

- same(i, j) * F(j) = same(i, j) * F(i), and same(i, j)^2 = same(i, j)
- [u > 0]^2 = [u > 0], [u = 0]^2 = [u = 0], [u > 0] * [u = 0] = 0, [u = 0] * u = 0
- t[i] * t[j] = same(i, j) * t[i] for a one-hot t
- root(q, u)^q = u, and root(q, u)^e * root(p, u)^d = root(r, u)^n with n/r = e/q + d/p in lowest terms
- cos(u)^2 = 1 - sin(u)^2
- D^-1 * D = 1 for a lump D, by its leading monomial: lead * D^-1 = 1 - (D - lead) * D^-1
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from flint import fmpq

from ..errors import OutOfReach
from .base import Base, NeedSign, Rename, Undefined
from .polynomials import (
    ONE,
    ZERO,
    Atom,
    Exponent,
    Index,
    Monomial,
    Poly,
    add,
    as_exponent,
    dimension_of,
    free_indices,
    join,
    leading_monomial,
    negative,
    of_atom,
    raw_product,
    scale,
    subtract,
)

_RULED = {"same", "positive", "zero", "lump", "root", "entry", "call"}

_HIGHEST_POWER = 5000
_FINEST_EXPONENT = 16


class Products(Base):
    """Multiplication and renaming with the monomial rules applied."""

    def multiply(self, left: Poly, right: Poly) -> Poly:
        self.table.effort.spend(1 + len(left) * len(right))
        return self.normal(raw_product(left, right))

    def product(self, polys: list[Poly]) -> Poly:
        result = ONE
        for poly in sorted(polys, key=len):
            result = self.multiply(result, poly)
        return result

    def power(self, poly: Poly, exponent: Exponent) -> Poly:
        """poly ** exponent for an integer exponent."""
        if abs(int(exponent)) > _HIGHEST_POWER and not (len(poly) == 1 and all(c * c == 1 for c in poly.values())):
            raise OutOfReach(f"a power of {exponent}")
        if exponent < 0:
            return self.inverse(poly, -int(exponent))
        result, square, rest = ONE, poly, int(exponent)
        while rest:
            if rest & 1:
                result = self.multiply(result, square)
            rest >>= 1
            if rest:
                square = self.multiply(square, square)
        return result

    def normal(self, poly: Poly) -> Poly:
        """Every monomial in normal form."""
        if not any(a.kind in _RULED for m in poly for a, _ in m):
            return poly
        result: Poly = {}
        for monomial, coefficient in poly.items():
            fixed = self.fix(monomial)
            if len(fixed) == 1 and monomial in fixed:
                result = _accumulate(result, monomial, coefficient)
            else:
                for m, c in fixed.items():
                    result = _accumulate(result, m, c * coefficient)
        return result

    def fix(self, monomial: Monomial) -> Poly:
        """The normal form of one monomial."""
        found = self._fixed.get(monomial)
        if found is None:
            found = self._fixed[monomial] = self._fix(monomial)
        return found

    def _fix(self, monomial: Monomial) -> Poly:
        kinds = {a.kind for a, _ in monomial}
        if "same" in kinds:
            contracted = self._contract(monomial)
            contracted = self._settled_where_equal(monomial) if contracted is None else contracted
            if contracted is not None:
                return contracted
        if "root" in kinds:
            combined = self._combined_roots(monomial)
            if combined is not None:
                return combined
        for position, (atom, exponent) in enumerate(monomial):
            rest = monomial[:position] + monomial[position + 1 :]
            if atom.kind in ("positive", "zero"):
                if exponent != 1:
                    return self._idempotent(rest, atom, exponent)
            elif atom.kind == "lump" and exponent > 0:
                return self.multiply({rest: fmpq(1)}, self.power(atom.args[0], exponent))
            elif atom.kind == "call" and atom.args[0] == "cos" and exponent > 1:
                sine = of_atom(self.atom("call", "sin", atom.args[1]), 2)
                left = join(rest, ((atom, exponent - 2),)) if exponent > 2 else rest
                return self.multiply({left: fmpq(1)}, subtract(ONE, sine))
            elif atom.kind == "entry" and self.known.one_hot and atom.args[0] in self.known.one_hot:
                fixed = self._one_hot(monomial, atom, exponent, rest)
                if fixed is not None:
                    return fixed
        if "zero" in kinds:
            fixed = self._at_zero(monomial)
            if fixed is not None:
                return fixed
        return self._reduce(monomial) if "lump" in kinds else {monomial: fmpq(1)}

    def _combined_roots(self, monomial: Monomial) -> Poly | None:
        """One root of each radicand, with an exponent between 0 and 1 in lowest terms; None where it is so already."""
        roots = [(a, Fraction(e) / a.args[0]) for a, e in monomial if a.kind == "root"]
        exponents: dict[frozenset[object], Fraction] = {}
        for atom, exponent in roots:
            radicand = frozenset(atom.args[1].items())
            exponents[radicand] = exponents.get(radicand, Fraction(0)) + exponent
        if len(exponents) == len(roots) and all(0 < e < 1 and e.denominator == a.args[0] for a, e in roots):
            return None
        result: Poly = {tuple(pair for pair in monomial if pair[0].kind != "root"): fmpq(1)}
        for radicand, exponent in exponents.items():
            base: Poly = dict(radicand)  # type: ignore[arg-type]
            whole = floor(exponent)
            part = exponent - whole
            root = of_atom(self.atom("root", part.denominator, base), part.numerator) if part else ONE
            result = self.multiply(raw_product(result, root), self.power(base, whole))
        return result

    def _idempotent(self, rest: Monomial, atom: Atom, exponent: Exponent) -> Poly:
        if exponent < 0:
            raise Undefined("1/0 where a condition does not hold")
        return self.normal({join(rest, ((atom, 1),)): fmpq(1)})

    def _contract(self, monomial: Monomial) -> Poly | None:
        """Replaces indices that a delta makes equal; None where nothing changes."""
        parent: dict[Index, Index] = {}

        def find(i: Index) -> Index:
            while i in parent:
                i = parent[i]
            return i

        deltas = [a for a, _ in monomial if a.kind == "same"]
        if any(e < 0 for a, e in monomial if a.kind == "same"):
            raise Undefined("1/0 where two indices differ")
        for atom in deltas:
            i, j = sorted((find(atom.args[0]), find(atom.args[1])), key=representative)
            if i != j:
                if (isinstance(i, int) and isinstance(j, int)) or frozenset((i, j)) in self.known.distinct:
                    return ZERO
                parent[j] = i
        names: dict[str, Index] = {i: find(i) for a in deltas for i in a.args if isinstance(i, str) and find(i) != i}
        rest = tuple((a, e) for a, e in monomial if a.kind != "same")
        star = {self._same_atom(j, i): 1 for j, i in names.items()}
        if any(set(names) & a.free for a, _ in rest) or dict((a, e) for a, e in monomial if a.kind == "same") != star:
            pairs: Monomial = tuple(sorted(star.items(), key=lambda pair: pair[0].serial))
            try:
                renamed = self.rename({rest: fmpq(1)}, names)
            except Undefined as error:
                raise OutOfReach("a product that has no value where two indices are equal") from error
            if any(set(names) & atom.free for m in renamed for atom, _ in m):
                raise OutOfReach("a condition between entries whose indices may be equal")
            return self.normal(raw_product(renamed, {pairs: fmpq(1)}))
        return None

    def _settled_where_equal(self, monomial: Monomial) -> Poly | None:
        """same(i, j) * [g(i) > 0] where the sign of g(j) is known."""
        if not any(a.kind in ("positive", "zero") for a, _ in monomial):
            return None
        names: dict[str, Index] = {a.args[1]: a.args[0] for a, _ in monomial if a.kind == "same"}
        for known, sign in self.known.signs:
            if free_indices(known).isdisjoint(names):
                continue
            try:
                merged = self.rename(known, names)
                direction, guard = self.normal_guard(merged) if merged else (1, merged)
            except (Undefined, NeedSign, OutOfReach):
                continue
            for atom, _ in monomial:
                if atom.kind in ("positive", "zero") and atom.args[0] == guard:
                    rest = tuple(pair for pair in monomial if pair[0] is not atom)
                    holds = direction * sign > 0 if atom.kind == "positive" else sign == 0
                    return self.fix(rest) if holds else ZERO
        return None

    def _same_atom(self, i: Index, j: Index) -> Atom:
        first, second = sorted((i, j), key=representative)
        return self.atom("same", first, second)

    def same(self, i: Index, j: Index) -> Poly:
        """Kronecker delta."""
        if i == j:
            return ONE
        if (isinstance(i, int) and isinstance(j, int)) or frozenset((i, j)) in self.known.distinct:
            return ZERO
        dimensions = {dimension_of(x) for x in (i, j) if isinstance(x, str)}
        if len(dimensions) > 1:
            raise OutOfReach(f"indices of different ranges are compared: {sorted(dimensions)}")
        return of_atom(self._same_atom(i, j))

    def _one_hot(self, monomial: Monomial, atom: Atom, exponent: Exponent, rest: Monomial) -> Poly | None:
        if exponent < 0:
            return None
        if exponent != 1:
            return self.normal({join(rest, ((atom, 1),)): fmpq(1)})
        tensor, indices = atom.args
        axis = self.known.one_hot[tensor]
        for other, other_exponent in rest:
            if other.kind == "entry" and other.args[0] == tensor and other_exponent > 0:
                theirs = other.args[1]
                if all(a == b for k, (a, b) in enumerate(zip(indices, theirs, strict=True)) if k != axis):
                    left = tuple(pair for pair in rest if pair[0] is not other)
                    kept = {join(left, ((atom, 1),)): fmpq(1)}
                    return self.multiply(kept, self.same(indices[axis], theirs[axis]))
        return None

    def _at_zero(self, monomial: Monomial) -> Poly | None:
        exponents = dict(monomial)
        for atom, _ in monomial:
            if atom.kind != "zero":
                continue
            if self.atom("positive", atom.args[0]) in exponents:
                return ZERO
            guard = atom.args[0]
            lead = leading_monomial(guard)
            if lead and all(exponents.get(a, 0) >= e > 0 for a, e in lead) and atom not in dict(lead):
                base = raw_product({monomial: fmpq(1)}, {tuple((a, -e) for a, e in lead): 1 / guard[lead]})
                others = {m: c for m, c in guard.items() if m != lead}
                return self.normal(negative(raw_product(base, others)))
        return None

    def _reduce(self, monomial: Monomial) -> Poly:
        exponents = dict(monomial)
        for atom, exponent in monomial:
            if atom.kind != "lump" or exponent >= 0:
                continue
            lump = atom.args[0]
            lead = leading_monomial(lump) if _coarse(lump) else None
            if lead and all(exponents.get(a, 0) >= e for a, e in lead):
                base = raw_product({monomial: fmpq(1)}, {tuple((a, -e) for a, e in lead): fmpq(1)})
                others = {m: c for m, c in lump.items() if m != lead}
                whole = raw_product(base, of_atom(atom))
                return self.normal(scale(subtract(whole, raw_product(base, others)), 1 / lump[lead]))
        return {monomial: fmpq(1)}

    # ---- renaming

    def rename(self, poly: Poly, names: Rename) -> Poly:
        """The polynomial with free indices replaced."""
        if not names or all(a.free.isdisjoint(names) for m in poly for a, _ in m):
            return poly
        result = ZERO
        for monomial, coefficient in poly.items():
            kept: Monomial = tuple((a, e) for a, e in monomial if a.free.isdisjoint(names))
            renamed: Poly = {kept: coefficient}
            for atom, exponent in monomial:
                if not atom.free.isdisjoint(names):
                    renamed = raw_product(renamed, self._renamed_power(atom, exponent, names))
            result = add(result, self.normal(renamed))
        return result

    def _renamed_power(self, atom: Atom, exponent: Exponent, names: Rename) -> Poly:
        poly = self.rename_atom(atom, names)
        if exponent == 1:
            return poly
        if len(poly) == 1:
            ((monomial, coefficient),) = poly.items()
            if coefficient == 1:
                return {tuple((a, as_exponent(e * exponent)) for a, e in monomial): coefficient}
        if int(exponent) != exponent:
            raise OutOfReach("a fractional power of a sum")
        return self.power(poly, int(exponent))

    def rename_atom(self, atom: Atom, names: Rename) -> Poly:
        """What an atom becomes when free indices are replaced."""
        relevant = tuple(sorted((i, j) for i, j in names.items() if i in atom.free))
        key = (atom, relevant)
        found = self._renamed.get(key)
        if found is None:
            found = self._renamed[key] = self._rename_atom(atom, dict(relevant))
        return found

    def _rename_atom(self, atom: Atom, names: Rename) -> Poly:
        args = atom.args
        if atom.kind == "entry":
            return self.entry(args[0], tuple(names.get(i, i) if isinstance(i, str) else i for i in args[1]))
        if atom.kind == "inverse":
            return of_atom(self.atom(atom.kind, args[0], tuple(names.get(i, i) for i in args[1])))
        if atom.kind == "same":
            i, j = (names.get(i, i) if isinstance(i, str) else i for i in args)
            return self.same(i, j)
        if atom.kind == "sum":
            return self.renamed_sum(args[0], args[1], names)
        inner = self.rename({args[0]: fmpq(1)} if atom.kind == "exp" else args[-1], names)
        builders = {
            "exp": lambda: self.exponential(inner),
            "log": lambda: self.logarithm(inner),
            "call": lambda: self.called(args[0], inner),
            "applied": lambda: of_atom(self.atom("applied", args[0], args[1], inner)),
            "lump": lambda: inner,
            "root": lambda: self.root(inner, 1, args[0]),
            "positive": lambda: self.indicator_positive(inner),
            "zero": lambda: self.indicator_zero(inner),
        }
        return builders[atom.kind]()


def representative(index: Index) -> tuple[int, str]:
    """Explicit positions first, then free indices, then bound ones."""
    text = str(index)
    return (0 if isinstance(index, int) else 2 if "~" in text or "@" in text else 1), text


def _coarse(poly: Poly) -> bool:
    """Whether a division by the polynomial takes few steps: each lowers an exponent by what its exponents differ by."""
    return all(isinstance(e, int) or e.denominator <= _FINEST_EXPONENT for m in poly for _, e in m)


def _accumulate(result: Poly, monomial: Monomial, coefficient: fmpq) -> Poly:
    total = result.get(monomial, 0) + coefficient
    if total == 0:
        del result[monomial]
    else:
        result[monomial] = total
    return result
