"""Layers, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .matrices import over_matrices
from .runtime import VerifiedFormula

__all__ = ["linear", "linear_bias_vjp", "linear_vjp", "linear_weight_vjp"]


def _linear(x: Any, W: Any, b: Any) -> Any:
    value = x @ W.T
    value += b
    return value


@VerifiedFormula
def linear(x: Any, W: Any, b: Any, *, out: Any = None) -> Any:
    """The linear layer.

    y = x W^T + b: sum over j of x_sj W_ij + b_i

    x: (..., n), the input, one sample a row
    W: (u, n), the weights, one row for each output
    b: (u,), the bias of each output
    Returns (..., u); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: linear-computed.
    """
    return over_matrices(_linear, {"x": x, "W": W, "b": b}, "(m,n),(u,n),(u)->(m,u)", batch="m", out=out)


def _linear_vjp(W: Any, g: Any) -> Any:
    return g @ W


@VerifiedFormula
def linear_vjp(W: Any, g: Any, *, out: Any = None) -> Any:
    """The gradient of the linear layer by its input.

    g W: sum over i of g_si W_ij

    W: (u, n), the weights, one row for each output
    g: (..., u), the gradient by the output
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: linear-vjp-computed.
    """
    return over_matrices(_linear_vjp, {"W": W, "g": g}, "(u,n),(m,u)->(m,n)", batch="m", out=out)


def _linear_weight_vjp(x: Any, g: Any) -> Any:
    return g.T @ x


@VerifiedFormula
def linear_weight_vjp(x: Any, g: Any, *, out: Any = None) -> Any:
    """The gradient of the linear layer by its weights, summed over the batch.

    g^T x: sum over s of g_si x_sj

    x: (..., n), the input, one sample a row
    g: (..., u), the gradient by the output
    Returns (u, n); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: linear-weight-vjp-computed.
    """
    return over_matrices(_linear_weight_vjp, {"x": x, "g": g}, "(m,n),(m,u)->(u,n)", batch="m", out=out)


def _linear_bias_vjp(g: Any) -> Any:
    return np.add.reduce(g, axis=-2, keepdims=True)


@VerifiedFormula
def linear_bias_vjp(g: Any, *, out: Any = None) -> Any:
    """The gradient of the linear layer by its bias, summed over the batch.

    g^T 1: sum over s of g_si

    g: (..., u), the gradient by the output
    Returns (u,); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN; sums beyond the largest float overflow.  NaN gives
        NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 000_e684565acf2280c2, item 8.
    Proof: linear-bias-vjp-computed.
    """
    return over_matrices(_linear_bias_vjp, {"g": g}, "(m,u)->(u)", batch="m", out=out)
