"""Whether the two sides of a claim differ in numbers, at a few random admissible points and unequal sizes.

A cross-check for mutants that the prover calls equivalent, in code that shares nothing with the prover.
Numbers never prove; here they may only contradict.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.given import Define, Every, OneHot

from .evaluation import Evaluation, Point
from .matrix_evaluation import CannotTell, CasesDiffer, Number, ShapesDiffer, Undefined, mp
from .trees import free_indices, is_matrix, is_size

_POINTS = 8
_DRAWS = 300  # of a point, until one satisfies what is given
_SAME = mp.mpf(10) ** -28
_DIFFERENT = mp.mpf(10) ** -12


def differs_numerically(claim: Any) -> bool | None:
    """Whether ``claim.left`` and ``claim.right`` differ somewhere under ``claim.given``.

    True: they differ at an admissible point, by value, by shape, or because only one of them is defined there.
    False: they agree to 28 digits wherever both are defined, at least at one point.  None: it cannot tell.
    """
    agreed = False
    try:
        for evaluation in _points(claim):
            verdict = _compare(claim, evaluation)
            if verdict is True:
                return True
            agreed |= verdict is False
    except (ShapesDiffer, CasesDiffer):
        return True
    except CannotTell:
        return None
    return False if agreed else None


def _compare(claim: Any, evaluation: Evaluation) -> bool | None:
    sides: list[Any] = []
    for side in (claim.left, claim.right):
        try:
            sides.append(evaluation.rows(side, {}))
        except (Undefined, ZeroDivisionError):
            sides.append(None)
    left, right = sides
    if left is None or right is None:
        return None if left is right else True
    if (len(left), len(left[0])) != (len(right), len(right[0])):
        return True
    verdicts = {_far(a, b) for row, other in zip(left, right, strict=True) for a, b in zip(row, other, strict=True)}
    return True if True in verdicts else None if None in verdicts else False


def _far(a: Number, b: Number) -> bool | None:
    distance = abs(a - b) / max(abs(a), abs(b), 1)
    return True if distance > _DIFFERENT else False if distance < _SAME else None


# ---- points


def _points(claim: Any) -> Iterator[Evaluation]:
    """Admissible points: sizes unequal, free indices of one dimension equal in every other point."""
    defines = [g for g in claim.given if isinstance(g, Define)]
    definitions = {str(_base(g.target)): (g.target, g.value) for g in defines}
    conditions = [g for g in claim.given if not isinstance(g, Define)]
    trees = [claim.left, claim.right, *(part for d in definitions.values() for part in d)]
    trees += [c for c in conditions if isinstance(c, sp.Basic)]
    sizes = sorted({s for tree in trees for s in tree.atoms(sp.Symbol) if is_size(s)}, key=str)
    free = free_indices(claim.right) | free_indices(claim.left)
    for given in defines:
        own = getattr(given.target, "indices", ())
        free |= {s: d for s, d in free_indices(given.value).items() if s not in own}
    found = 0
    for attempt in range(_DRAWS):
        source = Random(attempt)
        evaluation = Evaluation(_Draw(source, conditions, attempt % 3).point(_sizes(sizes, source)), definitions)
        evaluation.indices = _index_values(free, evaluation, source, together=attempt % 2 == 1)
        evaluation.fixed = _fixed(conditions, evaluation)
        evaluation.known.clear()  # what was worked out before these were fixed
        if _admissible(conditions, evaluation):
            found += 1
            yield evaluation
        if found == _POINTS:
            return
    if not found:
        raise CannotTell("no admissible point was found")


def _base(target: Any) -> Any:
    if isinstance(target, MatrixElement):
        return target.parent
    return target.base if isinstance(target, sp.Indexed) else target


def _sizes(symbols: list[Any], source: Random) -> dict[Any, int]:
    values = source.sample(range(2, 5), 3) + source.choices(range(1, 4), k=max(0, len(symbols) - 3))
    return dict(zip(symbols, values, strict=False))


def _index_values(free: dict[Any, Any], evaluation: Evaluation, source: Random, together: bool) -> dict[Any, int]:
    values: dict[Any, int] = {}
    for symbol, dimension in free.items():
        length = evaluation.integer(dimension, {})
        taken = [v for s, v in values.items() if free[s] == dimension]
        choice = [v for v in range(length) if v not in taken] or list(range(length))
        values[symbol] = taken[0] if together and taken else source.choice(choice)
    return values


def _fixed(conditions: list[Any], evaluation: Evaluation) -> dict[tuple[str, tuple[int, ...]], Number]:
    """Single entries, and scalars, that are given by an equation (t[2, 0] = 1 - t[0, 0] - t[1, 0])."""
    fixed: dict[tuple[str, tuple[int, ...]], Number] = {}
    for relation in conditions:
        if not isinstance(relation, sp.Eq) or relation.rhs.has(relation.lhs):
            continue
        left = relation.lhs
        entry = isinstance(left, MatrixElement) and all(i.is_Integer for i in left.indices)
        if entry or (left.is_Symbol and not left.is_integer):
            tensor, indices = evaluation.key(left, {})
            fixed[str(tensor), indices] = evaluation.number(relation.rhs, {})
    return fixed


def _admissible(conditions: list[Any], evaluation: Evaluation) -> bool:
    for condition in conditions:
        if isinstance(condition, OneHot):
            continue  # drawn so
        relation, quantified = condition, set()
        if isinstance(condition, Every):
            relation, quantified = condition.relation, set(condition.indices)
        dimensions = free_indices(relation)
        indices = [i for i in dimensions if i in quantified or i not in evaluation.indices]
        ranges = [range(evaluation.integer(dimensions[i], {})) for i in indices]
        try:
            if not all(evaluation.holds(relation, dict(zip(indices, at, strict=True))) for at in product(*ranges)):
                return False
        except (Undefined, ZeroDivisionError):
            return False
    return True


class _Draw:
    """Draws whole tensors: one-hot, summing to one, or free, in the domain of the symbol.

    ``mode`` 0 draws from both signs, 1 from (0, 1), 2 from (0, 1) scaled so that a handful stays below 1.
    """

    def __init__(self, source: Random, conditions: list[Any], mode: int) -> None:
        self.source = source
        self.mode = mode
        self.one_hot = {str(_base(c.tensor)) for c in conditions if isinstance(c, OneHot)}
        self.simplex = dict(filter(None, map(_sum_to_one, conditions)))

    def point(self, sizes: dict[Any, int]) -> Point:
        return Point(sizes, self.tensor)

    def number(self, symbol: Any) -> Number:
        value = mp.mpf(self.source.randint(1, 10**6)) / (10**6 + 7)
        if self.mode == 0:
            value = 4 * value - 2
        if self.mode == 2:
            value = value / 7
        plain = symbol.label if isinstance(symbol, sp.IndexedBase) else symbol
        if is_matrix(symbol):
            return value
        if plain.is_positive or plain.is_nonnegative:
            return abs(value)
        return -abs(value) if plain.is_negative or plain.is_nonpositive else value

    def tensor(self, symbol: Any, shape: tuple[int, ...]) -> dict[tuple[int, ...], Number]:
        entries = {at: self.number(symbol) for at in product(*map(range, shape))}
        name = str(symbol)
        axis = max((k for k, d in enumerate(symbol.shape) if d != 1), default=0) if name in self.one_hot else None
        axis = self.simplex.get(name) if axis is None else axis
        if axis is None:
            return entries
        for rest in product(*(range(d) for k, d in enumerate(shape) if k != axis)):
            line = [(*rest[:axis], k, *rest[axis:]) for k in range(shape[axis])]
            self._fill(entries, line, name in self.one_hot)
        return entries

    def _fill(self, entries: dict[tuple[int, ...], Number], line: list[tuple[int, ...]], one_hot: bool) -> None:
        if one_hot:
            hot = self.source.choice(line)
            entries.update({at: mp.mpf(at == hot) for at in line})
        elif self.mode == 0:
            entries[line[-1]] = 1 - mp.fsum(entries[at] for at in line[:-1])
        else:
            total = mp.fsum(entries[at] for at in line)
            entries.update({at: entries[at] / total for at in line})


def _sum_to_one(condition: Any) -> tuple[str, int] | None:
    """The tensor, and the axis over which the condition says that it sums to 1."""
    relation = condition.relation if isinstance(condition, Every) else condition
    if not isinstance(relation, sp.Eq) or not isinstance(relation.lhs, sp.Sum) or relation.rhs != 1:
        return None
    body, (symbol, _, _) = relation.lhs.function, relation.lhs.limits[0]
    if not isinstance(body, MatrixElement | sp.Indexed) or symbol not in body.indices:
        return None
    return str(_base(body)), body.indices.index(symbol)
