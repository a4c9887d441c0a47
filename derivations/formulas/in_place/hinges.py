"""Hinges in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `hinges` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import above, clip, entries, in_place, places, position_of_largest

__all__ = ["multiclass_hinge_gradient", "softmax_hinge", "softmax_hinge_gradient"]


@in_place(buffers=1, masks=1, overwrites=True)
def multiclass_hinge_gradient(number: Any, out: Any, z: Any, label: Any, margin: float, a: Any, p: Any) -> None:
    """1 for a class i != label with z_i - z_label + margin > 0, minus their number for i = label, else 0."""
    there = places(z, label)
    np.subtract(z, entries(z, label, there), out)
    np.add(number[margin], out, out)
    above(number, out, 0.0, a, p)
    a.ravel("K")[there] = 0.0  # part
    rest = np.add.reduce(a, 0)
    part_2 = -rest
    np.copyto(out, a)
    out.ravel("K")[there] = part_2


@in_place(buffers=2, overwrites=True)
def softmax_hinge(number: Any, out: Any, z: Any, label: Any, margin: float, a: Any, b: Any) -> None:
    """sum over k != label of max(0, p_k - p_label + margin), p = softmax(z)."""
    there = places(z, label)
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there_largest = places(z, largest)
    np.subtract(z, top, a)
    np.exp(a, a)  # decay
    np.copyto(b, a)
    b.ravel("K")[there_largest] = 0.0
    rest = np.add.reduce(b, 0)
    np.add(np.add(number[margin] * rest, number[margin] - np.exp(entries(z, label, there) - top)), a, a)
    np.divide(a, number[1.0] + rest, a)
    clip(a, number[0.0], number[np.inf], a)
    a.ravel("K")[there] = 0.0
    np.add.reduce(a, 0, out=out)


@in_place(buffers=2, masks=1)
def softmax_hinge_gradient(number: Any, out: Any, z: Any, label: Any, margin: float, a: Any, b: Any, p: Any) -> None:
    """p_i (v_i - sum of p_j v_j), v_j = 1 for j != label within the margin, minus their number at the label."""
    there = places(z, label)
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there_largest = places(z, largest)
    np.subtract(z, top, out)
    np.exp(out, out)  # decay
    np.copyto(a, out)
    a.ravel("K")[there_largest] = 0.0
    rest = np.add.reduce(a, 0)
    factor = number[margin] * rest
    term = number[margin] - np.exp(entries(z, label, there) - top)
    np.add(np.add(factor, term), out, a)
    term_2 = number[1.0] + rest
    np.divide(a, term_2, a)
    np.greater(a, number[0.0], p)
    np.copyto(a, 0.0)
    np.copyto(a, 1.0, where=p)
    a.ravel("K")[there] = 0.0  # part
    rest_2 = np.add.reduce(a, 0)
    part_2 = -rest_2
    a.ravel("K")[there] = part_2
    np.subtract(
        a, np.where(label == largest, -rest_2, np.where((number[1.0] + factor + term) / term_2 > 0.0, 1.0, 0.0)), a
    )  # term_3
    np.multiply(out, a, b)
    rest_3 = np.add.reduce(b, 0)
    np.subtract(a, rest_3 / term_2, a)
    rest_4 = np.add.reduce(out, 0)
    np.multiply(out, number[1.0] / rest_4, out)
    np.multiply(out, a, out)
