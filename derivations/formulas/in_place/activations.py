"""Activations in place on one block, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `activations` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import in_place, keep_nan

__all__ = [
    "elu",
    "elu_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "log_sigmoid",
    "log_sigmoid_derivative",
    "relu",
    "relu_derivative",
    "selu",
    "selu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softplus",
    "softplus_derivative",
    "tanh",
    "tanh_derivative",
]


@in_place(buffers=2, masks=1)
def sigmoid(out: Any, z: Any, a: Any, b: Any, p: Any) -> None:
    """1 / (1 + exp(-z))."""
    np.greater_equal(z, 0, out=p)
    np.abs(z, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)  # decay
    np.copyto(b, a)
    np.putmask(b, p, 1)
    np.add(1, a, out=a)
    np.divide(b, a, out=out)


@in_place(buffers=2)
def sigmoid_derivative(out: Any, z: Any, a: Any, b: Any) -> None:
    """sigmoid(z) (1 - sigmoid(z))."""
    np.abs(z, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)  # decay
    np.add(1, a, out=b)
    np.square(b, out=b)
    np.divide(a, b, out=out)


@in_place(buffers=2)
def log_sigmoid(out: Any, z: Any, a: Any, b: Any) -> None:
    """log(sigmoid(z))."""
    np.minimum(z, 0, out=a)
    np.abs(z, out=b)
    np.negative(b, out=b)
    np.exp(b, out=b)
    np.log1p(b, out=b)
    np.subtract(a, b, out=out)


@in_place(buffers=2, masks=1)
def log_sigmoid_derivative(out: Any, z: Any, a: Any, b: Any, p: Any) -> None:
    """1 - sigmoid(z)."""
    np.greater_equal(z, 0, out=p)
    np.abs(z, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)  # decay
    np.copyto(b, 1)
    np.putmask(b, p, a)
    np.add(1, a, out=a)
    np.divide(b, a, out=out)


@in_place(buffers=2)
def softplus(out: Any, z: Any, a: Any, b: Any) -> None:
    """log(1 + exp(z))."""
    np.maximum(z, 0, out=a)
    np.abs(z, out=b)
    np.negative(b, out=b)
    np.exp(b, out=b)
    np.log1p(b, out=b)
    np.add(a, b, out=out)


@in_place(buffers=2, masks=1)
def softplus_derivative(out: Any, z: Any, a: Any, b: Any, p: Any) -> None:
    """sigmoid(z)."""
    np.greater_equal(z, 0, out=p)
    np.abs(z, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)  # decay
    np.copyto(b, a)
    np.putmask(b, p, 1)
    np.add(1, a, out=a)
    np.divide(b, a, out=out)


@in_place()
def tanh(out: Any, z: Any) -> None:
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z))."""
    np.tanh(z, out=out)


@in_place(buffers=2)
def tanh_derivative(out: Any, z: Any, a: Any, b: Any) -> None:
    """1 - tanh(z)^2."""
    np.abs(z, out=a)
    np.multiply(-2, a, out=a)
    np.exp(a, out=a)  # decay
    np.multiply(4, a, out=b)
    np.add(1, a, out=a)
    np.square(a, out=a)
    np.divide(b, a, out=out)


@in_place()
def relu(out: Any, z: Any) -> None:
    """max(0, z)."""
    np.maximum(z, 0, out=out)


@in_place()
def relu_derivative(out: Any, z: Any) -> None:
    """1 for z > 0, 0 for z <= 0."""
    np.greater(z, 0, out=out)
    keep_nan(out, z)


@in_place(masks=1)
def leaky_relu(out: Any, z: Any, slope: float, p: Any) -> None:
    """max(0, z) + slope min(0, z)."""
    np.greater(z, 0, out=p)
    np.multiply(slope, z, out=out)
    np.putmask(out, p, z)


@in_place(masks=1)
def leaky_relu_derivative(out: Any, z: Any, slope: float, p: Any) -> None:
    """1 for z > 0, slope for z <= 0."""
    np.greater(z, 0, out=p)
    np.copyto(out, slope)
    np.putmask(out, p, 1)
    keep_nan(out, z)


@in_place(buffers=1, masks=1)
def elu(out: Any, z: Any, alpha: float, a: Any, p: Any) -> None:
    """z for z > 0, alpha (exp(z) - 1) for z <= 0."""
    np.greater(z, 0, out=p)
    np.minimum(z, 0, out=a)
    np.expm1(a, out=a)
    np.multiply(alpha, a, out=out)
    np.putmask(out, p, z)


@in_place(buffers=1, masks=1)
def elu_derivative(out: Any, z: Any, alpha: float, a: Any, p: Any) -> None:
    """1 for z > 0, alpha exp(z) for z <= 0."""
    np.greater(z, 0, out=p)
    np.minimum(z, 0, out=a)
    np.exp(a, out=a)
    np.multiply(alpha, a, out=out)
    np.putmask(out, p, 1)


@in_place(buffers=2, masks=1)
def selu(out: Any, z: Any, a: Any, b: Any, p: Any) -> None:
    """scale (z for z > 0, alpha (exp(z) - 1) for z <= 0), alpha = 1.67326..., scale = 1.05070...."""
    np.greater(z, 0, out=p)
    np.multiply(1.0507009873554805, z, out=a)
    np.minimum(z, 0, out=b)
    np.expm1(b, out=b)
    np.multiply(1.7580993408473768, b, out=out)
    np.putmask(out, p, a)


@in_place(buffers=1, masks=1)
def selu_derivative(out: Any, z: Any, a: Any, p: Any) -> None:
    """scale (1 for z > 0, alpha exp(z) for z <= 0)."""
    np.greater(z, 0, out=p)
    np.minimum(z, 0, out=a)
    np.exp(a, out=a)
    np.multiply(1.7580993408473768, a, out=out)
    np.putmask(out, p, 1.0507009873554805)
