"""Softmax in place on one block, generated from the catalogue by `derivations.formulas.build`; not to be edited.

The kernels of `softmax` with the same operations and the same bits.  Vectors lie along the first axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..blocks import in_place, position_of_largest

__all__ = ["log_softmax", "log_softmax_jvp", "log_softmax_vjp", "logsumexp", "softmax", "softmax_jvp"]


@in_place(buffers=3)
def logsumexp(out: Any, z: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """T log(sum over k of exp(z_k / T))."""
    largest = position_of_largest(z)
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)  # term
    np.subtract(z, a, out=b)  # term_2
    np.add(a, b, out=c)
    np.subtract(z, c, out=c)
    np.subtract(b, top, out=b)
    np.add(c, b, out=b)
    if temperature != 1:
        np.divide(b, temperature, out=b)
    np.fmax(b, -1, out=b)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)  # decay
    np.multiply(a, b, out=b)
    np.add(a, b, out=b)
    each = np.arange(z.shape[1])
    b[largest, each] = 0
    rest = np.add.reduce(b, axis=0)
    np.copyto(out, temperature * np.log1p(rest) + top)


@in_place(buffers=3)
def softmax(out: Any, z: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """exp(z_i / T) / sum over k of exp(z_k / T)."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)  # term
    np.subtract(z, a, out=b)  # term_2
    np.add(a, b, out=c)
    np.subtract(z, c, out=c)
    np.subtract(b, top, out=b)
    np.add(c, b, out=b)
    if temperature != 1:
        np.divide(b, temperature, out=b)
    np.fmax(b, -1, out=b)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)  # decay
    np.multiply(a, b, out=b)
    np.add(a, b, out=b)  # term_3
    largest = position_of_largest(z)
    np.copyto(a, b)
    each = np.arange(z.shape[1])
    a[largest, each] = 0
    rest = np.add.reduce(a, axis=0)
    np.divide(b, 1 + rest, out=out)


@in_place(buffers=3)
def log_softmax(out: Any, z: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """z_i / T - log(sum over k of exp(z_k / T))."""
    largest = position_of_largest(z)
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)  # term
    np.subtract(z, a, out=b)  # term_2
    np.add(a, b, out=c)
    np.subtract(z, c, out=c)
    np.subtract(b, top, out=b)
    np.add(c, b, out=b)
    if temperature != 1:
        np.divide(b, temperature, out=b)
    np.fmax(b, -1, out=b)
    if temperature != 1:
        np.divide(a, temperature, out=a)  # ratio
    np.exp(a, out=c)  # decay
    np.multiply(c, b, out=b)
    np.add(c, b, out=b)
    each = np.arange(z.shape[1])
    b[largest, each] = 0
    rest = np.add.reduce(b, axis=0)
    np.subtract(a, np.log1p(rest), out=out)


@in_place(buffers=3)
def softmax_jvp(out: Any, z: Any, v: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """sum over j of dy_i/dz_j v_j = y_i (v_i - sum over k of y_k v_k) / T."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)  # term
    np.subtract(z, a, out=b)  # term_2
    np.add(a, b, out=c)
    np.subtract(z, c, out=c)
    np.subtract(b, top, out=b)
    np.add(c, b, out=b)
    if temperature != 1:
        np.divide(b, temperature, out=b)
    np.fmax(b, -1, out=b)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)  # decay
    np.multiply(a, b, out=b)
    np.add(a, b, out=b)  # term_3
    largest = position_of_largest(z)
    each = np.arange(z.shape[1])
    np.subtract(v, v[largest, each], out=a)  # term_4
    np.multiply(b, a, out=c)
    rest = np.add.reduce(c, axis=0)
    np.copyto(c, b)
    c[largest, each] = 0
    rest_2 = np.add.reduce(c, axis=0)
    term_5 = 1 + rest_2
    np.subtract(a, rest / term_5, out=a)
    np.multiply(b, a, out=a)
    np.divide(a, temperature * term_5, out=out)


@in_place(buffers=3)
def log_softmax_jvp(out: Any, z: Any, v: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """sum over j of d(log y_i)/dz_j v_j = (v_i - sum over k of y_k v_k) / T."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)  # term
    np.subtract(z, a, out=b)  # term_2
    np.add(a, b, out=c)
    np.subtract(z, c, out=c)
    np.subtract(b, top, out=b)
    np.add(c, b, out=b)
    if temperature != 1:
        np.divide(b, temperature, out=b)
    np.fmax(b, -1, out=b)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)  # decay
    np.multiply(a, b, out=b)
    np.add(a, b, out=b)  # term_3
    largest = position_of_largest(z)
    each = np.arange(z.shape[1])
    np.subtract(v, v[largest, each], out=a)  # term_4
    np.multiply(b, a, out=c)
    rest = np.add.reduce(c, axis=0)
    b[largest, each] = 0
    rest_2 = np.add.reduce(b, axis=0)
    np.subtract(a, rest / (1 + rest_2), out=out)
    if temperature != 1:
        np.divide(out, temperature, out=out)


@in_place(buffers=3)
def log_softmax_vjp(out: Any, z: Any, v: Any, temperature: float, a: Any, b: Any, c: Any) -> None:
    """sum over i of v_i d(log y_i)/dz_j = (v_j - y_j sum over k of v_k) / T."""
    top = np.maximum.reduce(z, axis=0)
    np.subtract(z, top, out=a)  # term
    np.subtract(z, a, out=b)  # term_2
    np.add(a, b, out=c)
    np.subtract(z, c, out=c)
    np.subtract(b, top, out=b)
    np.add(c, b, out=b)
    if temperature != 1:
        np.divide(b, temperature, out=b)
    np.fmax(b, -1, out=b)
    if temperature != 1:
        np.divide(a, temperature, out=a)
    np.exp(a, out=a)  # decay
    np.multiply(a, b, out=b)
    np.add(a, b, out=b)  # term_3
    rest = np.add.reduce(v, axis=0)
    np.multiply(rest, b, out=a)
    largest = position_of_largest(z)
    each = np.arange(z.shape[1])
    b[largest, each] = 0
    rest_2 = np.add.reduce(b, axis=0)
    np.divide(a, 1 + rest_2, out=a)
    np.subtract(v, a, out=out)
    if temperature != 1:
        np.divide(out, temperature, out=out)
