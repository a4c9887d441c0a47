"""The matrix half of an evaluation at a point: a matrix is a list of rows.  Nothing here is shared with the prover."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.mutants.trees import is_matrix
from symbolic.notation import Gradient, Jacobian

from .jets import Number, power

__all__ = [
    "CannotTell",
    "Environment",
    "Key",
    "Matrices",
    "Rows",
    "ShapesDiffer",
    "add",
    "multiply",
    "rational",
]

Rows = list[list[Number]]
Key = tuple[str, tuple[int, ...]]
Environment = Mapping[Any, Any]


class ShapesDiffer(Exception):
    """The expression has no meaning at these sizes."""


class CannotTell(Exception):
    """A construct that is not evaluated here, or no admissible point."""


class Matrices:
    """Rows of numbers of every matrix construct."""

    number: Any
    integer: Any
    entry: Any
    derivative: Any
    value: Any

    def matrix_handlers(self) -> dict[Any, Any]:
        return {
            sp.MatAdd: lambda e, env: entrywise([self.rows(a, env) for a in e.args], add),
            sp.HadamardProduct: lambda e, env: entrywise([self.rows(a, env) for a in e.args], multiply),
            sp.HadamardPower: lambda e, env: self._each(e.args[0], env, lambda u: power(u, rational(e.args[1]))),
            sp.MatMul: self._product,
            sp.MatPow: self._power,
            ElementwiseApplyFunction: self._elementwise,
            sp.Transpose: lambda e, env: [list(row) for row in zip(*self.rows(e.args[0], env), strict=True)],
            DiagMatrix: self._diagonal,
            sp.MatrixSymbol: self._tensor,
            sp.Identity: lambda e, env: self._fill(e, lambda i, j: i == j),
            sp.OneMatrix: lambda e, env: self._fill(e, lambda i, j: 1),
            sp.ZeroMatrix: lambda e, env: self._fill(e, lambda i, j: 0),
            sp.MatrixBase: lambda e, env: [[self.number(u, env) for u in row] for row in e.tolist()],
            Gradient: self._gradient,
            Jacobian: self._jacobian,
        }

    def rows(self, e: Any, env: Environment) -> Rows:
        """The rows of a matrix; a scalar is one row of one."""
        value = self.value(e, env)
        return value if isinstance(value, list) else [[value]]

    def shape(self, e: Any) -> tuple[int, ...]:
        return tuple(self.integer(d, {}) for d in e.shape)

    def _fill(self, e: Any, rule: Callable[[int, int], Any]) -> Rows:
        rows, columns = self.shape(e)
        return [[arb(int(rule(i, j))) for j in range(columns)] for i in range(rows)]

    def _tensor(self, e: Any, env: Environment) -> Rows:
        rows, columns = self.shape(e)
        return [[self.entry(e, (i, j)) for j in range(columns)] for i in range(rows)]

    def _each(self, e: Any, env: Environment, function: Callable[[Number], Number]) -> Rows:
        return [[function(u) for u in row] for row in self.rows(e, env)]

    def _elementwise(self, e: Any, env: Environment) -> Rows:
        function = e.args[0]
        if not isinstance(function, sp.Lambda):
            xi = sp.Dummy("xi", real=True)
            function = sp.Lambda(xi, function(xi))
        return self._each(e.args[1], env, lambda u: self.number(function.expr, {**env, function.variables[0]: u}))

    def _product(self, e: Any, env: Environment) -> Rows:
        scale = multiply([self.number(a, env) for a in e.args if not is_matrix(a)])
        first, *rest = [self.rows(a, env) for a in e.args if is_matrix(a)]
        for factor in rest:
            first = times(first, factor)
        return [[scale * u for u in row] for row in first]

    def _power(self, e: Any, env: Environment) -> Rows:
        base, exponent = self.rows(e.args[0], env), int(e.args[1])
        if len(base) == len(base[0]) == 1:
            return [[power(base[0][0], Fraction(exponent))]]
        if exponent < 1:
            raise CannotTell("the inverse of a matrix is not evaluated")
        result = base
        for _ in range(exponent - 1):
            result = times(result, base)
        return result

    def _diagonal(self, e: Any, env: Environment) -> Rows:
        rows = self.rows(e.args[0], env)
        column = rows[0] if len(rows) == 1 else [row[min(i, len(row) - 1)] for i, row in enumerate(rows)]
        return [[u if i == j else arb(0) for j in range(len(column))] for i, u in enumerate(column)]

    def _gradient(self, e: Any, env: Environment) -> Rows:
        body, variable = e.args
        rows, columns = self.shape(variable)
        return [
            [self.derivative(body, MatrixElement(variable, i, j), env) for j in range(columns)] for i in range(rows)
        ]

    def _jacobian(self, e: Any, env: Environment) -> Rows:
        y, z = e.args
        outputs = range(self.shape(y)[0]) if is_matrix(y) else [None]
        inputs = range(self.shape(z)[0])
        return [[self.derivative(y, MatrixElement(z, j, 0), env, i) for j in inputs] for i in outputs]


def rational(e: Any) -> Fraction:
    if e.is_Rational:
        return Fraction(int(e.p), int(e.q))
    if e.is_Float:
        return Fraction(str(e))
    raise CannotTell(f"the exponent {e}")


def add(numbers: list[Number]) -> Number:
    result: Number = arb(0)
    for number in numbers:
        result = number + result
    return result


def multiply(numbers: list[Number]) -> Number:
    result: Number = arb(1)
    for number in numbers:
        result = number * result
    return result


def entrywise(parts: list[Rows], join: Callable[[list[Number]], Number]) -> Rows:
    if len({(len(rows), len(rows[0])) for rows in parts}) != 1:
        raise ShapesDiffer("matrices of different shapes")
    return [[join(list(at)) for at in zip(*rows, strict=True)] for rows in zip(*parts, strict=True)]


def times(left: Rows, right: Rows) -> Rows:
    if len(left[0]) != len(right):
        raise ShapesDiffer("a product of matrices that does not conform")
    columns = list(zip(*right, strict=True))
    return [[add([a * b for a, b in zip(row, column, strict=True)]) for column in columns] for row in left]
