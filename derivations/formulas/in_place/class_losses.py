"""Class losses in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `class_losses` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from ..blocks import clip, drop_nan, entries, in_place, places, position_of_largest

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


@in_place(buffers=3)
def cross_entropy(out: Any, z: Any, t: Any, a: Any, b: Any, c: Any) -> None:
    """-sum over k of t_k log softmax(z)_k."""
    top = np.maximum.reduce(z, axis=0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(z, top, out=a)  # term
    np.subtract(z, a, out=b)  # term_2
    np.add(a, b, out=c)
    np.subtract(z, c, out=c)
    np.subtract(b, top, out=b)
    np.add(c, b, out=b)
    drop_nan(b)
    np.exp(a, out=a)  # decay
    np.multiply(a, b, out=b)
    np.add(a, b, out=b)
    b.ravel("K")[there] = 0.0
    rest = np.add.reduce(b, axis=0)
    np.subtract(top, z, out=b)
    np.add(b, np.log1p(rest), out=b)
    np.multiply(t, b, out=b)
    np.add.reduce(b, axis=0, out=out)


@in_place(buffers=2)
def cross_entropy_gradient(out: Any, z: Any, t: Any, a: Any, b: Any) -> None:
    """softmax(z)_i - t_i."""
    top = np.maximum.reduce(z, axis=0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    entry = entries(t, largest, there)
    np.subtract(z, top, out=out)  # term
    np.subtract(z, out, out=a)  # term_2
    np.add(out, a, out=b)
    np.subtract(z, b, out=b)
    np.subtract(a, top, out=a)
    np.add(b, a, out=a)
    drop_nan(a)
    np.exp(out, out=out)  # decay
    np.multiply(out, a, out=a)
    np.add(out, a, out=a)
    a.ravel("K")[there] = 0.0  # part
    rest = np.add.reduce(a, axis=0)
    ratio = 1.0 / (1.0 + rest)
    factor = ((1.0 - entry) - entry * rest) * ratio
    np.multiply(a, ratio, out=a)
    np.subtract(a, t, out=out)
    out.ravel("K")[there] = factor


@in_place(buffers=3)
def cross_entropy_label(out: Any, z: Any, label: Any, a: Any, b: Any, c: Any) -> None:
    """-log softmax(z)_label."""
    top = np.maximum.reduce(z, axis=0)
    there = places(z, label)
    largest = position_of_largest(z, top)
    there_largest = places(z, largest)
    np.subtract(z, top, out=a)  # term
    np.subtract(z, a, out=b)  # term_2
    np.add(a, b, out=c)
    np.subtract(z, c, out=c)
    np.subtract(b, top, out=b)
    np.add(c, b, out=b)
    drop_nan(b)
    np.exp(a, out=a)  # decay
    np.multiply(a, b, out=b)
    np.add(a, b, out=b)
    b.ravel("K")[there_largest] = 0.0
    rest = np.add.reduce(b, axis=0)
    np.add(top - entries(z, label, there), np.log1p(rest), out=out)


@in_place(buffers=2)
def cross_entropy_label_gradient(out: Any, z: Any, label: Any, a: Any, b: Any) -> None:
    """softmax(z)_i - (1 if i = label else 0)."""
    top = np.maximum.reduce(z, axis=0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    is_there = label == largest
    np.subtract(z, top, out=out)  # term
    np.subtract(z, out, out=a)  # term_2
    np.add(out, a, out=b)
    np.subtract(z, b, out=b)
    np.subtract(a, top, out=a)
    np.add(b, a, out=a)
    drop_nan(a)
    np.exp(out, out=out)  # decay
    np.multiply(out, a, out=a)
    np.add(out, a, out=a)
    a.ravel("K")[there] = 0.0  # part
    rest = np.add.reduce(a, axis=0)
    ratio = 1.0 / (1.0 + rest)
    factor = ((1.0 - is_there) - is_there * rest) * ratio
    there_label = places(z, label)
    np.multiply(a, ratio, out=out)
    out.ravel("K")[there_label] -= 1.0
    out.ravel("K")[there] = factor


@in_place(buffers=1)
def label_smoothing(out: Any, z: Any, label: Any, epsilon: float, a: Any) -> None:
    """-sum over k of ((1 - epsilon) [k = label] + epsilon/n) log softmax(z)_k."""
    top = np.maximum.reduce(z, axis=0)
    there = places(z, label)
    np.subtract(top, z, out=a)
    rest = np.add.reduce(a, axis=0)
    largest = position_of_largest(z, top)
    there_largest = places(z, largest)
    np.subtract(z, top, out=a)
    np.exp(a, out=a)
    a.ravel("K")[there_largest] = 0.0
    rest_2 = np.add.reduce(a, axis=0)
    np.copyto(out, (1.0 - epsilon) * (top - entries(z, label, there)) + epsilon * rest / z.shape[0] + np.log1p(rest_2))


@in_place(buffers=1)
def label_smoothing_gradient(out: Any, z: Any, label: Any, epsilon: float, a: Any) -> None:
    """softmax(z)_i - (1 - epsilon) [i = label] - epsilon/n."""
    there = places(z, label)
    term = 1.0 - epsilon
    top = np.maximum.reduce(z, axis=0)
    largest = position_of_largest(z, top)
    there_largest = places(z, largest)
    np.subtract(z, top, out=out)
    np.exp(out, out=out)  # decay
    np.copyto(a, out)
    a.ravel("K")[there_largest] = 0.0
    rest = np.add.reduce(a, axis=0)
    np.divide(out, 1.0 + rest, out=out)
    np.subtract(out, epsilon / z.shape[0], out=out)
    out.ravel("K")[there] -= term


@in_place(buffers=2)
def kl_divergence(out: Any, z: Any, t: Any, a: Any, b: Any) -> None:
    """sum over k of t_k (log t_k - log softmax(z)_k)."""
    top = np.maximum.reduce(z, axis=0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(z, top, out=a)
    np.exp(a, out=a)
    a.ravel("K")[there] = 0.0
    rest = np.add.reduce(a, axis=0)
    np.subtract(top, z, out=a)
    np.add(a, np.log1p(rest), out=a)
    np.multiply(t, a, out=a)
    special.xlogy(t, t, out=b)
    np.add(a, b, out=b)
    np.add.reduce(b, axis=0, out=out)


@in_place(buffers=2)
def kl_divergence_gradient(out: Any, z: Any, t: Any, a: Any, b: Any) -> None:
    """softmax(z)_i - t_i."""
    top = np.maximum.reduce(z, axis=0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    entry = entries(t, largest, there)
    np.subtract(z, top, out=out)  # term
    np.subtract(z, out, out=a)  # term_2
    np.add(out, a, out=b)
    np.subtract(z, b, out=b)
    np.subtract(a, top, out=a)
    np.add(b, a, out=a)
    drop_nan(a)
    np.exp(out, out=out)  # decay
    np.multiply(out, a, out=a)
    np.add(out, a, out=a)
    a.ravel("K")[there] = 0.0  # part
    rest = np.add.reduce(a, axis=0)
    ratio = 1.0 / (1.0 + rest)
    factor = ((1.0 - entry) - entry * rest) * ratio
    np.multiply(a, ratio, out=a)
    np.subtract(a, t, out=out)
    out.ravel("K")[there] = factor


@in_place(buffers=1)
def multiclass_hinge(out: Any, z: Any, label: Any, margin: float, a: Any) -> None:
    """sum over k != label of max(0, z_k - z_label + margin)."""
    there = places(z, label)
    np.subtract(z, entries(z, label, there), out=a)
    np.add(margin, a, out=a)
    clip(a, 0.0, np.inf, out=a)
    a.ravel("K")[there] = 0.0
    np.add.reduce(a, axis=0, out=out)
