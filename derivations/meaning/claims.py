"""From two sides to the claims that their equality may mean, before any verdict is sought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from ..reading import syntax as s
from . import kept
from .choices import Choices, all_readings
from .errors import MeaningError, Misfit
from .formulas import FormulaReader
from .scope import Index, Scope
from .values import Value, shape_text, transposed, with_size

__all__ = ["Alternative", "PairReading", "Side", "read_pair", "survey"]


@dataclass(frozen=True)
class Side:
    """What a first look at a side shows: the indices that are free in it, and those repeated in products."""

    free: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    error: MeaningError | None = None


@dataclass
class Alternative:
    """One reading of both sides: pairs of expressions, the first as written, others up to layout."""

    pairs: list[tuple[Any, Any, str | None]]
    words: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class PairReading:
    """All readings that fit, or why there is none; ``slips`` of the left and of the right side."""

    alternatives: list[Alternative] = field(default_factory=list)
    slips: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    unreadable: tuple[MeaningError | None, MeaningError | None] = (None, None)
    misfit: Misfit | None = None


def survey(node: s.Node, free: Scope, fixed: frozenset[str] = frozenset(), variable: Value | None = None) -> Side:
    """A first look at a side, as it reads without any choice made."""
    reader = FormulaReader(Choices(), free, fixed=fixed, variable=variable)
    error = None
    try:
        value = reader.value(node, free)
        if value.times_identity is None:
            value.entry(*(kept.index("i") for _ in value.shape))
    except Misfit:
        pass
    except MeaningError as met:
        error = met
    repeated = frozenset(reader.repeated)
    return Side(frozenset(reader.met_indices) - repeated, repeated, error)


@dataclass(frozen=True)
class _Frame:
    free: Scope
    fixed: frozenset[str]
    summed: tuple[frozenset[str], frozenset[str]]
    variable: Value | None


def read_pair(
    left: s.Node,
    right: s.Node,
    free: Scope,
    sides: tuple[Side, Side],
    fixed: frozenset[str] = frozenset(),
    variable: Value | None = None,
) -> PairReading:
    """Every way to read two sides so that they conform; the same construct is read the same way in both."""
    named = (sides[1].free | fixed, sides[0].free | fixed)
    cases = {name for name in sides[0].repeated | sides[1].repeated if _in_a_case(name, free)}
    summed = tuple(side.repeated - others - cases for side, others in zip(sides, named, strict=True))
    frame = _Frame(free, fixed | sides[0].free | sides[1].free, (summed[0], summed[1]), variable)
    result = PairReading()
    for wide in (False, True):
        result = _read(left, right, frame, wide)
        if result.alternatives or any(result.unreadable):
            break
    return result


def _in_a_case(name: str, free: Scope) -> bool:
    meaning = free.find(name)
    return isinstance(meaning, Index) and meaning.in_a_case


def _read(left: s.Node, right: s.Node, frame: _Frame, wide: bool) -> PairReading:
    result = PairReading()

    def read(choices: Choices) -> _Both:
        choices.wide = wide
        return _Both(left, right, frame, choices)

    for _, both in all_readings(read):
        if both.unreadable != (None, None):
            result.unreadable = both.unreadable
            result.slips = both.slips
            return result
        if both.alternative is not None:
            result.alternatives.append(both.alternative)
            result.slips = both.slips
        elif result.misfit is None:
            result.misfit = both.misfit
            if not result.alternatives:
                result.slips = both.slips
    return result


class _Both:
    """Both sides under one combination of choices."""

    def __init__(self, left: s.Node, right: s.Node, frame: _Frame, choices: Choices) -> None:
        self.alternative: Alternative | None = None
        self.misfit: Misfit | None = None
        readers = [FormulaReader(choices, frame.free, summed, frame.fixed, frame.variable) for summed in frame.summed]
        values, errors = [], []
        for reader, node in zip(readers, (left, right), strict=True):
            value, error = self._value(reader, node, frame.free)
            values.append(value)
            errors.append(error)
        self.unreadable = (errors[0], errors[1])
        self.slips = (tuple(readers[0].slips), tuple(readers[1].slips))
        notes = tuple(dict.fromkeys((*readers[0].notes, *readers[1].notes)))
        if self.unreadable != (None, None) or values[0] is None or values[1] is None:
            return
        turning = _has_slope(left) or _has_slope(right)
        try:
            pairs = list(_pairs(values[0], values[1], turning, frame.free))
        except Misfit as misfit:
            self.misfit = misfit
            return
        except MeaningError as error:
            self.unreadable = (error, None)
            return
        self.alternative = Alternative(pairs, tuple(choices.words), notes)

    def _value(self, reader: FormulaReader, node: s.Node, scope: Scope) -> tuple[Value | None, MeaningError | None]:
        try:
            value = reader.value(node, scope)
            if value.times_identity is None:
                value.entry(*(kept.index("i") for _ in value.shape))
            return value, None
        except Misfit as misfit:
            self.misfit = self.misfit or misfit
            return None, None
        except MeaningError as error:
            return None, error


def _has_slope(node: s.Node) -> bool:
    return any(isinstance(each, s.Derivative) for each in s.walk(node))


def _pairs(left: Value, right: Value, turning: bool, free: Scope) -> Iterator[tuple[Any, Any, str | None]]:
    """The two sides entry by entry, and transposed where only layout is in question."""
    left, right = with_size(left, right.shape), with_size(right, left.shape)
    if kept.ANY in (*left.shape, *right.shape):
        raise kept.size_not_said()
    if left.shape == right.shape:
        yield (*_entries(left, right, free), None)
        if turning and len(left.shape) == 2 and left.shape[0] == left.shape[1]:
            yield (*_entries(left, transposed(right), free), _layout(left, right))
        return
    if _is_zero(right) or _is_zero(left):
        shape = left.shape or right.shape
        zero = Value(shape, lambda *_: kept.ZERO)
        yield (*_entries(left if left.shape else zero, right if right.shape else zero, free), None)
        return
    if len(left.shape) == len(right.shape) == 2 and left.shape == right.shape[::-1]:
        yield (*_entries(left, transposed(right), free), _layout(left, right))
        return
    raise Misfit(shape_text(left.shape), shape_text(right.shape))


def _is_zero(value: Value) -> bool:
    return value.is_scalar and value.literal and value.entry() == 0


def _layout(left: Value, right: Value) -> str:
    shapes = f"{shape_text(left.shape)} on the left, {shape_text(right.shape)} on the right"
    return f"right up to transposition: {shapes}"


def _entries(left: Value, right: Value, free: Scope) -> tuple[Any, Any]:
    names = ("row", "column", "third", "fourth")[: len(left.shape)]
    indices = tuple(
        sp.Integer(0) if d == 1 else free.settings.registry.index(name)
        for name, d in zip(names, left.shape, strict=True)
    )
    return left.entry(*indices), right.entry(*indices)
