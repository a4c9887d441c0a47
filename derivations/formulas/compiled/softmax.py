"""Softmax compiled, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation as loops, with the operations of `softmax` and the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..runtime import VerifiedFormula, positive
from .primitives import apply, choose, not_nan, over, position_of, row, rows_at_once, sum_of, top_of
from .runtime import along_axis, loops

__all__ = ["log_softmax", "log_softmax_jvp", "log_softmax_vjp", "logsumexp", "softmax", "softmax_jvp", "softmax_vjp"]


@loops("add", "exp", "log1p", "maximum")
def _logsumexp(out: Any, z: Any, temperature: Any, add: Any, exp: Any, log1p: Any, maximum: Any) -> None:
    real = out.dtype.type
    temperature = real(temperature)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                b[i, j] = over(z[z_i, j] - top, temperature)
        apply(exp, b, b, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            largest = position_of(z, z_i, a[i])
            for j in range(n):
                c[i, j] = choose(j == largest, real(0), b[i, j])
            d[i] = sum_of(c, i, add)
        apply(log1p, d, d, len(out_))
        for i in range(len(out_)):
            out_[i] = temperature * d[i] + a[i]


@VerifiedFormula
def logsumexp(z: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """Log-sum-exp without overflow: `formulas.logsumexp`, compiled."""
    return along_axis(_logsumexp, {"z": z}, (positive("temperature", temperature),), axis=axis, reduces=True, out=out)


@loops("add", "exp", "maximum")
def _softmax(out: Any, z: Any, temperature: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    temperature = real(temperature)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            for j in range(n):
                a[i, j] = over(z[z_i, j] - top, temperature)
        apply(exp, a, a, len(out_) * n)
        for i in range(len(out_)):
            ratio = real(1) / sum_of(a, i, add)
            for j in range(n):
                out_[i, j] = a[i, j] * ratio


@VerifiedFormula
def softmax(z: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """Softmax without overflow, and the gradient of log-sum-exp: `formulas.softmax`, compiled."""
    return along_axis(_softmax, {"z": z}, (positive("temperature", temperature),), axis=axis, out=out)


@loops("add", "exp", "log1p", "maximum")
def _log_softmax(out: Any, z: Any, temperature: Any, add: Any, exp: Any, log1p: Any, maximum: Any) -> None:
    real = out.dtype.type
    temperature = real(temperature)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                term = z[z_i, j] - top
                ratio = over(term, temperature)
                b[i, j] = ratio
        apply(exp, b, c, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            largest = position_of(z, z_i, a[i])
            a_i = a[i]
            for j in range(n):
                term_2 = z[z_i, j] - a_i
                term_3 = z[z_i, j] - term_2
                d[i, j] = choose(
                    j == largest,
                    real(0),
                    c[i, j]
                    + c[i, j] * not_nan(over((z[z_i, j] - (term_2 + term_3)) + (term_3 - a_i), temperature), real(-1)),
                )
            a[i] = sum_of(d, i, add)
        apply(log1p, a, a, len(out_))
        for i in range(len(out_)):
            a_i = a[i]
            for j in range(n):
                out_[i, j] = b[i, j] - a_i


@VerifiedFormula
def log_softmax(z: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """Log-softmax that keeps the dominant class: `formulas.log_softmax`, compiled."""
    return along_axis(_log_softmax, {"z": z}, (positive("temperature", temperature),), axis=axis, out=out)


@loops("add", "exp", "maximum")
def _softmax_jvp(out: Any, z: Any, v: Any, temperature: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    temperature = real(temperature)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                b[i, j] = over(z[z_i, j] - top, temperature)
        apply(exp, b, b, len(out_) * n)
        for i in range(len(out_)):
            v_i = row(v, start + i)
            z_i = row(z, start + i)
            entry = v[v_i, position_of(z, z_i, a[i])]
            for j in range(n):
                term = v[v_i, j] - entry
                c[i, j] = b[i, j] * term
            rest = sum_of(b, i, add)
            ratio = real(1) / rest
            ratio_2 = sum_of(c, i, add) / rest
            for j in range(n):
                term_2 = v[v_i, j] - entry
                out_[i, j] = over(b[i, j] * ratio * (term_2 - ratio_2), temperature)


@VerifiedFormula
def softmax_jvp(z: Any, v: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The softmax Jacobian times a vector, without the Jacobian: `formulas.softmax_jvp`, compiled."""
    return along_axis(_softmax_jvp, {"z": z, "v": v}, (positive("temperature", temperature),), axis=axis, out=out)


@loops("add", "exp", "maximum")
def _softmax_vjp(out: Any, z: Any, v: Any, temperature: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    temperature = real(temperature)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                b[i, j] = over(z[z_i, j] - top, temperature)
        apply(exp, b, b, len(out_) * n)
        for i in range(len(out_)):
            v_i = row(v, start + i)
            z_i = row(z, start + i)
            entry = v[v_i, position_of(z, z_i, a[i])]
            for j in range(n):
                term = v[v_i, j] - entry
                c[i, j] = b[i, j] * term
            rest = sum_of(b, i, add)
            ratio = real(1) / rest
            ratio_2 = sum_of(c, i, add) / rest
            for j in range(n):
                term_2 = v[v_i, j] - entry
                out_[i, j] = over(b[i, j] * ratio * (term_2 - ratio_2), temperature)


@VerifiedFormula
def softmax_vjp(z: Any, v: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """A vector times the softmax Jacobian (reverse mode): `formulas.softmax_vjp`, compiled."""
    return along_axis(_softmax_vjp, {"z": z, "v": v}, (positive("temperature", temperature),), axis=axis, out=out)


@loops("add", "exp", "maximum")
def _log_softmax_jvp(out: Any, z: Any, v: Any, temperature: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    temperature = real(temperature)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                b[i, j] = over(z[z_i, j] - top, temperature)
        apply(exp, b, b, len(out_) * n)
        for i in range(len(out_)):
            v_i = row(v, start + i)
            z_i = row(z, start + i)
            entry = v[v_i, position_of(z, z_i, a[i])]
            for j in range(n):
                term = v[v_i, j] - entry
                c[i, j] = b[i, j] * term
            ratio = sum_of(c, i, add) / sum_of(b, i, add)
            for j in range(n):
                term_2 = v[v_i, j] - entry
                out_[i, j] = over(term_2 - ratio, temperature)


@VerifiedFormula
def log_softmax_jvp(z: Any, v: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The Jacobian of log-softmax times a vector: `formulas.log_softmax_jvp`, compiled."""
    return along_axis(_log_softmax_jvp, {"z": z, "v": v}, (positive("temperature", temperature),), axis=axis, out=out)


@loops("add", "exp", "maximum")
def _log_softmax_vjp(out: Any, z: Any, v: Any, temperature: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    temperature = real(temperature)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            for j in range(n):
                a[i, j] = over(z[z_i, j] - top, temperature)
        apply(exp, a, a, len(out_) * n)
        for i in range(len(out_)):
            v_i = row(v, start + i)
            rest = sum_of(v, v_i, add)
            ratio = real(1) / sum_of(a, i, add)
            for j in range(n):
                out_[i, j] = over(v[v_i, j] - rest * a[i, j] * ratio, temperature)


@VerifiedFormula
def log_softmax_vjp(z: Any, v: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """A vector times the Jacobian of log-softmax (reverse mode): `formulas.log_softmax_vjp`, compiled."""
    return along_axis(_log_softmax_vjp, {"z": z, "v": v}, (positive("temperature", temperature),), axis=axis, out=out)
