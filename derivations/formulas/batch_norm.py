"""Batch norm, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .in_place import batch_norm as blocks
from .runtime import VerifiedFormula, along_axis, positive

__all__ = ["batch_norm", "batch_norm_bias_vjp", "batch_norm_vjp", "batch_norm_weight_vjp"]


def _batch_norm(x: Any, w: Any, b: Any, epsilon: float) -> Any:
    term = x - np.sum(x, axis=-1, keepdims=True) / x.shape[-1]
    return b + w * (term / np.sqrt(epsilon + np.sum(term**2, axis=-1, keepdims=True) / x.shape[-1]))


@VerifiedFormula
def batch_norm(x: Any, w: Any, b: Any, *, epsilon: float = 1e-05, axis: int = 0, out: Any = None) -> Any:
    """Batch norm in training: each feature by its mean and variance over the batch.

    w (x_i - mean) / sqrt(variance + epsilon) + b

    x: (n, ...), the input, one feature of each sample along the axis
    w: (...), the weight of each feature
    b: (...), the bias of each feature
    epsilon: is added to the mean square before the root (positive)
    Returns (n, ...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1502.03167, 3.
    Proof: batch-norm-computed.
    """
    return along_axis(
        _batch_norm,
        blocks.batch_norm,
        {"x": x},
        (positive("epsilon", epsilon),),
        axis=axis,
        scalars={"w": w, "b": b},
        out=out,
    )


def _batch_norm_vjp(x: Any, g: Any, w: Any, epsilon: float) -> Any:
    term = x - np.sum(x, axis=-1, keepdims=True) / x.shape[-1]
    largest = np.argmax(np.abs(term), axis=-1, keepdims=True)
    is_there = np.arange(x.shape[-1]) == largest
    term_2 = epsilon + np.sum(term**2, axis=-1, keepdims=True) / x.shape[-1]
    root = np.sqrt(term_2)
    ratio = x / root
    rest = np.sum(np.where(is_there, 0.0, ratio), axis=-1, keepdims=True)
    ratio_2 = w / root
    factor = g * ratio_2
    factor_2 = (
        epsilon / term_2
        + (
            (np.sum(np.where(is_there, 0.0, ratio**2), axis=-1, keepdims=True) - ratio * rest)
            - np.take_along_axis(x, largest, axis=-1) / root * (rest - (x.shape[-1] - 1.0) * ratio)
        )
        / x.shape[-1]
    ) * (factor - np.take_along_axis(g, largest, axis=-1) * ratio_2)
    ratio_3 = term / root
    return np.where(
        is_there,
        -(np.sum(np.where(is_there, 0.0, factor_2), axis=-1, keepdims=True) / x.shape[-1]),
        (
            factor_2
            + (
                ((x.shape[-1] - 1.0) * factor - np.sum(np.where(is_there, 0.0, factor), axis=-1, keepdims=True))
                - ratio_3
                * (
                    np.sum(np.where(is_there, 0.0, ratio_3 * factor), axis=-1, keepdims=True)
                    - factor * np.sum(np.where(is_there, 0.0, ratio_3), axis=-1, keepdims=True)
                )
            )
        )
        / x.shape[-1],
    )


@VerifiedFormula
def batch_norm_vjp(x: Any, g: Any, w: Any, *, epsilon: float = 1e-05, axis: int = 0, out: Any = None) -> Any:
    """The gradient of batch norm by its input, through mean and variance.

    h_j - mean of h - u_j mean of (h u), d = sqrt(variance + epsilon), u = (x - mean) / d, h = g w / d

    x: (n, ...), the input, one feature of each sample along the axis
    g: (n, ...), the gradient by the output
    w: (...), the weight of each feature
    epsilon: is added to the mean square before the root (positive)
    Returns (n, ...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1502.03167, 3.
    Proof: batch-norm-vjp-computed.
    """
    return along_axis(
        _batch_norm_vjp,
        blocks.batch_norm_vjp,
        {"x": x, "g": g},
        (positive("epsilon", epsilon),),
        axis=axis,
        scalars={"w": w},
        out=out,
    )


def _batch_norm_weight_vjp(x: Any, g: Any, epsilon: float) -> Any:
    term = x - np.sum(x, axis=-1, keepdims=True) / x.shape[-1]
    return np.sum(
        g * (term / np.sqrt(epsilon + np.sum(term**2, axis=-1, keepdims=True) / x.shape[-1])), axis=-1, keepdims=True
    )


@VerifiedFormula
def batch_norm_weight_vjp(x: Any, g: Any, *, epsilon: float = 1e-05, axis: int = 0, out: Any = None) -> Any:
    """The gradient of batch norm by its weight, summed over the batch.

    sum over i of g_i (x_i - mean) / sqrt(variance + epsilon)

    x: (n, ...), the input, one feature of each sample along the axis
    g: (n, ...), the gradient by the output
    epsilon: is added to the mean square before the root (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1502.03167, 3.
    Proof: batch-norm-weight-vjp-computed.
    """
    return along_axis(
        _batch_norm_weight_vjp,
        blocks.batch_norm_weight_vjp,
        {"x": x, "g": g},
        (positive("epsilon", epsilon),),
        axis=axis,
        reduces=True,
        out=out,
    )


def _batch_norm_bias_vjp(g: Any) -> Any:
    return np.sum(g, axis=-1, keepdims=True)


@VerifiedFormula
def batch_norm_bias_vjp(g: Any, *, axis: int = 0, out: Any = None) -> Any:
    """The gradient of batch norm by its bias, summed over the batch.

    sum over i of g_i

    g: (n, ...), the gradient by the output
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1502.03167, 3.
    Proof: batch-norm-bias-vjp-computed.
    """
    return along_axis(_batch_norm_bias_vjp, blocks.batch_norm_bias_vjp, {"g": g}, axis=axis, reduces=True, out=out)
