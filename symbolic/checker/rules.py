"""Products of polynomials, with the rules that put a monomial into normal form, and renaming of free indices.

- same(i, j) * F(j) = same(i, j) * F(i); same(i, j)^2 = same(i, j)
- c^2 = c for c = [u > 0] and c = [u = 0]; [u > 0] * [u = 0] = 0; [u = 0] * u = 0
- t[i] * t[j] = same(i, j) * t[i] for a one-hot t (i, j at the hot place, all other indices alike)
- root(q, u)^q = u (where the root is defined); cos(u)^2 = 1 - sin(u)^2
- lead * D^-1 = 1 - (D - lead) * D^-1 for a lump D with leading term lead (where D is not 0)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .polynomials import (
    ONE,
    Atom,
    Atoms,
    Exponent,
    Index,
    Monomial,
    Poly,
    accumulate,
    add,
    free_of,
    join,
    leading,
    negative,
    of_atom,
    raised,
    raw_product,
    scale,
    subtract,
    whole,
)
from .reading import Rejected, Work

_RULED = {"same", "positive", "zero", "lump", "root", "entry", "call"}
_MOST_EXPONENT = 300


class Undefined(Exception):
    """There is no value here."""


@dataclass
class Known:
    """What may be used: declarations, conditions as rules, facts, and the signs of a cell."""

    domains: dict[str, str] = field(default_factory=dict)
    least: dict[str, int] = field(default_factory=dict)  # size -> its least value
    one_hot: dict[str, int] = field(default_factory=dict)  # tensor -> hot axis
    # (tensor, axis of the sum, the other indices: None for any, value)
    sum_rules: list[tuple[str, int, tuple[Index | None, ...], Poly]] = field(default_factory=list)
    # (name, indices, those of them that may be any, value)
    substitutions: list[tuple[str, tuple[Index, ...], frozenset[Index], Poly]] = field(default_factory=list)
    positive: list[tuple[Poly, frozenset[Index]]] = field(default_factory=list)  # poly > 0 for all of these indices
    distinct: frozenset[frozenset[Index]] = frozenset()
    signs: list[tuple[Poly, int]] = field(default_factory=list)  # normal guard, sign
    held: frozenset[str] = frozenset()  # names that conditions may hold on a set without interior


class Base(Atoms):
    """State, and the methods that the rules call across the classes that build on this one."""

    def __init__(self, known: Known, work: Work) -> None:
        super().__init__(work)
        self.known = known
        self._fixed: dict[Monomial, Poly] = {}
        self._renamed: dict[tuple[object, ...], Poly] = {}
        self._fresh = 0

    def fresh(self, dimension: str) -> Index:
        self._fresh += 1
        return ("fresh", str(self._fresh), dimension)

    def inverse(self, poly: Poly, exponent: int) -> Poly:
        raise NotImplementedError

    def total(self, bound: tuple[Index, ...], poly: Poly) -> Poly:
        raise NotImplementedError

    def exponential(self, poly: Poly) -> Poly:
        raise NotImplementedError

    def logarithm(self, poly: Poly) -> Poly:
        raise NotImplementedError

    def root(self, poly: Poly, exponent: Fraction) -> Poly:
        raise NotImplementedError

    def call(self, name: str, poly: Poly) -> Poly:
        raise NotImplementedError

    def indicator(self, kind: str, poly: Poly) -> Poly:
        raise NotImplementedError

    def sign(self, poly: Poly) -> int | None:
        raise NotImplementedError


class Rules(Base):
    """Products and renaming."""

    def multiply(self, *polys: Poly) -> Poly:
        result = ONE
        for poly in sorted(polys, key=len):
            result = self.normal(raw_product(result, poly, self.work))
        return result

    def power(self, poly: Poly, exponent: int) -> Poly:
        if abs(exponent) > _MOST_EXPONENT:
            raise Rejected("not in the checker's reach: a large exponent")
        if exponent < 0:
            return self.inverse(poly, -exponent)
        result = ONE
        for _ in range(exponent):
            result = self.multiply(result, poly)
        return result

    def normal(self, poly: Poly) -> Poly:
        """Every monomial in normal form."""
        result: Poly = {}
        for monomial, c in poly.items():
            if not any(a.kind in _RULED for a, _ in monomial):
                accumulate(result, monomial, c)
                continue
            fixed = self._fixed.get(monomial)
            if fixed is None:
                self.work.spend(5)
                fixed = self._fixed[monomial] = self._fix(monomial)
            for m, d in fixed.items():
                accumulate(result, m, c * d)
        return result

    def _times(self, monomial: Monomial, *polys: Poly) -> Poly:
        return self.multiply({monomial: Fraction(1)}, *polys)

    def _fix(self, monomial: Monomial) -> Poly:
        if any(a.kind == "same" for a, _ in monomial):
            contracted = self._contract(monomial)
            if contracted is not None:
                return contracted
        for position, (atom, e) in enumerate(monomial):
            rest = monomial[:position] + monomial[position + 1 :]
            if atom.kind in ("positive", "zero") and e != 1:
                if e < 0:
                    raise Rejected("not in the checker's reach: a reciprocal of a condition")
                return self._times(join(rest, ((atom, 1),)))
            if atom.kind == "root" and not 0 < e < atom.args[0]:
                times = int(e // atom.args[0])
                return self._times(join(rest, ((atom, e - times * atom.args[0]),)), self.power(atom.args[1], times))
            if atom.kind == "lump" and e > 0:
                return self._times(rest, self.power(atom.args[0], int(e)))
            if atom.kind == "call" and atom.args[0] == "cos" and e > 1:
                sine = of_atom(self.atom("call", "sin", atom.args[1]), 2)
                return self._times(join(rest, ((atom, e - 2),)), subtract(ONE, sine))
            if atom.kind == "entry" and atom.args[0] in self.known.one_hot and e > 0:
                hot = self._one_hot(atom, e, rest)
                if hot is not None:
                    return hot
        at_zero = self._at_zero(monomial)
        return self._reduced(monomial) if at_zero is None else at_zero

    def _contract(self, monomial: Monomial) -> Poly | None:
        """Indices that deltas make equal are replaced by one of them; None where that is done already."""
        parent: dict[Index, Index] = {}

        def find(i: Index) -> Index:
            while i in parent:
                i = parent[i]
            return i

        deltas = [a for a, _ in monomial if a.kind == "same"]
        if any(e < 0 for a, e in monomial if a.kind == "same"):
            raise Rejected("not in the checker's reach: a reciprocal of a delta")
        for atom in deltas:
            i, j = sorted((find(atom.args[0]), find(atom.args[1])), key=_order)
            if i != j:
                if self._differ(i, j):
                    return {}
                parent[j] = i
        names = {i: find(i) for a in deltas for i in a.args if find(i) != i}
        rest = tuple((a, e) for a, e in monomial if a.kind != "same")
        star = {self.delta(i, j): 1 for i, j in names.items()}
        if {a: e for a, e in monomial if a.kind == "same"} == star and not any(a.free & names.keys() for a, _ in rest):
            return None
        pairs = tuple(sorted(star.items(), key=lambda pair: pair[0].serial))
        return self.normal(raw_product(self.rename({rest: Fraction(1)}, names), {pairs: Fraction(1)}, self.work))

    def _differ(self, i: Index, j: Index) -> bool:
        return (isinstance(i, int) and isinstance(j, int)) or frozenset((i, j)) in self.known.distinct

    def delta(self, i: Index, j: Index) -> Atom:
        return self.atom("same", *sorted((i, j), key=_order))

    def same(self, i: Index, j: Index) -> Poly:
        if i == j:
            return ONE
        if self._differ(i, j):
            return {}
        if len({x[2] for x in (i, j) if not isinstance(x, int)}) > 1:
            raise Rejected("not in the checker's reach: indices of different ranges are compared")
        return of_atom(self.delta(i, j))

    def _one_hot(self, atom: Atom, exponent: Exponent, rest: Monomial) -> Poly | None:
        if exponent != 1:
            return self._times(join(rest, ((atom, 1),)))
        tensor, indices = atom.args
        axis = self.known.one_hot[tensor]
        for other, e in rest:
            if other.kind == "entry" and other.args[0] == tensor and e > 0:
                theirs = other.args[1]
                if all(a == b for k, (a, b) in enumerate(zip(indices, theirs, strict=True)) if k != axis):
                    left = join(tuple(pair for pair in rest if pair[0] is not other), ((atom, 1),))
                    return self._times(left, self.same(indices[axis], theirs[axis]))
        return None

    def _at_zero(self, monomial: Monomial) -> Poly | None:
        exponents = dict(monomial)
        for atom, _ in monomial:
            if atom.kind != "zero":
                continue
            guard = atom.args[0]
            if self.atom("positive", guard) in exponents:
                return {}
            lead = leading(guard)
            if lead and all(exponents.get(a, 0) >= e > 0 for a, e in lead):
                base = join(monomial, raised(lead, -1))
                others = scale({m: c for m, c in guard.items() if m != lead}, 1 / guard[lead])
                return self._times(base, negative(others))
        return None

    def _reduced(self, monomial: Monomial) -> Poly:
        exponents = dict(monomial)
        for atom, e in monomial:
            if atom.kind == "lump" and e < 0:
                lump = atom.args[0]
                lead = leading(lump)
                if lead and all(exponents.get(a, 0) >= x > 0 for a, x in lead):
                    base = join(monomial, raised(lead, -1))
                    others = {m: c for m, c in lump.items() if m != lead}
                    shorter = subtract(of_atom(atom), others)
                    return scale(self._times(base, shorter), 1 / lump[lead])
        return {monomial: Fraction(1)}

    # ---- renaming

    def rename(self, poly: Poly, names: dict[Index, Index]) -> Poly:
        """The polynomial with free indices replaced (all at once)."""
        if not names or not free_of(poly) & names.keys():
            return poly
        try:
            return self._rename(poly, names)
        except Undefined as error:  # here alone, not where the polynomial is made: that it has no value is not said
            raise Rejected("not in the checker's reach: a term without a value where indices are equal") from error

    def _rename(self, poly: Poly, names: dict[Index, Index]) -> Poly:
        result: Poly = {}
        for monomial, c in poly.items():
            kept = tuple((a, e) for a, e in monomial if not a.free & names.keys())
            changed = [self._renamed_power(a, e, names) for a, e in monomial if a.free & names.keys()]
            result = add(result, scale(self.multiply({kept: Fraction(1)}, *changed), c))
        return result

    def _renamed_power(self, atom: Atom, exponent: Exponent, names: dict[Index, Index]) -> Poly:
        relevant = {i: j for i, j in names.items() if i in atom.free}
        key = (atom, *sorted(relevant.items(), key=repr))
        poly = self._renamed.get(key)
        if poly is None:
            poly = self._renamed[key] = self._renamed_atom(atom, relevant)
        if exponent == 1:
            return poly
        if len(poly) == 1:
            ((monomial, c),) = poly.items()
            if c == 1 and not any(a.kind == "same" for a, _ in monomial):
                return {raised(monomial, exponent): c}
        if int(exponent) != exponent:
            raise Rejected("not in the checker's reach: a fractional power of a sum")
        return self.power(poly, int(whole(exponent)))

    def entry(self, tensor: str, indices: tuple[Index, ...]) -> Poly:
        """An entry (a symbol: without indices), or what a linear condition says it is."""
        for name, pattern, running, value in self.known.substitutions:
            if name != tensor or len(pattern) != len(indices):
                continue
            names: dict[Index, Index] = {}
            for wanted, met in zip(pattern, indices, strict=True):
                if (names.setdefault(wanted, met) if wanted in running else wanted) != met:
                    break
            else:
                return self.rename(value, names)
        return of_atom(self.atom("entry", tensor, indices) if indices else self.atom("symbol", tensor))

    def _renamed_atom(self, atom: Atom, names: dict[Index, Index]) -> Poly:
        args = atom.args
        if atom.kind == "entry":
            return self.entry(args[0], tuple(names.get(i, i) for i in args[1]))
        if atom.kind == "same":
            return self.same(*(names.get(i, i) for i in args))
        if atom.kind == "sum":
            fresh = {b: self.fresh(b[2]) for b in args[0]}
            return self.total(tuple(fresh.values()), self.rename({args[1]: Fraction(1)}, {**names, **fresh}))
        inner = self.rename({args[0]: Fraction(1)} if atom.kind == "exp" else args[-1], names)
        if atom.kind == "exp":
            return self.exponential(inner)
        if atom.kind == "log":
            return self.logarithm(inner)
        if atom.kind == "root":
            return self.root(inner, Fraction(1, args[0]))
        if atom.kind == "call":
            return self.call(args[0], inner)
        if atom.kind == "applied":
            return of_atom(self.atom("applied", args[0], args[1], inner))
        return inner if atom.kind == "lump" else self.indicator(atom.kind, inner)


def _order(index: Index) -> tuple[int, str]:
    """Explicit positions first, then free indices, then bound ones."""
    rank = 0 if isinstance(index, int) else 1 if index[0] == "free" else 2
    return rank, repr(index)
