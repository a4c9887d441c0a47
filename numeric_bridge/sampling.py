"""From drawn bytes to points of the admissible set: moderate values that meet every declared shape and sign.

Every number is one byte, so that hypothesis draws a whole point at once and shrinks it number by number.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from symbolic.terms import Claim, Condition, Dimension, Tensor, Term

from .arrays import Array

LARGEST_SIZE = 4
MOST_ASSIGNMENTS = 500
GOLDEN = (math.sqrt(5) - 1) / 2


def size_assignments(least: Mapping[str, int]) -> list[dict[str, int]]:
    """Different sizes for the size symbols, at least one of them 2 or more; small ones first.

    `least` holds the least value of each; sizes go up to 4, or as far as different values need.
    """
    if not least:
        return [{}]
    largest = max(LARGEST_SIZE, len(least), max(least.values()) + len(least) - 1)
    values = itertools.permutations(range(1, largest + 1), len(least))
    fitting = [v for v in values if max(v) >= 2 and all(a >= b for a, b in zip(v, least.values(), strict=True))]
    fitting.sort(key=lambda v: (max(v), sum(v)))
    stride = -(-len(fitting) // MOST_ASSIGNMENTS)
    return [dict(zip(least, v, strict=True)) for v in fitting[::stride]]


@dataclass(frozen=True)
class SmoothFunction:
    """An undefined function's stand-in, with all its derivatives: a sin(w u + phase) + slope u + level."""

    a: float
    w: float
    phase: float
    slope: float
    level: float

    def __call__(self, order: int, argument: Array) -> Array:
        value: Array = self.a * self.w**order * np.sin(self.w * argument + self.phase + order * math.pi / 2)
        if order == 0:
            return value + self.slope * argument + self.level
        return value + self.slope if order == 1 else value

    def __str__(self) -> str:
        return f"{self.a:.4g}*sin({self.w:.4g}*u + {self.phase:.4g}) + {self.slope:.4g}*u + {self.level:.4g}"


NUMBERS_OF_A_FUNCTION = 5


def smooth_function(data: Array) -> SmoothFunction:
    """The stand-in that five bytes say."""
    a, w, phase, slope, level = (float(v) / 255 for v in data)
    return SmoothFunction(0.5 + 0.5 * a, 0.6 + 0.6 * w, 2 * math.pi * phase, 0.2 + 0.6 * slope, level - 0.5)


def function_names(terms: Sequence[Term]) -> list[str]:
    """The undefined functions in the terms, sorted."""
    found: set[str] = set()
    seen: set[Term] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        if term not in seen:
            seen.add(term)
            waiting += term.children()
            if term.op == "applied":
                found.add(term.args[0])
    return sorted(found)


def moderate(data: Array, first: int, domain: str) -> Array:
    """Values of magnitude 1/8 to 3/2; byte 0 gives about 1.

    A small offset by position keeps any two numbers of a point apart, so that no case is decided by a tie that
    only the draw brought about; `first` is the position of the first number.
    """
    steps = data >> 1
    away = (steps >> 1) / 64.0
    size = np.where(steps & 1, 1.0 - 0.84 * away, 1.0 + 0.47 * away)
    position = first + np.arange(data[0].size).reshape(data.shape[1:])
    size = size + 0.02 * ((position + 1) * GOLDEN % 1.0)
    if domain == "real":
        return np.where(data & 1, -size, size)
    return -size if domain == "negative" else size


def few(data: Array, domain: str) -> Array:
    """Small integers with many ties: 0, 1 and -1, as far as the domain allows."""
    values = {"positive": [1, 2], "nonnegative": [0, 1], "negative": [-1, -2]}.get(domain, [0, 1, -1])
    return np.array(values, float)[data % len(values)]


def last_axis(tensor: Tensor) -> int:
    """The last axis whose dimension is not 1, counted from the end: the one that a one-hot tensor sums over."""
    axes = [n for n, dimension in enumerate(tensor.dimensions) if dimension != 1]
    return (axes[-1] if axes else len(tensor.dimensions) - 1) - len(tensor.dimensions)


def one_hot(data: Array, axis: int) -> Array:
    """1 at the position that the first number along the axis says, else 0."""
    length = data.shape[axis]
    position = np.take(data, [0], axis=axis) % length
    shape = [1] * data.ndim
    shape[axis] = length
    return (np.arange(length).reshape(shape) == position).astype(np.float64)


def summing_to_one(data: Array, values: Array, axis: int, domain: str) -> tuple[Array, Array]:
    """Values with sum 1 along the axis, and at which points they are corners of the simplex.

    By the last byte of a point: one-hot, positive, or (where the domain allows) of any sign.
    """
    positive = np.abs(values) / np.abs(values).sum(axis=axis, keepdims=True)
    if domain == "positive":
        return positive, np.zeros(len(data), bool)
    kind = data.reshape(len(data), -1)[:, -1] % 3
    selector = kind.reshape(-1, *(1,) * (data.ndim - 1))
    corner = one_hot(data, axis)
    signed = values + (1.0 - values.sum(axis=axis, keepdims=True)) / values.shape[axis]
    last = signed if domain == "real" else positive
    return np.where(selector == 0, last, np.where(selector == 1, positive, corner)), kind == 2


def sums_to_one(condition: Condition) -> tuple[str, int] | None:
    """The tensor and the axis (from the end) that a condition says to sum to 1, if it is of that form."""
    term = condition.term
    if condition.relation != "=" or term.op != "add" or len(term.args) != 2:
        return None
    found: Iterator[Term] = (part for part in term.args if part.op == "sum" and part.args[2].op == "entry")
    whole = next(found, None)
    if whole is None or not any(part.op == "number" and part.args[0] == -1 for part in term.args):
        return None
    name, indices = whole.args[2].args
    others = {i for i in indices if isinstance(i, str)} - {whole.args[0]}
    if indices.count(whole.args[0]) != 1 or not others <= {i for i, _ in condition.quantified}:
        return None
    return name, indices.index(whole.args[0]) - len(indices)


def shape_at(dimensions: Sequence[Dimension], sizes: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(d if isinstance(d, int) else sizes[d] for d in dimensions)


def independent(claim: Claim) -> dict[str, Tensor]:
    """The quantities without a definition, scalars as tensors without dimensions."""
    tensors = {name: Tensor((), domain) for name, domain in claim.symbols.items()} | dict(claim.tensors)
    return {name: tensors[name] for name in sorted(tensors) if name not in claim.definitions}
