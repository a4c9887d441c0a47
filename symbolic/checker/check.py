"""One certificate: what it claims, and whether that is shown."""

import sys
import threading
from dataclasses import dataclass
from typing import Any

from .expansion import Context
from .intervals import Interval
from .point import Point
from .proof import Proof
from .reading import anything, dimension, load, read, read_claim, read_nodes
from .terms import Conflict, Node, Rejected, Terms, need

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
        verdict = read({"PROVED", "REFUTED"}, top["verdict"])
        _check(top, verdict)
    except Rejected as reason:
        return Report(False, verdict, str(reason))
    except (RecursionError, MemoryError, ArithmeticError) as reason:
        return Report(False, verdict, f"not in the checker's reach: {str(reason) or type(reason).__name__}")
    except Exception as defect:  # a defect of the checker must not accept, nor end the run
        return Report(False, verdict, f"the checker failed: {type(defect).__name__}: {defect}")
    return Report(True, verdict)


def _check(top: dict[str, Any], verdict: str) -> None:
    terms = Terms(read({str: dimension}, top["ranges"]), _MOST_STEPS)
    nodes = read_nodes(top["nodes"], terms)
    context = Context(read_claim(top["claim"], nodes, terms), terms)
    if verdict == "REFUTED":
        return _refuted(context, top["counterexample"])
    _need_witness(context, top["witness"])
    return Proof(context, nodes, top["cells"], top["exceptions"]).check()


def _need_witness(context: Context, data: Any) -> None:
    """There is something to compare: a point at which all conditions hold and both sides are defined."""
    point = Point(data, context)
    need(None not in map(point.side, context.sides), "a side has no value at the witness")


def _refuted(context: Context, data: Any) -> None:
    """At the point the sides differ, or exactly one is undefined there and nearby, or two cases of a table differ."""
    kinds = {"kind": {"value", "domain", "cases"}, "point": anything, "witness": anything}
    kind, where, witness = read(kinds, data).values()
    point = Point(where, context)
    if kind == "cases":
        return need(any(_conflicts(point, side) for side in context.sides), "no two cases of a table differ there")
    left, right = map(point.side, context.sides)
    need(point.zeros_stay(), "not in the checker's reach: a guard is 0 at the point, perhaps there alone")
    if kind == "domain":
        _need_witness(context, witness)
        return need((left is None) != (right is None), "not exactly one side is undefined at the point")
    if left is None or right is None:
        raise Rejected("a side is undefined at the point")
    return need((left + right * Interval(-1)).sign != 0, "the two sides do not differ at the point")


def _conflicts(point: Point, side: Node) -> bool:
    try:
        point.side(side)
    except Rejected as reason:
        return isinstance(reason, Conflict)
    return False
