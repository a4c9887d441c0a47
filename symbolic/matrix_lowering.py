"""Entries of matrix expressions: the (i, j) entry of a SymPy matrix tree as a term, shapes checked on the way."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix

from . import terms as t
from .errors import OutOfReach, ShapeMismatch
from .notation import Gradient, Jacobian, Partial
from .scope import Scope
from .terms import Dimension, Index, Term


class MatrixEntries:
    """The matrix half of `Lowering`: every matrix is read through its entries."""

    dimension: Any
    scalar: Any
    fresh: Any
    tensor: Any
    tensors: Any
    named: Any

    def entry(self, m: Any, i: Index, j: Index, scope: Scope) -> Term:
        """Entry (i, j) of a matrix expression."""
        if isinstance(m, sp.MatrixSymbol):
            return t.entry(self.tensor(m, m.shape), (i, j))
        if isinstance(m, sp.MatAdd):
            self._same_shapes(m.args, "added")
            return t.add([self.entry(a, i, j, scope) for a in m.args])
        if isinstance(m, sp.MatMul):
            return self._product(m, i, j, scope)
        if isinstance(m, sp.Transpose):
            return self.entry(m.arg, j, i, scope)
        if isinstance(m, sp.HadamardProduct):
            self._same_shapes(m.args, "multiplied entry by entry")
            return t.mul([self.entry(a, i, j, scope) for a in m.args])
        if isinstance(m, DiagMatrix | DiagonalMatrix):
            return self._diagonal(m, i, j, scope)
        if isinstance(m, sp.Identity):
            return t.same(i, j)
        if isinstance(m, sp.matrices.expressions.special.OneMatrix):
            return t.ONE
        if isinstance(m, sp.ZeroMatrix):
            return t.ZERO
        if isinstance(m, sp.MatrixBase):
            return self._explicit(m, i, j, scope)
        return self._other_entry(m, i, j, scope)

    def _other_entry(self, m: Any, i: Index, j: Index, scope: Scope) -> Term:
        if isinstance(m, sp.HadamardPower) and sp.sympify(m.exp, strict=True).is_Integer:
            return t.power(self.entry(m.base, i, j, scope), int(m.exp))
        if isinstance(m, ElementwiseApplyFunction):
            return self._elementwise(m, self.entry(m.expr, i, j, scope), scope)
        if isinstance(m, Gradient):
            body, variable = m.args
            return t.derivative(self.scalar(body, scope), self.entry(variable, i, j, scope))
        if isinstance(m, Jacobian):
            y, z = m.args
            body = self.entry(y, i, 0, scope) if getattr(y, "is_Matrix", False) else self.scalar(y, scope)
            return t.derivative(body, self.entry(z, j, 0, scope))
        if isinstance(m, sp.Inverse) and tuple(m.shape) == (1, 1):
            return t.reciprocal(self.entry(m.arg, 0, 0, scope))
        if isinstance(m, sp.Inverse) and isinstance(m.arg, sp.MatrixSymbol):
            return t.inverse(self._square(m.arg), i, j)
        if isinstance(m, sp.Inverse) and isinstance(m.arg, sp.Transpose):
            return self.entry(sp.Inverse(m.arg.arg), j, i, scope)
        if isinstance(m, sp.MatPow) and not isinstance(m, sp.Inverse) and sp.sympify(m.exp, strict=True).is_Integer:
            exponent = int(m.exp)
            if tuple(m.shape) == (1, 1):
                return t.power(self.entry(m.base, 0, 0, scope), exponent)
            if 0 < exponent <= 16:
                return self._chain([m.base] * exponent, i, j, scope)
        raise OutOfReach(f"the matrix construct {type(m).__name__} is not decided: {str(m)[:80]}")

    def _square(self, m: Any) -> str:
        """The name of a square matrix of which the inverse or the determinant is asked."""
        rows, columns = map(self.dimension, m.shape)
        if rows != columns:
            raise ShapeMismatch(f"{m} with {rows} rows", f"{columns} columns")
        return str(self.tensor(m, m.shape))

    def determinant(self, e: Any, scope: Scope) -> Term:
        """det(X) for a square matrix symbol X."""
        m = e.args[0]
        if not isinstance(m, sp.MatrixSymbol):
            raise OutOfReach(f"the determinant of what is no matrix symbol: {str(m)[:80]}")
        return t.determinant(self._square(m)) if tuple(m.shape) != (1, 1) else self.entry(m, 0, 0, scope)

    def _same_shapes(self, parts: Any, what: str) -> None:
        first = parts[0].shape
        for part in parts[1:]:
            if tuple(part.shape) != tuple(first):
                raise ShapeMismatch(
                    f"{parts[0]} of shape {tuple(first)}", f"{part} of shape {tuple(part.shape)} {what}"
                )

    def _product(self, m: Any, i: Index, j: Index, scope: Scope) -> Term:
        scalars = [self.scalar(a, scope) for a in m.args if not getattr(a, "is_Matrix", False)]
        return t.mul([*scalars, self._chain([a for a in m.args if getattr(a, "is_Matrix", False)], i, j, scope)])

    def _chain(self, factors: list[Any], i: Index, j: Index, scope: Scope) -> Term:
        """sum over the inner indices of the product of the factors' entries."""
        entries: list[Term] = []
        bound: list[tuple[str, Dimension]] = []
        row = i
        for position, factor in enumerate(factors):
            inner: Index = j
            if position + 1 < len(factors):
                columns, rows = (
                    self.dimension(factor.shape[1]),
                    self.dimension(factors[position + 1].shape[0]),
                )
                if columns != rows:
                    raise ShapeMismatch(f"{factor} with {columns} columns", f"{factors[position + 1]} with {rows} rows")
                inner = 0 if columns == 1 else self.fresh("k")
                if inner != 0:
                    bound.append((str(inner), columns))
            entries.append(self.entry(factor, row, inner, scope))
            row = inner
        body = t.mul(entries)
        for name, dimension in reversed(bound):
            body = t.total(name, dimension, body)
        return body

    def _diagonal(self, m: Any, i: Index, j: Index, scope: Scope) -> Term:
        argument = m.args[0]
        rows, columns = argument.shape
        if columns == 1:
            return t.mul((t.same(i, j), self.entry(argument, i, 0, scope)))
        if rows == 1:
            return t.mul((t.same(i, j), self.entry(argument, 0, i, scope)))
        return t.mul((t.same(i, j), self.entry(argument, i, j, scope)))

    def _explicit(self, m: Any, i: Index, j: Index, scope: Scope) -> Term:
        cells = ((row, column) for row in range(m.rows) for column in range(m.cols))
        if isinstance(i, int) and isinstance(j, int):
            return self.scalar(m[i, j], scope)
        return t.add(
            t.mul((t.same(i, row), t.same(j, column), self.scalar(m[row, column], scope))) for row, column in cells
        )

    def _elementwise(self, m: Any, argument: Term, scope: Scope) -> Term:
        function = m.function
        if isinstance(function, sp.Lambda):
            (parameter,) = function.variables
            if any(parameter in e.atoms(sp.Symbol) for e in function.expr.atoms(Partial, sp.Derivative)):
                argument = self.named(parameter, argument)
            return self.scalar(function.expr, scope.with_parameter(parameter, argument))
        xi = sp.Dummy("xi", real=True)
        return self.scalar(function(xi), scope.with_parameter(xi, argument))
