"""Losses compiled, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation as loops, with the operations of `losses` and the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..runtime import VerifiedFormula, positive
from .primitives import apply, choose, greater, lesser, rows_at_once, squared
from .runtime import elementwise, loops

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_gradient",
    "focal",
    "focal_gradient",
    "gaussian_nll",
    "gaussian_nll_gradient",
    "gaussian_nll_variance_gradient",
    "hinge",
    "hinge_gradient",
    "huber",
    "huber_gradient",
    "log_cosh",
    "log_cosh_gradient",
    "poisson_nll",
    "poisson_nll_gradient",
    "squared_error",
    "squared_error_gradient",
    "squared_hinge",
    "squared_hinge_gradient",
]


@loops()
def _squared_error(out: Any, y: Any, t: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        t_ = t[start : start + rows]
        for i in range(len(out_)):
            out_[i] = squared(y_[i] - t_[i]) / real(2)


@VerifiedFormula
def squared_error(y: Any, t: Any, *, out: Any = None) -> Any:
    """Half the squared error: `formulas.squared_error`, compiled."""
    return elementwise(_squared_error, ("y", "t"), (y, t), (), out)


@loops()
def _squared_error_gradient(out: Any, y: Any, t: Any) -> None:
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        t_ = t[start : start + rows]
        for i in range(len(out_)):
            out_[i] = y_[i] - t_[i]


@VerifiedFormula
def squared_error_gradient(y: Any, t: Any, *, out: Any = None) -> Any:
    """The slope of half the squared error: `formulas.squared_error_gradient`, compiled."""
    return elementwise(_squared_error_gradient, ("y", "t"), (y, t), (), out)


@loops()
def _huber(out: Any, y: Any, t: Any, delta: Any) -> None:
    real = out.dtype.type
    delta = real(delta)
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        t_ = t[start : start + rows]
        for i in range(len(out_)):
            size = abs(t_[i] - y_[i])
            least = lesser(size, delta)
            out_[i] = least * (size - least / real(2))


@VerifiedFormula
def huber(y: Any, t: Any, *, delta: float = 1.0, out: Any = None) -> Any:
    """The Huber loss: `formulas.huber`, compiled."""
    return elementwise(_huber, ("y", "t"), (y, t), (positive("delta", delta),), out)


@loops()
def _huber_gradient(out: Any, y: Any, t: Any, delta: Any) -> None:
    real = out.dtype.type
    delta = real(delta)
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        t_ = t[start : start + rows]
        for i in range(len(out_)):
            out_[i] = greater(lesser(y_[i] - t_[i], delta), -delta)


@VerifiedFormula
def huber_gradient(y: Any, t: Any, *, delta: float = 1.0, out: Any = None) -> Any:
    """The slope of the Huber loss clips the error: `formulas.huber_gradient`, compiled."""
    return elementwise(_huber_gradient, ("y", "t"), (y, t), (positive("delta", delta),), out)


@loops("exp", "expm1", "log1p", "sinh")
def _log_cosh(out: Any, y: Any, t: Any, exp: Any, expm1: Any, log1p: Any, sinh: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    c = np.empty(rows, out.dtype)
    d = np.empty(rows, out.dtype)
    e = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        t_ = t[start : start + rows]
        for i in range(len(out_)):
            size = abs(t_[i] - y_[i])
            least = lesser(size, real(1))
            term = size - least
            a[i] = term
            b[i] = least / real(2)
            c[i] = -least
            d[i] = -(real(2) * term)
        apply(sinh, b, b, len(out_))
        apply(exp, c, c, len(out_))
        apply(expm1, d, d, len(out_))
        for i in range(len(out_)):
            e[i] = real(2) * squared(b[i]) + c[i] * d[i] / real(2)
        apply(log1p, e, e, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] + e[i]


@VerifiedFormula
def log_cosh(y: Any, t: Any, *, out: Any = None) -> Any:
    """Log cosh without overflow or cancellation: `formulas.log_cosh`, compiled."""
    return elementwise(_log_cosh, ("y", "t"), (y, t), (), out)


@loops("tanh")
def _log_cosh_gradient(out: Any, y: Any, t: Any, tanh: Any) -> None:
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        t_ = t[start : start + rows]
        for i in range(len(out_)):
            a[i] = y_[i] - t_[i]
        apply(tanh, a, out_, len(out_))


@VerifiedFormula
def log_cosh_gradient(y: Any, t: Any, *, out: Any = None) -> Any:
    """The slope of log cosh is tanh: `formulas.log_cosh_gradient`, compiled."""
    return elementwise(_log_cosh_gradient, ("y", "t"), (y, t), (), out)


@loops()
def _hinge(out: Any, y: Any, s: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        s_ = s[start : start + rows]
        for i in range(len(out_)):
            out_[i] = greater(real(1) - s_[i] * y_[i], real(0))


@VerifiedFormula
def hinge(y: Any, s: Any, *, out: Any = None) -> Any:
    """The hinge loss of a class s = -1 or 1: `formulas.hinge`, compiled."""
    return elementwise(_hinge, ("y", "s"), (y, s), (), out)


@loops()
def _hinge_gradient(out: Any, y: Any, s: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        s_ = s[start : start + rows]
        for i in range(len(out_)):
            term = real(1) - s_[i] * y_[i]
            out_[i] = -(s_[i] * choose(term > real(0), real(1), choose(term <= real(0), real(0), real(np.nan))))


@VerifiedFormula
def hinge_gradient(y: Any, s: Any, *, out: Any = None) -> Any:
    """The slope of the hinge loss: `formulas.hinge_gradient`, compiled."""
    return elementwise(_hinge_gradient, ("y", "s"), (y, s), (), out)


@loops()
def _squared_hinge(out: Any, y: Any, s: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        s_ = s[start : start + rows]
        for i in range(len(out_)):
            out_[i] = squared(greater(real(1) - s_[i] * y_[i], real(0)))


@VerifiedFormula
def squared_hinge(y: Any, s: Any, *, out: Any = None) -> Any:
    """The squared hinge loss: `formulas.squared_hinge`, compiled."""
    return elementwise(_squared_hinge, ("y", "s"), (y, s), (), out)


@loops()
def _squared_hinge_gradient(out: Any, y: Any, s: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        s_ = s[start : start + rows]
        for i in range(len(out_)):
            out_[i] = -(real(2) * greater(real(1) - s_[i] * y_[i], real(0)) * s_[i])


@VerifiedFormula
def squared_hinge_gradient(y: Any, s: Any, *, out: Any = None) -> Any:
    """The slope of the squared hinge loss: `formulas.squared_hinge_gradient`, compiled."""
    return elementwise(_squared_hinge_gradient, ("y", "s"), (y, s), (), out)


@loops("exp", "log1p")
def _binary_cross_entropy(out: Any, z: Any, t: Any, exp: Any, log1p: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        t_ = t[start : start + rows]
        for i in range(len(out_)):
            a[i] = -abs(z_[i])
        apply(exp, a, a, len(out_))
        apply(log1p, a, a, len(out_))
        for i in range(len(out_)):
            out_[i] = t_[i] * greater(-z_[i], real(0)) + (real(1) - t_[i]) * greater(z_[i], real(0)) + a[i]


@VerifiedFormula
def binary_cross_entropy(z: Any, t: Any, *, out: Any = None) -> Any:
    """Binary cross-entropy on a logit: `formulas.binary_cross_entropy`, compiled."""
    return elementwise(_binary_cross_entropy, ("z", "t"), (z, t), (), out)


@loops("exp")
def _binary_cross_entropy_gradient(out: Any, z: Any, t: Any, exp: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        t_ = t[start : start + rows]
        for i in range(len(out_)):
            a[i] = lesser(z_[i], real(0))
            b[i] = lesser(-z_[i], real(0))
        apply(exp, a, a, len(out_))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            out_[i] = (a[i] * (real(1) - t_[i]) - t_[i] * b[i]) / (a[i] + b[i])


@VerifiedFormula
def binary_cross_entropy_gradient(z: Any, t: Any, *, out: Any = None) -> Any:
    """The slope of binary cross-entropy on a logit: `formulas.binary_cross_entropy_gradient`, compiled."""
    return elementwise(_binary_cross_entropy_gradient, ("z", "t"), (z, t), (), out)


@loops("exp", "log1p")
def _focal(out: Any, z: Any, gamma: Any, exp: Any, log1p: Any) -> None:
    real = out.dtype.type
    gamma = real(gamma)
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -abs(z_[i])
        apply(exp, a, a, len(out_))
        apply(log1p, a, a, len(out_))
        for i in range(len(out_)):
            b[i] = -(gamma * (greater(z_[i], real(0)) + a[i]))
        apply(exp, b, b, len(out_))
        for i in range(len(out_)):
            out_[i] = b[i] * (greater(-z_[i], real(0)) + a[i])


@VerifiedFormula
def focal(z: Any, *, gamma: float = 2.0, out: Any = None) -> Any:
    """The focal loss on the logit of the true class: `formulas.focal`, compiled."""
    return elementwise(_focal, ("z",), (z,), (positive("gamma", gamma),), out)


@loops("exp", "log1p")
def _focal_gradient(out: Any, z: Any, gamma: Any, exp: Any, log1p: Any) -> None:
    real = out.dtype.type
    gamma = real(gamma)
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    b = np.empty(rows, out.dtype)
    c = np.empty(rows, out.dtype)
    d = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        for i in range(len(out_)):
            a[i] = -abs(z_[i])
            b[i] = lesser(z_[i], real(0))
            c[i] = lesser(-z_[i], real(0))
        apply(exp, a, a, len(out_))
        apply(exp, b, b, len(out_))
        apply(exp, c, c, len(out_))
        apply(log1p, a, a, len(out_))
        for i in range(len(out_)):
            d[i] = -(gamma * (greater(z_[i], real(0)) + a[i]))
        apply(exp, d, d, len(out_))
        for i in range(len(out_)):
            out_[i] = -(d[i] * (gamma * b[i] * (greater(-z_[i], real(0)) + a[i]) + c[i]) / (b[i] + c[i]))


@VerifiedFormula
def focal_gradient(z: Any, *, gamma: float = 2.0, out: Any = None) -> Any:
    """The slope of the focal loss: `formulas.focal_gradient`, compiled."""
    return elementwise(_focal_gradient, ("z",), (z,), (positive("gamma", gamma),), out)


@loops("log")
def _gaussian_nll(out: Any, y: Any, t: Any, variance: Any, log: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        t_ = t[start : start + rows]
        variance_ = variance[start : start + rows]
        for i in range(len(out_)):
            a[i] = real(6.283185307179586) * variance_[i]
        apply(log, a, a, len(out_))
        for i in range(len(out_)):
            term = y_[i] - t_[i]
            out_[i] = (term * (term / variance_[i]) + a[i]) / real(2)


@VerifiedFormula
def gaussian_nll(y: Any, t: Any, variance: Any, *, out: Any = None) -> Any:
    """The negative log-likelihood of a normal distribution: `formulas.gaussian_nll`, compiled."""
    return elementwise(_gaussian_nll, ("y", "t", "variance"), (y, t, variance), (), out)


@loops()
def _gaussian_nll_gradient(out: Any, y: Any, t: Any, variance: Any) -> None:
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        t_ = t[start : start + rows]
        variance_ = variance[start : start + rows]
        for i in range(len(out_)):
            out_[i] = (y_[i] - t_[i]) / variance_[i]


@VerifiedFormula
def gaussian_nll_gradient(y: Any, t: Any, variance: Any, *, out: Any = None) -> Any:
    """Its slope by the mean y: `formulas.gaussian_nll_gradient`, compiled."""
    return elementwise(_gaussian_nll_gradient, ("y", "t", "variance"), (y, t, variance), (), out)


@loops()
def _gaussian_nll_variance_gradient(out: Any, y: Any, t: Any, variance: Any) -> None:
    real = out.dtype.type
    rows = rows_at_once(1)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        y_ = y[start : start + rows]
        t_ = t[start : start + rows]
        variance_ = variance[start : start + rows]
        for i in range(len(out_)):
            term = y_[i] - t_[i]
            out_[i] = (real(1) - term * (term / variance_[i])) / (real(2) * variance_[i])


@VerifiedFormula
def gaussian_nll_variance_gradient(y: Any, t: Any, variance: Any, *, out: Any = None) -> Any:
    """Its slope by the variance: `formulas.gaussian_nll_variance_gradient`, compiled."""
    return elementwise(_gaussian_nll_variance_gradient, ("y", "t", "variance"), (y, t, variance), (), out)


@loops("exp")
def _poisson_nll(out: Any, z: Any, t: Any, exp: Any) -> None:
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        t_ = t[start : start + rows]
        apply(exp, z_, a, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] - t_[i] * z_[i]


@VerifiedFormula
def poisson_nll(z: Any, t: Any, *, out: Any = None) -> Any:
    """The negative log-likelihood of a Poisson count t with rate exp(z), without log t!: `formulas.poisson_nll`,
    compiled."""
    return elementwise(_poisson_nll, ("z", "t"), (z, t), (), out)


@loops("exp")
def _poisson_nll_gradient(out: Any, z: Any, t: Any, exp: Any) -> None:
    rows = rows_at_once(1)
    a = np.empty(rows, out.dtype)
    for start in range(0, len(out), rows):
        out_ = out[start : start + rows]
        z_ = z[start : start + rows]
        t_ = t[start : start + rows]
        apply(exp, z_, a, len(out_))
        for i in range(len(out_)):
            out_[i] = a[i] - t_[i]


@VerifiedFormula
def poisson_nll_gradient(z: Any, t: Any, *, out: Any = None) -> Any:
    """Its slope by the logarithm of the rate: `formulas.poisson_nll_gradient`, compiled."""
    return elementwise(_poisson_nll_gradient, ("z", "t"), (z, t), (), out)
