"""One trial: a claim is made, compared in numbers, decided, decided again in other words, and judged."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import sympy as sp

from symbolic import Judge, Verdict, VerdictKind, checker
from symbolic.notation import size
from symbolic.verdict import Counterexample

from .claims import Made, NotMade, make
from .matrix_values import CannotTell, ShapesDiffer
from .points import Claim, Comparison, Point, compare, differ_at
from .twins import twin

__all__ = ["CHANGED", "CRASHED", "REJECTED", "UNDECIDED", "WRONG", "Finding", "Tally", "Trial"]

#: What came of a true claim, or of a false edit.
WRONG, CHANGED, REJECTED, UNDECIDED = "wrong", "changed", "certificate rejected", "undecided"
CRASHED = "crashed"
_CERTIFICATE_EVERY = 20
_CHECKER = Path(checker.__file__).with_name("__main__.py")
_CHECKER_SECONDS = 20.0
_MORE_POINTS = 40
_FUNCTIONS = 64  # choices of what an undefined f is at a counterexample


@dataclass(frozen=True)
class Finding:
    """What is to be looked at: a wrong or changed verdict, one not reached, a certificate rejected, a crash."""

    kind: str
    number: int
    text: str


@dataclass
class Tally:
    """Counts of one run."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.counts += other.counts
        self.findings += other.findings

    @property
    def claims(self) -> int:
        return self.counts["true"] + self.counts["false"]

    @property
    def undecided(self) -> int:
        return self.counts["true undecided"] + self.counts["false undecided"]

    def found(self, kind: str) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind == kind]


@dataclass
class Trial:
    """Decides claims one after the other, in one worker; certificates of some in another."""

    seed: int
    judge: Judge
    certifier: Judge

    def run(self, number: int) -> Tally:
        """Everything about the claim of this number."""
        made = make(self.seed, number)
        tally = Tally()
        comparison = None if made.true else compare(made.claim)
        if comparison is not None and not comparison.differs and comparison.where:
            raise NotMade(comparison.where)  # numbers cannot tell what it is
        verdict = self.decide(self.judge, made.claim)
        outcome = judged(made, verdict, comparison)
        side = "true" if made.true else "false"
        tally.counts[side] += 1
        tally.counts[f"{side} {outcome}"] += 1
        if outcome in (WRONG, UNDECIDED):
            tally.findings.append(Finding(outcome, number, described(made, verdict)))
        self._twin(made, verdict, number, tally)
        if number % _CERTIFICATE_EVERY == 0 and verdict.kind is not VerdictKind.UNDECIDED:
            self._certificate(made, number, tally)
        return tally

    def decide(self, judge: Judge, claim: Claim) -> Verdict:
        return judge.decide(claim.left, claim.right, claim.given)

    def _twin(self, made: Made, verdict: Verdict, number: int, tally: Tally) -> None:
        other = twin(made.claim, f"{self.seed}/{number}")
        again = self.decide(self.judge, other)
        tally.counts["decided twice"] += 1
        if again.kind is not verdict.kind:
            words = f"{written(other.left)}\n    = {written(other.right)}"
            text = f"{described(made, verdict)}\n  in other words: {words}\n  {again}"
            tally.findings.append(Finding(CHANGED, number, text))

    def _certificate(self, made: Made, number: int, tally: Tally) -> None:
        verdict = self.decide(self.certifier, made.claim)
        if not verdict.certificate:
            tally.counts["no certificate"] += 1
            return
        reason = rejected(verdict.certificate)
        tally.counts["certificates accepted" if reason is None else "certificates rejected"] += 1
        if reason is not None:
            tally.findings.append(Finding(REJECTED, number, f"{described(made, verdict)}\n  checker: {reason}"))


def rejected(certificate: str) -> str | None:
    """Why the independent checker, in a process of its own, does not accept a certificate; None where it does."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.json"
        file.write_text(certificate)
        command = [sys.executable, "-I", "-S", str(_CHECKER), "--json", str(file)]
        try:
            run = subprocess.run(command, capture_output=True, text=True, timeout=_CHECKER_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return f"no answer within {_CHECKER_SECONDS:g} s"
    report = json.loads(run.stdout) if run.stdout else {"accepted": False, "reason": run.stderr}
    return None if report["accepted"] else str(report["reason"])


def judged(made: Made, verdict: Verdict, comparison: Comparison | None) -> str:
    """One word: proved, refuted, undecided, wrong; for an edit also equivalent, nothing to compare."""
    if verdict.kind is VerdictKind.UNDECIDED:
        nothing = comparison is not None and not comparison.together and "nothing to compare" in verdict.reason
        absent = "does not occur" in verdict.reason  # of a case that makes no difference
        return "nothing to compare" if nothing or absent else UNDECIDED
    proved = verdict.kind is VerdictKind.PROVED
    if made.true:
        return "proved" if proved else WRONG
    assert comparison is not None
    if comparison.differs:
        return WRONG if proved else "refuted"
    if proved:
        return "equivalent"
    confirmed = _confirmed(made.claim, verdict.counterexample)
    return "unconfirmed" if confirmed is None else "refuted" if confirmed else WRONG


def _confirmed(claim: Claim, found: Counterexample | None) -> bool | None:
    """Whether numbers of our own show that the sides differ: at more points, and at the one that was found."""
    if found is None or found.kind in ("shape", "cases"):
        return found is not None
    more = compare(claim, _MORE_POINTS, seed=1)
    if more.differs or more.where:
        return True if more.differs else None
    try:
        gaps = [differ_at(claim, _point(claim, found, functions)) for functions in map(str, range(_FUNCTIONS))]
        return any(gaps) if any(gap is not None for gap in gaps) else None  # a step at 0 is not told
    except (CannotTell, ShapesDiffer):
        return None


def _point(claim: Claim, found: Counterexample, functions: str) -> Point:
    trees = [claim.left, claim.right]
    symbols = {str(s): s for tree in trees for s in tree.atoms(sp.Symbol)}
    sizes = {size(name): value for name, value in found.sizes.items()}
    indices = {symbols[name]: value for name, value in found.indices.items() if name in symbols}
    return Point(sizes, indices, _Found(found.values), functions)  # type: ignore[arg-type]


class _Found:
    """Draws what a counterexample says."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.drawn: dict[str, Any] = {}

    def tensor(self, symbol: Any, shape: tuple[int, ...]) -> dict[tuple[int, ...], Fraction]:
        if str(symbol) not in self.values:
            raise CannotTell(f"the point does not say {symbol}")
        numbers = self.values[str(symbol)].replace("[", "").replace("]", "").split(",")
        return dict(zip(product(*map(range, shape)), map(Fraction, numbers), strict=True))


def described(made: Made, verdict: Verdict) -> str:
    """The claim and what was decided, in lines."""
    claim = made.claim
    given = "".join(f"\n    given {item}" for item in claim.given)
    story = " > ".join(made.story)
    return f"{written(claim.left)}\n    = {written(claim.right)}{given}\n  made by: {story}\n  verdict: {verdict}"


def written(side: Any) -> str:
    """A side as text; shapes that do not conform cannot always be printed."""
    try:
        return str(side)
    except (ValueError, TypeError) as reason:
        return f"({type(side).__name__} that SymPy does not print: {reason})"
