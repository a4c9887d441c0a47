"""Activations in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `activations` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import clip, in_place, keep_nan

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


@in_place(buffers=1)
def sigmoid(out: Any, z: Any, a: Any) -> None:
    """1 / (1 + exp(-z))."""
    clip(z, -np.inf, 0.0, out)
    np.exp(out, out)
    np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.add(1.0, a, a)
    np.divide(out, a, out)


@in_place(buffers=1)
def sigmoid_derivative(out: Any, z: Any, a: Any) -> None:
    """sigmoid(z) (1 - sigmoid(z))."""
    np.abs(z, out)
    np.negative(out, out)
    np.exp(out, out)  # decay
    np.add(1.0, out, a)
    np.square(a, a)
    np.divide(out, a, out)


@in_place(buffers=1)
def log_sigmoid(out: Any, z: Any, a: Any) -> None:
    """log(sigmoid(z))."""
    clip(z, -np.inf, 0.0, out)
    np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.log1p(a, a)
    np.subtract(out, a, out)


@in_place(buffers=1)
def log_sigmoid_derivative(out: Any, z: Any, a: Any) -> None:
    """1 - sigmoid(z)."""
    np.negative(z, out)
    clip(out, -np.inf, 0.0, out)
    np.exp(out, out)
    np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.add(1.0, a, a)
    np.divide(out, a, out)


@in_place(buffers=1)
def softplus(out: Any, z: Any, a: Any) -> None:
    """log(1 + exp(z))."""
    clip(z, 0.0, np.inf, out)
    np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.log1p(a, a)
    np.add(out, a, out)


@in_place(buffers=1)
def softplus_derivative(out: Any, z: Any, a: Any) -> None:
    """sigmoid(z)."""
    clip(z, -np.inf, 0.0, out)
    np.exp(out, out)
    np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.add(1.0, a, a)
    np.divide(out, a, out)


@in_place(plain=True)
def tanh(out: Any, z: Any) -> None:
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z))."""
    np.tanh(z, out)


@in_place(buffers=1)
def tanh_derivative(out: Any, z: Any, a: Any) -> None:
    """1 - tanh(z)^2."""
    np.abs(z, out)
    np.multiply(-2.0, out, out)
    np.exp(out, out)  # decay
    np.multiply(4.0, out, a)
    np.add(1.0, out, out)
    np.square(out, out)
    np.divide(a, out, out)


@in_place()
def relu(out: Any, z: Any) -> None:
    """max(0, z)."""
    clip(z, 0.0, np.inf, out)


@in_place(masks=1)
def relu_derivative(out: Any, z: Any, p: Any) -> None:
    """1 for z > 0, 0 for z <= 0."""
    np.greater(z, 0.0, p)
    np.copyto(out, p)
    keep_nan(out, z)


@in_place(buffers=1)
def leaky_relu(out: Any, z: Any, slope: float, a: Any) -> None:
    """max(0, z) + slope min(0, z)."""
    clip(z, -np.inf, 0.0, out)
    np.multiply(slope, out, out)
    clip(z, 0.0, np.inf, a)
    np.add(out, a, out)


@in_place(masks=1)
def leaky_relu_derivative(out: Any, z: Any, slope: float, p: Any) -> None:
    """1 for z > 0, slope for z <= 0."""
    np.greater(z, 0.0, p)
    np.copyto(out, p)
    keep_nan(out, z)
    np.multiply(out, 1.0 - slope, out)
    np.add(slope, out, out)


@in_place(buffers=1)
def elu(out: Any, z: Any, alpha: float, a: Any) -> None:
    """z for z > 0, alpha (exp(z) - 1) for z <= 0."""
    clip(z, -np.inf, 0.0, out)
    np.expm1(out, out)
    np.multiply(alpha, out, out)
    clip(z, 0.0, np.inf, a)
    np.add(out, a, out)


@in_place(buffers=1, masks=1)
def elu_derivative(out: Any, z: Any, alpha: float, a: Any, p: Any) -> None:
    """1 for z > 0, alpha exp(z) for z <= 0."""
    clip(z, -np.inf, 0.0, out)
    np.exp(out, out)
    np.greater(z, 0.0, p)
    np.copyto(a, p)
    np.multiply(a, 1.0 - alpha, a)
    np.add(alpha, a, a)
    np.multiply(out, a, out)


@in_place(buffers=1)
def selu(out: Any, z: Any, a: Any) -> None:
    """scale (z for z > 0, alpha (exp(z) - 1) for z <= 0), alpha = 1.67326..., scale = 1.05070...."""
    clip(z, 0.0, np.inf, out)
    np.multiply(1.0507009873554805, out, out)
    clip(z, -np.inf, 0.0, a)
    np.expm1(a, a)
    np.multiply(1.7580993408473768, a, a)
    np.add(out, a, out)


@in_place(buffers=1, masks=1)
def selu_derivative(out: Any, z: Any, a: Any, p: Any) -> None:
    """scale (1 for z > 0, alpha exp(z) for z <= 0)."""
    clip(z, -np.inf, 0.0, out)
    np.exp(out, out)
    np.greater(z, 0.0, p)
    np.copyto(a, p)
    np.multiply(0.7073983534918964, a, a)
    np.subtract(1.7580993408473768, a, a)
    np.multiply(out, a, out)
