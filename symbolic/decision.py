"""The decision of one claim, in this process: counterexample, proof, or the reason why neither was found."""

from __future__ import annotations

import time
from functools import partial

from .errors import OutOfReach, ShapeMismatch
from .normal_form.effort import Effort
from .prover import NotProved, nowhere_defined, prove
from .refutation import Search
from .terms import Claim, Term
from .verdict import ABSENT, Counterexample, Verdict, VerdictKind, undecided

_QUICK_POINTS = 1
_MOST_AT_FIRST = 12  # that are tried, be they agreeing or not
_PAUSES = ((300, 12), (1_200, 28), (20_000, 60), (200_000, 200))  # products of terms in a proof, and points tried there
_MORE_POINTS = 40
_POINTS_FOR_CASES = 300  # every branch has to be met


class _Refuted(Exception):
    """A counterexample was found while a proof went on."""


def decide_claim(claim: Claim, seconds: float = 10.0) -> Verdict:
    """PROVED, REFUTED or UNDECIDED for a lowered claim; the search for counterexamples ends within `seconds`."""
    started = time.monotonic()
    search = Search(claim)
    try:
        verdict = _decide(claim, search, started + 0.6 * seconds)
    except OutOfReach as reason:
        verdict = _without_proof(search, str(reason))
    except RecursionError:
        verdict = _without_proof(search, "the expression is nested too deeply")
    return _timed(verdict, time.monotonic() - started)


def shape_verdict(mismatch: ShapeMismatch) -> Verdict:
    """Refuted by shapes that do not conform."""
    return Verdict(
        VerdictKind.REFUTED,
        counterexample=Counterexample(kind="shape", left=mismatch.left, right=mismatch.right),
    )


def _decide(claim: Claim, search: Search, deadline: float) -> Verdict:
    def pause(points: int) -> None:
        search.run(points, deadline, most=points)
        if search.refutation() is not None:
            raise _Refuted

    search.run(_QUICK_POINTS, deadline, most=_MOST_AT_FIRST)
    if search.refutation() is not None:
        return _refuted(search)
    try:
        proof = prove(claim, Effort((products, partial(pause, points)) for products, points in _PAUSES))
    except _Refuted:
        return _refuted(search)
    except (NotProved, OutOfReach) as failure:
        search.look_closer()
        search.run(_POINTS_FOR_CASES if has_cases(claim) else _MORE_POINTS, deadline)
        return _without_proof(search, str(failure))
    if search.witness is None:
        search.run(1, deadline)
    if search.refutation() is not None:  # numbers against a proof: neither is claimed
        return undecided("a proof and a counterexample were both found; this is a defect, please report it")
    if search.witness is None:
        return undecided(_nothing(search))
    return Verdict(VerdictKind.PROVED, witness=search.witness, exceptions=tuple(proof.exceptions))


def has_cases(claim: Claim) -> bool:
    """Whether a case, or that there is a value at all, depends on the sign of something, also in the definitions."""
    pending = [claim.left, claim.right, *(definition.body for definition in claim.definitions.values())]
    seen: set[Term] = set()
    while pending:
        term = pending.pop()
        if term.op in ("split", "table", "log", "root"):
            return True
        if term not in seen:
            seen.add(term)
            pending += term.children()
    return False


def _without_proof(search: Search, reason: str) -> Verdict:
    if search.refutation() is not None:
        return _refuted(search)
    if ABSENT in reason:
        return undecided(reason)
    if search.witness is None and search.tried:
        return undecided(_nothing(search))
    if search.witness is None:
        return undecided(f"{reason}; {_nothing(search)}")
    return undecided(f"{reason}; the two sides agree at {search.agreeing} points, which proves nothing")


def _nothing(search: Search) -> str:
    if search.tried == 0:
        return "nothing to compare: no point was found that satisfies the conditions"
    undefined = nowhere_defined(search.claim)
    if undefined is not None:
        return f"nothing to compare: {undefined}"
    return f"nothing to compare: at none of {search.tried} points are both sides defined"


def _refuted(search: Search) -> Verdict:
    return Verdict(VerdictKind.REFUTED, counterexample=search.refutation(), witness=None)


def _timed(verdict: Verdict, seconds: float) -> Verdict:
    return Verdict(
        verdict.kind,
        verdict.witness,
        verdict.exceptions,
        verdict.counterexample,
        verdict.reason,
        verdict.layout,
        seconds,
    )
