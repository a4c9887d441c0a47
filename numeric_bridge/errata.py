"""Errata: the right form is checked as any line is, and the form as written is seen to differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symbolic import lower
from symbolic.derivation import Derivation, Erratum, Line
from symbolic.errors import OutOfReach, ShapeMismatch
from symbolic.terms import Term

from .arrays import expander, union
from .conditions import Conditions
from .evaluation import Run, agreement
from .points import Sample, Sampler
from .program import compile_terms
from .property_check import PropertyReport, check_derivation, run_property


@dataclass(frozen=True)
class ErratumReport:
    """What was seen of both forms; `seen` says how the form as written differs (empty if it was not seen to)."""

    name: str
    right: PropertyReport
    seen: str

    @property
    def passed(self) -> bool:
        return self.right.passed and bool(self.seen)

    def __str__(self) -> str:
        return f"{self.right}; as written: {self.seen or 'no difference seen'}"


def check_erratum(erratum: Erratum, examples: int = 25, seed: int = 0) -> ErratumReport:
    """Checks the right form against what the claim starts from, and looks for where the form as written differs.

    It differs by value, by shape, or because two of its cases claim different values at one point.
    """
    right = check_derivation(_chain(erratum, erratum.right, "right form"), examples, seed)
    written = check_derivation(_chain(erratum, erratum.as_written, "as written"), examples, seed, shrink=False)
    seen = str(written.failure or written.problem) or clash_of_cases(erratum.as_written, erratum.given, examples, seed)
    return ErratumReport(erratum.name, right, seen)


def _chain(erratum: Erratum, form: Any, reason: str) -> Derivation:
    return Derivation(erratum.name, erratum.title, erratum.before, (Line(form, reason),), erratum.given)


class _Clash(Exception):
    pass


def clash_of_cases(expression: Any, given: tuple[Any, ...] = (), examples: int = 25, seed: int = 0) -> str:
    """A point at which two cases of one table hold and claim different values; empty if none was met."""
    try:
        claim = lower(expression, expression, given)
    except (ShapeMismatch, OutOfReach):
        return ""
    tables = _tables(claim.left)
    if not tables:
        return ""
    parts = [part for table in tables for pair in table.args for part in pair]
    program = compile_terms([claim.left, *parts], claim)
    conditions = Conditions(claim)

    def one(sample: Sample) -> None:
        run = Run(program, sample.point)
        masks = conditions.at(sample.point)
        start = 1
        for table in tables:
            outputs = range(start, start + 2 * len(table.args))
            start = outputs.stop
            axes = union([*(program.axes(n) for n in outputs), *(mask.axes for mask in masks)])
            values = [run.output(n)[expander(program.axes(n), axes)] for n in outputs]
            allowed = sample.admissible.reshape(-1, *(1,) * len(axes))
            for mask in masks:
                allowed = allowed & mask.holds[expander(mask.axes, axes)]
            clash = _overlap(values) & allowed
            if clash.any():
                row = int(np.argwhere(np.broadcast_to(clash, np.broadcast(clash, allowed).shape))[0][0])
                raise _Clash(f"two cases claim different values at {sample.text(row)}")

    try:
        run_property(one, Sampler(claim, tied=True).strategy(), examples, seed)()
    except _Clash as clash:
        return str(clash)
    return ""


def _tables(term: Term) -> list[Term]:
    found: dict[Term, None] = {term: None} if term.op == "table" else {}
    for child in term.children():
        found.update(dict.fromkeys(_tables(child)))
    return list(found)


def _overlap(values: list[Any]) -> NDArray[np.bool_]:
    """Where two conditions (the even places) hold whose values (the odd places) differ."""
    cases = list(zip(values[::2], values[1::2], strict=True))
    result: NDArray[np.bool_] = np.zeros((), bool)
    for n, (holds, value) in enumerate(cases):
        for others_hold, other in cases[:n]:
            result = result | ((holds == 1) & (others_hold == 1) & ~agreement([value, other]))
    return result
