"""Gates in place on one block, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `gates` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ..blocks import in_place, keep_nan

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


@in_place(buffers=3, masks=1)
def silu(out: Any, z: Any, a: Any, b: Any, c: Any, p: Any) -> None:
    """z sigmoid(z)."""
    np.greater_equal(z, 0, out=p)
    np.abs(z, out=a)  # size
    np.multiply(a, 0.5, out=b)
    np.negative(b, out=b)
    np.exp(b, out=b)  # decay
    np.multiply(z, b, out=c)
    np.multiply(b, c, out=c)
    np.putmask(c, p, z)
    np.negative(a, out=a)
    np.exp(a, out=a)
    np.add(1, a, out=a)
    np.divide(c, a, out=out)


@in_place(buffers=4, masks=1)
def silu_derivative(out: Any, z: Any, a: Any, b: Any, c: Any, d: Any, p: Any) -> None:
    """sigmoid(z) (1 + z (1 - sigmoid(z)))."""
    np.greater_equal(z, 0, out=p)
    np.abs(z, out=a)  # size
    np.negative(a, out=b)
    np.exp(b, out=b)  # decay
    np.multiply(z, b, out=c)
    np.add(1, c, out=c)
    np.add(c, b, out=c)
    np.add(1, z, out=d)
    np.add(d, b, out=d)
    np.multiply(a, 0.5, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)  # decay_2
    np.multiply(d, a, out=d)
    np.multiply(a, d, out=d)
    np.putmask(d, p, c)
    np.add(1, b, out=b)
    np.square(b, out=b)
    np.divide(d, b, out=out)


@in_place(buffers=1)
def gelu(out: Any, z: Any, a: Any) -> None:
    """z Phi(z), Phi the normal distribution function."""
    np.multiply(-0.7071067811865476, z, out=a)
    special.erfc(a, out=a)
    np.multiply(z, a, out=a)
    np.multiply(a, 0.5, out=out)


@in_place(buffers=2)
def gelu_derivative(out: Any, z: Any, a: Any, b: Any) -> None:
    """Phi(z) + z phi(z)."""
    np.square(z, out=a)
    np.multiply(a, 0.5, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)
    np.multiply(0.3989422804014327, z, out=b)
    np.multiply(b, a, out=a)
    np.multiply(-0.7071067811865476, z, out=b)
    special.erfc(b, out=b)
    np.multiply(b, 0.5, out=b)
    np.add(b, a, out=out)


@in_place(buffers=3, masks=1)
def gelu_tanh(out: Any, z: Any, a: Any, b: Any, c: Any, p: Any) -> None:
    """z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))."""
    np.greater_equal(z, 0, out=p)
    np.square(z, out=a)
    np.abs(z, out=b)  # size
    np.multiply(0.044715, a, out=a)
    np.multiply(a, b, out=a)
    np.add(a, b, out=b)  # term
    np.multiply(-0.7978845608028654, b, out=a)
    np.exp(a, out=a)  # decay
    np.multiply(z, a, out=c)
    np.multiply(a, c, out=c)
    np.putmask(c, p, z)
    np.multiply(-1.5957691216057308, b, out=b)
    np.exp(b, out=b)
    np.add(1, b, out=b)
    np.divide(c, b, out=out)


@in_place(buffers=4, masks=1)
def gelu_tanh_derivative(out: Any, z: Any, a: Any, b: Any, c: Any, d: Any, p: Any) -> None:
    """s + z s (1 - s) 2 u', s = sigmoid(2u), u = sqrt(2/pi) (z + 0.044715 z^3)."""
    np.greater_equal(z, 0, out=p)
    np.square(z, out=a)
    np.abs(z, out=b)  # size
    np.multiply(0.044715, a, out=a)
    np.multiply(a, b, out=a)
    np.add(a, b, out=b)
    np.multiply(-1.5957691216057308, b, out=b)
    np.exp(b, out=b)  # decay
    np.copyto(a, b)
    np.putmask(a, p, 1)
    np.add(1, b, out=c)  # term
    np.divide(a, c, out=a)
    np.multiply(z, b, out=b)  # factor
    np.multiply(z, b, out=d)
    np.multiply(z, d, out=d)
    np.multiply(0.134145, d, out=d)
    np.add(d, b, out=b)
    np.multiply(1.5957691216057308, b, out=b)
    np.square(c, out=c)
    np.divide(b, c, out=c)
    np.add(a, c, out=out)


@in_place(buffers=6, masks=1)
def mish(out: Any, z: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, p: Any) -> None:
    """z tanh(softplus(z))."""
    np.greater_equal(z, 0, out=p)
    np.abs(z, out=a)  # size
    np.negative(a, out=b)
    np.exp(b, out=b)  # decay
    np.multiply(2, b, out=c)  # factor
    np.multiply(-2, a, out=d)
    np.exp(d, out=d)  # decay_2
    np.multiply(2, d, out=e)
    np.add(1, c, out=f)
    np.add(f, e, out=e)
    np.add(1, c, out=f)
    np.multiply(z, f, out=f)
    np.divide(f, e, out=e)
    np.add(2, b, out=b)
    np.multiply(a, 0.5, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)  # decay_3
    np.multiply(z, a, out=f)
    np.multiply(b, a, out=a)
    np.multiply(a, f, out=f)
    np.add(2, c, out=c)
    np.add(c, d, out=d)
    np.divide(f, d, out=out)
    np.putmask(out, p, e)


@in_place(buffers=8, masks=1)
def mish_derivative(out: Any, z: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, p: Any) -> None:
    """tanh(p) + z (1 - tanh(p)^2) sigmoid(z), p = softplus(z)."""
    np.greater_equal(z, 0, out=p)
    np.abs(z, out=a)  # size
    np.negative(a, out=b)
    np.exp(b, out=b)  # decay
    np.add(1, b, out=c)  # term
    np.multiply(z, b, out=d)
    np.multiply(4, c, out=e)
    np.multiply(e, b, out=e)
    np.multiply(e, d, out=d)
    np.multiply(2, b, out=e)  # factor
    np.multiply(-2, a, out=f)
    np.exp(f, out=f)  # decay_2
    np.multiply(2, f, out=g)
    np.add(1, e, out=h)
    np.add(h, g, out=g)  # term_2
    np.square(g, out=h)
    np.divide(d, h, out=h)
    np.add(1, e, out=d)
    np.divide(d, g, out=g)
    np.add(g, h, out=h)
    np.multiply(4, z, out=g)
    np.multiply(g, c, out=c)
    np.add(2, e, out=e)
    np.add(e, f, out=f)  # term_3
    np.add(2, b, out=b)
    np.multiply(b, f, out=b)
    np.add(c, b, out=b)
    np.multiply(a, 0.5, out=a)
    np.negative(a, out=a)
    np.exp(a, out=a)  # decay_3
    np.multiply(a, b, out=b)
    np.multiply(a, b, out=b)
    np.square(f, out=f)
    np.divide(b, f, out=out)
    np.putmask(out, p, h)


@in_place(buffers=1)
def softsign(out: Any, z: Any, a: Any) -> None:
    """z / (1 + |z|)."""
    np.abs(z, out=a)
    np.add(1, a, out=a)
    np.divide(z, a, out=out)


@in_place(buffers=1)
def softsign_derivative(out: Any, z: Any, a: Any) -> None:
    """1 / (1 + |z|)^2."""
    np.abs(z, out=a)
    np.add(1, a, out=a)
    np.divide(1, a, out=a)
    np.square(a, out=out)


@in_place(buffers=1)
def hard_sigmoid(out: Any, z: Any, a: Any) -> None:
    """0 for z <= -3, 1 for z >= 3, (z + 3)/6 between."""
    np.add(3, z, out=a)
    np.maximum(a, 0, out=a)
    np.minimum(a, 6, out=a)
    np.divide(a, 6, out=out)


@in_place(buffers=1, masks=1)
def hard_sigmoid_derivative(out: Any, z: Any, a: Any, p: Any) -> None:
    """1/6 for |z| < 3, else 0."""
    np.abs(z, out=a)  # size
    np.less(a, 3, out=p)
    np.copyto(out, 0)
    np.putmask(out, p, 0.16666666666666666)
    keep_nan(out, a)


@in_place(buffers=1)
def hard_swish(out: Any, z: Any, a: Any) -> None:
    """z hard_sigmoid(z)."""
    np.add(3, z, out=a)
    np.maximum(a, 0, out=a)
    np.minimum(a, 6, out=a)
    np.divide(a, 6, out=a)
    np.multiply(z, a, out=out)


@in_place(buffers=1, masks=3)
def hard_swish_derivative(out: Any, z: Any, a: Any, p: Any, q: Any, r: Any) -> None:
    """0 for z < -3, 1 for z > 3, (2z + 3)/6 between."""
    np.less_equal(z, -3, out=p)
    np.less(z, 3, out=q)
    np.greater(z, -3, out=r)
    np.logical_and(q, r, out=r)
    np.multiply(2, z, out=a)
    np.add(3, a, out=a)
    np.divide(a, 6, out=a)
    np.greater_equal(z, 3, out=q)
    np.copyto(out, np.nan)
    np.putmask(out, q, 1)
    np.putmask(out, r, a)
    np.putmask(out, p, 0)
