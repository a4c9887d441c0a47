"""Mutants: wrong variants of the lines of a derivation, each claimed equal to the line before.

Every operator is applied at every place of every line.  Exact structural duplicates are left out, and so is
what has the structure of the line itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from symbolic.derivation import Step
from symbolic.verdict import VerdictKind

from .operators import OPERATORS, Scope, Variant
from .trees import Place, free_indices, places, replace, substitute, substitute_given

_LONGEST_DESCRIPTION = 60


@dataclass(frozen=True)
class Mutant:
    """The claim ``left = right``, where right is a line with one node replaced, and left the line before it.

    ``before`` is the node as the line has it, ``after`` what replaced it; ``sizes`` says which sizes were made
    the same ("W for W^T at equal sizes"), everywhere in the claim.
    """

    derivation: str
    step_label: str
    operator: str
    before: Any
    after: Any
    left: Any
    right: Any
    given: tuple[Any, ...] = ()
    sizes: tuple[tuple[Any, Any], ...] = ()

    @property
    def description(self) -> str:
        """The place in the line, for the reader."""
        text = f"{_short(self.before)} -> {_short(self.after)}"
        return ", ".join((text, *(f"{a} = {b}" for a, b in self.sizes)))

    @property
    def name(self) -> str:
        """``"derivation, line: operator"``."""
        return f"{self.derivation}, {self.step_label}: {self.operator}"


def mutants_of(entry: Any, per_line: int | None = None) -> Iterator[Mutant]:
    """The mutants of a derivation (anything that has a name and steps), line by line.

    ``per_line`` bounds how many a line gives.  The choice is the same in every run: the operators take turns,
    first the one with the fewest mutants of the line (then in the order of `OPERATORS`), and of an operator's
    places those are taken that are spread evenly over the line.  So every operator that applies to a line is
    represented before one is used twice.
    """
    for step in entry.steps():
        if step.expected is VerdictKind.PROVED:
            mutants = list(_mutants_of_step(entry.name, step))
            yield from mutants if per_line is None else _choose(mutants, per_line)


def _mutants_of_step(name: str, step: Step) -> Iterator[Mutant]:
    scope = Scope(free_indices(step.right) | free_indices(step.left))
    seen: set[tuple[Any, tuple[Any, ...]]] = {(step.right, ())}
    for place in places(step.right):
        for operator, variants in OPERATORS.items():
            for variant in variants(place, scope):
                mutant = _mutant(name, step, operator, place, variant)
                if (mutant.right, mutant.sizes) not in seen:
                    seen.add((mutant.right, mutant.sizes))
                    yield mutant


def _mutant(name: str, step: Step, operator: str, place: Place, variant: Variant) -> Mutant:
    left, right, given = step.left, replace(step.right, place.path, variant.node), step.given
    if variant.sizes:
        left, right = substitute(left, variant.sizes), substitute(right, variant.sizes)
        given = tuple(substitute_given(item, variant.sizes) for item in given)
    sizes = tuple(variant.sizes.items())
    return Mutant(name, step.label, operator, place.node, variant.node, left, right, given, sizes)


def _choose(mutants: Iterable[Mutant], count: int) -> list[Mutant]:
    """At most `count` of them, the operators taking turns."""
    queues: dict[str, list[Mutant]] = {operator: [] for operator in OPERATORS}
    for mutant in mutants:
        queues[mutant.operator].append(mutant)
    waiting = sorted((_spread(queue) for queue in queues.values() if queue), key=len)
    chosen: list[Mutant] = []
    while waiting and len(chosen) < count:
        for queue in waiting[: count - len(chosen)]:
            chosen.append(queue.pop())
        waiting = [queue for queue in waiting if queue]
    return chosen


def _spread(queue: list[Mutant]) -> list[Mutant]:
    """Last in the list what comes first: first, middle, quarters, ... of the places in the line."""
    order: list[int] = []
    parts = 1
    while len(order) < len(queue):
        order += [p for k in range(parts + 1) if (p := k * (len(queue) - 1) // parts) not in order]
        parts *= 2
    return [queue[position] for position in dict.fromkeys(order)][::-1]


def _short(node: Any) -> str:
    text = str(node)
    return text if len(text) <= _LONGEST_DESCRIPTION else f"{text[: _LONGEST_DESCRIPTION - 3]}..."
