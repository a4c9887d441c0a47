"""Activations in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `activations` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import above, clip, in_place

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
def sigmoid(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """1 / (1 + exp(-z))."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.exp(out, out)
    a = np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.add(number[1.0], a, a)
    np.divide(out, a, out)
    return out


@in_place(buffers=1)
def sigmoid_derivative(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """sigmoid(z) (1 - sigmoid(z))."""
    out = np.abs(z, out)
    np.negative(out, out)
    np.exp(out, out)  # decay
    a = np.add(number[1.0], out, a)
    np.square(a, a)
    np.divide(out, a, out)
    return out


@in_place(buffers=1)
def log_sigmoid(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """log(sigmoid(z))."""
    out = clip(z, number[-np.inf], number[0.0], out)
    a = np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.log1p(a, a)
    np.subtract(out, a, out)
    return out


@in_place(buffers=1)
def log_sigmoid_derivative(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """1 - sigmoid(z)."""
    out = np.negative(z, out)
    clip(out, number[-np.inf], number[0.0], out)
    np.exp(out, out)
    a = np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.add(number[1.0], a, a)
    np.divide(out, a, out)
    return out


@in_place(buffers=1)
def softplus(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """log(1 + exp(z))."""
    out = clip(z, number[0.0], number[np.inf], out)
    a = np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.log1p(a, a)
    np.add(out, a, out)
    return out


@in_place(buffers=1)
def softplus_derivative(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """sigmoid(z)."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.exp(out, out)
    a = np.abs(z, a)
    np.negative(a, a)
    np.exp(a, a)
    np.add(number[1.0], a, a)
    np.divide(out, a, out)
    return out


@in_place()
def tanh(number: Any, out: Any, z: Any) -> Any:
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z))."""
    return np.tanh(z, out)


@in_place(buffers=1)
def tanh_derivative(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """1 - tanh(z)^2."""
    out = np.abs(z, out)
    np.multiply(number[-2.0], out, out)
    np.exp(out, out)  # decay
    a = np.multiply(number[4.0], out, a)
    np.add(number[1.0], out, out)
    np.square(out, out)
    np.divide(a, out, out)
    return out


@in_place()
def relu(number: Any, out: Any, z: Any) -> Any:
    """max(0, z)."""
    return clip(z, number[0.0], number[np.inf], out)


@in_place(masks=1)
def relu_derivative(number: Any, out: Any, z: Any, p: Any = None) -> Any:
    """1 for z > 0, 0 for z <= 0."""
    return above(number, z, 0.0, out, p)


@in_place(buffers=1)
def leaky_relu(number: Any, out: Any, z: Any, slope: float, a: Any = None) -> Any:
    """max(0, z) + slope min(0, z)."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.multiply(number[slope], out, out)
    a = clip(z, number[0.0], number[np.inf], a)
    np.add(out, a, out)
    return out


@in_place(masks=1)
def leaky_relu_derivative(number: Any, out: Any, z: Any, slope: float, p: Any = None) -> Any:
    """1 for z > 0, slope for z <= 0."""
    out = above(number, z, 0.0, out, p)
    np.multiply(out, number[1.0 - slope], out)
    np.add(number[slope], out, out)
    return out


@in_place(buffers=1)
def elu(number: Any, out: Any, z: Any, alpha: float, a: Any = None) -> Any:
    """z for z > 0, alpha (exp(z) - 1) for z <= 0."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.expm1(out, out)
    np.multiply(number[alpha], out, out)
    a = clip(z, number[0.0], number[np.inf], a)
    np.add(out, a, out)
    return out


@in_place(buffers=1, masks=1)
def elu_derivative(number: Any, out: Any, z: Any, alpha: float, a: Any = None, p: Any = None) -> Any:
    """1 for z > 0, alpha exp(z) for z <= 0."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.exp(out, out)
    a = above(number, z, 0.0, a, p, nan=False)
    np.multiply(a, number[1.0 - alpha], a)
    np.add(number[alpha], a, a)
    np.multiply(out, a, out)
    return out


@in_place(buffers=1)
def selu(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """scale (z for z > 0, alpha (exp(z) - 1) for z <= 0), alpha = 1.67326..., scale = 1.05070...."""
    out = clip(z, number[0.0], number[np.inf], out)
    np.multiply(number[1.0507009873554805], out, out)
    a = clip(z, number[-np.inf], number[0.0], a)
    np.expm1(a, a)
    np.multiply(number[1.7580993408473768], a, a)
    np.add(out, a, out)
    return out


@in_place(buffers=1, masks=1)
def selu_derivative(number: Any, out: Any, z: Any, a: Any = None, p: Any = None) -> Any:
    """scale (1 for z > 0, alpha exp(z) for z <= 0)."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.exp(out, out)
    a = above(number, z, 0.0, a, p, nan=False)
    np.multiply(number[0.7073983534918964], a, a)
    np.subtract(number[1.7580993408473768], a, a)
    np.multiply(out, a, out)
    return out
