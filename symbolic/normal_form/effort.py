"""What a proof has cost so far: one that becomes long is interrupted to look for a counterexample."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["Effort"]

_NEVER = 1 << 62


class Effort:
    """Counts products of terms, which take much the same time everywhere, and pauses where so many were made.

    Each of the ``pauses`` is a count and what is called there; it may end the proof by an exception of its own.
    """

    def __init__(self, pauses: Iterable[tuple[int, Callable[[], None]]] = ()) -> None:
        self._spent = 0
        self._pauses = list(pauses)[::-1]
        self._due = self._pauses[-1][0] if self._pauses else _NEVER

    def spend(self, products: int) -> None:
        """So many more products of terms are made."""
        self._spent += products
        while self._spent >= self._due:
            _, pause = self._pauses.pop()
            self._due = self._pauses[-1][0] if self._pauses else _NEVER
            pause()
