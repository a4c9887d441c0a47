"""Identities of a textbook with random expressions put in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symbolic.notation import D, delta, matrix, sigmoid, softmax, softplus, total, total_except

from .grammar import (
    COLUMN,
    POSITIVE,
    ROW,
    SCALARS,
    SIMPLEX,
    A,
    Grammar,
    M,
    N,
    P,
    Q,
    T,
    U,
    V,
    W,
    Z,
    apply,
    negative,
    plus,
    power,
    product_of,
    quotient,
)

__all__ = ["IDENTITIES"]

Identity = Callable[[Grammar], tuple[Any, Any]]


def _sum(g: Grammar, tensor: Any, function: Callable[[Any], Any] = lambda u: u) -> Any:
    k = g.fresh()
    return total(k, tensor.shape[0], function(tensor[k, 0]))


def hyperbolic_addition(g: Grammar) -> tuple[Any, Any]:
    u, v = g.real(1), g.real(0)
    a, b = apply(sp.tanh, u), apply(sp.tanh, v)
    return apply(sp.tanh, plus(u, v)), quotient(plus(a, b), plus(sp.S.One, product_of(a, b)))


def double_argument(g: Grammar) -> tuple[Any, Any]:
    u = g.real(1)
    twice = product_of(sp.Integer(2), u)
    forms = [
        (apply(sp.sinh, twice), product_of(sp.Integer(2), apply(sp.sinh, u), apply(sp.cosh, u))),
        (apply(sp.cosh, twice), plus(sp.S.One, product_of(sp.Integer(2), power(apply(sp.sinh, u), 2)))),
        (apply(sp.tanh, u), plus(product_of(sp.Integer(2), apply(sigmoid, twice)), sp.S.NegativeOne)),
    ]
    return g.source.choice(forms)


def logit(g: Grammar) -> tuple[Any, Any]:
    u = g.real(1)
    s = apply(sigmoid, u)
    return apply(sp.log, quotient(s, plus(sp.S.One, negative(s)))), u


def softplus_difference(g: Grammar) -> tuple[Any, Any]:
    u = g.real(1)
    return plus(apply(softplus, u), negative(apply(softplus, negative(u)))), u


def shifted_softmax(g: Grammar) -> tuple[Any, Any]:
    k, u = g.fresh(), g.real(1)
    shifted = apply(sp.exp, plus(Z[ROW, 0], u))
    return quotient(shifted, total(k, N, apply(sp.exp, plus(Z[k, 0], u)))), softmax(Z, ROW)


def shifted_log_sum(g: Grammar) -> tuple[Any, Any]:
    k, u = g.fresh(), g.real(1)
    body = total(k, N, apply(sp.exp, plus(Z[k, 0], u)))
    return apply(sp.log, body), plus(u, apply(sp.log, _sum(g, Z, sp.exp)))


def softmax_jacobian(g: Grammar) -> tuple[Any, Any]:
    z = g.source.choice([Z, V])
    i, j = g.source.sample([ROW, COLUMN], 2)
    return D(softmax(z, i), z[j, 0]), softmax(z, i) * (delta(i, j) - softmax(z, j))


def cross_entropy(g: Grammar) -> tuple[Any, Any]:
    k, target = g.fresh(), g.source.choice([T, SIMPLEX])
    loss = -total(k, N, target[k, 0] * sp.log(softmax(Z, k)))
    return D(loss, Z[COLUMN, 0]), softmax(Z, COLUMN) - target[COLUMN, 0]


def variance(g: Grammar) -> tuple[Any, Any]:
    k, z = g.fresh(), g.source.choice([Z, V, W])
    size = z.shape[0]
    centred = total(k, size, power(plus(z[k, 0], negative(quotient(_sum(g, z), size))), 2))
    return centred, _sum(g, z, lambda u: u**2) - _sum(g, z) ** 2 / size


def lagrange(g: Grammar) -> tuple[Any, Any]:
    k, q, o = g.fresh(), g.fresh(), g.fresh()
    crossed = total(k, N, total(q, N, (Z[k, 0] * V[q, 0] - Z[q, 0] * V[k, 0]) ** 2))
    inner = total(o, N, Z[o, 0] * V[o, 0])
    return crossed, 2 * (_sum(g, Z, lambda u: u**2) * _sum(g, V, lambda u: u**2) - inner**2)


def all_pairs(g: Grammar) -> tuple[Any, Any]:
    k, q = g.fresh(), g.fresh()
    apart = total(k, N, total_except(q, N, k, Z[k, 0] * Z[q, 0]))
    return _sum(g, Z) ** 2, _sum(g, Z, lambda u: u**2) + apart


def entropy(g: Grammar) -> tuple[Any, Any]:
    k = g.fresh()
    h = -total(k, N, softmax(Z, k) * sp.log(softmax(Z, k)))
    return D(h, Z[COLUMN, 0]), -softmax(Z, COLUMN) * (sp.log(softmax(Z, COLUMN)) + h)


def normalised(g: Grammar) -> tuple[Any, Any]:
    """Weights p / sum p, whose slopes need positive entries."""
    whole = _sum(g, P)
    return D(P[ROW, 0] / whole, P[COLUMN, 0]), (delta(ROW, COLUMN) - P[ROW, 0] / whole) / whole


def root_mean_square(g: Grammar) -> tuple[Any, Any]:
    k, eps = g.fresh(), g.source.choice([POSITIVE[0], apply(sp.exp, SCALARS[0]), sp.S.One])
    r = sp.sqrt(total(k, N, Z[k, 0] ** 2) / N + eps)
    return D(Z[ROW, 0] / r, Z[COLUMN, 0]), (delta(ROW, COLUMN) - Z[ROW, 0] * Z[COLUMN, 0] / (N * r**2)) / r


def quadratic_form(g: Grammar) -> tuple[Any, Any]:
    k, q, o = g.fresh(), g.fresh(), g.fresh()
    form = total(k, N, total(q, N, Z[k, 0] * A[k, q] * Z[q, 0]))
    return D(form, Z[ROW, 0]), total(o, N, (A[ROW, o] + A[o, ROW]) * Z[o, 0])


def one_layer(g: Grammar) -> tuple[Any, Any]:
    f, r = g.source.choice([sigmoid, sp.tanh]), sp.Symbol("r", integer=True)
    k, q, o = g.fresh(), g.fresh(), g.fresh()
    s = lambda i: total(k, M, U[i, k] * W[k, 0])  # noqa: E731
    y = lambda i: f(s(i))  # noqa: E731
    loss = total(q, N, (y(q) - V[q, 0]) ** 2) / 2
    own = y(ROW) * (1 - y(ROW)) if f is sigmoid else 1 - y(ROW) ** 2
    if g.chance(0.5):
        return D(loss, U[ROW, r]), (y(ROW) - V[ROW, 0]) * own * W[r, 0]
    at = lambda i: y(i) * (1 - y(i)) if f is sigmoid else 1 - y(i) ** 2  # noqa: E731
    return D(loss, W[r, 0]), total(o, N, (y(o) - V[o, 0]) * at(o) * U[o, r])


def gaussian_unit(g: Grammar) -> tuple[Any, Any]:
    u = g.source.choice([Z[ROW, 0], sp.Symbol("x", real=True)])
    cdf = (1 + sp.erf(u / sp.sqrt(2))) / 2
    return D(u * cdf, u), cdf + u * sp.exp(-(u**2) / 2) / sp.sqrt(2 * sp.pi)


def cyclic_trace(g: Grammar) -> tuple[Any, Any]:
    b = matrix("B", N, N)
    return sp.Trace(U * Q * b), sp.Trace(Q * b * U)


IDENTITIES: tuple[Identity, ...] = (
    hyperbolic_addition,
    double_argument,
    logit,
    softplus_difference,
    shifted_softmax,
    shifted_log_sum,
    softmax_jacobian,
    cross_entropy,
    variance,
    lagrange,
    all_pairs,
    entropy,
    normalised,
    root_mean_square,
    quadratic_form,
    one_layer,
    gaussian_unit,
    cyclic_trace,
)
