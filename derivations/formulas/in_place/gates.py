"""Gates in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `gates` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ..blocks import clip, in_place, keep_nan

__all__ = [
    "gelu",
    "gelu_derivative",
    "gelu_tanh",
    "gelu_tanh_derivative",
    "hard_sigmoid",
    "hard_sigmoid_derivative",
    "hard_swish",
    "hard_swish_derivative",
    "mish",
    "mish_derivative",
    "silu",
    "silu_derivative",
    "softsign",
    "softsign_derivative",
]


@in_place(buffers=1)
def silu(out: Any, z: Any, a: Any) -> None:
    """z sigmoid(z)."""
    clip(z, -np.inf, 0.0, out)
    np.multiply(out, 0.5, out)
    np.exp(out, out)  # decay
    np.multiply(z, out, a)
    np.multiply(out, a, a)
    np.abs(z, out)
    np.negative(out, out)
    np.exp(out, out)
    np.add(1.0, out, out)
    np.divide(a, out, out)


@in_place(buffers=2)
def silu_derivative(out: Any, z: Any, a: Any, b: Any) -> None:
    """sigmoid(z) (1 + z (1 - sigmoid(z)))."""
    np.negative(z, out)
    clip(out, -np.inf, 0.0, out)
    np.exp(out, out)  # decay
    clip(z, -np.inf, 0.0, a)
    np.multiply(a, 0.5, a)
    np.exp(a, a)  # decay_2
    np.square(a, b)
    np.multiply(out, b, b)
    np.add(1.0, b, b)  # term
    np.multiply(z, out, out)
    np.add(out, b, out)
    np.multiply(a, out, out)
    np.multiply(a, out, out)
    np.square(b, b)
    np.divide(out, b, out)


@in_place()
def gelu(out: Any, z: Any) -> None:
    """z Phi(z), Phi the normal distribution function."""
    np.multiply(-0.7071067811865476, z, out)
    special.erfc(out, out)
    np.multiply(z, out, out)
    np.multiply(out, 0.5, out)


@in_place(buffers=1)
def gelu_derivative(out: Any, z: Any, a: Any) -> None:
    """Phi(z) + z phi(z)."""
    np.square(z, out)
    np.multiply(out, -0.5, out)
    np.exp(out, out)
    np.multiply(0.3989422804014327, z, a)
    np.multiply(a, out, out)
    np.multiply(-0.7071067811865476, z, a)
    special.erfc(a, a)
    np.multiply(a, 0.5, a)
    np.add(a, out, out)


@in_place(buffers=2)
def gelu_tanh(out: Any, z: Any, a: Any, b: Any) -> None:
    """z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))."""
    clip(z, -np.inf, 0.0, out)
    np.abs(z, a)
    np.square(z, b)
    np.multiply(0.035677408136300125, b, b)
    np.add(0.7978845608028654, b, b)
    np.multiply(a, b, b)
    np.negative(b, b)
    np.exp(b, b)  # decay
    np.multiply(out, b, out)
    np.multiply(out, b, out)
    clip(z, 0.0, np.inf, a)
    np.add(a, out, out)
    np.square(b, b)
    np.add(1.0, b, b)
    np.divide(out, b, out)


@in_place(buffers=4, masks=1)
def gelu_tanh_derivative(out: Any, z: Any, a: Any, b: Any, c: Any, d: Any, p: Any) -> None:
    """s + z s (1 - s) 2 u', s = sigmoid(2u), u = sqrt(2/pi) (z + 0.044715 z^3)."""
    np.abs(z, out)
    np.square(z, a)
    np.multiply(0.07135481627260025, a, a)
    np.add(1.5957691216057308, a, a)
    np.multiply(out, a, a)
    np.negative(a, a)
    np.exp(a, a)  # decay
    np.multiply(z, a, out)  # factor
    np.multiply(z, out, b)
    np.multiply(z, b, b)
    np.multiply(0.134145, b, b)
    np.add(b, out, out)
    np.multiply(1.5957691216057308, out, out)
    np.add(1.0, a, b)  # term
    np.divide(out, b, out)
    np.subtract(1.0, a, c)
    np.greater(z, 0.0, p)
    np.copyto(d, p)
    np.multiply(d, c, c)
    np.add(c, out, out)
    np.add(out, a, a)
    np.divide(a, b, out)


@in_place(buffers=4)
def mish(out: Any, z: Any, a: Any, b: Any, c: Any, d: Any) -> None:
    """z tanh(softplus(z))."""
    clip(z, -np.inf, 0.0, out)
    np.multiply(out, 0.5, out)
    np.exp(out, out)  # decay
    np.square(out, a)  # square
    np.negative(z, b)
    clip(b, -np.inf, 0.0, b)
    np.exp(b, b)  # decay_2
    np.multiply(2.0, b, c)
    np.add(a, c, c)  # term
    np.multiply(z, out, d)
    np.multiply(out, d, d)
    np.multiply(d, c, d)
    np.multiply(a, c, c)
    np.square(b, b)
    np.multiply(2.0, b, b)
    np.add(b, c, c)
    np.divide(d, c, out)


@in_place(buffers=5)
def mish_derivative(out: Any, z: Any, a: Any, b: Any, c: Any, d: Any, e: Any) -> None:
    """tanh(p) + z (1 - tanh(p)^2) sigmoid(z), p = softplus(z)."""
    clip(z, -np.inf, 0.0, out)
    np.multiply(out, 0.5, out)
    np.exp(out, out)  # decay
    np.square(out, a)  # square
    np.negative(z, b)
    clip(b, -np.inf, 0.0, b)
    np.exp(b, b)  # decay_2
    np.multiply(2.0, b, c)
    np.add(a, c, c)  # term
    np.multiply(a, c, d)
    np.square(b, e)
    np.multiply(2.0, e, e)
    np.add(e, d, d)  # term_2
    np.multiply(c, d, c)
    np.add(a, b, a)
    np.multiply(z, b, e)
    np.multiply(4.0, b, b)
    np.multiply(b, e, e)
    np.multiply(e, a, a)
    np.add(c, a, a)
    np.multiply(out, a, a)
    np.multiply(out, a, a)
    np.square(d, d)
    np.divide(a, d, out)


@in_place()
def softsign(out: Any, z: Any) -> None:
    """z / (1 + |z|)."""
    np.abs(z, out)
    np.add(1.0, out, out)
    np.divide(z, out, out)


@in_place()
def softsign_derivative(out: Any, z: Any) -> None:
    """1 / (1 + |z|)^2."""
    np.abs(z, out)
    np.add(1.0, out, out)
    np.divide(1.0, out, out)
    np.square(out, out)


@in_place()
def hard_sigmoid(out: Any, z: Any) -> None:
    """0 for z <= -3, 1 for z >= 3, (z + 3)/6 between."""
    np.add(3.0, z, out)
    clip(out, 0.0, 6.0, out)
    np.divide(out, 6.0, out)


@in_place(buffers=1, masks=1)
def hard_sigmoid_derivative(out: Any, z: Any, a: Any, p: Any) -> None:
    """1/6 for |z| < 3, else 0."""
    np.abs(z, out)
    np.less(out, 3.0, p)
    np.copyto(a, p)
    keep_nan(a, out)
    np.multiply(0.16666666666666666, a, out)


@in_place()
def hard_swish(out: Any, z: Any) -> None:
    """z hard_sigmoid(z)."""
    np.add(3.0, z, out)
    clip(out, 0.0, 6.0, out)
    np.divide(out, 6.0, out)
    np.multiply(z, out, out)


@in_place(buffers=2, masks=1)
def hard_swish_derivative(out: Any, z: Any, a: Any, b: Any, p: Any) -> None:
    """0 for z < -3, 1 for z > 3, (2z + 3)/6 between."""
    clip(z, -3.0, 3.0, out)
    np.abs(z, a)
    np.less(a, 3.0, p)
    np.copyto(b, p)
    np.multiply(b, out, out)
    np.add(3.0, z, b)
    clip(b, 0.0, 6.0, b)
    np.add(out, b, b)
    np.divide(b, 6.0, out)
