"""What all formulas share: arrays checked and kept in their precision, blocks that fit the cache, the proof."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .evidence import CheckReport, Proof

__all__ = ["VerifiedFormula", "along_axis", "elementwise", "exp_difference", "positive"]

Array = NDArray[Any]
Kernel = Callable[..., Any]
BLOCK = 1 << 14  # entries; a handful of temporaries of that length stay in the cache


class VerifiedFormula:
    """A function whose computed line is proved; it has a `proof`, and can `check` itself at a point."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.__signature__ = inspect.signature(function)
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._function(*arguments, **options)

    def __repr__(self) -> str:
        return f"<verified formula {self._function.__name__}{self.__signature__}>"

    @property
    def name(self) -> str:
        return self._function.__name__

    @functools.cached_property
    def proof(self) -> Proof:
        """The derivation, its verdicts and certificates; decided when it is first asked for."""
        from .evidence import proof_of

        return proof_of(self.name)

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
    kernel: Kernel, arrays: Mapping[str, Any], parameters: Mapping[str, float] | None = None, out: Array | None = None
) -> Any:
    """The kernel entry by entry; arguments broadcast."""
    values = [floats(name, value) for name, value in arrays.items()]
    shape = _broadcast(dict(zip(arrays, (value.shape for value in values), strict=True)))
    dtype = np.result_type(*values)
    kept = parameters or {}
    with np.errstate(all="ignore"):
        if out is None and values[0].size <= BLOCK:
            result = np.asarray(kernel(*values, **kept), dtype)
            return result if shape else result[()]
        result = _result(out, shape, dtype)
        if all(value.shape == shape and value.flags.c_contiguous for value in (*values, result)):
            flat, target = [value.reshape(-1) for value in values], result.reshape(-1)
            for start in range(0, target.size, BLOCK):
                part = slice(start, start + BLOCK)
                target[part] = kernel(*(value[part] for value in flat), **kept)
        else:
            result[...] = kernel(*values, **kept)
    return result


def along_axis(
    kernel: Kernel,
    arrays: Mapping[str, Any],
    parameters: Mapping[str, float] | None = None,
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
    last axis and what there is one of with a last axis of length 1.
    """
    values = {name: _last(name, floats(name, value), axis) for name, value in arrays.items()}
    first, n = next(iter(values)), next(iter(values.values())).shape[-1]
    for name, value in values.items():
        if value.shape[-1] != n:
            met, length = np.shape(arrays[name]), f"{n} entries along axis {axis}, as {first!r} has"
            raise ValueError(f"argument {name!r} has shape {met}; expected {length}")
    if n == 0:
        raise ValueError(f"argument {first!r} has shape {np.shape(arrays[first])}; expected at least one entry")
    for name in distributions:
        _check_distribution(name, values[name])
    dtype = np.result_type(*values.values())
    values |= {name: _labels(name, value, n) for name, value in (labels or {}).items()}
    values |= {name: floats(name, value)[..., None] for name, value in (scalars or {}).items()}
    leading = _broadcast({name: value.shape[:-1] for name, value in values.items()})
    width = 1 if reduces else n
    given = None if out is None else (out[..., None] if reduces else np.moveaxis(out, axis, -1))
    result = _result(given, (*leading, width), dtype)
    with np.errstate(all="ignore"):
        _by_rows(kernel, list(values.values()), parameters or {}, result, n)
    if out is not None:
        return out
    if reduces:
        return result[..., 0] if leading else result[0]
    return np.moveaxis(result, -1, axis)


def _by_rows(kernel: Kernel, values: list[Array], parameters: Mapping[str, float], result: Array, n: int) -> None:
    """Fills the result, in blocks of rows where the arrays are long and lie in order."""
    leading = result.shape[:-1]
    rows = max(1, BLOCK // n)
    values = [np.broadcast_to(value, (*leading, value.shape[-1])) for value in values]
    if result.size * n <= BLOCK * result.shape[-1] or not all(a.flags.c_contiguous for a in (*values, result)):
        result[...] = kernel(*values, **parameters)
        return
    flat, target = [a.reshape(-1, a.shape[-1]) for a in values], result.reshape(-1, result.shape[-1])
    for start in range(0, len(target), rows):
        part = slice(start, start + rows)
        target[part] = kernel(*(a[part] for a in flat), **parameters)


def exp_difference(first: Array, second: Array, scale: float = 1.0) -> Array:
    """exp((first - second) / scale), with what rounding drops from the difference.

    A difference of -700 is rounded by up to 6e-14, which exp turns into a relative error of as much, hundreds of
    units in the last place.  What is dropped is a float itself (T. J. Dekker's two-sum), and exp(d + r) is
    exp(d) (1 + r) to within r^2.
    """
    difference = first - second
    back = first - difference
    dropped = (first - (difference + back)) + (back - second)
    dropped = np.where(dropped == dropped, dropped, 0)  # NaN where something is infinite
    power = np.exp(difference / scale)
    result: Array = power + power * (dropped / scale)
    return result


def _last(name: str, array: Array, axis: int) -> Array:
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"argument {name!r} has shape {array.shape}; expected an axis {axis}")
    return np.moveaxis(array, axis, -1)


def _labels(name: str, value: Any, n: int) -> Array:
    array = np.asarray(value)
    if array.dtype.kind not in "iu":
        raise TypeError(f"argument {name!r} has dtype {array.dtype}; expected integers from 0 to {n - 1}")
    if array.size and (array.min() < 0 or array.max() >= n):
        raise ValueError(f"argument {name!r} goes from {array.min()} to {array.max()}; expected 0 to {n - 1}")
    return array[..., None]


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


def _result(out: Array | None, shape: tuple[int, ...], dtype: Any) -> Array:
    if out is None:
        return np.empty(shape, dtype)
    if out.shape != shape or out.dtype != dtype:
        raise ValueError(f"argument 'out' has shape {out.shape} and dtype {out.dtype}; expected {shape} and {dtype}")
    return out
