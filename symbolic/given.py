"""What is given beside plain SymPy relations: definitions, one-hot tensors, conditions for every index.

A plain relation whose index also stands in the claim speaks of that index; any other index in it runs over
its whole range (as in `Every`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

__all__ = ["Define", "Every", "OneHot", "sums_to_one"]


@dataclass(frozen=True)
class Define:
    """``target := value``; the target is a Symbol, a MatrixSymbol, or an entry ``y[i, 0]`` with index symbols."""

    target: Any
    value: Any


@dataclass(frozen=True)
class OneHot:
    """Every entry of the tensor is 0 or 1, and over its last index of dimension other than 1 they sum to 1.

    A column ``t`` of shape (n, 1) is one such vector; the rows of a matrix of shape (m, n) are m of them.
    """

    tensor: Any


@dataclass(frozen=True)
class Every:
    """The relation holds for every value of the indices."""

    indices: tuple[Any, ...]
    relation: Any


def sums_to_one(tensor: Any) -> Any:
    """sum over k of t[k] = 1 for a column; for a matrix, the same for each of its rows."""
    k, r = sp.Dummy("k", integer=True), sp.Dummy("r", integer=True)
    rows, columns = tensor.shape
    if columns == 1:
        return sp.Eq(sp.Sum(tensor[k, 0], (k, 0, rows - 1)), 1)
    return Every((r,), sp.Eq(sp.Sum(tensor[r, k], (k, 0, columns - 1)), 1))
