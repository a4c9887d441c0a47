"""The blackboard's notation where SymPy has none, evaluates too much, or takes the first case that matches.

Everything here builds plain SymPy trees (or subclasses of its nodes) and evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.matrices.expressions import MatrixExpr

__all__ = [
    "Cases",
    "D",
    "Gradient",
    "Jacobian",
    "delta",
    "diag",
    "elementwise",
    "hadamard",
    "index",
    "keep",
    "matrix",
    "ones",
    "positive",
    "prime",
    "relu",
    "scalar",
    "sigmoid",
    "size",
    "softmax",
    "softplus",
    "total",
    "total_except",
    "vector",
]


def size(name: str) -> sp.Symbol:
    """A size: an integer, at least 1 (``given=(Ge(n, 2),)`` asks for more)."""
    return sp.Symbol(name, integer=True, positive=True)


def index(name: str) -> sp.Symbol:
    """An index; its range is that of the dimension it is used in, counted from 0."""
    return sp.Symbol(name, integer=True)


def scalar(name: str) -> sp.Symbol:
    """A real variable."""
    return sp.Symbol(name, real=True)


def positive(name: str) -> sp.Symbol:
    """A positive real variable."""
    return sp.Symbol(name, positive=True)


def vector(name: str, dimension: Any) -> sp.MatrixSymbol:
    """A column: shape (dimension, 1), entries ``v[i, 0]``, real unless given otherwise."""
    return sp.MatrixSymbol(name, dimension, 1)


def matrix(name: str, rows: Any, columns: Any) -> sp.MatrixSymbol:
    """A matrix: entries ``M[i, j]``, real unless given otherwise."""
    return sp.MatrixSymbol(name, rows, columns)


def total(k: sp.Symbol, dimension: Any, body: Any) -> sp.Expr:
    """sum over k = 0, ..., dimension - 1 of the body; never evaluated."""
    body = sp.sympify(body, strict=True)
    if not body.has(sp.Piecewise):
        return sp.Sum(body, (k, 0, dimension - 1))
    # Sum moves cases outside of inner sums, where their conditions lose the index that those run over
    result: sp.Expr = sp.Expr.__new__(sp.Sum, body, sp.Tuple(k, 0, dimension - 1))
    result.is_commutative = True
    return result


def total_except(k: sp.Symbol, dimension: Any, other: Any, body: Any) -> sp.Expr:
    """sum over k != other of the body."""
    return total(k, dimension, sp.Piecewise((body, sp.Ne(k, other)), (0, True)))


def D(expression: Any, *variables: Any) -> sp.Expr:
    """The unevaluated partial derivative by a symbol or an entry, one after the other.

    By a quantity that has a definition, the derivative follows the expression's definitions until that
    quantity appears, which is then an independent variable.
    """
    result = sp.sympify(expression, strict=True)  # a Python number or a SymPy tree, never text
    for variable in variables:
        result = Partial(result, variable)
    return result


class Partial(sp.Expr):
    """d(expression)/d(variable), for good: SymPy's own Derivative folds to 0 on its own terms."""

    is_commutative = True

    @property
    def expression(self) -> sp.Expr:
        return self.args[0]

    @property
    def variable(self) -> sp.Expr:
        return self.args[1]


class Cases(sp.Expr):
    """A table of cases ``Cases((value, condition), ...)``.

    Unlike Piecewise it does not take the first case that matches: where two conditions hold with different
    values the table itself is wrong, and a point that no case covers is left undefined.
    """

    is_commutative = True

    def __new__(cls, *cases: tuple[Any, Any]) -> Cases:
        if len(cases) == 0:
            raise ValueError("a table of cases needs at least one (value, condition)")
        pairs = [
            sp.Tuple(sp.sympify(value, strict=True), sp.sympify(condition, strict=True)) for value, condition in cases
        ]
        result: Cases = sp.Expr.__new__(cls, *pairs)
        return result


class Gradient(MatrixExpr):
    """dE/dW laid out as W is: entry (i, j) is dE/dW[i, j].  E is a scalar."""

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[1].shape

    def __new__(cls, expression: Any, variable: Any) -> Gradient:
        result: Gradient = MatrixExpr.__new__(cls, sp.sympify(expression, strict=True), variable)
        return result


class Jacobian(MatrixExpr):
    """dy/dz in numerator layout: entry (i, j) is dy[i]/dz[j]; y a column or a scalar, z a column."""

    @property
    def shape(self) -> tuple[Any, Any]:
        y, z = self.args
        return (y.shape[0] if getattr(y, "is_Matrix", False) else sp.Integer(1), z.shape[0])

    def __new__(cls, expression: Any, variable: Any) -> Jacobian:
        result: Jacobian = MatrixExpr.__new__(cls, sp.sympify(expression, strict=True), variable)
        return result


class sigmoid(sp.Function):
    """sigmoid(u) = 1 / (1 + exp(-u)), folded until it is judged."""

    nargs = 1


class relu(sp.Function):
    """relu(u) = max(0, u), folded until it is judged; it has no derivative at u = 0."""

    nargs = 1


class softplus(sp.Function):
    """softplus(u) = log(1 + exp(u)), folded until it is judged."""

    nargs = 1


def softmax(z: Any, i: Any) -> sp.Expr:
    """exp(z[i]) / sum over k of exp(z[k]), for a column z."""
    k = sp.Dummy("k", integer=True)
    return sp.exp(z[i, 0]) / total(k, z.shape[0], sp.exp(z[k, 0]))


def prime(f: Any, argument: Any, order: int = 1) -> sp.Expr:
    """f'(argument) for an undefined function f (f'' for order 2, and so on)."""
    xi = sp.Dummy("xi", real=True)
    return sp.Subs(sp.Derivative(f(xi), (xi, order)), xi, argument)


def delta(i: Any, j: Any) -> sp.Expr:
    """Kronecker delta: 1 where i = j, else 0."""
    return sp.KroneckerDelta(i, j)


def diag(column: Any) -> MatrixExpr:
    """The square matrix with the column on its diagonal."""
    return sp.DiagMatrix(column)


def hadamard(*factors: Any) -> MatrixExpr:
    """The entry by entry product."""
    return sp.HadamardProduct(*factors)


def ones(rows: Any, columns: Any = 1) -> MatrixExpr:
    """The matrix whose entries are all 1."""
    return sp.OneMatrix(rows, columns)


def elementwise(function: Callable[[Any], Any], argument: Any) -> MatrixExpr:
    """The function applied to every entry."""
    xi = sp.Dummy("xi", real=True)
    return argument.applyfunc(sp.Lambda(xi, function(xi)))


def keep(expression: Any) -> sp.Expr:
    """The expression as it is written: SymPy does not merge it with what stands around it."""
    return sp.UnevaluatedExpr(expression)
