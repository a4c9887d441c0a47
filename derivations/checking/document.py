"""A document and its context: every step with its verdicts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from symbolic import Judge, Verdict, VerdictKind

from ..meaning.context import Context, compact, read_context, taken_apart
from ..meaning.ranges import Ranges, as_family
from ..meaning.spelling import respelled
from ..reading import SourceText, read_document
from .chains import Chain, chains_of
from .clauses import with_conditions_of_sentences
from .learning import Student
from .order import reading_order
from .questions import Answer, Claim, Question, unreadable
from .results import Report, StepResult
from .steps import ChainReader, Posed
from .taking import never_plain

__all__ = ["check", "check_with"]

_EXERCISE = re.compile(r"\b(problem|exercise|question|task|example|aufgabe|exercice)\b", re.IGNORECASE)


def check(
    text: str | bytes,
    context: str | None = None,
    *,
    name: str = "document",
    timeout: float = 10.0,
    jobs: int | None = None,
) -> Report:
    """Reads a document and decides every step of it.

    ``context`` holds declarations (docs/writing-a-context.md); ``timeout`` is in seconds for each claim, ``jobs`` the
    number of worker processes.
    """
    with Judge(jobs=jobs, timeout=timeout) as judge:
        return check_with(judge, text, read_context(context or ""), name)


def check_with(
    judge: Judge,
    text: str | bytes,
    context: Context,
    name: str = "document",
    started: Callable[[int], None] = lambda total: None,
    decided: Callable[[], None] = lambda: None,
) -> Report:
    """The same with a judge of one's own; ``started`` is told how many claims there are, ``decided`` of each."""
    begun = time.monotonic()
    text, embedded = taken_apart(text)
    context = read_context(embedded, name).joined(context) if embedded else context
    report = Report(name, problems=[f"context, {problem}" for problem in context.problems])
    document = read_document(text, name, words=context.names)
    report.problems += [str(error).splitlines()[0] for error in document.errors]
    student = Student()
    problems: dict[str, None] = {}
    read: dict[int, list[Posed]] = {}
    displays = [formula.display for formula in document.formulas if formula.display is not None]
    context, ranges = context.with_ranges(displays)
    found = with_conditions_of_sentences(chains_of(document), document.source.text)
    chains = [_prepared(chain, ranges) for chain in found]
    student.never_plain = never_plain(chains)
    for position in reading_order(chains, document.source.text, context.declared):
        chain = chains[position]
        beginning = compact(document.source.text[chain.start : max(chain.end, chain.sides[0].place.end)])
        situation = context.situation(chain.sections, beginning)
        problems |= {f"context, {problem}": None for problem in situation.problems}
        student.enter(situation, _section(chain), _exercise(chain), _part(chain))
        read[position] = _read(chain, document.source, student)
    posed = [each for position in range(len(chains)) for each in read[position]]
    report.problems += [problem for problem in problems if problem not in report.problems]
    _decide(judge, posed, started, decided)
    report.steps = [_answered(each) for each in posed]
    for step in report.steps:
        step.message = step.message and student.explained(step.message)
    report.seconds = time.monotonic() - begun
    return report


def _read(chain: Chain, source: SourceText, student: Student) -> list[Posed]:
    """The steps of a chain; one that goes beyond what can be read is unreadable as a whole, and the others go on."""
    try:
        return ChainReader(chain, source, student).steps()
    except RecursionError:
        reason = "the formula is nested too deeply"
    except Exception as defect:
        reason = f"internal error, please report it: {type(defect).__name__}: {defect}"
    answer = Question(unreadable(reason))
    line, column = source.position(chain.start)
    texts = [source[side.place].strip() for side in chain.sides]
    return [
        Posed(
            StepResult(source.name, student.section, line, column, left, right, relation.operator, "claim"),
            answer,
            answer,
        )
        for left, right, relation in zip(texts, texts[1:], chain.relations, strict=False)
    ]


def _prepared(chain: Chain, ranges: Ranges) -> Chain:
    sides = [ranges.spelled(respelled(side)) for side in chain.sides]
    if chain.relations[0].operator == "in":
        sides[0] = as_family(sides[0]) or sides[0]
    conditions = [ranges.spelled(respelled(condition)) for condition in chain.conditions]
    clause = [ranges.spelled(respelled(condition)) for condition in chain.clause]
    return replace(chain, sides=sides, conditions=conditions, clause=clause)


def _exercise(chain: Chain) -> str:
    """The exercise that a chain belongs to: in another one, the same letter may be defined anew."""
    titles = [heading.title for heading in chain.sections if _EXERCISE.search(heading.title)]
    return titles[-1] if titles else ""


def _part(chain: Chain) -> str:
    """The part of the document that a chain belongs to: sections of one number go together, and items of a list."""
    proper = [heading for heading in chain.sections if not heading.is_item]
    number = proper[-1].number if proper else ""
    return number.split(".")[0] or _exercise(chain)


def _section(chain: Chain) -> str:
    if not chain.sections:
        return ""
    last = chain.sections[-1]
    return last.number or last.title


def _decide(judge: Judge, posed: list[Posed], started: Callable[[int], None], decided: Callable[[], None]) -> None:
    """Fills in the verdict of every claim; claims that are the same are decided once."""
    claims: dict[Any, list[Claim]] = {}
    seen: set[int] = set()
    for question in _questions(posed):
        if id(question) not in seen:
            seen.add(id(question))
            for claim in question.claims:
                claims.setdefault((claim.left, claim.right, tuple(map(str, claim.given))), []).append(claim)
    same = list(claims.values())
    started(len(same))
    easier = [(each, each[0].easier) for each in same]
    tries = [(each, given) for each, given in easier if given is not None]
    for position, verdict in judge.decide_all((each[0].left, each[0].right, given) for each, given in tries):
        if verdict.kind is VerdictKind.PROVED:
            _set(tries[position][0], verdict)
            decided()
    rest = [each for each in same if each[0].verdict is None]
    for position, verdict in judge.decide_all((each[0].left, each[0].right, each[0].given) for each in rest):
        _set(rest[position], verdict)
        decided()


def _set(claims: list[Claim], verdict: Verdict) -> None:
    for claim in claims:
        claim.verdict = verdict


def _questions(posed: list[Posed]) -> list[Question]:
    return [q for each in posed for q in (each.link, each.head, each.check) if q is not None and q.settled is None]


def _answered(posed: Posed) -> Any:
    result = posed.result
    if posed.check is not None:
        answer = posed.check.answer()
        if answer.name == "REFUTED":
            result.kind = "claim"
            answer.message = "the context defines the name by something else"
            posed.link = posed.head = Question(answer)
    link = posed.link.answer() if posed.link is not None else None
    head = posed.head.answer() if posed.head is not None else None
    if posed.is_approximate:
        link, head = (_approximately(answer, result.kind) for answer in (link, head))
    if link is not None:
        result.link, result.link_verdict = link.name, link.verdict
        result.layout, result.message = link.layout, link.message
        result.reading = "; ".join(filter(None, (result.reading, link.reading))) or None
        result.counterexample = _counterexample(link)
    if head is not None:
        result.head, result.head_verdict = head.name, head.verdict
        result.layout = result.layout or head.layout
        if result.counterexample is None and head.name == "REFUTED":
            result.counterexample = _counterexample(head)
    return result


def _approximately(answer: Answer | None, kind: str) -> Answer | None:
    """Sides that are said to be near each other are not refuted by a difference."""
    if answer is None or answer.name != "REFUTED" or kind == "numeric":
        return answer
    return Answer("UNDECIDED", message="the sides are not equal; how near they have to be is not said")


def _counterexample(answer: Answer) -> str | None:
    """The counterexample in words; indices are counted from 1, as documents count them."""
    found = answer.verdict.counterexample if answer.verdict is not None else None
    if found is None:
        return None
    return str(replace(found, indices={name: position + 1 for name, position in found.indices.items()}))
