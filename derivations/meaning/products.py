"""Products: matrix, elementwise, outer, inner or scalar, as the shapes require; chains of derivatives contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from . import kept
from .choices import Choices
from .errors import MeaningError, Misfit
from .grouping import groupings
from .values import (
    Slope,
    Value,
    hadamard,
    identity_times,
    matrix_product,
    outer,
    shape_text,
    sizes_agree,
    transposed,
)

__all__ = ["ELEMENTWISE", "contract", "multiply", "times"]

ELEMENTWISE = ("odot", ".*", "circ")
_Lay = Callable[[Slope], Value]


def multiply(factors: list[Value], operators: list[str], choices: Choices, lay: _Lay) -> Value:
    """The product of the factors, from left to right, adjoining derivatives contracted first.

    ``operators`` stand between the factors, "" for none; ``lay`` lays a derivative out.
    """
    factors, operators = _merged(list(factors), list(operators), lay)
    result = factors[0]
    try:
        for operator, factor in zip(operators, factors[1:], strict=True):
            result = times(operator, result, factor, choices, lay)
    except Misfit:
        options = [] if any(o in (*ELEMENTWISE, "otimes") for o in operators) else groupings(factors, operators)
        if not options:
            raise
        words = [(f"factors grouped as {form}", make) for form, make in options]
        return choices.choose(("grouping", tuple(f.shape for f in factors)), words)()
    return result


def _merged(factors: list[Value], operators: list[str], lay: _Lay) -> tuple[list[Value], list[str]]:
    """Neighbours d(A)/d(B) d(B)/d(C), in either order, become d(A)/d(C)."""
    position = 0
    while position + 1 < len(factors):
        merged = _chained(factors[position], factors[position + 1]) if operators[position] not in ELEMENTWISE else None
        if merged is None:
            position += 1
            continue
        factors[position : position + 2] = [lay(merged)]
        del operators[position]
        position = max(0, position - 1)
    return factors, operators


def _chained(left: Value, right: Value) -> Slope | None:
    first, second = left.slope, right.slope
    if first is None or second is None:
        return None
    if first.by is not None and first.by == second.of:
        return contract(first, second)
    if second.by is not None and second.by == first.of:
        return contract(second, first)
    return None


def contract(first: Slope, second: Slope) -> Slope:
    """d(A)/d(B) d(B)/d(C), summed over the entries of B."""
    shape = second.of_shape

    def entry(of: tuple[Any, ...], by: tuple[Any, ...]) -> sp.Expr:
        inner = tuple(kept.ZERO if d == 1 else kept.index(name) for d, name in zip(shape, "bc", strict=False))
        body = kept.mul((first.entry(of, inner), second.entry(inner, by)))
        for index, dimension in zip(reversed(inner), reversed(shape), strict=True):
            if dimension != 1:
                body = kept.total(index, dimension, body)
        return body

    return Slope(first.of, first.of_shape, second.by, second.by_shape, entry)


def times(operator: str, left: Value, right: Value, choices: Choices, lay: _Lay) -> Value:
    """One product; where several kinds fit, one is chosen."""
    if left.times_identity is not None or right.times_identity is not None:
        if operator in (*ELEMENTWISE, "otimes"):
            raise MeaningError("the size of I is not said", "write $I_n$")
        return _times_identity(left, right)
    if left.is_scalar or right.is_scalar:
        return _scaled(left, right, lay)
    if operator in ELEMENTWISE:
        return hadamard(left, right)
    if left.of_any_size or right.of_any_size:
        return _with_ones(operator, left, right)
    options = _options(operator, left, right, lay, choices.wide)
    if not options and kept.ANY in (*left.shape, *right.shape):
        raise kept.size_not_said()
    if not options:
        raise Misfit(shape_text(left.shape), f"{shape_text(right.shape)} in a product")
    key = ("product", operator, left.shape, right.shape)
    return choices.choose(key, options)()


def _options(operator: str, left: Value, right: Value, lay: _Lay, wide: bool) -> list[tuple[str, Callable[[], Value]]]:
    options: list[tuple[str, Callable[[], Value]]] = []
    flat = len(left.shape) == len(right.shape) == 2
    if operator == "otimes":
        vectors = left.is_vector and right.is_vector
        return [("outer product", lambda: outer(left, right))] if vectors else []
    if flat and sizes_agree(left.shape[1], right.shape[0]):
        options.append(("matrix product", lambda: matrix_product(left, right)))
    if flat and operator and left.shape == right.shape:
        options.append(("elementwise product", lambda: hadamard(left, right)))
    if flat and operator and left.is_column and right.is_column:
        if left.shape == right.shape and operator == "cdot":
            options.append(("inner product", lambda: matrix_product(transposed(left), right)))
        if wide or not options:
            options.append(("outer product", lambda: outer(left, right)))
    if not options:
        options = _contractions(left, right, lay)
    return options


def _contractions(left: Value, right: Value, lay: _Lay) -> list[tuple[str, Callable[[], Value]]]:
    """A vector or matrix times a derivative of a quantity of its shape: summed over the entries of that quantity."""
    for value, slope in ((left, right.slope), (right, left.slope)):
        if slope is None or (value.slope is not None and value.slope.of_shape != ()):
            continue
        for candidate in (value, transposed(value)) if len(value.shape) == 2 else ():
            if candidate.shape == slope.of_shape:
                return [("contracted", lambda c=candidate, s=slope: lay(_weighted(c, s)))]  # type: ignore[misc]
    return []


def _weighted(value: Value, slope: Slope) -> Slope:
    weights = Slope(
        None if value.slope is None else value.slope.of,
        (),
        slope.of,
        slope.of_shape,
        lambda of, by: value.entry(*by),
    )
    return contract(weights, slope)


def _times_identity(left: Value, right: Value) -> Value:
    """I times something: the thing itself; a number times I stays a multiple of I."""
    plain = [v if v.times_identity is None else Value((), v.times_identity) for v in (left, right)]
    product = hadamard(*plain)
    return identity_times(product.entry) if product.is_scalar else product


def _with_ones(operator: str, left: Value, right: Value) -> Value:
    """A matrix times the vector of ones, or that vector times a matrix; b times its transpose repeats b."""
    if operator == "cdot" and left.is_column and right.is_column:
        left = transposed(left)
    flat = len(left.shape) == len(right.shape) == 2
    if not flat or not sizes_agree(left.shape[1], right.shape[0]):
        raise kept.size_not_said()
    return matrix_product(left, right)


def _scaled(left: Value, right: Value, lay: _Lay) -> Value:
    """A scalar times anything; a derivative stays one, so that it still contracts."""
    product = hadamard(left, right)
    if left.is_scalar and right.is_scalar:
        return product
    factor, other = (left, right) if left.is_scalar else (right, left)
    if other.slope is None:
        return product
    slope = other.slope

    def entry(of: tuple[Any, ...], by: tuple[Any, ...]) -> sp.Expr:
        return kept.mul((factor.entry(), slope.entry(of, by)))

    of = slope.of if slope.of_shape != () else None
    return Value(product.shape, product.entry, Slope(of, slope.of_shape, slope.by, slope.by_shape, entry))
