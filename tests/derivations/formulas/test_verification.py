"""Right gradients pass; wrong ones are refused with the entry, a small point, and the mistake where one is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derivations import formulas, verify_gradient
from derivations.formulas.verification import GradientDiffers

LABEL = 1


def loss(z: Any) -> Any:
    return formulas.cross_entropy_label(z, LABEL)


def right(z: Any) -> Any:
    return formulas.cross_entropy_label_gradient(z, LABEL)


def test_a_right_gradient_passes() -> None:
    verify_gradient(loss, right, {"z": (3,)}, examples=20)


def test_a_kink_is_let_through() -> None:
    verify_gradient(lambda z: formulas.relu(z).sum(), formulas.relu_derivative, {"z": (2,)}, examples=20)


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        (lambda z: -right(z), "its sign is wrong"),
        (lambda z: 2 * right(z), "a factor 2 too much"),
        (lambda z: right(z) / 3, "there is a mean too much"),
        (lambda z: right(z) + np.eye(3)[2], r"entry \(2,\)"),
    ],
)
def test_a_wrong_one_is_refused(wrong: Any, mistake: str) -> None:
    with pytest.raises(GradientDiffers, match=mistake):
        verify_gradient(loss, wrong, {"z": (3,)}, examples=20)


def test_a_transposed_one_is_recognised() -> None:
    def f(w: Any, x: Any) -> Any:
        return (w @ x)[0] ** 2 / 2

    def transposed(w: Any, x: Any) -> Any:
        return np.outer(x, [(w @ x)[0], 0])

    with pytest.raises(GradientDiffers, match="it is transposed"):
        verify_gradient(f, transposed, {"w": (2, 2), "x": (2,)}, examples=50)


def test_a_wrong_shape_is_named() -> None:
    with pytest.raises(ValueError, match=r"shape \(1,\); expected \(3,\)"):
        verify_gradient(loss, lambda z: right(z)[:1], {"z": (3,)}, examples=2)
