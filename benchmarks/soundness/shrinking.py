"""The smallest case of what a trial has found: nodes are replaced by simpler ones as long as it stays as it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from derivations.mutants.trees import is_matrix, places, rebuild, replace, substitute
from symbolic import Judge, Verdict, VerdictKind

from .points import Claim, compare
from .twins import twin

__all__ = ["shrunk", "stays"]

Test = Callable[[Claim], bool]


def shrunk(claim: Claim, same: Test, seconds: float = 20.0) -> Claim:
    """A smaller claim of which the test still holds; no single replacement makes it smaller, or the time is up."""
    deadline = time.monotonic() + seconds
    again = True
    while again and time.monotonic() < deadline:
        again = False
        for smaller in _smaller(claim):
            if time.monotonic() > deadline:
                break
            try:
                found = same(smaller)
            except (ValueError, TypeError, AttributeError, ArithmeticError):  # not an expression any more
                continue
            if found:
                claim, again = smaller, True
                break
    return claim


def stays(kind: str, judge: Judge, seed: str) -> Test:
    """The test that belongs to a kind of finding."""

    def verdict(claim: Claim) -> Verdict:
        return judge.decide(claim.left, claim.right, claim.given)

    def wrong(claim: Claim) -> bool:
        found, numbers = verdict(claim), compare(claim)
        if found.kind is VerdictKind.PROVED:
            return numbers.differs
        return found.kind is VerdictKind.REFUTED and not numbers.differs and numbers.agreed > 0

    def undecided(claim: Claim) -> bool:
        found = verdict(claim)
        if found.kind is not VerdictKind.UNDECIDED or "range of the index" in found.reason:
            return False
        numbers = compare(claim)
        return numbers.together and (numbers.differs or numbers.agreed > 0)

    def changed(claim: Claim) -> bool:
        return verdict(claim).kind is not verdict(twin(claim, seed)).kind

    return {"wrong": wrong, "changed": changed}.get(kind, undecided)


def _smaller(claim: Claim) -> Iterator[Claim]:
    """Claims with one condition less, or one node less on a side or on both; large steps first."""
    for position in range(len(claim.given)):
        yield Claim(claim.left, claim.right, claim.given[:position] + claim.given[position + 1 :])
    for node in _common(claim):
        for simpler in _simpler(node):
            yield Claim(substitute(claim.left, {node: simpler}), substitute(claim.right, {node: simpler}), claim.given)
    for side in ("left", "right"):
        tree = getattr(claim, side)
        for place in places(tree):
            if place.role == "value":
                for simpler in _simpler(place.node):
                    new = replace(tree, place.path, simpler)
                    yield (
                        Claim(new, claim.right, claim.given) if side == "left" else Claim(claim.left, new, claim.given)
                    )


def _common(claim: Claim) -> Iterator[Any]:
    """Nodes that stand on both sides, the largest first."""
    right = {place.node for place in places(claim.right) if place.role == "value"}
    seen = dict.fromkeys(p.node for p in places(claim.left) if p.role == "value" and p.node in right)
    yield from sorted(seen, key=lambda node: -len(list(places(node))))


def _simpler(node: Any) -> Iterator[Any]:
    if node.is_Number or node.is_Symbol or isinstance(node, sp.MatrixSymbol):
        return
    yield from (p.node for p in places(node) if p.node is not node and p.role == "value" and _fits(p.node, node))
    if not is_matrix(node):
        yield from (sp.S.One, sp.Symbol("x", real=True), sp.Symbol("a", positive=True))
    if isinstance(node, sp.Add | sp.Mul | sp.MatAdd) and len(node.args) > 1:
        yield from (rebuild(node, node.args[:k] + node.args[k + 1 :]) for k in range(len(node.args)))


def _fits(inner: Any, outer: Any) -> bool:
    if is_matrix(inner) != is_matrix(outer):
        return False
    return not is_matrix(outer) or tuple(inner.shape) == tuple(outer.shape)
