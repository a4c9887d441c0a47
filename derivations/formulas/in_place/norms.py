"""Norms in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `norms` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import entries, in_place, places, position_of_largest

__all__ = [
    "l2_penalty",
    "l2_penalty_gradient",
    "layer_norm",
    "layer_norm_vjp",
    "mean",
    "mean_vjp",
    "rms_norm",
    "rms_norm_vjp",
    "total",
    "total_vjp",
]


@in_place(overwrites=True)
def total(number: Any, out: Any, x: Any) -> None:
    """sum over k of x_k."""
    np.add.reduce(x, 0, out=out)


@in_place(overwrites=True)
def total_vjp(number: Any, out: Any, x: Any, g: Any) -> None:
    """g."""
    np.copyto(out, g)


@in_place(overwrites=True)
def mean(number: Any, out: Any, x: Any) -> None:
    """sum over k of x_k / n."""
    rest = np.add.reduce(x, 0)
    np.divide(rest, number[x.shape[0]], out)


@in_place(overwrites=True)
def mean_vjp(number: Any, out: Any, x: Any, g: Any) -> None:
    """g / n."""
    np.divide(g, number[x.shape[0]], out)


@in_place(buffers=1, overwrites=True)
def l2_penalty(number: Any, out: Any, x: Any, rate: float, a: Any) -> None:
    """rate/2 sum over k of x_k^2."""
    np.square(x, a)
    rest = np.add.reduce(a, 0)
    np.multiply(rest, number[rate * 0.5], out)


@in_place(overwrites=True)
def l2_penalty_gradient(number: Any, out: Any, x: Any, rate: float) -> None:
    """rate x_i."""
    np.multiply(number[rate], x, out)


@in_place()
def rms_norm(number: Any, out: Any, x: Any, w: Any, epsilon: float) -> None:
    """w_i x_i / sqrt(mean of x^2 + epsilon)."""
    np.square(x, out)
    rest = np.add.reduce(out, 0)
    np.divide(x, np.sqrt(number[epsilon] + rest / number[x.shape[0]]), out)
    np.multiply(w, out, out)


@in_place(buffers=3)
def rms_norm_vjp(number: Any, out: Any, x: Any, w: Any, g: Any, epsilon: float, a: Any, b: Any, c: Any) -> None:
    """g_j w_j / d - u_j mean of (g w u / d), d = sqrt(mean of x^2 + epsilon), u = x / d."""
    np.abs(x, out)  # size
    top = np.maximum.reduce(out, 0)
    largest = position_of_largest(out, top)
    there = places(x, largest)
    np.square(x, out)
    rest = np.add.reduce(out, 0)
    root = np.sqrt(number[epsilon] + rest / number[x.shape[0]])
    np.divide(x, root, out)  # ratio
    np.square(out, a)
    a.ravel("K")[there] = 0.0
    rest_2 = np.add.reduce(a, 0)
    np.divide(w, root, a)
    np.multiply(g, a, a)  # factor
    np.multiply(a, out, b)  # factor_2
    np.copyto(c, b)
    c.ravel("K")[there] = 0.0
    rest_3 = np.add.reduce(c, 0)
    term = entries(g, largest, there) * (entries(w, largest, there) / root) * (
        number[epsilon] / root**2 + rest_2 / number[x.shape[0]]
    ) - entries(x, largest, there) / root * (rest_3 / number[x.shape[0]])
    rest_4 = np.add.reduce(b, 0)
    np.multiply(out, rest_4 / number[x.shape[0]], out)
    np.subtract(a, out, out)
    out.ravel("K")[there] = term


@in_place(buffers=1)
def layer_norm(number: Any, out: Any, x: Any, w: Any, b: Any, epsilon: float, a: Any) -> None:
    """w_i (x_i - mean) / sqrt(variance + epsilon) + b_i."""
    rest = np.add.reduce(x, 0)
    np.subtract(x, rest / number[x.shape[0]], out)  # term
    np.square(out, a)
    rest_2 = np.add.reduce(a, 0)
    np.divide(out, np.sqrt(number[epsilon] + rest_2 / number[x.shape[0]]), out)
    np.multiply(w, out, out)
    np.add(out, b, out)


@in_place(buffers=4)
def layer_norm_vjp(
    number: Any, out: Any, x: Any, w: Any, g: Any, epsilon: float, a: Any, b: Any, c: Any, d: Any
) -> None:
    """h_j - mean of h - u_j mean of (h u), d = sqrt(variance + epsilon), u = (x - mean) / d, h = g w / d."""
    rest = np.add.reduce(x, 0)
    np.subtract(x, rest / number[x.shape[0]], out)  # term
    np.abs(out, a)  # size
    top = np.maximum.reduce(a, 0)
    largest = position_of_largest(a, top)
    there = places(x, largest)
    np.square(out, a)
    rest_2 = np.add.reduce(a, 0)
    term_2 = number[epsilon] + rest_2 / number[x.shape[0]]
    root = np.sqrt(term_2)
    np.divide(x, root, a)  # ratio
    np.copyto(b, a)
    b.ravel("K")[there] = 0.0  # part
    rest_3 = np.add.reduce(b, 0)
    np.multiply(b, rest_3, c)
    np.square(a, a)
    a.ravel("K")[there] = 0.0
    rest_4 = np.add.reduce(a, 0)
    np.subtract(rest_4, c, c)
    np.multiply(number[x.shape[0] - 1.0], b, b)
    np.subtract(rest_3, b, b)
    np.multiply(entries(x, largest, there) / root, b, b)
    np.subtract(c, b, b)
    np.divide(b, number[x.shape[0]], b)
    np.add(number[epsilon] / term_2, b, b)  # term_3
    factor = entries(g, largest, there) * (entries(w, largest, there) / root)
    np.divide(w, root, c)
    np.multiply(g, c, c)  # factor_2
    np.subtract(c, factor, a)
    np.multiply(b, a, a)
    a.ravel("K")[there] = 0.0
    rest_5 = np.add.reduce(a, 0)
    part_2 = -(rest_5 / number[x.shape[0]])
    np.copyto(a, c)
    a.ravel("K")[there] = 0.0  # part_3
    np.subtract(a, factor, d)
    np.multiply(b, d, d)
    np.divide(out, root, out)  # ratio_2
    np.multiply(out, c, c)
    c.ravel("K")[there] = 0.0
    rest_6 = np.add.reduce(c, 0)
    out.ravel("K")[there] = 0.0  # part_4
    rest_7 = np.add.reduce(out, 0)
    np.multiply(a, rest_7, c)
    np.subtract(rest_6, c, c)
    np.multiply(out, c, c)
    np.multiply(number[x.shape[0] - 1.0], a, out)
    rest_8 = np.add.reduce(a, 0)
    np.subtract(out, rest_8, out)
    np.subtract(out, c, c)
    np.add(d, c, c)
    np.divide(c, number[x.shape[0]], out)
    out.ravel("K")[there] = part_2
