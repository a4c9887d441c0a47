"""One certificate: what it claims, and whether that is shown."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from typing import Any

from .context import Givens
from .domains import Conflict
from .point import Point
from .proof import Proof
from .reading import chosen, keyed, load, read_claim, read_nodes
from .terms import Node, Rejected, Terms, need

_MOST_STEPS, _RECURSION, _STACK = 1_000_000, 12_000, 256 << 20


@dataclass(frozen=True)
class Report:
    """Whether a certificate is accepted, for which verdict, and why not."""

    accepted: bool
    verdict: str = ""
    reason: str = ""


def check(data: bytes) -> Report:
    """Checks one certificate; whatever it holds, the answer is a report."""
    answer: list[Report] = []
    old, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(max(old, _RECURSION))
    try:
        thread = threading.Thread(target=lambda: answer.append(_guarded(data)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(old)
    return answer[0] if answer else Report(False, reason="the checker failed")


def _guarded(data: bytes) -> Report:
    verdict = ""
    try:
        top = load(data)
        verdict = chosen("PROVED", "REFUTED")(top.get("verdict"))
        _check(top, verdict)
    except Rejected as reason:
        return Report(False, verdict, str(reason))
    except (RecursionError, MemoryError, ArithmeticError) as reason:
        return Report(False, verdict, f"not in the checker's reach: {str(reason) or type(reason).__name__}")
    except Exception as defect:  # a defect of the checker must not accept, nor end the run
        return Report(False, verdict, f"the checker failed: {type(defect).__name__}: {defect}")
    return Report(True, verdict)


def _check(top: dict[str, Any], verdict: str) -> None:
    terms = Terms(_MOST_STEPS)
    nodes = read_nodes(top.get("nodes"), terms)
    givens = Givens(read_claim(top.get("claim"), nodes, terms), terms)
    if verdict == "REFUTED":
        return _refuted(givens, top.get("counterexample"))
    _need_witness(givens, top.get("witness"))
    return Proof(givens, nodes, top).check()


def _refuted(givens: Givens, data: Any) -> None:
    """At the point the sides differ, or exactly one is undefined there and nearby, or two cases of a table differ."""
    data = keyed(data, "kind", "point", "witness")
    kind = chosen("value", "domain", "cases")(data.get("kind"))
    point, sides = Point(data.get("point"), givens), (givens.claim.left, givens.claim.right)
    if kind == "cases":
        return need(any(_conflict(point, side) for side in sides), "no two cases differ at the point")
    left, right = (point.side(side) for side in sides)
    need(point.zeros_stay(), "not in the checker's reach: a guard is 0 at the point, perhaps there alone")
    defined = [point.defined(side) for side in (left, right)]
    if kind == "domain":
        _need_witness(givens, data.get("witness"))
        return need(any(defined) and not all(defined), "not exactly one side is undefined at the point")
    return need(all(defined) and point.differ(left, right), "the two sides are not shown to differ at the point")


def _need_witness(givens: Givens, data: Any) -> None:
    """There is something to compare: a point at which all conditions hold and both sides are defined."""
    point = Point(data, givens)
    for side in (givens.claim.left, givens.claim.right):
        need(point.defined(point.side(side)), "a side has no value at the witness")


def _conflict(point: Point, side: Node) -> bool:
    """Whether two cases of a table in this side certainly differ at the point."""
    try:
        point.defined(point.side(side))
    except Conflict as conflict:
        return conflict.certain
    except Rejected:
        return False
    return False
