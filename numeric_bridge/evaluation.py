"""Programs worked out on NumPy arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from symbolic.errors import OutOfReach
from symbolic.terms import Dimension

from . import scaled
from .arrays import Array, Axes, expander, reindex
from .program import Node, Program
from .scaled import Scaled

CLOSE = 64 * np.finfo(np.float64).eps

NamedFunction = Callable[[int, Array], Array]
"""An undefined function of the expression: called with the order of the derivative and the argument."""


@dataclass(frozen=True)
class Point:
    """Values for every quantity: arrays with `rank` leading batch axes (of length 1 where nothing varies).

    `errors` says by how many units in the last place, in absolute terms, a value may be off.
    """

    sizes: Mapping[str, int]
    arrays: Mapping[str, Array]
    functions: Mapping[str, NamedFunction] = field(default_factory=dict)
    rank: int = 0
    errors: Mapping[str, Array] = field(default_factory=dict)

    def length(self, dimension: Dimension) -> int:
        return dimension if isinstance(dimension, int) else self.sizes[dimension]


class Run:
    """One program at one point: the value of every node."""

    def __init__(self, program: Program, point: Point) -> None:
        self.program, self.point = program, point
        self.values: list[Scaled] = []
        self.difference_errors: dict[int, Array] = {}
        with np.errstate(all="ignore"):
            for node in program.nodes:
                self.values.append(_RULES[node.op](node, self))

    def output(self, position: int = 0) -> Array:
        """The value of an output: batch axes, then the axes of its node."""
        with np.errstate(all="ignore"):
            return self.values[self.program.outputs[position]].plain()

    def operand(self, node: Node, position: int) -> Scaled:
        """An operand, aligned with the axes of the node."""
        return self.values[node.operands[position]].at(node.aligned[position])

    def operands(self, node: Node) -> list[Scaled]:
        return [self.operand(node, position) for position in range(len(node.operands))]

    def argument(self, node: Node, position: int = 0) -> Array:
        """The plain value of an operand that has the axes of the node."""
        return self.values[node.operands[position]].plain()

    def length(self, axis: str) -> int:
        return self.point.length(self.program.dimensions[axis])


def whole_value(value: Array, axes: Axes, name: str, dimensions: Sequence[Dimension], point: Point) -> Array:
    """The value of `program.whole(name)` in the tensor's own shape, with all batch axes (of length 1 or more)."""
    wanted = tuple(f"{name}@{position}" for position, dimension in enumerate(dimensions) if dimension != 1)
    if not set(axes) <= set(wanted):
        raise OutOfReach(f"{name} also depends on the index {', '.join(sorted(set(axes) - set(wanted)))}")
    value = value[expander(axes, wanted)]
    value = value.reshape((1,) * (point.rank + len(wanted) - value.ndim) + value.shape)
    batch = value.shape[: point.rank]
    value = np.broadcast_to(value, (*batch, *(point.length(d) for d in dimensions if d != 1)))
    return value.reshape(batch + tuple(point.length(d) for d in dimensions))


def chosen(guard: Array, positive: Scaled, zero: Scaled, negative: Scaled) -> Scaled:
    """A case by the sign of the guard; nowhere where the guard is undefined."""
    cases = scaled.where(guard > 0, positive, scaled.where(guard < 0, negative, zero))
    return Scaled(np.where(np.isnan(guard), np.nan, cases.mantissa), cases.shift)


def agreement(values: list[Array]) -> NDArray[np.bool_]:
    """Where all values are the same up to rounding."""
    first, *others = values
    same = np.isfinite(first)
    for other in others:
        same = same & (np.abs(first - other) <= CLOSE * np.maximum(np.abs(first), np.abs(other)))
    return same


def _input(node: Node, run: Run) -> Scaled:
    name, indices = node.data
    return Scaled(reindex(run.point.arrays[name], indices))


def _view(node: Node, run: Run) -> Scaled:
    whole = run.values[node.operands[0]]
    if whole.shift is None:
        return Scaled(reindex(whole.mantissa, node.data))
    shift = np.broadcast_to(whole.shift, np.broadcast(whole.mantissa, whole.shift).shape)
    return Scaled(reindex(np.broadcast_to(whole.mantissa, shift.shape), node.data), reindex(shift, node.data))


def _same(node: Node, run: Run) -> Scaled:
    name = next(index for index in node.data if isinstance(index, str))
    return Scaled(reindex(np.eye(run.length(name)), node.data))


def _sum(node: Node, run: Run) -> Scaled:
    return scaled.sum_of_products([run.values[slot] for slot in node.operands], node.data, node.axes)


def _alike(node: Node, run: Run) -> Scaled:
    same, equal, different = run.operands(node)
    return scaled.where(same.mantissa == 1, equal, different)


def _split(node: Node, run: Run) -> Scaled:
    guard, positive, zero, negative = run.operands(node)
    return chosen(guard.mantissa, positive, zero, negative)


def _table(node: Node, run: Run) -> Scaled:
    """The value of the cases that hold; nowhere where none does, or where two that hold disagree."""
    parts = [part.plain() for part in run.operands(node)]
    result: Array = np.full((), np.nan)
    clash: NDArray[np.bool_] = np.zeros((), bool)
    for condition, value in zip(parts[::2], parts[1::2], strict=True):
        holds = condition == 1
        clash = clash | (holds & ~np.isnan(result) & ~agreement([result, value]))
        result = np.where(holds & np.isnan(result), value, result)
    return Scaled(np.where(clash, np.nan, result))


def _join(node: Node, run: Run) -> Scaled:
    slopes, values = node.data
    parts = [part.plain() for part in run.operands(node)[1:]]
    joined = agreement(parts[:slopes]) & agreement(parts[slopes : slopes + values])
    return Scaled(np.where(joined, parts[0], np.nan))


def _where(node: Node, run: Run) -> Scaled:
    value, body = run.operands(node)
    return Scaled(np.where(np.isnan(body.plain()), np.nan, value.mantissa), value.shift)


def _difference(node: Node, run: Run) -> Scaled:
    from .differences import difference  # differences run programs themselves

    value, error = difference(node.data, node.axes, run.point)
    run.difference_errors[len(run.values)] = error
    return Scaled(value)


_CALLS: dict[str, Callable[[Array], Array]] = {"erf": erf, "sin": np.sin, "cos": np.cos}

_RULES: dict[str, Callable[[Node, Run], Scaled]] = {
    "number": lambda node, run: Scaled(np.asarray(float(node.data[0]))),
    "constant": lambda node, run: Scaled(np.asarray(math.pi)),
    "size": lambda node, run: Scaled(np.asarray(float(run.point.length(node.data)))),
    "undefined": lambda node, run: Scaled(np.asarray(np.nan)),
    "input": _input,
    "view": _view,
    "same": _same,
    "add": lambda node, run: scaled.total(run.operands(node)),
    "mul": lambda node, run: scaled.product(run.operands(node)),
    "sum": _sum,
    "power": lambda node, run: run.values[node.operands[0]].power(node.data[0]),
    "root": lambda node, run: run.values[node.operands[0]].root(float(node.data[0])),
    "exp": lambda node, run: scaled.exp(run.argument(node)),
    "log": lambda node, run: run.values[node.operands[0]].log(),
    "log-size": lambda node, run: _absolute(run.values[node.operands[0]]).log(),
    "log1p": lambda node, run: run.values[node.operands[0]].log1p(),
    "call": lambda node, run: Scaled(_CALLS[node.data[0]](run.argument(node))),
    "applied": lambda node, run: Scaled(run.point.functions[node.data[0]](node.data[1], run.argument(node))),
    "alike": _alike,
    "split": _split,
    "table": _table,
    "join": _join,
    "where": _where,
    "difference": _difference,
}


def _absolute(number: Scaled) -> Scaled:
    return Scaled(np.abs(number.mantissa), number.shift)
