"""SymPy's own decisions, in child processes that are killed when their time is up."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

import sympy as sp

Pair = tuple[Any, Any]

#: Without a copy of everything that is imported here where the system can fork.
_CONTEXT = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else None)


def by_simplify(left: Any, right: Any) -> bool | None:
    """``simplify((a - b).doit()) == 0``; anything else than 0 is no answer, but is counted as "not equal"."""
    return bool(sp.simplify((left - right).doit()) == 0)


def by_equals(left: Any, right: Any) -> bool | None:
    """``a.equals(b)``: True, False or None."""
    answer: bool | None = left.equals(right)
    return answer


PEERS: dict[str, Callable[[Any, Any], bool | None]] = {"simplify": by_simplify, "equals": by_equals}


@dataclass(frozen=True)
class Answer:
    """``equal`` is None without an answer; ``note`` says why: "time", "error" or "no answer"."""

    equal: bool | None
    seconds: float
    note: str = ""


class Child:
    """A peer at work in a process of its own."""

    def __init__(self, peer: str, pairs: Sequence[Pair], limit: float) -> None:
        self.started = time.perf_counter()
        self.deadline = self.started + limit
        self.reading, writing = _CONTEXT.Pipe(duplex=False)
        self.process = _CONTEXT.Process(target=_answer, args=(peer, list(pairs), writing), daemon=True)
        self.process.start()
        writing.close()

    def answer(self) -> Answer | None:
        """What it says, or that its time is up; None while it is at work."""
        late = time.perf_counter() > self.deadline
        if not late and not self.reading.poll():
            return None
        try:
            result = Answer(*self.reading.recv()) if self.reading.poll() else self._none("time")
        except EOFError:
            result = self._none("error")
        self.process.kill()
        self.process.join()
        self.reading.close()
        return result

    def _none(self, note: str) -> Answer:
        return Answer(None, time.perf_counter() - self.started, note)


def ask(peer: str, pairs: Sequence[Pair], limit: float) -> Answer:
    """Whether all pairs are equal, within `limit` seconds; the first that is not ends the question."""
    ((_, answer),) = ask_all({peer: iter([pairs])}, lambda: limit)
    return answer


def ask_all(work: Mapping[str, Iterator[Sequence[Pair]]], limit: Callable[[], float]) -> Iterator[tuple[str, Answer]]:
    """The peers side by side, each with one question after the other; ``limit`` says how long the next may take.

    One thread waits for all: a process that forks should have no other.
    """
    at_work: dict[str, Child] = {}
    waiting = dict(work)
    while waiting or at_work:
        for peer in [peer for peer in waiting if peer not in at_work]:
            pairs = next(waiting[peer], None)
            seconds = limit()
            if pairs is None or seconds <= 0:
                del waiting[peer]
            else:
                at_work[peer] = Child(peer, pairs, seconds)
        if at_work:
            soonest = min(child.deadline for child in at_work.values()) - time.perf_counter()
            wait([child.reading for child in at_work.values()], max(0.0, soonest) + 0.01)
        for peer, child in list(at_work.items()):
            answer = child.answer()
            if answer is not None:
                del at_work[peer]
                yield peer, answer


def _answer(peer: str, pairs: Sequence[Pair], writing: Any) -> None:
    """In the child: the time is that of the decisions alone."""
    started = time.perf_counter()
    equal: bool | None = True
    note = ""
    try:
        for left, right in pairs:
            answer = PEERS[peer](left, right)
            if answer is not True:
                equal, note = answer, "" if answer is False else "no answer"
                break
    except Exception as error:
        equal, note = None, f"error: {type(error).__name__}"
    writing.send((equal, time.perf_counter() - started, note))
    writing.close()
