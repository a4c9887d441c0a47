"""What formulas over matrices share: shapes checked against a signature, leading axes taken together, activations."""

from __future__ import annotations

import functools
import importlib
import math
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .runtime import Kernel, floats

__all__ = ["activation_functions", "over_matrices"]

Array = NDArray[Any]
Axes = tuple[str, ...]


def over_matrices(
    kernel: Kernel,
    arrays: Mapping[str, Any],
    signature: str,
    parameters: Mapping[str, float] | None = None,
    *,
    batch: str = "",
    activation: Any = None,
    out: Array | None = None,
) -> Any:
    """The kernel on arrays whose last axes are those of the signature, as ``(m,n),(u,n)->(m,u)``.

    With a batch axis, the leading axes of the arguments that have it are taken together in it, and have to be the
    same in all of them; an argument may also have none.  Without one, leading axes are stacks, and broadcast.
    """
    axes, result_axes = _axes(signature)
    values = {name: floats(name, value) for name, value in arrays.items()}
    wanted = dict(zip(arrays, axes, strict=True))
    sizes: dict[str, tuple[int, str]] = {}
    leading = _leading(values, wanted, batch)
    for name, value in values.items():
        if batch and batch in wanted[name]:
            values[name] = value.reshape(math.prod(leading), *value.shape[value.ndim - len(wanted[name]) + 1 :])
        _read_sizes(name, arrays[name], values[name], wanted[name], sizes, batch)
    shape = tuple(n for axis in result_axes for n in (leading if axis == batch else (sizes[axis][0],)))
    shape = shape if batch else (*leading, *shape)
    functions = () if activation is None else activation_functions(activation)
    dtype = np.result_type(*values.values())
    with np.errstate(all="ignore"):
        result = np.asarray(kernel(*values.values(), *functions, **(parameters or {})), dtype).reshape(shape)
    if out is None:
        return result if shape else result[()]
    if out.shape != shape or out.dtype != dtype:
        raise ValueError(f"argument 'out' has shape {out.shape} and dtype {out.dtype}; expected {shape} and {dtype}")
    out[...] = result
    return out


def activation_functions(activation: Any) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """An activation and its derivative: by the name of a verified one, or a pair of functions of arrays.

    A single function has no derivative; it is refused when one is asked for.
    """
    if isinstance(activation, str):
        formulas = importlib.import_module("derivations.formulas")
        names = [name for name in formulas.__all__ if f"{name}_derivative" in formulas.__all__]
        if activation not in names:
            near = get_close_matches(activation, names, n=2)
            mend = f"did you mean {' or '.join(near)}?" if near else f"expected one of {', '.join(names)}"
            raise ValueError(f"there is no activation {activation!r}; {mend}")
        return getattr(formulas, activation), getattr(formulas, f"{activation}_derivative")
    if callable(activation):
        return activation, _no_derivative
    if isinstance(activation, tuple | list) and len(activation) == 2 and all(map(callable, activation)):
        return activation[0], activation[1]
    raise TypeError(f"activation is {activation!r}; expected the name of an activation or a pair (f, derivative)")


def _no_derivative(_: Array) -> Array:
    raise TypeError("activation is one function; expected a pair (f, derivative), as its derivative is needed")


@functools.lru_cache(maxsize=256)
def _axes(signature: str) -> tuple[tuple[Axes, ...], Axes]:
    arguments, result = signature.split("->")
    found = [tuple(filter(None, part.split(","))) for part in re.findall(r"\(([^)]*)\)", arguments)]
    return tuple(found), tuple(filter(None, result.strip("()").split(",")))


def _leading(values: Mapping[str, Array], wanted: Mapping[str, Axes], batch: str) -> tuple[int, ...]:
    """The leading axes of the result; with a batch axis those that are taken together in it."""
    shapes: dict[str, tuple[int, ...]] = {}
    for name, value in values.items():
        own = len(wanted[name])
        if batch:
            if batch not in wanted[name]:
                continue
            own -= 1
        if value.ndim < own:
            raise ValueError(f"argument {name!r} has shape {value.shape}; expected {_text(wanted[name], batch)}")
        shapes[name] = value.shape[: value.ndim - own]
    if not batch:
        try:
            return np.broadcast_shapes(*shapes.values())
        except ValueError:
            met = ", ".join(f"{name!r} {values[name].shape}" for name in shapes)
            raise ValueError(f"the leading axes do not broadcast: {met}; expected axes that do") from None
    first, leading = next(iter(shapes.items()))
    for name, own_axes in shapes.items():
        if own_axes != leading:
            found = f"argument {name!r} has shape {values[name].shape}"
            raise ValueError(f"{found}; expected the leading axes {leading}, as {first!r} has")
    return leading


def _read_sizes(name: str, given: Any, value: Array, axes: Axes, sizes: dict[str, tuple[int, str]], batch: str) -> None:
    met = np.shape(given)
    if value.ndim < len(axes) or (batch and value.ndim != len(axes)):
        raise ValueError(f"argument {name!r} has shape {met}; expected {_text(axes, batch)}")
    for axis, length in zip(axes, value.shape[value.ndim - len(axes) :], strict=True):
        known, first = sizes.setdefault(axis, (length, name))
        if length != known:
            where = f"{axis} = {known} as in {first!r}"
            raise ValueError(f"argument {name!r} has shape {met}; expected {_text(axes, batch)} with {where}")
        if length == 0:
            raise ValueError(f"argument {name!r} has shape {met}; expected at least one entry along {axis}")


def _text(axes: Axes, batch: str) -> str:
    """The shape that is expected, as docstrings write it."""
    if batch and batch not in axes:
        return f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
    return f"({', '.join(('...', *(axis for axis in axes if axis != batch)))})"
