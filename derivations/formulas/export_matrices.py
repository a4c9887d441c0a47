"""Formulas over matrices as functions in plain NumPy, JAX or PyTorch.

Their arguments have the axes that the formula says and no others, but for those without a batch axis, whose leading
axes are stacks.
"""

from __future__ import annotations

import textwrap

from derivations.catalogue._formula import Formula

from .export_writer import Library, SourceWriter, TorchWriter, signature
from .matrix_printing import MatrixWriter, statements
from .operations import Operation

__all__ = ["function_over_matrices", "shape_over_matrices"]


class MatrixSourceWriter(SourceWriter, MatrixWriter):
    """Operations on matrices in short lines."""

    add_up = "sum"


class TorchMatrixWriter(TorchWriter, MatrixWriter):
    """Operations on matrices in PyTorch."""

    def _total(self, operation: Operation) -> tuple[str, int]:
        return f"torch.sum({self.text(operation.operands[0], 0)}, dim={operation.text}, keepdim=True)", 5


def function_over_matrices(formula: Formula, library: Library, name: str = "", doc: str = "") -> str:
    """The function that evaluates the computed line; `f` and `slope` are an activation of the module's."""
    writer = TorchMatrixWriter if library.name == "torch" else MatrixSourceWriter
    *rest, last = statements(formula, library.dialect, writer)
    if formula.batch and len(formula.result) < 2:  # sums keep their axes
        rest.append(f"result = {last.removeprefix('return ')}")
        last = f"return result.reshape({'()' if not formula.result else '-1'})"
    head = [f"def {name or formula.name}({signature(formula)}):", *textwrap.indent(doc, "    ").splitlines()]
    return "\n".join([*head, *(f"    {line}" for line in (*rest, last))])


def shape_over_matrices(formula: Formula, axes: tuple[str, ...]) -> str:
    """The shape as a docstring has it: ``(m, n)``, ``(..., n)`` in a stack."""
    inner = ", ".join(axes) if formula.batch else ", ".join(("...", *axes))
    return f"({inner}{',' if formula.batch and len(axes) == 1 else ''})"
