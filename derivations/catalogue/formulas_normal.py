"""LayerNorm and batch norm: the gradients by their input, as they are computed, and batch norm itself.

x is a column (n, 1): the entries of one sample for LayerNorm, one feature of all samples for batch norm, whose weight
and bias are numbers.  u = (x - mean) / d with d the deviation, h = g w / d.  The textbook's gradient h_j - mean of h -
u_j mean of (h u) cancels where one entry lies far from the others, or where there are two: with m the position of the
farthest from the mean, 1 + u_m u_j = epsilon / d^2 + sum over i of (x_i - x_j)(x_i - x_m) / (n d^2), which does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.notation import D, delta, index, keep, scalar, total, vector

from ._formula import Argument, Choice, Formula, formula
from .formulas_norms import EPSILON, LAYER, epsilon, g, k, n, w, x

__all__ = ["ENTRIES", "FORMULAS"]

BATCH_NORM = Source("arXiv:1502.03167", "3")
_FINITE = "the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19)"

i, j, m, q = (index(name) for name in "ijmq")
gamma, beta = scalar("w"), scalar("b")
u = vector("u", n)
INPUT = Argument(x, "the input", ("n",))
FEATURE = Argument(x, "the input, one feature of each sample along the axis", ("n",))
UPSTREAM = Argument(g, "the gradient by the output", ("n",))
WEIGHT = Argument(w, "the weight of each entry", ("n",))
ONE_WEIGHT = Argument(gamma, "the weight of each feature")
ONE_BIAS = Argument(beta, "the bias of each feature")

_MEAN = total(k, n, x[k, 0]) / n
_VARIANCE = total(j, n, keep(x[j, 0] - _MEAN) ** 2) / n
_DEVIATION = sp.sqrt(_VARIANCE + epsilon)
FARTHEST = (Choice(m, keep(x[i, 0] - _MEAN), by_size=True),)


def _normal(at: Any) -> Any:
    """u, one entry without the mean over the deviation."""
    return keep(keep(x[at, 0] - _MEAN) / _DEVIATION)


def _others(over: Any, body: Any) -> Any:
    """The sum of the body over all entries but the one farthest from the mean."""
    return total(over, n, keep(1 - delta(over, m)) * body)


def _apart(at: Any) -> Any:
    """1 + u_m u_at, without cancellation."""
    scaled = {place: keep(x[place, 0] / _DEVIATION) for place in (q, at, m)}
    first, second = keep(_others(q, scaled[q])), keep(_others(q, scaled[q] ** 2))
    near = keep(second - scaled[at] * first)
    far = scaled[m] * keep(first - (n - 1) * scaled[at])
    return keep(epsilon / _DEVIATION**2 + keep(near - far) / n)


def _gradient(carried: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The gradient by x_j as the textbook has it and as it is computed, from h."""
    textbook = carried(j) - total(i, n, carried(i)) / n - _normal(j) * keep(total(i, n, carried(i) * _normal(i)) / n)
    farthest = -_others(i, _apart(i) * keep(carried(i) - carried(m))) / n
    level = keep((n - 1) * carried(j) - _others(i, carried(i)))
    tilt = keep(_others(i, _normal(i) * carried(i)) - carried(j) * _others(i, _normal(i)))
    other = keep(keep(level - _normal(j) * tilt) + _apart(j) * keep(carried(j) - carried(m))) / n
    return textbook, sp.Piecewise((farthest, sp.Eq(j, m)), (other, True))


def _of_sample(at: Any) -> Any:
    return keep(g[at, 0] * keep(w[at, 0] / _DEVIATION))


def _of_feature(at: Any) -> Any:
    return keep(g[at, 0] * keep(gamma / _DEVIATION))


_LAYER_TEXTBOOK, _LAYER_COMPUTED = _gradient(_of_sample)
_BATCH_TEXTBOOK, _BATCH_COMPUTED = _gradient(_of_feature)
_PLAIN = (x[i, 0] - _MEAN) * (_VARIANCE + epsilon) ** sp.Rational(-1, 2)
_QUOTIENT = "quotient rule, in terms of u = (x - mean) / d and h = g w / d"
_BY_THE_FARTHEST = "what the farthest entry adds apart, by the differences from it"

LAYER_NORM = formula(
    "layer_norm_vjp",
    "norms",
    "the gradient of LayerNorm by its input",
    "h_j - mean of h - u_j mean of (h u), d = sqrt(variance + epsilon), u = (x - mean) / d, h = g w / d",
    total(i, n, g[i, 0] * D(w[i, 0] * _PLAIN, x[j, 0])),
    (_LAYER_TEXTBOOK, _QUOTIENT),
    (_LAYER_COMPUTED, _BY_THE_FARTHEST),
    source=LAYER,
    arguments=(INPUT, WEIGHT, UPSTREAM),
    parameters=EPSILON,
    result=("n",),
    choices=FARTHEST,
    slope_of="layer_norm",
    by="x",
    edges=_FINITE,
)

BATCH_NORMS: tuple[Formula, ...] = (
    formula(
        "batch_norm",
        "batch_norm",
        "batch norm in training: each feature by its mean and variance over the batch",
        "w (x_i - mean) / sqrt(variance + epsilon) + b",
        gamma * _PLAIN + beta,
        (gamma * _normal(i) + beta, "as a quotient"),
        source=BATCH_NORM,
        arguments=(FEATURE, ONE_WEIGHT, ONE_BIAS),
        parameters=EPSILON,
        result=("n",),
        axis=0,
        edges=_FINITE,
    ),
    formula(
        "batch_norm_vjp",
        "batch_norm",
        "the gradient of batch norm by its input, through mean and variance",
        "h_j - mean of h - u_j mean of (h u), d = sqrt(variance + epsilon), u = (x - mean) / d, h = g w / d",
        total(i, n, g[i, 0] * D(gamma * _PLAIN + beta, x[j, 0])),
        (_BATCH_TEXTBOOK, _QUOTIENT),
        (_BATCH_COMPUTED, _BY_THE_FARTHEST),
        source=BATCH_NORM,
        arguments=(FEATURE, UPSTREAM, ONE_WEIGHT),
        parameters=EPSILON,
        result=("n",),
        choices=FARTHEST,
        axis=0,
        slope_of="batch_norm",
        by="x",
        edges=_FINITE,
    ),
    formula(
        "batch_norm_weight_vjp",
        "batch_norm",
        "the gradient of batch norm by its weight, summed over the batch",
        "sum over i of g_i (x_i - mean) / sqrt(variance + epsilon)",
        total(i, n, g[i, 0] * D(gamma * _PLAIN + beta, gamma)),
        (total(i, n, g[i, 0] * _normal(i)), "linear in the weight"),
        source=BATCH_NORM,
        arguments=(FEATURE, UPSTREAM),
        parameters=EPSILON,
        axis=0,
        slope_of="batch_norm",
        by="w",
        edges=_FINITE,
    ),
    formula(
        "batch_norm_bias_vjp",
        "batch_norm",
        "the gradient of batch norm by its bias, summed over the batch",
        "sum over i of g_i",
        total(i, n, g[i, 0] * D(gamma * u[i, 0] + beta, beta)),
        (total(i, n, g[i, 0]), "the bias is added to w u, which does not depend on it"),
        source=BATCH_NORM,
        arguments=(UPSTREAM,),
        axis=0,
        slope_of="batch_norm",
        by="b",
        edges=_FINITE,
    ),
)
FORMULAS: tuple[Formula, ...] = (LAYER_NORM, *BATCH_NORMS)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
