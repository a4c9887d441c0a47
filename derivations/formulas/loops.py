"""Array operations as loops for a compiler: over blocks of vectors, the entries of each, and library calls between.

A library's function works on a whole block at once.  What comes before and after it is one loop over the vectors: first
what there is one of for each, then its entries, again and again where a sum has to be there first.  An operation is
done at the moment at which it is first asked for; what is needed at a later one waits in a buffer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from .operations import Operation
from .printing import NUMPY, Writer
from .rewriting import spelt_out

__all__ = ["Loops", "loops_of"]

Moment = tuple[int, int]  # how many library calls lie behind, and how many loops over the entries since

_LIBRARY = {"exp", "expm1", "log", "log1p", "tanh", "sinh", "erf", "erfc", "xlogy"}
_INLINE = {"array", "number", "parameter", "size", "negative", "compare", "and"}  # done again wherever it is asked for
_START: Moment = (0, 0)


@dataclass(frozen=True)
class Loops:
    """The statements, the library's functions that they call, and the helpers that they are made of."""

    lines: tuple[str, ...]
    functions: tuple[str, ...]


def loops_of(operation: Operation, vectors: Iterable[str], numbers: Iterable[str], ones: Iterable[str] = ()) -> Loops:
    """Statements that leave the value in `out`.

    `vectors` are tables, a row for each vector; of `numbers` there is one for each, or there are no vectors and the
    operations are those on one entry.  `ones` are the parameters that are mostly 1.
    """
    writer = _LoopWriter(Plan(spelt_out(operation)), tuple(vectors), tuple(numbers), frozenset(ones))
    lines = writer.write()
    return Loops(tuple(lines), tuple(sorted(writer.functions)))


def is_library(node: Operation) -> bool:
    return node.kind == "call" and node.text in _LIBRARY


def is_reduction(node: Operation) -> bool:
    """Whether it takes the entries of a vector together."""
    return node.kind == "sum" or (node.kind == "position" and node.operands != ()) or node.text in ("take", "max")


class Plan:
    """Which operations there is one of for each entry, when each is done, and what has to wait in a buffer."""

    def __init__(self, root: Operation) -> None:
        self.root = root
        self._entry: dict[Operation, bool] = {}
        self._earliest: dict[Operation, Moment] = {}
        self.order = list(dict.fromkeys(_from_the_leaves(root)))
        self.when: dict[Operation, Moment] = {}
        self.last: dict[Operation, Moment] = {}
        self.stored: set[Operation] = set()
        self._decide()

    @cached_property
    def vectors(self) -> frozenset[str]:
        """The names of the arrays that are vectors: what is summed or looked up, and what is combined with those."""
        return frozenset()

    def is_entry(self, node: Operation) -> bool:
        raise NotImplementedError
