"""The gradients of LayerNorm and RMSNorm by their weight and bias, as they are computed: sums over the batch.

Rows are samples: x and the gradient g by the output are (m, n), weight and bias have n entries.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.given import Define
from symbolic.notation import D, delta, index, keep, matrix, positive, size, total, vector

from ._formula import Argument, Formula, Parameter, formula

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "norm_parameters"
LAYER = Source("arXiv:1607.06450", "3")
RMS = Source("arXiv:1910.07467", "3")
_FINITE = "the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19)"

m, n = size("m"), size("n")
i, j, k, q, r, s = (index(name) for name in "ijkqrs")
x, u, g = matrix("x", m, n), matrix("u", m, n), matrix("g", m, n)
w, b = vector("w", n), vector("b", n)
mu, d = vector("mu", m), vector("d", m)
epsilon = positive("epsilon")
INPUT = Argument(x, "the input, one sample a row", ("m", "n"))
UPSTREAM = Argument(g, "the gradient by the output", ("m", "n"))
EPSILON = (Parameter(epsilon, 1e-5, "is added to the mean square before the root", positive=True),)

_MOMENTS = (
    Define(mu[s, 0], total(k, n, x[s, k]) / n),
    Define(d[s, 0], sp.sqrt(total(j, n, keep(x[s, j] - mu[s, 0]) ** 2) / n + epsilon)),
)
_SQUARE = (Define(d[s, 0], sp.sqrt(total(k, n, x[s, k] ** 2) / n + epsilon)),)


def _layer(row: Any, at: Any) -> Any:
    return w[at, 0] * (x[row, at] - mu[row, 0]) / d[row, 0] + b[at, 0]


def _rms(row: Any, at: Any) -> Any:
    return w[at, 0] * x[row, at] / d[row, 0]


def _upstream(output: Any, by: Any) -> Any:
    """g times the Jacobian: the sum over all outputs of all samples."""
    return total(r, m, total(q, n, g[r, q] * D(output(r, q), by)))


def _only(term: Any) -> Any:
    return total(r, m, total(q, n, g[r, q] * delta(q, i) * term))


FORMULAS: tuple[Formula, ...] = (
    formula(
        "layer_norm_weight_vjp",
        FAMILY,
        "the gradient of LayerNorm by its weight, summed over the batch",
        "sum over s of g_si (x_si - mean_s) / sqrt(variance_s + epsilon)",
        _upstream(_layer, w[i, 0]),
        (_only(keep(keep(x[r, i] - mu[r, 0]) / d[r, 0])), "dw_q/dw_i = delta_qi"),
        (total(s, m, g[s, i] * keep(keep(x[s, i] - mu[s, 0]) / d[s, 0])), "delta collapses"),
        source=LAYER,
        given=_MOMENTS,
        arguments=(INPUT, UPSTREAM),
        parameters=EPSILON,
        result=("n",),
        indices=(i,),
        batch="m",
        slope_of="layer_norm",
        by="w",
        edges=_FINITE,
    ),
    formula(
        "layer_norm_bias_vjp",
        FAMILY,
        "the gradient of LayerNorm by its bias, summed over the batch",
        "sum over s of g_si",
        _upstream(lambda row, at: w[at, 0] * u[row, at] + b[at, 0], b[i, 0]),
        (_only(1), "db_q/db_i = delta_qi; w u does not depend on the bias"),
        (total(s, m, g[s, i]), "delta collapses"),
        source=LAYER,
        arguments=(UPSTREAM,),
        result=("n",),
        indices=(i,),
        batch="m",
        slope_of="layer_norm",
        by="b",
        edges=_FINITE,
    ),
    formula(
        "rms_norm_weight_vjp",
        FAMILY,
        "the gradient of RMSNorm by its weight, summed over the batch",
        "sum over s of g_si x_si / sqrt(mean of x_s^2 + epsilon)",
        _upstream(_rms, w[i, 0]),
        (_only(keep(x[r, i] / d[r, 0])), "dw_q/dw_i = delta_qi"),
        (total(s, m, g[s, i] * keep(x[s, i] / d[s, 0])), "delta collapses"),
        source=RMS,
        given=_SQUARE,
        arguments=(INPUT, UPSTREAM),
        parameters=EPSILON,
        result=("n",),
        indices=(i,),
        batch="m",
        slope_of="rms_norm",
        by="w",
        edges=_FINITE,
    ),
)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
