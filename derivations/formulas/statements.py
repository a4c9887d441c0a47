"""Array operations as statements that work in place on one block, in as few buffers as are alive at once.

Vectors lie along the first axis of a block (n, rows): a sum over classes adds up long rows.  What there is one of
for each vector stays an expression, as in the readable form; only operations on whole blocks get buffers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from .operations import Operation
from .printing import NUMPY, Writer

__all__ = ["BlockWriter"]

_WRITTEN_LAST = ("add", "negative", "multiply", "divide", "power", "call", "placed")
_OF_NO_DTYPE = ("compare", "and", "position")
_NAMED_OUT = ("np.maximum", "np.minimum")  # elsewhere NumPy takes less time for what is not named
_UFUNCS = {"+": "np.add", "-": "np.subtract"}
_COMPARISONS = {">": "np.greater", ">=": "np.greater_equal", "<": "np.less", "<=": "np.less_equal", "==": "np.equal"}


@dataclass
class _Pool:
    """Buffers by name; one that is given back is taken again first."""

    letters: list[str]
    made: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)

    def take(self) -> str:
        if self.free:
            return self.free.pop()
        self.made.append(next(letter for letter in self.letters if letter not in self.made))
        return self.made[-1]


class BlockWriter(Writer):
    """Text for what there is one of for each vector, buffers for what is as long as the block."""

    def __init__(self, operation: Operation, arrays: frozenset[str], vector: str, ones: frozenset[str]) -> None:
        super().__init__(operation, vector, NUMPY)
        self.arrays, self.ones = arrays, ones
        self.left = Counter(self.uses)
        taken = {part.text for part in self.uses if part.kind in ("array", "parameter")}
        self.numbers = _Pool([letter for letter in "abcdefghijkl" if letter not in taken])
        self.masks = _Pool([letter for letter in "pqrs" if letter not in taken])
        self.held: dict[Operation, str] = {}
        self.known_places: dict[Operation, str] = {}
        self.begun: set[str] = set()  # what a kernel entry by entry has made, or found made
        self._long: dict[Operation, bool] = {}
        self._needs: dict[Operation, int] = {}

    def write(self) -> None:
        """Leaves the value of the operation in `out`; a kernel entry by entry returns it, too."""
        self._write()
        if not self.vector:
            start, last = "out = ", self.assignments[-1]
            self.assignments[-1:] = [f"return {last[len(start) :]}"] if last.startswith(start) else [last, "return out"]

    def _write(self) -> None:
        if not self.is_long(self.operation) or self.operation.kind == "array":
            self._write_short()
            return
        if self.operation.kind in _WRITTEN_LAST and not self._is_guarded(self.operation):
            self.numbers.made.append("out")  # nothing else is there until then
            self.numbers.free.append("out")
        self.buffer(self.operation, "out")

    def _write_short(self) -> None:
        operation = self.operation
        functions = {"multiply": "np.multiply", "divide": "np.divide", "add": _UFUNCS.get(operation.text[1:2], "")}
        if operation.kind == "sum":
            text = self.buffer(operation.operands[0])
            self.say(f"np.add.reduce({text}, 0, out=out)")
        elif operation.kind in functions and len(operation.operands) == 2:
            first, second = (self.given(operand) for operand in operation.operands)
            self.call(functions[operation.kind], first, second, into="out")
        else:
            self.say(f"np.copyto(out, {self.text(operation, 0)})")

    def say(self, statement: str, guard: str = "") -> None:
        self.assignments += [f"if {guard} != 1:", f"    {statement}"] if guard else [statement]

    # ---- which operations are as long as the block, and how many buffers they need

    def is_long(self, operation: Operation) -> bool:
        if operation not in self._long:
            short = operation.kind in ("sum", "position") or operation.text in ("take", "max")
            self._long[operation] = (
                operation.text in self.arrays
                if operation.kind == "array"
                else not short and any(map(self.is_long, operation.operands))
            )
        return self._long[operation]

    def needs(self, operation: Operation) -> int:
        """Buffers that are alive at once while it is computed (R. Sethi and J. D. Ullman's number)."""
        if operation not in self._needs:
            below = sorted(map(self.needs, operation.operands), reverse=True)
            most = max((need + k for k, need in enumerate(below)), default=0)
            self._needs[operation] = max(most, int(self.is_long(operation) and operation.kind != "array"))
        return self._needs[operation]

    # ---- texts and buffers

    def text(self, operation: Operation, tightness: int) -> str:
        if self.is_long(operation):
            return self.buffer(operation)
        if operation not in self.named and self._reads_a_buffer(operation):
            text, _ = getattr(self, f"_{operation.kind}")(operation)  # the buffer may hold something else later
            self.named[operation] = name = self._name(operation)
            self.say(f"{name} = {text}")
        return super().text(operation, tightness)

    def _reads_a_buffer(self, operation: Operation) -> bool:
        if operation.kind == "sum" or (operation.kind == "position" and operation.operands):
            return True
        return operation.text == "max" and operation.kind == "call"

    def places(self, position: Operation) -> str:
        """The name of the places in memory of the entries at a position."""
        if position not in self.known_places:
            index = self.text(position, 0)
            self.known_places[position] = name = "there" if not self.known_places else f"there_{index}"
            self.say(f"{name} = places({self.vector}, {index})")
        return self.known_places[position]

    def buffer(self, operation: Operation, target: str = "") -> str:
        """The name of the array that holds the value; `target` is where it has to be, if that is asked for."""
        if operation.kind == "array":
            return operation.text
        if operation not in self.held:
            self.held[operation] = getattr(self, f"_long_{operation.kind}")(operation, target)
            if self.uses[operation] > 1 and self.held[operation] in self.numbers.made:
                self.assignments[-1] += f"  # {self._name(operation)}"
        return self.held[operation]

    def given(self, operation: Operation, text: str = "") -> str:
        """What an operation on arrays gets: numbers as arrays too."""
        text = text or self.text(operation, 0)
        return f"number[{text}]" if operation.is_constant else text

    def operands_of(self, operation: Operation) -> list[str]:
        """The operands, those that need most buffers first."""
        texts: dict[Operation, str] = {}
        for operand in sorted(operation.operands, key=self.needs, reverse=True):
            texts[operand] = self.text(operand, 0)
        return [texts[operand] for operand in operation.operands]

    def release(self, *operands: Operation) -> list[str]:
        """The buffers that were used for the last time."""
        done = []
        for operand in operands:
            self.left[operand] -= 1
            if self.left[operand] == 0 and operand.kind != "array" and (name := self.held.get(operand)):
                if name in self.numbers.made:
                    done.append(name)
                elif name in self.masks.made:
                    self.masks.free.append(name)
        return done

    def place(self, dead: list[str], target: str) -> str:
        """Where the next value goes: the target, a dead buffer, or one more."""
        name = target or (dead.pop() if dead else self.numbers.take())
        self.numbers.free += dead
        return name

    def call(self, function: str, *operands: str, into: str, guard: str = "") -> str:
        word = "out=" if function in _NAMED_OUT else ""
        self.say(self._begin(into) + f"{function}({', '.join(operands)}, {word}{into})", guard)
        return into

    def _begin(self, name: str) -> str:
        """What makes the first result in a buffer the buffer, where none was given."""
        if self.vector or name in self.begun:
            return ""
        self.begun.add(name)
        return f"{name} = "

    # ---- one method for each kind of operation on whole blocks

    def _chain(self, operation: Operation, functions: list[str], target: str) -> str:
        """Operations from left to right: a + b - c is (a + b) - c."""
        texts = self.operands_of(operation)
        (result, *texts), (first, *operands) = texts, operation.operands
        is_long, dead = self.is_long(first), self.release(first)
        for position, (function, operand, text) in enumerate(zip(functions, operands, texts, strict=True)):
            dead += self.release(operand)
            if not is_long and not self.is_long(operand):
                result = f"{function}({result}, {text})"
                continue
            into = self.place(dead, target if position == len(operands) - 1 else "")
            result = self.given(first, result) if position == 0 else result
            result, is_long = self.call(function, result, self.given(operand, text), into=into), True
            dead = [result] if result in self.numbers.made else []
        return result

    def _long_add(self, operation: Operation, target: str) -> str:
        if operation.text[0] == "-":
            raise NotImplementedError("a sum that starts with a minus")
        return self._chain(operation, [_UFUNCS[sign] for sign in operation.text[1:]], target)

    def _long_multiply(self, operation: Operation, target: str) -> str:
        return self._scaled(operation, "np.multiply", target)

    def _long_divide(self, operation: Operation, target: str) -> str:
        return self._scaled(operation, "np.divide", target)

    def _scaled(self, operation: Operation, function: str, target: str) -> str:
        first, *rest = operation.operands
        if self._is_guarded(operation):
            result = self.buffer(first, target)
            self.release(first)
            return self.call(function, result, self.given(rest[0]), into=result, guard=rest[0].text)
        return self._chain(operation, [function] * len(rest), target)

    def _is_guarded(self, operation: Operation) -> bool:
        """Whether it divides or multiplies, in place, by a parameter that is mostly 1."""
        if operation.kind not in ("multiply", "divide") or len(operation.operands) != 2:
            return False
        return operation.operands[1].text in self.ones and self._is_for_this_only(operation.operands[0])

    def _is_for_this_only(self, operation: Operation) -> bool:
        """Whether nothing else uses the value, so that its buffer can be written to."""
        return self.is_long(operation) and operation.kind != "array" and self.left[operation] == 1

    def _long_negative(self, operation: Operation, target: str) -> str:
        return self._apply("np.negative", operation, target)

    def _long_power(self, operation: Operation, target: str) -> str:
        if operation.text == "2":
            return self._apply("np.square", operation, target)
        return self._apply("np.power", operation, target, operation.text)

    def _long_call(self, operation: Operation, target: str) -> str:
        function = "clip" if operation.text == "clip" else self.dialect.function(operation.text)
        return self._apply(function, operation, target)

    def _apply(self, function: str, operation: Operation, target: str, *more: str) -> str:
        texts = map(self.given, operation.operands, self.operands_of(operation))
        into = self.place(self.release(*operation.operands), target)
        return self.call(function, *texts, *more, into=into)

    def _long_compare(self, operation: Operation, target: str) -> str:
        return self._compared(operation, self.masks.take())

    def _compared(self, operation: Operation, into: str) -> str:
        texts = map(self.given, operation.operands, self.operands_of(operation))
        self.numbers.free += self.release(*operation.operands)
        return self.call(_COMPARISONS[operation.text], *texts, into=into)

    def _long_and(self, operation: Operation, target: str) -> str:
        first, second = self.operands_of(operation)
        self.numbers.free += self.release(*operation.operands)
        return self.call("np.logical_and", first, second, into=self.masks.take())

    def _long_where(self, operation: Operation, target: str) -> str:
        condition, yes, no = operation.operands
        mask, chosen = self.text(condition, 0), self.text(yes, 0)
        into = self._owned(no, target)
        self.numbers.free += self.release(condition, yes)
        mixed = f"np.copyto({into}, {chosen}, where={mask})" if self.vector else f"np.putmask({into}, {mask}, {chosen})"
        self.say(mixed)
        return into

    def _owned(self, operation: Operation, target: str) -> str:
        """A buffer that holds the value and may be written to."""
        if target and operation not in self.held and self._is_for_this_only(operation):
            into = self.buffer(operation, target)
            self.release(operation)
            return into
        source = self.text(operation, 0)
        into = self.place(dead, target) if (dead := self.release(operation)) else target or self.numbers.take()
        if into != source:
            if self._begin(into):
                raise NotImplementedError(f"a copy into {into}, which a kernel entry by entry may have to make first")
            self.say(f"np.copyto({into}, {source})")
        return into

    def _long_without_nan(self, operation: Operation, target: str) -> str:
        into = self._owned(operation.operands[0], target)
        self.say(f"drop_nan(number, {into})")
        return into

    def _without_nan(self, operation: Operation) -> tuple[str, int]:
        return f"np.fmax({self.text(operation.operands[0], 0)}, -1)", 5

    def _long_step(self, operation: Operation, target: str) -> str:
        """A comparison, then NaN for NaN unless it comes some other way; x < 3 for 3 - x > 0, which says the same."""
        (long,) = operation.operands
        compared, bound = "above", "0.0"
        if (long.kind, long.text, len(long.operands)) == ("add", "+-", 2) and self._is_for_this_only(long):
            first, second = long.operands
            if first.kind == "number" and self.is_long(second):
                compared, bound, long = "below", first.text, second
        text, mask = self.text(long, 0), self.masks.take()
        into = target or self.numbers.take()
        nan = ", nan=False" if _arrays_in(long) <= _nan_from(self.operation) else ""
        self.say(self._begin(into) + f"{compared}(number, {text}, {bound}, {into}, {mask}{nan})")
        self.masks.free.append(mask)
        self.numbers.free += self.release(long)
        return into

    def _long_placed(self, operation: Operation, target: str) -> str:
        base, position, value = operation.operands
        there, text = self.places(position), self.text(value, 0)
        if value.operands and value not in self.named:
            self.say(f"{(name := self._name(value))} = {text}")
            text = name
        into = self._owned(base, target)
        self.say(f'{into}.ravel("K")[{there}] {operation.text}= {text}')
        return into

    # ---- what there is one of for each vector

    def _size(self, operation: Operation) -> tuple[str, int]:
        return f"{self.vector}.shape[0]", 5

    def _add(self, operation: Operation) -> tuple[str, int]:
        return super()._add(self._with_numbers(operation))

    def _multiply(self, operation: Operation) -> tuple[str, int]:
        return super()._multiply(self._with_numbers(operation))

    def _divide(self, operation: Operation) -> tuple[str, int]:
        return super()._divide(self._with_numbers(operation))

    def _with_numbers(self, operation: Operation) -> Operation:
        """With numbers as arrays, beside what has the dtype of the block: truth values and positions have not."""
        if operation.is_constant or any(operand.kind in _OF_NO_DTYPE for operand in operation.operands):
            return operation
        given = (Operation("array", text=self.given(o)) if o.is_constant else o for o in operation.operands)
        return replace(operation, operands=tuple(given))

    def _sum(self, operation: Operation) -> tuple[str, int]:
        (body,) = operation.operands
        text = self.buffer(body)
        self.numbers.free += self.release(body)
        return f"np.add.reduce({text}, 0)", 5

    def _position(self, operation: Operation) -> tuple[str, int]:
        array, largest = operation.operands
        top, text = self.text(largest, 0), self.buffer(array)
        self.numbers.free += self.release(array)
        return f"position_of_largest({text}, {top})", 5

    def _call(self, operation: Operation) -> tuple[str, int]:
        if operation.text == "take":
            array, position = operation.operands
            return f"entries({self.text(array, 0)}, {self.text(position, 0)}, {self.places(position)})", 5
        if operation.text == "max":
            text = self.buffer(operation.operands[0])
            self.numbers.free += self.release(operation.operands[0])
            return f"np.maximum.reduce({text}, 0)", 5
        return super()._call(operation)


def _arrays_in(operation: Operation) -> frozenset[str]:
    if operation.kind == "array":
        return frozenset([operation.text])
    return frozenset[str]().union(*map(_arrays_in, operation.operands))


def _nan_from(operation: Operation) -> frozenset[str]:
    """Arrays whose NaN makes the value NaN at the same entry, whatever steps do."""
    if operation.kind == "array":
        return frozenset([operation.text])
    if operation.kind not in _WRITTEN_LAST or operation.kind == "placed" or operation.text in ("take", "max"):
        return frozenset()
    return frozenset[str]().union(*map(_nan_from, operation.operands))
