"""What is said of a step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from symbolic import Verdict

__all__ = ["KINDS", "NAMES", "Report", "StepResult", "exit_code_of"]

KINDS = ("claim", "definition", "assumption", "update", "shape", "numeric", "prose")
NAMES = ("PROVED", "REFUTED", "UNDECIDED", "UNREADABLE")


@dataclass
class StepResult:
    """One relation between two neighbouring sides; docs/check-json.md says what the fields mean."""

    document: str
    section: str
    line: int
    column: int
    lhs: str
    rhs: str
    relation: str
    kind: str
    link: str | None = None
    head: str | None = None
    slip: str | None = None
    layout: str | None = None
    reading: str | None = None
    counterexample: str | None = None
    message: str | None = None
    link_verdict: Verdict | None = field(default=None, repr=False)
    head_verdict: Verdict | None = field(default=None, repr=False)


@dataclass
class Report:
    """All steps of a document, and what was amiss in its context."""

    document: str
    steps: list[StepResult] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    complete: bool = True

    @property
    def verdicts(self) -> Counter[str]:
        """How many links have each verdict."""
        return Counter(step.link for step in self.steps if step.link is not None)

    @property
    def exit_code(self) -> int:
        """1 if something is refuted or a slip, else 3 if something is unreadable or undecided, or the context or the
        document has a problem, else 0."""
        said = {name for step in self.steps for name in (step.link, step.head)}
        if "REFUTED" in said or any(step.slip for step in self.steps):
            return 1
        return 3 if said & {"UNDECIDED", "UNREADABLE"} or self.problems else 0


def exit_code_of(reports: Iterable[Report]) -> int:
    """1 if one of the reports has that, else 3 if one has that, else 0."""
    codes = {report.exit_code for report in reports}
    return next((code for code in (1, 3) if code in codes), 0)
