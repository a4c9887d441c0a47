"""Side conditions at points: which points meet them, and points moved so that they do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic import terms as t
from symbolic.differentiation import names_in, resolve
from symbolic.terms import Claim, Condition, Dimension

from .arrays import Array, Axes, add_up, multiply, plan
from .evaluation import Point, Run
from .program import Program, compile_terms, whole
from .rounding import errors_of, tolerance_of
from .sampling import independent, sums_to_one

ROUNDS = 6
SOLVED = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Mask:
    """Where conditions hold: an array over the points and the free indices that the conditions speak of."""

    holds: NDArray[np.bool_]
    axes: Axes


class Conditions:
    """The conditions of a claim, ready to be looked at: those on indices and those on values."""

    def __init__(self, claim: Claim) -> None:
        self.claim = with_quantified(claim)
        self.conditions = tuple(c for c in claim.conditions if c.relation != "one-hot")
        self.program = compile_terms([c.term for c in self.conditions], self.claim) if self.conditions else None

    def at(self, point: Point) -> list[Mask]:
        """Where each condition holds (equalities up to rounding)."""
        if self.program is None:
            return []
        run = Run(self.program, point)
        errors = errors_of(run) if any(c.relation == "=" for c in self.conditions) else []
        masks = []
        for n, condition in enumerate(self.conditions):
            value, axes = run.output(n), self.program.axes(n)
            if condition.relation == "=":
                holds: Any = np.abs(value) <= 4 * tolerance_of(run, errors, n)
            else:
                holds = {">": value > 0, ">=": value >= 0, "!=": value != 0}[condition.relation]
            bound = {name for name, _ in condition.quantified}
            over = tuple(n - len(axes) for n, axis in enumerate(axes) if axis in bound)
            if over and holds.ndim >= len(axes):
                holds = holds.all(axis=over)
            masks.append(Mask(holds, tuple(axis for axis in axes if axis not in bound)))
        return masks


class Repair:
    """Moves one quantity so that a condition holds: to 0 for an equation, mirrored for an inequality.

    It steps along the condition's gradient, which is exact for a linear condition.
    """

    def __init__(self, claim: Claim, condition: Condition) -> None:
        self.relation, self.condition = condition.relation, condition
        claim = with_quantified(claim)
        term = resolve(condition.term, claim.definitions)
        discrete = {c.tensor for c in claim.conditions if c.relation == "one-hot"}
        free = independent(claim)
        names = [name for name in sorted(names_in(term)) if name in free and name not in discrete]
        self.name = names[0] if names else ""
        self.program: Program | None = None
        if not names:
            return
        dimensions: dict[str, Dimension] = {}
        tensor = free[self.name]
        variable = whole(self.name, tensor, dimensions)
        slope = resolve(t.derivative(term, variable), {})
        self.axes: Axes = tuple(dimensions)
        claim = replace(claim, indices={**claim.indices, **dimensions})
        self.program = compile_terms([term, slope], claim)

    def moved(self, point: Point) -> Point:
        """The point with the quantity moved."""
        if self.program is None:
            return point
        for _ in range(ROUNDS if self.relation == "=" else 2):
            before, point = point, self._step(self.program, point)
            if point is before:
                break
        return point

    def _step(self, program: Program, point: Point) -> Point:
        run = Run(program, point)
        value = run.output(0)
        if (np.abs(value) <= SOLVED if self.relation == "=" else value > 0).all():
            return point
        slope = run.output(1)
        rows, axes = program.axes(0), program.axes(1)
        value = _whole(value, rows, run)
        slope = _whole(slope, tuple(sorted({*rows, *self.axes})), run, axes)
        axes = tuple(sorted({*rows, *self.axes}))
        wanted = np.zeros_like(value) if self.relation == "=" else np.abs(value)
        text = plan((axes,), rows).last
        steep = add_up(slope * slope, text)
        with np.errstate(all="ignore"):
            factor = np.where(steep > 0, (wanted - value) / steep, 0.0)
        letters = text[3:].split("->")[0]
        row_letters = "".join(letters[axes.index(axis)] for axis in rows)
        entry_letters = "".join(letters[axes.index(axis)] for axis in self.axes)
        change: Array = multiply(factor, slope, f"...{row_letters},...{letters}->...{entry_letters}")
        before = point.arrays[self.name]
        arrays = {**point.arrays, self.name: before + change.reshape(before.shape)}
        return replace(point, arrays=arrays)


def _whole(array: Array, onto: Axes, run: Run, axes: Axes | None = None) -> Array:
    """The array with every named axis at its whole length and the points in front."""
    if axes is not None:
        array = array[(Ellipsis, *(slice(None) if axis in axes else None for axis in onto))]
    count = max((a.shape[0] for a in run.point.arrays.values()), default=1)
    return np.broadcast_to(array, (count, *(run.length(axis) for axis in onto)))


def with_quantified(claim: Claim) -> Claim:
    """The claim with the indices of its conditions among its indices."""
    quantified: dict[str, Dimension] = {name: d for c in claim.conditions for name, d in c.quantified}
    return replace(claim, indices={**claim.indices, **quantified})


def repairs(claim: Claim) -> list[Repair]:
    """A repair for every condition on values that a random point would hardly meet."""
    return [Repair(claim, c) for c in claim.conditions if _is_repaired(c, claim.indices)]


def _is_repaired(condition: Condition, indices: Iterable[str]) -> bool:
    if condition.relation not in ("=", ">", ">=") or sums_to_one(condition):
        return False
    return bool(names_in(condition.term)) and not condition.term.free & set(indices)
