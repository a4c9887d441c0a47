"""The function of arrays that evaluates a formula over matrices, as Python source."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.catalogue._formula import Formula, Use

from .contractions import definitions_of, operations_in
from .operations import Operation
from .printing import NUMPY, Dialect, Writer

__all__ = [
    "MatrixWriter",
    "kernel_over_matrices",
    "module_over_matrices",
    "proofs_of",
    "shapes_over_matrices",
    "signature_of",
    "statements",
    "used_by",
]

_PRODUCT, _UNARY, _POWER, _ATOM = range(2, 6)
_HEAD = '''"""{title}, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

{imports}

__all__ = [{names}]


'''
Step = tuple[str, Operation | Use]  # the value, and the name that it gets
_NAMES = {"matmul": "product", "total": "summed", "apply": "unit"}


def used_by(formula: Formula) -> list[str]:
    """The names of the formulas that its function calls."""
    needed = {str(_target(item.target)) for item in definitions_of(formula)}
    return sorted({use.formula.name for use in formula.uses if use.name in needed})


def proofs_of(formula: Formula) -> str:
    """The formula's derivation, and those of the formulas that its function calls."""
    used = set(used_by(formula))
    others = dict.fromkeys(use.formula.derivation.name for use in formula.uses if use.formula.name in used)
    return ", with ".join(filter(None, [formula.derivation.name, " and ".join(others)]))


def kernel_over_matrices(formula: Formula, dialect: Dialect = NUMPY, name: str = "") -> str:
    """The function that evaluates the computed line, each defined quantity under its name."""
    arguments = [f"{a.name}: Any" for a in formula.arguments]
    arguments += ["f: Any", "slope: Any"] if formula.activation else []
    arguments += [f"{p.name}: float" for p in formula.parameters]
    head = f"def {name or '_' + formula.name}({', '.join(arguments)}) -> Any:"
    return head + "\n" + textwrap.indent("\n".join(statements(formula, dialect)), "    ") + "\n"


def statements(formula: Formula, dialect: Dialect = NUMPY, writer: type[MatrixWriter] | None = None) -> Iterator[str]:
    """The lines of that function; with a writer of one's own none works in place, and each stands for itself."""
    uses = {use.name: use for use in formula.uses}
    steps: list[Step] = []
    for item in definitions_of(formula):
        name = str(_target(item.target))
        indices = item.target.indices if isinstance(item.target, MatrixElement) else (0, 0)
        steps.append((name, uses[name] if name in uses else _operation(formula, item.value, indices)))
    at = (*formula.indices, None, None)[:2] if len(formula.indices) != 1 else (None, formula.indices[0])
    steps.append(("", _operation(formula, formula.computed, at)))
    shared = None if writer else Shared([step for _, step in steps if isinstance(step, Operation)])
    for place, (name, step) in enumerate(steps):
        if isinstance(step, Operation):
            made = (writer or MatrixWriter)(step, dialect, bool(formula.batch))
            yield from _assigned(made, name, shared)
        else:
            spare = _spare_argument(step, steps[:place], steps[place + 1 :]) if shared else ""
            yield f"{name} = {_use(step, formula, spare)}"


def _operation(formula: Formula, e: Any, indices: Any) -> Operation:
    rows, columns = (None if index == 0 else index for index in indices)
    return operations_in(formula, e, (rows, columns))


class Shared:
    """What several lines of a function have in common: it is computed once."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        counts = Writer(Operation("lines", tuple(operations)), "", NUMPY)
        self.uses, self.named, self.taken = counts.uses, counts.named, counts.taken

    def hand_to(self, writer: Writer) -> None:
        writer.uses, writer.named, writer.taken = self.uses, self.named, self.taken


def _spare_argument(use: Use, before: Sequence[Step], after: Sequence[Step]) -> str:
    """The only argument of a call, where it is a product of matrices that nothing needs afterwards; or nothing."""
    names = [str(matrix.name) for matrix in use.arguments.values()]
    made = dict(before).get(names[0])
    if len(names) > 1 or not isinstance(made, Operation) or not any(part.kind == "matmul" for part in _places(made)):
        return ""
    needed = {str(m.name) for _, step in after if isinstance(step, Use) for m in step.arguments.values()}
    needed |= {part.text for _, step in after if isinstance(step, Operation) for part in _places(step)}
    return "" if names[0] in needed else names[0]


def _use(use: Use, formula: Formula, spare: str = "") -> str:
    """The call of another formula's function; parameters that both have are handed on, and where it may write to."""
    own = {p.name for p in formula.parameters}
    arguments = [str(use.arguments[a.name].name) for a in use.formula.arguments]
    arguments += [f"{p.name}={p.name}" for p in use.formula.parameters if p.name in own]
    arguments += [f"out={spare}"] if spare else []
    return f"{use.formula.name}({', '.join(arguments)})"


def _assigned(writer: MatrixWriter, name: str, shared: Shared | None) -> Iterator[str]:
    """The value under a name, or returned where that is empty."""
    if shared:
        shared.hand_to(writer)
        steps = _onto_a_product(writer.operation, writer.batch)
        if steps and writer.uses[steps[0]] == 1:
            yield from writer.lines_in_place(name or "value", *steps)
            if not name:
                yield "return value"
            return
        if not name and (parts := _diagonal_apart(writer.operation)):
            yield from writer.lines_with_diagonal(*parts)
            return
        if not name:
            writer.spare = _named_once(writer.operation, writer)
    *before, last = writer.lines()
    yield from before
    yield f"{name} = {last.removeprefix('return ')}" if name else last


def _onto_a_product(operation: Operation, batch: bool) -> tuple[Operation, list[tuple[str, Operation]]] | None:
    """The product of matrices that an operation works on, and what is done to it; in a stack only with numbers."""
    signs = {"add": operation.text, "multiply": "*" * len(operation.operands), "divide": "/" * 2}.get(
        operation.kind, ""
    )
    places = [k for k, operand in enumerate(operation.operands) if operand.kind == "matmul"]
    if not signs or not places or signs[places[0]] == "-" or (operation.kind == "divide" and places[0] == 1):
        return None
    product = operation.operands[places[0]]
    others = [(sign, o) for k, (sign, o) in enumerate(zip(signs, operation.operands, strict=True)) if k != places[0]]
    fits = all(other.is_constant or (batch and not _has(other, product)) for _, other in others)
    return (product, others) if fits else None


def _diagonal_apart(operation: Operation) -> tuple[Operation, Operation] | None:
    """The vector on the diagonal of a matrix, and a product of a column and a row, which is the matrix elsewhere."""
    if operation.kind != "where" or operation.operands[0].kind != "diagonal":
        return None
    _, diagonal, elsewhere = operation.operands
    is_new = elsewhere.kind == "multiply" and {part.kind for part in elsewhere.operands} == {"column", "row"}
    return (diagonal.operands[0], elsewhere) if is_new and diagonal.kind == "column" else None


def _is_full(operation: Operation) -> bool:
    """Whether it is a new array as large as what it is made of; NumPy would refuse to write more into a smaller one."""
    return operation.kind == "add" and operation.operands[0].kind == "array"


def _named_once(operation: Operation, writer: MatrixWriter) -> frozenset[Operation]:
    """What earlier lines have named that the last one reads in one place only: nothing needs it afterwards."""
    read = _places(operation)
    return frozenset(part for part, count in read.items() if part in writer.named and count == 1)


def _places(operation: Operation) -> Counter[Operation]:
    """In how many places of the tree each operation stands."""
    return sum(map(_places, operation.operands), Counter([operation]))


def _has(operation: Operation, part: Operation) -> bool:
    return operation == part or any(_has(operand, part) for operand in operation.operands)


class MatrixWriter(Writer):
    """Text of operations on matrices; without a batch axis there may be a stack of them."""

    add_up = "add.reduce"  # what `sum` calls after a microsecond of its own

    def __init__(self, operation: Operation, dialect: Dialect, batch: bool) -> None:
        super().__init__(operation, "", dialect)
        self.batch = batch
        self.spare: frozenset[Operation] = frozenset()  # named arrays that may be written to

    def lines_in_place(self, name: str, product: Operation, others: list[tuple[str, Operation]]) -> Iterator[str]:
        """The product, and what is added to it or multiplied with it: its array is as large as the value, and new."""
        texts = [self.text(product, 0), *(self.text(other, 0) for _, other in others)]
        yield from self.assignments
        yield f"{name} = {texts[0]}"
        yield from (f"{name} {sign}= {text}" for (sign, _), text in zip(others, texts[1:], strict=True))

    def lines_with_diagonal(self, diagonal: Operation, elsewhere: Operation) -> Iterator[str]:
        """The matrix as it is elsewhere, then its diagonal put there: half of what choosing each entry takes."""
        texts = self.text(elsewhere, 0), self.text(diagonal, 0)
        yield from self.assignments
        yield f"value = {texts[0]}"
        yield f'np.einsum("...ii->...i", value)[...] = {texts[1]}'
        yield "return value"

    def _written_over(self, operation: Operation) -> str:
        """The name of a spare array that now holds the value, factor by factor, or nothing."""
        if operation in self.spare:
            return self.named[operation] if self.batch and _is_full(operation) else ""
        sign = {"multiply": "*", "divide": "/"}.get(operation.kind, "")
        for place, operand in enumerate(operation.operands if sign else ()):
            if (sign == "*" or place == 0) and (name := self._written_over(operand)):
                others = [self.text(other, 0) for k, other in enumerate(operation.operands) if k != place]
                self.assignments += [f"{name} {sign}= {text}" for text in others]
                return name
        return ""

    def _name(self, operation: Operation) -> str:
        stem = _NAMES.get(operation.kind)
        if stem is None:
            return super()._name(operation)
        self.taken[stem] += 1
        return stem if self.taken[stem] == 1 else f"{stem}_{self.taken[stem]}"

    def _length(self, operation: Operation) -> tuple[str, int]:
        return operation.text, _ATOM

    def _matmul(self, operation: Operation) -> tuple[str, int]:
        left, right = operation.operands
        return f"{self.text(left, _PRODUCT)} @ {self.text(right, _UNARY)}", _PRODUCT

    def _total(self, operation: Operation) -> tuple[str, int]:
        summed = self._written_over(operation.operands[0]) or self.text(operation.operands[0], 0)
        return f"{self.dialect.library}.{self.add_up}({summed}, axis={operation.text}, keepdims=True)", _ATOM

    def _turned(self, operation: Operation) -> tuple[str, int]:
        if self.batch:
            return f"{self.text(operation.operands[0], _ATOM)}.T", _ATOM
        return f"{self.dialect.library}.swapaxes({self.text(operation.operands[0], 0)}, -1, -2)", _ATOM

    def _row(self, operation: Operation) -> tuple[str, int]:
        array = self.text(operation.operands[0], _ATOM)
        return (array if self.batch else f"{array}[..., None, :]"), _ATOM

    def _column(self, operation: Operation) -> tuple[str, int]:
        return f"{self.text(operation.operands[0], _ATOM)}[..., None]", _ATOM

    def _diagonal(self, operation: Operation) -> tuple[str, int]:
        dtype = "torch.bool" if self.dialect.library == "torch" else "bool"
        return f"{self.dialect.library}.eye({operation.text}, dtype={dtype})", _ATOM

    def _unit_matrix(self, operation: Operation) -> tuple[str, int]:
        array = operation.text.partition(".")[0]
        return f"{self.dialect.library}.eye({operation.text}, dtype={array}.dtype)", _ATOM

    def _apply(self, operation: Operation) -> tuple[str, int]:
        return f"{operation.text}({self.text(operation.operands[0], 0)})", _ATOM


def signature_of(formula: Formula) -> str:
    """The axes of arguments and value as NumPy's generalized functions have it: ``(m,n),(u,n),(u)->(m,u)``."""
    arguments = ",".join(f"({','.join(a.axes)})" for a in formula.arguments)
    return f"{arguments}->({','.join(formula.result)})"


def _call(formula: Formula) -> str:
    """The last line of the public function."""
    arrays = ", ".join(f'"{a.name}": {a.name}' for a in formula.arguments)
    parts = [f"_{formula.name}", f"{{{arrays}}}", f'"{signature_of(formula)}"']
    if formula.parameters:
        checked = {p.name: f'positive("{p.name}", {p.name})' if p.positive else p.name for p in formula.parameters}
        parts.append("{" + ", ".join(f'"{name}": {text}' for name, text in checked.items()) + "}")
    parts += [f'batch="{formula.batch}"'] if formula.batch else []
    parts += ["activation=activation"] if formula.activation else []
    parts += [f'classes="{formula.classes}"'] if formula.classes else []
    return f"return over_matrices({', '.join(parts)}, out=out)"


def _target(target: Any) -> Any:
    return target.parent.name if isinstance(target, MatrixElement) else target.name


def shapes_over_matrices(formula: Formula) -> dict[tuple[str, ...], str]:
    """How the docstring writes the shape of each argument and of the value."""
    if not formula.is_over_matrices:
        return {}
    kinds = {*(a.axes for a in formula.arguments), formula.result}
    return {axes: _shape(axes, formula.batch) for axes in kinds}


def _shape(axes: tuple[str, ...], batch: str) -> str:
    if batch and batch not in axes:
        return f"({', '.join(axes)}{',' if len(axes) == 1 else ''})" if axes else "a number"
    return f"({', '.join(('...', *(axis for axis in axes if axis != batch)))})"


def module_over_matrices(family: str, formulas: list[Formula], docstring: Callable[[Formula], str]) -> str:
    """The source of the module of a family."""
    text = "\n\n".join(kernel_over_matrices(f) + "\n\n" + _function(f, docstring(f)) for f in formulas)
    runtime = [name for name in ("VerifiedFormula", "positive") if name in text]
    calls = sorted({(_family_of(f, name), name) for f in formulas for name in used_by(f)})
    imports = [f"from .{home} import {', '.join(name for of, name in calls if of == home)}" for home, _ in calls]
    imports = list(dict.fromkeys(imports))
    imports += ["from .matrices import over_matrices", f"from .runtime import {', '.join(runtime)}"]
    names = ", ".join(f'"{f.name}"' for f in sorted(formulas, key=lambda f: f.name))
    numpy = "import numpy as np\n\n" if "np." in text else ""
    title = family.replace("_", " ").capitalize()
    return _HEAD.format(title=title, imports=numpy + "\n".join(sorted(imports)), names=names) + text


def _family_of(formula: Formula, name: str) -> str:
    return next(use.formula.family for use in formula.uses if use.formula.name == name)


def _function(formula: Formula, docstring: str) -> str:
    arguments = [f"{a.name}: Any" for a in formula.arguments]
    options = [f'activation: Any = "{formula.activation}"'] if formula.activation else []
    options += [f"{p.name}: float = {p.default!r}" for p in formula.parameters]
    signature = ", ".join([*arguments, "*", *options, "out: Any = None"])
    doc = textwrap.indent(docstring, "    ")
    return f"@VerifiedFormula\ndef {formula.name}({signature}) -> Any:\n{doc}\n    {_call(formula)}\n"
