"""Long arrays in blocks that fit the cache: what runs the kernels that work in place."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BLOCK",
    "FEW",
    "InPlace",
    "at_once",
    "drop_nan",
    "entry_by_entry",
    "in_place",
    "keep_nan",
    "position_of_largest",
    "quietly",
    "row_by_row",
]

Array = NDArray[Any]
BLOCK = 3 << 13  # entries; a handful of buffers of that length stay in the second-level cache
FEW = 64  # vectors up to this length lie across a block, so that their sums add up long rows


@dataclass(frozen=True)
class InPlace:
    """A kernel that leaves its value in its first argument, with the number of buffers and of masks it works in."""

    kernel: Callable[..., None]
    buffers: int
    masks: int


def in_place(buffers: int = 0, masks: int = 0) -> Callable[[Callable[..., None]], InPlace]:
    """Says how many buffers (numbers) and masks (truth values) a kernel takes after its arguments."""
    return lambda kernel: InPlace(kernel, buffers, masks)


class _Quiet(threading.local):
    """A context of this thread in which floating-point errors pass in silence."""

    def __init__(self) -> None:
        self.context = contextvars.copy_context()
        self.context.run(np.seterr, all="ignore")


_IN_CONTEXT = np.lib.NumpyVersion(np.__version__) >= "2.0.0"  # before, the handling of errors was kept elsewhere
_QUIET = _Quiet() if _IN_CONTEXT else None


def quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """The function with `np.errstate(all="ignore")`, for a tenth of its cost."""
    if _QUIET is not None:
        try:
            return _QUIET.context.run(function, *arguments)
        except RuntimeError:  # a signal's handler came in between: a context is not entered twice
            pass
    with np.errstate(all="ignore"):
        return function(*arguments)


def has_nan(values: Array) -> bool:
    """Whether one of the values is NaN: their maximum is, then."""
    return bool(np.isnan(np.maximum.reduce(values, axis=None)))


def keep_nan(value: Array, source: Array) -> None:
    """Puts NaN where the source is NaN."""
    if has_nan(source):
        np.copyto(value, np.nan, where=np.isnan(source))


def drop_nan(value: Array) -> None:
    """-1 instead of NaN, and nothing below."""
    if has_nan(value):
        np.fmax(value, -1, out=value)


def position_of_largest(z: Array, top: Array) -> Array:
    """The first position of the largest entry along the first axis; the last position where that is NaN."""
    n, rows = z.shape
    if n > FEW or rows == 1:
        return z.argmax(axis=0)
    ranks = np.arange(n, 0, -1, dtype=np.int8)[:, None]
    return n - np.maximum.reduce(ranks * (z == top), axis=0, initial=1).astype(np.intp)


def at_once(blocks: InPlace, arrays: Sequence[Array], parameters: Sequence[float]) -> Array:
    """The kernel on arrays of one shape and one dtype, as one block."""
    shape, dtype = arrays[0].shape, arrays[0].dtype
    result = np.empty(shape, dtype)
    scratch = [np.empty(shape, dtype) for _ in range(blocks.buffers)]
    scratch += [np.empty(shape, np.bool_) for _ in range(blocks.masks)]
    blocks.kernel(result, *arrays, *parameters, *scratch)
    return result


def entry_by_entry(blocks: InPlace, values: Sequence[Array], parameters: Sequence[float], result: Array) -> None:
    """Fills the result, which lies in order, as the values do; those with one entry are used everywhere."""
    flat, target = [value.reshape(-1) for value in values], result.reshape(-1)
    size = min(BLOCK, target.size)
    scratch = [np.empty(size, result.dtype) for _ in range(blocks.buffers)]
    scratch += [np.empty(size, np.bool_) for _ in range(blocks.masks)]
    for start in range(0, target.size, size):
        part = slice(start, start + size)
        if start + size > target.size:
            scratch = [buffer[: target.size - start] for buffer in scratch]
        pieces = [value[part] if value.size > 1 else value for value in flat]
        blocks.kernel(target[part], *pieces, *parameters, *scratch)


def row_by_row(
    blocks: InPlace, vectors: Sequence[Array], numbers: Sequence[Array], parameters: Sequence[float], result: Array
) -> None:
    """Fills the result, of shape (N, n) or (N,), from vectors (N, n) or (1, n) and what there is one of for each, (N,).

    The kernel gets vectors along the first axis: (n, rows).  Short ones are copied there, so that rows are long.
    """
    count, n = len(result), vectors[0].shape[1]
    rows = max(1, min(count, BLOCK // n))
    layout = _Layout(n, across=n <= FEW and rows > 1, dtype=result.dtype)
    for start in range(0, count, rows):
        part = slice(start, min(start + rows, count))
        layout.fit(part.stop - part.start, len(vectors) + 1, blocks)
        pieces = [layout.block(k, value[part] if len(value) > 1 else value) for k, value in enumerate(vectors)]
        target = result[part] if result.ndim == 1 else layout.result(result[part])
        blocks.kernel(target, *pieces, *(value[part] for value in numbers), *parameters, *layout.scratch)
        if result.ndim == 2 and layout.across:
            np.copyto(result[part], target.T)


class _Layout:
    """The buffers of a block of vectors, across it or along it."""

    def __init__(self, n: int, across: bool, dtype: Any) -> None:
        self.n, self.across, self.dtype, self.rows = n, across, dtype, 0
        self.copies: list[Array] = []
        self.scratch: list[Array] = []

    def fit(self, rows: int, copies: int, blocks: InPlace) -> None:
        """Makes the buffers for so many vectors, if they are not there."""
        if rows == self.rows:
            return
        self.rows = rows
        self.copies = [self._empty(self.dtype) for _ in range(copies)] if self.across else []
        self.scratch = [self._empty(self.dtype) for _ in range(blocks.buffers)]
        self.scratch += [self._empty(np.bool_) for _ in range(blocks.masks)]

    def _empty(self, dtype: Any) -> Array:
        return np.empty((self.n, self.rows), dtype) if self.across else np.empty((self.rows, self.n), dtype).T

    def block(self, number: int, value: Array) -> Array:
        if not self.across:
            return value.T if len(value) == self.rows else np.broadcast_to(value.T, (self.n, self.rows))
        np.copyto(self.copies[number], value.T)
        return self.copies[number]

    def result(self, part: Array) -> Array:
        return self.copies[-1] if self.across else part.T
