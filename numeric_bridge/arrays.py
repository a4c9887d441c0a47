"""Arrays with named axes: leading batch axes, then one axis for each index, in the order of the indices' names.

Products are contracted two factors at a time, in an order fixed beforehand, so that no array holds more indices
than a product of two factors needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Axes = tuple[str, ...]
Picks = tuple[str | int, ...]
T = TypeVar("T")


def union(parts: Sequence[Axes]) -> Axes:
    """The axes that occur in any of the parts, in order."""
    return tuple(sorted({axis for part in parts for axis in part}))


def expander(axes: Axes, onto: Axes) -> tuple[Any, ...]:
    """The index that aligns an array with `axes` to one with the axes `onto`."""
    return (Ellipsis, *(slice(None) if axis in axes else None for axis in onto))


def reindex(array: Array, picks: Picks) -> Array:
    """Entries of the last axes: a position is taken, a name gives an axis, a name met twice the diagonal."""
    names = [pick for pick in picks if isinstance(pick, str)]
    if len(names) < len(picks):
        array = array[(Ellipsis, *(slice(None) if isinstance(pick, str) else pick for pick in picks))]
    order = sorted(set(names))
    if names == order:
        return array
    labels = [order.index(name) for name in names]
    result: Array = np.einsum(array, [Ellipsis, *labels], [Ellipsis, *range(len(order))])
    return result


@dataclass(frozen=True)
class Plan:
    """How a sum of products is worked out.

    Each step takes two operands from the front of a list by position and appends their product, summed over the
    indices that nothing else needs; `last` sums what is left in the only operand.
    """

    steps: tuple[tuple[int, int, str], ...]
    last: str


@lru_cache(maxsize=4096)
def plan(operands: tuple[Axes, ...], onto: Axes) -> Plan:
    """The order in which the operands are multiplied: always the two whose product has the fewest axes."""
    letters = {axis: chr(ord("a") + n) for n, axis in enumerate(union([*operands, onto]))}

    def text(axes: Axes) -> str:
        return "..." + "".join(letters[axis] for axis in axes)

    def product(first: int, second: int) -> Axes:
        others = [axes for n, axes in enumerate(left) if n not in (first, second)]
        needed = {*onto, *union(others)}
        return tuple(axis for axis in union([left[first], left[second]]) if axis in needed)

    left = list(operands)
    steps = []
    while len(left) > 1:
        pairs = [(a, b) for b in range(len(left)) for a in range(b)]
        a, b = min(pairs, key=lambda pair: (len(product(*pair)), len(union([left[pair[0]], left[pair[1]]]))))
        axes = product(a, b)
        steps.append((a, b, f"{text(left[a])},{text(left[b])}->{text(axes)}"))
        left = [kept for n, kept in enumerate(left) if n not in (a, b)] + [axes]
    return Plan(tuple(steps), f"{text(left[0])}->{text(onto)}")


def contract(operands: Sequence[T], order: Plan, pair: Callable[[T, T, str], T], alone: Callable[[T, str], T]) -> T:
    """The sum of products: `pair` multiplies and sums two operands, `alone` sums one, as einsum would."""
    left = list(operands)
    for a, b, subscripts in order.steps:
        result = pair(left[a], left[b], subscripts)
        left = [kept for n, kept in enumerate(left) if n not in (a, b)] + [result]
    source, target = order.last.split("->")
    return left[0] if source == target else alone(left[0], order.last)


def multiply(first: Array, second: Array, subscripts: str) -> Array:
    """Two arrays multiplied and summed."""
    result: Array = np.einsum(subscripts, first, second)
    return result


def add_up(array: Array, subscripts: str) -> Array:
    """One array summed."""
    result: Array = np.einsum(subscripts, array)
    return result
