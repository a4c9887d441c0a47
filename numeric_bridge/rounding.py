"""How far rounding may have carried the value of a program off: a running error analysis, to first order.

Every operation adds its own rounding to what its operands bring along.  Errors are absolute and counted in
units of `UNIT` (a few units in the last place of 1), so that they are of the magnitude of the terms that were
added up.  None stands for a value without error.  What differences contribute is counted in the same units.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .arrays import Array, add_up, contract, multiply, plan, reindex
from .evaluation import Run
from .program import Node

UNIT = 8 * float(np.finfo(np.float64).eps)
TOO_NEAR = 64.0  # a guard that is not exactly 0 and within so many of its errors of 0 says nothing

Error = Array | None


class Measured(NamedTuple):
    """A magnitude and its error."""

    size: Array
    error: Error


def errors_of(run: Run) -> list[Error]:
    """The error of every node of a run, in units."""
    analysis = _Analysis(run)
    with np.errstate(all="ignore"):
        for slot, node in enumerate(run.program.nodes):
            rule = _RULES.get(node.op, _none)
            analysis.errors.append(rule(node, slot, analysis))
    return analysis.errors


def tolerance_of(run: Run, errors: list[Error], output: int = 0) -> Array:
    """The error of an output in absolute terms."""
    error = errors[run.program.outputs[output]]
    return np.zeros(()) if error is None else UNIT * error


class _Analysis:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.errors: list[Error] = []
        self.sizes: dict[int, Array] = {}

    def size(self, slot: int) -> Array:
        """The magnitude of a node's value."""
        if slot not in self.sizes:
            self.sizes[slot] = np.abs(self.run.values[slot].plain())
        return self.sizes[slot]

    def measured(self, node: Node, position: int) -> Measured:
        """An operand, aligned with the node."""
        slot, index = node.operands[position], node.aligned[position]
        error = self.errors[slot]
        return Measured(self.size(slot)[index], None if error is None else _all_axes(error, self.size(slot))[index])

    def operands(self, node: Node) -> list[Measured]:
        return [self.measured(node, position) for position in range(len(node.operands))]


def _all_axes(error: Array, like: Array) -> Array:
    return error if error.shape == like.shape else np.broadcast_to(error, np.broadcast(error, like).shape)


def _plus(*errors: Error) -> Error:
    total: Error = None
    for error in errors:
        if error is not None:
            total = error if total is None else total + error
    return total


def _none(node: Node, slot: int, analysis: _Analysis) -> Error:
    return None


def _own(node: Node, slot: int, analysis: _Analysis) -> Error:
    return analysis.size(slot)


def _number(node: Node, slot: int, analysis: _Analysis) -> Error:
    exact = node.data[0].numerator.bit_length() <= 53 and node.data[0].denominator & (node.data[0].denominator - 1) == 0
    return None if exact else analysis.size(slot)


def _input(node: Node, slot: int, analysis: _Analysis) -> Error:
    name, indices = node.data
    error = analysis.run.point.errors.get(name)
    return None if error is None else reindex(error, indices)


def _view(node: Node, slot: int, analysis: _Analysis) -> Error:
    source = node.operands[0]
    error = analysis.errors[source]
    return None if error is None else reindex(_all_axes(error, analysis.size(source)), node.data)


def _add(node: Node, slot: int, analysis: _Analysis) -> Error:
    parts = analysis.operands(node)
    return _plus(*(part.size for part in parts), *(part.error for part in parts))


def _times(first: Measured, second: Measured, combine: Callable[[Array, Array], Array]) -> Measured:
    size = combine(first.size, second.size)
    carried = second.size if second.error is None else second.size + second.error
    error = combine(first.size, carried)
    return Measured(size, error if first.error is None else error + combine(first.error, second.size))


def _mul(node: Node, slot: int, analysis: _Analysis) -> Error:
    result, *others = analysis.operands(node)
    for other in others:
        result = _times(result, other, lambda a, b: a * b)
    return result.error


def _sum(node: Node, slot: int, analysis: _Analysis) -> Error:
    operands = [Measured(analysis.size(s), analysis.errors[s]) for s in node.operands]
    operands = [Measured(m.size, None if m.error is None else _all_axes(m.error, m.size)) for m in operands]

    def pair(first: Measured, second: Measured, subscripts: str) -> Measured:
        return _times(first, second, lambda a, b: multiply(a, b, subscripts))

    def alone(only: Measured, subscripts: str) -> Measured:
        size = add_up(only.size, subscripts)
        return Measured(size, size if only.error is None else size + add_up(only.error, subscripts))

    return contract(operands, plan(tuple(node.data), node.axes), pair, alone).error


def _steep(slope: Callable[[Array, Node, _Analysis], Array]) -> Callable[[Node, int, _Analysis], Error]:
    """A function of one argument: its own rounding, and the slope times the argument's error."""

    def rule(node: Node, slot: int, analysis: _Analysis) -> Error:
        argument = node.operands[0]
        carried = analysis.errors[argument]
        own = analysis.size(slot)
        if carried is None:
            return own
        return own + np.where(carried == 0, 0.0, slope(analysis.size(argument), node, analysis) * carried)

    return rule


def _exp(node: Node, slot: int, analysis: _Analysis) -> Error:
    argument = node.operands[0]
    carried = analysis.errors[argument]
    relative = 1.0 + analysis.size(argument)
    return analysis.size(slot) * (relative if carried is None else relative + carried)


def _log1p_slope(size: Array, node: Node, analysis: _Analysis) -> Array:
    return 1.0 / np.abs(1.0 + analysis.run.argument(node))


def _applied(node: Node, slot: int, analysis: _Analysis) -> Error:
    name, order = node.data
    argument = analysis.run.argument(node)
    slope = np.abs(analysis.run.point.functions[name](order + 1, argument))
    carried = analysis.errors[node.operands[0]]
    own = 1.0 + analysis.size(slot) + np.abs(argument)
    return own if carried is None else own + slope * carried


def _alike(node: Node, slot: int, analysis: _Analysis) -> Error:
    same, equal, different = analysis.operands(node)
    if equal.error is None and different.error is None:
        return None
    return np.where(same.size == 1, *(0.0 if e is None else e for e in (equal.error, different.error)))


def _unsure(node: Node, analysis: _Analysis) -> Array:
    """Where rounding may have turned the sign of the guard."""
    guard = analysis.measured(node, 0)
    if guard.error is None:
        return np.zeros((), bool)
    return (guard.size != 0) & (guard.size <= TOO_NEAR * UNIT * guard.error)


def _split(node: Node, slot: int, analysis: _Analysis) -> Error:
    guard = analysis.run.operand(node, 0).mantissa
    positive, zero, negative = (0.0 if m.error is None else m.error for m in analysis.operands(node)[1:])
    error = np.where(guard > 0, positive, np.where(guard < 0, negative, zero))
    return np.where(_unsure(node, analysis), np.inf, error)


def _table(node: Node, slot: int, analysis: _Analysis) -> Error:
    parts = analysis.operands(node)
    result: Error = None
    for condition, value in zip(parts[::2], parts[1::2], strict=True):
        error = np.where(condition.size == 1, 0.0 if value.error is None else value.error, 0.0)
        result = _plus(result, error, condition.error)
    return result


def _join(node: Node, slot: int, analysis: _Analysis) -> Error:
    return analysis.operands(node)[1].error


def _first(node: Node, slot: int, analysis: _Analysis) -> Error:
    return analysis.operands(node)[0].error


def _difference(node: Node, slot: int, analysis: _Analysis) -> Error:
    return analysis.run.difference_errors[slot] / UNIT


_LARGEST_SLOPE = 1.2  # of sin, cos and erf

_RULES: dict[str, Callable[[Node, int, _Analysis], Error]] = {
    "number": _number,
    "constant": _own,
    "input": _input,
    "view": _view,
    "add": _add,
    "mul": _mul,
    "sum": _sum,
    "power": _steep(lambda u, node, a: abs(node.data[0]) * u ** (node.data[0] - 1)),
    "root": _steep(lambda u, node, a: abs(float(node.data[0])) * u ** (float(node.data[0]) - 1)),
    "exp": _exp,
    "log": _steep(lambda u, node, a: 1.0 / u),
    "log-size": _steep(lambda u, node, a: 1.0 / u),
    "log1p": _steep(_log1p_slope),
    "call": _steep(lambda u, node, a: np.full((), _LARGEST_SLOPE)),
    "applied": _applied,
    "alike": _alike,
    "split": _split,
    "table": _table,
    "join": _join,
    "where": _first,
    "difference": _difference,
}
