"""What formulas over matrices share: shapes checked against a signature, leading axes taken together, activations."""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray
from numpy.typing import NDArray

from .blocks import QUIET, with_errstate
from .runtime import Kernel, floats, labels_of

__all__ = ["activation_functions", "over_matrices", "with_labels"]

Array = NDArray[Any]
Axes = tuple[str, ...]
_KEPT = 1 << 8  # signatures with shapes


def over_matrices(
    kernel: Kernel,
    arrays: Mapping[str, Any],
    signature: str,
    parameters: Mapping[str, float] | None = None,
    *,
    batch: str = "",
    activation: Any = None,
    classes: str = "",
    out: Array | None = None,
) -> Any:
    """The kernel on arrays whose last axes are those of the signature, as ``(m,n),(u,n)->(m,u)``.

    With a batch axis, the leading axes of the arguments that have it are taken together in it, and have to be the
    same in all of them; an argument may also have none.  Without one, leading axes are stacks, and broadcast.
    `classes` names targets that may also be given as labels, by `with_labels`.
    """
    functions = () if activation is None else activation_functions(activation)
    values = tuple(arrays.values())
    shape = _known_shape(values, signature, batch)
    if shape is None:
        values, shape = _checked(with_labels(classes, arrays, signature), signature, batch)
    dtype = values[0].dtype
    called = partial(kernel, **parameters) if parameters else kernel
    try:
        result = QUIET.run_around(called, *values, *functions)
    except RuntimeError:  # see `blocks.quietly`
        result = with_errstate(called, *values, *functions)
    if type(result) is not ndarray or result.dtype is not dtype:
        result = np.asarray(result, dtype)
    result = result.reshape(shape)
    if out is None:
        return result if shape else result[()]
    if out.shape != shape or out.dtype != dtype:
        raise ValueError(f"argument 'out' has shape {out.shape} and dtype {out.dtype}; expected {shape} and {dtype}")
    out[...] = result
    return out


_SHAPES: dict[Any, tuple[int, ...]] = {}  # of results, by signature and shapes that were checked


def _known_shape(values: tuple[Any, ...], signature: str, batch: str) -> tuple[int, ...] | None:
    """The shape of the result, if there were such arrays before and all is as it has to be."""
    dtype = values[0].dtype if type(values[0]) is ndarray else None
    for value in values:
        if type(value) is not ndarray or value.dtype is not dtype:
            return None
    return _SHAPES.get((signature, batch, dtype, *[value.shape for value in values]))


def _checked(arrays: Mapping[str, Any], signature: str, batch: str) -> tuple[tuple[Array, ...], tuple[int, ...]]:
    """The arrays in one dtype and with one batch axis, and the shape of the result."""
    axes, result_axes = _axes(signature)
    values = [floats(name, value) for name, value in arrays.items()]
    leading = _leading(values, axes, batch)
    if leading is None:
        raise _misfit(arrays, axes, batch)
    sizes: dict[str, int] = {}
    for place, (value, own) in enumerate(zip(values, axes, strict=True)):
        if batch in own and value.ndim != len(own):
            value = values[place] = value.reshape(-1, *value.shape[value.ndim - len(own) + 1 :])
        met = value.shape[value.ndim - len(own) :]
        fits = len(met) == len(own) and (value.ndim == len(own) or not batch) and 0 not in met
        if not fits or any(sizes.setdefault(axis, n) != n for axis, n in zip(own, met, strict=True)):
            raise _misfit(arrays, axes, batch)
    shape = tuple(n for axis in result_axes for n in (leading if axis == batch else (sizes[axis],)))
    shape = shape if batch else (*leading, *shape)
    dtype = np.result_type(*values)
    given = tuple(value if value.dtype == dtype else value.astype(dtype) for value in values)
    if all(value is array for value, array in zip(given, arrays.values(), strict=True)):
        if len(_SHAPES) >= _KEPT:
            _SHAPES.clear()
        _SHAPES[(signature, batch, dtype, *[value.shape for value in given])] = shape
    return given, shape


def with_labels(name: str, arrays: Mapping[str, Any], signature: str) -> Mapping[str, Any]:
    """The arrays with targets (..., n) by that name, where integers (...) are given, the class of each row.

    A class is a distribution, too: 1 for it and 0 elsewhere, so that what is proved of targets holds.
    """
    if not name or np.asarray(arrays[name]).dtype.kind not in "iu":
        return arrays
    axes = dict(zip(arrays, _axes(signature)[0], strict=True))
    rows, width = axes[name]
    first = next(other for other, own in axes.items() if rows in own and other != name)
    source = next(other for other, own in axes.items() if width in own and other != name)
    wide = np.shape(arrays[source])
    if np.ndim(arrays[name]) != np.ndim(arrays[first]) - 1 or len(wide) != len(axes[source]):
        return arrays
    leading, n = np.shape(arrays[first])[:-1], wide[axes[source].index(width)]
    labels = labels_of(name, arrays[name], n)
    if labels.shape != leading:
        expected = f"labels {leading}, one for each row of {first!r}, or targets {(*leading, n)}"
        raise ValueError(f"argument {name!r} has shape {labels.shape}; expected {expected}")
    targets = np.zeros((*leading, n), floats(first, arrays[first]).dtype)
    np.put_along_axis(targets, labels[..., None], 1, axis=-1)
    return {**arrays, name: targets}


def activation_functions(activation: Any) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """An activation and its derivative: by the name of a verified one, or a pair of functions of arrays.

    A single function has no derivative; it is refused when one is asked for.
    """
    if isinstance(activation, str):
        return _named(activation)
    if callable(activation):
        return activation, _no_derivative
    if isinstance(activation, tuple | list) and len(activation) == 2 and all(map(callable, activation)):
        return activation[0], activation[1]
    raise TypeError(f"activation is {activation!r}; expected the name of an activation or a pair (f, derivative)")


@functools.cache
def _named(activation: str) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    formulas = importlib.import_module("derivations.formulas")
    names = [name for name in formulas.__all__ if f"{name}_derivative" in formulas.__all__]
    if activation not in names:
        near = get_close_matches(activation, names, n=2)
        mend = f"did you mean {' or '.join(near)}?" if near else f"expected one of {', '.join(names)}"
        raise ValueError(f"there is no activation {activation!r}; {mend}")
    return getattr(formulas, activation), getattr(formulas, f"{activation}_derivative")


def _no_derivative(_: Array) -> Array:
    raise TypeError("activation is one function; expected a pair (f, derivative), as its derivative is needed")


@functools.lru_cache(maxsize=256)
def _axes(signature: str) -> tuple[tuple[Axes, ...], Axes]:
    arguments, result = signature.split("->")
    found = [tuple(filter(None, part.split(","))) for part in re.findall(r"\(([^)]*)\)", arguments)]
    return tuple(found), tuple(filter(None, result.strip("()").split(",")))


def _leading(values: list[Array], axes: tuple[Axes, ...], batch: str) -> tuple[int, ...] | None:
    """The leading axes of the result, with a batch axis those that make it up; None where they do not fit."""
    shapes = [
        value.shape[: max(value.ndim - len(own) + bool(batch), 0)]
        for value, own in zip(values, axes, strict=True)
        if batch in own or not batch
    ]
    if batch:
        return shapes[0] if all(shape == shapes[0] for shape in shapes) else None
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        return None


def _misfit(arrays: Mapping[str, Any], axes: tuple[Axes, ...], batch: str) -> ValueError:
    """What does not fit: the argument, its shape, and the shape that is expected."""
    sizes: dict[str, tuple[int, str]] = {}
    leading: tuple[str, tuple[int, ...]] | None = None
    for (name, value), own in zip(arrays.items(), axes, strict=True):
        met, last = np.shape(value), [axis for axis in own if axis != batch]
        found, expected = f"argument {name!r} has shape {met}", _text(own, batch)
        if len(met) < len(last) or (batch and batch not in own and len(met) > len(last)):
            return ValueError(f"{found}; expected {expected}")
        for axis, length in zip(last, met[len(met) - len(last) :], strict=True):
            known, first = sizes.setdefault(axis, (length, name))
            if length != known:
                return ValueError(f"{found}; expected {expected} with {axis} = {known} as in {first!r}")
        if 0 in met:
            return ValueError(f"{found}; expected at least one entry along each axis")
        if batch in own:
            first, shape = leading = leading or (name, met[: len(met) - len(last)])
            if shape != met[: len(met) - len(last)]:
                return ValueError(f"{found}; expected the leading axes {shape}, as {first!r} has")
    shapes = ", ".join(f"{name!r} {np.shape(value)}" for name, value in arrays.items())
    return ValueError(f"the leading axes do not broadcast: {shapes}; expected axes that do")


def _text(axes: Axes, batch: str) -> str:
    """The shape that is expected, as docstrings write it."""
    if batch and batch not in axes:
        return f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
    return f"({', '.join(('...', *(axis for axis in axes if axis != batch)))})"
