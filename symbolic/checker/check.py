"""One certificate: what it claims, and whether that is shown."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .evaluation import CasesDiffer, Evaluation, NotDefined, Point, read_point
from .expansion import Expansion
from .functions import NeedSign
from .intervals import Interval, Unclear, use_precision
from .proof import Excepted, Proof
from .reading import (
    Claim,
    Node,
    Rejected,
    Terms,
    Work,
    dimension,
    listed,
    load,
    mapped,
    need,
    read_claim,
    read_nodes,
    whole,
)
from .rules import Known, Undefined
from .signs import Signs
from .values import Values

_PROOF_STEPS, _POINT_STEPS = 3_000_000, 400_000
_RECURSION, _STACK = 12_000, 256 << 20
_PRECISIONS = (160, 640)


@dataclass(frozen=True)
class Report:
    """Whether a certificate is accepted, for which verdict, and why not."""

    accepted: bool
    verdict: str = ""
    reason: str = ""


def check(data: bytes) -> Report:
    """Checks one certificate; whatever it holds, the answer is a report."""
    answer: list[Report] = []
    old = sys.getrecursionlimit()
    sys.setrecursionlimit(max(old, _RECURSION))
    stack = threading.stack_size(_STACK)
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
        verdict = str(top.get("verdict"))[:20]
        _check(top)
    except Rejected as reason:
        return Report(False, verdict, str(reason))
    except (NeedSign, Undefined, Unclear, NotDefined, CasesDiffer) as reason:
        return Report(False, verdict, f"not in the checker's reach: {reason or type(reason).__name__}")
    except (RecursionError, MemoryError, OverflowError) as error:
        return Report(False, verdict, f"not in the checker's reach: {type(error).__name__}")
    except Exception as defect:  # a defect of the checker must not accept, nor end the run
        return Report(False, verdict, f"the checker failed: {type(defect).__name__}: {defect}")
    return Report(True, verdict)


def _check(top: dict[str, Any]) -> None:
    terms = Terms(Work(_PROOF_STEPS))
    nodes = read_nodes(top.get("nodes"), terms)
    claim = read_claim(top.get("claim"), nodes)
    verdict = top.get("verdict")
    need(verdict in ("PROVED", "REFUTED"), "the verdict is PROVED or REFUTED")
    if verdict == "REFUTED":
        return _refuted(claim, top.get("counterexample"))
    _witnessed(claim, top.get("witness"))
    evidence = {"cells": _cells(top.get("cells")), "exceptions": listed(top.get("exceptions"), _exception(nodes))}
    return Proof(claim, terms, nodes, evidence).check()


def _cells(value: Any) -> dict[str, Any]:
    need(isinstance(value, dict), "cells are an object")
    return dict(value)


def _exception(nodes: list[Node]) -> Callable[[Any], Excepted]:
    def read(value: Any) -> Excepted:
        need(isinstance(value, dict) and value.keys() == {"guard", "indices"}, "an exceptional set is expected")
        return Excepted(nodes[whole(value["guard"], 0, len(nodes) - 1)], mapped(value["indices"], dimension))

    return read


def _witnessed(claim: Claim, data: Any) -> None:
    """At the witness all conditions hold and both sides are defined: the proof is not vacuous."""
    point = read_point(data, claim)
    sides, _ = _evaluated(claim, point)
    need(all(isinstance(side, Interval) for side in sides), "a side has no value at the witness")


def _evaluated(claim: Claim, point: Point) -> tuple[list[Interval | str | NotDefined], Evaluation]:
    """Both sides: a value, "cases" where two cases of a table differ, that there is none, or why that is not clear."""
    for precision in _PRECISIONS:
        use_precision(precision)
        evaluation = Evaluation(claim, point, Work(_POINT_STEPS))
        evaluation.need_conditions()
        sides = [_side(evaluation, side) for side in (claim.left, claim.right)]
        if not any(isinstance(side, str) and side != "cases" for side in sides):
            break
    return sides, evaluation


def _zero_around(claim: Claim, point: Point, node: Node, indices: dict[str, int]) -> bool:
    """Whether a guard that is 0 at the point is 0 wherever indices are equal as they are there."""
    terms = Terms(Work(_PROOF_STEPS))
    algebra = Signs(Known(), terms.work)
    values = Values(claim, terms, algebra)
    env: dict[str, Any] = {}
    for name in node.free:
        d = claim.indices.get(name)
        env[name] = ("free", str(indices[name]), d) if isinstance(d, str) else indices[name]
    try:
        return algebra.is_zero(values.poly(Expansion(claim, terms).expand(node), env))
    except (NeedSign, Undefined, Rejected):
        return False


def _side(evaluation: Evaluation, side: Node) -> Interval | str | NotDefined:
    try:
        return evaluation.value(side, dict(evaluation.point.indices))
    except NotDefined as error:
        return error
    except CasesDiffer:
        return "cases"
    except Unclear as error:
        return str(error)


def _refuted(claim: Claim, data: Any) -> None:
    need(isinstance(data, dict) and data.keys() == {"kind", "point"}, "a counterexample has a kind and a point")
    kind = data["kind"]
    need(kind in ("value", "domain", "cases"), "not in the checker's reach: this kind of counterexample")
    point = read_point(data["point"], claim)
    sides, evaluation = _evaluated(claim, point)
    if kind == "cases":
        return need("cases" in sides, "no two cases differ at the point")
    zero = all(_zero_around(claim, point, node, env) for node, env in evaluation.kinks)
    need(zero, "not in the checker's reach: a guard is 0 at the point, perhaps there alone")
    left, right = sides
    for side in sides:
        need(not isinstance(side, str), f"the counterexample: {side}")
    if kind == "domain":
        lost = [side for side in sides if isinstance(side, NotDefined)]
        need(len(lost) == 1 and lost[0].around, "not exactly one side is undefined around the point")
    else:
        need(isinstance(left, Interval) and isinstance(right, Interval), "a side is not defined at the point")
        assert isinstance(left, Interval)
        assert isinstance(right, Interval)
        need(not (left - right).holds_zero, "the two sides may be equal at the point")
    return _derivatives_exist(claim)


def _derivatives_exist(claim: Claim) -> None:
    """A derivative by what does not occur is no derivative to judge."""
    expansion = Expansion(claim, Terms(Work(_PROOF_STEPS)))
    for side in (claim.left, claim.right):
        expansion.expand(side)
