"""Hinges compiled, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation as loops, with the operations of `hinges` and the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..runtime import VerifiedFormula, positive
from .primitives import apply, choose, greater, position_of, row, rows_at_once, sum_of, top_of
from .runtime import along_axis, loops

__all__ = ["multiclass_hinge_gradient", "softmax_hinge", "softmax_hinge_gradient"]


@loops("add")
def _multiclass_hinge_gradient(out: Any, z: Any, label: Any, margin: Any, add: Any) -> None:
    real = out.dtype.type
    margin = real(margin)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty((rows, n), out.dtype)
    b = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        label_ = label[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            entry = z[z_i, label_[i]]
            label_i = label_[i]
            for j in range(n):
                term = margin + (z[z_i, j] - entry)
                value = choose(term > real(0), real(1), choose(term <= real(0), real(0), real(np.nan)))
                a[i, j] = value
                b[i, j] = choose(j == label_i, real(0), value)
            part = -sum_of(b, i, add)
            for j in range(n):
                out_[i, j] = choose(j == label_i, part, a[i, j])


@VerifiedFormula
def multiclass_hinge_gradient(z: Any, label: Any, *, margin: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The gradient of the multiclass hinge loss: `formulas.multiclass_hinge_gradient`, compiled."""
    return along_axis(
        _multiclass_hinge_gradient, {"z": z}, (positive("margin", margin),), axis=axis, labels={"label": label}, out=out
    )


@loops("add", "exp", "maximum")
def _softmax_hinge(out: Any, z: Any, label: Any, margin: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    margin = real(margin)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty(rows, out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        label_ = label[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            c[i] = z[z_i, label_[i]] - top
            for j in range(n):
                b[i, j] = z[z_i, j] - top
        apply(exp, b, b, len(out_) * n)
        apply(exp, c, c, len(out_))
        for i in range(len(out_)):
            z_i = row(z, start + i)
            largest = position_of(z, z_i, a[i])
            for j in range(n):
                d[i, j] = choose(j == largest, real(0), b[i, j])
            label_i = label_[i]
            rest = sum_of(d, i, add)
            factor = margin * rest
            term = margin - c[i]
            term_2 = real(1) + rest
            for j in range(n):
                e[i, j] = choose(j == label_i, real(0), greater((factor + term + b[i, j]) / term_2, real(0)))
            out_[i] = sum_of(e, i, add)


@VerifiedFormula
def softmax_hinge(z: Any, label: Any, *, margin: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The hinge loss on softmax: `formulas.softmax_hinge`, compiled."""
    return along_axis(
        _softmax_hinge,
        {"z": z},
        (positive("margin", margin),),
        axis=axis,
        labels={"label": label},
        reduces=True,
        out=out,
    )


@loops("add", "exp", "maximum")
def _softmax_hinge_gradient(out: Any, z: Any, label: Any, margin: Any, add: Any, exp: Any, maximum: Any) -> None:
    real = out.dtype.type
    margin = real(margin)
    n = z.shape[1]
    rows = rows_at_once(n)
    a = np.empty(rows, out.dtype)
    b = np.empty((rows, n), out.dtype)
    c = np.empty(rows, out.dtype)
    d = np.empty((rows, n), out.dtype)
    e = np.empty((rows, n), out.dtype)
    f = np.empty((rows, n), out.dtype)
    g = np.empty((rows, n), out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        label_ = label[start : start + rows]
        for i in range(len(out_)):
            z_i = row(z, start + i)
            top = top_of(z, z_i, maximum)
            a[i] = top
            c[i] = z[z_i, label_[i]] - top
            for j in range(n):
                b[i, j] = z[z_i, j] - top
        apply(exp, b, b, len(out_) * n)
        apply(exp, c, c, len(out_))
        for i in range(len(out_)):
            z_i = row(z, start + i)
            largest = position_of(z, z_i, a[i])
            for j in range(n):
                d[i, j] = choose(j == largest, real(0), b[i, j])
            rest = sum_of(d, i, add)
            factor = margin * rest
            term = margin - c[i]
            term_2 = real(1) + rest
            label_i = label_[i]
            for j in range(n):
                value = choose((factor + term + b[i, j]) / term_2 > real(0), real(1), real(0))
                e[i, j] = value
                f[i, j] = choose(j == label_i, real(0), value)
            part = -sum_of(f, i, add)
            value_2 = choose(
                label_i == largest, part, choose((real(1) + factor + term) / term_2 > real(0), real(1), real(0))
            )
            for j in range(n):
                term_3 = choose(j == label_i, part, e[i, j]) - value_2
                d[i, j] = term_3
                g[i, j] = b[i, j] * term_3
            ratio = real(1) / sum_of(b, i, add)
            ratio_2 = sum_of(g, i, add) / term_2
            for j in range(n):
                out_[i, j] = b[i, j] * ratio * (d[i, j] - ratio_2)


@VerifiedFormula
def softmax_hinge_gradient(z: Any, label: Any, *, margin: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The gradient of the hinge loss on softmax by the logits: `formulas.softmax_hinge_gradient`, compiled."""
    return along_axis(
        _softmax_hinge_gradient, {"z": z}, (positive("margin", margin),), axis=axis, labels={"label": label}, out=out
    )
