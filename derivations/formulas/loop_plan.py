"""When each operation of compiled loops is done, and which values wait in a buffer.

A library's function works on a whole block, so what it is given has to be there for all of it.  A moment is the number
of library calls that lie behind, one upon the other, and the number of loops over the entries of a vector since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from .operations import Operation

__all__ = ["Moment", "Plan", "is_library", "is_reduction"]

Moment = tuple[int, int]

_START: Moment = (0, 0)
_LIBRARY = {"exp", "expm1", "log", "log1p", "tanh", "sinh", "erf", "erfc", "xlogy"}
_CHEAP = {"array", "number", "parameter", "size", "negative", "compare", "and"}
_CHEAP |= {"position"}  # which is no float, so that no buffer holds it


def is_library(node: Operation) -> bool:
    """Whether a function of NumPy or SciPy computes it, on a block at once."""
    return node.kind == "call" and node.text in _LIBRARY


def is_reduction(node: Operation) -> bool:
    """Whether it takes the entries of a vector together, or one of them."""
    return node.kind == "sum" or (node.kind == "position" and bool(node.operands)) or node.text in ("take", "max")


class Plan:
    """An operation is done when it is first asked for, unless a library's call or a sum needs it before."""

    def __init__(self, root: Operation, vectors: frozenset[str]) -> None:
        self.root, self.vectors = root, vectors
        self.order = list(dict.fromkeys(_leaves_first(root)))
        self._entries: dict[Operation, bool] = {}
        self._earliest: dict[Operation, Moment] = {}
        self.asked: dict[Operation, set[Moment]] = defaultdict(set)
        self.stored: set[Operation] = {root}
        self.asked[root].add(self.earliest(root))
        for node in reversed(self.order):
            self._ask_for_operands(node)

    def is_entry(self, node: Operation) -> bool:
        """Whether there is one for each entry of a vector, not only one for each vector."""
        if node not in self._entries:
            if node.kind in ("array", "position"):
                self._entries[node] = node.text in self.vectors or node == Operation("position", text="index")
            else:
                self._entries[node] = not is_reduction(node) and any(map(self.is_entry, node.operands))
        return self._entries[node]

    def earliest(self, node: Operation) -> Moment:
        """The first moment at which the value can be there."""
        if node not in self._earliest:
            self._earliest[node] = self._first(node)
        return self._earliest[node]

    def _first(self, node: Operation) -> Moment:
        moments = [self.earliest(operand) for operand in node.operands]
        latest = max(moments, default=_START)
        if is_library(node):
            return latest[0] + 1, 0
        if self._waits_for_a_loop(node):
            calls, loops = moments[0]
            return max((calls, loops + 1), latest)
        return latest

    def _waits_for_a_loop(self, node: Operation) -> bool:
        """Whether it takes together what is computed entry by entry before."""
        return is_reduction(node) and node.operands[0].kind != "array" and not is_library(node.operands[0])

    def when(self, node: Operation) -> Moment:
        """The moment at which it is done."""
        return min(self.asked[node])

    def last(self, node: Operation) -> Moment:
        """The last moment at which it is asked for."""
        return max(self.asked[node])

    def at(self, moment: Moment) -> list[Operation]:
        """What has to be put into buffers then, operands first."""
        return [
            node for node in self.order if node in self.stored and not is_library(node) and self.when(node) == moment
        ]

    def _ask_for_operands(self, node: Operation) -> None:
        """Operands are asked for when the node is computed; those of which a block or a vector is taken, before."""
        if is_library(node):
            self.asked[node].add(self.earliest(node))
        moments = self.asked[node]
        if node.is_constant or (self._is_cheap(node) and node not in self.stored):
            computed = moments
        else:
            computed = {min(moments)}
            if len({self._turn(node, moment) for moment in moments}) > 1:
                self.stored.add(node)
        for place, operand in enumerate(node.operands):
            self.asked[operand] |= {(self.earliest(node)[0], -1)} if is_library(node) else computed
            if self._needs_a_block(node, operand) or (place == 0 and self._waits_for_a_loop(node)):
                self.asked[operand].add(self.earliest(operand))
                self.stored.add(operand)

    def _is_cheap(self, node: Operation) -> bool:
        """Whether it is done anew wherever it is asked for: it takes no longer than to look it up."""
        if node.kind == "add" and self.is_entry(node):
            return len(node.operands) == 2 and not any(map(self._is_computed_entry, node.operands))
        return node.kind in _CHEAP

    def _is_computed_entry(self, node: Operation) -> bool:
        return self.is_entry(node) and node.kind != "array"

    def _needs_a_block(self, node: Operation, operand: Operation) -> bool:
        is_there = operand.kind == "array" and operand.text not in self.vectors
        return is_library(node) and not is_there

    def _turn(self, node: Operation, moment: Moment) -> Moment | int:
        """As long as a name stands for the value: an entry's in one loop, a vector's until the next library call."""
        return moment if self.is_entry(node) else moment[0]


def _leaves_first(node: Operation) -> Iterator[Operation]:
    for operand in node.operands:
        yield from _leaves_first(operand)
    yield node
