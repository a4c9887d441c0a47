"""The decision of one claim, in this process: counterexample, proof, or the reason why neither was found."""

from __future__ import annotations

import time
from collections.abc import Iterator

from .errors import OutOfReach, ShapeMismatch
from .prover import NotProved, nowhere_defined, prove
from .refutation import Search
from .terms import Claim, Term
from .verdict import ABSENT, Counterexample, Verdict, VerdictKind, undecided

_QUICK_POINTS = 1
_LARGE = 100  # nodes: an attempt to prove then costs as much as many points do
_POINTS_FOR_LARGE = 12
_MOST_AT_FIRST = 12  # that are tried, be they agreeing or not
_MORE_POINTS = 40
_POINTS_FOR_CASES = 300  # every branch has to be met


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
    def unrefuted() -> bool:
        search.run(_MORE_POINTS, deadline, most=_MORE_POINTS)
        return search.refutation() is None

    search.run(points_first(claim), deadline, most=max(points_first(claim), _MOST_AT_FIRST))
    if search.refutation() is not None:
        return _refuted(search)
    try:
        proof = prove(claim, go_on=unrefuted)
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


def points_first(claim: Claim) -> int:
    """How many points are worth trying before a proof."""
    if size_of(claim) <= _LARGE:
        return _QUICK_POINTS
    return _MORE_POINTS if has_cases(claim) else _POINTS_FOR_LARGE


def has_cases(claim: Claim) -> bool:
    """Whether a case depends on the sign of something, in the claim or in its definitions."""
    return any(term.op in ("split", "table") for term in _nodes(claim))


def size_of(claim: Claim) -> int:
    """How many different terms the claim and its definitions are made of."""
    return sum(1 for _ in _nodes(claim))


def _nodes(claim: Claim) -> Iterator[Term]:
    """Every term in the claim and in its definitions, once."""
    pending = [claim.left, claim.right, *(definition.body for definition in claim.definitions.values())]
    seen: set[Term] = set()
    while pending:
        term = pending.pop()
        if term not in seen:
            seen.add(term)
            yield term
            pending += term.children()


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
