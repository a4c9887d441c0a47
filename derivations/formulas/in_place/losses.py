"""Losses in place on one block, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `losses` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import in_place, keep_nan

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


@in_place(buffers=1)
def squared_error(out: Any, y: Any, t: Any, a: Any) -> None:
    """(y - t)^2 / 2."""
    np.subtract(y, t, out=a)
    np.square(a, out=a)
    np.multiply(a, 0.5, out=out)


@in_place()
def squared_error_gradient(out: Any, y: Any, t: Any) -> None:
    """y - t."""
    np.subtract(y, t, out=out)


@in_place(buffers=3)
def huber(out: Any, y: Any, t: Any, delta: float, a: Any, b: Any, c: Any) -> None:
    """(y - t)^2 / 2 for |y - t| <= delta, delta (|y - t| - delta/2) beyond."""
    np.subtract(t, y, out=a)
    np.abs(a, out=a)  # size
    np.minimum(a, delta, out=b)  # least
    np.multiply(b, 0.5, out=c)
    np.subtract(a, c, out=c)
    np.multiply(b, c, out=out)


@in_place(buffers=1)
def huber_gradient(out: Any, y: Any, t: Any, delta: float, a: Any) -> None:
    """y - t clipped to [-delta, delta]."""
    np.subtract(y, t, out=a)
    np.minimum(a, delta, out=a)
    np.maximum(a, -delta, out=out)


@in_place(buffers=3, masks=1)
def log_cosh(out: Any, y: Any, t: Any, a: Any, b: Any, c: Any, p: Any) -> None:
    """log(cosh(y - t))."""
    np.subtract(t, y, out=a)
    np.abs(a, out=a)  # size
    np.less_equal(a, 1, out=p)
    np.minimum(a, 1, out=b)
    np.multiply(b, 0.5, out=b)
    np.sinh(b, out=b)
    np.square(b, out=b)
    np.multiply(2, b, out=b)
    np.log1p(b, out=b)
    np.multiply(-2, a, out=c)
    np.exp(c, out=c)
    np.log1p(c, out=c)
    np.add(a, c, out=c)
    np.subtract(c, 0.6931471805599453, out=out)
    np.putmask(out, p, b)


@in_place(buffers=1)
def log_cosh_gradient(out: Any, y: Any, t: Any, a: Any) -> None:
    """tanh(y - t)."""
    np.subtract(t, y, out=a)
    np.tanh(a, out=a)
    np.negative(a, out=out)


@in_place(buffers=1)
def hinge(out: Any, y: Any, s: Any, a: Any) -> None:
    """max(0, 1 - s y)."""
    np.multiply(s, y, out=a)
    np.subtract(1, a, out=a)
    np.maximum(a, 0, out=out)


@in_place(buffers=2, masks=1)
def hinge_gradient(out: Any, y: Any, s: Any, a: Any, b: Any, p: Any) -> None:
    """-s where s y < 1, else 0."""
    np.multiply(s, y, out=a)  # factor
    np.less(a, 1, out=p)
    np.negative(s, out=b)
    np.copyto(out, 0)
    np.putmask(out, p, b)
    keep_nan(out, a)


@in_place(buffers=1)
def squared_hinge(out: Any, y: Any, s: Any, a: Any) -> None:
    """max(0, 1 - s y)^2."""
    np.multiply(s, y, out=a)
    np.subtract(1, a, out=a)
    np.maximum(a, 0, out=a)
    np.square(a, out=out)


@in_place(buffers=2)
def squared_hinge_gradient(out: Any, y: Any, s: Any, a: Any, b: Any) -> None:
    """-2 s max(0, 1 - s y)."""
    np.multiply(s, y, out=a)
    np.subtract(1, a, out=a)
    np.maximum(a, 0, out=a)
    np.multiply(-2, s, out=b)
    np.multiply(b, a, out=out)


@in_place(buffers=3)
def binary_cross_entropy(out: Any, z: Any, t: Any, a: Any, b: Any, c: Any) -> None:
    """-t log(sigmoid(z)) - (1 - t) log(1 - sigmoid(z))."""
    np.subtract(1, t, out=a)
    np.maximum(z, 0, out=b)
    np.multiply(a, b, out=b)
    np.negative(z, out=a)
    np.maximum(a, 0, out=a)
    np.multiply(t, a, out=a)
    np.abs(z, out=c)
    np.negative(c, out=c)
    np.exp(c, out=c)
    np.log1p(c, out=c)
    np.add(a, b, out=b)
    np.add(b, c, out=out)


@in_place(buffers=3, masks=1)
def binary_cross_entropy_gradient(out: Any, z: Any, t: Any, a: Any, b: Any, c: Any, p: Any) -> None:
    """sigmoid(z) - t."""
    np.greater_equal(z, 0, out=p)
    np.subtract(1, t, out=a)  # term
    np.abs(z, out=b)
    np.negative(b, out=b)
    np.exp(b, out=b)  # decay
    np.multiply(t, b, out=c)
    np.subtract(a, c, out=c)
    np.multiply(b, a, out=a)
    np.subtract(a, t, out=a)
    np.putmask(a, p, c)
    np.add(1, b, out=b)
    np.divide(a, b, out=out)


@in_place(buffers=3)
def focal(out: Any, z: Any, gamma: float, a: Any, b: Any, c: Any) -> None:
    """-(1 - sigmoid(z))^gamma log(sigmoid(z))."""
    np.maximum(z, 0, out=a)
    np.abs(z, out=b)
    np.negative(b, out=b)
    np.exp(b, out=b)
    np.log1p(b, out=b)  # excess
    np.add(a, b, out=a)
    np.multiply(gamma, a, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)
    np.negative(z, out=c)
    np.maximum(c, 0, out=c)
    np.add(c, b, out=b)
    np.multiply(a, b, out=out)


@in_place(buffers=5, masks=1)
def focal_gradient(out: Any, z: Any, gamma: float, a: Any, b: Any, c: Any, d: Any, e: Any, p: Any) -> None:
    """-(1 - p)^gamma (gamma p (-log p) + 1 - p), p = sigmoid(z)."""
    np.greater_equal(z, 0, out=p)
    np.abs(z, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)  # decay
    np.copyto(b, a)
    np.putmask(b, p, 1)
    np.add(1, a, out=c)  # term
    np.divide(b, c, out=b)
    np.negative(z, out=d)
    np.maximum(d, 0, out=d)
    np.log1p(a, out=e)  # excess
    np.add(d, e, out=d)
    np.multiply(gamma, b, out=b)
    np.multiply(b, d, out=d)
    np.copyto(b, 1)
    np.putmask(b, p, a)
    np.divide(b, c, out=c)
    np.add(d, c, out=c)
    np.maximum(z, 0, out=d)
    np.add(d, e, out=e)
    np.multiply(gamma, e, out=e)
    np.negative(e, out=e)
    np.exp(e, out=e)
    np.multiply(e, c, out=c)
    np.negative(c, out=out)


@in_place(buffers=2)
def gaussian_nll(out: Any, y: Any, t: Any, variance: Any, a: Any, b: Any) -> None:
    """log(2 pi variance) / 2 + (y - t)^2 / (2 variance)."""
    np.subtract(y, t, out=a)  # term
    np.divide(a, variance, out=b)
    np.multiply(a, b, out=b)
    np.multiply(6.283185307179586, variance, out=a)
    np.log(a, out=a)
    np.add(b, a, out=a)
    np.multiply(a, 0.5, out=out)


@in_place(buffers=1)
def gaussian_nll_gradient(out: Any, y: Any, t: Any, variance: Any, a: Any) -> None:
    """(y - t) / variance."""
    np.subtract(y, t, out=a)
    np.divide(a, variance, out=out)


@in_place(buffers=2)
def gaussian_nll_variance_gradient(out: Any, y: Any, t: Any, variance: Any, a: Any, b: Any) -> None:
    """(1 - (y - t)^2 / variance) / (2 variance)."""
    np.subtract(y, t, out=a)  # term
    np.divide(a, variance, out=b)
    np.multiply(a, b, out=b)
    np.subtract(1, b, out=b)
    np.multiply(2, variance, out=a)
    np.divide(b, a, out=out)


@in_place(buffers=2)
def poisson_nll(out: Any, z: Any, t: Any, a: Any, b: Any) -> None:
    """exp(z) - t z."""
    np.exp(z, out=a)
    np.multiply(t, z, out=b)
    np.subtract(a, b, out=out)


@in_place(buffers=1)
def poisson_nll_gradient(out: Any, z: Any, t: Any, a: Any) -> None:
    """exp(z) - t."""
    np.exp(z, out=a)
    np.subtract(a, t, out=out)
