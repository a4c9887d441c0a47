"""Points of the admissible set: sizes, domains, targets and conditions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import find, given, settings
from hypothesis import strategies as st

from numeric_bridge import points
from numeric_bridge.conditions import Conditions
from numeric_bridge.points import Sample, Sampler
from numeric_bridge.sampling import SmoothFunction, size_assignments
from symbolic import lower
from symbolic.given import Define, Every, OneHot, sums_to_one
from symbolic.notation import index, matrix, positive, scalar, size, softmax, total, vector

n, m, p = size("n"), size("m"), size("p")
i, j, k, r = index("i"), index("j"), index("k"), index("r")
x, a, c = scalar("x"), positive("a"), scalar("c")
z, t = vector("z", n), vector("t", n)
W, T = matrix("W", m, n), matrix("T", m, n)


def claim_of(expression: Any, *conditions: Any) -> Any:
    return lower(expression, expression, conditions)


@given(st.integers(0, 6))
def test_sizes_differ_and_one_is_at_least_two(count: int) -> None:
    names = [f"n{k}" for k in range(count)]
    for sizes in size_assignments(dict.fromkeys(names, 1)):
        assert len(set(sizes.values())) == count
        assert not count or max(sizes.values()) >= 2
        assert all(1 <= s <= max(4, count) for s in sizes.values())


def test_least_sizes_are_respected() -> None:
    assert all(sizes["n"] >= 6 for sizes in size_assignments({"n": 6, "m": 1}))
    assert size_assignments({}) == [{}]


@given(points(claim_of(total(k, n, W[i, k] * z[k, 0]) + a * x)))
def test_shapes_and_signs(sample: Sample) -> None:
    sizes, arrays = sample.point.sizes, sample.point.arrays
    assert sizes["m"] != sizes["n"]
    assert arrays["W"].shape[1:] == (sizes["m"], sizes["n"])
    assert arrays["z"].shape[1:] == (sizes["n"], 1)
    assert (arrays["a"] > 0).all()
    for array in arrays.values():
        assert ((np.abs(array) > 0.1) & (np.abs(array) < 1.6)).all()
        assert all(len(np.unique(row)) == row.size for row in array.reshape(len(array), -1))


@given(points(claim_of(T[r, k] * W[r, k] * t[k, 0], OneHot(T), OneHot(t))))
def test_one_hot_targets(sample: Sample) -> None:
    for name, axis in (("T", 2), ("t", 1)):
        array = sample.point.arrays[name]
        assert set(np.unique(array)) <= {0.0, 1.0}
        np.testing.assert_array_equal(array.sum(axis=axis), 1.0)


@given(points(claim_of(T[r, k] * t[k, 0], sums_to_one(T), sums_to_one(t))))
def test_targets_that_sum_to_one(sample: Sample) -> None:
    np.testing.assert_allclose(sample.point.arrays["T"].sum(axis=2), 1.0, rtol=1e-14)
    np.testing.assert_allclose(sample.point.arrays["t"].sum(axis=1), 1.0, rtol=1e-14)


@pytest.mark.parametrize("kind", ["one-hot", "positive", "of any sign"])
def test_every_kind_of_target_is_drawn(kind: str) -> None:
    wanted = {
        "one-hot": lambda row: set(np.unique(row)) == {0.0, 1.0},
        "positive": lambda row: (row > 0).all() and (row < 1).all(),
        "of any sign": lambda row: (row < 0).any(),
    }[kind]
    strategy = points(claim_of(t[k, 0], sums_to_one(t)))
    assert find(strategy, lambda sample: any(wanted(row) for row in sample.point.arrays["t"]))


@given(points(claim_of(x + c + a, sp.Gt(x, 2), sp.Lt(c, x), sp.Lt(a, 1))))
def test_ranges_are_met(sample: Sample) -> None:
    arrays = sample.point.arrays
    assert (arrays["x"] > 2).all()
    assert (arrays["c"] < arrays["x"]).all()
    assert (arrays["a"] < 1)[sample.admissible].all()


@given(points(claim_of(z[i, 0], Every((k,), sp.Gt(z[k, 0], 0)))))
def test_conditions_for_every_index_are_met(sample: Sample) -> None:
    assert (sample.point.arrays["z"] > 0).all()


@given(points(claim_of(x * c, sp.Eq(x, 2 * c + 1))))
def test_equations_are_solved(sample: Sample) -> None:
    arrays = sample.point.arrays
    np.testing.assert_allclose(arrays["x"], 2 * arrays["c"] + 1, atol=1e-14)


@given(points(claim_of(c, Define(c, 3 * x), sp.Gt(c, 1))))
def test_conditions_on_defined_quantities_move_what_they_depend_on(sample: Sample) -> None:
    assert (3 * sample.point.arrays["x"] > 1).all()


@settings(max_examples=25)
@given(st.data())
def test_conditions_on_single_entries_are_masks(data: st.DataObject) -> None:
    claim = claim_of(z[i, 0] - z[j, 0], sp.Ne(i, j), sp.Gt(z[i, 0], z[j, 0]))
    sample = data.draw(Sampler(claim).strategy())
    unequal, larger = Conditions(claim).at(sample.point)
    values = sample.point.arrays["z"][..., 0]
    np.testing.assert_array_equal(larger.holds, values[:, :, None] > values[:, None, :])
    np.testing.assert_array_equal(unequal.holds, ~np.eye(sample.point.sizes["n"], dtype=bool))


def test_points_are_drawn_and_shrunk_by_hypothesis() -> None:
    strategy = points(claim_of(total(k, n, z[k, 0])))
    smallest = find(strategy, lambda sample: (sample.point.arrays["z"] < -0.3).any())
    assert smallest.point.sizes == {"n": 2}
    assert (smallest.point.arrays["z"] < 0).sum() == 1


def test_undefined_functions_are_smooth() -> None:
    f = SmoothFunction(0.7, 0.9, 1.1, 0.4, -0.2)
    u, h = np.linspace(-2, 2, 9), 1e-5
    for order in range(3):
        slope = (f(order, u + h) - f(order, u - h)) / (2 * h)
        np.testing.assert_allclose(slope, f(order + 1, u), atol=1e-8)


def test_a_point_is_readable() -> None:
    sampler = Sampler(claim_of(sp.Function("f")(x) * z[i, 0]))
    sample = find(sampler.strategy(), lambda sample: True)
    assert all(part in sample.text(0) for part in ("n = 2", "x = 1.0", "z = [[1.0", "f(u) = "))
    assert softmax(z, i) is not None
