"""Hypothesis strategies for points of the admissible set of a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from symbolic.terms import Claim, Tensor, Term

from . import sampling
from .arrays import Array
from .conditions import repairs
from .evaluation import Point
from .sampling import NUMBERS_OF_A_FUNCTION, SmoothFunction, shape_at, smooth_function

POINTS_AT_ONCE = 4


@dataclass(frozen=True)
class Sample:
    """Several points at the same sizes: one batch axis in front of every array.

    `admissible` says which of them meet the declared signs; `special` which lie on a set without interior (a
    corner of the simplex), where a side may be undefined without anything being wrong.
    """

    point: Point
    admissible: NDArray[np.bool_]
    special: NDArray[np.bool_]

    def text(self, row: int) -> str:
        """One of the points, as a person reads it."""
        parts = [f"{name} = {value}" for name, value in self.point.sizes.items()]
        for name, array in self.point.arrays.items():
            values = array[row] if len(array) > 1 else array[0]
            parts.append(f"{name} = {np.array2string(values, precision=6, separator=', ').replace(chr(10), '')}")
        parts += [f"{name}(u) = {function}" for name, function in self.point.functions.items()]
        return ", ".join(parts) or "(no variables)"


class Sampler:
    """Draws the points of a claim; `terms` are those whose undefined functions it interprets.

    `tied` draws from -1, 0 and 1 instead, so that the points lie where cases meet.
    """

    def __init__(
        self, claim: Claim, terms: Sequence[Term] = (), count: int = POINTS_AT_ONCE, tied: bool = False
    ) -> None:
        self.claim, self.count, self.tied = claim, count, tied
        self.quantities = sampling.independent(claim)
        bodies = [definition.body for definition in claim.definitions.values()]
        everything = [claim.left, claim.right, *bodies, *(c.term for c in claim.conditions), *terms]
        self.functions = sampling.function_names(everything)
        self.assignments = sampling.size_assignments(claim.sizes)
        self.one_hot = {c.tensor for c in claim.conditions if c.relation == "one-hot"}
        summing = [found for c in claim.conditions if (found := sampling.sums_to_one(c)) is not None]
        self.summing = {name: axis for name, axis in summing if name in self.quantities}
        self.repairs = repairs(claim)

    def strategy(self) -> SearchStrategy[Sample]:
        """Sizes first, then all numbers of all points as bytes."""
        return st.sampled_from(self.assignments).flatmap(self._at_sizes)

    def _at_sizes(self, sizes: Mapping[str, int]) -> SearchStrategy[Sample]:
        shapes = {name: shape_at(tensor.dimensions, sizes) for name, tensor in self.quantities.items()}
        numbers = sum(int(np.prod(shape)) for shape in shapes.values())
        length = self.count * numbers + NUMBERS_OF_A_FUNCTION * len(self.functions)
        return st.binary(min_size=length, max_size=length).map(lambda data: self.sample(sizes, shapes, data))

    def sample(self, sizes: Mapping[str, int], shapes: Mapping[str, tuple[int, ...]], data: bytes) -> Sample:
        """The points that the bytes say."""
        numbers = np.frombuffer(data, np.uint8)
        cut = NUMBERS_OF_A_FUNCTION * len(self.functions)
        functions = self._functions(numbers[:cut])
        rows = numbers[cut:].reshape(self.count, -1)
        arrays: dict[str, Array] = {}
        errors: dict[str, Array] = {}
        special = np.zeros(self.count, bool)
        start = 0
        for name, tensor in self.quantities.items():
            length = int(np.prod(shapes[name]))
            drawn = rows[:, start : start + length].reshape(self.count, *shapes[name])
            arrays[name], corner = self._values(name, tensor, drawn, start)
            special |= corner
            if name in self.summing:
                errors[name] = np.abs(arrays[name])
            start += length
        point = self._repaired(Point(sizes, arrays, functions, 1, errors))
        return Sample(point, self._admissible(point), special)

    def _functions(self, numbers: NDArray[np.uint8]) -> dict[str, SmoothFunction]:
        parts = numbers.reshape(-1, NUMBERS_OF_A_FUNCTION)
        return {name: smooth_function(part) for name, part in zip(self.functions, parts, strict=True)}

    def _values(self, name: str, tensor: Tensor, drawn: Array, start: int) -> tuple[Array, NDArray[np.bool_]]:
        ordinary = np.zeros(self.count, bool)
        if name in self.one_hot:
            return sampling.one_hot(drawn, sampling.last_axis(tensor)), ordinary
        values = sampling.few(drawn, tensor.domain) if self.tied else sampling.moderate(drawn, start, tensor.domain)
        if name in self.summing:
            return sampling.summing_to_one(drawn, values, self.summing[name], tensor.domain)
        return values, ordinary

    def _repaired(self, point: Point) -> Point:
        for _ in range(2 if len(self.repairs) > 1 else 1):
            for repair in self.repairs:
                point = repair.moved(point)
        moved = {repair.name for repair in self.repairs if repair.relation == "=" and repair.name}
        errors = {**point.errors, **{name: np.abs(point.arrays[name]) for name in moved}}
        return Point(point.sizes, point.arrays, point.functions, point.rank, errors)

    def _admissible(self, point: Point) -> NDArray[np.bool_]:
        """Where every quantity has its declared sign (a repair may have taken it away)."""
        result = np.ones(self.count, bool)
        signs = {"positive": np.greater, "nonnegative": np.greater_equal, "negative": np.less}
        for name, tensor in self.quantities.items():
            if tensor.domain in signs and name not in self.one_hot:
                holds = signs[tensor.domain](point.arrays[name], 0)
                result &= holds.reshape(self.count, -1).all(axis=1)
        return result


def points(claim: Claim, count: int = POINTS_AT_ONCE) -> SearchStrategy[Sample]:
    """`count` points at once of the admissible set of a claim.

    Sizes are drawn too: different ones from 1 to 4, at least one of them 2 or more.  Values are moderate and
    respect the declared signs; one-hot tensors are one-hot and sums are 1 where that is given.  Conditions on the
    values are met; those on free indices (i != j, z[i] > z[j]) hold for some entries and not for others, and
    `conditions.Conditions` says for which.
    """
    return Sampler(claim, count=count).strategy()
