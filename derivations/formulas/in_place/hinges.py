"""Hinges in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `hinges` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import in_place, keep_nan, position_of_largest

__all__ = ["multiclass_hinge_gradient", "softmax_hinge", "softmax_hinge_gradient"]


@in_place(buffers=2)
def multiclass_hinge_gradient(out: Any, z: Any, label: Any, margin: float, a: Any, b: Any) -> None:
    """1 for a class i != label with z_i - z_label + margin > 0, minus their number for i = label, else 0."""
    each = np.arange(z.shape[1])
    np.subtract(z, z[label, each], out=a)
    np.add(margin, a, out=a)  # term
    np.greater(a, 0, out=b)
    keep_nan(b, a)
    b[label, each] = 0  # part
    rest = np.add.reduce(b, axis=0)
    part_2 = -rest
    np.copyto(out, b)
    out[label, each] = part_2


@in_place(buffers=3)
def softmax_hinge(out: Any, z: Any, label: Any, margin: float, a: Any, b: Any, c: Any) -> None:
    """sum over k != label of max(0, p_k - p_label + margin), p = softmax(z)."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)  # term
    np.subtract(z, a, out=b)  # term_2
    np.add(a, b, out=c)
    np.subtract(z, c, out=c)
    np.subtract(b, top, out=b)
    np.add(c, b, out=b)
    np.fmax(b, -1, out=b)
    np.exp(a, out=a)  # decay
    np.multiply(a, b, out=b)
    np.add(a, b, out=b)  # term_3
    largest = position_of_largest(z)
    np.copyto(a, b)
    each = np.arange(z.shape[1])
    a[largest, each] = 0
    rest = np.add.reduce(a, axis=0)
    term_4 = 1 + rest
    np.divide(b, term_4, out=b)
    there = z[label, each]
    term_5 = there - top
    decay_2 = np.exp(term_5)
    term_6 = there - term_5
    np.subtract(b, (decay_2 + decay_2 * np.fmax((there - (term_5 + term_6)) + (term_6 - top), -1)) / term_4, out=b)
    np.add(margin, b, out=b)
    np.maximum(b, 0, out=b)
    b[label, each] = 0
    rest_2 = np.add.reduce(b, axis=0)
    np.copyto(out, rest_2)


@in_place(buffers=4)
def softmax_hinge_gradient(out: Any, z: Any, label: Any, margin: float, a: Any, b: Any, c: Any, d: Any) -> None:
    """p_i (v_i - sum of p_j v_j), v_j = 1 for j != label within the margin, minus their number at the label."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=b)  # term
    np.subtract(z, b, out=c)  # term_2
    np.add(b, c, out=d)
    np.subtract(z, d, out=d)
    np.subtract(c, top, out=c)
    np.add(d, c, out=c)
    np.fmax(c, -1, out=c)
    np.exp(b, out=b)  # decay
    np.multiply(b, c, out=c)
    np.add(b, c, out=c)  # term_3
    largest = position_of_largest(z)
    np.copyto(b, c)
    each = np.arange(z.shape[1])
    b[largest, each] = 0
    rest = np.add.reduce(b, axis=0)
    term_4 = 1 + rest
    np.divide(c, term_4, out=b)
    there = z[label, each]
    term_5 = there - top
    decay_2 = np.exp(term_5)
    term_6 = there - term_5
    ratio = (decay_2 + decay_2 * np.fmax((there - (term_5 + term_6)) + (term_6 - top), -1)) / term_4
    np.subtract(b, ratio, out=b)
    np.add(margin, b, out=b)
    np.greater(b, 0, out=a)
    a[label, each] = 0  # part
    rest_2 = np.add.reduce(a, axis=0)
    part_2 = -rest_2
    a[label, each] = part_2
    np.subtract(
        a, np.where(label == largest, -rest_2, np.where(margin + (1 / term_4 - ratio) > 0, 1, 0)), out=a
    )  # term_7
    np.multiply(c, a, out=b)
    rest_3 = np.add.reduce(b, axis=0)
    np.subtract(a, rest_3 / term_4, out=a)
    np.multiply(c, a, out=a)
    np.divide(a, term_4, out=out)
