"""Gates in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `gates` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ..blocks import above, below, clip, in_place

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
def silu(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """z sigmoid(z)."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.multiply(out, number[0.5], out)
    np.exp(out, out)  # decay
    a = np.multiply(z, out, a)
    np.multiply(out, a, a)
    np.abs(z, out)
    np.negative(out, out)
    np.exp(out, out)
    np.add(number[1.0], out, out)
    np.divide(a, out, out)
    return out


@in_place(buffers=2)
def silu_derivative(number: Any, out: Any, z: Any, a: Any = None, b: Any = None) -> Any:
    """sigmoid(z) (1 + z (1 - sigmoid(z)))."""
    out = np.negative(z, out)
    clip(out, number[-np.inf], number[0.0], out)
    np.exp(out, out)  # decay
    a = clip(z, number[-np.inf], number[0.0], a)
    np.multiply(a, number[0.5], a)
    np.exp(a, a)  # decay_2
    b = np.square(a, b)
    np.multiply(out, b, b)
    np.add(number[1.0], b, b)  # term
    np.multiply(z, out, out)
    np.add(out, b, out)
    np.multiply(a, out, out)
    np.multiply(a, out, out)
    np.square(b, b)
    np.divide(out, b, out)
    return out


@in_place()
def gelu(number: Any, out: Any, z: Any) -> Any:
    """z Phi(z), Phi the normal distribution function."""
    out = np.multiply(number[-0.7071067811865476], z, out)
    special.erfc(out, out)
    np.multiply(z, out, out)
    np.multiply(out, number[0.5], out)
    return out


@in_place(buffers=1)
def gelu_derivative(number: Any, out: Any, z: Any, a: Any = None) -> Any:
    """Phi(z) + z phi(z)."""
    out = np.square(z, out)
    np.multiply(out, number[-0.5], out)
    np.exp(out, out)
    np.multiply(number[0.3989422804014327], out, out)
    np.multiply(out, z, out)
    a = np.multiply(number[-0.7071067811865476], z, a)
    special.erfc(a, a)
    np.multiply(a, number[0.5], a)
    np.add(a, out, out)
    return out


@in_place(buffers=2)
def gelu_tanh(number: Any, out: Any, z: Any, a: Any = None, b: Any = None) -> Any:
    """z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))."""
    out = clip(z, number[-np.inf], number[0.0], out)
    a = np.abs(z, a)
    b = np.square(z, b)
    np.multiply(number[0.035677408136300125], b, b)
    np.add(number[0.7978845608028654], b, b)
    np.multiply(a, b, b)
    np.negative(b, b)
    np.exp(b, b)  # decay
    np.multiply(out, b, out)
    np.multiply(out, b, out)
    clip(z, number[0.0], number[np.inf], a)
    np.add(a, out, out)
    np.square(b, b)
    np.add(number[1.0], b, b)
    np.divide(out, b, out)
    return out


@in_place(buffers=4, masks=1)
def gelu_tanh_derivative(
    number: Any, out: Any, z: Any, a: Any = None, b: Any = None, c: Any = None, d: Any = None, p: Any = None
) -> Any:
    """s + z s (1 - s) 2 u', s = sigmoid(2u), u = sqrt(2/pi) (z + 0.044715 z^3)."""
    out = np.abs(z, out)
    a = np.square(z, a)
    np.multiply(number[0.07135481627260025], a, a)
    np.add(number[1.5957691216057308], a, a)
    np.multiply(out, a, a)
    np.negative(a, a)
    np.exp(a, a)  # decay
    np.multiply(z, a, out)  # factor
    b = np.multiply(z, out, b)
    np.multiply(z, b, b)
    np.multiply(number[0.134145], b, b)
    np.add(b, out, out)
    np.multiply(number[1.5957691216057308], out, out)
    np.add(number[1.0], a, b)  # term
    np.divide(out, b, out)
    c = np.subtract(number[1.0], a, c)
    d = above(number, z, 0.0, d, p, nan=False)
    np.multiply(d, c, c)
    np.add(c, out, out)
    np.add(out, a, a)
    np.divide(a, b, out)
    return out


@in_place(buffers=4)
def mish(number: Any, out: Any, z: Any, a: Any = None, b: Any = None, c: Any = None, d: Any = None) -> Any:
    """z tanh(softplus(z))."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.multiply(out, number[0.5], out)
    np.exp(out, out)  # decay
    a = np.square(out, a)  # square
    b = np.negative(z, b)
    clip(b, number[-np.inf], number[0.0], b)
    np.exp(b, b)  # decay_2
    c = np.multiply(number[2.0], b, c)
    np.add(a, c, c)  # term
    d = np.multiply(z, out, d)
    np.multiply(out, d, d)
    np.multiply(d, c, d)
    np.multiply(a, c, c)
    np.square(b, b)
    np.multiply(number[2.0], b, b)
    np.add(b, c, c)
    np.divide(d, c, out)
    return out


@in_place(buffers=5)
def mish_derivative(
    number: Any, out: Any, z: Any, a: Any = None, b: Any = None, c: Any = None, d: Any = None, e: Any = None
) -> Any:
    """tanh(p) + z (1 - tanh(p)^2) sigmoid(z), p = softplus(z)."""
    out = clip(z, number[-np.inf], number[0.0], out)
    np.multiply(out, number[0.5], out)
    np.exp(out, out)  # decay
    a = np.square(out, a)  # square
    b = np.negative(z, b)
    clip(b, number[-np.inf], number[0.0], b)
    np.exp(b, b)  # decay_2
    c = np.multiply(number[2.0], b, c)
    np.add(a, c, c)  # term
    d = np.multiply(a, c, d)
    e = np.square(b, e)
    np.multiply(number[2.0], e, e)
    np.add(e, d, d)  # term_2
    np.multiply(c, d, c)
    np.add(a, b, a)
    np.multiply(z, b, e)
    np.multiply(number[4.0], b, b)
    np.multiply(b, e, e)
    np.multiply(e, a, a)
    np.add(c, a, a)
    np.multiply(out, a, a)
    np.multiply(out, a, a)
    np.square(d, d)
    np.divide(a, d, out)
    return out


@in_place()
def softsign(number: Any, out: Any, z: Any) -> Any:
    """z / (1 + |z|)."""
    out = np.abs(z, out)
    np.add(number[1.0], out, out)
    np.divide(z, out, out)
    return out


@in_place()
def softsign_derivative(number: Any, out: Any, z: Any) -> Any:
    """1 / (1 + |z|)^2."""
    out = np.abs(z, out)
    np.add(number[1.0], out, out)
    np.divide(number[1.0], out, out)
    np.square(out, out)
    return out


@in_place()
def hard_sigmoid(number: Any, out: Any, z: Any) -> Any:
    """0 for z <= -3, 1 for z >= 3, (z + 3)/6 between."""
    out = np.add(number[3.0], z, out)
    clip(out, number[0.0], number[6.0], out)
    np.divide(out, number[6.0], out)
    return out


@in_place(buffers=1, masks=1)
def hard_sigmoid_derivative(number: Any, out: Any, z: Any, a: Any = None, p: Any = None) -> Any:
    """1/6 for |z| < 3, else 0."""
    out = np.abs(z, out)
    a = below(number, out, 3.0, a, p)
    np.multiply(number[0.16666666666666666], a, out)
    return out


@in_place()
def hard_swish(number: Any, out: Any, z: Any) -> Any:
    """z hard_sigmoid(z)."""
    out = np.add(number[3.0], z, out)
    clip(out, number[0.0], number[6.0], out)
    np.divide(out, number[6.0], out)
    np.multiply(z, out, out)
    return out


@in_place(buffers=2, masks=1)
def hard_swish_derivative(number: Any, out: Any, z: Any, a: Any = None, b: Any = None, p: Any = None) -> Any:
    """0 for z < -3, 1 for z > 3, (2z + 3)/6 between."""
    out = clip(z, number[-3.0], number[3.0], out)
    a = np.abs(z, a)
    b = below(number, a, 3.0, b, p, nan=False)
    np.multiply(b, out, out)
    np.add(number[3.0], z, b)
    clip(b, number[0.0], number[6.0], b)
    np.add(out, b, b)
    np.divide(b, number[6.0], out)
    return out
