"""Array operations as loops for a compiler: over blocks of vectors, then over the entries of each.

Between the loops, functions of the library work on whole blocks.  `loop_plan` says what is done when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .loop_plan import Plan, is_library
from .operations import Operation
from .printing import NUMPY, Writer
from .rewriting import spelt_out

__all__ = ["Loops", "loops_of"]

_LEAVES = ("array", "number", "parameter", "size", "negative", "compare", "and")
_LETTERS = "abcdefghkmpqruv"
_ATOM = 5  # it binds as tightly as anything does


@dataclass(frozen=True)
class Loops:
    """The statements, and the library's functions that they call."""

    lines: tuple[str, ...]
    functions: tuple[str, ...]


def loops_of(
    operation: Operation,
    vectors: Iterable[str],
    numbers: Iterable[str],
    parameters: Iterable[str] = (),
    ones: Iterable[str] = (),
) -> Loops:
    """Statements that leave the value in `out`.

    `vectors` are tables, a row for each vector; of `numbers` there is one for each vector, or one for each entry where
    there are no vectors.  Dividing by the parameters `ones` is left out where they are 1.
    """
    writer = _LoopWriter(spelt_out(operation), tuple(vectors), tuple(numbers), frozenset(ones))
    block = writer.block()
    lines = (*writer.head(tuple(parameters)), *(f"    {line}" for line in block))
    return Loops(lines, tuple(sorted(writer.functions)))


class _LoopWriter(Writer):
    """Text of scalar operations; what there is one of for each vector gets a name before the loop over its entries."""

    def __init__(
        self, operation: Operation, vectors: tuple[str, ...], numbers: tuple[str, ...], ones: frozenset[str]
    ) -> None:
        super().__init__(operation, vectors[0] if vectors else "", NUMPY)
        self.numbers, self.ones = numbers, ones
        self.plan = Plan(operation, frozenset(vectors))
        self.functions: set[str] = set()
        taken = {*vectors, *numbers}
        self.letters = [letter for letter in _LETTERS if letter not in taken]
        self.buffers: dict[str, bool] = {}  # whether it holds an entry of each vector's, not a number for each
        self.free: dict[bool, list[str]] = {True: [], False: []}
        self.held: dict[Operation, str] = {}
        self.rows: set[str] = set()
        self.of_vector: list[str] = []  # statements for each vector
        self.of_entry: list[str] = []  # statements for each of its entries
        self.in_entry = False

    # ---- the statements

    def head(self, parameters: tuple[str, ...]) -> list[str]:
        """What is the same for all blocks, and their loop."""
        used = {part.text for part in self.uses if part.kind == "parameter"}
        lines = [f"{name} = real({name})" for name in parameters if name in used]
        if lines or any(part.kind in ("number", "size") for part in self.uses):
            lines = ["real = out.dtype.type", *lines]
        lines += [f"n = {self.vector}.shape[1]"] if self.vector else []
        lines.append(f"rows = rows_at_once({'n' if self.vector else 1})")
        for name, of_entries in self.buffers.items():
            lines.append(f"{name} = np.empty({'(rows, n)' if of_entries else 'rows'}, out.dtype)")
        return [*lines, "for start in range(0, len(out), rows):"]

    def block(self) -> list[str]:
        """What is done with each block."""
        used = {part.text for part in self.uses if part.kind == "array"}
        lines = [f"{name}_ = {name}[start : start + rows]" for name in ("out", *(x for x in self.numbers if x in used))]
        for calls in range(self.plan.earliest(self.operation)[0] + 1):
            lines += self._library_calls(calls)
            lines += self._loop(calls)
        return lines

    def _library_calls(self, calls: int) -> list[str]:
        lines = []
        nodes = [node for node in self.plan.order if is_library(node) and self.plan.earliest(node) == (calls, 0)]
        for place, node in enumerate(nodes):
            self.functions.add(node.text)
            sources = [self.held.get(operand, f"{operand.text}_") for operand in node.operands]
            later = {operand for other in nodes[place + 1 :] for operand in other.operands}
            self._release((calls, -1), [operand for operand in node.operands if operand not in later])
            target = "out_" if node == self.operation else self._take(node)
            count = "len(out_) * n" if self.plan.is_entry(node) else "len(out_)"
            verb = "apply" if len(sources) == 1 else "apply_to_two"
            lines.append(f"{verb}({', '.join([node.text, *sources, target, count])})")
        return lines

    def _loop(self, calls: int) -> list[str]:
        """The loop over the vectors of a block, after so many library calls."""
        moments = {self.plan.when(node) for node in self.plan.stored if not is_library(node)}
        lines: list[str] = []
        for moment in sorted(moment for moment in moments if moment[0] == calls):
            for node in self.plan.at(moment):
                self._store(node)
            lines += self.of_vector
            lines += ["for j in range(n):", *(f"    {line}" for line in self.of_entry)] if self.of_entry else []
            self.named = {node: name for node, name in self.named.items() if not self.plan.is_entry(node)}
            self.of_vector, self.of_entry = [], []
            self._release(moment, list(self.held))
        self.named, self.rows = {}, set()
        return ["for i in range(len(out_)):", *(f"    {line}" for line in lines)] if lines else []

    def _store(self, node: Operation) -> None:
        is_entry = self.plan.is_entry(node)
        text = self.text(node, 0)
        target = "out_" if node == self.operation else self._take(node)
        (self.of_entry if is_entry else self.of_vector).append(f"{target}[{'i, j' if is_entry else 'i'}] = {text}")

    def _take(self, node: Operation) -> str:
        """A buffer for the value, one that is free or one more."""
        of_entries = self.plan.is_entry(node)
        if self.free[of_entries]:
            self.held[node] = self.free[of_entries].pop()
        else:
            self.held[node] = self.letters.pop(0)
            self.buffers[self.held[node]] = of_entries
        return self.held[node]

    def _release(self, moment: tuple[int, int], nodes: Iterable[Operation]) -> None:
        for node in dict.fromkeys(nodes):
            if node in self.held and self.plan.last(node) <= moment:
                self.free[self.plan.is_entry(node)].append(self.held.pop(node))

    # ---- texts

    def text(self, operation: Operation, tightness: int) -> str:
        if operation in self.named:
            return self.named[operation]
        is_entry = self.plan.is_entry(operation)
        if operation in self.held:
            return self._from_buffer(operation, is_entry)
        for_an_entry, self.in_entry = self.in_entry, is_entry
        text, own = getattr(self, f"_{operation.kind}")(operation)
        self.in_entry = for_an_entry
        if self._has_a_name(operation, for_an_entry and not is_entry):
            name = f"{text[:-3]}i" if operation.kind == "array" else self._name(operation)
            (self.of_entry if is_entry else self.of_vector).append(f"{name} = {text}")
            self.named[operation] = name
            return name
        return f"({text})" if own < tightness else text

    def _from_buffer(self, operation: Operation, is_entry: bool) -> str:
        buffer = self.held[operation]
        if is_entry:
            return f"{buffer}[i, j]"
        if self.in_entry:  # read before the loop, as the compiler cannot tell that the loop does not write to it
            self.named[operation] = f"{buffer}_i"
            self.of_vector.append(f"{buffer}_i = {buffer}[i]")
            return f"{buffer}_i"
        return f"{buffer}[i]"

    def _has_a_name(self, operation: Operation, for_each_entry: bool) -> bool:
        is_index = operation.kind == "position" and not operation.operands
        if operation.is_constant or is_index or (operation.kind in _LEAVES and not for_each_entry):
            return False
        return for_each_entry or self.uses[operation] > 1

    def _vector_of(self, operation: Operation) -> str:
        """The table that holds the vectors, and where the one of this turn lies in it."""
        if operation in self.held:
            return f"{self.held[operation]}, i"
        if operation.text not in self.rows:
            self.rows.add(operation.text)
            self.of_vector.append(f"{operation.text}_i = row({operation.text}, start + i)")
        return f"{operation.text}, {operation.text}_i"

    # ---- one method for each kind that is written in another way than in NumPy

    def _array(self, operation: Operation) -> tuple[str, int]:
        if self.plan.is_entry(operation):
            table, position = self._vector_of(operation).split(", ")
            return f"{table}[{position}, j]", _ATOM
        return f"{operation.text}_[i]", _ATOM

    def _parameter(self, operation: Operation) -> tuple[str, int]:
        return operation.text, _ATOM

    def _number(self, operation: Operation) -> tuple[str, int]:
        return f"real({super()._number(operation)[0]})", _ATOM

    def _size(self, operation: Operation) -> tuple[str, int]:
        return "real(n)", _ATOM

    def _position(self, operation: Operation) -> tuple[str, int]:
        if not operation.operands:
            return "j", _ATOM
        values, top = operation.operands
        return f"position_of({self._vector_of(values)}, {self.text(top, 0)})", _ATOM

    def _call(self, operation: Operation) -> tuple[str, int]:
        if operation.text == "max":
            self.functions.add("maximum")
            return f"top_of({self._vector_of(operation.operands[0])}, maximum)", _ATOM
        if operation.text == "take":
            values, position = operation.operands
            table, row = self._vector_of(values).split(", ")
            return f"{table}[{row}, {self.text(position, 0)}]", _ATOM
        arguments = ", ".join(self.text(operand, 0) for operand in operation.operands)
        return f"{_FUNCTIONS[operation.text]}({arguments})", _ATOM

    def _sum(self, operation: Operation) -> tuple[str, int]:
        self.functions.add("add")
        return f"sum_of({self._vector_of(operation.operands[0])}, add)", _ATOM

    def _divide(self, operation: Operation) -> tuple[str, int]:
        above, below = operation.operands
        if below.text in self.ones:
            return f"over({self.text(above, 0)}, {below.text})", _ATOM
        return super()._divide(operation)

    def _power(self, operation: Operation) -> tuple[str, int]:
        if operation.text != "2":
            raise NotImplementedError(f"the power {operation.text} in loops")
        return f"squared({self.text(operation.operands[0], 0)})", _ATOM

    def _where(self, operation: Operation) -> tuple[str, int]:
        return f"choose({', '.join(self.text(operand, 0) for operand in operation.operands)})", _ATOM

    def _without_nan(self, operation: Operation) -> tuple[str, int]:
        return f"not_nan({self.text(operation.operands[0], 0)}, real(-1))", _ATOM


_FUNCTIONS = {"abs": "abs", "sqrt": "np.sqrt", "maximum": "greater", "minimum": "lesser"}
