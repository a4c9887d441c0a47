"""Terms into normal form, with what their definedness needs.

What is met on the way: an obligation for every reciprocal, logarithm and root that is not known to be fine, and
`NeedSign` where a case depends on a guard that is free of bound indices.  A guard under a sum becomes the exact
indicators [u > 0] and [u = 0]; where a derivative jumps at u = 0 the set is noted as exceptional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..differentiation import reindex
from ..errors import OutOfReach
from ..terms import ONE as TERM_ONE
from ..terms import Dimension, Index, Term
from .base import Fact, NeedSign, NoSlope, Undefined
from .calculus import Calculus
from .obligations import Obligation, Pairs, bound_in, merged
from .polynomials import ONE, ZERO, Poly, add, atoms_of, constant, of_atom, subtract
from .term_signs import NONNEGATIVE, POSITIVE, plain_strength

_LONGEST_EXPLICIT_SUM = 200_000
_MOST_PAIRS = 4
_DEFINED_WITH_THEIR_PARTS = ("add", "mul", "exp", "call", "applied")


class CasesConflict(Exception):
    """Two cases of one table hold together and claim different values."""


class Conversion:
    """Converts terms under one calculus (one cell)."""

    def __init__(self, calculus: Calculus, dimensions: Mapping[str, Dimension]) -> None:
        self.calculus = calculus
        self.dimensions: dict[str, Dimension] = dict(dimensions)
        self.obligations: set[Obligation] = set()
        self.exceptional: dict[frozenset[object], tuple[Poly, Term]] = {}
        self.indicated: dict[bytes, Term] = {}  # the guards met under sums, by the shape of [guard = 0]
        self.base_facts = len(calculus.known.positive)
        self.guard_terms: list[tuple[Poly, Term]] = []
        self._memo: dict[tuple[object, ...], tuple[Poly, frozenset[Obligation]]] = {}
        self._needs: dict[tuple[object, ...], frozenset[Obligation]] = {}
        self._guarded = 0
        self._different: Pairs = frozenset()
        self._equal: Pairs = frozenset()
        self._assuming: dict[object, Conversion] = {}
        self._without_facts: dict[Pairs, Calculus] = {}

    def assuming(self, facts: list[Fact]) -> Conversion:
        """A conversion under further facts, which discharge no obligation."""
        if not facts:
            return self
        key = frozenset((frozenset(poly.items()), bound) for poly, bound in facts)
        found = self._assuming.get(key)
        if found is None:
            found = Conversion(self._calculus([*self.calculus.known.positive, *facts], frozenset()), self.dimensions)
            found.base_facts = self.base_facts
            found.exceptional, found.indicated, found.guard_terms = self.exceptional, self.indicated, self.guard_terms
            self._assuming[key] = found
        return found

    def _calculus(self, facts: list[Fact], different: Pairs) -> Calculus:
        """The calculus under these facts, for indices that differ: what it has worked out holds for these only."""
        known = self.calculus.known
        if facts == known.positive and different <= known.distinct:
            return self.calculus
        calculus = Calculus(replace(known, positive=facts, distinct=known.distinct | different))
        calculus.table = self.calculus.table
        return calculus

    def _given(self, different: Pairs) -> Calculus:
        """The calculus without the facts that were assumed."""
        if different not in self._without_facts:
            given = self.calculus.known.positive[: self.base_facts]
            self._without_facts[different] = self._calculus(given, different)
        return self._without_facts[different]

    def poly(self, term: Term) -> Poly:
        """The normal form of a resolved term."""
        key = (term, self._different, self._equal, self._guarded > 0)
        known = self._memo.get(key)
        if known is None:
            outer, self.obligations = self.obligations, set()
            try:
                poly = self._convert(term)
                known = self._memo[key] = poly, frozenset(self.obligations)
            finally:
                outer |= self.obligations
                self.obligations = outer
        self.obligations |= known[1]
        return known[0]

    def index(self, index: Index) -> Index:
        """An index of a term as an index of the calculus."""
        if isinstance(index, int):
            return index
        dimension = self.dimensions[index]
        return f"{quoted(index)}:{dimension if isinstance(dimension, int) else quoted(dimension)}"

    def _convert(self, term: Term) -> Poly:
        op, args, c = term.op, term.args, self.calculus
        if op == "number":
            return constant(args[0])
        if op == "symbol":
            return c.symbol(quoted(args[0]))
        if op == "constant":
            return of_atom(c.atom("constant", args[0]))
        if op == "size":
            return c.size(quoted(args[0]))
        if op == "entry":
            return c.entry(quoted(args[0]), tuple(self.index(i) for i in args[1]))
        if op in ("inverse", "determinant"):
            return self._of_a_matrix(term)
        if op == "same":
            return c.same(self.index(args[0]), self.index(args[1]))
        if op == "add":
            return add(*(self.poly(a) for a in args))
        if op == "mul":
            return c.product([self.poly(a) for a in args])
        if op == "undefined":
            raise Undefined("no case applies")
        converters = {
            "power": self._power,
            "root": self._root,
            "log": self._log,
            "sum": self._sum,
            "split": self._split,
            "table": self._table,
            "join": self._join,
            "alike": self._alike,
            "where": self._where,
        }
        if op in converters:
            return converters[op](term)
        return self._function(term)

    def _of_a_matrix(self, term: Term) -> Poly:
        """An entry of the inverse, where the determinant is not 0; or the determinant."""
        name = quoted(term.args[0])
        determinant = of_atom(self.calculus.atom("determinant", name))
        if term.op == "determinant":
            return determinant
        self._require("nonzero", determinant, term)
        return of_atom(self.calculus.atom("inverse", name, tuple(map(self.index, term.args[1]))))

    def _function(self, term: Term) -> Poly:
        c = self.calculus
        if term.op == "exp":
            return c.exponential(self._argument(term.args[0]))
        if term.op == "call":
            return c.called(term.args[0], self._argument(term.args[1]))
        if term.op == "applied":
            name, order, argument = term.args
            return of_atom(c.atom("applied", quoted(name), order, self._argument(argument)))
        raise OutOfReach(f"{term.op} is not decided")

    def _argument(self, term: Term) -> Poly:
        """The normal form of what stands in a function, a root, a guard or below a line."""
        return self.calculus.single_fraction(self.poly(term))

    # ---- what must hold

    def provable(self, obligation: Obligation, more: Iterable[Obligation] = ()) -> bool:
        """Whether an obligation holds under what is given (and what else is known to hold), but on a set without
        interior."""
        if self._shown(obligation, [o for o in more if o.covers(obligation)]):
            return True
        pairs = frozenset().union(*(o.different | o.equal for o in more)) - obligation.different - obligation.equal
        if len(pairs) > _MOST_PAIRS:
            return False
        return any(
            self.provable(replace(obligation, different=obligation.different | {pair}), more)
            and self.provable(replace(obligation, equal=obligation.equal | {pair}), more)
            for pair in pairs
        )

    def _shown(self, obligation: Obligation, more: list[Obligation]) -> bool:
        """Whether an obligation holds if these hold, without cases by indices."""
        calculus = self._given(obligation.different)
        try:
            poly, *others = (merged(calculus, o.poly, obligation.equal) for o in (obligation, *more))
        except (Undefined, NeedSign, OutOfReach):
            return False
        met = list(zip(others, more, strict=True))
        if any(other == poly and o.kind in (obligation.kind, "positive") for other, o in met):
            return True
        if obligation.kind == "nonzero":
            return calculus.nowhere_flat(poly)
        facts = [
            (other, bound_in(other) - frozenset().union(*o.different, *o.equal))  # not for all where it needs a case
            for other, o in met
            if o.kind == "positive" or (o.kind == "nonnegative" and calculus.nowhere_flat(other))
        ]
        calculus = self._calculus([*calculus.known.positive, *facts], obligation.different)
        strength = calculus.strength(poly)
        enough = 1 if obligation.kind == "nonnegative" else 2
        return strength >= enough or (strength == 1 and calculus.nowhere_flat(poly))

    def _require(self, kind: str, poly: Poly, term: Term) -> None:
        if kind == "nonzero" and len(poly) == 1 and all(a.kind in ("exp", "size") for m in poly for a, _ in m):
            return
        obligation = Obligation(kind, frozenset(poly.items()), self._different, self._equal)
        if self._never_zero(obligation) if kind == "nonzero" else self.provable(obligation):
            return
        if plain_strength(term, self.plain_leaf) >= (NONNEGATIVE if kind == "nonnegative" else POSITIVE):
            return
        if self._guarded:
            raise OutOfReach("a case under a sum whose value is not defined everywhere")
        self.obligations.add(obligation)

    def plain_leaf(self, term: Term) -> int:
        """The sign of what is no sum, product or power, under what is given."""
        if term.op not in ("number", "symbol", "constant", "size", "entry"):
            return 0
        return self._given(frozenset()).strength(self.poly(term))

    def _never_zero(self, obligation: Obligation) -> bool:
        return self._given(obligation.different).sign(obligation.poly) in (1, -1)

    def _power(self, term: Term) -> Poly:
        base, exponent = term.args
        if exponent >= 0:
            return self.calculus.power(self.poly(base), exponent)
        poly = self._argument(base)
        if not poly:
            raise Undefined("1/0")
        self._require("nonzero", poly, base)
        return self.calculus.power(poly, exponent)

    def _root(self, term: Term) -> Poly:
        base, exponent = term.args
        poly = self._argument(base)
        if poly:
            self._require("nonnegative" if exponent > 0 else "positive", poly, base)
        return self.calculus.root(poly, exponent.numerator, exponent.denominator)

    def _log(self, term: Term) -> Poly:
        (argument,) = term.args
        if argument.op == "exp":
            return self.poly(argument.args[0])
        poly = self._argument(argument)
        if not poly:
            raise Undefined("log(0)")
        self._require("positive", poly, argument)
        return self.calculus.logarithm(poly)

    # ---- sums and cases

    def _sum(self, term: Term) -> Poly:
        index, dimension, body = term.args
        if isinstance(dimension, int):
            if dimension > _LONGEST_EXPLICIT_SUM:
                raise OutOfReach(f"a sum of {dimension} explicit terms")
            return add(ZERO, *(self.poly(reindex(body, {index: value})) for value in range(dimension)))
        poly = self._argument(body)
        bound = self.index(index)
        return self.calculus.total((str(bound),), poly)

    def _where(self, term: Term) -> Poly:
        value, body = term.args
        self._defined(body)
        return self.poly(value)

    def _defined(self, term: Term) -> None:
        """Collects what a term needs to have a value; what always has one is passed through without being computed."""
        op, args = term.op, term.args
        through = op in _DEFINED_WITH_THEIR_PARTS or (op == "sum" and isinstance(args[1], str))
        if not (through or (op == "power" and args[1] > 0)):
            self.poly(term)
            return
        key = (term, self._different, self._equal, self._guarded > 0)
        known = self._needs.get(key)
        if known is None:
            outer, self.obligations = self.obligations, set()
            try:
                for child in term.children():
                    self._defined(child)
                known = self._needs[key] = frozenset(self.obligations)
            finally:
                outer |= self.obligations
                self.obligations = outer
        self.obligations |= known

    def _alike(self, term: Term) -> Poly:
        i, j, equal, different = term.args
        indicator = self.calculus.same(self.index(i), self.index(j))
        if indicator == ONE:
            return self.poly(equal)
        first, second = (i, j) if isinstance(j, str) else (j, i)
        if indicator == ZERO:
            return self.poly(different)
        outer = self._different, self._equal
        pair = frozenset((self.index(i), self.index(j)))
        try:
            self._different = outer[0] | {pair}
            other = self.poly(different)
            self._different, self._equal = outer[0], outer[1] | {pair}
            same = self.poly(reindex(equal, {second: first}))
            difference = self.calculus.multiply(indicator, subtract(same, other))
        except Undefined as error:
            raise OutOfReach("a case i = j or i != j whose value is not always defined") from error
        finally:
            self._different, self._equal = outer
        return add(other, difference)

    def _split(self, term: Term) -> Poly:
        guard, positive, zero, negative = term.args
        poly = self._argument(guard)
        sign = self.calculus.sign(poly)
        if sign is None:
            if any("~" in i for i in guard.free):
                return self._indicated(poly, term)
            self.guard_terms.append((poly, guard))
            raise NeedSign(self._factor_of_unknown_sign(poly))
        return self.poly(positive if sign > 0 else negative if sign < 0 else zero)

    def _factor_of_unknown_sign(self, guard: Poly) -> Poly:
        """Of a guard that is a product the first variable whose sign is not known, else the guard."""
        if len(guard) > 1:
            return guard
        ((monomial, _),) = guard.items()
        unknown = [of_atom(a) for a, _ in monomial if self.calculus.sign(of_atom(a)) is None]
        return unknown[0] if unknown and len(monomial) > 1 else guard

    def _indicated(self, guard: Poly, term: Term) -> Poly:
        c = self.calculus
        self._guarded += 1
        try:
            positive, negative = self.poly(term.args[1]), self.poly(term.args[3])
            above, at = c.indicator_positive(guard), c.indicator_zero(guard)
            for atom in atoms_of(at):
                self.indicated[atom.blind] = term.args[0]
            try:
                zero = self.poly(term.args[2]) if term.args[2].op != "join" else self._joined(at, term.args[2])
            except Undefined:
                self.exceptional[frozenset(guard.items())] = guard, term.args[0]
                zero = ZERO
        except Undefined as error:
            raise OutOfReach("a case under a sum that has no value") from error
        finally:
            self._guarded -= 1
        below = subtract(subtract(ONE, above), at)
        return add(c.multiply(above, positive), c.multiply(at, zero), c.multiply(below, negative))

    def _join(self, term: Term) -> Poly:
        return self._joined(ONE, term)

    def _joined(self, at: Poly, term: Term) -> Poly:
        """The common slope where the guard is 0: values and slopes of both sides agree there, else undefined.

        Where the guard may stay 0, the slope of the case at 0 has to be the same: values that agree by a condition
        (x = 1) may differ as x moves.
        """
        _, slopes, values, of_guard = term.args
        pairs = [(values[0], values[1]), (values[1], values[2]), (slopes[0], slopes[2])]
        if self.calculus.sign(self.poly(of_guard)) not in (1, -1):
            pairs.append((slopes[0], slopes[1]))
        for left, right in pairs:
            gap = subtract(self.poly(left), self.poly(right))
            if not self.calculus.is_zero(self.calculus.multiply(at, gap)):
                raise NoSlope("the slopes on the two sides differ")
        return self.poly(slopes[0])

    def _table(self, term: Term) -> Poly:
        c = self.calculus
        cases = [(condition, self.poly(condition), value) for condition, value in term.args]
        cases = [case for case in cases if case[1]]
        uncovered, result = ONE, ZERO
        values: list[tuple[Poly, Poly]] = []
        for condition, holds, value in cases:
            sure = holds == ONE or condition is TERM_ONE
            self._guarded += not sure
            try:
                poly = self.poly(value)
            except Undefined as error:
                if sure:
                    raise
                raise OutOfReach("a case of a table that has no value") from error
            finally:
                self._guarded -= not sure
            for other_holds, other in values:
                overlap = c.product([holds, other_holds, subtract(poly, other)])
                if not c.is_zero(overlap):
                    raise CasesConflict("two cases of the table hold together with different values")
            values.append((holds, poly))
            result = add(result, c.product([uncovered, holds, poly]))
            uncovered = c.multiply(uncovered, subtract(ONE, holds))
        if not c.is_zero(uncovered):
            if not cases:
                raise Undefined("no case of the table applies")
            raise OutOfReach("a table of cases that may leave points uncovered")
        return result


def quoted(name: str) -> str:
    """A name without the sign that marks an index's dimension, and not to be taken for a number."""
    return "%n" + name if name.isdigit() else name.replace("%", "%25").replace(":", "%3A")
