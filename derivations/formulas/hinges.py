"""Hinges, generated from the catalogue by `derivations.formulas.build`; not to be edited.

Each kernel is the last line of its derivation, which is proved equal to the equation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .in_place import hinges as blocks
from .runtime import VerifiedFormula, along_axis, exp_difference, positive

__all__ = ["multiclass_hinge_gradient", "softmax_hinge", "softmax_hinge_gradient"]


def _multiclass_hinge_gradient(z: Any, label: Any, margin: float) -> Any:
    is_there = np.arange(z.shape[-1]) == label
    term = margin + (z - np.take_along_axis(z, label, axis=-1))
    value = np.where(term > 0, 1, np.where(term <= 0, 0, np.nan))
    return np.where(is_there, -np.sum(np.where(is_there, 0, value), axis=-1, keepdims=True), value)


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
        {"z": z},
        (positive("margin", margin),),
        blocks=blocks.multiclass_hinge_gradient,
        axis=axis,
        labels={"label": label},
        out=out,
    )


def _softmax_hinge(z: Any, label: Any, margin: float) -> Any:
    largest = np.arange(z.shape[-1])
    top = np.max(z, axis=-1, keepdims=True)
    weight = exp_difference(z, top)
    term = 1 + np.sum(np.where(largest == np.argmax(z, axis=-1, keepdims=True), 0, weight), axis=-1, keepdims=True)
    return np.sum(
        np.where(
            largest == label,
            0,
            np.maximum(margin + (weight / term - exp_difference(np.take_along_axis(z, label, axis=-1), top) / term), 0),
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
        {"z": z},
        (positive("margin", margin),),
        blocks=blocks.softmax_hinge,
        axis=axis,
        labels={"label": label},
        reduces=True,
        out=out,
    )


def _softmax_hinge_gradient(z: Any, label: Any, margin: float) -> Any:
    top = np.max(z, axis=-1, keepdims=True)
    weight = exp_difference(z, top)
    largest = np.arange(z.shape[-1])
    is_there = largest == label
    largest_2 = np.argmax(z, axis=-1, keepdims=True)
    term = 1 + np.sum(np.where(largest == largest_2, 0, weight), axis=-1, keepdims=True)
    ratio = exp_difference(np.take_along_axis(z, label, axis=-1), top) / term
    value = np.where(margin + (weight / term - ratio) > 0, 1, 0)
    term_2 = np.where(is_there, -np.sum(np.where(is_there, 0, value), axis=-1, keepdims=True), value) - np.where(
        label == largest_2,
        -np.sum(np.where(is_there, 0, value), axis=-1, keepdims=True),
        np.where(margin + (1 / term - ratio) > 0, 1, 0),
    )
    return weight * (term_2 - np.sum(weight * term_2, axis=-1, keepdims=True) / term) / term


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
        {"z": z},
        (positive("margin", margin),),
        blocks=blocks.softmax_hinge_gradient,
        axis=axis,
        labels={"label": label},
        out=out,
    )
