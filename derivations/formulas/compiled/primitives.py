"""What compiled kernels are made of, as plain Python: the compiler takes it as it stands, and so does a reader.

Each has the rounding and the treatment of NaN that NumPy's function of the kind has.  `apply`, `reduced` and the
library's functions that they are given are the exception: compiled, they are NumPy's and SciPy's own loops.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = [
    "apply",
    "apply_to_two",
    "choose",
    "greater",
    "lesser",
    "not_nan",
    "over",
    "position_of",
    "reduced",
    "row",
    "rows_at_once",
    "squared",
    "sum_of",
    "top_of",
]

AT_ONCE = 1 << 10  # entries of a block: a few buffers of them fit the first-level cache
FEW = 64  # entries up to which a sum is taken from left to right, as NumPy adds up rows; a library's loop costs more


def rows_at_once(n: int) -> int:
    """How many vectors of that length a block holds."""
    return max(1, AT_ONCE // n)


def row(table: Any, position: int) -> int:
    """Where a vector lies in its table; a single one stands for all."""
    return min(position, len(table) - 1)


def apply(function: Any, source: Any, target: Any, count: int) -> None:
    """The function of the first entries of an array in order, left in those of another, or in the same."""
    target.reshape(-1)[:count] = function(source.reshape(-1)[:count])


def apply_to_two(function: Any, first: Any, second: Any, target: Any, count: int) -> None:
    """The same for a function of two arguments."""
    target.reshape(-1)[:count] = function(first.reshape(-1)[:count], second.reshape(-1)[:count])


def reduced(function: Any, table: Any, i: int, start: Any) -> Any:
    """The start and all entries of a row taken together, two by two, by a function such as `add`."""
    return function.reduce(table[i], initial=start)


# ---- of numbers


def choose(condition: bool, yes: Any, no: Any) -> Any:
    """A selection between two numbers that are both there, which asks for no jump."""
    return yes if condition else no


def greater(a: Any, b: Any) -> Any:
    return a if (a > b) | (a != a) else b


def lesser(a: Any, b: Any) -> Any:
    return a if (a < b) | (a != a) else b


def not_nan(a: Any, least: Any) -> Any:
    """The number, but no less than the least, which also stands for NaN."""
    return a if a > least else least


def over(a: Any, divisor: Any) -> Any:
    """The quotient, for a divisor that is mostly 1."""
    return a if divisor == 1 else a / divisor


def squared(a: Any) -> Any:
    return a * a


# ---- of the rows of a table, by their position: a view of a row would be counted in and out


def sum_of(table: Any, i: int, add: Any) -> Any:
    """The sum of all entries."""
    n = table.shape[1]
    if n > FEW:
        return reduced(add, table, i, table.dtype.type(0))
    result = table[i, 0]
    for j in range(1, n):
        result += table[i, j]
    return result


def top_of(table: Any, i: int, maximum: Any) -> Any:
    """The largest entry, or NaN if there is one."""
    n = table.shape[1]
    if n > FEW:
        return reduced(maximum, table, i, table[i, 0])
    top = table[i, 0]
    is_nan = top != top
    for j in range(1, n):
        value = table[i, j]
        top = value if value > top else top
        is_nan |= value != value
    return table.dtype.type(np.nan) if is_nan else top


def position_of(table: Any, i: int, top: Any) -> int:
    """The first position of the largest entry, the last one where that is NaN; counted, as that asks for no jump."""
    position, is_before = 0, True
    for j in range(table.shape[1] - 1):
        is_before &= table[i, j] != top
        position += is_before
    return position
