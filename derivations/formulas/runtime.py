"""What all formulas share: arrays checked and kept in their precision, blocks that fit the cache, the proof."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray
from numpy.typing import NDArray

from .blocks import (
    AT_ONCE,
    FRESH,
    NUMBERS,
    QUIET,
    InPlace,
    entry_by_entry,
    quietly,
    row_by_row,
    rows_at_once,
    with_errstate,
)

if TYPE_CHECKING:
    from .evidence import CheckReport, Proof

__all__ = [
    "VerifiedFormula",
    "along_axis",
    "are_alike",
    "elementwise",
    "entries_of",
    "exp_difference",
    "labels_of",
    "positive",
    "rows_of",
]

Array = NDArray[Any]
Kernel = Callable[..., Any]
Fill = Callable[..., None]
FLOAT64 = np.dtype(np.float64)
FLOAT32 = np.dtype(np.float32)
DOUBLES, SINGLES = NUMBERS[FLOAT64], NUMBERS[FLOAT32]


class VerifiedFormula:
    """A function whose computed line is proved; it has a `proof`, and can `check` itself at a point."""

    def __new__(cls, function: Callable[..., Any]) -> VerifiedFormula:
        # A class of its own, whose call is the function itself: one Python frame less for each call.
        return super().__new__(type(cls.__name__, (cls,), {"__call__": staticmethod(function)}))

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.__signature__ = inspect.signature(function)
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._function(*arguments, **options)

    def __repr__(self) -> str:
        return f"<verified formula {self._function.__name__}{self.__signature__}>"

    def __reduce__(self) -> str:
        return self._function.__name__  # found by name in the module that it is written in

    @property
    def name(self) -> str:
        return self._function.__name__

    @functools.cached_property
    def proof(self) -> Proof:
        """The derivation, its verdicts and certificates; decided when it is first asked for."""
        from .evidence import proof_of

        return proof_of(self.name)

    @property
    def latex(self) -> str:
        """The derivation from the equation to the computed line, as an `align*` of amsmath."""
        from .evidence import formula_named
        from .typesetting import latex_of

        return latex_of(formula_named(self.name))

    @property
    def mathml(self) -> str:
        """The same as a `<math>` element."""
        from .evidence import formula_named
        from .typesetting import mathml_of

        return mathml_of(formula_named(self.name))

    def check(self, *arguments: Any, **options: Any) -> CheckReport:
        """The function at these arguments beside finite differences of what its derivation starts from."""
        from .evidence import check

        return check(self, arguments, options)


def positive(name: str, value: Any) -> float:
    """A parameter as a positive number."""
    number = float(value)
    if not 0 < number < float("inf"):
        raise ValueError(f"{name} is {value!r}; expected a positive finite number")
    return number


def floats(name: str, value: Any) -> Array:
    """The argument as an array of float64 or float32; integers and truth values become float64."""
    array = np.asarray(value)
    if array.dtype in (np.float64, np.float32):
        return array
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    raise TypeError(f"argument {name!r} has dtype {array.dtype}; expected float64, float32 or integers")


def elementwise(
    kernel: Kernel,
    blocks: InPlace,
    names: tuple[str, ...],
    arrays: tuple[Any, ...],
    parameters: tuple[float, ...] = (),
    out: Array | None = None,
) -> Any:
    """The kernel entry by entry; arguments broadcast.  Arrays go through `blocks`, the same kernel in place."""
    first = arrays[0]
    is_array = out is None and type(first) is ndarray and first.ndim
    if is_array and (first.size <= FRESH or not blocks.needs_room) and are_alike(first, arrays):
        chosen: tuple[Any, ...] = blocks.kernel, DOUBLES if first.dtype is FLOAT64 else SINGLES, None
        if first.size == 1:  # where NumPy takes three times as long to work in place
            chosen = (kernel,)
        try:
            return QUIET.run(*chosen, *arrays, *parameters)
        except RuntimeError:  # see `quietly`, which costs one frame more
            return with_errstate(*chosen, *arrays, *parameters)
    return entries_of(partial(entry_by_entry, blocks), kernel, names, arrays, parameters, out)


def entries_of(
    fill: Fill,
    kernel: Kernel,
    names: tuple[str, ...],
    arrays: tuple[Any, ...],
    parameters: tuple[float, ...] = (),
    out: Array | None = None,
) -> Any:
    """Arguments of any shapes and kinds that fit, for what fills a result from arrays in order.

    `fill` gets the arrays, parameters and the result; an array with a single entry stands for all.  `kernel` is for
    numbers.
    """
    values = [floats(name, value) for name, value in zip(names, arrays, strict=True)]
    shape = _broadcast(dict(zip(names, (value.shape for value in values), strict=True)))
    result = _result(out, shape, np.result_type(*values), values)
    if shape or out is not None:
        quietly(fill, [_in_order(value, shape) for value in values], parameters, result)
        return _given(out, result)
    return result.dtype.type(quietly(kernel, *values, *parameters))


def along_axis(
    kernel: Kernel,
    blocks: InPlace,
    arrays: Mapping[str, Any],
    parameters: tuple[float, ...] = (),
    *,
    axis: int = -1,
    labels: Mapping[str, Any] | None = None,
    scalars: Mapping[str, Any] | None = None,
    reduces: bool = False,
    out: Array | None = None,
    distributions: tuple[str, ...] = (),
) -> Any:
    """The kernel on vectors along an axis; leading axes broadcast.

    Labels are whole numbers below n and scalars numbers, one for each vector.  The kernel gets the vectors along the
    last axis and what there is one of with a last axis of length 1; `blocks`, the same kernel in place, gets them
    along the first axis.
    """
    tables = tuple(arrays.values())
    first = tables[0]
    is_plain = axis == -1 and scalars is None and not distributions
    if is_plain and (out is None or (out is first and blocks.overwrites and not reduces and out.flags.c_contiguous)):
        is_table = type(first) is ndarray and first.ndim == 2 and first.size > 0
        is_little = is_table and first.size <= AT_ONCE
        if is_table and are_alike(first, tables, True) and (is_little or all(x.flags.c_contiguous for x in tables)):
            columns = [labels_of(name, value, first.shape[1]) for name, value in labels.items()] if labels else ()
            if not columns or columns[0].shape == first.shape[:1]:
                given = rows_at_once if is_little else _in_blocks, blocks, tables, columns, parameters, reduces, out
                try:
                    return QUIET.run(*given)
                except RuntimeError:
                    return with_errstate(*given)
    return rows_of(
        partial(row_by_row, blocks),
        arrays,
        parameters,
        axis=axis,
        labels=labels,
        scalars=scalars,
        reduces=reduces,
        out=out,
        distributions=distributions,
        overwrites=blocks.overwrites,
    )


def _in_blocks(
    blocks: InPlace, vectors: Any, numbers: Any, parameters: tuple[float, ...], reduces: bool, into: Array | None
) -> Array:
    """`row_by_row` on vectors (N, n), or (n,) after the first; `into` as in `rows_at_once`."""
    first = vectors[0]
    result = np.empty(first.shape[:1] if reduces else first.shape, first.dtype) if into is None else into
    tables = [value if value.ndim == 2 else value.reshape(1, -1) for value in vectors]
    row_by_row(blocks, tables, numbers, parameters, result)
    return result


def rows_of(
    fill: Fill,
    arrays: Mapping[str, Any],
    parameters: tuple[float, ...] = (),
    *,
    axis: int = -1,
    labels: Mapping[str, Any] | None = None,
    scalars: Mapping[str, Any] | None = None,
    reduces: bool = False,
    out: Array | None = None,
    distributions: tuple[str, ...] = (),
    overwrites: bool = False,
) -> Any:
    """Arguments of any shapes and kinds that fit, for what fills a result from tables in order.

    `fill` gets the vectors as tables (N, n), or (1, n) for one that stands for all, what there is one of for each
    vector, (N,), the parameters and the result, (N, n) or (N,).  With `overwrites` that may be one of the vectors.
    """
    vectors = [_last(name, floats(name, value), axis) for name, value in arrays.items()]
    n = _length(arrays, vectors, axis)
    for name in distributions:
        _check_distribution(name, vectors[list(arrays).index(name)])
    dtype = vectors[0].dtype if len(vectors) == 1 else np.result_type(*vectors)
    numbers = [labels_of(name, value, n) for name, value in labels.items()] if labels else []
    numbers += [floats(name, value) for name, value in scalars.items()] if scalars else []
    names = (*arrays, *(labels or ()), *(scalars or ()))
    shapes = [*(value.shape[:-1] for value in vectors), *(value.shape for value in numbers)]
    leading = _broadcast(dict(zip(names, shapes, strict=True)))
    shape = leading if reduces else (*leading, n)
    given = out if out is None or reduces or axis == -1 else np.moveaxis(out, axis, -1)
    others = [value for value in vectors if value is not given] if overwrites else vectors
    result = _result(given, shape, dtype, [*others, *numbers])
    _by_rows(fill, vectors, numbers, parameters, result, leading)
    if out is not None:
        _given(given, result)
        return out
    if reduces:
        return result if leading else result[()]
    return result if axis == -1 else np.moveaxis(result, -1, axis)


def _by_rows(
    fill: Fill,
    vectors: list[Array],
    numbers: list[Array],
    parameters: tuple[float, ...],
    result: Array,
    leading: tuple[int, ...],
) -> None:
    n = vectors[0].shape[-1]
    count = math.prod(leading)
    tables = [
        value.reshape(1, n) if value.size == n else _in_order(value, (*leading, n)).reshape(count, n)
        for value in vectors
    ]
    columns = [_in_order(np.broadcast_to(value, leading), leading).reshape(count) for value in numbers]
    quietly(fill, tables, columns, parameters, result.reshape(count, *result.shape[len(leading) :]))


def exp_difference(first: Array, second: Array, scale: float = 1.0) -> Array:
    """exp((first - second) / scale), with what rounding drops from the difference.

    A difference of -700 is rounded by up to 6e-14, which exp turns into a relative error of as much, hundreds of
    units in the last place.  What is dropped is a float itself (T. J. Dekker's two-sum), and exp(d + r) is
    exp(d) (1 + r) to within r^2.
    """
    difference = first - second
    back = first - difference
    dropped = (first - (difference + back)) + (back - second)
    power = np.exp(difference / scale)
    result: Array = power + power * np.fmax(dropped / scale, -1)  # no NaN where the difference is infinite
    return result


def are_alike(first: Array, arrays: tuple[Any, ...], shared: bool = False) -> bool:
    """Whether they are arrays of one shape and one dtype, float64 or float32: the case that has to be fast.

    With `shared`, those after the first may also be one vector for all.
    """
    dtype = first.dtype
    if dtype is not FLOAT64 and dtype is not FLOAT32:
        return False
    if len(arrays) == 1:
        return True
    shape = first.shape
    for other in arrays:
        if other is first:
            continue
        if type(other) is not ndarray or other.dtype is not dtype:
            return False
        if other.shape != shape and not (shared and other.shape == shape[-1:]):
            return False
    return True


def _last(name: str, array: Array, axis: int) -> Array:
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"argument {name!r} has shape {array.shape}; expected an axis {axis}")
    return array if axis == -1 else np.moveaxis(array, axis, -1)


def labels_of(name: str, value: Any, n: int) -> Array:
    array = np.asarray(value)
    if array.dtype.kind not in "iu":
        raise TypeError(f"argument {name!r} has dtype {array.dtype}; expected integers from 0 to {n - 1}")
    if array.dtype == np.intp and array.ndim == 1:
        largest = np.maximum.reduce(array.view(np.uintp), initial=0)  # what is below 0 is very large then
        if largest < n:
            return array
    if array.size and (array.min() < 0 or array.max() >= n):
        raise ValueError(f"argument {name!r} goes from {array.min()} to {array.max()}; expected 0 to {n - 1}")
    return array.astype(np.intp, copy=False)  # in uint8 a place in a block would not fit


def _length(arrays: Mapping[str, Any], vectors: list[Array], axis: int) -> int:
    """n, the length of all vectors."""
    first, n = next(iter(arrays)), vectors[0].shape[-1]
    for name, value in zip(arrays, vectors, strict=True):
        if value.shape[-1] != n:
            met, length = np.shape(arrays[name]), f"{n} entries along axis {axis}, as {first!r} has"
            raise ValueError(f"argument {name!r} has shape {met}; expected {length}")
    if n == 0:
        raise ValueError(f"argument {first!r} has shape {np.shape(arrays[first])}; expected at least one entry")
    return int(n)


def _in_order(value: Array, shape: tuple[int, ...]) -> Array:
    """The value in its shape and in order; a single entry stays one."""
    if value.size == 1 and value.shape != shape:
        return value
    return np.ascontiguousarray(value if value.shape == shape else np.broadcast_to(value, shape))


def _check_distribution(name: str, array: Array) -> None:
    sums = array.sum(axis=-1)
    wrong = (np.abs(sums - 1) > 8 * array.shape[-1] * np.finfo(array.dtype).eps) | (array < 0).any(axis=-1)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        raise ValueError(f"argument {name!r} is no distribution at {place}: expected entries >= 0 with the sum 1")


def _broadcast(shapes: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    if len(shapes) == 1:
        return next(iter(shapes.values()))
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        met = ", ".join(f"{name!r} {shape}" for name, shape in shapes.items())
        raise ValueError(f"the arguments do not broadcast: {met}; expected shapes that do") from None


def _result(out: Array | None, shape: tuple[int, ...], dtype: Any, values: list[Array]) -> Array:
    """Where the result is written: `out`, unless it is not in order or lies in the memory of an argument."""
    if out is None:
        return np.empty(shape, dtype)
    if out.shape != shape or out.dtype != dtype:
        raise ValueError(f"argument 'out' has shape {out.shape} and dtype {out.dtype}; expected {shape} and {dtype}")
    usable = out.flags.c_contiguous and not any(np.may_share_memory(out, value) for value in values)
    return out if usable else np.empty(shape, dtype)


def _given(out: Array | None, result: Array) -> Array:
    """The result, copied to `out` if that was asked for and it is not there."""
    if out is not None and out is not result:
        out[...] = result
        return out
    return result
