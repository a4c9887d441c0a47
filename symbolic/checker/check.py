"""One certificate: what it claims, and whether that is shown."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from .expansion import Context
from .point import calculated, need_witness, refuted
from .proof import Proof
from .reading import dimension, load, read, read_claim, read_nodes
from .terms import Rejected, Terms

_MOST_STEPS, _RECURSION, _STACK = 700_000, 12_000, 256 << 20


@dataclass(frozen=True)
class Report:
    """Whether a certificate is accepted, for which verdict, and why not."""

    accepted: bool
    verdict: str = ""
    reason: str = ""


def check(data: bytes) -> Report:
    """Checks one certificate; whatever it holds, the answer is a report."""
    old, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(max(old, _RECURSION))
    try:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(_guarded, data).result()
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(old)


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
    if context.claim.within is not None:
        return calculated(context, context.claim.within, verdict, top["counterexample"])
    if verdict == "REFUTED":
        return refuted(context, top["counterexample"])
    proof = Proof(context, nodes, top["cells"], top["exceptions"])
    need_witness(context, top["witness"], proof.exceptions)
    return proof.check()
