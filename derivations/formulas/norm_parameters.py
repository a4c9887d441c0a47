"""Norm parameters, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .matrices import over_matrices
from .runtime import VerifiedFormula, positive

__all__ = ["layer_norm_bias_vjp", "layer_norm_weight_vjp", "rms_norm_weight_vjp"]


def _layer_norm_weight_vjp(x: Any, g: Any, epsilon: float) -> Any:
    mu = np.add.reduce(x, axis=-1, keepdims=True) / x.shape[-1]
    term = x - mu
    d = np.sqrt(epsilon + np.add.reduce(term**2, axis=-1, keepdims=True) / x.shape[-1])
    term /= d
    term *= g
    return np.add.reduce(term, axis=-2, keepdims=True)


@VerifiedFormula
def layer_norm_weight_vjp(x: Any, g: Any, *, epsilon: float = 1e-05, out: Any = None) -> Any:
    """The gradient of LayerNorm by its weight, summed over the batch.

    sum over s of g_si (x_si - mean_s) / sqrt(variance_s + epsilon)

    x: (..., n), the input, one sample a row
    g: (..., n), the gradient by the output
    epsilon: is added to the mean square before the root (positive)
    Returns (n,); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1607.06450, 3.
    Proof: layer-norm-weight-vjp-computed.
    """
    return over_matrices(
        _layer_norm_weight_vjp,
        {"x": x, "g": g},
        "(m,n),(m,n)->(n)",
        {"epsilon": positive("epsilon", epsilon)},
        batch="m",
        out=out,
    )


def _layer_norm_bias_vjp(g: Any) -> Any:
    return np.add.reduce(g, axis=-2, keepdims=True)


@VerifiedFormula
def layer_norm_bias_vjp(g: Any, *, out: Any = None) -> Any:
    """The gradient of LayerNorm by its bias, summed over the batch.

    sum over s of g_si

    g: (..., n), the gradient by the output
    Returns (n,); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1607.06450, 3.
    Proof: layer-norm-bias-vjp-computed.
    """
    return over_matrices(_layer_norm_bias_vjp, {"g": g}, "(m,n)->(n)", batch="m", out=out)


def _rms_norm_weight_vjp(x: Any, g: Any, epsilon: float) -> Any:
    d = np.sqrt(epsilon + np.add.reduce(x**2, axis=-1, keepdims=True) / x.shape[-1])
    return np.add.reduce(g * (x / d), axis=-2, keepdims=True)


@VerifiedFormula
def rms_norm_weight_vjp(x: Any, g: Any, *, epsilon: float = 1e-05, out: Any = None) -> Any:
    """The gradient of RMSNorm by its weight, summed over the batch.

    sum over s of g_si x_si / sqrt(mean of x_s^2 + epsilon)

    x: (..., n), the input, one sample a row
    g: (..., n), the gradient by the output
    epsilon: is added to the mean square before the root (positive)
    Returns (n,); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; squares overflow beyond 1e154 (float32: 1e19).  NaN
        gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1910.07467, 3.
    Proof: rms-norm-weight-vjp-computed.
    """
    return over_matrices(
        _rms_norm_weight_vjp,
        {"x": x, "g": g},
        "(m,n),(m,n)->(n)",
        {"epsilon": positive("epsilon", epsilon)},
        batch="m",
        out=out,
    )
