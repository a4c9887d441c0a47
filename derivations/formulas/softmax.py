"""Softmax, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .in_place import softmax as blocks
from .runtime import VerifiedFormula, along_axis, exp_difference, positive

__all__ = ["log_softmax", "log_softmax_jvp", "log_softmax_vjp", "logsumexp", "softmax", "softmax_jvp", "softmax_vjp"]


def _logsumexp(z: Any, temperature: float) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    return (
        temperature
        * np.log1p(
            np.sum(
                np.where(
                    np.arange(z.shape[-1]) == np.argmax(z, axis=-1, keepdims=True), 0.0, np.exp((z - top) / temperature)
                ),
                axis=-1,
                keepdims=True,
            )
        )
        + top
    )


@VerifiedFormula
def logsumexp(z: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """Log-sum-exp without overflow.

    T log(sum over k of exp(z_k / T))

    z: (..., n), the logits
    temperature: divides the logits (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: an entry -inf counts as absent; NaN where the largest logit is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1093/imanum/draa038, 2.
    Proof: logsumexp-computed.
    """
    return along_axis(
        _logsumexp,
        blocks.logsumexp,
        {"z": z},
        (positive("temperature", temperature),),
        axis=axis,
        reduces=True,
        out=out,
    )


def _softmax(z: Any, temperature: float) -> Any:
    decay = np.exp((z - np.max(z, axis=-1, keepdims=True)) / temperature)
    return decay * (1.0 / np.sum(decay, axis=-1, keepdims=True))


@VerifiedFormula
def softmax(z: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """Softmax without overflow, and the gradient of log-sum-exp.

    exp(z_i / T) / sum over k of exp(z_k / T)

    z: (..., n), the logits
    temperature: divides the logits (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: an entry -inf has probability 0; NaN where the largest logit is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.4.1.
    Proof: softmax-computed.
    """
    return along_axis(_softmax, blocks.softmax, {"z": z}, (positive("temperature", temperature),), axis=axis, out=out)


def _log_softmax(z: Any, temperature: float) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    return (z - top) / temperature - np.log1p(
        np.sum(
            np.where(
                np.arange(z.shape[-1]) == np.argmax(z, axis=-1, keepdims=True), 0.0, exp_difference(z, top, temperature)
            ),
            axis=-1,
            keepdims=True,
        )
    )


@VerifiedFormula
def log_softmax(z: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """Log-softmax that keeps the dominant class.

    z_i / T - log(sum over k of exp(z_k / T))

    z: (..., n), the logits
    temperature: divides the logits (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: -inf for an entry -inf; NaN where the largest logit is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1093/imanum/draa038, 2.
    Proof: log-softmax-computed.
    """
    return along_axis(
        _log_softmax, blocks.log_softmax, {"z": z}, (positive("temperature", temperature),), axis=axis, out=out
    )


def _softmax_jvp(z: Any, v: Any, temperature: float) -> Any:
    decay = np.exp((z - np.max(z, axis=-1, keepdims=True)) / temperature)
    rest = np.sum(decay, axis=-1, keepdims=True)
    term = v - np.take_along_axis(v, np.argmax(z, axis=-1, keepdims=True), axis=-1)
    return decay * (1.0 / rest) * (term - np.sum(decay * term, axis=-1, keepdims=True) / rest) / temperature


@VerifiedFormula
def softmax_jvp(z: Any, v: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The softmax Jacobian times a vector, without the Jacobian.

    sum over j of dy_i/dz_j v_j = y_i (v_i - sum over k of y_k v_k) / T

    z: (..., n), the logits
    v: (..., n), the vector that the Jacobian is multiplied by
    temperature: divides the logits (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: an entry -inf has probability 0; NaN where the largest logit is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.4.1.
    Proof: softmax-jvp-computed.
    """
    return along_axis(
        _softmax_jvp, blocks.softmax_jvp, {"z": z, "v": v}, (positive("temperature", temperature),), axis=axis, out=out
    )


def _softmax_vjp(z: Any, v: Any, temperature: float) -> Any:
    decay = np.exp((z - np.max(z, axis=-1, keepdims=True)) / temperature)
    rest = np.sum(decay, axis=-1, keepdims=True)
    term = v - np.take_along_axis(v, np.argmax(z, axis=-1, keepdims=True), axis=-1)
    return decay * (1.0 / rest) * (term - np.sum(decay * term, axis=-1, keepdims=True) / rest) / temperature


@VerifiedFormula
def softmax_vjp(z: Any, v: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """A vector times the softmax Jacobian (reverse mode).

    sum over i of v_i dy_i/dz_j = y_j (v_j - sum over k of y_k v_k) / T

    z: (..., n), the logits
    v: (..., n), the vector that the Jacobian is multiplied by
    temperature: divides the logits (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: an entry -inf has probability 0; NaN where the largest logit is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.4.1.
    Proof: softmax-vjp-computed.
    """
    return along_axis(
        _softmax_vjp, blocks.softmax_vjp, {"z": z, "v": v}, (positive("temperature", temperature),), axis=axis, out=out
    )


def _log_softmax_jvp(z: Any, v: Any, temperature: float) -> Any:
    term = v - np.take_along_axis(v, np.argmax(z, axis=-1, keepdims=True), axis=-1)
    decay = np.exp((z - np.max(z, axis=-1, keepdims=True)) / temperature)
    return (term - np.sum(decay * term, axis=-1, keepdims=True) / np.sum(decay, axis=-1, keepdims=True)) / temperature


@VerifiedFormula
def log_softmax_jvp(z: Any, v: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The Jacobian of log-softmax times a vector.

    sum over j of d(log y_i)/dz_j v_j = (v_i - sum over k of y_k v_k) / T

    z: (..., n), the logits
    v: (..., n), the vector that the Jacobian is multiplied by
    temperature: divides the logits (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: an entry -inf has probability 0; NaN where the largest logit is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1093/imanum/draa038, 2.
    Proof: log-softmax-jvp-computed.
    """
    return along_axis(
        _log_softmax_jvp,
        blocks.log_softmax_jvp,
        {"z": z, "v": v},
        (positive("temperature", temperature),),
        axis=axis,
        out=out,
    )


def _log_softmax_vjp(z: Any, v: Any, temperature: float) -> Any:
    decay = np.exp((z - np.max(z, axis=-1, keepdims=True)) / temperature)
    return (v - np.sum(v, axis=-1, keepdims=True) * decay * (1.0 / np.sum(decay, axis=-1, keepdims=True))) / temperature


@VerifiedFormula
def log_softmax_vjp(z: Any, v: Any, *, temperature: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """A vector times the Jacobian of log-softmax (reverse mode).

    sum over i of v_i d(log y_i)/dz_j = (v_j - y_j sum over k of v_k) / T

    z: (..., n), the logits
    v: (..., n), the vector that the Jacobian is multiplied by
    temperature: divides the logits (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: an entry -inf has probability 0; NaN where the largest logit is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1093/imanum/draa038, 2.
    Proof: log-softmax-vjp-computed.
    """
    return along_axis(
        _log_softmax_vjp,
        blocks.log_softmax_vjp,
        {"z": z, "v": v},
        (positive("temperature", temperature),),
        axis=axis,
        out=out,
    )
