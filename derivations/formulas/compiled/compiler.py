"""Numba for kernels, and the library's functions for Numba: the very loops that run when NumPy is called.

A compiled kernel calls `exp` by the address of NumPy's loop over contiguous float64 or float32, so that it has NumPy's
speed (vector instructions) and NumPy's bits.  NumPy hands these out for that purpose: see the docstring of
`numpy.ufunc._get_strided_loop`, whose capsule's name says which layout it has.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
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
_HELPERS = ("choose", "largest", "maximum", "minimum", "not_nan", "over", "position_of_largest", "row")
_HELPERS += ("rows_at_once", "square", "total")

for _name in _HELPERS:
    register_jitable(getattr(primitives, _name))


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


@intrinsic
def _run(context: Any, loop: Any, places: Any, steps: Any, count: Any) -> Any:
    """Calls a loop: `places` are the addresses of its arguments and of its result, `steps` their steps in bytes."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        loop, places, steps, count = arguments
        bytes_, word = ir.IntType(8).as_pointer(), ir.IntType(64)
        number = signature.args[1].count
        data = cgutils.alloca_once(builder, bytes_, size=number)
        strides = cgutils.alloca_once(builder, word, size=number)
        length = cgutils.alloca_once_value(builder, count)
        for k in range(number):
            at = [ir.Constant(ir.IntType(32), k)]
            builder.store(builder.inttoptr(builder.extract_value(places, k), bytes_), builder.gep(data, at))
            builder.store(builder.extract_value(steps, k), builder.gep(strides, at))
        kind = ir.FunctionType(
            ir.IntType(32), [bytes_, bytes_.as_pointer(), word.as_pointer(), word.as_pointer(), bytes_]
        )
        parts = builder.inttoptr(loop, bytes_.as_pointer())
        function, state, auxiliary = (
            builder.load(builder.gep(parts, [ir.Constant(ir.IntType(32), k)])) for k in range(3)
        )
        builder.call(builder.bitcast(function, kind.as_pointer()), [state, data, length, strides, auxiliary])
        return context.get_dummy_value()

    return types.void(types.intp, places, steps, types.intp), code


@overload(primitives.apply)
def _apply(function: Any, source: Any, target: Any, count: Any) -> Any:
    def run(function: Any, source: Any, target: Any, count: Any) -> None:
        step = source.itemsize
        _run(function, (source.ctypes.data, target.ctypes.data), (step, step), count)

    return run


@overload(primitives.reduced)
def _reduced(function: Any, values: Any) -> Any:
    def run(function: Any, values: Any) -> Any:
        result = values[:1].copy()
        place = result.ctypes.data
        step = values.itemsize
        _run(function, (place, values.ctypes.data + step, place), (0, step, 0), len(values) - 1)
        return result[0]

    return run
