"""Norms, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .in_place import norms as blocks
from .runtime import VerifiedFormula, along_axis, positive

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


def _total(x: Any) -> Any:
    return np.sum(x, axis=-1, keepdims=True)


@VerifiedFormula
def total(x: Any, *, axis: int = -1, out: Any = None) -> Any:
    """The sum.

    sum over k of x_k

    x: (..., n), the input
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 1.
    Proof: total-computed.
    """
    return along_axis(_total, blocks.total, {"x": x}, axis=axis, reduces=True, out=out)


def _total_vjp(x: Any, g: Any) -> Any:
    return g


@VerifiedFormula
def total_vjp(x: Any, g: Any, *, axis: int = -1, out: Any = None) -> Any:
    """A number times the gradient of the sum.

    g

    x: (..., n), the input
    g: (...), the gradient by the sum
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 1.
    Proof: total-vjp-computed.
    """
    return along_axis(_total_vjp, blocks.total_vjp, {"x": x}, axis=axis, scalars={"g": g}, out=out)


def _mean(x: Any) -> Any:
    return np.sum(x, axis=-1, keepdims=True) / x.shape[-1]


@VerifiedFormula
def mean(x: Any, *, axis: int = -1, out: Any = None) -> Any:
    """The mean.

    sum over k of x_k / n

    x: (..., n), the input
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 1.
    Proof: mean-computed.
    """
    return along_axis(_mean, blocks.mean, {"x": x}, axis=axis, reduces=True, out=out)


def _mean_vjp(x: Any, g: Any) -> Any:
    return g / x.shape[-1]


@VerifiedFormula
def mean_vjp(x: Any, g: Any, *, axis: int = -1, out: Any = None) -> Any:
    """A number times the gradient of the mean.

    g / n

    x: (..., n), the input
    g: (...), the gradient by the mean
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 1.
    Proof: mean-vjp-computed.
    """
    return along_axis(_mean_vjp, blocks.mean_vjp, {"x": x}, axis=axis, scalars={"g": g}, out=out)


def _l2_penalty(x: Any, rate: float) -> Any:
    return np.sum(x**2, axis=-1, keepdims=True) * (rate / 2.0)


@VerifiedFormula
def l2_penalty(x: Any, *, rate: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The L2 penalty.

    rate/2 sum over k of x_k^2

    x: (..., n), the input
    rate: the strength of the penalty
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.5555/2986916.2987033, 2.
    Proof: l2-penalty-computed.
    """
    return along_axis(_l2_penalty, blocks.l2_penalty, {"x": x}, (rate,), axis=axis, reduces=True, out=out)


def _l2_penalty_gradient(x: Any, rate: float) -> Any:
    return rate * x


@VerifiedFormula
def l2_penalty_gradient(x: Any, *, rate: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The gradient of the L2 penalty.

    rate x_i

    x: (..., n), the input
    rate: the strength of the penalty
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.5555/2986916.2987033, 2.
    Proof: l2-penalty-gradient-computed.
    """
    return along_axis(_l2_penalty_gradient, blocks.l2_penalty_gradient, {"x": x}, (rate,), axis=axis, out=out)


def _rms_norm(x: Any, w: Any, epsilon: float) -> Any:
    return w * (x / np.sqrt(epsilon + np.sum(x**2, axis=-1, keepdims=True) / x.shape[-1]))


@VerifiedFormula
def rms_norm(x: Any, w: Any, *, epsilon: float = 1e-05, axis: int = -1, out: Any = None) -> Any:
    """RMSNorm.

    w_i x_i / sqrt(mean of x^2 + epsilon)

    x: (..., n), the input
    w: (..., n), the weight of each entry
    epsilon: is added to the mean square before the root (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1910.07467, 3.
    Proof: rms-norm-computed.
    """
    return along_axis(_rms_norm, blocks.rms_norm, {"x": x, "w": w}, (positive("epsilon", epsilon),), axis=axis, out=out)


def _rms_norm_vjp(x: Any, w: Any, g: Any, epsilon: float) -> Any:
    largest = np.argmax(np.abs(x), axis=-1, keepdims=True)
    is_there = np.arange(x.shape[-1]) == largest
    root = np.sqrt(epsilon + np.sum(x**2, axis=-1, keepdims=True) / x.shape[-1])
    ratio = x / root
    factor = g * (w / root)
    factor_2 = factor * ratio
    return np.where(
        is_there,
        np.take_along_axis(g, largest, axis=-1)
        * (np.take_along_axis(w, largest, axis=-1) / root)
        * (epsilon / root**2 + np.sum(np.where(is_there, 0.0, ratio**2), axis=-1, keepdims=True) / x.shape[-1])
        - np.take_along_axis(x, largest, axis=-1)
        / root
        * (np.sum(np.where(is_there, 0.0, factor_2), axis=-1, keepdims=True) / x.shape[-1]),
        factor - ratio * (np.sum(factor_2, axis=-1, keepdims=True) / x.shape[-1]),
    )


@VerifiedFormula
def rms_norm_vjp(x: Any, w: Any, g: Any, *, epsilon: float = 1e-05, axis: int = -1, out: Any = None) -> Any:
    """The gradient of RMSNorm by its input.

    g_j w_j / d - u_j mean of (g w u / d), d = sqrt(mean of x^2 + epsilon), u = x / d

    x: (..., n), the input
    w: (..., n), the weight of each entry
    g: (..., n), the gradient by the output
    epsilon: is added to the mean square before the root (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1910.07467, 3.
    Proof: rms-norm-vjp-computed.
    """
    return along_axis(
        _rms_norm_vjp,
        blocks.rms_norm_vjp,
        {"x": x, "w": w, "g": g},
        (positive("epsilon", epsilon),),
        axis=axis,
        out=out,
    )


def _layer_norm(x: Any, w: Any, b: Any, epsilon: float) -> Any:
    term = x - np.sum(x, axis=-1, keepdims=True) / x.shape[-1]
    return w * (term / np.sqrt(epsilon + np.sum(term**2, axis=-1, keepdims=True) / x.shape[-1])) + b


@VerifiedFormula
def layer_norm(x: Any, w: Any, b: Any, *, epsilon: float = 1e-05, axis: int = -1, out: Any = None) -> Any:
    """LayerNorm.

    w_i (x_i - mean) / sqrt(variance + epsilon) + b_i

    x: (..., n), the input
    w: (..., n), the weight of each entry
    b: (..., n), the bias of each entry
    epsilon: is added to the mean square before the root (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1607.06450, 3.
    Proof: layer-norm-computed.
    """
    return along_axis(
        _layer_norm, blocks.layer_norm, {"x": x, "w": w, "b": b}, (positive("epsilon", epsilon),), axis=axis, out=out
    )


def _layer_norm_vjp(x: Any, w: Any, g: Any, epsilon: float) -> Any:
    term = x - np.sum(x, axis=-1, keepdims=True) / x.shape[-1]
    largest = np.argmax(np.abs(term), axis=-1, keepdims=True)
    is_there = np.arange(x.shape[-1]) == largest
    term_2 = epsilon + np.sum(term**2, axis=-1, keepdims=True) / x.shape[-1]
    root = np.sqrt(term_2)
    ratio = x / root
    rest = np.sum(np.where(is_there, 0.0, ratio), axis=-1, keepdims=True)
    factor = g * (w / root)
    factor_2 = (
        epsilon / term_2
        + (
            (np.sum(np.where(is_there, 0.0, ratio**2), axis=-1, keepdims=True) - ratio * rest)
            - np.take_along_axis(x, largest, axis=-1) / root * (rest - (x.shape[-1] - 1.0) * ratio)
        )
        / x.shape[-1]
    ) * (factor - np.take_along_axis(g, largest, axis=-1) * (np.take_along_axis(w, largest, axis=-1) / root))
    ratio_2 = term / root
    return np.where(
        is_there,
        -(np.sum(np.where(is_there, 0.0, factor_2), axis=-1, keepdims=True) / x.shape[-1]),
        (
            factor_2
            + (
                ((x.shape[-1] - 1.0) * factor - np.sum(np.where(is_there, 0.0, factor), axis=-1, keepdims=True))
                - ratio_2
                * (
                    np.sum(np.where(is_there, 0.0, ratio_2 * factor), axis=-1, keepdims=True)
                    - factor * np.sum(np.where(is_there, 0.0, ratio_2), axis=-1, keepdims=True)
                )
            )
        )
        / x.shape[-1],
    )


@VerifiedFormula
def layer_norm_vjp(x: Any, w: Any, g: Any, *, epsilon: float = 1e-05, axis: int = -1, out: Any = None) -> Any:
    """The gradient of LayerNorm by its input.

    h_j - mean of h - u_j mean of (h u), d = sqrt(variance + epsilon), u = (x - mean) / d, h = g w / d

    x: (..., n), the input
    w: (..., n), the weight of each entry
    g: (..., n), the gradient by the output
    epsilon: is added to the mean square before the root (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1607.06450, 3.
    Proof: layer-norm-vjp-computed.
    """
    return along_axis(
        _layer_norm_vjp,
        blocks.layer_norm_vjp,
        {"x": x, "w": w, "g": g},
        (positive("epsilon", epsilon),),
        axis=axis,
        out=out,
    )
