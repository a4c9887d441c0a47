"""Readings: every way to take a formula where its signs leave a choice, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

__all__ = ["MOST_READINGS", "Choices", "all_readings"]

MOST_READINGS = 24

Option = TypeVar("Option")
Result = TypeVar("Result")


class Choices:
    """What is taken at each place where there is a choice; the same construct is taken the same way throughout."""

    def __init__(self, plan: Sequence[int] = ()) -> None:
        self._plan = list(plan)
        self._taken: dict[Any, int] = {}
        self.counts: list[int] = []
        self.plan: list[int] = []
        self.words: list[str] = []
        self.wide = False  # whether readings are taken that are only thought of where no other fits

    def again(self) -> Choices:
        """The same choices for another reading of the same formula."""
        return Choices(self.plan or self._plan)

    def choose(self, key: Any, options: Sequence[tuple[str, Option]]) -> Option:
        """One of the (words, option) pairs."""
        if len(options) == 1:
            return options[0][1]
        if key not in self._taken:
            position = len(self.plan)
            taken = self._plan[position] if position < len(self._plan) else 0
            self._taken[key] = taken
            self.plan.append(taken)
            self.counts.append(len(options))
            self.words.append(options[taken][0])
        return options[self._taken[key]][1]


class all_readings(Generic[Result]):
    """Runs ``read(choices)`` for every combination of choices; iterating gives (choices, result)."""

    def __init__(self, read: Callable[[Choices], Result]) -> None:
        self.read = read

    def __iter__(self) -> Iterator[tuple[Choices, Result]]:
        plan: list[int] | None = []
        for _ in range(MOST_READINGS):
            if plan is None:
                return
            choices = Choices(plan)
            result = self.read(choices)
            plan = _next(choices)
            yield choices, result


def _next(choices: Choices) -> list[int] | None:
    """The plan after this one, in order; None after the last."""
    plan, counts = list(choices.plan), choices.counts
    while plan:
        plan[-1] += 1
        if plan[-1] < counts[len(plan) - 1]:
            return plan
        plan.pop()
    return None
