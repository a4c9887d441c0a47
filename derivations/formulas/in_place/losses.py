"""Losses in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `losses` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import clip, in_place, keep_nan

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


@in_place()
def squared_error(out: Any, y: Any, t: Any) -> None:
    """(y - t)^2 / 2."""
    np.subtract(y, t, out=out)
    np.square(out, out=out)
    np.multiply(out, 0.5, out=out)


@in_place(plain=True)
def squared_error_gradient(out: Any, y: Any, t: Any) -> None:
    """y - t."""
    np.subtract(y, t, out=out)


@in_place(buffers=2)
def huber(out: Any, y: Any, t: Any, delta: float, a: Any, b: Any) -> None:
    """(y - t)^2 / 2 for |y - t| <= delta, delta (|y - t| - delta/2) beyond."""
    np.subtract(t, y, out=out)
    np.abs(out, out=out)  # size
    clip(out, -np.inf, delta, out=a)  # part
    np.multiply(a, 0.5, out=b)
    np.subtract(out, b, out=b)
    np.multiply(a, b, out=out)


@in_place()
def huber_gradient(out: Any, y: Any, t: Any, delta: float) -> None:
    """y - t clipped to [-delta, delta]."""
    np.subtract(y, t, out=out)
    clip(out, -delta, delta, out=out)


@in_place(buffers=3)
def log_cosh(out: Any, y: Any, t: Any, a: Any, b: Any, c: Any) -> None:
    """log(cosh(y - t))."""
    np.subtract(t, y, out=out)
    np.abs(out, out=out)  # size
    clip(out, -np.inf, 1.0, out=a)  # part
    np.negative(a, out=b)
    np.exp(b, out=b)
    np.subtract(out, a, out=out)  # term
    np.multiply(-2.0, out, out=c)
    np.expm1(c, out=c)
    np.multiply(b, c, out=c)
    np.multiply(c, 0.5, out=c)
    np.multiply(a, 0.5, out=a)
    np.sinh(a, out=a)
    np.square(a, out=a)
    np.multiply(2.0, a, out=a)
    np.add(a, c, out=c)
    np.log1p(c, out=c)
    np.add(out, c, out=out)


@in_place(plain=True)
def log_cosh_gradient(out: Any, y: Any, t: Any) -> None:
    """tanh(y - t)."""
    np.subtract(y, t, out=out)
    np.tanh(out, out=out)


@in_place()
def hinge(out: Any, y: Any, s: Any) -> None:
    """max(0, 1 - s y)."""
    np.multiply(s, y, out=out)
    np.subtract(1.0, out, out=out)
    clip(out, 0.0, np.inf, out=out)


@in_place(buffers=1)
def hinge_gradient(out: Any, y: Any, s: Any, a: Any) -> None:
    """-s where s y < 1, else 0."""
    np.multiply(s, y, out=out)
    np.subtract(1.0, out, out=out)
    np.greater(out, 0.0, out=a)
    keep_nan(a, out)
    np.multiply(s, a, out=a)
    np.negative(a, out=out)


@in_place()
def squared_hinge(out: Any, y: Any, s: Any) -> None:
    """max(0, 1 - s y)^2."""
    np.multiply(s, y, out=out)
    np.subtract(1.0, out, out=out)
    clip(out, 0.0, np.inf, out=out)
    np.square(out, out=out)


@in_place(buffers=1)
def squared_hinge_gradient(out: Any, y: Any, s: Any, a: Any) -> None:
    """-2 s max(0, 1 - s y)."""
    np.multiply(s, y, out=out)
    np.subtract(1.0, out, out=out)
    clip(out, 0.0, np.inf, out=out)
    np.multiply(-2.0, s, out=a)
    np.multiply(a, out, out=out)


@in_place(buffers=2)
def binary_cross_entropy(out: Any, z: Any, t: Any, a: Any, b: Any) -> None:
    """-t log(sigmoid(z)) - (1 - t) log(1 - sigmoid(z))."""
    np.negative(z, out=out)
    clip(out, 0.0, np.inf, out=out)
    np.multiply(t, out, out=out)
    clip(z, 0.0, np.inf, out=a)
    np.subtract(1.0, t, out=b)
    np.multiply(b, a, out=a)
    np.abs(z, out=b)
    np.negative(b, out=b)
    np.exp(b, out=b)
    np.log1p(b, out=b)
    np.add(out, a, out=a)
    np.add(a, b, out=out)


@in_place(buffers=3)
def binary_cross_entropy_gradient(out: Any, z: Any, t: Any, a: Any, b: Any, c: Any) -> None:
    """sigmoid(z) - t."""
    clip(z, -np.inf, 0.0, out=out)
    np.exp(out, out=out)  # decay
    np.subtract(1.0, t, out=a)
    np.multiply(out, a, out=a)
    np.negative(z, out=b)
    clip(b, -np.inf, 0.0, out=b)
    np.exp(b, out=b)  # decay_2
    np.multiply(t, b, out=c)
    np.subtract(a, c, out=c)
    np.add(out, b, out=b)
    np.divide(c, b, out=out)


@in_place(buffers=2)
def focal(out: Any, z: Any, gamma: float, a: Any, b: Any) -> None:
    """-(1 - sigmoid(z))^gamma log(sigmoid(z))."""
    clip(z, 0.0, np.inf, out=out)
    np.abs(z, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)
    np.log1p(a, out=a)  # excess
    np.add(out, a, out=out)
    np.multiply(gamma, out, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    np.negative(z, out=b)
    clip(b, 0.0, np.inf, out=b)
    np.add(b, a, out=a)
    np.multiply(out, a, out=out)


@in_place(buffers=4)
def focal_gradient(out: Any, z: Any, gamma: float, a: Any, b: Any, c: Any, d: Any) -> None:
    """-(1 - p)^gamma (gamma p (-log p) + 1 - p), p = sigmoid(z)."""
    clip(z, -np.inf, 0.0, out=out)
    np.exp(out, out=out)  # decay
    np.negative(z, out=a)  # part
    clip(a, 0.0, np.inf, out=b)
    np.abs(z, out=c)
    np.negative(c, out=c)
    np.exp(c, out=c)
    np.log1p(c, out=c)  # excess
    np.add(b, c, out=b)
    np.multiply(gamma, out, out=d)
    np.multiply(d, b, out=b)
    clip(a, -np.inf, 0.0, out=a)
    np.exp(a, out=a)  # decay_2
    np.add(b, a, out=b)
    clip(z, 0.0, np.inf, out=d)
    np.add(d, c, out=c)
    np.multiply(gamma, c, out=c)
    np.negative(c, out=c)
    np.exp(c, out=c)
    np.multiply(c, b, out=b)
    np.add(out, a, out=a)
    np.divide(b, a, out=a)
    np.negative(a, out=out)


@in_place(buffers=1)
def gaussian_nll(out: Any, y: Any, t: Any, variance: Any, a: Any) -> None:
    """log(2 pi variance) / 2 + (y - t)^2 / (2 variance)."""
    np.subtract(y, t, out=out)  # term
    np.divide(out, variance, out=a)
    np.multiply(out, a, out=a)
    np.multiply(6.283185307179586, variance, out=out)
    np.log(out, out=out)
    np.add(a, out, out=out)
    np.multiply(out, 0.5, out=out)


@in_place(plain=True)
def gaussian_nll_gradient(out: Any, y: Any, t: Any, variance: Any) -> None:
    """(y - t) / variance."""
    np.subtract(y, t, out=out)
    np.divide(out, variance, out=out)


@in_place(buffers=1)
def gaussian_nll_variance_gradient(out: Any, y: Any, t: Any, variance: Any, a: Any) -> None:
    """(1 - (y - t)^2 / variance) / (2 variance)."""
    np.subtract(y, t, out=out)  # term
    np.divide(out, variance, out=a)
    np.multiply(out, a, out=a)
    np.subtract(1.0, a, out=a)
    np.multiply(2.0, variance, out=out)
    np.divide(a, out, out=out)


@in_place(buffers=1)
def poisson_nll(out: Any, z: Any, t: Any, a: Any) -> None:
    """exp(z) - t z."""
    np.exp(z, out=out)
    np.multiply(t, z, out=a)
    np.subtract(out, a, out=out)


@in_place(plain=True)
def poisson_nll_gradient(out: Any, z: Any, t: Any) -> None:
    """exp(z) - t."""
    np.exp(z, out=out)
    np.subtract(out, t, out=out)
