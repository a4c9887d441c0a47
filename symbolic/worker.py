"""A worker process: one claim a line on standard input (JSON), one verdict a line on standard output.

Where its certificate is asked for, that follows in a line of its own: the verdict is not lost if it is not written.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from typing import TextIO

READY = "ready"  # the first line of a worker: its start is not the first claim's time
_RECURSION = 20_000
_STACK = 256 << 20
_GRACE = 30.0
_GARBAGE = 1_000_000  # objects between two collections: a claim makes many small ones that live as long as it does


def limit_memory(megabytes: int) -> None:
    """Bounds the address space of this process, where the system can; it holds inside C libraries as well."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    except (ImportError, ValueError, OSError):
        pass


def _end_in(seconds: float) -> None:
    """Has the system end this process then, even inside a C library (0: not any more): its owner may be gone."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def serve(source: TextIO, sink: TextIO) -> None:
    """Decides until the source ends."""
    from .certificates import certified
    from .decision import decide_claim
    from .transport import claim_from_json, verdict_to_json
    from .verdict import VerdictKind, undecided

    def answer(text: str) -> None:
        sink.write(text + "\n")
        sink.flush()

    gc.freeze()
    gc.set_threshold(_GARBAGE, 20, 20)
    answer(READY)
    for line in source:
        request = json.loads(line)
        _end_in(request["seconds"] + _GRACE)
        try:
            claim = claim_from_json(request["claim"])
            verdict = decide_claim(claim, request["seconds"])
        except MemoryError:
            verdict = undecided("out of memory")
        except Exception as defect:  # a defect of ours must not take the other claims with it
            verdict = undecided(f"internal error: {type(defect).__name__}: {defect}")
        answer(verdict_to_json(verdict))
        if request.get("certificates") and verdict.kind is not VerdictKind.UNDECIDED:
            answer(json.dumps(certified(claim, verdict).certificate))
        _end_in(0)
        if gc.get_count()[0] > _GARBAGE // 20:
            gc.collect()  # between two claims little is alive


def main() -> None:
    """Entry point of a worker: ``python -c "from symbolic.worker import main; main()" MEGABYTES``."""
    import threading

    limit_memory(int(sys.argv[1]))
    sys.setrecursionlimit(_RECURSION)
    threading.stack_size(_STACK)
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints to standard output does not disturb the answers
    thread = threading.Thread(target=serve, args=(sys.stdin, sink), daemon=True)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        os._exit(130)
