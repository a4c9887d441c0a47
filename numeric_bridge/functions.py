"""SymPy expressions as NumPy functions: compiled once, called with arrays of any sizes and any leading axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy.matrices.expressions import MatrixExpr

from symbolic import lower
from symbolic.terms import Claim, Dimension

from .arrays import Array, union
from .evaluation import NamedFunction, Point, Run
from .program import Program, compile_terms


@dataclass(frozen=True)
class NumpyFunction:
    """A compiled expression.

    ``arguments`` names the arguments in their order and ``shapes`` gives the declared shape of each (a scalar has
    none); an argument is an array of shape ``(..., *shape)`` with any leading axes, which broadcast.  The result
    has shape ``(..., *result_shape)``: the shape of a matrix expression, or one axis for each free index of a
    scalar one, sorted by name.  ``axes`` names them: the free indices, or ``"row"`` and ``"column"`` (None where the
    length is 1).
    """

    arguments: tuple[str, ...]
    shapes: Mapping[str, tuple[Dimension, ...]]
    result_shape: tuple[Dimension, ...]
    axes: tuple[str | None, ...]
    functions: tuple[str, ...]
    _program: Program

    def __call__(
        self,
        *values: Any,
        functions: Mapping[str, Any] | None = None,
        sizes: Mapping[str, int] | None = None,
        **named: Any,
    ) -> Array:
        """The value at the arguments, given in order or by name.

        ``functions`` interprets the undefined functions: a callable for f, or a sequence of callables for f, f',
        f'', ...; ``sizes`` gives sizes that no argument's shape shows.  What is undefined is NaN.
        """
        arrays = {name: np.asarray(value, dtype=np.float64) for name, value in self._bound(values, named).items()}
        point = self._point(arrays, dict(sizes or {}), self._interpreted(functions or {}))
        value = Run(self._program, point).output()
        return self._laid_out(value, point)

    def _bound(self, values: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any]:
        if len(values) > len(self.arguments):
            raise TypeError(f"{len(values)} arguments given; there are {len(self.arguments)}: {self._names()}")
        bound = dict(zip(self.arguments, values, strict=False))
        for name, value in named.items():
            if name not in self.arguments:
                raise TypeError(f"there is no argument {name!r}; there are {self._names()}")
            if name in bound:
                raise TypeError(f"argument {name!r} is given twice")
            bound[name] = value
        missing = [name for name in self.arguments if name not in bound]
        if missing:
            raise TypeError(f"missing: {', '.join(missing)}")
        return bound

    def _names(self) -> str:
        return ", ".join(self.arguments) or "none"

    def _interpreted(self, given: Mapping[str, Any]) -> dict[str, NamedFunction]:
        missing = [name for name in self.functions if name not in given]
        if missing:
            raise TypeError(f"functions={{...}} does not say what {', '.join(missing)} is")
        return {name: _by_order(name, given[name]) for name in self.functions}

    def _point(self, arrays: dict[str, Array], sizes: dict[str, int], functions: dict[str, NamedFunction]) -> Point:
        shown = {name: f"sizes[{name!r}]" for name in sizes}
        for name, array in arrays.items():
            self._read_sizes(name, array, sizes, shown)
        unknown = [d for d in self._sizes() if d not in sizes]
        if unknown:
            raise TypeError(f"no argument shows the size {', '.join(unknown)}; give sizes={{...}}")
        ranks = {name: array.ndim - len(self.shapes[name]) for name, array in arrays.items()}
        rank = max(ranks.values(), default=0)
        padded = {name: array.reshape((1,) * (rank - ranks[name]) + array.shape) for name, array in arrays.items()}
        try:
            np.broadcast_shapes(*(array.shape[:rank] for array in padded.values()))
        except ValueError:
            leading = ", ".join(f"{name} {array.shape[: ranks[name]]}" for name, array in arrays.items())
            raise ValueError(f"the leading axes do not broadcast: {leading}") from None
        return Point(sizes, padded, functions, rank)

    def _read_sizes(self, name: str, array: Array, sizes: dict[str, int], shown: dict[str, str]) -> None:
        expected = self.shapes[name]
        text = f"(..., {', '.join(map(str, expected))})" if expected else "(...)"
        met = array.shape[array.ndim - len(expected) :]
        if array.ndim < len(expected):
            raise ValueError(f"argument {name!r} has shape {array.shape}; expected {text}")
        for dimension, length in zip(expected, met, strict=True):
            wanted = dimension if isinstance(dimension, int) else sizes.setdefault(dimension, length)
            shown.setdefault(str(dimension), f"argument {name!r}")
            if wanted != length:
                where = "" if isinstance(dimension, int) else f" with {dimension} = {wanted} from {shown[dimension]}"
                raise ValueError(f"argument {name!r} has shape {array.shape}; expected {text}{where}")

    def _sizes(self) -> list[str]:
        needed = [*self._program.dimensions.values(), *self.result_shape]
        needed += [node.data for node in self._program.nodes if node.op == "size"]
        return sorted({d for d in needed if isinstance(d, str)})

    def _laid_out(self, value: Array, point: Point) -> Array:
        axes = self._program.axes()
        batch = np.broadcast_shapes(*(a.shape[: point.rank] for a in point.arrays.values())) if point.arrays else ()
        index = (Ellipsis, *(slice(None) if axis in axes else None for axis in sorted(filter(None, self.axes))))
        value = value[index]
        order = sorted(axis for axis in self.axes if axis is not None)
        value = value.reshape((1,) * (len(batch) + len(order) - value.ndim) + value.shape)
        named = [len(batch) + order.index(axis) for axis in self.axes if axis is not None]
        value = value.transpose(*range(len(batch)), *named)
        lengths = [point.length(d) for axis, d in zip(self.axes, self.result_shape, strict=True) if axis is not None]
        value = np.broadcast_to(value, (*batch, *lengths))
        return np.array(value.reshape((*batch, *(point.length(d) for d in self.result_shape))))


def compile_expression(
    expression: Any, given: Iterable[Any] = (), arguments: Sequence[Any] | None = None
) -> NumpyFunction:
    """The NumPy function of a SymPy expression: a scalar, entries at free indices, or a matrix expression.

    ``given`` holds definitions (`Define`), which are unfolded; ``arguments`` the order of the arguments (symbols,
    matrix symbols or their names; by default sorted by name).  Derivatives are taken by rule.  Sizes are read
    from the arrays at every call.

    Raises `symbolic.errors.OutOfReach` or `ShapeMismatch` for what cannot be read.
    """
    claim = lower(expression, expression, given)
    program = compile_terms([claim.left], claim)
    free = sorted(program.inputs)
    names = tuple(free if arguments is None else [_name(argument) for argument in arguments])
    if missing := [name for name in free if name not in names]:
        raise TypeError(f"the expression also depends on {', '.join(missing)}; name it among the arguments")
    if unknown := [name for name in names if name not in claim.tensors and name not in claim.symbols]:
        raise TypeError(f"the expression does not depend on {', '.join(unknown)}")
    shapes = {name: claim.tensors[name].dimensions if name in claim.tensors else () for name in names}
    axes, result = _result(expression, claim)
    functions = tuple(sorted({node.data[0] for node in program.nodes if node.op == "applied"}))
    return NumpyFunction(names, shapes, result, axes, functions, program)


def _result(expression: Any, claim: Claim) -> tuple[tuple[str | None, ...], tuple[Dimension, ...]]:
    """For each axis of the result its index (None where the length is 1) and its dimension."""
    if not isinstance(expression, MatrixExpr):
        indices = union([tuple(claim.indices)])
        return indices, tuple(claim.indices[index] for index in indices)
    axes: list[str | None] = []
    dimensions: list[Dimension] = []
    for name, length in zip(("row", "column"), expression.shape, strict=True):
        dimension = int(length) if getattr(length, "is_Integer", True) else str(length)
        axes.append(None if dimension == 1 else name)
        dimensions.append(dimension)
    return tuple(axes), tuple(dimensions)


def _name(argument: Any) -> str:
    return argument if isinstance(argument, str) else str(getattr(argument, "name", argument))


def _by_order(name: str, given: Any) -> NamedFunction:
    """A function of the order of the derivative and the argument, from one callable or one for each order."""
    callables = list(given) if isinstance(given, Sequence) else [given]

    def interpreted(order: int, argument: Array) -> Array:
        if order >= len(callables):
            raise ValueError(f"functions[{name!r}] has no derivative of order {order}; give {name}, {name}', ...")
        return np.asarray(callables[order](argument), dtype=np.float64)

    return interpreted
