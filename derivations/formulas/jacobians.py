"""Jacobians, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .matrices import over_matrices
from .runtime import VerifiedFormula, positive
from .softmax import softmax

__all__ = ["log_softmax_jacobian", "softmax_jacobian"]


def _softmax_jacobian(z: Any, temperature: float) -> Any:
    y = softmax(z, temperature=temperature)
    ratio = y / temperature
    value = y[..., None, :] * (-ratio)[..., None]
    np.einsum("...ii->...i", value)[...] = ratio * (y @ (1 - np.eye(z.shape[-1], dtype=z.dtype)))
    return value


@VerifiedFormula
def softmax_jacobian(z: Any, *, temperature: float = 1.0, out: Any = None) -> Any:
    """The Jacobian of softmax.

    dy_i/dz_j = y_i ([i = j] - y_j) / T

    z: (..., n), the logits
    temperature: divides the logits (positive)
    Returns (..., n, n); float32 and float64 are kept; losses are in nats.
    At infinities: an entry -inf has probability 0; NaN where the largest logit is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.4.1.
    Proof: softmax-jacobian-computed, with softmax-computed.
    """
    return over_matrices(
        _softmax_jacobian, {"z": z}, "(n)->(n,n)", {"temperature": positive("temperature", temperature)}, out=out
    )


def _log_softmax_jacobian(z: Any, temperature: float) -> Any:
    y = softmax(z, temperature=temperature)
    return np.where(
        np.eye(z.shape[-1], dtype=bool),
        (y @ (1 - np.eye(z.shape[-1], dtype=z.dtype)) / temperature)[..., None],
        (-(y / temperature))[..., None, :],
    )


@VerifiedFormula
def log_softmax_jacobian(z: Any, *, temperature: float = 1.0, out: Any = None) -> Any:
    """The Jacobian of log-softmax.

    d(log y_i)/dz_j = ([i = j] - y_j) / T

    z: (..., n), the logits
    temperature: divides the logits (positive)
    Returns (..., n, n); float32 and float64 are kept; losses are in nats.
    At infinities: an entry -inf has probability 0; NaN where the largest logit is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1093/imanum/draa038, 2.
    Proof: log-softmax-jacobian-computed, with softmax-computed.
    """
    return over_matrices(
        _log_softmax_jacobian, {"z": z}, "(n)->(n,n)", {"temperature": positive("temperature", temperature)}, out=out
    )
