"""Formulas as functions in plain NumPy, JAX or PyTorch: short lines, formatted as ruff would."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from derivations.catalogue._formula import Formula

from .build import vector_of
from .operations import Operation, operations_of
from .printing import Dialect, Writer

__all__ = ["LIBRARIES", "WIDTH", "Library", "folded", "function_of", "signature"]

WIDTH = 88  # what formatters take unless they are told otherwise
_LONGEST = 60  # of an expression: leaves room for the indentation and a name
_SIMPLE = re.compile(r"[\w.]+")
_CONDITIONS = ("compare", "and")
_NAMELESS = ("array", "number", "parameter", "size", "length", "negative")
_ATOM = 5


class SourceWriter(Writer):
    """The readable form, with a name for what would make a line too long; what is computed keeps the dtype."""

    cast = "astype"

    def text(self, operation: Operation, tightness: int) -> str:
        if operation.kind in _CONDITIONS:
            return f"{self.condition(operation, _ATOM)}.{self.cast}({self._like()}.dtype)"
        return self._named_or_written(operation, tightness)

    def condition(self, operation: Operation, tightness: int = 0) -> str:
        """Truth values as such, which are numbers only where that is asked."""
        return self._named_or_written(operation, tightness)

    def _named_or_written(self, operation: Operation, tightness: int) -> str:
        if operation not in self.named:
            text, own = self._short(operation)
            if self.uses[operation] == 1 or operation.kind in _NAMELESS or operation.is_constant:
                return f"({text})" if own < tightness else text
            self._assign(operation, text)
        return self.named[operation]

    def _short(self, operation: Operation) -> tuple[str, int]:
        """The text and how tightly it binds; the longest operands get names until it fits."""
        text, own = self._write(operation)
        while len(text) > _LONGEST:
            composite = [o for o in operation.operands if o.operands and o not in self.named]
            if not composite:
                break
            longest = max(composite, key=lambda operand: len(self._write(operand)[0]))
            self._assign(longest, self._short(longest)[0])
            text, own = self._write(operation)
        return text, own

    def _write(self, operation: Operation) -> tuple[str, int]:
        written: tuple[str, int] = getattr(self, f"_{operation.kind}")(operation)
        return written

    def _assign(self, operation: Operation, text: str) -> None:
        if operation not in self.named:
            self.named[operation] = self._name(operation)
            self.assignments.append(f"{self.named[operation]} = {text}")

    def _like(self) -> str:
        """An array that has the dtype of the result."""
        return self.vector or next(leaf.text for leaf in _leaves(self.operation) if leaf.kind == "array")

    def _where(self, operation: Operation) -> tuple[str, int]:
        condition, yes, no = operation.operands
        texts = [self.condition(condition), self.text(yes, 0), self.text(no, 0)]
        if yes.is_constant and no.is_constant:  # Python's numbers alone would become float64, or PyTorch's float32
            texts[1] = self._number_like(texts[1])
        return f"{self.dialect.library}.where({', '.join(texts)})", _ATOM

    def _number_like(self, text: str) -> str:
        """A number with the dtype of the result."""
        return f"{self.dialect.library}.asarray({text}, {self._like()}.dtype)"

    def _and(self, operation: Operation) -> tuple[str, int]:
        return " & ".join(f"({self.condition(operand)})" for operand in operation.operands), 0

    def _power(self, operation: Operation) -> tuple[str, int]:
        base = self.text(operation.operands[0], _ATOM)
        return base + ("**" if _SIMPLE.fullmatch(base) else " ** ") + operation.text, 4


class TorchWriter(SourceWriter):
    """PyTorch, which calls some things otherwise."""

    cast = "to"

    def _call(self, operation: Operation) -> tuple[str, int]:
        name, operands = operation.text, operation.operands
        if operation.is_constant:
            return f"math.{name}({', '.join(self.text(o, 0) for o in operands)})", _ATOM
        if name in ("maximum", "minimum") and operands[1].is_constant:
            bound = "min" if name == "maximum" else "max"
            return f"torch.clamp({self.text(operands[0], 0)}, {bound}={self.text(operands[1], 0)})", _ATOM
        arguments = ", ".join(self.text(operand, 0) for operand in operands)
        if name == "take":
            return f"torch.take_along_dim({arguments}, dim=-1)", _ATOM
        if name == "max":
            return f"torch.amax({arguments}, dim=-1, keepdim=True)", _ATOM
        return f"{self.dialect.function(name)}({arguments})", _ATOM

    def _sum(self, operation: Operation) -> tuple[str, int]:
        return f"torch.sum({self.text(operation.operands[0], 0)}, dim=-1, keepdim=True)", _ATOM

    def _position(self, operation: Operation) -> tuple[str, int]:
        if operation.operands:
            return f"torch.argmax({self.text(operation.operands[0], 0)}, dim=-1, keepdim=True)", _ATOM
        return f"torch.arange({self.vector}.shape[-1], device={self.vector}.device)", _ATOM

    def _number_like(self, text: str) -> str:
        return f"{self._like()}.new_tensor({text})"


def _takes(operation: Operation) -> bool:
    """Whether entries are picked by position, which asks for as many axes in each array."""
    return operation.text == "take" or any(map(_takes, operation.operands))


def _leaves(operation: Operation) -> list[Operation]:
    if not operation.operands:
        return [operation]
    return [leaf for operand in operation.operands for leaf in _leaves(operand)]


@dataclass(frozen=True)
class Library:
    """A library to export to: what it is called, how it is imported, and how it is written."""

    title: str
    dialect: Dialect
    writer: type[SourceWriter] = SourceWriter

    @property
    def name(self) -> str:
        return self.dialect.library

    @property
    def broadcast(self) -> str:
        return f"{self.name}.broadcast_{'tensors' if self.name == 'torch' else 'arrays'}"

    @property
    def move(self) -> str:
        return f"{self.name}.{'movedim' if self.name == 'torch' else 'moveaxis'}"

    def as_array(self, name: str) -> str:
        return name if self.name == "torch" else f"{self.name}.asarray({name})"


LIBRARIES = {
    "numpy": Library("NumPy", Dialect("np", "special")),
    "jax": Library("JAX", Dialect("jnp", "special")),
    "torch": Library("PyTorch", Dialect("torch", "torch.special"), writer=TorchWriter),
}


def folded(line: str) -> str:
    """A line that is too long, broken in its last parentheses."""
    end = line.rfind(")")
    if len(line) <= WIDTH or line[end + 1 :] not in ("", ":"):
        return line
    depth, start = 0, end
    for start in range(end, -1, -1):
        depth += (line[start] == ")") - (line[start] == "(")
        if depth == 0:
            break
    margin = " " * (len(line) - len(line.lstrip()))
    return f"{line[: start + 1]}\n{margin}    {line[start + 1 : end]}\n{margin}{line[end:]}"


def signature(formula: Formula) -> str:
    """The arguments, and the parameters with their defaults."""
    names = [*(a.name for a in formula.arguments), *(f"{p.name}={p.default!r}" for p in formula.parameters)]
    return ", ".join(names)


def function_of(formula: Formula, library: Library, name: str = "", doc: str = "") -> str:
    """The function that evaluates the computed line, vectors along the formula's own axis."""
    vectors = [a.name for a in formula.arguments if a.axes == ("n",)]
    lines = [f"def {name or formula.name}({signature(formula)}):", *textwrap.indent(doc, "    ").splitlines()]
    if formula.axis == 0:
        lines += [f"    {name} = {library.move}({name}, 0, -1)" for name in vectors]
    for argument in formula.arguments:
        if not formula.is_elementwise and argument.axes != ("n",):
            lines.append(f"    {argument.name} = {library.as_array(argument.name)}[..., None]")
    operations = operations_of(formula)
    if len(vectors) > 1 and _takes(operations):
        lines.append(f"    {', '.join(vectors)} = {library.broadcast}({', '.join(vectors)})")
    *rest, last = library.writer(operations, vector_of(formula), library.dialect).lines()
    value, results = last.removeprefix("return "), [last]
    if not formula.is_elementwise and not formula.result:
        results = [f"result = {value}", "return result[..., 0]"]
    elif formula.axis == 0:
        results = [f"result = {value}", f"return {library.move}(result, -1, 0)"]
    elif formula.result and any(not argument.axes for argument in formula.arguments):
        results = [f"result = {value}", f"return {library.name}.broadcast_to(result, {vectors[0]}.shape)"]
    return "\n".join([*lines, *(f"    {line}" for line in (*rest, *results))])
