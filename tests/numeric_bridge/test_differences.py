"""Finite differences and rounding: the errors that they state cover the errors that they have."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from numeric_bridge.evaluation import Point, Run
from numeric_bridge.program import DIFFERENCES, compile_terms
from numeric_bridge.rounding import errors_of, tolerance_of
from symbolic import lower
from symbolic.given import Define
from symbolic.notation import D, Gradient, delta, index, matrix, relu, scalar, sigmoid, size, softmax, total, vector

n, m = size("n"), size("m")
i, j, k = index("i"), index("j"), index("k")
x, u = scalar("x"), scalar("u")
z, W = vector("z", n), matrix("W", m, n)


def differenced(expression: Any, arrays: dict[str, Any], given: tuple[Any, ...] = (), **sizes: int) -> Any:
    """The value by differences and its stated error, at points along the first axis."""
    claim = lower(expression, expression, given)
    program = compile_terms([claim.left], claim, derivatives=DIFFERENCES)
    run = Run(program, Point(sizes, {name: np.asarray(a, float) for name, a in arrays.items()}, rank=1))
    return run.output(), tolerance_of(run, errors_of(run))


SMOOTH = {
    "sigmoid": (sigmoid(x), lambda v: 1 / (1 + mpmath.exp(-v))),
    "tanh": (sp.tanh(x), mpmath.tanh),
    "log(1 + x^2)": (sp.log(1 + x**2), lambda v: mpmath.log(1 + v * v)),
    "exp(x^2)": (sp.exp(x**2), lambda v: mpmath.exp(v * v)),
    "x^5": (x**5, lambda v: v**5),
    "sin(3 x)": (sp.sin(3 * x), lambda v: mpmath.sin(3 * v)),
    "cancelling": ((x + 10**6) ** 2 - sp.Integer(10) ** 12, lambda v: (v + 10**6) ** 2 - 10**12),
}


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("order", [1, 2])
def test_the_stated_error_covers_the_error(name: str, order: int) -> None:
    expression, exact = SMOOTH[name]
    points = np.linspace(-1.7, 1.9, 13)
    value, error = differenced(D(expression, *[x] * order), {"x": points})
    with mpmath.workdps(50):
        truth = [float(mpmath.diff(exact, mpmath.mpf(float(p)), order)) for p in points]
    off = np.abs(value - truth)
    assert (off <= error).all()
    if order == 1 and name != "cancelling":
        assert (error <= 1e-8 * np.maximum(1, np.abs(truth))).all()


def test_every_entry_of_a_jacobian() -> None:
    values = np.random.default_rng(0).normal(size=(5, 4, 1))
    jacobian, error = differenced(D(softmax(z, i), z[j, 0]), {"z": values}, n=4)
    y = np.exp(values) / np.exp(values).sum(axis=1, keepdims=True)
    truth = np.eye(4) * y - y @ y.transpose(0, 2, 1)
    assert jacobian.shape == (5, 4, 4)
    assert (np.abs(jacobian - truth) <= error).all()
    assert error.max() < 1e-9


def test_an_index_met_twice_gives_the_diagonal() -> None:
    values = np.random.default_rng(1).normal(size=(3, 4, 1))
    diagonal, error = differenced(D(softmax(z, j), z[j, 0]), {"z": values}, n=4)
    y = (np.exp(values) / np.exp(values).sum(axis=1, keepdims=True))[..., 0]
    assert (np.abs(diagonal - y * (1 - y)) <= error).all()


def test_a_defined_quantity_is_cut_loose() -> None:
    y, loss = vector("y", n), scalar("L")
    graph = (Define(y[i, 0], softmax(z, i)), Define(loss, total(k, n, y[k, 0] ** 2 * z[k, 0])))
    values = np.random.default_rng(2).normal(size=(3, 4, 1))
    found, error = differenced(D(loss, y[j, 0]), {"z": values}, graph, n=4)
    probabilities = np.exp(values) / np.exp(values).sum(axis=1, keepdims=True)
    assert (np.abs(found - (2 * probabilities * values)[..., 0]) <= error).all()


def test_a_gradient_inside_a_larger_expression_carries_its_error_along() -> None:
    loss = scalar("L")
    graph = (Define(loss, total(k, m, sp.tanh((W * z)[k, 0]))),)
    w, values = np.random.default_rng(3).normal(size=(2, 2, 3)), np.random.default_rng(4).normal(size=(2, 3, 1))
    found, error = differenced(-1000 * Gradient(loss, W), {"W": w, "z": values}, graph, m=2, n=3)
    truth = -1000 * (1 - np.tanh(w @ values) ** 2) @ values.transpose(0, 2, 1)
    assert (np.abs(found.transpose(0, 2, 1) - truth) <= error.transpose(0, 2, 1)).all()  # axes: column, row
    assert error.max() < 1e-6


def test_nothing_is_known_across_a_kink() -> None:
    points = np.array([-1.0, -0.05, 0.0, 0.02, 1.0])
    value, error = differenced(D(relu(x), x), {"x": points})
    np.testing.assert_array_equal(np.isinf(error), [False, True, True, True, False])
    np.testing.assert_allclose(value[[0, 4]], [0.0, 1.0], atol=1e-12)


def test_a_kink_in_a_definition_is_seen_too() -> None:
    h = scalar("h")
    _, error = differenced(D(h**2 + x, x), {"x": [0.01, 1.0]}, (Define(h, relu(x)),))
    np.testing.assert_array_equal(np.isinf(error), [True, False])


def test_differences_stay_inside_the_domain() -> None:
    points = np.array([0.003, 0.05, 1.0])
    value, error = differenced(D(sp.log(x), x), {"x": points})
    assert (np.abs(value - 1 / points) <= error).all()
    assert error.max() < 1e-6


def test_undefined_is_not_unknown() -> None:
    value, error = differenced(D(sp.log(x), x), {"x": [-1.0]})
    assert np.isnan(value).all()
    assert not np.isposinf(error).any()


@given(st.floats(-3, 3), st.floats(-3, 3), st.integers(0, 12))
def test_rounding_is_covered_where_terms_cancel(a: float, b: float, exponent: int) -> None:
    big = sp.Integer(10) ** exponent
    expression = (x * u + big) - big + (x - u) / (1 + x**2) - sp.exp(x) * (u + 1)
    claim = lower(expression, expression)
    run = Run(compile_terms([claim.left], claim), Point({}, {"x": np.array([a]), "u": np.array([b])}, rank=1))
    bound = tolerance_of(run, errors_of(run))
    with mpmath.workdps(50):
        p, q = mpmath.mpf(a), mpmath.mpf(b)
        truth = p * q + (p - q) / (1 + p * p) - mpmath.exp(p) * (q + 1)
        assert abs(mpmath.mpf(float(run.output()[0])) - truth) <= float(bound[0])
    assert bound[0] < 1e-12 * max(10.0**exponent, 10.0) * 1e3


def test_the_bound_does_not_grow_with_what_is_exact() -> None:
    expression = total(k, n, delta(i, k) * z[k, 0])
    claim = lower(expression, expression)
    run = Run(compile_terms([claim.left], claim), Point({"n": 50}, {"z": np.ones((1, 50, 1))}, rank=1))
    assert tolerance_of(run, errors_of(run)).max() < 1e-14
