"""Class losses in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `class_losses` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ..blocks import clip, drop_nan, entries, in_place, places, position_of_largest, turned

__all__ = [
    "cross_entropy",
    "cross_entropy_gradient",
    "cross_entropy_label",
    "cross_entropy_label_gradient",
    "kl_divergence",
    "kl_divergence_gradient",
    "label_smoothing",
    "label_smoothing_gradient",
    "multiclass_hinge",
]


@in_place(buffers=3, overwrites=True)
def cross_entropy(number: Any, out: Any, z: Any, t: Any, a: Any, b: Any, c: Any) -> None:
    """-sum over k of t_k log softmax(z)_k."""
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(z, top, a)  # term
    np.subtract(z, a, b)  # term_2
    np.add(a, b, c)
    np.subtract(z, c, c)
    np.subtract(b, top, b)
    np.add(c, b, b)
    drop_nan(number, b)
    np.exp(a, a)  # decay
    np.multiply(a, b, b)
    np.add(a, b, b)
    b.ravel("K")[there] = 0.0
    rest = np.add.reduce(b, 0)
    np.subtract(top, z, b)
    np.add(b, np.log1p(rest), b)
    np.multiply(t, b, b)
    np.add.reduce(b, 0, out=out)


@in_place(buffers=3, lying=1)
def cross_entropy_gradient(number: Any, out: Any, z: Any, t: Any, a: Any, b: Any, c: Any) -> None:
    """softmax(z)_i - t_i."""
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there_in_out = places(out, largest)
    entry = entries(t, largest, there_in_out)
    there = places(z, largest)
    np.subtract(z, top, a)  # term
    np.subtract(z, a, b)  # term_2
    np.add(a, b, c)
    np.subtract(z, c, c)
    np.subtract(b, top, b)
    np.add(c, b, b)
    drop_nan(number, b)
    np.exp(a, a)  # decay
    np.multiply(a, b, b)
    np.add(a, b, b)
    b.ravel("K")[there] = 0.0  # part
    rest = np.add.reduce(b, 0)
    ratio = number[1.0] / (number[1.0] + rest)
    factor = ((number[1.0] - entry) - entry * rest) * ratio
    np.multiply(b, ratio, b)
    np.subtract(turned(b, out), t, out)
    out.ravel("K")[there_in_out] = factor


@in_place(buffers=3, overwrites=True)
def cross_entropy_label(number: Any, out: Any, z: Any, label: Any, a: Any, b: Any, c: Any) -> None:
    """-log softmax(z)_label."""
    top = np.maximum.reduce(z, 0)
    there = places(z, label)
    largest = position_of_largest(z, top)
    there_largest = places(z, largest)
    np.subtract(z, top, a)  # term
    np.subtract(z, a, b)  # term_2
    np.add(a, b, c)
    np.subtract(z, c, c)
    np.subtract(b, top, b)
    np.add(c, b, b)
    drop_nan(number, b)
    np.exp(a, a)  # decay
    np.multiply(a, b, b)
    np.add(a, b, b)
    b.ravel("K")[there_largest] = 0.0
    rest = np.add.reduce(b, 0)
    np.add(top - entries(z, label, there), np.log1p(rest), out)


@in_place(buffers=2)
def cross_entropy_label_gradient(number: Any, out: Any, z: Any, label: Any, a: Any, b: Any) -> None:
    """softmax(z)_i - (1 if i = label else 0)."""
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    is_there = label == largest
    np.subtract(z, top, out)  # term
    np.subtract(z, out, a)  # term_2
    np.add(out, a, b)
    np.subtract(z, b, b)
    np.subtract(a, top, a)
    np.add(b, a, a)
    drop_nan(number, a)
    np.exp(out, out)  # decay
    np.multiply(out, a, a)
    np.add(out, a, a)
    a.ravel("K")[there] = 0.0  # part
    rest = np.add.reduce(a, 0)
    ratio = number[1.0] / (number[1.0] + rest)
    factor = ((1.0 - is_there) - is_there * rest) * ratio
    there_label = places(z, label)
    np.multiply(a, ratio, out)
    out.ravel("K")[there_label] -= 1.0
    out.ravel("K")[there] = factor


@in_place(buffers=1, overwrites=True)
def label_smoothing(number: Any, out: Any, z: Any, label: Any, epsilon: float, a: Any) -> None:
    """-sum over k of ((1 - epsilon) [k = label] + epsilon/n) log softmax(z)_k."""
    top = np.maximum.reduce(z, 0)
    there = places(z, label)
    np.subtract(top, z, a)
    rest = np.add.reduce(a, 0)
    largest = position_of_largest(z, top)
    there_largest = places(z, largest)
    np.subtract(z, top, a)
    np.exp(a, a)
    a.ravel("K")[there_largest] = 0.0
    rest_2 = np.add.reduce(a, 0)
    np.copyto(
        out,
        number[1.0 - epsilon] * (top - entries(z, label, there))
        + number[epsilon] * rest / number[z.shape[0]]
        + np.log1p(rest_2),
    )


@in_place(buffers=1)
def label_smoothing_gradient(number: Any, out: Any, z: Any, label: Any, epsilon: float, a: Any) -> None:
    """softmax(z)_i - (1 - epsilon) [i = label] - epsilon/n."""
    there = places(z, label)
    term = 1.0 - epsilon
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there_largest = places(z, largest)
    np.subtract(z, top, out)
    np.exp(out, out)  # decay
    np.copyto(a, out)
    a.ravel("K")[there_largest] = 0.0
    rest = np.add.reduce(a, 0)
    np.divide(out, number[1.0] + rest, out)
    np.subtract(out, number[epsilon / z.shape[0]], out)
    out.ravel("K")[there] -= term


@in_place(buffers=2, overwrites=True)
def kl_divergence(number: Any, out: Any, z: Any, t: Any, a: Any, b: Any) -> None:
    """sum over k of t_k (log t_k - log softmax(z)_k)."""
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(z, top, a)
    np.exp(a, a)
    a.ravel("K")[there] = 0.0
    rest = np.add.reduce(a, 0)
    np.subtract(top, z, a)
    np.add(a, np.log1p(rest), a)
    np.multiply(t, a, a)
    special.xlogy(t, t, b)
    np.add(a, b, b)
    np.add.reduce(b, 0, out=out)


@in_place(buffers=3, lying=1)
def kl_divergence_gradient(number: Any, out: Any, z: Any, t: Any, a: Any, b: Any, c: Any) -> None:
    """softmax(z)_i - t_i."""
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there_in_out = places(out, largest)
    entry = entries(t, largest, there_in_out)
    there = places(z, largest)
    np.subtract(z, top, a)  # term
    np.subtract(z, a, b)  # term_2
    np.add(a, b, c)
    np.subtract(z, c, c)
    np.subtract(b, top, b)
    np.add(c, b, b)
    drop_nan(number, b)
    np.exp(a, a)  # decay
    np.multiply(a, b, b)
    np.add(a, b, b)
    b.ravel("K")[there] = 0.0  # part
    rest = np.add.reduce(b, 0)
    ratio = number[1.0] / (number[1.0] + rest)
    factor = ((number[1.0] - entry) - entry * rest) * ratio
    np.multiply(b, ratio, b)
    np.subtract(turned(b, out), t, out)
    out.ravel("K")[there_in_out] = factor


@in_place(buffers=1, overwrites=True)
def multiclass_hinge(number: Any, out: Any, z: Any, label: Any, margin: float, a: Any) -> None:
    """sum over k != label of max(0, z_k - z_label + margin)."""
    there = places(z, label)
    np.subtract(z, entries(z, label, there), a)
    np.add(number[margin], a, a)
    clip(a, number[0.0], number[np.inf], a)
    a.ravel("K")[there] = 0.0
    np.add.reduce(a, 0, out=out)
