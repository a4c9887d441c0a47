"""Softmax in place, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `softmax` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import drop_nan, entries, in_place, places, position_of_largest

__all__ = ["log_softmax", "log_softmax_jvp", "log_softmax_vjp", "logsumexp", "softmax", "softmax_jvp", "softmax_vjp"]


@in_place(buffers=1)
def logsumexp(out: Any, z: Any, temperature: float, a: Any) -> None:
    """T log(sum over k of exp(z_k / T))."""
    top = np.maximum.reduce(z, axis=0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(z, top, out=a)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)
    a.ravel("K")[there] = 0.0
    rest = np.add.reduce(a, axis=0)
    np.add(temperature * np.log1p(rest), top, out=out)


@in_place()
def softmax(out: Any, z: Any, temperature: float) -> None:
    """exp(z_i / T) / sum over k of exp(z_k / T)."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=out)
    if temperature != 1:
        np.divide(out, temperature, out=out)
    np.exp(out, out=out)  # decay
    rest = np.add.reduce(out, axis=0)
    np.multiply(out, 1.0 / rest, out=out)


@in_place(buffers=2)
def log_softmax(out: Any, z: Any, temperature: float, a: Any, b: Any) -> None:
    """z_i / T - log(sum over k of exp(z_k / T))."""
    top = np.maximum.reduce(z, axis=0)
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(z, top, out=out)  # term
    np.subtract(z, out, out=a)  # term_2
    np.add(out, a, out=b)
    np.subtract(z, b, out=b)
    np.subtract(a, top, out=a)
    np.add(b, a, out=a)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    drop_nan(a)
    if temperature != 1:
        np.divide(out, temperature, out=out)  # ratio
    np.exp(out, out=b)  # decay
    np.multiply(b, a, out=a)
    np.add(b, a, out=a)
    a.ravel("K")[there] = 0.0
    rest = np.add.reduce(a, axis=0)
    np.subtract(out, np.log1p(rest), out=out)


@in_place(buffers=3)
def softmax_jvp(out: Any, z: Any, v: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """sum over j of dy_i/dz_j v_j = y_i (v_i - sum over k of y_k v_k) / T."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)  # decay
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(v, entries(v, largest, there), out=b)  # term
    np.multiply(a, b, out=c)
    rest = np.add.reduce(c, axis=0)
    rest_2 = np.add.reduce(a, axis=0)
    np.subtract(b, rest / rest_2, out=b)
    np.multiply(a, 1.0 / rest_2, out=a)
    np.multiply(a, b, out=out)
    if temperature != 1:
        np.divide(out, temperature, out=out)


@in_place(buffers=3)
def softmax_vjp(out: Any, z: Any, v: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """sum over i of v_i dy_i/dz_j = y_j (v_j - sum over k of y_k v_k) / T."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)  # decay
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(v, entries(v, largest, there), out=b)  # term
    np.multiply(a, b, out=c)
    rest = np.add.reduce(c, axis=0)
    rest_2 = np.add.reduce(a, axis=0)
    np.subtract(b, rest / rest_2, out=b)
    np.multiply(a, 1.0 / rest_2, out=a)
    np.multiply(a, b, out=out)
    if temperature != 1:
        np.divide(out, temperature, out=out)


@in_place(buffers=3)
def log_softmax_jvp(out: Any, z: Any, v: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """sum over j of d(log y_i)/dz_j v_j = (v_i - sum over k of y_k v_k) / T."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)  # decay
    largest = position_of_largest(z, top)
    there = places(z, largest)
    np.subtract(v, entries(v, largest, there), out=b)  # term
    np.multiply(a, b, out=c)
    rest = np.add.reduce(c, axis=0)
    rest_2 = np.add.reduce(a, axis=0)
    np.subtract(b, rest / rest_2, out=out)
    if temperature != 1:
        np.divide(out, temperature, out=out)


@in_place(buffers=1)
def log_softmax_vjp(out: Any, z: Any, v: Any, temperature: float, a: Any) -> None:
    """sum over i of v_i d(log y_i)/dz_j = (v_j - y_j sum over k of v_k) / T."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)  # decay
    rest = np.add.reduce(a, axis=0)
    rest_2 = np.add.reduce(v, axis=0)
    np.multiply(rest_2, a, out=a)
    np.multiply(a, 1.0 / rest, out=a)
    np.subtract(v, a, out=out)
    if temperature != 1:
        np.divide(out, temperature, out=out)
