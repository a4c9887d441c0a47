"""Long arrays in blocks that fit the cache: what runs the kernels that work in place."""

from __future__ import annotations

import contextvars
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

try:
    # What `np.clip` calls after a microsecond of its own.
    from numpy._core.umath import clip  # type: ignore[attr-defined, unused-ignore]
except ImportError:
    from numpy import clip

__all__ = [
    "AT_ONCE",
    "FEW",
    "FRESH",
    "NUMBERS",
    "QUIET",
    "InPlace",
    "Numbers",
    "above",
    "below",
    "clip",
    "drop_nan",
    "entries",
    "entry_by_entry",
    "in_place",
    "places",
    "position_of_largest",
    "quietly",
    "row_by_row",
    "rows_at_once",
    "turned",
    "with_errstate",
]

Array = NDArray[Any]
Order = Literal["C", "F"]
AT_ONCE = 3 << 13  # entries up to which an array is one block
FRESH = 1 << 14  # entries up to which buffers are made anew, as NumPy does it within the operation that fills them
IN_CACHE = 1 << 17  # entries of all arrays of a block together, which stay in the second-level cache
ALONG = 1 << 19  # the same where vectors lie along a block: what is done to each costs more than the next level does
LITTLE = 1 << 17  # bytes that are had for little
ROOM = 1 << 21  # bytes that a thread keeps
LINE = 64  # bytes
KEPT = 1 << 10  # numbers that are kept as arrays; a program that asks for more gets new ones each time
LITTLE_AT_ALL = 1 << 8  # entries up to which a guess that goes wrong costs less than two operations more
SMALL = 1 << 12  # entries up to which it is the number of calls that costs
COPIED = 1 << 10  # entries: NumPy copies rows that are shorter than half of this, to have longer ones to work on
FEW = 64  # vectors up to this length lie across a block, so that their sums add up long rows


def _aligned(size: int) -> Array:
    """Bytes that begin where a line of the cache does."""
    memory = np.empty(size + LINE, np.uint8)
    start = -memory.__array_interface__["data"][0] % LINE
    return memory[start : start + size]


class Room:
    """Memory to work in: it is kept by its thread, as the system charges dearly for pages given back and asked for."""

    _kept = threading.local()

    def __enter__(self) -> Room:
        memory = getattr(self._kept, "memory", None)
        self._kept.memory = None  # lent once at a time
        self.memory = _aligned(ROOM) if memory is None else memory
        self.used = 0
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.memory = self.memory

    def array(self, shape: tuple[int, ...], dtype: Any, order: Order = "C") -> Array:
        """An array with whatever was there."""
        start, size = self.used, math.prod(shape) * dtype.itemsize
        if start + size > ROOM:
            return np.empty(shape, dtype, order)
        self.used = start + size + -size % LINE
        return np.ndarray(shape, dtype, self.memory, start, order=order)


class Numbers(dict[float, Array]):
    """Numbers as arrays of one dtype that have no axes.

    With a number of Python's, each operation takes three times as long to begin: NumPy asks anew what it fits in.
    """

    def __init__(self, dtype: Any) -> None:
        self.dtype = np.dtype(dtype)

    def __missing__(self, value: float) -> Array:
        array = np.array(value, self.dtype)
        array.setflags(write=False)
        if len(self) < KEPT:
            self[value] = array
        return array


NUMBERS = {np.dtype(dtype): Numbers(dtype) for dtype in (np.float64, np.float32)}


@dataclass(frozen=True, slots=True)
class InPlace:
    """A kernel that leaves its value in its second argument, with the number of buffers and of masks it works in.

    The first argument is `NUMBERS` of its dtype.  A kernel entry by entry may get None for its result and its buffers:
    it makes them, then, and returns the result.  One that needs no room beside its result gains nothing from blocks.
    One that `overwrites` reads no argument once it has begun to write its result, which may lie where an argument does.
    The vectors with the number `lying`, and the result then, are taken as they lie, where others are copied across.
    """

    kernel: Callable[..., Any]
    buffers: int
    masks: int
    needs_room: bool
    overwrites: bool = False
    lying: int | None = None

    def run(self, result: Array, arguments: Sequence[Any], shape: tuple[int, ...], order: Order = "C") -> None:
        """The kernel on one block of that shape, which is that of the first argument."""
        number = NUMBERS[result.dtype]
        if not self.needs_room:
            self.kernel(number, result, *arguments)
        elif arguments[0].nbytes > LITTLE:
            with Room() as room:
                self.kernel(number, result, *arguments, *self.scratch(room, shape, result.dtype, order))
        elif self.buffers == 1:
            masks = (np.empty(shape, np.bool_, order),) if self.masks else ()
            self.kernel(number, result, *arguments, np.empty(shape, result.dtype, order), *masks)
        else:
            made = [np.empty(shape, result.dtype, order) for _ in range(self.buffers)]
            made += [np.empty(shape, np.bool_, order) for _ in range(self.masks)]
            self.kernel(number, result, *arguments, *made)

    def scratch(self, room: Room, shape: tuple[int, ...], dtype: Any, order: Order = "C") -> list[Array]:
        """The buffers, then the masks."""
        made = [room.array(shape, dtype, order) for _ in range(self.buffers)]
        return made + [room.array(shape, np.dtype(np.bool_), order) for _ in range(self.masks)]


def in_place(
    buffers: int = 0, masks: int = 0, overwrites: bool = False, lying: int | None = None
) -> Callable[[Callable[..., Any]], InPlace]:
    """Says how many buffers (numbers) and masks (truth values) a kernel takes, and how it goes about its arguments."""
    return lambda kernel: InPlace(kernel, buffers, masks, buffers + masks > 0, overwrites, lying)


_IS_IN_CONTEXT = np.lib.NumpyVersion(np.__version__) >= "2.0.0"  # before, the handling of errors was kept elsewhere


def with_errstate(function: Callable[..., Any], *arguments: Any) -> Any:
    """The function where floating-point errors pass in silence."""
    with np.errstate(all="ignore"):
        return function(*arguments)


class _Quiet(threading.local):
    """`run` is `with_errstate` for a tenth of its cost: in a context of this thread, where long rows are not copied.

    `run_around` is for what itself calls `run`, in a context of its own: none is entered twice.
    """

    run: Callable[..., Any]
    run_around: Callable[..., Any]

    def __init__(self) -> None:
        within, around = contextvars.Context(), contextvars.Context()
        self.run, self.run_around = (within.run, around.run) if _IS_IN_CONTEXT else (with_errstate, with_errstate)
        if _IS_IN_CONTEXT:
            within.run(np.seterr, all="ignore")
            within.run(np.setbufsize, COPIED)
            around.run(np.seterr, all="ignore")


QUIET = _Quiet()


def quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    """The function where floating-point errors pass in silence."""
    try:
        return QUIET.run(function, *arguments)
    except RuntimeError:  # a signal's handler came in between: a context is not entered twice
        return with_errstate(function, *arguments)


def has_nan(values: Array) -> bool:
    """Whether one of the values is NaN: their maximum is, then."""
    largest = np.maximum.reduce(values, axis=None)
    return bool(largest != largest)


_UP_TO = np.arange(AT_ONCE)
_RANKS = np.arange(FEW, 0, -1, dtype=np.int8)[:, None]


def places(block: Array, position: Array) -> Array:
    """Where the entry at a position of each vector's own lies in the memory of a block."""
    n, rows = block.shape
    each = _UP_TO[:rows] if rows <= AT_ONCE else np.arange(rows)
    if block.flags.c_contiguous:
        there = position * rows
        there += each
    else:
        there = each * n
        there += position
    return there


def entries(values: Array, position: Array, there: Array) -> Array:
    """The entry of each vector at a position of its own, given its places; a single vector stands for all."""
    flags = values.flags
    if values.shape[1] == 1:
        return values[position, 0]
    if flags.c_contiguous or flags.f_contiguous:
        return values.ravel(order="K")[there]
    return values[position, np.arange(len(position))]


def turned(block: Array, like: Array) -> Array:
    """The block, copied to an array that lies otherwise, if that does."""
    if block.flags.c_contiguous == like.flags.c_contiguous:
        return block
    np.copyto(like, block)
    return like


def above(number: Numbers, x: Array, bound: float, into: Array | None, mask: Array | None, nan: bool = True) -> Array:
    """1 where x > bound, 0 elsewhere, NaN for NaN unless that does not matter."""
    if x.size > LITTLE_AT_ALL:
        return _as_numbers(np.greater(x, number[bound], mask), x, into, nan)
    return np.heaviside(np.subtract(x, number[bound], into) if bound else x, number[0.0], into)


def below(number: Numbers, x: Array, bound: float, into: Array | None, mask: Array | None, nan: bool = True) -> Array:
    """1 where x < bound, 0 elsewhere, NaN for NaN unless that does not matter."""
    if x.size > LITTLE_AT_ALL:
        return _as_numbers(np.less(x, number[bound], mask), x, into, nan)
    return np.heaviside(np.subtract(number[bound], x, into), number[0.0], into)


def _as_numbers(mask: Array, source: Array, into: Array | None, nan: bool) -> Array:
    """1 and 0 for true and false, and NaN where the source is, if that is asked for."""
    if into is None:
        into = mask.astype(source.dtype)
    else:
        np.copyto(into, mask)
    if nan and has_nan(source):
        np.copyto(into, np.nan, where=np.isnan(source))
    return into


def drop_nan(number: Numbers, value: Array) -> None:
    """-1 instead of NaN, and nothing below."""
    if value.size <= SMALL or has_nan(value):
        np.fmax(value, number[-1.0], value)


def position_of_largest(z: Array, top: Array) -> Array:
    """The first position of the largest entry along the first axis; the last position where that is NaN."""
    n = len(z)
    if n > FEW or z.size <= SMALL:
        return z.argmax(axis=0)
    ranks = (z == top).view(np.int8)
    ranks *= _RANKS[-n:]
    return n - np.maximum.reduce(ranks, axis=0, initial=1).astype(np.intp)


def entry_by_entry(blocks: InPlace, values: Sequence[Array], parameters: Sequence[float], result: Array) -> None:
    """Fills the result, which lies in order, as the values do; those with one entry are used everywhere."""
    size = max(1, min(result.size, IN_CACHE // (len(values) + 1 + blocks.buffers)))
    whole = result.size - result.size % size
    flat = [result.reshape(-1), *(value.reshape(-1) for value in values)]
    tables = [repeat(value) if value.size == 1 else value[:whole].reshape(-1, size) for value in flat]
    number = NUMBERS[result.dtype]
    with Room() as room:
        scratch = blocks.scratch(room, (size,), result.dtype)
        if whole:
            for pieces in zip(flat[0][:whole].reshape(-1, size), *tables[1:], strict=False):
                blocks.kernel(number, *pieces, *parameters, *scratch)
        if whole < result.size:
            pieces = tuple(value if value.size == 1 else value[whole:] for value in flat)
            blocks.kernel(number, *pieces, *parameters, *(buffer[: result.size - whole] for buffer in scratch))


def rows_at_once(
    blocks: InPlace,
    vectors: Sequence[Array],
    numbers: Sequence[Array],
    parameters: Sequence[float],
    reduces: bool,
    into: Array | None = None,
) -> Array:
    """The kernel on vectors (N, n), or (n,) after the first, and what there is one of for each, as one block.

    `into` may be the first, for a kernel that overwrites.
    """
    (count, n), dtype = vectors[0].shape, vectors[0].dtype
    if n > FEW:
        out = np.empty(count if reduces else (n, count), dtype, "F") if into is None else into.T
        pieces = [value.T if value.ndim == 2 else value[:, None] for value in vectors]
        blocks.run(out, (*pieces, *numbers, *parameters), (n, count), "F")
        if into is None:
            return out if reduces else out.T
        return into
    pieces = [value.T.copy() if value.ndim == 2 else value[:, None] for value in vectors]
    if blocks.lying is not None:
        pieces[blocks.lying] = vectors[blocks.lying].T if vectors[blocks.lying].ndim == 2 else pieces[blocks.lying]
        out = np.empty((n, count), dtype, "F")
        blocks.run(out, (*pieces, *numbers, *parameters), (n, count))
        return out.T
    out = np.empty(count if reduces else (n, count), dtype)
    blocks.run(out, (*pieces, *numbers, *parameters), (n, count))
    if into is None:
        return out if reduces else out.T.copy()
    np.copyto(into, out.T)
    return into


def row_by_row(
    blocks: InPlace, vectors: Sequence[Array], numbers: Sequence[Array], parameters: Sequence[float], result: Array
) -> None:
    """Fills the result, of shape (N, n) or (N,), from vectors (N, n) or (1, n) and what there is one of for each, (N,).

    The kernel gets vectors along the first axis: (n, rows).  Short ones are copied there, so that rows are long.
    """
    count, n = len(result), vectors[0].shape[1]
    across = n <= FEW and count > 1
    most = AT_ONCE if across else max(AT_ONCE, ALONG // (len(vectors) + 1 + blocks.buffers))
    rows = _evenly(count, max(1, most // n))
    for start, stop in ((0, count - count % rows), (count - count % rows, count)):
        if start < stop:
            rows = min(rows, stop - start)
            parts = [slice(at, at + rows) for at in range(start, stop, rows)]
            (_across if across else _along)(blocks, vectors, numbers, parameters, result, parts, (n, rows))


def _evenly(count: int, most: int) -> int:
    """Rows of a block, so that all blocks but the last are alike and that one is hardly less; at most so many."""
    rows = -(-count // max(1, -(-count // most)))
    return min(most, rows + -rows % 8)  # every eighth number begins where a line of the cache does


def _across(
    blocks: InPlace, vectors: Any, numbers: Any, parameters: Any, result: Array, parts: Any, shape: tuple[int, int]
) -> None:
    """Blocks of the shape (n, rows) in order, copied there and back."""
    lying = blocks.lying
    with Room() as room:
        copies = [value[:1].T if k == lying else room.array(shape, result.dtype) for k, value in enumerate(vectors)]
        for k, value in enumerate(vectors):
            if k != lying:
                np.copyto(copies[k], value[: shape[1]].T)
        across = room.array(shape, result.dtype) if lying is None else None
        scratch = blocks.scratch(room, shape, result.dtype)
        for part in parts:
            for k, value in enumerate(vectors):
                if k == lying and len(value) > 1:
                    copies[k] = value[part].T
                elif len(value) > 1:
                    np.copyto(copies[k], value[part].T)
            target = result[part] if result.ndim == 1 else result[part].T if across is None else across
            columns = [value[part] for value in numbers]
            blocks.kernel(NUMBERS[result.dtype], target, *copies, *columns, *parameters, *scratch)
            if result.ndim == 2 and across is not None:
                np.copyto(result[part], across.T)


def _along(
    blocks: InPlace, vectors: Any, numbers: Any, parameters: Any, result: Array, parts: Any, shape: tuple[int, int]
) -> None:
    """Views of the shape (n, rows) on vectors that lie in order themselves."""
    with Room() as room:
        scratch = blocks.scratch(room, shape, result.dtype, "F")
        for part in parts:
            pieces = [np.broadcast_to(value[part] if len(value) > 1 else value, shape[::-1]).T for value in vectors]
            target = result[part].T
            columns = [value[part] for value in numbers]
            blocks.kernel(NUMBERS[result.dtype], target, *pieces, *columns, *parameters, *scratch)
