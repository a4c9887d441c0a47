"""Whether a claim holds: both sides in normal form, cell by cell, and their domains compared.

`prove` returns a Proof with the sets on which equality may fail, or raises NotProved with the reason.  Whatever it
does not show it does not claim: a failure here is no refutation.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import combinations

from .abbreviations import abbreviated
from .bits import with_bits_outside
from .cells import impossible
from .differentiation import as_written, names_in, ranges_in, reindex, resolve
from .elimination import Elimination
from .errors import OutOfReach
from .index_cases import cases_of_a_bit, with_equal_indices_merged
from .instances import instances as _instances
from .knowledge import knowledge_of
from .normal_form.base import Fact, Knowledge, NeedSign, NoSlope, Undefined
from .normal_form.calculus import Calculus
from .normal_form.conversion import CasesConflict, Conversion, Obligation, quoted
from .normal_form.effort import Effort
from .normal_form.polynomials import AtomTable, Poly, atoms_of, dimension_of, free_indices, negative, of_atom, subtract
from .normal_form.term_signs import plain_strength
from .normal_form.text import poly_text
from .ranges import with_open_ranges
from .strictness import looked_at, positive_in
from .terms import Claim, Condition, Dimension, Index, Term
from .verdict import NOWHERE_DEFINED

_MOST_CELLS = 3**7


class NotProved(Exception):
    """No proof was found; the text says where it failed."""


@dataclass
class Proof:
    """Equality wherever both sides are defined, but perhaps on the sets named in `exceptions`."""

    exceptions: dict[str, None] = field(default_factory=dict)


@dataclass
class Cell:
    """A choice of signs: (guard, its text, sign)."""

    signs: tuple[tuple[Poly, str, int], ...] = ()

    @property
    def open(self) -> bool:
        return all(sign for _, _, sign in self.signs)

    def __str__(self) -> str:
        return ", ".join(f"{text} {'=><'[sign]} 0" for _, text, sign in self.signs)


def prove(claim: Claim, effort: Effort | None = None) -> Proof:
    """Proves the claim for every size, index and point, or raises NotProved or OutOfReach."""
    effort = effort or Effort()
    try:
        return _prove_by_cases(claim, effort)
    except (NotProved, OutOfReach) as failure:
        for same in (with_open_ranges(claim), claim):
            expanded = _with_bits_outside(same, effort)
            if expanded is not None:
                with suppress(NotProved, OutOfReach):
                    return _prove_by_cases(expanded, effort)
        raise failure from None


def _with_bits_outside(claim: Claim, effort: Effort) -> Claim | None:
    """The claim with functions of bits as polynomials in them; None where there are none."""
    if not any(c.relation == "one-hot" for c in claim.conditions):
        return None
    left, right = (resolve(side, claim.definitions) for side in (claim.left, claim.right))
    prover = _Prover(claim, {**claim.indices, **ranges_in(left), **ranges_in(right)}, effort)
    expanded = with_bits_outside(replace(claim, left=left, right=right), prover.defined)
    return None if (expanded.left, expanded.right) == (left, right) else expanded


def _prove_by_cases(claim: Claim, effort: Effort) -> Proof:
    """A range of explicit size is first taken like any other, without writing out its sums and indices."""
    general = with_open_ranges(claim)
    if general is not claim:
        with suppress(NotProved, OutOfReach):
            return _prove(general, effort)
    try:
        return _prove(claim, effort)
    except NotProved as failure:
        cases = cases_of_a_bit(claim)
        if cases is None:
            raise
        return _by_cases(claim, cases[1:], failure, effort)


def _by_cases(claim: Claim, cases: tuple[Condition, ...], failure: NotProved, effort: Effort) -> Proof:
    """Proves the claim where two indices differ and where they are equal, or where a bit is 1 and where it is 0."""
    proof = Proof()
    for condition in cases:
        try:
            part = _prove_by_cases(replace(claim, conditions=(*claim.conditions, condition)), effort)
        except (NotProved, OutOfReach):
            raise failure from None
        proof.exceptions |= part.exceptions
    return proof


def _prove(claim: Claim, effort: Effort) -> Proof:
    left, right = (resolve(side, claim.definitions) for side in (claim.left, claim.right))
    prover = _Prover(claim, {**claim.indices, **ranges_in(left), **ranges_in(right)}, effort)
    short = abbreviated(replace(claim, left=left, right=right))
    if short is not None and _proved_in_short(short[0], effort) and all(map(prover.defined, short[1])):
        return Proof()
    for assignment in _instances(claim):
        prover.pair(reindex(left, assignment), reindex(right, assignment))
    return prover.proof


def _proved_in_short(claim: Claim, effort: Effort) -> bool:
    """Whether a claim about independent variables in place of exponentials is proved, without any exception."""
    prover = _Prover(claim, {**claim.indices, **ranges_in(claim.left), **ranges_in(claim.right)}, effort)
    names = names_in(claim.left) | names_in(claim.right)
    prover.known.held.update(map(quoted, names))  # no set is shown to have no interior
    try:
        for assignment in _instances(claim):
            prover.pair(reindex(claim.left, assignment), reindex(claim.right, assignment))
    except (NotProved, OutOfReach):
        return False
    return not prover.proof.exceptions


def nowhere_defined(claim: Claim) -> str | None:
    """Which side is shown to have no value at any point, and why; None where neither is."""
    for name, side in (("left", claim.left), ("right", claim.right)):
        try:
            resolved = resolve(side, claim.definitions)
            prover = _Prover(claim, {**claim.indices, **ranges_in(resolved)})
            reasons = [
                next(filter(None, map(prover.undefined, looked_at(reindex(resolved, assignment), claim))), None)
                for assignment in _instances(claim)
            ]
        except (NotProved, OutOfReach, RecursionError):
            continue
        if reasons and None not in reasons:
            return f"the {name} {NOWHERE_DEFINED} ({reasons[0]})"
    return None


class _Prover:
    def __init__(self, claim: Claim, dimensions: dict[str, Dimension], effort: Effort | None = None) -> None:
        self.claim = claim
        self.dimensions = dimensions
        self.table = AtomTable(effort)
        self.known = knowledge_of(with_equal_indices_merged(claim), self.table)
        self.proof = Proof()
        self.base = self._conversion(self.known)
        self.cells = 0

    def _conversion(self, known: Knowledge) -> Conversion:
        calculus = Calculus(copy.copy(known))
        calculus.known.positive = list(known.positive)
        calculus.table = self.table
        return Conversion(calculus, self.dimensions)

    def pair(self, left: Term, right: Term) -> None:
        """Proves left = right in every cell."""
        pending = [Cell()]
        while pending:
            cell = pending.pop()
            self.cells += 1
            if self.cells > _MOST_CELLS:
                raise OutOfReach(f"more than {_MOST_CELLS} cells of cases")
            conversion = self._in_cell(cell)
            try:
                self._cell(left, right, cell, conversion)
            except NeedSign as need:
                pending += self._split(cell, need.guard, conversion)
            except (OutOfReach, Undefined) as reason:
                self._fails(cell, str(reason))

    def defined(self, term: Term) -> bool:
        """Whether a term is shown to have a value at every point, without cases."""
        try:
            value, needs = self._side(self.base, term)
        except (NeedSign, NotProved, OutOfReach):
            return False
        return not isinstance(value, Undefined) and not needs

    def undefined(self, side: Term) -> str | None:
        """Why a side has no value in any cell; None where it may have one in some."""
        pending, reason = [Cell()], ""
        while pending:
            cell = pending.pop()
            self.cells += 1
            if self.cells > _MOST_CELLS:
                return None
            conversion = self._in_cell(cell)
            try:
                value, _ = self._side(conversion, side)
            except NeedSign as need:
                pending += self._split(cell, need.guard, conversion)
                continue
            except (NotProved, OutOfReach):
                return None
            if not isinstance(value, Undefined) or isinstance(value, NoSlope):
                return None
            reason = str(value)
        return reason or None

    def _in_cell(self, cell: Cell) -> Conversion:
        if not cell.signs:
            return self.base
        known = copy.copy(self.known)
        known.signs = []
        known.substitutions = list(known.substitutions)
        known.distinct = set(known.distinct)
        equations = Elimination(self.base.calculus, known)
        for poly, _, sign in cell.signs:
            direction, guard = self.base.calculus.normal_guard(poly)
            known.signs.append((guard, direction * sign))
            if sign == 0:
                equations.solve(poly)
        known.distinct |= self._told_apart([(poly, sign) for poly, _, sign in cell.signs])
        return self._conversion(known)

    def _told_apart(self, signs: list[tuple[Poly, int]]) -> set[frozenset[Index]]:
        """Pairs of indices that differ in the cell, since its guards could not have their signs if they were equal."""
        free = sorted(frozenset().union(*(free_indices(guard) for guard, _ in signs)))
        return {
            frozenset((i, j))
            for i, j in combinations(free, 2)
            if dimension_of(i) == dimension_of(j) and not self._consistent(signs, {j: i})
        }

    def _consistent(self, signs: list[tuple[Poly, int]], names: dict[str, Index]) -> bool:
        """Whether the guards may have these signs where indices are equal."""
        calculus = self.base.calculus
        met: dict[frozenset[object], int] = {}
        for guard, sign in signs:
            try:
                merged = calculus.rename(guard, names)
                known = calculus.sign(merged)
                direction, content = calculus.normal_guard(merged) if merged else (1, merged)
            except Undefined:  # where a guard has a sign, it is defined
                return False
            except (NeedSign, OutOfReach):
                continue
            if known not in (None, sign):
                return False
            if direction * sign != met.setdefault(frozenset(content.items()), direction * sign):
                return False
        return True

    def _split(self, cell: Cell, guard: Poly, conversion: Conversion) -> Iterator[Cell]:
        if any(i.startswith("@") or "~" in i for i in free_indices(guard)):
            raise OutOfReach("a case under a sum that has no normal form")
        if any(poly == guard for poly, _, _ in cell.signs):
            raise NotProved(f"the sign of {poly_text(guard)} does not settle the case {cell}")
        terms = [term for poly, term in conversion.guard_terms if poly == guard]
        text = repr(as_written(terms[0])) if terms else poly_text(guard)
        positive = [of_atom(a) for a in atoms_of(guard) if conversion.calculus.strength(of_atom(a)) == 2]
        for poly, _, _ in cell.signs:
            positive += [of_atom(a) for a in atoms_of(poly) if conversion.calculus.strength(of_atom(a)) == 2]
        positive += [p for p, quantified in self.known.positive if not quantified]
        for sign in (1, -1, 0):
            if sign and conversion.calculus.strength(guard if sign < 0 else negative(guard)):
                continue
            if sign < 0 and any(plain_strength(term, conversion.plain_leaf) for term in terms):
                continue
            signs = (*cell.signs, (guard, text, sign))
            if not impossible([(p, s) for p, _, s in signs], positive):
                yield Cell(signs)

    def _cell(self, left: Term, right: Term, cell: Cell, conversion: Conversion) -> None:
        facts = [self._facts(conversion, side) for side in (left, right)]
        (p, p_needs), (q, q_needs) = (
            self._side(conversion.assuming(own), side) for own, side in zip(facts, (left, right), strict=True)
        )
        if isinstance(p, Undefined) and isinstance(q, Undefined):
            return self._unsettled(cell, p, q)
        if isinstance(p, Undefined) or isinstance(q, Undefined):
            return self._fails(cell, f"only the {'right' if isinstance(p, Undefined) else 'left'} side is defined")
        self._domains(cell, conversion, p_needs, q_needs)
        self._equal(cell, conversion.assuming([*facts[0], *facts[1]]), subtract(p, q))

    def _equal(self, cell: Cell, conversion: Conversion, difference: Poly) -> None:
        """The difference is 0 where both sides are defined."""
        if conversion.calculus.is_zero(difference) or self._zero_in(cell, conversion, difference):
            return self._exceptional(conversion)
        reduced, dropped = conversion.calculus.without_zero_sets(difference)
        for _ in range(4):
            if conversion.calculus.is_zero(reduced):
                for atom in dropped:
                    met = conversion.indicated.get(atom.blind)
                    text = repr(as_written(met)) if met else poly_text(atom.args[0])
                    self._except(conversion, atom.args[0], f"{text} = 0")
                return self._exceptional(conversion)
            cleared = conversion.calculus.without_reciprocals(reduced)
            reduced, more = conversion.calculus.without_zero_sets(cleared)
            if not more:
                break
            dropped |= more
        self._fails(cell, "the normal forms of the two sides differ")

    def _zero_in(self, cell: Cell, conversion: Conversion, difference: Poly) -> bool:
        """Whether [u = 0] * difference is 0 for the guards u that are 0 in the cell."""
        calculus, guards = conversion.calculus, [poly for poly, _, sign in cell.signs if not sign]
        for guard in guards:
            zero = of_atom(calculus.atom("zero", self.base.calculus.normal_guard(guard)[1]))
            difference = calculus.multiply(zero, difference)
        return bool(guards) and calculus.is_zero(difference)

    def _side(self, conversion: Conversion, term: Term) -> tuple[Poly | Undefined, frozenset[Obligation]]:
        conversion.obligations = set()
        try:
            return conversion.poly(term), frozenset(conversion.obligations)
        except Undefined as undefined:
            return undefined, frozenset()
        except CasesConflict as conflict:
            raise NotProved(str(conflict)) from conflict

    def _facts(self, conversion: Conversion, side: Term) -> list[Fact]:
        """Where a side is defined, the arguments of its logarithms are positive.

        What follows from that is used for this side only: the other one may be defined elsewhere.
        """
        facts = []
        for argument in dict.fromkeys(positive_in(side, set())):
            try:
                poly = conversion.poly(argument)
            except (NeedSign, Undefined, CasesConflict, OutOfReach):
                continue
            if poly and conversion.calculus.strength(poly) != 2:
                bound = frozenset(i for i in free_indices(poly) if "~" in i)
                facts.append((poly, bound))
        return facts

    def _domains(
        self, cell: Cell, conversion: Conversion, left: frozenset[Obligation], right: frozenset[Obligation]
    ) -> None:
        """The points where exactly one side is defined have no interior."""
        for own, other, side in ((left, right, "left"), (right, left, "right")):
            for need in own:
                if not conversion.provable(need, other):
                    what = {"nonzero": "0", "positive": "not positive", "nonnegative": "negative"}[need.kind]
                    self._fails(cell, f"the {side} side is not defined where {poly_text(need.poly)} is {what}")

    def _fails(self, cell: Cell, reason: str) -> None:
        if cell.open:
            raise NotProved(reason + (f" in the case {cell}" if cell.signs else ""))
        text = self._thin(cell)
        if text is None:
            raise NotProved(f"{reason} in the case {cell}, whose interior may not be empty")
        self.proof.exceptions[f"{text} = 0"] = None

    def _unsettled(self, cell: Cell, *sides: Undefined) -> None:
        """Nothing to compare; but a derivative that may exist after all is left out on a set without interior only."""
        for side in sides:
            if isinstance(side, NoSlope) and self._thin(cell) is None:
                raise NotProved(str(side) + (f" in the case {cell}" if cell.signs else ""))

    def _thin(self, cell: Cell) -> str | None:
        """A guard whose zeros have no interior and hold the cell."""
        return next((text for poly, text, sign in cell.signs if not sign and self._nowhere_flat(poly)), None)

    def _nowhere_flat(self, poly: Poly) -> bool:
        try:
            return self.base.calculus.nowhere_flat(poly)
        except NeedSign:
            return False

    def _exceptional(self, conversion: Conversion) -> None:
        """Jumps of derivatives under sums, and their zero sets."""
        for guard, term in conversion.exceptional.values():
            self._except(conversion, guard, f"{as_written(term)!r} = 0")

    def _except(self, conversion: Conversion, guard: Poly, text: str) -> None:
        if not self._nowhere_flat(guard):
            raise NotProved(f"the set {text} may have an interior")
        self.proof.exceptions[text] = None
