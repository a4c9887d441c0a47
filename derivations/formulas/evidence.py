"""What stands behind a formula: its proof, and a check against finite differences at a point of the user's."""

from __future__ import annotations

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
        return f"{self.derivation.name}: {self.verdict.value}{where}, {len(self.report.steps)} steps"


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

    Vectors lie along the last axis.
    """
    formula = formula_named(function.name)
    value = np.asarray(function(*arguments, **options), dtype=np.float64)
    given: dict[str, Any] = {a.name: np.asarray(x) for a, x in zip(formula.arguments, arguments, strict=True)}
    given |= {p.name: np.float64(options.get(p.name, p.default)) for p in formula.parameters}
    start = _start(formula.name)
    arrays: dict[str, Any] = {}
    for argument in formula.arguments:
        if argument.name in start.arguments:
            array = np.asarray(given[argument.name], np.float64)
            arrays[argument.name] = array[..., None] if argument.axes == ("n",) else array
    arrays |= {p.name: given[p.name] for p in formula.parameters if p.name in start.arguments}
    sizes = {} if formula.is_elementwise else {"n": np.shape(arguments[0])[-1]}
    expected = start(**arrays, sizes=sizes)
    for position, axis in enumerate(start.axes):
        if axis == "label":
            where = position - len(start.axes)
            label = given["label"].reshape(given["label"].shape + (1,) * len(start.axes))
            expected = np.take_along_axis(expected, label, axis=where).squeeze(axis=where)
    return CheckReport(value, expected, 1e-6)


@lru_cache(maxsize=256)
def _start(name: str) -> NumpyFunction:
    derivation = formula_named(name).derivation
    claim = lower(derivation.start, derivation.start, derivation.given)
    compiled = compile_expression(derivation.start, derivation.given)
    return replace(compiled, _program=compile_terms([claim.left], claim, derivatives=DIFFERENCES))
