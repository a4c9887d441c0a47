"""Class losses compiled, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation as loops, with the operations of `class_losses` and the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..runtime import VerifiedFormula, positive
from .primitives import apply, apply_to_two, choose, greater, not_nan, position_of, row, rows_at_once, sum_of, top_of
from .runtime import along_axis, loops

__all__ = [
    "cross_entropy",
    "cross_entropy_gradient",
    "cross_entropy_label",
    "cross_entropy_label_gradient",
    "kl_divergence",
    "kl_divergence_gradient",
    "label_smoothing",
    "label_smoothing_gradient",
    "multiclass_hinge",
]


@loops("add", "exp", "log1p", "maximum")
def _cross_entropy(out: Any, z: Any, t: Any, add: Any, exp: Any, log1p: Any, maximum: Any) -> None:
    real = out.dtype.type
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                term = z[z_i, j] - top
                b[i, j] = term
        apply(exp, b, c, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            largest = position_of(z, z_i, a[i])
            a_i = a[i]
            for j in range(n):
                term_2 = z[z_i, j] - b[i, j]
                d[i, j] = choose(
                    j == largest,
                    real(0),
                    c[i, j] + c[i, j] * not_nan((z[z_i, j] - (b[i, j] + term_2)) + (term_2 - a_i), real(-1)),
                )
            e[i] = sum_of(d, i, add)
        apply(log1p, e, e, len(out_))
        for i in range(len(out_)):
            t_i = row(t, start + i)
            a_i = a[i]
            z_i = row(z, start + i)
            e_i = e[i]
            for j in range(n):
                d[i, j] = t[t_i, j] * ((a_i - z[z_i, j]) + e_i)
            out_[i] = sum_of(d, i, add)


@VerifiedFormula
def cross_entropy(z: Any, t: Any, *, axis: int = -1, validate: bool = False, out: Any = None) -> Any:
    """Cross-entropy of softmax for any targets that sum to 1: `formulas.cross_entropy`, compiled."""
    return along_axis(
        _cross_entropy, {"z": z, "t": t}, axis=axis, reduces=True, distributions=("t",) if validate else (), out=out
    )


@loops("add", "exp", "maximum")
def _cross_entropy_gradient(out: Any, z: Any, t: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                term = z[z_i, j] - top
                b[i, j] = term
        apply(exp, b, c, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            a_i = a[i]
            largest = position_of(z, z_i, a_i)
            for j in range(n):
                term_2 = z[z_i, j] - b[i, j]
                term_3 = c[i, j] + c[i, j] * not_nan((z[z_i, j] - (b[i, j] + term_2)) + (term_2 - a_i), real(-1))
                d[i, j] = term_3
                e[i, j] = choose(j == largest, real(0), term_3)
            t_i = row(t, start + i)
            entry = t[t_i, largest]
            rest = sum_of(e, i, add)
            ratio = real(1) / (real(1) + rest)
            factor = ((real(1) - entry) - entry * rest) * ratio
            for j in range(n):
                out_[i, j] = choose(j == largest, factor, d[i, j] * ratio - t[t_i, j])


@VerifiedFormula
def cross_entropy_gradient(z: Any, t: Any, *, axis: int = -1, validate: bool = False, out: Any = None) -> Any:
    """The gradient of cross-entropy, softmax(z) - t, without cancellation at the dominant class:
    `formulas.cross_entropy_gradient`, compiled."""
    return along_axis(
        _cross_entropy_gradient, {"z": z, "t": t}, axis=axis, distributions=("t",) if validate else (), out=out
    )


@loops("add", "exp", "log1p", "maximum")
def _cross_entropy_label(out: Any, z: Any, label: Any, add: Any, exp: Any, log1p: Any, maximum: Any) -> None:
    real = out.dtype.type
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        label_ = label[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                term = z[z_i, j] - top
                b[i, j] = term
        apply(exp, b, c, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            largest = position_of(z, z_i, a[i])
            a_i = a[i]
            for j in range(n):
                term_2 = z[z_i, j] - b[i, j]
                d[i, j] = choose(
                    j == largest,
                    real(0),
                    c[i, j] + c[i, j] * not_nan((z[z_i, j] - (b[i, j] + term_2)) + (term_2 - a_i), real(-1)),
                )
            e[i] = sum_of(d, i, add)
        apply(log1p, e, e, len(out_))
        for i in range(len(out_)):
            z_i = row(z, start + i)
            out_[i] = (a[i] - z[z_i, label_[i]]) + e[i]


@VerifiedFormula
def cross_entropy_label(z: Any, label: Any, *, axis: int = -1, out: Any = None) -> Any:
    """Cross-entropy of softmax for a class given by its number: `formulas.cross_entropy_label`, compiled."""
    return along_axis(_cross_entropy_label, {"z": z}, axis=axis, labels={"label": label}, reduces=True, out=out)


@loops("add", "exp", "maximum")
def _cross_entropy_label_gradient(out: Any, z: Any, label: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        label_ = label[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                term = z[z_i, j] - top
                b[i, j] = term
        apply(exp, b, c, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            a_i = a[i]
            largest = position_of(z, z_i, a_i)
            for j in range(n):
                term_2 = z[z_i, j] - b[i, j]
                term_3 = c[i, j] + c[i, j] * not_nan((z[z_i, j] - (b[i, j] + term_2)) + (term_2 - a_i), real(-1))
                d[i, j] = term_3
                e[i, j] = choose(j == largest, real(0), term_3)
            rest = sum_of(e, i, add)
            ratio = real(1) / (real(1) + rest)
            factor = ((real(1) - (label_[i] == largest)) - (label_[i] == largest) * rest) * ratio
            label_i = label_[i]
            for j in range(n):
                out_[i, j] = choose(j == largest, factor, d[i, j] * ratio - (j == label_i))


@VerifiedFormula
def cross_entropy_label_gradient(z: Any, label: Any, *, axis: int = -1, out: Any = None) -> Any:
    """The gradient of cross-entropy for a class given by its number: `formulas.cross_entropy_label_gradient`,
    compiled."""
    return along_axis(_cross_entropy_label_gradient, {"z": z}, axis=axis, labels={"label": label}, out=out)


@loops("add", "exp", "log1p", "maximum")
def _label_smoothing(out: Any, z: Any, label: Any, epsilon: Any, add: Any, exp: Any, log1p: Any, maximum: Any) -> None:
    real = out.dtype.type
    epsilon = real(epsilon)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        label_ = label[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                b[i, j] = top - z[z_i, j]
                c[i, j] = z[z_i, j] - top
        apply(exp, c, c, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            largest = position_of(z, z_i, a[i])
            for j in range(n):
                d[i, j] = choose(j == largest, real(0), c[i, j])
            e[i] = sum_of(d, i, add)
        apply(log1p, e, e, len(out_))
        for i in range(len(out_)):
            z_i = row(z, start + i)
            out_[i] = (real(1) - epsilon) * (a[i] - z[z_i, label_[i]]) + epsilon * sum_of(b, i, add) / real(n) + e[i]


@VerifiedFormula
def label_smoothing(z: Any, label: Any, *, epsilon: float = 0.1, axis: int = -1, out: Any = None) -> Any:
    """Cross-entropy with label smoothing: `formulas.label_smoothing`, compiled."""
    return along_axis(_label_smoothing, {"z": z}, (epsilon,), axis=axis, labels={"label": label}, reduces=True, out=out)


@loops("add", "exp", "maximum")
def _label_smoothing_gradient(out: Any, z: Any, label: Any, epsilon: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    epsilon = real(epsilon)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        label_ = label[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                b[i, j] = z[z_i, j] - top
        apply(exp, b, b, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            largest = position_of(z, z_i, a[i])
            for j in range(n):
                c[i, j] = choose(j == largest, real(0), b[i, j])
            term = real(1) + sum_of(c, i, add)
            label_i = label_[i]
            for j in range(n):
                out_[i, j] = b[i, j] / term - epsilon / real(n) - (real(1) - epsilon) * (j == label_i)


@VerifiedFormula
def label_smoothing_gradient(z: Any, label: Any, *, epsilon: float = 0.1, axis: int = -1, out: Any = None) -> Any:
    """The gradient of cross-entropy with label smoothing: `formulas.label_smoothing_gradient`, compiled."""
    return along_axis(_label_smoothing_gradient, {"z": z}, (epsilon,), axis=axis, labels={"label": label}, out=out)


@loops("add", "exp", "log1p", "maximum", "xlogy")
def _kl_divergence(out: Any, z: Any, t: Any, add: Any, exp: Any, log1p: Any, maximum: Any, xlogy: Any) -> None:
    real = out.dtype.type
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    b = np.empty(rows, out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty((rows, n), out.dtype)
    f = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            t_i = row(t, start + i)
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            b[i] = top
            for j in range(n):
                a[i, j] = t[t_i, j]
                c[i, j] = z[z_i, j] - top
        apply(exp, c, c, len(out_) * n)
        apply_to_two(xlogy, a, a, d, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            largest = position_of(z, z_i, b[i])
            for j in range(n):
                e[i, j] = choose(j == largest, real(0), c[i, j])
            f[i] = sum_of(e, i, add)
        apply(log1p, f, f, len(out_))
        for i in range(len(out_)):
            b_i = b[i]
            z_i = row(z, start + i)
            f_i = f[i]
            for j in range(n):
                e[i, j] = a[i, j] * ((b_i - z[z_i, j]) + f_i) + d[i, j]
            out_[i] = sum_of(e, i, add)


@VerifiedFormula
def kl_divergence(z: Any, t: Any, *, axis: int = -1, validate: bool = False, out: Any = None) -> Any:
    """The Kullback-Leibler divergence of softmax from positive targets: `formulas.kl_divergence`, compiled."""
    return along_axis(
        _kl_divergence, {"z": z, "t": t}, axis=axis, reduces=True, distributions=("t",) if validate else (), out=out
    )


@loops("add", "exp", "maximum")
def _kl_divergence_gradient(out: Any, z: Any, t: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty((rows, n), out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            for j in range(n):
                term = z[z_i, j] - top
                b[i, j] = term
        apply(exp, b, c, len(out_) * n)
        for i in range(len(out_)):
            z_i = row(z, start + i)
            a_i = a[i]
            largest = position_of(z, z_i, a_i)
            for j in range(n):
                term_2 = z[z_i, j] - b[i, j]
                term_3 = c[i, j] + c[i, j] * not_nan((z[z_i, j] - (b[i, j] + term_2)) + (term_2 - a_i), real(-1))
                d[i, j] = term_3
                e[i, j] = choose(j == largest, real(0), term_3)
            t_i = row(t, start + i)
            entry = t[t_i, largest]
            rest = sum_of(e, i, add)
            ratio = real(1) / (real(1) + rest)
            factor = ((real(1) - entry) - entry * rest) * ratio
            for j in range(n):
                out_[i, j] = choose(j == largest, factor, d[i, j] * ratio - t[t_i, j])


@VerifiedFormula
def kl_divergence_gradient(z: Any, t: Any, *, axis: int = -1, validate: bool = False, out: Any = None) -> Any:
    """The gradient of the Kullback-Leibler divergence by the logits: `formulas.kl_divergence_gradient`,
    compiled."""
    return along_axis(
        _kl_divergence_gradient, {"z": z, "t": t}, axis=axis, distributions=("t",) if validate else (), out=out
    )


@loops("add")
def _multiclass_hinge(out: Any, z: Any, label: Any, margin: Any, add: Any) -> None:
    real = out.dtype.type
    margin = real(margin)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        label_ = label[start : start + rows]
        for i in range(len(out_)):
            label_i = label_[i]
            z_i = row(z, start + i)
            entry = z[z_i, label_i]
            for j in range(n):
                a[i, j] = choose(j == label_i, real(0), greater(margin + (z[z_i, j] - entry), real(0)))
            out_[i] = sum_of(a, i, add)


@VerifiedFormula
def multiclass_hinge(z: Any, label: Any, *, margin: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The multiclass hinge loss: `formulas.multiclass_hinge`, compiled."""
    return along_axis(
        _multiclass_hinge,
        {"z": z},
        (positive("margin", margin),),
        axis=axis,
        labels={"label": label},
        reduces=True,
        out=out,
    )
