"""Functions that are known by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symbolic import notation

from . import kept
from .errors import MeaningError, Misfit
from .values import Value, elementwise, scalar, shape_text

__all__ = ["ELEMENTARY", "SCALAR_FUNCTIONS", "known_function", "slope_of", "tensor_function"]


def _of(function: Any) -> Callable[[sp.Expr], sp.Expr]:
    return lambda u: kept.applied(function, u)


#: Scalar functions by name, as nodes that are not evaluated.
SCALAR_FUNCTIONS: dict[str, Callable[[sp.Expr], sp.Expr]] = {
    "exp": kept.exp,
    "log": kept.log,
    "ln": kept.log,
    "sin": _of(sp.sin),
    "cos": _of(sp.cos),
    "sinh": _of(sp.sinh),
    "cosh": _of(sp.cosh),
    "tanh": _of(sp.tanh),
    "sech": _of(sp.sech),
    "coth": _of(sp.coth),
    "tan": lambda u: kept.quotient(kept.applied(sp.sin, u), kept.applied(sp.cos, u)),
    "cot": lambda u: kept.quotient(kept.applied(sp.cos, u), kept.applied(sp.sin, u)),
    "sec": lambda u: kept.quotient(kept.ONE, kept.applied(sp.cos, u)),
    "csc": lambda u: kept.quotient(kept.ONE, kept.applied(sp.sin, u)),
    "erf": _of(sp.erf),
    "abs": _of(sp.Abs),
    "sign": _of(sp.sign),
    "sgn": _of(sp.sign),
    "sigmoid": _of(notation.sigmoid),
    "relu": _of(notation.relu),
    "softplus": _of(notation.softplus),
    "sqrt": lambda u: kept.power(u, sp.Rational(1, 2)),
}

_SPELLINGS = {"sigma": "sigmoid", "logistic": "sigmoid", "logsigmoid": "logsigmoid", "heaviside": "heaviside"}

#: Functions that no document has to define, and that none redefines.
ELEMENTARY = frozenset(
    {
        "exp",
        "log",
        "ln",
        "sin",
        "cos",
        "sinh",
        "cosh",
        "tanh",
        "sech",
        "coth",
        "tan",
        "cot",
        "sec",
        "csc",
        "erf",
        "abs",
        "sign",
        "sgn",
        "max",
        "min",
    }
    | {"sqrt", "diag", "tr", "Tr", "trace"}
)

_TENSOR_FUNCTIONS = ("softmax", "diag", "tr", "trace", "max", "min")


def known_function(name: str) -> str | None:
    """The function's name in the tables here, from what a document calls it."""
    lowered = name.lower().removeprefix("\\")
    lowered = _SPELLINGS.get(lowered, lowered)
    return lowered if lowered in SCALAR_FUNCTIONS or lowered in _TENSOR_FUNCTIONS else None


def slope_of(function: Callable[[sp.Expr], sp.Expr], argument: sp.Expr, order: int = 1) -> sp.Expr:
    """The derivative of a scalar function, taken before the argument is put in."""
    xi = sp.Dummy("xi", real=True)
    return sp.Subs(notation.D(function(xi), *[xi] * order), xi, argument)


def tensor_function(name: str, arguments: list[Value]) -> Value:
    """softmax, diag, tr, max and min of whole vectors and matrices."""
    if name in ("max", "min") and len(arguments) > 1:
        return elementwise(lambda *parts: kept.extreme(name, parts), arguments, f"under {name}")
    if len(arguments) != 1:
        raise MeaningError(f"{name} takes one argument, not {len(arguments)}")
    (argument,) = arguments
    if name == "softmax":
        return _softmax(argument)
    if name == "diag":
        return _diagonal(argument)
    if name in ("tr", "trace"):
        return _trace(argument)
    raise MeaningError(f"{name} of one argument is not read", "write it with all of its arguments")


def _softmax(z: Value) -> Value:
    if not z.is_vector:
        raise Misfit(shape_text(z.shape), "a vector under softmax")
    dimension = z.shape[0] if z.is_column else z.shape[1]

    def entry(i: Any, j: Any) -> sp.Expr:
        k = kept.index("k")
        below = z.entry(k, kept.ZERO) if z.is_column else z.entry(kept.ZERO, k)
        return kept.quotient(kept.exp(z.entry(i, j)), kept.total(k, dimension, kept.exp(below)))

    return Value(z.shape, entry)


def _diagonal(v: Value) -> Value:
    if v.is_vector:
        n = v.shape[0] if v.is_column else v.shape[1]
        return Value(
            (n, n),
            lambda i, j: kept.mul((kept.delta(i, j), v.entry(i, kept.ZERO) if v.is_column else v.entry(kept.ZERO, i))),
        )
    if len(v.shape) == 2 and v.shape[0] == v.shape[1]:
        return Value((v.shape[0], 1), lambda i, j: v.entry(i, i))
    raise Misfit(shape_text(v.shape), "a vector under diag")


def _trace(m: Value) -> Value:
    if m.times_identity is not None:
        raise MeaningError("the size of I is not said", "write $I_n$")
    if m.is_scalar:
        return m
    if len(m.shape) != 2 or m.shape[0] != m.shape[1]:
        raise Misfit(shape_text(m.shape), "a square matrix under a trace")
    i = kept.index("i")
    return scalar(kept.total(i, m.shape[0], m.entry(i, i)))
