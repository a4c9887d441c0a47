"""What stands behind a formula: its proof, and a check against finite differences at a point of the user's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from derivations.suite import prove
from numeric_bridge import NumpyFunction, compile_expression
from numeric_bridge.program import DIFFERENCES, compile_terms
from symbolic import Derivation, EntryReport, Judge, VerdictKind, lower

from .matrices import activation_functions, with_labels
from .matrix_printing import signature_of

if TYPE_CHECKING:
    from .runtime import VerifiedFormula

__all__ = ["CheckReport", "Proof", "check", "formula_named", "proof_of"]

_BY_NAME = {formula.name: formula for formula in FORMULAS}


@dataclass(frozen=True)
class Proof:
    """A derivation and what was decided about its steps; each step's verdict carries its evidence."""

    derivation: Derivation
    report: EntryReport

    @property
    def verdict(self) -> VerdictKind:
        """PROVED if every step is, else the first verdict that is not."""
        kinds = [step.verdict.kind for step in self.report.steps]
        return next((kind for kind in kinds if kind is not VerdictKind.PROVED), VerdictKind.PROVED)

    @property
    def exceptions(self) -> tuple[str, ...]:
        """Where the equality does not hold: the kinks."""
        return tuple(dict.fromkeys(e for step in self.report.steps for e in step.verdict.exceptions))

    @property
    def certificate(self) -> tuple[Any, ...]:
        """One certificate for each step."""
        return tuple(getattr(step.verdict, "certificate", None) for step in self.report.steps)

    def __str__(self) -> str:
        where = f" except at {'; '.join(self.exceptions)}" if self.exceptions else ""
        count = len(self.report.steps)
        return f"{self.derivation.name}: {self.verdict.value}{where}, {count} step{'s' if count != 1 else ''}"


@dataclass(frozen=True)
class CheckReport:
    """Values beside those of finite differences; `passed` where they agree within `tolerance` everywhere."""

    value: Any
    expected: Any
    tolerance: float

    @property
    def worst(self) -> float:
        """The largest difference, relative where values are above 1."""
        difference = np.abs(self.value - self.expected) / np.maximum(1.0, np.abs(self.expected))
        return float(np.max(difference, initial=0.0))

    @property
    def passed(self) -> bool:
        """Whether the check passed; NaN never does."""
        return self.worst <= self.tolerance


def formula_named(name: str) -> Formula:
    """The catalogue's record of a formula."""
    return _BY_NAME[name]


def proof_of(name: str) -> Proof:
    """Decides every step of a formula's derivation."""
    derivation = formula_named(name).derivation
    with Judge(jobs=1, certificates=True) as judge:
        (report,) = prove([derivation], judge)
    return Proof(derivation, report)


def check(function: VerifiedFormula, arguments: Sequence[Any], options: Mapping[str, Any]) -> CheckReport:
    """The formula beside the start of its derivation, whose derivatives are taken by finite differences.

    What the start depends on and the function does not (the input, for the gradient by a bias) gets numbers of its own.
    """
    formula = formula_named(function.name)
    value = np.asarray(function(*arguments, **options), dtype=np.float64)
    given: dict[str, Any] = {a.name: np.asarray(x) for a, x in zip(formula.arguments, arguments, strict=True)}
    if formula.classes:
        given = {**given, **with_labels(formula.classes, given, signature_of(formula))}
    given |= {p.name: np.float64(options.get(p.name, p.default)) for p in formula.parameters}
    start = _start(formula.name)
    axis = options.get("axis", formula.axis)
    arrays: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    for argument in formula.arguments:
        if argument.axes == ("label",):
            continue
        array = np.asarray(given[argument.name], np.float64)
        if argument.axes == ("n",) and not formula.is_over_matrices:
            array = np.moveaxis(array, axis, -1)
        if formula.batch in argument.axes:  # leading axes are one
            array = array.reshape(-1, *array.shape[array.ndim - len(argument.axes) + 1 :])
        sizes |= dict(zip(argument.axes, array.shape[array.ndim - len(argument.axes) :], strict=True))
        arrays[argument.name] = array[..., None] if len(argument.axes) == 1 else array
    arrays = {name: array for name, array in arrays.items() if name in start.arguments}
    arrays |= {p.name: given[p.name] for p in formula.parameters if p.name in start.arguments}
    arrays = _completed(start, arrays, sizes)
    functions = {name: activation_functions(options.get("activation", formula.activation)) for name in start.functions}
    expected = start(**arrays, sizes=sizes, functions=functions)
    for position, index in enumerate(start.axes):
        if index == "label":
            where = position - len(start.axes)
            label = given["label"].reshape(given["label"].shape + (1,) * len(start.axes))
            expected = np.take_along_axis(expected, label, axis=where).squeeze(axis=where)
    if formula.is_over_matrices:
        return CheckReport(value, _laid_out(expected, formula, start).reshape(value.shape), 1e-6)
    return CheckReport(value, np.moveaxis(expected, -1, axis) if formula.result else expected, 1e-6)


def _completed(start: NumpyFunction, arrays: Mapping[str, Any], sizes: dict[str, int]) -> dict[str, Any]:
    """The arrays, with different numbers near 1 for those that are missing."""
    found = dict(arrays)
    for name in start.arguments:
        if name not in found:
            shape = tuple(d if isinstance(d, int) else sizes.setdefault(d, 2) for d in start.shapes[name])
            found[name] = np.linspace(0.5, 1.5, math.prod(shape)).reshape(shape)
    return found


def _laid_out(expected: Any, formula: Formula, start: NumpyFunction) -> Any:
    """The axes of the indices, which come sorted by name, in the order of the formula's value."""
    names = [str(index) for index in formula.indices]
    first = expected.ndim - len(names)
    order = [first + start.axes.index(name) for name in names]
    return expected.transpose(*range(first), *order)


@lru_cache(maxsize=256)
def _start(name: str) -> NumpyFunction:
    derivation = formula_named(name).derivation
    claim = lower(derivation.start, derivation.start, derivation.given)
    compiled = compile_expression(derivation.start, derivation.given)
    program = compile_terms([claim.left], claim, derivatives=DIFFERENCES)
    names = tuple(sorted(program.inputs))  # also what the derivative does not depend on
    shapes = {name: claim.tensors[name].dimensions if name in claim.tensors else () for name in names}
    return replace(compiled, arguments=names, shapes=shapes, _program=program)
