"""What the judge is asked about a step, and what its answers come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from symbolic import Counterexample, Verdict, VerdictKind

from ..meaning.claims import PairReading
from ..meaning.total import without_far_definitions

__all__ = ["Answer", "Claim", "Question", "unreadable"]


#: What is given, for each case of numbers that have few values: the case in words, and the items.
Cases = list[tuple[str, tuple[Any, ...]]]


@dataclass(eq=False)
class Claim:
    """One claim for the judge; ``layout`` says what was transposed."""

    left: Any
    right: Any
    given: tuple[Any, ...]
    layout: str | None = None
    verdict: Verdict | None = None

    @property
    def easier(self) -> tuple[Any, ...] | None:
        """What is enough to be given, if the claim is proved from it."""
        return without_far_definitions(self.left, self.right, self.given)


@dataclass
class Answer:
    """What a question comes to: a verdict's name and what backs it."""

    name: str
    verdict: Verdict | None = None
    layout: str | None = None
    reading: str | None = None
    message: str | None = None


@dataclass
class _Reading:
    """One reading: its claims in order of preference, the others being transposed."""

    words: tuple[str, ...]
    notes: tuple[str, ...]
    claims: list[Claim]

    def answer(self) -> Answer:
        first = self.claims[0]
        for claim in self.claims:
            if claim.verdict is not None and claim.verdict.kind is VerdictKind.PROVED:
                return self._said(claim)
        return self._said(first)

    def _said(self, claim: Claim) -> Answer:
        assert claim.verdict is not None
        words = "; ".join((*dict.fromkeys(self.words), *self.notes)) or None
        verdict = claim.verdict
        message = verdict.reason or None
        if verdict.exceptions:
            message = "except at " + "; ".join(verdict.exceptions)
        layout = claim.layout if verdict.kind is VerdictKind.PROVED else None
        return Answer(verdict.name, verdict, layout, words, message)


@dataclass
class Question:
    """Whether two sides are equal: settled without the judge, or by its verdicts on all readings of all labels."""

    settled: Answer | None = None
    parts: list[tuple[str, list[_Reading]]] = field(default_factory=list)

    def ask(self, label: str, reading: PairReading, given: Callable[[tuple[Any, ...]], Cases]) -> None:
        """The readings of one label; ``given(expressions)`` says what is given with a claim, case by case."""
        cases: dict[str, list[_Reading]] = {}
        for alternative in reading.alternatives:
            every = tuple(side for left, right, _ in alternative.pairs for side in (left, right))
            for words, items in given(every):
                claims = [Claim(left, right, items, layout) for left, right, layout in alternative.pairs]
                cases.setdefault(words, []).append(_Reading(alternative.words, alternative.notes, claims))
        self.parts += [(", ".join(filter(None, (label, words))), readings) for words, readings in cases.items()]

    @property
    def claims(self) -> list[Claim]:
        return [claim for _, readings in self.parts for reading in readings for claim in reading.claims]

    def answer(self) -> Answer:
        """The verdict: for every label the same, however it is read."""
        if self.settled is not None:
            return self.settled
        answers = []
        for label, readings in self.parts:
            answer = _of_readings([reading.answer() for reading in readings])
            if label:
                answer.message = f"for {label}: {answer.message}" if answer.message else answer.message
            answers.append(answer)
        for name in ("UNREADABLE", "REFUTED", "UNDECIDED"):
            for answer in answers:
                if answer.name == name:
                    return answer
        return answers[0]


def _of_readings(answers: list[Answer]) -> Answer:
    if len({answer.name for answer in answers}) == 1:
        return answers[0]
    shown = "; ".join(f"as {answer.reading}: {answer.name.lower()}" for answer in answers)
    return Answer("UNREADABLE", message=f"two readings fit, and they differ ({shown})", reading=shown)


def unreadable(message: str) -> Answer:
    return Answer("UNREADABLE", message=message)


def misfit(left: str, right: str) -> Answer:
    """Refuted by shapes that do not conform."""
    verdict = Verdict(VerdictKind.REFUTED, counterexample=Counterexample(kind="shape", left=left, right=right))
    return Answer("REFUTED", verdict)
