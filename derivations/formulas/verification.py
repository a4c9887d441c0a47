"""A user's gradient beside a verified formula, on points that hypothesis chooses and shrinks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

__all__ = ["GradientDiffers", "verify_gradient"]

TOLERANCE = 1e-6
STEP = 1e-3
NOISE = 1e-9
FORTH = ((1, 4 / 5), (2, -1 / 5), (3, 4 / 105), (4, -1 / 280))  # the central difference of order 8


@dataclass
class GradientDiffers(AssertionError):
    """The entry that is wrong, at the smallest point found, with what was returned, what is right, and the mistake."""

    entry: tuple[int, ...]
    point: tuple[Any, ...]
    found: float
    expected: float
    mistake: str = ""

    def __str__(self) -> str:
        text = f"entry {self.entry} is {self.found:.9g}, expected {self.expected:.9g}, at {self.point}"
        return text + (f"; {self.mistake}" if self.mistake else "")


def verify_gradient(
    f: Callable[..., Any],
    gradient: Callable[..., Any],
    shapes: Mapping[str, tuple[int, ...]],
    examples: int = 100,
) -> None:
    """Tests whether `gradient` is the gradient of the scalar-valued `f` by its first argument.

    f: called with one float64 array for each shape, in their order; returns a number
    gradient: called likewise, with the layout of the first argument; a verified formula, or a user's function.
        With a verified one as `f`'s gradient it is `f` that is tested
    shapes: the name and the shape of each argument; all are drawn between -3 and 3, small numbers first

    Expected values are central differences of order 8 of f; an entry counts as right within 1e-6 of them (relative
    above 1).  Raises GradientDiffers with the smallest point found, and with the mistake where a known one explains it:
    the sign, a factor, a mean taken or missed, a transposition.
    """
    entries = st.integers(-24, 24).map(lambda k: k / 8)
    points = st.tuples(*(_arrays(shape, entries) for shape in shapes.values()))

    @seed(0)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(points)
    def holds(point: tuple[Any, ...]) -> None:
        expected, kinked = differences(f, point)
        found = np.asarray(gradient(*point), float)
        if found.shape != expected.shape:
            raise ValueError(
                f"the gradient has shape {found.shape}; expected {expected.shape}, that of the first argument"
            )
        wrong = ~(np.abs(found - expected) <= TOLERANCE * np.maximum(1, np.abs(expected))) & ~kinked
        if wrong.any():
            at = tuple(int(k) for k in np.argwhere(wrong)[0])
            raise GradientDiffers(at, point, float(found[at]), float(expected[at]), mistake(found, expected))

    holds()


def _arrays(shape: tuple[int, ...], entries: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    size = int(np.prod(shape))
    return st.lists(entries, min_size=size, max_size=size).map(lambda values: np.reshape(values, shape).astype(float))


def differences(f: Callable[..., Any], point: tuple[Any, ...]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The derivatives by every entry of the first argument, and where a kink spoils them."""
    first, *rest = point
    slopes, kinked = np.empty(first.shape), np.zeros(first.shape, bool)

    def moved(at: tuple[int, ...], by: float) -> float:
        array = first.copy()
        array[at] += by
        return float(f(array, *rest))

    middle = float(f(*point))
    for at in np.ndindex(first.shape):
        far, near = (sum(c * (moved(at, k * h) - moved(at, -k * h)) for k, c in FORTH) / h for h in (8 * STEP, STEP))
        bend_far, bend_near = (abs(moved(at, h) + moved(at, -h) - 2 * middle) for h in (8 * STEP, STEP))
        slopes[at] = far
        kinked[at] = abs(far - near) > TOLERANCE / 10 * max(1, abs(far))
        kinked[at] |= bend_near > NOISE and bend_far < 16 * bend_near  # 64 times where f is smooth, 8 at a kink
    return slopes, kinked


def mistake(found: NDArray[Any], expected: NDArray[Any]) -> str:
    """The known mistake that turns the expected gradient into the one found, if there is one."""
    size = found.size
    factors = {-1.0: "its sign is wrong", 0.5: "a factor 2 is missing", 2.0: "there is a factor 2 too much"}
    if size > 1:
        factors |= {float(size): "the mean over the entries is missing", 1 / size: "there is a mean too much"}
    if len(found) > 1:
        factors |= {float(len(found)): "the mean over the first axis is missing"}
    if np.any(np.abs(expected) > TOLERANCE):
        for factor, name in factors.items():
            if np.allclose(found, factor * expected, rtol=1e-5, atol=TOLERANCE):
                return name
    if (
        found.ndim == 2
        and found.shape[0] == found.shape[1]
        and np.allclose(found, expected.T, rtol=1e-5, atol=TOLERANCE)
    ):
        return "it is transposed"
    return ""
