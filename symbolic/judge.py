"""The door to a verdict: claims are decided in worker processes that can be killed.

A worker that is past its deadline or its memory is ended, its claim is UNDECIDED, and the rest goes on in a new one.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .decision import shape_verdict
from .errors import OutOfReach, ShapeMismatch
from .lowering import lower
from .terms import Claim
from .transport import claim_to_json, verdict_from_json
from .verdict import Verdict, VerdictKind, undecided
from .worker import READY

DEFAULT_TIMEOUT = 10.0
DEFAULT_MEMORY = 2048
_START_SECONDS = 30.0
_START = "import sys; sys.path[:0] = {paths!r}; from symbolic.worker import main; main()"


class _Worker:
    """One worker process, started when it is first needed."""

    def __init__(self, memory: int, certificates: bool) -> None:
        self.memory = memory
        self.certificates = certificates
        self.process: subprocess.Popen[str] | None = None
        self._ready = False
        self._busy = threading.Lock()

    def decide(self, claim: str, timeout: float) -> Verdict:
        """The worker's verdict; one claim at a time, and no answer is left for the next one to read."""
        with self._busy:
            try:
                return self._decide(claim, timeout)
            except BaseException:
                self.stop()
                raise

    def _decide(self, claim: str, timeout: float) -> Verdict:
        process = self._running()
        request = {"claim": claim, "seconds": timeout, "certificates": self.certificates}
        try:
            if not self._ready and (self._line(process, _START_SECONDS) or "").strip() != READY:
                self.stop()
                return undecided(f"the worker process did not start (limit {self.memory} MB)")
            self._ready = True
            assert process.stdin is not None
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        except OSError:
            self.stop()
            return undecided("out of memory or stopped: the worker process ended")
        deadline = time.monotonic() + timeout
        line = self._line(process, timeout)
        if line is None:
            self.stop()
            return undecided(f"out of time: more than {timeout:g} s")
        if not line:
            self.stop()
            return undecided(f"out of memory or stopped: the worker process ended (limit {self.memory} MB)")
        verdict = verdict_from_json(line)
        if not self.certificates or verdict.kind is VerdictKind.UNDECIDED:
            return verdict
        certificate = self._line(process, max(0.0, deadline - time.monotonic()))
        if not certificate:  # not written in time, or the process ended over it: the verdict stands without
            self.stop()
            return verdict
        return replace(verdict, certificate=json.loads(certificate))

    def _line(self, process: subprocess.Popen[str], timeout: float) -> str | None:
        """The next line that the process writes, empty where it has ended; None when the time is up."""
        answer: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(target=lambda: answer.put(process.stdout.readline()), daemon=True)  # type: ignore[union-attr]
        reader.start()
        try:
            return answer.get(timeout=timeout)
        except queue.Empty:
            return None

    def _running(self) -> subprocess.Popen[str]:
        if self.process is None or self.process.poll() is not None:
            here = str(Path(__file__).resolve().parent.parent)
            self.process = subprocess.Popen(
                [sys.executable, "-c", _START.format(paths=[here]), str(self.memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
            self._ready = False
        return self.process

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()


class Judge:
    """A pool of worker processes that decides claims.

    ``jobs`` processes (default: one for each core), each claim within ``timeout`` seconds and ``memory`` megabytes;
    with ``certificates`` each verdict carries its certificate, if the same time is enough for both.
    """

    def __init__(
        self,
        jobs: int | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        memory: int = DEFAULT_MEMORY,
        certificates: bool = False,
    ) -> None:
        self.jobs = max(1, jobs if jobs is not None else os.cpu_count() or 1)
        self.timeout = timeout
        self._workers = [_Worker(memory, certificates) for _ in range(self.jobs)]

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def processes(self) -> list[int]:
        """The ids of the worker processes that run."""
        return [worker.process.pid for worker in self._workers if worker.process is not None]

    def close(self) -> None:
        """Ends the worker processes."""
        for worker in self._workers:
            worker.stop()

    def decide(self, left: Any, right: Any, given: Iterable[Any] = (), timeout: float | None = None) -> Verdict:
        """The verdict on ``left = right``."""
        ready = prepare(left, right, given)
        if isinstance(ready, Verdict):
            return ready
        return self._workers[0].decide(claim_to_json(ready), self.timeout if timeout is None else timeout)

    def decide_all(self, claims: Iterable[tuple[Any, Any, Iterable[Any]]]) -> Iterator[tuple[int, Verdict]]:
        """The verdicts on (left, right, given) as they come, with the position of each claim."""
        tasks: queue.Queue[tuple[int, str] | None] = queue.Queue()
        results: queue.Queue[tuple[int, Verdict]] = queue.Queue()

        def work(worker: _Worker) -> None:
            while (task := tasks.get()) is not None:
                position, claim = task
                try:
                    results.put((position, worker.decide(claim, self.timeout)))
                except Exception as defect:  # the others go on
                    results.put((position, undecided(f"internal error: {type(defect).__name__}: {defect}")))

        threads = [threading.Thread(target=work, args=(worker,), daemon=True) for worker in self._workers]
        for thread in threads:
            thread.start()
        open_tasks = 0
        try:
            for position, (left, right, given) in enumerate(claims):
                ready = prepare(left, right, given)
                if isinstance(ready, Verdict):
                    yield position, ready
                else:
                    open_tasks += 1
                    tasks.put((position, claim_to_json(ready)))
                while not results.empty():
                    open_tasks -= 1
                    yield results.get()
            for _ in range(open_tasks):
                yield results.get()
        finally:
            while not tasks.empty():
                tasks.get_nowait()
            for _ in threads:
                tasks.put(None)


def prepare(left: Any, right: Any, given: Iterable[Any]) -> Claim | Verdict:
    """The lowered claim, or the verdict where there is none: shapes that differ, constructs out of reach."""
    try:
        return lower(left, right, given)
    except ShapeMismatch as mismatch:
        return shape_verdict(mismatch)
    except OutOfReach as reason:
        return undecided(str(reason))
    except RecursionError:
        return undecided("the expression is nested too deeply")


_shared: dict[int, Judge] = {}


def decide(left: Any, right: Any, given: Iterable[Any] = (), timeout: float = DEFAULT_TIMEOUT) -> Verdict:
    """Whether two SymPy expressions are equal: PROVED, REFUTED or UNDECIDED, with the evidence.

    ``left`` and ``right`` are scalars, or matrix expressions of one shape; ``given`` holds what may be used: SymPy
    relations (``Eq(Sum(t[k, 0], (k, 0, n - 1)), 1)``, ``Ne(i, j)``, ``Ge(n, 2)``) and `Define`, `Every`, `OneHot`.
    Symbols carry their own assumptions; symbols and matrix entries are real.  The work is done in a process of its
    own, which is ended after ``timeout`` seconds; the verdict is then UNDECIDED.
    """
    judge = _shared.get(os.getpid())
    if judge is None:
        judge = _shared[os.getpid()] = Judge(jobs=1)
        atexit.register(judge.close)
    return judge.decide(left, right, given, timeout)
