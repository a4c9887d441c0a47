"""Derivatives of scalar expressions by the rules of a textbook; nothing here is shared with the prover."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.mutants.trees import rebuild
from symbolic.notation import delta, prime, relu, sigmoid, softplus

from .grammar import apply, negative, plus, power, product_of, quotient

__all__ = ["NoRule", "slope"]


class NoRule(Exception):
    """A construct for which no rule is written here."""


def slope(e: Any, variable: Any) -> Any:
    """d(e)/d(variable), where e has no definitions; cases keep their conditions, whose edges have no interior."""
    if e == variable:
        return sp.S.One
    if isinstance(e, MatrixElement):
        return _entry(e, variable)
    if not e.args or not e.has(variable if variable.is_Symbol else variable.parent):
        return sp.S.Zero
    if isinstance(e, sp.Add):
        return plus(*(slope(a, variable) for a in e.args))
    if isinstance(e, sp.Mul):
        return _product(e, variable)
    if isinstance(e, sp.Sum):
        inner = slope(e.args[0], variable)
        return sp.S.Zero if inner is sp.S.Zero else rebuild(e, (inner, *e.args[1:]))
    if isinstance(e, sp.Piecewise):
        return sp.Piecewise(*((slope(value, variable), condition) for value, condition in e.args), evaluate=False)
    if isinstance(e, sp.Pow) and e.base is not sp.E:
        if not e.exp.is_number:
            raise NoRule("a power with an exponent that is no number")
        return _chain(product_of(e.exp, power(e.base, e.exp - 1)), e.base, variable)
    if isinstance(e, AppliedUndef):
        return _chain(prime(e.func, e.args[0]), e.args[0], variable)
    if len(e.args) == 1 and e.func in _SLOPES:
        return _chain(_SLOPES[e.func](e.args[0]), e.args[0], variable)
    raise NoRule(f"{type(e).__name__}")


def _chain(outer: Any, u: Any, variable: Any) -> Any:
    inner = slope(u, variable)
    return sp.S.Zero if inner is sp.S.Zero else product_of(outer, inner)


def _entry(e: Any, variable: Any) -> Any:
    if not isinstance(variable, MatrixElement) or e.parent != variable.parent:
        return sp.S.Zero
    pairs = [(i, j) for i, j in zip(e.indices, variable.indices, strict=True) if i != j]
    return product_of(*(delta(i, j) for i, j in pairs)) if pairs else sp.S.One


def _product(e: Any, variable: Any) -> Any:
    terms = []
    for position, factor in enumerate(e.args):
        inner = slope(factor, variable)
        if inner is not sp.S.Zero:
            terms.append(product_of(*e.args[:position], inner, *e.args[position + 1 :]))
    return plus(*terms) if terms else sp.S.Zero


_SLOPES: dict[Any, Any] = {
    sp.exp: lambda u: apply(sp.exp, u),
    sp.log: lambda u: power(u, -1),
    sp.sin: lambda u: apply(sp.cos, u),
    sp.cos: lambda u: negative(apply(sp.sin, u)),
    sp.sinh: lambda u: apply(sp.cosh, u),
    sp.cosh: lambda u: apply(sp.sinh, u),
    sp.tanh: lambda u: plus(sp.S.One, negative(power(apply(sp.tanh, u), 2))),
    sp.erf: lambda u: quotient(product_of(sp.Integer(2), apply(sp.exp, negative(power(u, 2)))), sp.sqrt(sp.pi)),
    sigmoid: lambda u: product_of(apply(sigmoid, u), plus(sp.S.One, negative(apply(sigmoid, u)))),
    softplus: lambda u: apply(sigmoid, u),
    relu: lambda u: apply(sp.Heaviside, u),
    sp.Abs: lambda u: apply(sp.sign, u),
}
