"""Which reading of a definition is taken, where several fit and nothing has been claimed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..reading import syntax as s
from .choices import Choices, all_readings
from .errors import MeaningError
from .formulas import FormulaReader
from .scope import Scope

__all__ = ["plan_of"]

_BROADCAST = "a scalar is added to every entry"


@dataclass(frozen=True)
class _Reading:
    shape: tuple[Any, ...]
    plan: tuple[int, ...]
    words: tuple[str, ...]
    broadcasts: bool

    @property
    def has_inner_product(self) -> bool:
        return "inner product" in self.words


def plan_of(body: s.Node, scope: Scope, shapes: list[tuple[Any, ...]]) -> tuple[tuple[int, ...], str]:
    """The choices that a definition is read with, and how that was, in words.

    ``shapes`` are those that are declared or printed for it: one of these it has to have. Then a reading in which
    no scalar is added to a vector goes first, and w \\cdot x of two names is their inner product.
    """
    readings: list[_Reading] = []

    def read(choices: Choices) -> _Reading | None:
        reader = FormulaReader(choices, scope)
        try:
            shape = reader.value(body, scope).shape
        except MeaningError:
            return None
        broadcasts = any(note.startswith(_BROADCAST) for note in reader.notes)
        return _Reading(shape, tuple(choices.plan), tuple(choices.words), broadcasts)

    readings = [reading for _, reading in all_readings(read) if reading is not None]
    if not readings:
        return (), ""
    fitting = [each for each in readings if not shapes or (each.shape or (1, 1)) in shapes] or readings
    of_names = _multiplies_names(body)
    best = min(fitting, key=lambda each: (each.broadcasts, of_names and not each.has_inner_product))
    several = len({each.shape for each in readings}) > 1
    return best.plan, "; ".join(best.words) if several else ""


def _multiplies_names(body: s.Node) -> bool:
    """Whether every dot between factors stands between two bare names, as in w \\cdot x."""
    pairs = [
        (left, right)
        for node in s.walk(body)
        if isinstance(node, s.Product)
        for left, operator, right in zip(node.factors, node.operators, node.factors[1:], strict=False)
        if operator == "cdot"
    ]
    return bool(pairs) and all(isinstance(each, s.Symbol | s.Scripted) for pair in pairs for each in pair)
