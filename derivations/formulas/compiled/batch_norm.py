"""Batch norm compiled, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation as loops, with the operations of `batch_norm` and the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..runtime import VerifiedFormula, positive
from .primitives import choose, position_of, row, rows_at_once, squared, sum_of, top_of
from .runtime import along_axis, loops

__all__ = ["batch_norm", "batch_norm_bias_vjp", "batch_norm_vjp", "batch_norm_weight_vjp"]


@loops("add")
def _batch_norm(out: Any, x: Any, w: Any, b: Any, epsilon: Any, add: Any) -> None:
    real = out.dtype.type
    epsilon = real(epsilon)
    n = x.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        w_ = w[start : start + rows]
        b_ = b[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            ratio = sum_of(x, x_i, add) / real(n)
            for j in range(n):
                term = x[x_i, j] - ratio
                a[i, j] = squared(term)
            b_i = b_[i]
            w_i = w_[i]
            root = np.sqrt(epsilon + sum_of(a, i, add) / real(n))
            for j in range(n):
                term_2 = x[x_i, j] - ratio
                out_[i, j] = b_i + w_i * (term_2 / root)


@VerifiedFormula
def batch_norm(x: Any, w: Any, b: Any, *, epsilon: float = 1e-05, axis: int = 0, out: Any = None) -> Any:
    """Batch norm in training: each feature by its mean and variance over the batch: `formulas.batch_norm`,
    compiled."""
    return along_axis(
        _batch_norm, {"x": x}, (positive("epsilon", epsilon),), axis=axis, scalars={"w": w, "b": b}, out=out
    )


@loops("add", "maximum")
def _batch_norm_vjp(out: Any, x: Any, g: Any, w: Any, epsilon: Any, add: Any, maximum: Any) -> None:
    real = out.dtype.type
    epsilon = real(epsilon)
    n = x.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty((rows, n), out.dtype)
    f = np.empty((rows, n), out.dtype)
    h = np.empty((rows, n), out.dtype)
    k = np.empty((rows, n), out.dtype)
    m = np.empty((rows, n), out.dtype)
    p = np.empty((rows, n), out.dtype)
    q = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        w_ = w[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            ratio = sum_of(x, x_i, add) / real(n)
            for j in range(n):
                term = x[x_i, j] - ratio
                size = abs(term)
                a[i, j] = size
                b[i, j] = squared(term)
            term_2 = epsilon + sum_of(b, i, add) / real(n)
            root = np.sqrt(term_2)
            largest = position_of(a, i, top_of(a, i, maximum))
            g_i = row(g, start + i)
            ratio_3 = w_[i] / root
            for j in range(n):
                ratio_2 = x[x_i, j] / root
                c[i, j] = ratio_2
                d[i, j] = choose(j == largest, real(0), squared(ratio_2))
                e[i, j] = choose(j == largest, real(0), ratio_2)
                factor = g[g_i, j] * ratio_3
                f[i, j] = factor
                h[i, j] = choose(j == largest, real(0), factor)
                term_3 = x[x_i, j] - ratio
                ratio_4 = term_3 / root
                k[i, j] = ratio_4
                m[i, j] = choose(j == largest, real(0), ratio_4 * factor)
                p[i, j] = choose(j == largest, real(0), ratio_4)
            ratio_5 = epsilon / term_2
            rest = sum_of(d, i, add)
            rest_2 = sum_of(e, i, add)
            ratio_6 = x[x_i, largest] / root
            factor_2 = g[g_i, largest] * ratio_3
            for j in range(n):
                factor_3 = (
                    ratio_5 + ((rest - c[i, j] * rest_2) - ratio_6 * (rest_2 - (real(n) - real(1)) * c[i, j])) / real(n)
                ) * (f[i, j] - factor_2)
                b[i, j] = factor_3
                q[i, j] = choose(j == largest, real(0), factor_3)
            part = -(sum_of(q, i, add) / real(n))
            rest_3 = sum_of(h, i, add)
            rest_4 = sum_of(m, i, add)
            rest_5 = sum_of(p, i, add)
            for j in range(n):
                out_[i, j] = choose(
                    j == largest,
                    part,
                    (b[i, j] + (((real(n) - real(1)) * f[i, j] - rest_3) - k[i, j] * (rest_4 - f[i, j] * rest_5)))
                    / real(n),
                )


@VerifiedFormula
def batch_norm_vjp(x: Any, g: Any, w: Any, *, epsilon: float = 1e-05, axis: int = 0, out: Any = None) -> Any:
    """The gradient of batch norm by its input, through mean and variance: `formulas.batch_norm_vjp`, compiled."""
    return along_axis(
        _batch_norm_vjp, {"x": x, "g": g}, (positive("epsilon", epsilon),), axis=axis, scalars={"w": w}, out=out
    )


@loops("add")
def _batch_norm_weight_vjp(out: Any, x: Any, g: Any, epsilon: Any, add: Any) -> None:
    real = out.dtype.type
    epsilon = real(epsilon)
    n = x.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    b = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            ratio = sum_of(x, x_i, add) / real(n)
            for j in range(n):
                term = x[x_i, j] - ratio
                a[i, j] = squared(term)
            g_i = row(g, start + i)
            root = np.sqrt(epsilon + sum_of(a, i, add) / real(n))
            for j in range(n):
                term_2 = x[x_i, j] - ratio
                b[i, j] = g[g_i, j] * (term_2 / root)
            out_[i] = sum_of(b, i, add)


@VerifiedFormula
def batch_norm_weight_vjp(x: Any, g: Any, *, epsilon: float = 1e-05, axis: int = 0, out: Any = None) -> Any:
    """The gradient of batch norm by its weight, summed over the batch: `formulas.batch_norm_weight_vjp`,
    compiled."""
    return along_axis(
        _batch_norm_weight_vjp, {"x": x, "g": g}, (positive("epsilon", epsilon),), axis=axis, reduces=True, out=out
    )


@loops("add")
def _batch_norm_bias_vjp(out: Any, g: Any, add: Any) -> None:
    n = g.shape[1]
    rows = rows_at_once(n)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            g_i = row(g, start + i)
            out_[i] = sum_of(g, g_i, add)


@VerifiedFormula
def batch_norm_bias_vjp(g: Any, *, axis: int = 0, out: Any = None) -> Any:
    """The gradient of batch norm by its bias, summed over the batch: `formulas.batch_norm_bias_vjp`, compiled."""
    return along_axis(_batch_norm_bias_vjp, {"g": g}, axis=axis, reduces=True, out=out)
