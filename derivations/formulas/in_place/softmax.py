"""Softmax in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `softmax` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import drop_nan, entries, in_place, places, position_of_largest

__all__ = ["log_softmax", "log_softmax_jvp", "log_softmax_vjp", "logsumexp", "softmax", "softmax_jvp", "softmax_vjp"]


@in_place(buffers=1, overwrites=True)
def logsumexp(number: Any, out: Any, z: Any, temperature: float, a: Any) -> None:
    """T log(sum over k of exp(z_k / T))."""
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(z, top, a)
    if temperature != 1:
        np.divide(a, number[temperature], a)
    np.exp(a, a)
    a.ravel("K")[there] = 0.0
    rest = np.add.reduce(a, 0)
    np.add(number[temperature] * np.log1p(rest), top, out)


@in_place(overwrites=True)
def softmax(number: Any, out: Any, z: Any, temperature: float) -> None:
    """exp(z_i / T) / sum over k of exp(z_k / T)."""
    top = np.maximum.reduce(z, 0)
    np.subtract(z, top, out)
    if temperature != 1:
        np.divide(out, number[temperature], out)
    np.exp(out, out)  # decay
    rest = np.add.reduce(out, 0)
    np.multiply(out, number[1.0] / rest, out)


@in_place(buffers=2)
def log_softmax(number: Any, out: Any, z: Any, temperature: float, a: Any, b: Any) -> None:
    """z_i / T - log(sum over k of exp(z_k / T))."""
    top = np.maximum.reduce(z, 0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(z, top, out)  # term
    np.subtract(z, out, a)  # term_2
    np.add(out, a, b)
    np.subtract(z, b, b)
    np.subtract(a, top, a)
    np.add(b, a, a)
    if temperature != 1:
        np.divide(a, number[temperature], a)
    drop_nan(number, a)
    if temperature != 1:
        np.divide(out, number[temperature], out)  # ratio
    np.exp(out, b)  # decay
    np.multiply(b, a, a)
    np.add(b, a, a)
    a.ravel("K")[there] = 0.0
    rest = np.add.reduce(a, 0)
    np.subtract(out, np.log1p(rest), out)


@in_place(buffers=3, overwrites=True)
def softmax_jvp(number: Any, out: Any, z: Any, v: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """sum over j of dy_i/dz_j v_j = y_i (v_i - sum over k of y_k v_k) / T."""
    top = np.maximum.reduce(z, 0)
    np.subtract(z, top, a)
    if temperature != 1:
        np.divide(a, number[temperature], a)
    np.exp(a, a)  # decay
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(v, entries(v, largest, there), b)  # term
    np.multiply(a, b, c)
    rest = np.add.reduce(c, 0)
    rest_2 = np.add.reduce(a, 0)
    np.subtract(b, rest / rest_2, b)
    np.multiply(a, number[1.0] / rest_2, a)
    np.multiply(a, b, out)
    if temperature != 1:
        np.divide(out, number[temperature], out)


@in_place(buffers=3, overwrites=True)
def softmax_vjp(number: Any, out: Any, z: Any, v: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """sum over i of v_i dy_i/dz_j = y_j (v_j - sum over k of y_k v_k) / T."""
    top = np.maximum.reduce(z, 0)
    np.subtract(z, top, a)
    if temperature != 1:
        np.divide(a, number[temperature], a)
    np.exp(a, a)  # decay
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(v, entries(v, largest, there), b)  # term
    np.multiply(a, b, c)
    rest = np.add.reduce(c, 0)
    rest_2 = np.add.reduce(a, 0)
    np.subtract(b, rest / rest_2, b)
    np.multiply(a, number[1.0] / rest_2, a)
    np.multiply(a, b, out)
    if temperature != 1:
        np.divide(out, number[temperature], out)


@in_place(buffers=3, overwrites=True)
def log_softmax_jvp(number: Any, out: Any, z: Any, v: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """sum over j of d(log y_i)/dz_j v_j = (v_i - sum over k of y_k v_k) / T."""
    top = np.maximum.reduce(z, 0)
    np.subtract(z, top, a)
    if temperature != 1:
        np.divide(a, number[temperature], a)
    np.exp(a, a)  # decay
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(v, entries(v, largest, there), b)  # term
    np.multiply(a, b, c)
    rest = np.add.reduce(c, 0)
    rest_2 = np.add.reduce(a, 0)
    np.subtract(b, rest / rest_2, out)
    if temperature != 1:
        np.divide(out, number[temperature], out)


@in_place(buffers=1, overwrites=True)
def log_softmax_vjp(number: Any, out: Any, z: Any, v: Any, temperature: float, a: Any) -> None:
    """sum over i of v_i d(log y_i)/dz_j = (v_j - y_j sum over k of v_k) / T."""
    top = np.maximum.reduce(z, 0)
    np.subtract(z, top, a)
    if temperature != 1:
        np.divide(a, number[temperature], a)
    np.exp(a, a)  # decay
    rest = np.add.reduce(a, 0)
    rest_2 = np.add.reduce(v, 0)
    np.multiply(rest_2, a, a)
    np.multiply(a, number[1.0] / rest, a)
    np.subtract(v, a, out)
    if temperature != 1:
        np.divide(out, number[temperature], out)
