"""Reductions, the L2 penalty and the normalisations of one vector x of shape (n, 1), for every n.

The products with a Jacobian are transposed ones (reverse mode): g is the gradient by the output, the result the
gradient by x.
"""

from __future__ import annotations

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.derivation import Source
from symbolic.notation import D, delta, index, keep, ones, positive, scalar, size, total, vector

from ._formula import Argument, Choice, Formula, Parameter, formula

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "norms"
MEAN = Source("000_e684565acf2280c2", "item 1")
DECAY = Source("doi:10.5555/2986916.2987033", "2")
LAYER = Source("arXiv:1607.06450", "3")
RMS = Source("arXiv:1910.07467", "3")

n = size("n")
i, j, k, m = (index(name) for name in "ijkm")
x, g, w, b = vector("x", n), vector("g", n), vector("w", n), vector("b", n)
rate, epsilon = scalar("rate"), positive("epsilon")

INPUT = Argument(x, "the input", ("n",))
UPSTREAM = Argument(g, "the gradient by the output", ("n",))
WEIGHT = Argument(w, "the weight of each entry", ("n",))
BIAS = Argument(b, "the bias of each entry", ("n",))
RATE = (Parameter(rate, 1.0, "the strength of the penalty"),)
EPSILON = (Parameter(epsilon, 1e-5, "is added to the mean square before the root", positive=True),)

_MEAN = total(k, n, x[k, 0]) / n
_PENALTY = rate / 2 * total(k, n, x[k, 0] ** 2)
_RMS = sp.sqrt(total(k, n, x[k, 0] ** 2) / n + epsilon)
_DEVIATION = sp.sqrt(total(j, n, keep(x[j, 0] - _MEAN) ** 2) / n + epsilon)


def _normal(at: sp.Symbol) -> sp.Expr:
    """One entry of x without its mean, over its deviation."""
    return keep(x[at, 0] - _MEAN) / _DEVIATION


def _unit(at: sp.Symbol) -> sp.Expr:
    """u, one entry of x over the root of the mean square."""
    return keep(x[at, 0] / keep(_RMS))


def _carried(at: sp.Symbol) -> sp.Expr:
    """h, one entry of g w over the root of the mean square."""
    return keep(g[at, 0] * keep(w[at, 0] / keep(_RMS)))


def _but_the_largest(body: sp.Expr) -> sp.Expr:
    return total(i, n, keep(1 - delta(i, m)) * body)


_GENERAL = _carried(j) - _unit(j) * keep(total(i, n, _carried(i) * _unit(i)) / n)
_AT_THE_LARGEST = _carried(m) * keep(keep(_but_the_largest(_unit(i) ** 2)) / n + epsilon / keep(_RMS) ** 2) - _unit(
    m
) * keep(_but_the_largest(_carried(i) * _unit(i)) / n)
_FINITE = "the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19)"

FORMULAS: tuple[Formula, ...] = (
    formula(
        "total",
        FAMILY,
        "the sum",
        "sum over k of x_k",
        MatrixElement(sp.MatMul(sp.Transpose(ones(n)), x), 0, 0),
        (total(k, n, x[k, 0]), "the product of a row of ones with x"),
        source=MEAN,
        arguments=(INPUT,),
        edges=_FINITE,
    ),
    formula(
        "total_vjp",
        FAMILY,
        "a number times the gradient of the sum",
        "g",
        scalar("g") * D(total(k, n, x[k, 0]), x[i, 0]),
        (scalar("g"), "each entry counts once"),
        source=MEAN,
        arguments=(INPUT, Argument(scalar("g"), "the gradient by the sum")),
        result=("n",),
        slope_of="total",
        by="x",
        edges=_FINITE,
    ),
    formula(
        "mean",
        FAMILY,
        "the mean",
        "sum over k of x_k / n",
        total(k, n, x[k, 0] / n),
        (_MEAN, "1/n before the sum"),
        source=MEAN,
        arguments=(INPUT,),
        edges=_FINITE,
    ),
    formula(
        "mean_vjp",
        FAMILY,
        "a number times the gradient of the mean",
        "g / n",
        scalar("g") * D(_MEAN, x[i, 0]),
        (scalar("g") / n, "each entry has the weight 1/n"),
        source=MEAN,
        arguments=(INPUT, Argument(scalar("g"), "the gradient by the mean")),
        result=("n",),
        slope_of="mean",
        by="x",
        edges=_FINITE,
    ),
    formula(
        "l2_penalty",
        FAMILY,
        "the L2 penalty",
        "rate/2 sum over k of x_k^2",
        total(k, n, rate * x[k, 0] ** 2 / 2),
        (keep(rate / 2) * total(k, n, x[k, 0] ** 2), "rate/2 before the sum"),
        source=DECAY,
        arguments=(INPUT,),
        parameters=RATE,
        edges=_FINITE,
    ),
    formula(
        "l2_penalty_gradient",
        FAMILY,
        "the gradient of the L2 penalty",
        "rate x_i",
        D(_PENALTY, x[i, 0]),
        (rate * x[i, 0], "power rule"),
        source=DECAY,
        arguments=(INPUT,),
        parameters=RATE,
        result=("n",),
        slope_of="l2_penalty",
        by="x",
        edges=_FINITE,
    ),
    formula(
        "rms_norm",
        FAMILY,
        "RMSNorm",
        "w_i x_i / sqrt(mean of x^2 + epsilon)",
        w[i, 0] * x[i, 0] * (total(k, n, x[k, 0] ** 2) / n + epsilon) ** sp.Rational(-1, 2),
        (w[i, 0] * keep(x[i, 0] / _RMS), "the root in the denominator"),
        source=RMS,
        arguments=(INPUT, WEIGHT),
        parameters=EPSILON,
        result=("n",),
        edges=_FINITE,
    ),
    formula(
        "rms_norm_vjp",
        FAMILY,
        "the gradient of RMSNorm by its input",
        "g_j w_j / d - u_j mean of (g w u / d), d = sqrt(mean of x^2 + epsilon), u = x / d",
        total(i, n, g[i, 0] * D(w[i, 0] * x[i, 0] / _RMS, x[j, 0])),
        (
            g[j, 0] * w[j, 0] / _RMS - x[j, 0] * total(i, n, g[i, 0] * w[i, 0] * x[i, 0]) / (n * _RMS**3),
            "quotient rule",
        ),
        (
            _GENERAL,
            "in terms of u = x / d and h = g w / d",
        ),
        (
            sp.Piecewise((_AT_THE_LARGEST, sp.Eq(j, m)), (_GENERAL, True)),
            "at the entry of the largest size 1 - u_m^2 / n is the mean square of the others, and epsilon / d^2",
        ),
        source=RMS,
        arguments=(INPUT, WEIGHT, UPSTREAM),
        parameters=EPSILON,
        result=("n",),
        choices=(Choice(m, "x", by_size=True),),
        slope_of="rms_norm",
        by="x",
        edges=_FINITE,
    ),
    formula(
        "layer_norm",
        FAMILY,
        "LayerNorm",
        "w_i (x_i - mean) / sqrt(variance + epsilon) + b_i",
        w[i, 0] * (x[i, 0] - _MEAN) * (total(j, n, keep(x[j, 0] - _MEAN) ** 2) / n + epsilon) ** sp.Rational(-1, 2)
        + b[i, 0],
        (w[i, 0] * keep(_normal(i)) + b[i, 0], "as a quotient"),
        source=LAYER,
        arguments=(INPUT, WEIGHT, BIAS),
        parameters=EPSILON,
        result=("n",),
        edges=_FINITE,
    ),
)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
