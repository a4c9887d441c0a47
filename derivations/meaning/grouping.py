"""Products that conform only when they are grouped otherwise than from left to right: `a * (1 - a) * V^T * d`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .values import Value, hadamard, matrix_product

__all__ = ["groupings"]

_MOST_FACTORS = 8
_Form = tuple[Any, ...]
_Candidates = dict[_Form, tuple[tuple[Any, ...], Callable[[], Value]]]


def groupings(factors: list[Value], operators: list[str]) -> list[tuple[str, Callable[[], Value]]]:
    """All products by matrix and elementwise multiplication that conform, each once, with its grouping in words."""
    if len(factors) > _MOST_FACTORS or any(len(f.shape) > 2 or f.times_identity is not None for f in factors):
        return []
    count = len(factors)
    cells: dict[tuple[int, int], _Candidates] = {}
    for position, factor in enumerate(factors):
        cells[position, position] = {("f", position): (factor.shape, lambda f=factor: f)}  # type: ignore[misc]
    for length in range(1, count):
        for first in range(count - length):
            cells[first, first + length] = _joined(cells, first, first + length, operators)
    return [(_words(form), make) for form, (_, make) in cells[0, count - 1].items()]


def _joined(cells: dict[tuple[int, int], _Candidates], first: int, last: int, operators: list[str]) -> _Candidates:
    found: _Candidates = {}
    for middle in range(first, last):
        for left_form, (left, make_left) in cells[first, middle].items():
            for right_form, (right, make_right) in cells[middle + 1, last].items():
                for form, shape, kind in _products(left_form, left, right_form, right, operators[middle]):
                    found.setdefault(form, (shape, lambda k=kind, a=make_left, b=make_right: k(a(), b())))  # type: ignore[misc]
    return found


def _products(
    left_form: _Form, left: tuple[Any, ...], right_form: _Form, right: tuple[Any, ...], operator: str
) -> list[tuple[_Form, tuple[Any, ...], Callable[[Value, Value], Value]]]:
    if left == () or right == ():
        return [(_form("e", left_form, right_form), left or right, hadamard)]
    options: list[tuple[_Form, tuple[Any, ...], Callable[[Value, Value], Value]]] = []
    if left[1] == right[0]:
        shape = () if left[0] == right[1] == 1 else (left[0], right[1])
        options.append((_form("m", left_form, right_form), shape, matrix_product))
    if left == right and operator:
        options.append((_form("e", left_form, right_form), left, hadamard))
    return options


def _form(kind: str, left: _Form, right: _Form) -> _Form:
    """The same for groupings that come to the same: products are associative, elementwise ones commute as well."""
    parts = [part for form in (left, right) for part in (form[1:] if form[0] == kind else (form,))]
    return (kind, *(sorted(parts, key=repr) if kind == "e" else parts))


def _words(form: _Form) -> str:
    """The grouping, with the factors by their numbers."""
    if form[0] == "f":
        return str(form[1] + 1)
    sign = " " if form[0] == "m" else " .* "
    return "(" + sign.join(map(_words, form[1:])) + ")"
