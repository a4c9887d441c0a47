"""Counterexamples: a rational point at which ball arithmetic shows that the two sides differ.

A difference that stands on a guard being exactly 0 counts only where that guard is shown to be 0 all around the
point: a set without interior refutes nothing.  The same holds for a side that is undefined at the point.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from itertools import chain

from flint import arb, ctx

from .balls import CasesDiffer, Evaluation, Point
from .differentiation import rebuild, reindex, resolve
from .errors import OutOfReach
from .jets import NotDefined, Unclear
from .knowledge import knowledge_of
from .normal_form.base import NeedSign, Undefined
from .normal_form.calculus import Calculus
from .normal_form.conversion import CasesConflict, Conversion, quoted
from .normal_form.polynomials import AtomTable, Index, Poly, constant
from .sampling import points
from .terms import Claim, Condition, Term, number, total
from .verdict import Counterexample, Witness

PRECISIONS = (64, 192, 512)

#: A value, that there is none, or None where the balls do not tell.
Value = arb | NotDefined | None

_MOST_SIGNS = 20
_PLAIN_POINTS = 12  # at which balls alone have to tell, as they do for the checker of a certificate


@dataclass
class Search:
    """What a search over points has found so far."""

    claim: Claim
    counterexample: Counterexample | None = None
    domain: Counterexample | None = None
    witness: Witness | None = None
    agreeing: int = 0
    tried: int = 0
    thorough: bool = False  # every point at the highest precision before it counts as agreeing
    _points: Iterator[Point] | None = field(default=None, repr=False)
    _passed: list[Point] = field(default_factory=list, repr=False)

    def run(self, agreeing: int, deadline: float, most: int = 400) -> None:
        """Goes on until a refutation, so many agreeing points, the deadline or so many points."""
        if self._points is None:
            self._points = points(self.claim)
        target = self.agreeing + agreeing
        for _ in range(most):
            if self.refutation() or self.agreeing >= target or time.monotonic() > deadline:
                return
            point = next(self._points, None)
            if point is None:
                return
            self.tried += 1
            self._examine(point)
            if not self.thorough:
                self._passed.append(point)

    def look_closer(self) -> None:
        """Every point at the highest precision from now on, those that were tried before first."""
        self.thorough, self.tried, self.agreeing = True, 0, 0
        self._points = chain(self._passed, self._points or points(self.claim))

    def refutation(self) -> Counterexample | None:
        """A counterexample; one about the domain counts only where the two sides can be compared somewhere."""
        return self.counterexample or (self.domain if self.witness is not None else None)

    def _examine(self, point: Point) -> None:
        for precision in PRECISIONS[-1:] if self.thorough else PRECISIONS:
            ctx.prec = precision
            evaluations = [Evaluation(point, self.claim.definitions) for _ in range(2)]
            if precision == PRECISIONS[-1] and (self.thorough or self.tried > _PLAIN_POINTS):
                for evaluation in evaluations:
                    evaluation.is_zero = partial(locally_zero, self.claim)
                    evaluation.is_zero_freely = partial(locally_zero, replace(self.claim, conditions=()))
            try:
                sides = [
                    self._side(evaluation, term, point)
                    for evaluation, term in zip(evaluations, (self.claim.left, self.claim.right), strict=True)
                ]
            except CasesDiffer as conflict:
                self.counterexample = self._found("cases", point, _text(conflict.left), _text(conflict.right))
                return
            if None in sides:
                continue
            if self._compared(point, sides, evaluations):
                return

    def _side(self, evaluation: Evaluation, term: Term, point: Point) -> Value:
        """The value, that there is none, or None where the balls do not tell."""
        try:
            value = evaluation.value(term, point.indices)
        except NotDefined as undefined:
            return undefined
        except Unclear:
            return None
        return value if value.is_finite() else None

    def _compared(self, point: Point, sides: list[Value], evaluations: list[Evaluation]) -> bool:
        """Takes up what one point shows; False where more precision may show more."""
        undefined = [isinstance(side, NotDefined) for side in sides]
        if all(undefined):
            return True
        if any(undefined):
            texts = [_text(side) for side in sides]
            if self.domain is None and all(self._everywhere_near(point, e) for e in evaluations):
                self.domain = self._found("domain", point, *texts)
            return True
        left, right = sides
        if not (left - right).contains(0):  # type: ignore[operator]
            if all(self._everywhere_near(point, e) for e in evaluations):
                self.witness = self.witness or _witness(point)
                self.counterexample = self._found("value", point, _text(left), _text(right))
            return True
        self.agreeing += 1
        self.witness = self.witness or _witness(point)
        return True

    def _found(self, kind: str, point: Point, left: str, right: str) -> Counterexample:
        base = _witness(point)
        return Counterexample(base.sizes, base.indices, base.values, kind, left, right)

    def _everywhere_near(self, point: Point, evaluation: Evaluation) -> bool:
        return all(
            locally_zero(self.claim, guard, dict(where), point, evaluation) for guard, where in evaluation.zero_guards
        )


def locally_zero(claim: Claim, guard: Term, indices: dict[str, int], point: Point, evaluation: Evaluation) -> bool:
    """Whether a guard that is 0 at the point is 0 all around it: shown by the normal form, never by numbers."""
    try:
        here = _explicit(claim, point)
        resolved = _with_sizes(resolve(reindex(guard, indices), claim.definitions), point)
        table = AtomTable()
        known = knowledge_of(here, table)
        known.substitutions += _one_hot_entries(claim, point)
        for _ in range(_MOST_SIGNS):
            calculus = Calculus(known)
            calculus.table = table
            conversion = Conversion(calculus, {})
            try:
                return calculus.is_zero(conversion.poly(resolved))
            except NeedSign as need:
                terms = [term for poly, term in conversion.guard_terms if poly == need.guard]
                value = evaluation.value(terms[0], point.indices) if terms else arb(0)
                if not (value > 0 or value < 0):
                    return False
                direction, normal = calculus.normal_guard(need.guard)
                known.signs.append((normal, direction * (1 if value > 0 else -1)))
    except (Undefined, CasesConflict, OutOfReach, NotDefined, Unclear, CasesDiffer):
        pass
    return False


def _one_hot_entries(claim: Claim, point: Point) -> list[tuple[str, tuple[Index, ...], frozenset[str], Poly]]:
    """The values of one-hot tensors, which have no neighbours to move to."""
    tensors = [c.tensor for c in claim.conditions if c.relation == "one-hot"]
    return [
        (quoted(name), cell, frozenset(), constant(value))
        for name in tensors
        for cell, value in point.tensors[name].items()
    ]


def _explicit(claim: Claim, point: Point) -> Claim:
    """The claim's declarations and conditions at the point's sizes and indices."""
    conditions = tuple(
        Condition(
            c.relation,
            _with_sizes(reindex(c.term, point.indices), point),
            tuple((i, d if isinstance(d, int) else point.sizes[d]) for i, d in c.quantified),
            c.tensor,
        )
        for c in claim.conditions
        if c.relation != "!="
    )
    tensors = {
        name: type(tensor)(tuple(d if isinstance(d, int) else point.sizes[d] for d in tensor.dimensions), tensor.domain)
        for name, tensor in claim.tensors.items()
    }
    return Claim(claim.left, claim.right, {}, {}, claim.symbols, tensors, claim.definitions, conditions)


def _with_sizes(term: Term, point: Point) -> Term:
    """The term at explicit sizes."""
    if term.op == "size":
        return number(point.sizes[term.args[0]])
    changed = rebuild(term, lambda child: _with_sizes(child, point))
    if changed.op == "sum" and isinstance(changed.args[1], str):
        index, dimension, body = changed.args
        return total(index, point.sizes[dimension], body)
    return changed


def _witness(point: Point) -> Witness:
    values = {name.split("~")[0]: str(value) for name, value in point.scalars.items()}
    values |= {name: _array(cells) for name, cells in point.tensors.items()}
    return Witness(dict(point.sizes), dict(point.indices), values)


def _array(cells: dict[tuple[int, ...], Fraction]) -> str:
    """Nested lists; a column of shape (n, 1) is written flat."""
    if all(len(cell) == 2 and cell[1] == 0 for cell in cells):
        return "[" + ", ".join(str(cells[cell]) for cell in sorted(cells)) + "]"

    def nested(prefix: tuple[int, ...]) -> str:
        if prefix in cells:
            return str(cells[prefix])
        inner = sorted({cell[len(prefix)] for cell in cells if cell[: len(prefix)] == prefix})
        return "[" + ", ".join(nested((*prefix, k)) for k in inner) + "]"

    return nested(())


def _text(value: Value) -> str:
    if isinstance(value, arb):
        if value.contains(0) and not value.is_zero():
            return f"0 (within {arb(value.rad()).str(1, radius=False)})"
        return str(value.str(12, radius=False))
    return f"undefined ({value})"
