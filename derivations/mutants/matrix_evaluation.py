"""The matrix half of an evaluation at a point: a matrix is a list of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from mpmath.ctx_mp import MPContext  # type: ignore[import-untyped]
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.notation import Gradient, Jacobian

from .trees import is_matrix

mp = MPContext()
mp.dps = 80
STEP = mp.mpf(10) ** -20  # a central difference is then good to forty digits, a difference of differences too

Number = Any
Rows = list[list[Number]]
Key = tuple[str, tuple[int, ...]]


class Undefined(ArithmeticError):
    """The expression has no value at the point."""


class ShapesDiffer(Exception):
    """The expression has no meaning at these sizes."""


class CasesDiffer(Exception):
    """Two cases of one table claim different values at the point."""


class CannotTell(Exception):
    """A construct that is not evaluated here, or no admissible point."""


Handler = Callable[[Any, Mapping[Any, Any]], Any]


class MatrixEvaluation:
    """Rows of numbers of every matrix construct."""

    number: Any
    rows: Any
    integer: Any
    shape: Any
    entry: Any
    power: Any
    derivative: Any

    def matrix_handlers(self) -> dict[Any, Handler]:
        return {
            sp.MatAdd: self._matrix_sum,
            sp.MatMul: self._matrix_product,
            sp.HadamardProduct: self._entrywise_product,
            sp.HadamardPower: lambda e, env: self._each(e.args[0], env, lambda u: self.power(u, int(e.args[1]))),
            ElementwiseApplyFunction: self._elementwise,
            sp.Transpose: lambda e, env: [list(row) for row in zip(*self.rows(e.args[0], env), strict=True)],
            DiagMatrix: self._diagonal,
            sp.MatrixSymbol: self._tensor,
            sp.Identity: lambda e, env: self._fill(e, lambda i, j: int(i == j)),
            sp.OneMatrix: lambda e, env: self._fill(e, lambda i, j: 1),
            sp.ZeroMatrix: lambda e, env: self._fill(e, lambda i, j: 0),
            Gradient: self._gradient,
            Jacobian: self._jacobian,
            sp.MatrixBase: lambda e, env: [[self.number(u, env) for u in row] for row in e.tolist()],
            sp.MatPow: self._matrix_power,
        }

    def _fill(self, e: Any, rule: Callable[[int, int], Any]) -> Rows:
        rows, columns = self.shape(e)
        return [[mp.mpf(rule(i, j)) for j in range(columns)] for i in range(rows)]

    def _tensor(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        rows, columns = self.shape(e)
        return [[self.entry(e, (i, j)) for j in range(columns)] for i in range(rows)]

    def _each(self, e: Any, env: Mapping[Any, Any], function: Callable[[Number], Number]) -> Rows:
        return [[function(u) for u in row] for row in self.rows(e, env)]

    def _elementwise(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        function = e.args[0]
        if not isinstance(function, sp.Lambda):
            xi = sp.Dummy("xi", real=True)
            function = sp.Lambda(xi, function(xi))
        return self._each(e.args[1], env, lambda u: self.number(function.expr, {**env, function.variables[0]: u}))

    def _matrix_sum(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        return _entrywise([self.rows(a, env) for a in e.args], mp.fsum)

    def _entrywise_product(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        return _entrywise([self.rows(a, env) for a in e.args], mp.fprod)

    def _matrix_product(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        scale = mp.fprod([self.number(a, env) for a in e.args if not is_matrix(a)])
        first, *rest = [self.rows(a, env) for a in e.args if is_matrix(a)]
        for factor in rest:
            first = _matmul(first, factor)
        return [[scale * u for u in row] for row in first]

    def _matrix_power(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        base, exponent = self.rows(e.args[0], env), int(e.args[1])
        if len(base) == len(base[0]) == 1:
            return [[self.power(base[0][0], exponent)]]
        if exponent < 1:
            raise CannotTell("the inverse of a matrix is not evaluated")
        result = base
        for _ in range(exponent - 1):
            result = _matmul(result, base)
        return result

    def _matrix_element(self, e: Any, env: Mapping[Any, Any]) -> Number:
        i, j = self.integer(e.args[1], env), self.integer(e.args[2], env)
        if isinstance(e.parent, sp.MatrixSymbol):
            return self.entry(e.parent, (i, j))
        rows = self.rows(e.parent, env)
        if i >= len(rows) or j >= len(rows[0]):
            raise ShapesDiffer(f"no entry ({i}, {j})")
        return rows[i][j]

    def _diagonal(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        rows = self.rows(e.args[0], env)
        column = rows[0] if len(rows) == 1 else [row[min(i, len(row) - 1)] for i, row in enumerate(rows)]
        return [[u if i == j else mp.mpf(0) for j in range(len(column))] for i, u in enumerate(column)]

    def _gradient(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        body, variable = e.args
        rows, columns = self.shape(variable)
        return [
            [self.derivative(body, MatrixElement(variable, i, j), env) for j in range(columns)] for i in range(rows)
        ]

    def _jacobian(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        y, z = e.args
        outputs = range(self.shape(y)[0]) if is_matrix(y) else [None]
        inputs = range(self.shape(z)[0])
        return [[self.derivative(y, MatrixElement(z, j, 0), env, i) for j in inputs] for i in outputs]


def _entrywise(parts: list[Rows], join: Callable[[list[Number]], Number]) -> Rows:
    if len({(len(part), len(part[0])) for part in parts}) != 1:
        raise ShapesDiffer("matrices of different shapes")
    return [[join(list(at)) for at in zip(*rows, strict=True)] for rows in zip(*parts, strict=True)]


def _matmul(left: Rows, right: Rows) -> Rows:
    if len(left[0]) != len(right):
        raise ShapesDiffer("a product of matrices that does not conform")
    return [
        [mp.fsum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*right, strict=True)]
        for row in left
    ]
