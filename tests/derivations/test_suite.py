"""The suite with a judge that answers from a table: order, heads, entries with verdicts of their own, mutants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sympy as sp

from derivations.mutants import Mutant, mutants_of
from derivations.suite import attack, prove
from symbolic.derivation import Derivation, Erratum, Line, Step
from symbolic.verdict import Verdict, VerdictKind, Witness, undecided

a, b, c, d, x = sp.symbols("a b c d x", real=True)
PROVED = Verdict(VerdictKind.PROVED, witness=Witness(values={"x": "1"}))
REFUTED = Verdict(VerdictKind.REFUTED)
UNKNOWN = undecided("out of time")


class Table:
    """A judge that knows its verdicts, and gives them last claim first."""

    def __init__(self, verdicts: dict[tuple[Any, Any], Verdict] | None = None) -> None:
        self.verdicts = verdicts or {}
        self.asked: list[tuple[Any, Any]] = []

    def decide_all(self, claims: Iterable[tuple[Any, Any, Iterable[Any]]]) -> Iterator[tuple[int, Verdict]]:
        found = list(enumerate(claims))
        for position, (left, right, _) in reversed(found):
            self.asked.append((left, right))
            yield position, self.verdicts.get((left, right), PROVED)


def chain(name: str, *expressions: Any) -> Derivation:
    lines = tuple(Line(expression, "because") for expression in expressions[1:])
    return Derivation(name, f"title of {name}", start=expressions[0], lines=lines)


def test_reports_come_in_the_order_of_the_entries() -> None:
    entries = [chain("first", a, b, c), Erratum("second", "title", a, c, d), chain("third", c, d)]
    judge = Table({(a, c): REFUTED})
    reports = list(prove(entries, judge))
    assert [report.entry.name for report in reports] == ["first", "second", "third"]
    assert [step.step.label for step in reports[1].steps] == ["as written", "right form"]
    assert all(report.as_expected for report in reports)
    assert len(judge.asked) == 5


def test_each_verdict_is_counted_once() -> None:
    seen: list[None] = []
    list(prove([chain("one", a, b, c), chain("two", c, d)], Table(), lambda: seen.append(None)))
    assert len(seen) == 3


def test_a_head_that_follows_is_not_decided_again() -> None:
    kink = Verdict(VerdictKind.PROVED, witness=PROVED.witness, exceptions=("x = 0",))
    judge = Table({(b, c): kink})
    (report,) = prove([chain("whole", a, b, c, d)], judge)
    head = report.steps[-1].head
    assert head is not None
    assert head.kind is VerdictKind.PROVED
    assert head.exceptions == ("x = 0",)
    assert head.reason == "follows from the lines"
    assert (a, d) not in judge.asked
    assert [step.head for step in report.steps[:-1]] == [None, None]


@pytest.mark.parametrize("broken", [REFUTED, UNKNOWN])
@pytest.mark.parametrize("head", [PROVED, REFUTED])
def test_a_head_is_decided_where_a_link_is_not_proved(broken: Verdict, head: Verdict) -> None:
    judge = Table({(a, b): broken, (a, c): head})
    entries = [chain("before", b, c), chain("broken", a, b, c), chain("after", c, d)]
    reports = list(prove(entries, judge))
    assert [report.entry.name for report in reports] == ["before", "broken", "after"]
    assert not reports[1].as_expected
    assert reports[1].steps[0].verdict == broken
    assert reports[1].steps[-1].head == head
    assert judge.asked.count((a, c)) == 1


def test_one_line_has_no_head_beside_its_link() -> None:
    (report,) = prove([chain("short", a, b)], Table({(a, b): REFUTED}))
    assert report.steps[0].head is None


@dataclass(frozen=True)
class Printed:
    """Numbers as they are printed: the first step has a verdict of its own."""

    name: str = "printed"
    title: str = "a printed matrix"
    sources: tuple[Any, ...] = ()
    note: str = ""

    def steps(self) -> Iterator[Step]:
        yield Step("printed", a, b, "to its last digit")
        yield Step("exact", b, c, "by the rules")

    def decide_step(self, step: Step) -> Verdict | None:
        return REFUTED if step.label == "printed" else None


def test_an_entry_may_decide_a_step_itself() -> None:
    judge = Table()
    (report,) = prove([Printed()], judge)
    assert [step.verdict for step in report.steps] == [REFUTED, PROVED]
    assert judge.asked == [(b, c)]
    assert [step.head for step in report.steps] == [None, None]


def test_no_entries() -> None:
    assert list(prove([], Table())) == []


def planted() -> list[Mutant]:
    return list(mutants_of(chain("line", sp.sin(x), x - 2 * x**2)))


def test_mutants_come_in_order_and_only_proofs_are_compared_in_numbers() -> None:
    mutants = planted()
    assert len(mutants) > 3
    judge = Table({(m.left, m.right): REFUTED for m in mutants[1:]})
    compared: list[Mutant] = []

    def differs(mutant: Mutant) -> bool:
        compared.append(mutant)
        return True

    reports = list(attack(mutants, judge, differs))
    assert [report.mutant for report in reports] == mutants
    assert compared == [mutants[0]]
    assert [report.proved_by_mistake for report in reports] == [True] + [False] * (len(mutants) - 1)


@pytest.mark.parametrize("differs", [False, None])
def test_a_proof_that_numbers_do_not_contradict_is_an_equivalence(differs: bool | None) -> None:
    (report, *_) = attack(planted(), Table(), lambda mutant: differs)
    assert report.differs is differs
    assert not report.proved_by_mistake
