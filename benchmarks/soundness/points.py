"""Whether the two sides of a claim differ at some admissible point: shown by balls, at rising precision.

Points have dyadic coordinates, so that what is equal by structure is exactly equal, and are drawn from many, so that
nothing else is.  Nothing here is shared with the prover.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import sympy as sp
from flint import arb, ctx
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.mutants.trees import free_indices, is_size
from symbolic.given import Define, Every, OneHot

from .jets import Jet, NoValue, Number, Unclear
from .matrix_values import CannotTell, ShapesDiffer
from .values import CasesDiffer, Values

__all__ = ["PRECISIONS", "Claim", "Comparison", "Point", "compare", "points"]

PRECISIONS = (64, 320, 1280)
_POINTS = 9
_SECONDS = 3.0
_DRAWS = 80  # of a point, until one satisfies what is given
_SIZES = ((2, 3), (3, 2), (1, 2), (2, 2), (2, 1), (3, 3))


@dataclass(frozen=True)
class Claim:
    """``left = right``, given `given`."""

    left: Any
    right: Any
    given: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Point:
    """Sizes, index values, what draws a tensor, and which of many choices an undefined f is."""

    sizes: Mapping[Any, int]
    indices: Mapping[Any, int]
    draws: _Draws
    functions: str = ""

    def values(self, claim: Claim) -> Values:
        """A new evaluation there, at the precision of the moment."""
        values = Values(self.sizes, _definitions(claim), self.draws.tensor, self.functions)
        values.indices = dict(self.indices)
        values.fixed = _fixed(claim, values)
        return values

    def __str__(self) -> str:
        parts = [f"{name} = {value}" for name, value in (*self.sizes.items(), *self.indices.items())]
        return ", ".join(parts + [f"{name} = {_text(cells)}" for name, cells in self.draws.drawn.items()])


@dataclass(frozen=True)
class Comparison:
    """What the points show: the two sides differ at one of them, or agree at so many.

    ``together``: whether at some point both are defined.
    """

    differs: bool
    agreed: int = 0
    where: str = ""
    together: bool = True


def compare(claim: Claim, count: int = _POINTS, seed: int = 0) -> Comparison:
    """Looks for a point where both sides are defined and differ, or just one of them is defined."""
    agreed, apart, deadline = 0, "", time.monotonic() + _SECONDS
    try:
        for point in points(claim, count, seed):
            gap = differ_at(claim, point)
            if gap in ("value", "cases"):
                return Comparison(True, agreed, str(point))
            apart = apart or (str(point) if gap == "domain" else "")
            agreed += gap == ""
            if time.monotonic() > deadline and agreed:
                break
    except ShapesDiffer:
        return Comparison(True, agreed, "shapes")
    except CannotTell as reason:
        return Comparison(False, 0, str(reason))
    return Comparison(bool(apart), agreed, apart, together=agreed > 0)


def differ_at(claim: Claim, point: Point) -> str | None:
    """How the sides differ at a point: "value", "domain", "cases", "" if they do not; None where that is not told."""
    before = ctx.prec
    verdict: str | None = None
    try:
        for ctx.prec in PRECISIONS:
            try:
                verdict = _compared(*(_side(claim, side, point) for side in (claim.left, claim.right)))
            except (Unclear, CasesDiffer) as reason:
                if isinstance(reason, CasesDiffer):
                    return "cases"
                continue
            if verdict:
                return verdict
        return verdict
    finally:
        ctx.prec = before


def _side(claim: Claim, side: Any, point: Point) -> list[list[Number]] | None:
    try:
        return point.values(claim).rows(side, {})
    except NoValue:
        return None


def _compared(left: list[list[Number]] | None, right: list[list[Number]] | None) -> str | None:
    if left is None or right is None:
        return None if left is right else "domain"
    if (len(left), len(left[0])) != (len(right), len(right[0])):
        raise ShapesDiffer("the two sides")
    gaps = [a - b for row, other in zip(left, right, strict=True) for a, b in zip(row, other, strict=True)]
    if any(isinstance(gap, Jet) for gap in gaps):
        raise CannotTell("a derivative that was not finished")
    if not all(gap.is_finite() for gap in gaps):
        raise Unclear("a value")
    return "value" if any(not gap.contains(0) for gap in gaps) else ""


# ---- admissible points


def points(claim: Claim, count: int, seed: int = 0) -> Iterator[Point]:
    """Points that satisfy what is given: unequal sizes first, indices equal in every other one."""
    conditions = [g for g in claim.given if not isinstance(g, Define)]
    trees = [claim.left, claim.right]
    trees += [part for g in claim.given if isinstance(g, Define) for part in (g.target, g.value)]
    relations = [c.relation if isinstance(c, Every) else c for c in conditions if not isinstance(c, OneHot)]
    sizes = sorted({s for tree in [*trees, *relations] for s in tree.atoms(sp.Symbol) if is_size(s)}, key=str)
    free = _free(claim)
    found = 0
    for attempt in range(_DRAWS):
        source = Random(f"{seed}:{attempt}")
        pattern = _SIZES[attempt % len(_SIZES)]
        chosen = {s: pattern[k] if k < 2 else source.randint(1, 3) for k, s in enumerate(sizes)}
        point = Point(chosen, {}, _Draws(source, conditions, attempt % 2), f"{seed}:{attempt // 2}")
        values = Values(chosen, {}, point.draws.tensor)
        point.indices.update(_index_values(free, values, source, attempt % 2 == 1))  # type: ignore[attr-defined]
        if all(_holds(condition, claim, point) for condition in conditions):
            found += 1
            yield point
        if found == count:
            return
    if not found:
        raise CannotTell("no admissible point was found")


def _free(claim: Claim) -> dict[Any, Any]:
    free = free_indices(claim.right) | free_indices(claim.left)
    for given in claim.given:
        if isinstance(given, Define):
            own = getattr(given.target, "indices", ())
            free |= {s: d for s, d in free_indices(given.value).items() if s not in own}
    return free


def _index_values(free: dict[Any, Any], values: Values, source: Random, together: bool) -> dict[Any, int]:
    chosen: dict[Any, int] = {}
    for symbol, dimension in free.items():
        length = values.integer(dimension, {})
        taken = [v for s, v in chosen.items() if free[s] == dimension]
        others = [v for v in range(length) if v not in taken] or list(range(length))
        chosen[symbol] = taken[0] if together and taken else source.choice(others)
    return chosen


def _definitions(claim: Claim) -> dict[str, tuple[Any, Any]]:
    return {str(_base(g.target)): (g.target, g.value) for g in claim.given if isinstance(g, Define)}


def _base(target: Any) -> Any:
    if isinstance(target, MatrixElement):
        return target.parent
    return target.base if isinstance(target, sp.Indexed) else target


def _fixed(claim: Claim, values: Values) -> dict[tuple[str, tuple[int, ...]], Number]:
    """Single entries, and scalars, that are given by an equation (t[2, 0] = 1 - t[0, 0] - t[1, 0])."""
    fixed: dict[tuple[str, tuple[int, ...]], Number] = {}
    for relation in claim.given:
        if not isinstance(relation, sp.Eq) or relation.rhs.has(relation.lhs):
            continue
        left = relation.lhs
        entry = isinstance(left, MatrixElement) and all(i.is_Integer for i in left.indices)
        if entry or (left.is_Symbol and not left.is_integer):
            tensor, indices = values.key(left, {})
            fixed[str(tensor), indices] = values.number(relation.rhs, {})
    return fixed


def _holds(condition: Any, claim: Claim, point: Point) -> bool:
    """Whether a condition holds; an equation, where the two sides may be equal at the highest precision."""
    if isinstance(condition, OneHot):
        return True  # drawn so
    relation = condition.relation if isinstance(condition, Every) else condition
    dimensions = free_indices(relation)
    quantified = set(condition.indices) if isinstance(condition, Every) else set()
    before, ctx.prec = ctx.prec, PRECISIONS[-1]
    try:
        values = point.values(claim)
        running = [i for i in dimensions if i in quantified or i not in point.indices]
        ranges = [range(values.integer(dimensions[i], {})) for i in running]
        for at in product(*ranges):
            env = dict(zip(running, at, strict=True))
            if isinstance(relation, sp.Eq):
                left, right = (arb(values.number(side, env)) for side in relation.args)
                if not left.overlaps(right):
                    return False
            elif not values.holds(relation, env):
                return False
    except (NoValue, Unclear):
        return False
    finally:
        ctx.prec = before
    return True


class _Draws:
    """Draws whole tensors: one-hot, summing to one, or free, in the domain of the symbol."""

    def __init__(self, source: Random, conditions: list[Any], mode: int) -> None:
        self.source = source
        self.mode = mode  # 1: every entry positive and small
        self.one_hot = {str(_base(c.tensor)) for c in conditions if isinstance(c, OneHot)}
        self.simplex = dict(filter(None, map(_sum_to_one, conditions)))
        self.drawn: dict[str, dict[tuple[int, ...], Fraction]] = {}

    def tensor(self, symbol: Any, shape: tuple[int, ...]) -> dict[tuple[int, ...], Fraction]:
        """The entries of a tensor, or of a scalar at ()."""
        name = str(symbol)
        if name not in self.drawn:
            self.drawn[name] = self._drawn(symbol, name, shape)
        return self.drawn[name]

    def _drawn(self, symbol: Any, name: str, shape: tuple[int, ...]) -> dict[tuple[int, ...], Fraction]:
        entries = {at: self._number(symbol) for at in product(*map(range, shape))}
        axis = max((k for k, d in enumerate(symbol.shape) if d != 1), default=0) if name in self.one_hot else None
        axis = self.simplex.get(name) if axis is None else axis
        if axis is None:
            return entries
        for rest in product(*(range(d) for k, d in enumerate(shape) if k != axis)):
            line = [(*rest[:axis], k, *rest[axis:]) for k in range(shape[axis])]
            if name in self.one_hot:
                hot = self.source.choice(line)
                entries.update({at: Fraction(at == hot) for at in line})
            else:
                entries[line[-1]] = 1 - sum((entries[at] for at in line[:-1]), Fraction(0))
        return entries

    def _number(self, symbol: Any) -> Fraction:
        value = Fraction(self.source.randint(1, 8191), 4096 if self.mode == 0 else 32768)
        plain = symbol.label if isinstance(symbol, sp.IndexedBase) else symbol
        signed = value if self.mode or self.source.random() < 0.5 else -value
        if getattr(symbol, "is_Matrix", False):
            return signed
        if plain.is_positive or plain.is_nonnegative:
            return value
        return -value if plain.is_negative or plain.is_nonpositive else signed


def _sum_to_one(condition: Any) -> tuple[str, int] | None:
    """The tensor, and the axis over which the condition says that it sums to 1."""
    relation = condition.relation if isinstance(condition, Every) else condition
    if not isinstance(relation, sp.Eq) or not isinstance(relation.lhs, sp.Sum) or relation.rhs != 1:
        return None
    body, (symbol, _, _) = relation.lhs.function, relation.lhs.limits[0]
    if not isinstance(body, MatrixElement | sp.Indexed) or symbol not in body.indices:
        return None
    return str(_base(body)), body.indices.index(symbol)


def _text(cells: Mapping[tuple[int, ...], Fraction]) -> str:
    return "[" + ", ".join(str(cells[at]) for at in sorted(cells)) + "]" if () not in cells else str(cells[()])
