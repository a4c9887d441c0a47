"""Numba for kernels, and the library's functions for Numba: the very loops that run when NumPy is called.

A compiled kernel calls `exp` by the address of NumPy's loop over contiguous float64 or float32, so that it has NumPy's
speed (vector instructions) and NumPy's bits.  NumPy hands these out for that purpose: see the docstring of
`numpy.ufunc._get_strided_loop`, whose capsule's name says which layout it has.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, overload, register_jitable
from scipy import special

from . import primitives

__all__ = ["address_of", "compiled"]

_CAPSULE = b"numpy_1.24_ufunc_call_info"
for _name in set(primitives.__all__) - {"apply", "apply_to_two", "reduced"}:
    register_jitable(forceinline=True)(getattr(primitives, _name))


def compiled(kernel: Callable[..., None]) -> Callable[..., None]:
    """The kernel, to be compiled at its first call for each kind of arguments."""
    function: Callable[..., None] = njit(error_model="numpy", nogil=True)(kernel)
    return function


# ---- NumPy's loops


class _Loop(ctypes.Structure):
    """`ufunc_call_info` of NumPy, of which kernels read the first three."""

    _fields_ = (
        ("function", ctypes.c_void_p),
        ("context", ctypes.c_void_p),
        ("auxiliary", ctypes.c_void_p),
        ("requires_pyapi", ctypes.c_bool),
        ("no_floatingpoint_errors", ctypes.c_bool),
    )


_pointer_of = ctypes.pythonapi.PyCapsule_GetPointer  # which raises ValueError for a capsule of another name
_pointer_of.argtypes, _pointer_of.restype = (ctypes.py_object, ctypes.c_char_p), ctypes.c_void_p
_KEPT: list[Any] = []  # the capsules own what the addresses lead to


@functools.cache
def address_of(name: str, dtype: np.dtype[Any], reduces: bool) -> int:
    """Where NumPy keeps its loop for the function on contiguous arrays of that type.

    One that reduces leaves its first argument and its result where they are: their steps are 0.
    """
    ufunc = getattr(np, name, None) or getattr(special, name)
    step = dtype.itemsize
    steps = (0, step, 0) if reduces else (step,) * ufunc.nargs
    _, capsule = ufunc._resolve_dtypes_and_context((dtype,) * ufunc.nin + (None,))
    ufunc._get_strided_loop(capsule, fixed_strides=steps)
    address: int = _pointer_of(capsule, _CAPSULE)
    if _Loop.from_address(address).requires_pyapi:
        raise NotImplementedError(f"{name} for {dtype} works on Python objects")
    _KEPT.append(capsule)
    return address


def _emit(builder: Any, loop: Any, places: Sequence[Any], steps: Sequence[Any], count: Any) -> None:
    """A call of a loop: `places` are the addresses of its arguments and of its result, `steps` their steps in bytes."""
    bytes_, word = ir.IntType(8).as_pointer(), ir.IntType(64)
    data = cgutils.alloca_once(builder, bytes_, size=len(places))
    strides = cgutils.alloca_once(builder, word, size=len(places))
    length = cgutils.alloca_once_value(builder, count)
    for k, (place, step) in enumerate(zip(places, steps, strict=True)):
        at = [ir.Constant(ir.IntType(32), k)]
        builder.store(place, builder.gep(data, at))
        builder.store(step, builder.gep(strides, at))
    parts = builder.inttoptr(loop, bytes_.as_pointer())
    function, state, auxiliary = (builder.load(builder.gep(parts, [ir.Constant(ir.IntType(32), k)])) for k in range(3))
    kind = ir.FunctionType(ir.IntType(32), [bytes_, bytes_.as_pointer(), word.as_pointer(), word.as_pointer(), bytes_])
    builder.call(builder.bitcast(function, kind.as_pointer()), [state, data, length, strides, auxiliary])


def _entry_by_entry(context: Any, loop: Any, places: Any, step: Any, count: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        loop, places, step, count = arguments
        number, bytes_ = signature.args[1].count, ir.IntType(8).as_pointer()
        pointers = [builder.inttoptr(builder.extract_value(places, k), bytes_) for k in range(number)]
        _emit(builder, loop, pointers, [step] * number, count)
        return context.get_dummy_value()

    return types.void(types.intp, places, types.intp, types.intp), code


def _into_one(context: Any, loop: Any, start: Any, place: Any, step: Any, count: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        loop, start, place, step, count = arguments
        bytes_, still = ir.IntType(8).as_pointer(), ir.Constant(ir.IntType(64), 0)
        result = cgutils.alloca_once_value(builder, start)
        at = builder.bitcast(result, bytes_)
        _emit(builder, loop, [at, builder.inttoptr(place, bytes_), at], [still, step, still], count)
        return builder.load(result)

    return start(types.intp, start, types.intp, types.intp, types.intp), code


_run: Any = intrinsic(_entry_by_entry)
_reduce: Any = intrinsic(_into_one)


@overload(primitives.apply)
def _apply(function: Any, source: Any, target: Any, count: Any) -> Any:
    def run(function: Any, source: Any, target: Any, count: Any) -> None:
        _run(function, (source.ctypes.data, target.ctypes.data), target.itemsize, count)

    return run


@overload(primitives.apply_to_two)
def _apply_to_two(function: Any, first: Any, second: Any, target: Any, count: Any) -> Any:
    def run(function: Any, first: Any, second: Any, target: Any, count: Any) -> None:
        _run(function, (first.ctypes.data, second.ctypes.data, target.ctypes.data), target.itemsize, count)

    return run


@overload(primitives.reduced)
def _reduced(function: Any, table: Any, i: Any, start: Any) -> Any:
    def run(function: Any, table: Any, i: Any, start: Any) -> Any:
        step = table.itemsize
        return _reduce(function, start, table.ctypes.data + i * table.shape[1] * step, step, table.shape[1])

    return run
