"""Long arrays in blocks that fit the cache: what runs the kernels that work in place."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "AT_ONCE",
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
    "rows_at_once",
]

Array = NDArray[Any]
AT_ONCE = 3 << 13  # entries up to which an array is one block
IN_CACHE = 1 << 16  # entries of all arrays of a block together, which stay in the second-level cache
SMALL = 1 << 12  # entries up to which it is the number of calls that costs
FEW = 64  # vectors up to this length lie across a block, so that their sums add up long rows


@dataclass(frozen=True, slots=True)
class InPlace:
    """A kernel that leaves its value in its first argument, with the number of buffers and of masks it works in.

    One that needs no room beside its result gains nothing from blocks, and one that is a single call nothing at all.
    """

    kernel: Callable[..., None]
    buffers: int
    masks: int
    is_one_call: bool
    needs_room: bool

    def scratch(self, shape: tuple[int, ...], dtype: Any, order: Literal["C", "F"] = "C") -> list[Array]:
        """The buffers, then the masks."""
        made: list[Array] = []
        for _ in range(self.buffers):
            made.append(np.empty(shape, dtype, order))
        for _ in range(self.masks):
            made.append(np.empty(shape, np.bool_, order))
        return made


def in_place(buffers: int = 0, masks: int = 0, calls: int = 2) -> Callable[[Callable[..., None]], InPlace]:
    """Says how many buffers (numbers) and masks (truth values) a kernel takes, and whether it is one call."""
    return lambda kernel: InPlace(kernel, buffers, masks, calls == 1, buffers + masks > 0)


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
    n = len(z)
    if n > FEW or z.size <= SMALL:
        return z.argmax(axis=0)
    ranks = np.arange(n, 0, -1, dtype=np.int8)[:, None]
    return n - np.maximum.reduce(ranks * (z == top), axis=0, initial=1).astype(np.intp)


def at_once(blocks: InPlace, arrays: Sequence[Array], parameters: Sequence[float]) -> Array:
    """The kernel on arrays of one shape and one dtype, as one block."""
    shape, dtype = arrays[0].shape, arrays[0].dtype
    result = np.empty(shape, dtype)
    if blocks.needs_room:
        blocks.kernel(result, *arrays, *parameters, *blocks.scratch(shape, dtype))
    else:
        blocks.kernel(result, *arrays, *parameters)
    return result


def entry_by_entry(blocks: InPlace, values: Sequence[Array], parameters: Sequence[float], result: Array) -> None:
    """Fills the result, which lies in order, as the values do; those with one entry are used everywhere."""
    size = max(1, min(result.size, IN_CACHE // (len(values) + 1 + blocks.buffers)))
    whole = result.size - result.size % size
    flat = [result.reshape(-1), *(value.reshape(-1) for value in values)]
    tables = [repeat(value) if value.size == 1 else value[:whole].reshape(-1, size) for value in flat]
    scratch = blocks.scratch((size,), result.dtype)
    if whole:
        for pieces in zip(flat[0][:whole].reshape(-1, size), *tables[1:], strict=False):
            blocks.kernel(*pieces, *parameters, *scratch)
    if whole < result.size:
        pieces = tuple(value if value.size == 1 else value[whole:] for value in flat)
        blocks.kernel(*pieces, *parameters, *(buffer[: result.size - whole] for buffer in scratch))


def rows_at_once(
    blocks: InPlace, vectors: Sequence[Array], numbers: Sequence[Array], parameters: Sequence[float], reduces: bool
) -> Array:
    """The kernel on vectors (N, n), or (n,) after the first, and what there is one of for each, as one block."""
    shape, dtype = vectors[0].shape[::-1], vectors[0].dtype
    across = shape[0] <= FEW
    order: Literal["C", "F"] = "C" if across else "F"
    pieces = []
    for value in vectors:
        if value.ndim == 1:
            pieces.append(np.empty(shape, dtype, order))
            np.copyto(pieces[-1], value[:, None])
        else:
            pieces.append(value.T.copy() if across else value.T)
    out = np.empty(shape[1] if reduces else shape, dtype, order)
    scratch = blocks.scratch(shape, dtype, order) if blocks.needs_room else ()
    blocks.kernel(out, *pieces, *numbers, *parameters, *scratch)
    return out if reduces else out.T.copy() if across else out.T


def _turned(value: Array, copy: Array | None) -> Array:
    """The value, in the copy if there is one."""
    if copy is None:
        return value
    np.copyto(copy, value)
    return copy


def row_by_row(
    blocks: InPlace, vectors: Sequence[Array], numbers: Sequence[Array], parameters: Sequence[float], result: Array
) -> None:
    """Fills the result, of shape (N, n) or (N,), from vectors (N, n) or (1, n) and what there is one of for each, (N,).

    The kernel gets vectors along the first axis: (n, rows).  Short ones are copied there, so that rows are long.
    """
    count, n = len(result), vectors[0].shape[1]
    across, dtype = n <= FEW and count > 1, result.dtype
    rows = min(count, max(1, AT_ONCE // n))
    for start in range(0, count, rows):
        part = slice(start, min(start + rows, count))
        shape = n, part.stop - start
        if start == 0 or shape[1] != rows:
            scratch = blocks.scratch(shape, dtype, "C" if across else "F")
            copies = [np.empty(shape, dtype) if across else np.broadcast_to(value[:1].T, shape) for value in vectors]
            for copy, value in zip(copies, vectors, strict=True):
                if across and len(value) == 1:
                    np.copyto(copy, value.T)
            turned = np.empty(shape, dtype) if across else result.T
        pieces = [
            copy if len(value) == 1 else _turned(value[part].T, copy if across else None)
            for value, copy in zip(vectors, copies, strict=True)
        ]
        target = result[part] if result.ndim == 1 else turned if across else result[part].T
        blocks.kernel(target, *pieces, *(value[part] for value in numbers), *parameters, *scratch)
        if result.ndim == 2 and across:
            np.copyto(result[part], target.T)
