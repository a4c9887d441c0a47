"""Hinges, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .in_place import hinges as blocks
from .runtime import VerifiedFormula, along_axis, positive

__all__ = ["multiclass_hinge_gradient", "softmax_hinge", "softmax_hinge_gradient"]


def _multiclass_hinge_gradient(z: Any, label: Any, margin: float) -> Any:
    is_there = np.arange(z.shape[-1]) == label
    above = np.heaviside(margin + (z - np.take_along_axis(z, label, axis=-1)), 0.0)
    return np.where(is_there, -np.sum(np.where(is_there, 0.0, above), axis=-1, keepdims=True), above)


@VerifiedFormula
def multiclass_hinge_gradient(z: Any, label: Any, *, margin: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The gradient of the multiclass hinge loss.

    1 for a class i != label with z_i - z_label + margin > 0, minus their number for i = label, else 0

    z: (..., n), the logits
    label: (...) integers, the class, an integer from 0 to n - 1
    margin: what the true class has to lead by (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    There is no derivative where a class is exactly the margin away; it does not count there.
    At infinities: as for z finite; NaN where z_i - z_label is undefined.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: arXiv:1306.0239, 2.
    Proof: multiclass-hinge-gradient-computed.
    """
    return along_axis(
        _multiclass_hinge_gradient,
        blocks.multiclass_hinge_gradient,
        {"z": z},
        (positive("margin", margin),),
        axis=axis,
        labels={"label": label},
        out=out,
    )


def _softmax_hinge(z: Any, label: Any, margin: float) -> Any:
    largest = np.arange(z.shape[-1])
    top = np.max(z, axis=-1, keepdims=True)
    decay = np.exp(z - top)
    rest = np.sum(np.where(largest == np.argmax(z, axis=-1, keepdims=True), 0.0, decay), axis=-1, keepdims=True)
    return np.sum(
        np.where(
            largest == label,
            0.0,
            np.maximum(
                (margin * rest + (margin - np.exp(np.take_along_axis(z, label, axis=-1) - top)) + decay) / (1.0 + rest),
                0.0,
            ),
        ),
        axis=-1,
        keepdims=True,
    )


@VerifiedFormula
def softmax_hinge(z: Any, label: Any, *, margin: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The hinge loss on softmax.

    sum over k != label of max(0, p_k - p_label + margin), p = softmax(z)

    z: (..., n), the logits
    label: (...) integers, the class, an integer from 0 to n - 1
    margin: what the true class has to lead by (positive)
    Returns (...); float32 and float64 are kept; losses are in nats.
    At infinities: a logit -inf has probability 0; NaN where the largest is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 003_a592d850349715ea, 4.1.
    Proof: softmax-hinge-computed.
    """
    return along_axis(
        _softmax_hinge,
        blocks.softmax_hinge,
        {"z": z},
        (positive("margin", margin),),
        axis=axis,
        labels={"label": label},
        reduces=True,
        out=out,
    )


def _softmax_hinge_gradient(z: Any, label: Any, margin: float) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    decay = np.exp(z - top)
    largest = np.arange(z.shape[-1])
    is_there = largest == label
    largest_2 = np.argmax(z, axis=-1, keepdims=True)
    rest = np.sum(np.where(largest == largest_2, 0.0, decay), axis=-1, keepdims=True)
    factor = margin * rest
    term = margin - np.exp(np.take_along_axis(z, label, axis=-1) - top)
    term_2 = 1.0 + rest
    value = np.where((factor + term + decay) / term_2 > 0.0, 1.0, 0.0)
    term_3 = np.where(is_there, -np.sum(np.where(is_there, 0.0, value), axis=-1, keepdims=True), value) - np.where(
        label == largest_2,
        -np.sum(np.where(is_there, 0.0, value), axis=-1, keepdims=True),
        np.where((1.0 + factor + term) / term_2 > 0.0, 1.0, 0.0),
    )
    return (
        decay
        * (1.0 / np.sum(decay, axis=-1, keepdims=True))
        * (term_3 - np.sum(decay * term_3, axis=-1, keepdims=True) / term_2)
    )


@VerifiedFormula
def softmax_hinge_gradient(z: Any, label: Any, *, margin: float = 1.0, axis: int = -1, out: Any = None) -> Any:
    """The gradient of the hinge loss on softmax by the logits.

    p_i (v_i - sum of p_j v_j), v_j = 1 for j != label within the margin, minus their number at the label

    z: (..., n), the logits
    label: (...) integers, the class, an integer from 0 to n - 1
    margin: what the true class has to lead by (positive)
    Returns (..., n); float32 and float64 are kept; losses are in nats.
    There is no derivative where a class is exactly the margin away; it does not count there.
    At infinities: a logit -inf has probability 0; NaN where the largest is infinite.  NaN gives NaN.
    Raises ValueError for shapes that do not fit, TypeError for other dtypes.
    Source: 003_a592d850349715ea, 4.1.
    Proof: softmax-hinge-gradient-computed.
    """
    return along_axis(
        _softmax_hinge_gradient,
        blocks.softmax_hinge_gradient,
        {"z": z},
        (positive("margin", margin),),
        axis=axis,
        labels={"label": label},
        out=out,
    )
