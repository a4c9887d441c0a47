"""Class losses, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from .in_place import class_losses as blocks
from .runtime import VerifiedFormula, along_axis, exp_difference, positive

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


def _cross_entropy(z: Any, t: Any) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    return np.sum(
        t
        * (
            (top - z)
            + np.log1p(
                np.sum(
                    np.where(
                        np.arange(z.shape[-1]) == np.argmax(z, axis=-1, keepdims=True), 0.0, exp_difference(z, top)
                    ),
                    axis=-1,
                    keepdims=True,
                )
            )
        ),
        axis=-1,
        keepdims=True,
    )


@VerifiedFormula
def cross_entropy(z: Any, t: Any, *, axis: int = -1, validate: bool = False, out: Any = None) -> Any:
    """Cross-entropy of softmax for any targets that sum to 1.

    -sum over k of t_k log softmax(z)_k

    z: (..., n), the logits
    t: (..., n), the targets, which sum to 1
    validate: whether targets that are no distribution are refused
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: a logit -inf has probability 0, in a loss its target has to be positive; NaN where the
        largest is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.4.1.
    Proof: cross-entropy-computed.
    """
    return along_axis(
        _cross_entropy,
        blocks.cross_entropy,
        {"z": z, "t": t},
        axis=axis,
        reduces=True,
        distributions=("t",) if validate else (),
        out=out,
    )


def _cross_entropy_gradient(z: Any, t: Any) -> Any:
    largest = np.argmax(z, axis=-1, keepdims=True)
    is_there = np.arange(z.shape[-1]) == largest
    entry = np.take_along_axis(t, largest, axis=-1)
    weight = exp_difference(z, np.max(z, axis=-1, keepdims=True))
    rest = np.sum(np.where(is_there, 0.0, weight), axis=-1, keepdims=True)
    ratio = 1.0 / (1.0 + rest)
    return np.where(is_there, ((1.0 - entry) - entry * rest) * ratio, weight * ratio - t)


@VerifiedFormula
def cross_entropy_gradient(z: Any, t: Any, *, axis: int = -1, validate: bool = False, out: Any = None) -> Any:
    """The gradient of cross-entropy, softmax(z) - t, without cancellation at the dominant class.

    softmax(z)_i - t_i

    z: (..., n), the logits
    t: (..., n), the targets, which sum to 1
    validate: whether targets that are no distribution are refused
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: a logit -inf has probability 0, in a loss its target has to be positive; NaN where the
        largest is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.4.1.
    Proof: cross-entropy-gradient-computed.
    """
    return along_axis(
        _cross_entropy_gradient,
        blocks.cross_entropy_gradient,
        {"z": z, "t": t},
        axis=axis,
        distributions=("t",) if validate else (),
        out=out,
    )


def _cross_entropy_label(z: Any, label: Any) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    return (top - np.take_along_axis(z, label, axis=-1)) + np.log1p(
        np.sum(
            np.where(np.arange(z.shape[-1]) == np.argmax(z, axis=-1, keepdims=True), 0.0, exp_difference(z, top)),
            axis=-1,
            keepdims=True,
        )
    )


@VerifiedFormula
def cross_entropy_label(z: Any, label: Any, *, axis: int = -1, out: Any = None) -> Any:
    """Cross-entropy of softmax for a class given by its number.

    -log softmax(z)_label

    z: (..., n), the logits
    label: (...) integers, the class, an integer from 0 to n - 1
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: a logit -inf has probability 0, in a loss its target has to be positive; NaN where the
        largest is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.4.1.
    Proof: cross-entropy-label-computed.
    """
    return along_axis(
        _cross_entropy_label,
        blocks.cross_entropy_label,
        {"z": z},
        axis=axis,
        labels={"label": label},
        reduces=True,
        out=out,
    )


def _cross_entropy_label_gradient(z: Any, label: Any) -> Any:
    largest = np.arange(z.shape[-1])
    largest_2 = np.argmax(z, axis=-1, keepdims=True)
    is_there = largest == largest_2
    is_there_2 = label == largest_2
    weight = exp_difference(z, np.max(z, axis=-1, keepdims=True))
    rest = np.sum(np.where(is_there, 0.0, weight), axis=-1, keepdims=True)
    ratio = 1.0 / (1.0 + rest)
    return np.where(is_there, ((1.0 - is_there_2) - is_there_2 * rest) * ratio, weight * ratio - (largest == label))


@VerifiedFormula
def cross_entropy_label_gradient(z: Any, label: Any, *, axis: int = -1, out: Any = None) -> Any:
    """The gradient of cross-entropy for a class given by its number.

    softmax(z)_i - (1 if i = label else 0)

    z: (..., n), the logits
    label: (...) integers, the class, an integer from 0 to n - 1
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: a logit -inf has probability 0, in a loss its target has to be positive; NaN where the
        largest is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 004_9eb3eaf93dd1b904, 1.4.1.
    Proof: cross-entropy-label-gradient-computed.
    """
    return along_axis(
        _cross_entropy_label_gradient,
        blocks.cross_entropy_label_gradient,
        {"z": z},
        axis=axis,
        labels={"label": label},
        out=out,
    )


def _label_smoothing(z: Any, label: Any, epsilon: float) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    return (
        (1.0 - epsilon) * (top - np.take_along_axis(z, label, axis=-1))
        + epsilon * np.sum(top - z, axis=-1, keepdims=True) / z.shape[-1]
        + np.log1p(
            np.sum(
                np.where(np.arange(z.shape[-1]) == np.argmax(z, axis=-1, keepdims=True), 0.0, np.exp(z - top)),
                axis=-1,
                keepdims=True,
            )
        )
    )


@VerifiedFormula
def label_smoothing(z: Any, label: Any, *, epsilon: float = 0.1, axis: int = -1, out: Any = None) -> Any:
    """Cross-entropy with label smoothing.

    -sum over k of ((1 - epsilon) [k = label] + epsilon/n) log softmax(z)_k

    z: (..., n), the logits
    label: (...) integers, the class, an integer from 0 to n - 1
    epsilon: how much of the target is spread over all classes
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: +inf for a logit -inf.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1512.00567, 7.
    Proof: label-smoothing-computed.
    """
    return along_axis(
        _label_smoothing,
        blocks.label_smoothing,
        {"z": z},
        (epsilon,),
        axis=axis,
        labels={"label": label},
        reduces=True,
        out=out,
    )


def _label_smoothing_gradient(z: Any, label: Any, epsilon: float) -> Any:
    decay = np.exp(z - np.max(z, axis=-1, keepdims=True))
    largest = np.arange(z.shape[-1])
    return (
        decay
        / (1.0 + np.sum(np.where(largest == np.argmax(z, axis=-1, keepdims=True), 0.0, decay), axis=-1, keepdims=True))
        - epsilon / z.shape[-1]
        - (1.0 - epsilon) * (largest == label)
    )


@VerifiedFormula
def label_smoothing_gradient(z: Any, label: Any, *, epsilon: float = 0.1, axis: int = -1, out: Any = None) -> Any:
    """The gradient of cross-entropy with label smoothing.

    softmax(z)_i - (1 - epsilon) [i = label] - epsilon/n

    z: (..., n), the logits
    label: (...) integers, the class, an integer from 0 to n - 1
    epsilon: how much of the target is spread over all classes
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: a logit -inf has probability 0, in a loss its target has to be positive; NaN where the
        largest is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1512.00567, 7.
    Proof: label-smoothing-gradient-computed.
    """
    return along_axis(
        _label_smoothing_gradient,
        blocks.label_smoothing_gradient,
        {"z": z},
        (epsilon,),
        axis=axis,
        labels={"label": label},
        out=out,
    )


def _kl_divergence(z: Any, t: Any) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    return np.sum(
        t
        * (
            (top - z)
            + np.log1p(
                np.sum(
                    np.where(np.arange(z.shape[-1]) == np.argmax(z, axis=-1, keepdims=True), 0.0, np.exp(z - top)),
                    axis=-1,
                    keepdims=True,
                )
            )
        )
        + special.xlogy(t, t),
        axis=-1,
        keepdims=True,
    )


@VerifiedFormula
def kl_divergence(z: Any, t: Any, *, axis: int = -1, validate: bool = False, out: Any = None) -> Any:
    """The Kullback-Leibler divergence of softmax from positive targets.

    sum over k of t_k (log t_k - log softmax(z)_k)

    z: (..., n), the logits
    t: (..., n), the targets, which sum to 1
    validate: whether targets that are no distribution are refused
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: a logit -inf has probability 0, in a loss its target has to be positive; NaN where the
        largest is infinite; 0 log 0 counts as 0.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1214/aoms/1177729694, 2.
    Proof: kl-divergence-computed.
    """
    return along_axis(
        _kl_divergence,
        blocks.kl_divergence,
        {"z": z, "t": t},
        axis=axis,
        reduces=True,
        distributions=("t",) if validate else (),
        out=out,
    )


def _kl_divergence_gradient(z: Any, t: Any) -> Any:
    largest = np.argmax(z, axis=-1, keepdims=True)
    is_there = np.arange(z.shape[-1]) == largest
    entry = np.take_along_axis(t, largest, axis=-1)
    weight = exp_difference(z, np.max(z, axis=-1, keepdims=True))
    rest = np.sum(np.where(is_there, 0.0, weight), axis=-1, keepdims=True)
    ratio = 1.0 / (1.0 + rest)
    return np.where(is_there, ((1.0 - entry) - entry * rest) * ratio, weight * ratio - t)


@VerifiedFormula
def kl_divergence_gradient(z: Any, t: Any, *, axis: int = -1, validate: bool = False, out: Any = None) -> Any:
    """The gradient of the Kullback-Leibler divergence by the logits.

    softmax(z)_i - t_i

    z: (..., n), the logits
    t: (..., n), the targets, which sum to 1
    validate: whether targets that are no distribution are refused
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    At infinities: a logit -inf has probability 0, in a loss its target has to be positive; NaN where the
        largest is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: doi:10.1214/aoms/1177729694, 2.
    Proof: kl-divergence-gradient-computed.
    """
    return along_axis(
        _kl_divergence_gradient,
        blocks.kl_divergence_gradient,
        {"z": z, "t": t},
        axis=axis,
        distributions=("t",) if validate else (),
        out=out,
    )


def _multiclass_hinge(z: Any, label: Any, margin: float) -> Any:
    return np.sum(
        np.where(
            np.arange(z.shape[-1]) == label, 0.0, np.maximum(margin + (z - np.take_along_axis(z, label, axis=-1)), 0.0)
        ),
        axis=-1,
        keepdims=True,
    )


@VerifiedFormula
def multiclass_hinge(z: Any, label: Any, *, margin: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The multiclass hinge loss.

    sum over k != label of max(0, z_k - z_label + margin)

    z: (..., n), the logits
    label: (...) integers, the class, an integer from 0 to n - 1
    margin: what the true class has to lead by (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: the limits where they exist, else NaN.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1306.0239, 2.
    Proof: multiclass-hinge-computed.
    """
    return along_axis(
        _multiclass_hinge,
        blocks.multiclass_hinge,
        {"z": z},
        (positive("margin", margin),),
        axis=axis,
        labels={"label": label},
        reduces=True,
        out=out,
    )
