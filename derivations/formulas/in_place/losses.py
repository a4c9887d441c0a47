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
    np.subtract(y, t, out)
    np.square(out, out)
    np.multiply(out, 0.5, out)


@in_place(plain=True)
def squared_error_gradient(out: Any, y: Any, t: Any) -> None:
    """y - t."""
    np.subtract(y, t, out)


@in_place(buffers=2)
def huber(out: Any, y: Any, t: Any, delta: float, a: Any, b: Any) -> None:
    """(y - t)^2 / 2 for |y - t| <= delta, delta (|y - t| - delta/2) beyond."""
    np.subtract(t, y, out)
    np.abs(out, out)  # size
    clip(out, -np.inf, delta, a)  # part
    np.multiply(a, 0.5, b)
    np.subtract(out, b, b)
    np.multiply(a, b, out)


@in_place()
def huber_gradient(out: Any, y: Any, t: Any, delta: float) -> None:
    """y - t clipped to [-delta, delta]."""
    np.subtract(y, t, out)
    clip(out, -delta, delta, out)


@in_place(buffers=3)
def log_cosh(out: Any, y: Any, t: Any, a: Any, b: Any, c: Any) -> None:
    """log(cosh(y - t))."""
    np.subtract(t, y, out)
    np.abs(out, out)  # size
    clip(out, -np.inf, 1.0, a)  # part
    np.negative(a, b)
    np.exp(b, b)
    np.subtract(out, a, out)  # term
    np.multiply(-2.0, out, c)
    np.expm1(c, c)
    np.multiply(b, c, c)
    np.multiply(c, 0.5, c)
    np.multiply(a, 0.5, a)
    np.sinh(a, a)
    np.square(a, a)
    np.multiply(2.0, a, a)
    np.add(a, c, c)
    np.log1p(c, c)
    np.add(out, c, out)


@in_place(plain=True)
def log_cosh_gradient(out: Any, y: Any, t: Any) -> None:
    """tanh(y - t)."""
    np.subtract(y, t, out)
    np.tanh(out, out)


@in_place()
def hinge(out: Any, y: Any, s: Any) -> None:
    """max(0, 1 - s y)."""
    np.multiply(s, y, out)
    np.subtract(1.0, out, out)
    clip(out, 0.0, np.inf, out)


@in_place(buffers=1, masks=1)
def hinge_gradient(out: Any, y: Any, s: Any, a: Any, p: Any) -> None:
    """-s where s y < 1, else 0."""
    np.multiply(s, y, out)
    np.less(out, 1.0, p)
    np.copyto(a, p)
    keep_nan(a, out)
    np.multiply(s, a, a)
    np.negative(a, out)


@in_place()
def squared_hinge(out: Any, y: Any, s: Any) -> None:
    """max(0, 1 - s y)^2."""
    np.multiply(s, y, out)
    np.subtract(1.0, out, out)
    clip(out, 0.0, np.inf, out)
    np.square(out, out)


@in_place(buffers=1)
def squared_hinge_gradient(out: Any, y: Any, s: Any, a: Any) -> None:
    """-2 s max(0, 1 - s y)."""
    np.multiply(s, y, out)
    np.subtract(1.0, out, out)
    clip(out, 0.0, np.inf, out)
    np.multiply(-2.0, s, a)
    np.multiply(a, out, out)


@in_place(buffers=2)
def binary_cross_entropy(out: Any, z: Any, t: Any, a: Any, b: Any) -> None:
    """-t log(sigmoid(z)) - (1 - t) log(1 - sigmoid(z))."""
    np.negative(z, out)
    clip(out, 0.0, np.inf, out)
    np.multiply(t, out, out)
    clip(z, 0.0, np.inf, a)
    np.subtract(1.0, t, b)
    np.multiply(b, a, a)
    np.abs(z, b)
    np.negative(b, b)
    np.exp(b, b)
    np.log1p(b, b)
    np.add(out, a, a)
    np.add(a, b, out)


@in_place(buffers=3)
def binary_cross_entropy_gradient(out: Any, z: Any, t: Any, a: Any, b: Any, c: Any) -> None:
    """sigmoid(z) - t."""
    clip(z, -np.inf, 0.0, out)
    np.exp(out, out)  # decay
    np.subtract(1.0, t, a)
    np.multiply(out, a, a)
    np.negative(z, b)
    clip(b, -np.inf, 0.0, b)
    np.exp(b, b)  # decay_2
    np.multiply(t, b, c)
    np.subtract(a, c, c)
    np.add(out, b, b)
    np.divide(c, b, out)


@in_place(buffers=2)
def focal(out: Any, z: Any, gamma: float, a: Any, b: Any) -> None:
    """-(1 - sigmoid(z))^gamma log(sigmoid(z))."""
    clip(z, 0.0, np.inf, out)
    np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.log1p(a, a)  # excess
    np.add(out, a, out)
    np.multiply(gamma, out, out)
    np.negative(out, out)
    np.exp(out, out)
    np.negative(z, b)
    clip(b, 0.0, np.inf, b)
    np.add(b, a, a)
    np.multiply(out, a, out)


@in_place(buffers=4)
def focal_gradient(out: Any, z: Any, gamma: float, a: Any, b: Any, c: Any, d: Any) -> None:
    """-(1 - p)^gamma (gamma p (-log p) + 1 - p), p = sigmoid(z)."""
    clip(z, -np.inf, 0.0, out)
    np.exp(out, out)  # decay
    np.negative(z, a)  # part
    clip(a, 0.0, np.inf, b)
    np.abs(z, c)
    np.negative(c, c)
    np.exp(c, c)
    np.log1p(c, c)  # excess
    np.add(b, c, b)
    np.multiply(gamma, out, d)
    np.multiply(d, b, b)
    clip(a, -np.inf, 0.0, a)
    np.exp(a, a)  # decay_2
    np.add(b, a, b)
    clip(z, 0.0, np.inf, d)
    np.add(d, c, c)
    np.multiply(gamma, c, c)
    np.negative(c, c)
    np.exp(c, c)
    np.multiply(c, b, b)
    np.add(out, a, a)
    np.divide(b, a, a)
    np.negative(a, out)


@in_place(buffers=1)
def gaussian_nll(out: Any, y: Any, t: Any, variance: Any, a: Any) -> None:
    """log(2 pi variance) / 2 + (y - t)^2 / (2 variance)."""
    np.subtract(y, t, out)  # term
    np.divide(out, variance, a)
    np.multiply(out, a, a)
    np.multiply(6.283185307179586, variance, out)
    np.log(out, out)
    np.add(a, out, out)
    np.multiply(out, 0.5, out)


@in_place(plain=True)
def gaussian_nll_gradient(out: Any, y: Any, t: Any, variance: Any) -> None:
    """(y - t) / variance."""
    np.subtract(y, t, out)
    np.divide(out, variance, out)


@in_place(buffers=1)
def gaussian_nll_variance_gradient(out: Any, y: Any, t: Any, variance: Any, a: Any) -> None:
    """(1 - (y - t)^2 / variance) / (2 variance)."""
    np.subtract(y, t, out)  # term
    np.divide(out, variance, a)
    np.multiply(out, a, a)
    np.subtract(1.0, a, a)
    np.multiply(2.0, variance, out)
    np.divide(a, out, out)


@in_place(buffers=1)
def poisson_nll(out: Any, z: Any, t: Any, a: Any) -> None:
    """exp(z) - t z."""
    np.exp(z, out)
    np.multiply(t, z, a)
    np.subtract(out, a, out)


@in_place(plain=True)
def poisson_nll_gradient(out: Any, z: Any, t: Any) -> None:
    """exp(z) - t."""
    np.exp(z, out)
    np.subtract(out, t, out)
