"""Batch norm in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `batch_norm` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import entries, in_place, places, position_of_largest

__all__ = ["batch_norm", "batch_norm_bias_vjp", "batch_norm_vjp", "batch_norm_weight_vjp"]


@in_place(buffers=1)
def batch_norm(number: Any, out: Any, x: Any, w: Any, b: Any, epsilon: float, a: Any) -> None:
    """w (x_i - mean) / sqrt(variance + epsilon) + b."""
    rest = np.add.reduce(x, 0)
    np.subtract(x, rest / number[x.shape[0]], out)  # term
    np.square(out, a)
    rest_2 = np.add.reduce(a, 0)
    np.divide(out, np.sqrt(number[epsilon] + rest_2 / number[x.shape[0]]), out)
    np.multiply(w, out, out)
    np.add(b, out, out)


@in_place(buffers=4)
def batch_norm_vjp(
    number: Any, out: Any, x: Any, g: Any, w: Any, epsilon: float, a: Any, b: Any, c: Any, d: Any
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
    ratio_2 = w / root
    factor = entries(g, largest, there) * ratio_2
    np.multiply(g, ratio_2, c)  # factor_2
    np.subtract(c, factor, a)
    np.multiply(b, a, a)
    a.ravel("K")[there] = 0.0
    rest_5 = np.add.reduce(a, 0)
    part_2 = -(rest_5 / number[x.shape[0]])
    np.copyto(a, c)
    a.ravel("K")[there] = 0.0  # part_3
    np.subtract(a, factor, d)
    np.multiply(b, d, d)
    np.divide(out, root, out)  # ratio_3
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


@in_place(buffers=2, overwrites=True)
def batch_norm_weight_vjp(number: Any, out: Any, x: Any, g: Any, epsilon: float, a: Any, b: Any) -> None:
    """sum over i of g_i (x_i - mean) / sqrt(variance + epsilon)."""
    rest = np.add.reduce(x, 0)
    np.subtract(x, rest / number[x.shape[0]], a)  # term
    np.square(a, b)
    rest_2 = np.add.reduce(b, 0)
    np.divide(a, np.sqrt(number[epsilon] + rest_2 / number[x.shape[0]]), a)
    np.multiply(g, a, a)
    np.add.reduce(a, 0, out=out)


@in_place(overwrites=True)
def batch_norm_bias_vjp(number: Any, out: Any, g: Any) -> None:
    """sum over i of g_i."""
    np.add.reduce(g, 0, out=out)
