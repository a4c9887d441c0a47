"""Runs catalogue entries and mutants through a judge, with reports in a stable order whatever completes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from symbolic.derivation import Derivation, Entry, EntryReport, Step, StepReport
from symbolic.verdict import Verdict, VerdictKind

if TYPE_CHECKING:
    from .mutants import Mutant

__all__ = ["Decider", "MutantReport", "attack", "prove"]

FOLLOWS = "follows from the lines"


class Decider(Protocol):
    """The part of `symbolic.Judge` that a suite needs: verdicts as they come, with the position of each claim."""

    def decide_all(self, claims: Iterable[tuple[Any, Any, Iterable[Any]]]) -> Iterator[tuple[int, Verdict]]: ...


@dataclass(frozen=True)
class MutantReport:
    """A mutant and what was decided about it.

    ``differs`` is what the numbers say of a mutant that was proved: True if they contradict the proof, False if the
    two sides agree at every point that was tried, None if that could not be tried.
    """

    mutant: Mutant
    verdict: Verdict
    differs: bool | None = None

    @property
    def proved_by_mistake(self) -> bool:
        return self.verdict.kind is VerdictKind.PROVED and self.differs is True


def prove(
    entries: Iterable[Entry], judge: Decider, on_verdict: Callable[[], None] = lambda: None
) -> Iterator[EntryReport]:
    """One report for each entry, in the order of the entries.

    Each step has its own verdict (the link).  A derivation of more than one line also has the verdict of its closed
    form against its start (the head): where every link is proved it follows, otherwise it is decided, after all
    links.  ``on_verdict`` is called as each link is decided.
    """
    waiting = [(entry, list(entry.steps())) for entry in entries]
    steps = [(entry, step) for entry, chain in waiting for step in chain]
    verdicts = _in_order(_decide_steps(steps, judge), on_verdict)
    held: list[EntryReport] = []
    for entry, chain in waiting:
        report = EntryReport(entry, tuple(StepReport(step, next(verdicts)) for step in chain))
        report = _with_head_that_follows(report)
        held.append(report)
        if not any(map(_asks_for_head, held)):  # a head is decided when the links are done; order comes first
            yield from held
            held = []
    yield from _with_heads(held, judge)


def attack(
    mutants: Sequence[Mutant],
    judge: Decider,
    differs: Callable[[Mutant], bool | None],
    on_verdict: Callable[[], None] = lambda: None,
) -> Iterator[MutantReport]:
    """One report for each mutant, in the order of the mutants.

    A mutant that is proved is either equivalent to the line that it stands for or proved by mistake, which the
    prover alone cannot tell: ``differs`` compares the two sides in numbers.
    """
    claims = [(mutant.left, mutant.right, mutant.given) for mutant in mutants]
    verdicts = _in_order(judge.decide_all(claims), on_verdict)
    for mutant, verdict in zip(mutants, verdicts, strict=True):
        proved = verdict.kind is VerdictKind.PROVED
        yield MutantReport(mutant, verdict, differs(mutant) if proved else None)


def _decide_steps(steps: Sequence[tuple[Entry, Step]], judge: Decider) -> Iterator[tuple[int, Verdict]]:
    """The entry's own verdict where it has one (tables of printed numbers do), else the judge's."""
    left_to_judge: list[int] = []
    for position, (entry, step) in enumerate(steps):
        own: Callable[[Step], Verdict | None] | None = getattr(entry, "decide_step", None)
        verdict = own(step) if own is not None else None
        if verdict is None:
            left_to_judge.append(position)
        else:
            yield position, verdict
    claims = ((steps[p][1].left, steps[p][1].right, steps[p][1].given) for p in left_to_judge)
    for number, verdict in judge.decide_all(claims):
        yield left_to_judge[number], verdict


def _in_order(verdicts: Iterable[tuple[int, Verdict]], on_verdict: Callable[[], None]) -> Iterator[Verdict]:
    """Verdicts by position; those that come early wait for their turn."""
    early: dict[int, Verdict] = {}
    turn = 0
    for position, verdict in verdicts:
        on_verdict()
        early[position] = verdict
        while turn in early:
            yield early.pop(turn)
            turn += 1


def _has_head(report: EntryReport) -> bool:
    return isinstance(report.entry, Derivation) and len(report.steps) > 1


def _with_head_that_follows(report: EntryReport) -> EntryReport:
    """Equality goes from line to line; what is excepted in any line is excepted in the whole."""
    links = [step.verdict for step in report.steps]
    if not _has_head(report) or any(link.kind is not VerdictKind.PROVED for link in links):
        return report
    exceptions = tuple(dict.fromkeys(e for link in links for e in link.exceptions))
    return _put_head(report, Verdict(VerdictKind.PROVED, links[0].witness, exceptions, reason=FOLLOWS))


def _asks_for_head(report: EntryReport) -> bool:
    return _has_head(report) and report.steps[-1].head is None


def _put_head(report: EntryReport, head: Verdict) -> EntryReport:
    return EntryReport(report.entry, (*report.steps[:-1], replace(report.steps[-1], head=head)))


def _with_heads(held: list[EntryReport], judge: Decider) -> Iterator[EntryReport]:
    asked = [position for position, report in enumerate(held) if _asks_for_head(report)]
    entries = [held[position].entry for position in asked]
    claims = ((entry.start, entry.closed_form, entry.given) for entry in entries)
    heads = _in_order(judge.decide_all(claims), lambda: None)
    for position, report in enumerate(held):
        yield _put_head(report, next(heads)) if position in asked else report
