"""Losses in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `losses` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import below, clip, in_place

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
def squared_error(number: Any, out: Any, y: Any, t: Any) -> Any:
    """(y - t)^2 / 2."""
    out = np.subtract(y, t, out)
    np.square(out, out)
    np.multiply(out, number[0.5], out)
    return out


@in_place()
def squared_error_gradient(number: Any, out: Any, y: Any, t: Any) -> Any:
    """y - t."""
    return np.subtract(y, t, out)


@in_place(buffers=2)
def huber(number: Any, out: Any, y: Any, t: Any, delta: float, a: Any = None, b: Any = None) -> Any:
    """(y - t)^2 / 2 for |y - t| <= delta, delta (|y - t| - delta/2) beyond."""
    out = np.subtract(t, y, out)
    np.abs(out, out)  # size
    a = clip(out, number[-np.inf], number[delta], a)  # part
    b = np.multiply(a, number[0.5], b)
    np.subtract(out, b, b)
    np.multiply(a, b, out)
    return out


@in_place()
def huber_gradient(number: Any, out: Any, y: Any, t: Any, delta: float) -> Any:
    """y - t clipped to [-delta, delta]."""
    out = np.subtract(y, t, out)
    clip(out, number[-delta], number[delta], out)
    return out


@in_place(buffers=3)
def log_cosh(number: Any, out: Any, y: Any, t: Any, a: Any = None, b: Any = None, c: Any = None) -> Any:
    """log(cosh(y - t))."""
    out = np.subtract(t, y, out)
    np.abs(out, out)  # size
    a = clip(out, number[-np.inf], number[1.0], a)  # part
    b = np.negative(a, b)
    np.exp(b, b)
    np.subtract(out, a, out)  # term
    c = np.multiply(number[-2.0], out, c)
    np.expm1(c, c)
    np.multiply(b, c, c)
    np.multiply(c, number[0.5], c)
    np.multiply(a, number[0.5], a)
    np.sinh(a, a)
    np.square(a, a)
    np.multiply(number[2.0], a, a)
    np.add(a, c, c)
    np.log1p(c, c)
    np.add(out, c, out)
    return out


@in_place()
def log_cosh_gradient(number: Any, out: Any, y: Any, t: Any) -> Any:
    """tanh(y - t)."""
    out = np.subtract(y, t, out)
    np.tanh(out, out)
    return out


@in_place()
def hinge(number: Any, out: Any, y: Any, s: Any) -> Any:
    """max(0, 1 - s y)."""
    out = np.multiply(s, y, out)
    np.subtract(number[1.0], out, out)
    clip(out, number[0.0], number[np.inf], out)
    return out


@in_place(buffers=1, masks=1)
def hinge_gradient(number: Any, out: Any, y: Any, s: Any, a: Any = None, p: Any = None) -> Any:
    """-s where s y < 1, else 0."""
    out = np.multiply(s, y, out)
    a = below(number, out, 1.0, a, p)
    np.multiply(s, a, a)
    np.negative(a, out)
    return out


@in_place()
def squared_hinge(number: Any, out: Any, y: Any, s: Any) -> Any:
    """max(0, 1 - s y)^2."""
    out = np.multiply(s, y, out)
    np.subtract(number[1.0], out, out)
    clip(out, number[0.0], number[np.inf], out)
    np.square(out, out)
    return out


@in_place()
def squared_hinge_gradient(number: Any, out: Any, y: Any, s: Any) -> Any:
    """-2 s max(0, 1 - s y)."""
    out = np.multiply(s, y, out)
    np.subtract(number[1.0], out, out)
    clip(out, number[0.0], number[np.inf], out)
    np.multiply(number[-2.0], out, out)
    np.multiply(out, s, out)
    return out


@in_place(buffers=2)
def binary_cross_entropy(number: Any, out: Any, z: Any, t: Any, a: Any = None, b: Any = None) -> Any:
    """-t log(sigmoid(z)) - (1 - t) log(1 - sigmoid(z))."""
    out = np.negative(z, out)
    clip(out, number[0.0], number[np.inf], out)
    np.multiply(t, out, out)
    a = clip(z, number[0.0], number[np.inf], a)
    b = np.subtract(number[1.0], t, b)
    np.multiply(b, a, a)
    np.abs(z, b)
    np.negative(b, b)
    np.exp(b, b)
    np.log1p(b, b)
    np.add(out, a, a)
    np.add(a, b, out)
    return out


@in_place(buffers=3)
def binary_cross_entropy_gradient(
    number: Any, out: Any, z: Any, t: Any, a: Any = None, b: Any = None, c: Any = None
) -> Any:
    """sigmoid(z) - t."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.exp(out, out)  # decay
    a = np.subtract(number[1.0], t, a)
    np.multiply(out, a, a)
    b = np.negative(z, b)
    clip(b, number[-np.inf], number[0.0], b)
    np.exp(b, b)  # decay_2
    c = np.multiply(t, b, c)
    np.subtract(a, c, c)
    np.add(out, b, b)
    np.divide(c, b, out)
    return out


@in_place(buffers=2)
def focal(number: Any, out: Any, z: Any, gamma: float, a: Any = None, b: Any = None) -> Any:
    """-(1 - sigmoid(z))^gamma log(sigmoid(z))."""
    out = clip(z, number[0.0], number[np.inf], out)
    a = np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.log1p(a, a)  # excess
    np.add(out, a, out)
    np.multiply(number[gamma], out, out)
    np.negative(out, out)
    np.exp(out, out)
    b = np.negative(z, b)
    clip(b, number[0.0], number[np.inf], b)
    np.add(b, a, a)
    np.multiply(out, a, out)
    return out


@in_place(buffers=4)
def focal_gradient(
    number: Any, out: Any, z: Any, gamma: float, a: Any = None, b: Any = None, c: Any = None, d: Any = None
) -> Any:
    """-(1 - p)^gamma (gamma p (-log p) + 1 - p), p = sigmoid(z)."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.exp(out, out)  # decay
    a = np.negative(z, a)  # part
    b = clip(a, number[0.0], number[np.inf], b)
    c = np.abs(z, c)
    np.negative(c, c)
    np.exp(c, c)
    np.log1p(c, c)  # excess
    np.add(b, c, b)
    d = np.multiply(number[gamma], out, d)
    np.multiply(d, b, b)
    clip(a, number[-np.inf], number[0.0], a)
    np.exp(a, a)  # decay_2
    np.add(b, a, b)
    clip(z, number[0.0], number[np.inf], d)
    np.add(d, c, c)
    np.multiply(number[gamma], c, c)
    np.negative(c, c)
    np.exp(c, c)
    np.multiply(c, b, b)
    np.add(out, a, a)
    np.divide(b, a, a)
    np.negative(a, out)
    return out


@in_place(buffers=1)
def gaussian_nll(number: Any, out: Any, y: Any, t: Any, variance: Any, a: Any = None) -> Any:
    """log(2 pi variance) / 2 + (y - t)^2 / (2 variance)."""
    out = np.subtract(y, t, out)  # term
    a = np.divide(out, variance, a)
    np.multiply(out, a, a)
    np.multiply(number[6.283185307179586], variance, out)
    np.log(out, out)
    np.add(a, out, out)
    np.multiply(out, number[0.5], out)
    return out


@in_place()
def gaussian_nll_gradient(number: Any, out: Any, y: Any, t: Any, variance: Any) -> Any:
    """(y - t) / variance."""
    out = np.subtract(y, t, out)
    np.divide(out, variance, out)
    return out


@in_place(buffers=1)
def gaussian_nll_variance_gradient(number: Any, out: Any, y: Any, t: Any, variance: Any, a: Any = None) -> Any:
    """(1 - (y - t)^2 / variance) / (2 variance)."""
    out = np.subtract(y, t, out)  # term
    a = np.divide(out, variance, a)
    np.multiply(out, a, a)
    np.subtract(number[1.0], a, a)
    np.multiply(number[2.0], variance, out)
    np.divide(a, out, out)
    return out


@in_place(buffers=1)
def poisson_nll(number: Any, out: Any, z: Any, t: Any, a: Any = None) -> Any:
    """exp(z) - t z."""
    out = np.exp(z, out)
    a = np.multiply(t, z, a)
    np.subtract(out, a, out)
    return out


@in_place()
def poisson_nll_gradient(number: Any, out: Any, z: Any, t: Any) -> Any:
    """exp(z) - t."""
    out = np.exp(z, out)
    np.subtract(out, t, out)
    return out
