"""This project beside SymPy's ``simplify`` and ``equals``, on the suite's own claims: ``python -m benchmarks.prove``.

A claim is one step of the catalogue with every size 2, or 3.  This project is given it as it stands, with the sizes as
numbers, and, in a row of its own, written out in plain scalars (`benchmarks.explicit`), one claim for each index
value, entry and one-hot target.  The others are given the same scalars, with SymPy's own derivatives already taken
and every definition put in; neither is counted as their time.  They are asked from the short to the long, until the
time is up.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from rich.console import Console
from rich.progress import track
from rich.table import Table

from derivations.catalogue import ENTRIES
from derivations.mutants import differs_numerically
from symbolic import Derivation, Erratum, Judge, VerdictKind
from symbolic.notation import Cases

from .explicit import ExplicitClaim, NotExplicit, claims_at_size, explicit_claims, unfolded
from .growth import growth
from .networks import networks
from .peers import PEERS, Answer, ask_all

SIZES = (2, 3)
OURS = "this project"
SCALARS = "this project, on scalars"


@dataclass
class Question:
    """One step at one size.  ``holds`` is whether it is true there."""

    name: str
    tensors: list[tuple[Any, Any, tuple[Any, ...]]]
    claims: list[ExplicitClaim]
    holds: bool
    answers: dict[str, Answer] = field(default_factory=dict)
    pairs: list[tuple[Any, Any]] = field(default_factory=list)

    def right(self, who: str) -> bool:
        """Whether the answer is the right one."""
        answer = self.answers.get(who)
        return answer is not None and answer.equal is self.holds

    def wrong(self, who: str) -> bool:
        """Whether the answer is the opposite of the right one; not getting to 0 denies nothing."""
        answer = self.answers.get(who)
        if answer is None or answer.equal is None or answer.equal is self.holds:
            return False
        return answer.equal or who != "simplify"


@dataclass(frozen=True)
class Limits:
    """Seconds for one claim, and for all claims together."""

    claim: float
    total: float


QUICK = Limits(claim=2, total=60)
OURS_LIMITS = Limits(claim=3, total=300)
SCALARS_LIMITS = Limits(claim=3, total=60)
LARGEST_QUICK = 8


def questions(console: Console, sizes: Sequence[int] = SIZES) -> list[Question]:
    """Every step of the catalogue that has an explicit form, at every size; without sizes, once."""
    found: list[Question] = []
    seen: set[tuple[ExplicitClaim, ...]] = set()
    skipped = 0
    for entry in ENTRIES:
        if not isinstance(entry, Derivation | Erratum):
            continue
        for step in entry.steps():
            for size in sizes:
                try:
                    claims = explicit_claims(step, size)
                    if any(claim.right.has(Cases) for claim in claims) and step.expected is VerdictKind.REFUTED:
                        raise NotExplicit("SymPy has no table whose cases may overlap")
                except NotExplicit:
                    skipped += 1
                    continue
                if claims and tuple(claims) not in seen:
                    seen.add(tuple(claims))
                    name = f"{entry.name}, {step.label}, size {size}"
                    found.append(Question(name, claims_at_size(step, size), claims, _holds(step, claims)))
    console.print(
        f"{len(found)} claims; {skipped} have no explicit form (shapes that do not conform, cases that overlap)"
    )
    return found


def _holds(step: Any, claims: Sequence[ExplicitClaim]) -> bool:
    """A false claim may be true at one size; numbers tell, in code that shares nothing with any of the three."""
    if step.expected is VerdictKind.PROVED:
        return True
    return not any(differs_numerically(claim) for claim in claims)


# ---- the three


def decide_ours(asked: Sequence[Question], limits: Limits, who: str) -> None:
    """One worker; the time is from the expression to the verdict, and so includes reading and sending it."""
    deadline = time.perf_counter() + limits.total
    with Judge(jobs=1, timeout=limits.claim) as judge:
        judge.decide(sp.S.One, sp.S.One, ())  # starts the worker
        for question in track(asked, description=who, transient=True):
            if time.perf_counter() > deadline:
                return
            claims = question.tensors if who == OURS else [(c.left, c.right, c.given) for c in question.claims]
            question.answers[who] = _our_answer(judge, claims, limits)


def _our_answer(judge: Judge, claims: Sequence[tuple[Any, Any, Any]], limits: Limits) -> Answer:
    """The first claim that is not proved ends the question."""
    started = time.perf_counter()
    verdict = None
    for claim in claims:
        verdict = judge.decide(*claim)
        if verdict.kind is not VerdictKind.PROVED or time.perf_counter() - started > limits.claim:
            break
    seconds = time.perf_counter() - started
    if seconds > limits.claim:
        return Answer(None, seconds, "time")
    known = verdict is not None and verdict.kind is not VerdictKind.UNDECIDED
    return Answer(verdict is not None and verdict.kind is VerdictKind.PROVED if known else None, seconds)


def by_length(asked: Sequence[Question]) -> list[Question]:
    """The short ones first, as they stand before definitions are put in."""
    return sorted(asked, key=lambda question: sum(_length(c.left) + _length(c.right) for c in question.claims))


def _length(e: Any) -> int:
    """Nodes of the tree; a node that comes twice counts twice, as `simplify` sees it."""
    return sum(1 for _ in sp.preorder_traversal(e))


def ask_peers(asked: Sequence[Question], limits: Limits) -> None:
    """Both at the same time, each in its own process, until the time is up."""
    deadline = time.perf_counter() + limits.total
    at = {peer: _written(asked) for peer in PEERS}
    work = {peer: (question.pairs for question in _written(asked)) for peer in PEERS}
    for peer, answer in ask_all(work, lambda: min(limits.claim, deadline - time.perf_counter())):
        question = next(at[peer])
        if answer.note != "time" or answer.seconds >= limits.claim:  # else cut short: as if never asked
            question.answers[peer] = answer


def _written(asked: Sequence[Question]) -> Iterator[Question]:
    """Each with both sides free of definitions and derivatives, written when its turn comes."""
    for question in asked:
        try:
            question.pairs = question.pairs or list(dict.fromkeys(map(unfolded, question.claims)))
        except ValueError:  # SymPy takes no derivative by a quantity that stands for an expression
            continue
        yield question


# ---- what came out


def scores(asked: Sequence[Question], sizes: Sequence[int]) -> Table:
    """How many each decides right, and how long that took."""
    table = Table(title=f"the suite's claims at size {' and '.join(map(str, sizes))}")
    for heading in ("", "right", "wrong", "no answer", "out of time", "not reached", "seconds"):
        table.add_column(heading, justify="right" if heading else "left")
    for who in (OURS, SCALARS, *PEERS):
        answers = [q.answers[who] for q in asked if who in q.answers]
        right, wrong = sum(q.right(who) for q in asked), sum(q.wrong(who) for q in asked)
        late = sum(a.note == "time" for a in answers)
        silent = len(answers) - right - wrong - late
        numbers = (right, wrong, silent, late, len(asked) - len(answers))
        table.add_row(who, *map(str, numbers), f"{sum(a.seconds for a in answers):.2f}")
    return table


def ratio(asked: Sequence[Question], peer: str) -> tuple[int, float, float]:
    """The claims that both decide right, and the seconds of this project and of the peer for them."""
    both = [q for q in asked if q.right(OURS) and q.right(peer)]
    return len(both), *(sum(q.answers[who].seconds for q in both) for who in (OURS, peer))  # type: ignore[return-value]


def ratios(asked: Sequence[Question]) -> Iterator[str]:
    for peer in PEERS:
        count, ours, theirs = ratio(asked, peer)
        if count:
            times = f"{OURS} {ours:.2f} s, {peer} {theirs:.2f} s"
            yield f"the {count} claims that both decide: {times}, {theirs / ours:.0f} times as long"


def main(arguments: Sequence[str] | None = None, console: Console | None = None) -> int:
    """Prints the tables; 1 if an answer of ours is wrong or, unless quick, `simplify` is not 100 times slower."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prove", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="size 2, 2 s a claim, one minute in all for the others")
    parser.add_argument("--minutes", type=float, default=15, help="for all claims of the others (default: 15)")
    options = parser.parse_args(arguments)
    quick = options.quick
    full = Limits(claim=20, total=60 * options.minutes)
    limits, sizes = (QUICK, SIZES[:1]) if quick else (full, SIZES)
    console = console or Console()
    asked = questions(console, sizes)
    decide_ours(asked, OURS_LIMITS, OURS)
    asked = by_length(asked)
    decide_ours(asked, SCALARS_LIMITS, SCALARS)
    ask_peers(asked, limits)
    console.print(scores(asked, sizes))
    for line in ratios(asked):
        console.print(line)
    for question in asked:
        if question.wrong(OURS):
            console.print(f"[red]wrong:[/red] {question.name}")
    for table in (*growth(limits.claim, LARGEST_QUICK if quick else 32), *networks(limits.claim)):
        console.print(table)
    if any(question.wrong(OURS) for question in asked):
        return 1
    count, ours, theirs = ratio(asked, "simplify")
    return 0 if quick or (count and theirs >= 100 * ours) else 1


if __name__ == "__main__":
    raise SystemExit(main())
