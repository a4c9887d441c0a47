"""The statements of a kernel in place, with what they work in; the last ones may go over to how the result lies.

Where a formula ends in ``inner - t`` with one more value put at a position, t needs no copy across the block, nor does
the result: `inner` is copied to the result, and t subtracted there, along the vectors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .operations import Operation
from .rewriting import for_blocks, in_floats
from .statements import BlockWriter

__all__ = ["BlockBody", "block_body_of"]


@dataclass(frozen=True)
class BlockBody:
    """The statements, and the names of the buffers that they work in: numbers, and truth values.

    `lying` is the argument that is taken as it lies, if there is one; the result is, then, too.
    """

    lines: tuple[str, ...]
    buffers: tuple[str, ...]
    masks: tuple[str, ...]
    lying: str


def block_body_of(
    operation: Operation,
    arrays: Iterable[str],
    vector: str = "",
    ones: Iterable[str] = (),
    lying: Iterable[str] = (),
) -> BlockBody:
    """Statements that leave the value in `out`.

    `arrays` are as long as the block; `vector` is the one whose first axis has the length n; dividing or multiplying by
    the parameters `ones` is left out where they are 1.  One of `lying` is taken as it lies where the last statements
    allow it.
    """
    operation = in_floats(for_blocks(operation))
    writer = BlockWriter(operation, frozenset(arrays), vector, frozenset(ones))
    last = next((name for name in lying if _is_last(operation, name)), "")
    if last:
        writer = _TurningWriter(operation, frozenset(arrays), vector, frozenset(ones))
    writer.write()
    return BlockBody(
        tuple(writer.assignments),
        tuple(name for name in writer.numbers.made if name != "out"),
        tuple(writer.masks.made),
        last,
    )


def _is_last(operation: Operation, name: str) -> bool:
    """Whether the array is subtracted last of all, before a value is put, and read elsewhere at that position only."""
    if operation.kind != "placed" or operation.text:
        return False
    base, position, _ = operation.operands
    array = Operation("array", text=name)
    if (base.kind, base.text, base.operands[1:]) != ("add", "+-", (array,)) or base.operands[0].kind == "array":
        return False
    return all(
        part == base or (part.text == "take" and part.operands[1] == position)
        for part in _parts(operation)
        if array in part.operands
    )


def _parts(operation: Operation) -> set[Operation]:
    return {operation}.union(*map(_parts, operation.operands))


class _TurningWriter(BlockWriter):
    """Ends where the result lies; its operation is one of `_is_last`."""

    def _write(self) -> None:
        base, position, value = self.operation.operands
        inner, last = base.operands
        there, text = self._places_in_result(position), self.text(value, 0)
        self.say(f"{(name := self._name(value))} = {text}")
        self.call("np.subtract", f"turned({self.buffer(inner)}, out)", last.text, into="out")
        self.say(f'out.ravel("K")[{there}] = {name}')

    def _places_in_result(self, position: Operation) -> str:
        line = f"there_in_out = places(out, {self.text(position, 0)})"
        if line not in self.assignments:
            self.say(line)
        return "there_in_out"

    def _call(self, operation: Operation) -> tuple[str, int]:
        if operation.text == "take" and operation.operands[0] == self.operation.operands[0].operands[1]:
            array, position = operation.operands
            there = self._places_in_result(position)
            return f"entries({array.text}, {self.text(position, 0)}, {there})", 5
        return super()._call(operation)
