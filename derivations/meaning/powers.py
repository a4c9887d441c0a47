"""Powers, roots, norms and matrices as written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from ..reading import syntax as s
from . import kept
from .choices import Choices
from .errors import MeaningError
from .names import canonical
from .scope import Scope
from .values import Value, elementwise, matrix_product, scalar, shape_text, transposed

__all__ = ["PowerReader", "explicit"]

_LARGEST_EXPONENT = 200
_LARGEST_MATRIX_POWER = 16


class PowerReader:
    """The part of `FormulaReader` that reads powers, roots, norms and matrices."""

    value: Callable[[s.Node, Scope], Value]
    superscripts: Callable[..., Value]
    indicator: Callable[..., Value]
    choices: Choices

    def raise_entries(self, base: Value, scripts: tuple[s.Node, ...], scope: Scope) -> Value:
        """Powers of every entry: `\\tanh^2(z)`."""
        for script in scripts:
            exponent = self.value(script, scope)
            base = elementwise(kept.power, [base, exponent], "raised to a power")
        return base

    def raise_to(self, base: Value, script: s.Node, scope: Scope) -> Value:
        """A power: of a scalar, of every entry, of a square matrix, or the square of a vector's norm."""
        exponent = self.value(script, scope)
        if not exponent.is_scalar:
            raise MeaningError(f"an exponent of shape {shape_text(exponent.shape)}", place=script.place)
        power = _folded(exponent.entry())
        if (power.is_Integer and abs(int(power)) > _LARGEST_EXPONENT) or _is_tower(power):
            raise MeaningError(f"an exponent larger than {_LARGEST_EXPONENT}", place=script.place)
        powered = elementwise(lambda u: kept.power(u, power), [base], "raised to a power")
        if base.is_scalar:
            return Value((), powered.entry, literal=base.literal)
        square = base.shape[0] == base.shape[1]
        if square and not (power.is_Integer and int(power) >= 1):
            mend = "name the inverse and say what is used of it: $G A = I_n$" if power == -1 else ""
            raise MeaningError("a matrix to a power that is no positive whole number", mend, script.place)
        options: list[tuple[str, Any]] = [("power of every entry", lambda: powered)]
        if base.is_vector and power == 2 and self.choices.wide:
            options.append(("squared norm", lambda: self._squares(base)))
        if square:
            options = [("matrix power", lambda: _matrix_power(base, int(power)))]
        return self.choices.choose(("power", base.shape, power), options)()

    def _squares(self, value: Value) -> Value:
        column = value if value.is_column else transposed(value)
        return matrix_product(transposed(column), column)

    def root(self, node: s.Root, scope: Scope) -> Value:
        """A root of every entry."""
        order = sp.Integer(2) if node.degree is None else self.value(node.degree, scope).entry()
        if not (order.is_Integer and 2 <= int(order) <= _LARGEST_EXPONENT):
            raise MeaningError(f"a root of degree {order}")
        value = self.value(node.body, scope)
        return elementwise(lambda u: kept.power(u, sp.Rational(1, int(order))), [value], "under a root")

    def bracketed(self, node: s.Delimited, scope: Scope) -> Value:
        """Brackets: of grouping, of a norm, of an inner product."""
        if node.open in ("|", "||"):
            return self._norm(node, "", scope)
        if node.open == "[" and isinstance(node.body, s.Statement):  # Iverson's bracket
            return self.indicator(s.Scripted(s.Number("1", "blackboard"), (node.body,), place=node.place), scope)
        if node.open in ("(", "[", "{", "") and node.close in (")", "]", "}", ""):
            return self.value(node.body, scope)
        if node.open == "langle" and isinstance(node.body, s.List) and len(node.body.items) == 2:
            left, right = (self.value(item, scope) for item in node.body.items)
            return matrix_product(transposed(left), right)
        raise MeaningError(f"the brackets {node.open} {node.close} have no meaning here", place=node.place)

    def _norm(self, node: s.Delimited, kind: str, scope: Scope) -> Value:
        """`|x|` and `\\|x\\|_2`: absolute values and norms; a square root is kept as written."""
        value = self.value(node.body, scope)
        if node.open == "|" and value.is_scalar and not kind:
            return elementwise(lambda u: kept.applied(sp.Abs, u), [value], "")
        if kind == "1" and (value.is_vector or value.is_scalar):
            return self._over_entries(value, lambda u: kept.applied(sp.Abs, u))
        if (kind in ("", "2") and (value.is_vector or value.is_scalar)) or kind == "F":
            squares = self._sum_of_squares(value)
            norm = elementwise(lambda u: kept.power(u, sp.Rational(1, 2)), [squares], "")
            if node.open == "||" or kind:
                return norm
            entries = elementwise(lambda u: kept.applied(sp.Abs, u), [value], "")
            options = [("norm", norm), ("absolute value of every entry", entries)]
            return self.choices.choose(("bars around a vector", value.shape), options)
        what = f"with the subscript {kind}" if kind else f"of a matrix of shape {shape_text(value.shape)}"
        raise MeaningError(f"a norm {what}", "write what it stands for", node.place)

    def scripted_norm(self, node: s.Scripted, base: s.Delimited, scope: Scope) -> Value:
        """A norm with its kind below and a power above; the square of a norm has no root in it."""
        kind = "".join(map(canonical, node.subscripts))
        squared = len(node.superscripts) == 1 and canonical(node.superscripts[0]) == "2"
        value = self.value(base.body, scope)
        if (
            squared
            and base.open == "||"
            and (kind == "F" or (kind in ("", "2") and len(value.shape) == 2 and value.is_vector))
        ):
            return self._sum_of_squares(value)
        return self.superscripts(self._norm(base, kind, scope), node.superscripts, scope)

    def _sum_of_squares(self, value: Value) -> Value:
        return self._over_entries(value, lambda u: kept.power(u, sp.Integer(2)))

    def _over_entries(self, value: Value, function: Callable[[sp.Expr], sp.Expr]) -> Value:
        """The sum of a function of all entries."""
        if value.is_scalar:
            return elementwise(function, [value], "")
        if len(value.shape) != 2:
            raise MeaningError("a norm of more than a matrix")
        i, j = (kept.ZERO if d == 1 else kept.index(n) for d, n in zip(value.shape, "ij", strict=True))
        body = function(value.entry(i, j))
        for index, dimension in ((j, value.shape[1]), (i, value.shape[0])):
            if dimension != 1:
                body = kept.total(index, dimension, body)
        return scalar(body)

    def matrix(self, node: s.Matrix, scope: Scope) -> Value:
        """A matrix by its entries."""
        rows = node.rows
        if len({len(row) for row in rows}) != 1:
            raise MeaningError("a matrix whose rows have different lengths")
        cells = [[self.value(cell, scope) for cell in row] for row in rows]
        if any(not cell.is_scalar for row in cells for cell in row):
            raise MeaningError("a matrix of matrices")
        entries = [[cell.entry() for cell in row] for row in cells]
        if len(entries) == len(entries[0]) == 1:
            return scalar(entries[0][0])
        return explicit(entries)


def _folded(power: sp.Expr) -> sp.Expr:
    """-1, of -1 as it is written."""
    numeric = isinstance(power, sp.Mul) and all(factor.is_Rational for factor in power.args)
    return sp.Mul(*power.args) if numeric else power


def _is_tower(power: sp.Expr) -> bool:
    """Whether an exponent is a power of numbers, such as 9^9, and not a small one."""
    if not isinstance(power, sp.Pow) or not all(part.is_Rational for part in power.args):
        return isinstance(power, sp.Pow) and not power.free_symbols
    base, exponent = power.args
    return bool(abs(base) > 1 and abs(exponent) > 7)


def explicit(entries: list[list[sp.Expr]]) -> Value:
    """A matrix of given entries."""
    rows, columns = len(entries), len(entries[0])

    def entry(i: Any, j: Any) -> sp.Expr:
        if i.is_Integer and j.is_Integer:
            return entries[int(i)][int(j)]
        return kept.add(
            kept.mul((*_at(i, r, rows), *_at(j, c, columns), entries[r][c]))
            for r in (range(rows) if not i.is_Integer else [int(i)])
            for c in (range(columns) if not j.is_Integer else [int(j)])
        )

    return Value((sp.Integer(rows), sp.Integer(columns)), entry)


def _at(index: Any, position: int, size: int) -> tuple[sp.Expr, ...]:
    return () if index.is_Integer or size == 1 else (kept.delta(index, sp.Integer(position)),)


def _matrix_power(base: Value, exponent: int) -> Value:
    result = base
    if exponent > _LARGEST_MATRIX_POWER:
        raise MeaningError(f"a matrix to the power {exponent}, larger than {_LARGEST_MATRIX_POWER}")
    for _ in range(exponent - 1):
        result = matrix_product(result, base)
    return result
