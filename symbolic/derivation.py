"""What a derivation is: a chain of expressions, each claimed equal to the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import sympy as sp

from .verdict import Verdict, VerdictKind


class DerivationError(ValueError):
    """A derivation that cannot be built, with the derivation, the line and the mend."""


@dataclass(frozen=True)
class Source:
    """Where a derivation stands: the document's file name (without ending) and its section."""

    document: str
    section: str

    def __str__(self) -> str:
        return f"{self.document}, {self.section}"


@dataclass(frozen=True)
class Line:
    """One expression of a chain; the reason is for the reader, the equality is what is checked."""

    expression: Any
    reason: str


@dataclass(frozen=True)
class Step:
    """The claim that two expressions are equal, with the verdict that is expected of it."""

    label: str
    left: Any
    right: Any
    reason: str
    given: tuple[Any, ...] = ()
    expected: VerdictKind = VerdictKind.PROVED


class Entry(Protocol):
    """What the catalogue holds: a derivation, an erratum or a calculation with numbers."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def sources(self) -> tuple[Source, ...]: ...

    @property
    def note(self) -> str: ...

    def steps(self) -> Iterator[Step]: ...


@dataclass(frozen=True)
class Derivation:
    """A named chain ``start = line 1 = line 2 = ... = closed form``.

    ``given`` holds definitions, side conditions, ranges and signs; ``note`` says what a reader should know
    (units, layout, the value chosen at a kink).
    """

    name: str
    title: str
    start: Any
    lines: tuple[Line, ...]
    given: tuple[Any, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.lines:
            raise DerivationError(f"derivation {self.name!r} has no lines; give it at least the closed form")
        before = self.start
        for position, line in enumerate(self.lines, 1):
            if line.expression == before:
                raise DerivationError(
                    f"derivation {self.name!r}, line {position} ({line.reason}) changes nothing: it has the "
                    f"structure of the line before it, {before}; write it with keep(...) if SymPy evaluated it away"
                )
            before = line.expression

    @property
    def closed_form(self) -> Any:
        """The last line."""
        return self.lines[-1].expression

    def cited(self, substitution: Mapping[Any, Any], label: str = "cited") -> Step:
        """The claim ``start = closed form`` under a substitution for scalar variables, to be decided anew.

        Derivatives are taken first and then evaluated there.  What was proved "except at z = 0" holds under the
        substitution only if it does not sit there: z := max(0, x) turns the point into a half-space.
        """
        variables, values = tuple(substitution), tuple(substitution.values())
        left, right = (sp.Subs(side, variables, values) for side in (self.start, self.closed_form))
        return Step(label, left, right, f"by {self.name}", self.given)

    def steps(self) -> Iterator[Step]:
        """One step for each line: it equals the line before it."""
        before = self.start
        for position, line in enumerate(self.lines, 1):
            yield Step(f"line {position}", before, line.expression, line.reason, self.given)
            before = line.expression


@dataclass(frozen=True)
class Erratum:
    """A claim as a document writes it, refuted, with the right form beside it.

    ``before = as_written`` is expected to be REFUTED and ``before = right`` to be PROVED.
    """

    name: str
    title: str
    before: Any
    as_written: Any
    right: Any
    given: tuple[Any, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""

    def steps(self) -> Iterator[Step]:
        yield Step("as written", self.before, self.as_written, self.title, self.given, VerdictKind.REFUTED)
        yield Step("right form", self.before, self.right, "what it should say", self.given)


@dataclass(frozen=True)
class StepReport:
    """A step and what was decided about it.  ``head`` is the verdict against the chain's start, where it was asked."""

    step: Step
    verdict: Verdict
    head: Verdict | None = None

    @property
    def as_expected(self) -> bool:
        return self.verdict.kind is self.step.expected


@dataclass(frozen=True)
class EntryReport:
    """All steps of one entry."""

    entry: Any
    steps: tuple[StepReport, ...] = field(default_factory=tuple)

    @property
    def as_expected(self) -> bool:
        return all(step.as_expected for step in self.steps)
