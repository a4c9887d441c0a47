"""Array operations as Python source: each once, what is used twice under a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .operations import Operation

__all__ = ["JAX", "NUMPY", "Dialect", "Writer", "body_of"]

_SUM, _PRODUCT, _UNARY, _POWER, _ATOM = range(1, 6)
_RELATIONS = {">": ">", ">=": ">=", "<": "<", "<=": "<=", "==": "=="}
_NAMES = {"exp": "decay", "exp_difference": "weight", "abs": "size", "sum": "rest", "log1p": "excess", "sqrt": "root"}
_NAMES |= {"position": "largest", "take": "entry", "max": "top", "minimum": "least", "maximum": "clipped"}
_NAMES |= {"compare": "is_there", "step": "above"}
_NAMES |= {"add": "term", "multiply": "factor", "divide": "ratio", "power": "square", "where": "value"}
_CHEAP = {"array", "number", "parameter", "size", "negative"}


@dataclass(frozen=True)
class Dialect:
    """How a library calls things: its name, the module of special functions, and the functions that differ."""

    library: str
    special: str

    def function(self, name: str) -> str:
        if name == "exp_difference":
            return name
        return f"{self.special if name in ('erf', 'erfc', 'xlogy') else self.library}.{name}"


NUMPY = Dialect("np", "special")
JAX = Dialect("jnp", "special")


def body_of(operation: Operation, vector: str = "", dialect: Dialect = NUMPY, indent: str = "    ") -> str:
    """The lines of a function that returns the value; `vector` is the argument whose last axis has the length n."""
    return "\n".join(indent + line for line in Writer(operation, vector, dialect).lines())


class Writer:
    """Text of operations, with names for those that are used more than once."""

    def __init__(self, operation: Operation, vector: str, dialect: Dialect) -> None:
        self.operation, self.vector, self.dialect = operation, vector, dialect
        self.uses: Counter[Operation] = Counter()
        self._count(operation)
        self.named: dict[Operation, str] = {}
        self.taken: Counter[str] = Counter()
        self.assignments: list[str] = []

    def lines(self) -> Iterator[str]:
        value = self.text(self.operation, 0)
        yield from self.assignments
        yield f"return {value}"

    def _count(self, operation: Operation) -> None:
        self.uses[operation] += 1
        if self.uses[operation] == 1:
            for operand in operation.operands:
                self._count(operand)

    def text(self, operation: Operation, tightness: int) -> str:
        """The operation in a place that binds as tightly as this."""
        if operation in self.named:
            return self.named[operation]
        text, own = getattr(self, f"_{operation.kind}")(operation)
        if self.uses[operation] > 1 and operation.kind not in _CHEAP and not operation.is_constant:
            name = self._name(operation)
            self.assignments.append(f"{name} = {text}")
            self.named[operation] = name
            return name
        return f"({text})" if own < tightness else text

    def _name(self, operation: Operation) -> str:
        stem = _NAMES.get(operation.text) or _NAMES.get(operation.kind, "part")
        self.taken[stem] += 1
        return stem if self.taken[stem] == 1 else f"{stem}_{self.taken[stem]}"

    # ---- one method for each kind: the text and how tightly it binds

    def _array(self, operation: Operation) -> tuple[str, int]:
        return operation.text, _ATOM

    _parameter = _array

    def _number(self, operation: Operation) -> tuple[str, int]:
        text = f"{self.dialect.library}.nan" if operation.text == "nan" else operation.text
        return text, _UNARY if text.startswith("-") else _ATOM

    def _size(self, operation: Operation) -> tuple[str, int]:
        return f"{self.vector}.shape[-1]", _ATOM

    def _position(self, operation: Operation) -> tuple[str, int]:
        if operation.operands:
            array = self.text(operation.operands[0], _ATOM)
            return f"{self.dialect.library}.argmax({array}, axis=-1, keepdims=True)", _ATOM
        return f"{self.dialect.library}.arange({self.vector}.shape[-1])", _ATOM

    def _call(self, operation: Operation) -> tuple[str, int]:
        arguments = ", ".join(self.text(operand, 0) for operand in operation.operands)
        if operation.text == "take":
            return f"{self.dialect.library}.take_along_axis({arguments}, axis=-1)", _ATOM
        if operation.text == "max":
            return f"{self.dialect.library}.max({arguments}, axis=-1, keepdims=True)", _ATOM
        return f"{self.dialect.function(operation.text)}({arguments})", _ATOM

    def _sum(self, operation: Operation) -> tuple[str, int]:
        return f"{self.dialect.library}.sum({self.text(operation.operands[0], 0)}, axis=-1, keepdims=True)", _ATOM

    def _add(self, operation: Operation) -> tuple[str, int]:
        text = "" if operation.text[0] == "+" else "-"
        for position, (sign, operand) in enumerate(zip(operation.text, operation.operands, strict=True)):
            text += (f" {sign} " if position else "") + self.text(operand, _PRODUCT)
        return text, _SUM

    def _negative(self, operation: Operation) -> tuple[str, int]:
        return f"-{self.text(operation.operands[0], _UNARY)}", _UNARY

    def _multiply(self, operation: Operation) -> tuple[str, int]:
        first, *rest = operation.operands
        return " * ".join([self.text(first, _PRODUCT), *(self.text(part, _UNARY) for part in rest)]), _PRODUCT

    def _divide(self, operation: Operation) -> tuple[str, int]:
        above, below = operation.operands
        return f"{self.text(above, _PRODUCT)} / {self.text(below, _UNARY)}", _PRODUCT

    def _power(self, operation: Operation) -> tuple[str, int]:
        return f"{self.text(operation.operands[0], _ATOM)}**{operation.text}", _POWER

    def _where(self, operation: Operation) -> tuple[str, int]:
        condition, yes, no = (self.text(operand, 0) for operand in operation.operands)
        return f"{self.dialect.library}.where({condition}, {yes}, {no})", _ATOM

    def _step(self, operation: Operation) -> tuple[str, int]:
        return f"{self.dialect.library}.heaviside({self.text(operation.operands[0], 0)}, 0.0)", _ATOM

    def _compare(self, operation: Operation) -> tuple[str, int]:
        left, right = (self.text(operand, _SUM) for operand in operation.operands)
        return f"{left} {_RELATIONS[operation.text]} {right}", 0

    def _and(self, operation: Operation) -> tuple[str, int]:
        return " & ".join(f"({self.text(operand, 0)})" for operand in operation.operands), 0
