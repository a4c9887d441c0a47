"""Norms compiled, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation as loops, with the operations of `norms` and the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..runtime import VerifiedFormula, positive
from .primitives import choose, position_of, row, rows_at_once, squared, sum_of, top_of
from .runtime import along_axis, loops

__all__ = [
    "l2_penalty",
    "l2_penalty_gradient",
    "layer_norm",
    "layer_norm_vjp",
    "mean",
    "mean_vjp",
    "rms_norm",
    "rms_norm_vjp",
    "total",
    "total_vjp",
]


@loops("add")
def _total(out: Any, x: Any, add: Any) -> None:
    n = x.shape[1]
    rows = rows_at_once(n)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            out_[i] = sum_of(x, x_i, add)


@VerifiedFormula
def total(x: Any, *, axis: int = -1, out: Any = None) -> Any:
    """The sum: `formulas.total`, compiled."""
    return along_axis(_total, {"x": x}, axis=axis, reduces=True, out=out)


@loops()
def _total_vjp(out: Any, x: Any, g: Any) -> None:
    n = x.shape[1]
    rows = rows_at_once(n)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        g_ = g[start : start + rows]
        for i in range(len(out_)):
            out_[i] = g_[i]


@VerifiedFormula
def total_vjp(x: Any, g: Any, *, axis: int = -1, out: Any = None) -> Any:
    """A number times the gradient of the sum: `formulas.total_vjp`, compiled."""
    return along_axis(_total_vjp, {"x": x}, axis=axis, scalars={"g": g}, out=out)


@loops("add")
def _mean(out: Any, x: Any, add: Any) -> None:
    real = out.dtype.type
    n = x.shape[1]
    rows = rows_at_once(n)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            out_[i] = sum_of(x, x_i, add) / real(n)


@VerifiedFormula
def mean(x: Any, *, axis: int = -1, out: Any = None) -> Any:
    """The mean: `formulas.mean`, compiled."""
    return along_axis(_mean, {"x": x}, axis=axis, reduces=True, out=out)


@loops()
def _mean_vjp(out: Any, x: Any, g: Any) -> None:
    real = out.dtype.type
    n = x.shape[1]
    rows = rows_at_once(n)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        g_ = g[start : start + rows]
        for i in range(len(out_)):
            out_[i] = g_[i] / real(n)


@VerifiedFormula
def mean_vjp(x: Any, g: Any, *, axis: int = -1, out: Any = None) -> Any:
    """A number times the gradient of the mean: `formulas.mean_vjp`, compiled."""
    return along_axis(_mean_vjp, {"x": x}, axis=axis, scalars={"g": g}, out=out)


@loops("add")
def _l2_penalty(out: Any, x: Any, rate: Any, add: Any) -> None:
    real = out.dtype.type
    rate = real(rate)
    n = x.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            for j in range(n):
                a[i, j] = squared(x[x_i, j])
            out_[i] = sum_of(a, i, add) * (rate / real(2))


@VerifiedFormula
def l2_penalty(x: Any, *, rate: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The L2 penalty: `formulas.l2_penalty`, compiled."""
    return along_axis(_l2_penalty, {"x": x}, (rate,), axis=axis, reduces=True, out=out)


@loops()
def _l2_penalty_gradient(out: Any, x: Any, rate: Any) -> None:
    real = out.dtype.type
    rate = real(rate)
    n = x.shape[1]
    rows = rows_at_once(n)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            for j in range(n):
                out_[i, j] = rate * x[x_i, j]


@VerifiedFormula
def l2_penalty_gradient(x: Any, *, rate: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The gradient of the L2 penalty: `formulas.l2_penalty_gradient`, compiled."""
    return along_axis(_l2_penalty_gradient, {"x": x}, (rate,), axis=axis, out=out)


@loops("add")
def _rms_norm(out: Any, x: Any, w: Any, epsilon: Any, add: Any) -> None:
    real = out.dtype.type
    epsilon = real(epsilon)
    n = x.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            for j in range(n):
                a[i, j] = squared(x[x_i, j])
            w_i = row(w, start + i)
            root = np.sqrt(epsilon + sum_of(a, i, add) / real(n))
            for j in range(n):
                out_[i, j] = w[w_i, j] * (x[x_i, j] / root)


@VerifiedFormula
def rms_norm(x: Any, w: Any, *, epsilon: float = 1e-05, axis: int = -1, out: Any = None) -> Any:
    """RMSNorm: `formulas.rms_norm`, compiled."""
    return along_axis(_rms_norm, {"x": x, "w": w}, (positive("epsilon", epsilon),), axis=axis, out=out)


@loops("add", "maximum")
def _rms_norm_vjp(out: Any, x: Any, w: Any, g: Any, epsilon: Any, add: Any, maximum: Any) -> None:
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
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            for j in range(n):
                size = abs(x[x_i, j])
                a[i, j] = size
                b[i, j] = squared(x[x_i, j])
            root = np.sqrt(epsilon + sum_of(b, i, add) / real(n))
            largest = position_of(a, i, top_of(a, i, maximum))
            g_i = row(g, start + i)
            w_i = row(w, start + i)
            for j in range(n):
                ratio = x[x_i, j] / root
                c[i, j] = ratio
                d[i, j] = choose(j == largest, real(0), squared(ratio))
                factor = g[g_i, j] * (w[w_i, j] / root)
                e[i, j] = factor
                factor_2 = factor * ratio
                f[i, j] = factor_2
                h[i, j] = choose(j == largest, real(0), factor_2)
            term = g[g_i, largest] * (w[w_i, largest] / root) * (
                epsilon / squared(root) + sum_of(d, i, add) / real(n)
            ) - x[x_i, largest] / root * (sum_of(h, i, add) / real(n))
            ratio_2 = sum_of(f, i, add) / real(n)
            for j in range(n):
                out_[i, j] = choose(j == largest, term, e[i, j] - c[i, j] * ratio_2)


@VerifiedFormula
def rms_norm_vjp(x: Any, w: Any, g: Any, *, epsilon: float = 1e-05, axis: int = -1, out: Any = None) -> Any:
    """The gradient of RMSNorm by its input: `formulas.rms_norm_vjp`, compiled."""
    return along_axis(_rms_norm_vjp, {"x": x, "w": w, "g": g}, (positive("epsilon", epsilon),), axis=axis, out=out)


@loops("add")
def _layer_norm(out: Any, x: Any, w: Any, b: Any, epsilon: Any, add: Any) -> None:
    real = out.dtype.type
    epsilon = real(epsilon)
    n = x.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            x_i = row(x, start + i)
            ratio = sum_of(x, x_i, add) / real(n)
            for j in range(n):
                term = x[x_i, j] - ratio
                a[i, j] = squared(term)
            w_i = row(w, start + i)
            root = np.sqrt(epsilon + sum_of(a, i, add) / real(n))
            b_i = row(b, start + i)
            for j in range(n):
                term_2 = x[x_i, j] - ratio
                out_[i, j] = w[w_i, j] * (term_2 / root) + b[b_i, j]


@VerifiedFormula
def layer_norm(x: Any, w: Any, b: Any, *, epsilon: float = 1e-05, axis: int = -1, out: Any = None) -> Any:
    """LayerNorm: `formulas.layer_norm`, compiled."""
    return along_axis(_layer_norm, {"x": x, "w": w, "b": b}, (positive("epsilon", epsilon),), axis=axis, out=out)


@loops("add", "maximum")
def _layer_norm_vjp(out: Any, x: Any, w: Any, g: Any, epsilon: Any, add: Any, maximum: Any) -> None:
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
            w_i = row(w, start + i)
            for j in range(n):
                ratio_2 = x[x_i, j] / root
                c[i, j] = ratio_2
                d[i, j] = choose(j == largest, real(0), squared(ratio_2))
                e[i, j] = choose(j == largest, real(0), ratio_2)
                factor = g[g_i, j] * (w[w_i, j] / root)
                f[i, j] = factor
                h[i, j] = choose(j == largest, real(0), factor)
                term_3 = x[x_i, j] - ratio
                ratio_3 = term_3 / root
                k[i, j] = ratio_3
                m[i, j] = choose(j == largest, real(0), ratio_3 * factor)
                p[i, j] = choose(j == largest, real(0), ratio_3)
            ratio_4 = epsilon / term_2
            rest = sum_of(d, i, add)
            rest_2 = sum_of(e, i, add)
            ratio_5 = x[x_i, largest] / root
            factor_2 = g[g_i, largest] * (w[w_i, largest] / root)
            for j in range(n):
                factor_3 = (
                    ratio_4 + ((rest - c[i, j] * rest_2) - ratio_5 * (rest_2 - (real(n) - real(1)) * c[i, j])) / real(n)
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
def layer_norm_vjp(x: Any, w: Any, g: Any, *, epsilon: float = 1e-05, axis: int = -1, out: Any = None) -> Any:
    """The gradient of LayerNorm by its input: `formulas.layer_norm_vjp`, compiled."""
    return along_axis(_layer_norm_vjp, {"x": x, "w": w, "g": g}, (positive("epsilon", epsilon),), axis=axis, out=out)
