"""How compiled kernels get their arguments: the checks are those of the NumPy functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy import ndarray
from numpy.typing import NDArray

from ..runtime import are_alike, entries_of, labels_of, rows_of

__all__ = ["Loops", "along_axis", "elementwise", "loops"]

Array = NDArray[Any]
_REDUCE = ("add", "maximum")


class Loops:
    """A kernel of loops over arrays in order, with the names of the library's functions that it calls.

    It is compiled when it is first called with float64, and again with float32.  The kernel itself is Python that runs,
    slowly, with the functions in place of their addresses.
    """

    def __init__(self, kernel: Callable[..., None], names: tuple[str, ...]) -> None:
        self.kernel, self.names = kernel, names
        self._run: Callable[..., None] = kernel
        self._functions: dict[Any, tuple[int, ...]] = {}

    def __call__(self, result: Array, *arguments: Any) -> None:
        functions = self._functions.get(result.dtype) or self._prepared(result.dtype)
        self._run(result, *arguments, *functions)

    def _prepared(self, dtype: Any) -> tuple[int, ...]:
        try:
            from .compiler import address_of, compiled
        except ModuleNotFoundError as error:
            if error.name not in ("numba", "llvmlite"):
                raise
            raise ModuleNotFoundError(
                "compiled formulas need Numba, which is not installed: pip install 'derivations[compiled]'",
                name=error.name,
            ) from None
        if not self._functions:
            self._run = compiled(self.kernel)
        found = tuple(address_of(name, dtype, name in _REDUCE) for name in self.names)
        self._functions[dtype] = found
        return found

    def fill_entries(self, values: Sequence[Array], parameters: Sequence[float], result: Array) -> None:
        """Fills the result entry by entry; a value with a single entry is used everywhere."""
        flat = [_flat(value, result) for value in values]
        self(result.reshape(-1), *flat, *parameters)

    def fill_rows(
        self, vectors: Sequence[Array], numbers: Sequence[Array], parameters: Sequence[float], result: Array
    ) -> None:
        """Fills the result, of shape (N, n) or (N,), from vectors (N, n) or (1, n) and numbers (N,)."""
        tables = [value.astype(result.dtype, order="C", copy=False) for value in vectors]
        columns = [_number(value, result) for value in numbers]
        self(result, *tables, *columns, *parameters)


def loops(*names: str) -> Callable[[Callable[..., None]], Loops]:
    """Says which functions of NumPy or SciPy a kernel calls: their addresses are its last arguments."""
    return lambda kernel: Loops(kernel, names)


def elementwise(
    kernel: Loops,
    names: tuple[str, ...],
    arrays: tuple[Any, ...],
    parameters: tuple[float, ...] = (),
    out: Array | None = None,
) -> Any:
    """The kernel entry by entry; arguments broadcast."""
    first = arrays[0]
    if out is None and type(first) is ndarray and first.ndim and are_alike(first, arrays) and _are_in_order(arrays):
        result = np.empty(first.shape, first.dtype)
        if first.ndim == 1:
            kernel(result, *arrays, *parameters)
        else:
            kernel(result.reshape(-1), *(array.reshape(-1) for array in arrays), *parameters)
        return result

    def of_numbers(*values: Any) -> Any:
        result = np.empty(1, np.result_type(*values[: len(arrays)]))
        kernel.fill_entries(values[: len(arrays)], parameters, result)
        return result[0]

    return entries_of(kernel.fill_entries, of_numbers, names, arrays, parameters, out)


def along_axis(
    kernel: Loops,
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
    """The kernel on vectors along an axis; leading axes broadcast."""
    if out is None and axis == -1 and scalars is None and not distributions:
        tables = tuple(arrays.values())
        first = tables[0]
        if type(first) is ndarray and first.ndim == 2 and first.size and are_alike(first, tables, shared=True):
            columns = [labels_of(name, value, first.shape[1]) for name, value in labels.items()] if labels else ()
            if _are_in_order(tables) and (not columns or _is_column(columns[0], first.shape[0])):
                if len(tables) > 1:
                    tables = tuple(table if table.ndim == 2 else table.reshape(1, -1) for table in tables)
                result = np.empty(first.shape[:1] if reduces else first.shape, first.dtype)
                kernel(result, *tables, *columns, *parameters)
                return result
    return rows_of(
        kernel.fill_rows,
        arrays,
        parameters,
        axis=axis,
        labels=labels,
        scalars=scalars,
        reduces=reduces,
        out=out,
        distributions=distributions,
    )


def _are_in_order(arrays: Sequence[Array]) -> bool:
    return all([array.flags.c_contiguous for array in arrays])  # a generator would take twice as long


def _is_column(labels: Array, count: int) -> bool:
    return labels.shape == (count,) and labels.dtype == np.intp and labels.flags.c_contiguous


def _flat(value: Array, result: Array) -> Array:
    """The value as long as the result, in order and in its precision."""
    whole = np.broadcast_to(value, result.shape).reshape(-1)
    return np.ascontiguousarray(whole, result.dtype)


def _number(value: Array, result: Array) -> Array:
    return np.ascontiguousarray(value, np.intp if value.dtype.kind in "iu" else result.dtype)
