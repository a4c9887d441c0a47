"""What a formula stands for: a scalar or matrix of symbolic size, given by its entries; and derivatives as tensors.

A column has the shape (n, 1), a row (1, n), a scalar ().  An entry takes one index for each dimension; in a
dimension of size 1 it is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from . import kept
from .errors import MeaningError, Misfit

__all__ = [
    "Slope",
    "Value",
    "broadcast",
    "elementwise",
    "fixed_indices",
    "hadamard",
    "identity_times",
    "laid_out",
    "matrix_product",
    "of_any_size",
    "outer",
    "scalar",
    "shape_text",
    "sizes_agree",
    "transposed",
    "with_size",
]

Shape = tuple[Any, ...]
Entry = Callable[..., sp.Expr]


@dataclass(frozen=True, eq=False)
class Value:
    """A scalar (shape ()), a matrix (rows, columns), or a derivative with more dimensions, not laid out.

    ``slope`` is set for a derivative: products of such contract over what they share.
    """

    shape: Shape
    entry: Entry
    slope: Slope | None = None
    literal: bool = False  # a number as written: it may stand for a whole matrix of itself
    #: the factor of a multiple of the identity whose size is not known yet; it has no entries until it is
    times_identity: Entry | None = None
    of_any_size: bool = False  # a vector of ones or zeros as written, whose shape what it is added to will tell
    origin: Any = None  # the quantity that this is, whole; for an entry of one, the entry

    @property
    def is_scalar(self) -> bool:
        return self.shape == ()

    @property
    def is_vector(self) -> bool:
        return len(self.shape) == 2 and 1 in self.shape

    @property
    def is_column(self) -> bool:
        return len(self.shape) == 2 and self.shape[1] == 1


@dataclass(frozen=True, eq=False)
class Slope:
    """d(of)/d(by), entry by entry: ``entry(indices of of, indices of by)``."""

    of: Any  # what tells the quantity differentiated, to know it again in a chain
    of_shape: Shape
    by: Any
    by_shape: Shape
    entry: Callable[[tuple[Any, ...], tuple[Any, ...]], sp.Expr]


def scalar(expression: sp.Expr, literal: bool = False) -> Value:
    return Value((), lambda: expression, literal=literal)


def identity_times(factor: Entry) -> Value:
    """A multiple of an identity matrix whose size what it is added to, or multiplied by, will tell."""

    def entry() -> sp.Expr:
        raise MeaningError("the size of I is not said", "write $I_n$")

    return Value((), entry, times_identity=factor)


def of_any_size(number: sp.Expr) -> Value:
    """A column of ones or zeros as written; beside a matrix in a sum, a matrix of them."""
    return Value((kept.ANY, 1), lambda *indices: number, literal=True, of_any_size=True)


def sizes_agree(one: Any, other: Any) -> bool:
    return bool(one == other) or (kept.ANY in (one, other) and 1 not in (one, other))


def with_size(value: Value, shape: Shape) -> Value:
    """A multiple of the identity, or of ones, beside a matrix of this shape."""
    if value.of_any_size:
        turned = value.shape[0] == 1 and len(shape) == 2 and shape[1] == 1  # a row as written is no column
        return Value(shape[::-1] if turned else shape, value.entry, literal=value.literal)
    if kept.ANY in value.shape and len(value.shape) == len(shape):
        told = (other if d == kept.ANY else d for d, other in zip(value.shape, shape, strict=True))
        return Value(tuple(told), value.entry)
    factor = value.times_identity
    if factor is None:
        return value
    if shape == ():
        raise MeaningError("the size of I is not said", "write $I_n$")
    if len(shape) != 2 or shape[0] != shape[1]:
        raise Misfit(shape_text(shape), "an identity matrix")
    return Value(shape, lambda i, j: kept.mul((factor(), kept.delta(i, j))))


def shape_text(shape: Shape) -> str:
    """A shape in words."""
    if shape == ():
        return "a scalar"
    return " x ".join(str(d) for d in shape)


def fixed_indices(shape: Shape, names: tuple[str, ...] = ("i", "j", "k", "l")) -> tuple[Any, ...]:
    """Fresh indices for a shape; 0 in dimensions of size 1."""
    return tuple(sp.Integer(0) if d == 1 else kept.index(name) for d, name in zip(shape, names, strict=False))


def transposed(value: Value) -> Value:
    if value.is_scalar:
        return value  # a multiple of the identity as well
    if len(value.shape) != 2:
        raise MeaningError(f"the transpose of a tensor of {len(value.shape)} dimensions")
    if value.of_any_size:
        return Value(value.shape[::-1], value.entry, literal=True, of_any_size=True)
    return Value(value.shape[::-1], lambda i, j: value.entry(j, i))


def broadcast(values: list[Value], what: str) -> tuple[Shape, list[Entry]]:
    """The common shape of values that are added or multiplied entry by entry, and their entries there."""
    shapes = [v.shape for v in values if not v.is_scalar and not v.of_any_size]
    shapes = shapes or [v.shape for v in values if not v.is_scalar]
    if not shapes:
        return (), [v.entry for v in values]
    told = next((shape for shape in shapes if kept.ANY not in shape), shapes[0])
    shapes = [with_size(v, told).shape for v in values if not v.is_scalar]
    for shape in shapes[1:]:
        if shape != shapes[0]:
            raise Misfit(shape_text(shapes[0]), f"{shape_text(shape)} {what}")
    return shapes[0], [_constant(v.entry) if v.is_scalar else v.entry for v in values]


def _constant(entry: Entry) -> Entry:
    return lambda *indices: entry()


def elementwise(function: Callable[..., sp.Expr], values: list[Value], what: str) -> Value:
    """The function of the values' entries, entry by entry."""
    shape, entries = broadcast(values, what)
    return Value(shape, lambda *indices: function(*(entry(*indices) for entry in entries)))


def hadamard(left: Value, right: Value) -> Value:
    return elementwise(lambda a, b: kept.mul((a, b)), [left, right], "multiplied entry by entry")


def matrix_product(left: Value, right: Value) -> Value:
    """Rows times columns; a scalar multiplies every entry; 1 x 1 is a scalar."""
    if left.is_scalar or right.is_scalar:
        return hadamard(left, right)
    if len(left.shape) != 2 or len(right.shape) != 2:
        raise MeaningError("a derivative of more than two dimensions cannot be multiplied here")
    (rows, inner), (other, columns) = left.shape, right.shape
    if not sizes_agree(inner, other):
        raise Misfit(shape_text(left.shape), f"{shape_text(right.shape)} in a product")
    inner = other if inner == kept.ANY else inner

    def entry(i: Any, j: Any) -> sp.Expr:
        if inner == 1:
            return kept.mul((left.entry(i, kept.ZERO), right.entry(kept.ZERO, j)))
        k = kept.index("k")
        return kept.total(k, inner, kept.mul((left.entry(i, k), right.entry(k, j))))

    if rows == columns == 1:
        return scalar(entry(kept.ZERO, kept.ZERO))
    return Value((rows, columns), entry)


def outer(left: Value, right: Value) -> Value:
    """Column times row, whichever way the two vectors stand."""
    column = left if left.is_column else transposed(left)
    row = transposed(right) if right.is_column else right
    return matrix_product(column, row)


# ---- derivatives


def laid_out(slope: Slope, layout: str) -> Value:
    """A derivative as a scalar or matrix: layout "shape", "numerator" or "denominator".

    Shape layout gives the derivative of a scalar the shape of its variable; a column by a column has a row for each
    entry of what is differentiated, but in denominator layout.  What has more than two dimensions keeps them all.
    """
    of, by = slope.of_shape, slope.by_shape
    if of == () and by == ():
        return Value((), lambda: slope.entry((), ()), slope)
    if of == ():
        straight = Value(by, lambda *i: slope.entry((), i), slope)
        return _turned(straight) if layout == "numerator" else straight
    if by == ():
        straight = Value(of, lambda *i: slope.entry(i, ()), slope)
        return _turned(straight) if layout == "denominator" else straight
    if len(of) == len(by) == 2 and 1 in of and 1 in by:
        jacobian = Value((_length(of), _length(by)), lambda i, j: slope.entry(_along(of, i), _along(by, j)), slope)
        return _turned(jacobian) if layout == "denominator" else jacobian
    return Value((*of, *by), lambda *i: slope.entry(i[: len(of)], i[len(of) :]), slope)


def _turned(value: Value) -> Value:
    turned = transposed(value)
    return Value(turned.shape, turned.entry, value.slope)


def _length(shape: Shape) -> Any:
    return shape[0] if shape[1] == 1 else shape[1]


def _along(shape: Shape, i: Any) -> tuple[Any, Any]:
    return (i, kept.ZERO) if shape[1] == 1 else (kept.ZERO, i)
