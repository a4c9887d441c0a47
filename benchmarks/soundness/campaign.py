"""A campaign over many claims: shares of them in processes of their own, and what came of all."""

from __future__ import annotations

import multiprocessing
import queue
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from symbolic import Judge

from .claims import NotMade
from .trials import CRASHED, Finding, Tally, Trial

__all__ = ["Campaign", "judges"]

_TIMEOUT, _CERTIFIED_TIMEOUT = 5.0, 10.0  # seconds for a claim


def judges() -> tuple[Judge, Judge]:
    """One that decides, one that also writes certificates."""
    return Judge(jobs=1, timeout=_TIMEOUT), Judge(jobs=1, timeout=_CERTIFIED_TIMEOUT, certificates=True)


@dataclass(frozen=True)
class Campaign:
    """Claims 0, 1, 2, ... of a seed, until the time is up or ``most`` were asked."""

    seed: int
    seconds: float
    jobs: int = 1
    most: int | None = None

    def run(self) -> Iterator[Tally]:
        """The tally of each claim, as it comes."""
        if self.jobs == 1:
            yield from self._share(0)
            return
        context = multiprocessing.get_context("spawn")
        results: Any = context.Queue()
        workers = [context.Process(target=self._send, args=(share, results)) for share in range(self.jobs)]
        for worker in workers:
            worker.start()
        try:
            running = len(workers)
            while running:
                try:
                    tally = results.get(timeout=1)
                except queue.Empty:
                    running = sum(worker.is_alive() for worker in workers)
                    continue
                if tally is None:
                    running -= 1
                else:
                    yield tally
        finally:
            for worker in workers:
                worker.terminate()
                worker.join()

    def _send(self, share: int, results: Any) -> None:
        for tally in self._share(share):
            results.put(tally)
        results.put(None)

    def _share(self, share: int) -> Iterator[Tally]:
        """Every so many-th claim."""
        deadline = time.monotonic() + self.seconds
        decider, certifier = judges()
        with decider, certifier:
            trial = Trial(self.seed, decider, certifier)
            number = share
            while time.monotonic() < deadline and (self.most is None or number < self.most):
                try:
                    yield trial.run(number)
                except NotMade:
                    pass
                except Exception:  # the others go on; the run is not as it should be
                    yield Tally(findings=[Finding(CRASHED, number, traceback.format_exc(limit=-3))])
                number += self.jobs
