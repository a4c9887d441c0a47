"""Printed results of calculations: the question is settled by exact values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symbolic import Verdict

from ..meaning import kept
from ..meaning.choices import Choices, all_readings
from ..meaning.errors import MeaningError, Misfit
from ..meaning.formulas import FormulaReader
from ..meaning.givens import reachable
from ..meaning.kept import names_in
from ..meaning.scope import Scope
from ..meaning.values import Value, shape_text
from ..reading import syntax as s
from .memory import World
from .numbers import Printed, compare
from .questions import Answer, Question, misfit, unreadable

__all__ = ["numeric_question"]


def numeric_question(
    node: s.Node, decimals: Printed, free: Scope, world: World, variable: Value | None
) -> Question | None:
    """Whether the node's exact value is what is printed; None where it is no matter of numbers."""
    shape = (len(decimals), len(decimals[0]))
    is_matrix = shape != (1, 1)
    if not is_matrix and "." not in decimals[0][0]:
        return None
    answers: list[Answer] = []
    other: tuple[Any, ...] | None = None

    def read(choices: Choices) -> Value | MeaningError:
        try:
            return FormulaReader(choices, free, variable=variable).value(node, free)
        except MeaningError as error:
            return error

    for _, value in all_readings(read):
        if isinstance(value, MeaningError):
            if not isinstance(value, Misfit):
                return Question(unreadable(str(value))) if is_matrix else None
            continue
        if (value.shape or (1, 1)) != shape:
            other = value.shape
            continue
        numbers = _numbers(value, world)
        if numbers is None:
            return None
        answers.append(_compared(value, decimals, numbers, world))
    if not answers:
        return Question(misfit(shape_text(other or ()), shape_text(shape))) if is_matrix else None
    if len({answer.name for answer in answers}) > 1:
        return Question(unreadable("two readings fit, and they differ"))
    return Question(answers[0])


def _entry(value: Value) -> Any:
    indices = tuple(
        kept.ZERO if d == 1 else kept.plain_index(name) for d, name in zip(value.shape, ("row", "column"), strict=False)
    )
    return value.entry(*indices)


def _numbers(value: Value, world: World) -> dict[str, tuple[tuple[Fraction, ...], ...]] | None:
    """The numbers of all that the value is computed from; None where something has none."""
    expression = _entry(value)
    found = {}
    for name in reachable(names_in(expression), world.given, world.cache):
        quantity = world.given.quantities[name]
        if quantity.numbers is not None:
            found[name] = tuple(tuple(Fraction(int(x.p), int(x.q)) for x in row) for row in quantity.numbers)
        elif quantity.definition is None:
            return None
    return found


def _compared(
    value: Value, decimals: Printed, numbers: dict[str, tuple[tuple[Fraction, ...], ...]], world: World
) -> Answer:
    expression = _entry(value)
    definitions = reachable(names_in(expression), world.given, world.cache)
    given = [definition for definition in definitions.values() if definition is not None]
    verdict: Verdict = compare(expression, decimals, given, numbers)
    return Answer(verdict.name, verdict, message=verdict.reason or None)
