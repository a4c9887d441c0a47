"""What a run has come to so far: its counts and its exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from symbolic.derivation import EntryReport, StepReport
from symbolic.verdict import VerdictKind

from ..suite import MutantReport

__all__ = ["INTERRUPTED", "Outcome", "is_wrong"]

AS_EXPECTED, NOT_AS_EXPECTED, UNDECIDED, INTERRUPTED = 0, 1, 3, 130


def is_wrong(step: StepReport) -> bool:
    """Whether the verdict is the opposite of the expected one (undecided is not wrong, but not right either)."""
    return step.verdict.kind is not VerdictKind.UNDECIDED and not step.as_expected


@dataclass
class Outcome:
    """The reports so far, and how long they took (seconds)."""

    entries: list[EntryReport] = field(default_factory=list)
    mutants: list[MutantReport] = field(default_factory=list)
    entries_asked: int = 0
    mutants_asked: int = 0
    with_mutants: bool = False
    certificates: int = 0  # how many were written
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def steps(self) -> Iterator[StepReport]:
        return (step for report in self.entries for step in report.steps)

    @property
    def step_kinds(self) -> Counter[VerdictKind]:
        return Counter(step.verdict.kind for step in self.steps)

    @property
    def mutant_kinds(self) -> Counter[str]:
        return Counter(mutant_outcome(report) for report in self.mutants)

    @property
    def not_as_expected(self) -> list[EntryReport]:
        return [report for report in self.entries if not report.as_expected]

    @property
    def exit_code(self) -> int:
        """0 if every verdict is the expected one, 1 if one is wrong, 3 if nothing is wrong but something undecided."""
        if self.interrupted:
            return INTERRUPTED
        if any(map(is_wrong, self.steps)) or any(report.proved_by_mistake for report in self.mutants):
            return NOT_AS_EXPECTED
        if self.step_kinds[VerdictKind.UNDECIDED] or self.mutant_kinds["undecided"]:
            return UNDECIDED
        return AS_EXPECTED


def mutant_outcome(report: MutantReport) -> str:
    """`"refuted"`, `"equivalent"`, `"refused"`, `"undecided"` or `"proved by mistake"`.

    Refused: there is nothing to compare, and that is shown (`Verdict.refused`).
    """
    if report.proved_by_mistake:
        return "proved by mistake"
    if report.verdict.refused:
        return "refused"
    kinds = {VerdictKind.PROVED: "equivalent", VerdictKind.REFUTED: "refuted", VerdictKind.UNDECIDED: "undecided"}
    return kinds[report.verdict.kind]
