"""SymPy expressions as NumPy functions: any sizes, any leading axes, no overflow."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from numeric_bridge import compile_expression
from symbolic.given import Define
from symbolic.notation import (
    Cases,
    D,
    Gradient,
    Jacobian,
    delta,
    diag,
    elementwise,
    hadamard,
    index,
    keep,
    matrix,
    ones,
    prime,
    relu,
    scalar,
    sigmoid,
    size,
    softmax,
    softplus,
    total,
    total_except,
    vector,
)

n, m, p = size("n"), size("m"), size("p")
i, j, k = index("i"), index("j"), index("k")
x, u = scalar("x"), scalar("u")
z, b, t = vector("z", n), vector("b", m), vector("t", n)
W, V = matrix("W", m, n), matrix("V", n, p)
RNG = np.random.default_rng(7)
EXTREME = np.array([-800.0, -40.0, -1e-9, 0.0, 1e-9, 40.0, 800.0])


def normal(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape)


# ---- what it computes


@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 3, 4), (5, 1, 2), (30, 20, 10)])
def test_one_compilation_serves_every_size(sizes: tuple[int, int, int]) -> None:
    rows, inner, columns = sizes
    f = AFFINE
    w, v, s = normal(rows, inner), normal(inner, columns), normal(inner, 1)
    expected = (w @ np.diagflat(s) @ v) ** 2 + 3 * w @ v
    np.testing.assert_allclose(f(w, v, s), expected, rtol=1e-12, atol=1e-12)


AFFINE = compile_expression(hadamard(W * diag(z) * V, W * diag(z) * V) + 3 * W * V, arguments=(W, V, z))


def test_leading_axes_broadcast() -> None:
    f = compile_expression(W * z + b, arguments=(W, z, b))
    w, zs, bs = normal(3, 4), normal(7, 2, 4, 1), normal(2, 3, 1)
    np.testing.assert_allclose(f(w, zs, bs), w @ zs + bs, rtol=1e-12)
    assert f(w, zs[0, 0], bs[0]).shape == (3, 1)


def test_entries_give_one_axis_for_each_free_index() -> None:
    f = compile_expression(softmax(z, j) * (delta(i, j) - softmax(z, i)))
    values = normal(6, 5, 1)
    y = np.exp(values) / np.exp(values).sum(axis=1, keepdims=True)
    expected = np.eye(5) * y - y @ y.transpose(0, 2, 1)
    assert (f.axes, f.result_shape) == (("i", "j"), ("n", "n"))
    np.testing.assert_allclose(f(values), expected, rtol=1e-12, atol=1e-15)


def test_matrices_keep_their_declared_shape() -> None:
    row = compile_expression(z.T)
    assert row(normal(4, 3, 1)).shape == (4, 1, 3)
    assert compile_expression(z.T * z)(normal(4, 3, 1)).shape == (4, 1, 1)
    assert compile_expression(ones(n, m) * b)(normal(2, 1), sizes={"n": 5}).shape == (5, 1)


def test_explicit_matrices_and_positions() -> None:
    f = compile_expression(sp.ImmutableMatrix([[1, 2], [3, 4]]) * sp.MatrixSymbol("c", 2, 1))
    np.testing.assert_allclose(f(np.array([[1.0], [10.0]])), [[21.0], [43.0]])
    q = sp.MatrixSymbol("q", 3, 3)
    assert compile_expression(q[0, 2] * q[1, 1])(np.arange(9.0).reshape(3, 3)) == 8.0
    np.testing.assert_allclose(compile_expression(matrix("Q", n, n)[i, i])(np.arange(9.0).reshape(3, 3)), [0, 4, 8])


def test_definitions_are_unfolded_once() -> None:
    y = vector("y", n)
    f = compile_expression(total(k, n, t[k, 0] * sp.log(y[k, 0])), given=(Define(y[i, 0], softmax(z, i)),))
    targets, logits = normal(3, 1), normal(3, 1)
    expected = (targets * (logits - np.log(np.exp(logits).sum()))).sum()
    assert f.arguments == ("t", "z")
    np.testing.assert_allclose(f(t=targets, z=logits), expected, rtol=1e-12)


def test_derivatives_are_taken_by_rule() -> None:
    y = vector("y", n)
    jacobian = compile_expression(Jacobian(y, z), given=(Define(y[i, 0], softmax(z, i)),))
    np.testing.assert_allclose(jacobian(np.zeros((2, 1))), [[0.25, -0.25], [-0.25, 0.25]])
    gradient = compile_expression(Gradient(total(k, m, (W * z)[k, 0]), W), arguments=(W, z))
    np.testing.assert_allclose(gradient(normal(2, 3), np.array([[1.0], [2], [3]])), [[1, 2, 3], [1, 2, 3]])


def test_undefined_functions_are_given_at_the_call() -> None:
    f = sp.Function("f")
    g = compile_expression(f(x) * prime(f, x * u), arguments=(x, u))
    assert g(2.0, 3.0, functions={"f": (np.sin, np.cos)}) == pytest.approx(np.sin(2) * np.cos(6))
    with pytest.raises(ValueError, match="has no derivative of order 1"):
        g(2.0, 3.0, functions={"f": np.sin})
    with pytest.raises(TypeError, match="does not say what f is"):
        g(2.0, 3.0)


def test_elementwise_functions_and_constants() -> None:
    f = compile_expression(elementwise(sp.tanh, z) + sp.pi * z + elementwise(sp.erf, z) * sp.Rational(1, 3))
    from scipy.special import erf

    values = normal(4, 1)
    np.testing.assert_allclose(f(values), np.tanh(values) + np.pi * values + erf(values) / 3, rtol=1e-12)


# ---- cases


def test_cases_take_the_branch_of_the_sign() -> None:
    f = compile_expression(sp.Piecewise((sp.sqrt(x), x > 0), (sp.Abs(x) + 1, True)))
    np.testing.assert_allclose(f(np.array([4.0, 0.0, -2.0])), [2.0, 1.0, 3.0])


def test_a_derivative_does_not_exist_at_a_kink() -> None:
    values = compile_expression(D(relu(x), x))(np.array([-1.0, 0.0, 2.0]))
    np.testing.assert_array_equal(values, [0.0, np.nan, 1.0])
    smooth = compile_expression(D(sp.Piecewise((x**2, x > 0), (0, True)), x))(np.array([-1.0, 0.0, 2.0]))
    np.testing.assert_array_equal(smooth, [0.0, 0.0, 4.0])


def test_a_table_without_a_case_or_with_two_values_has_none() -> None:
    f = compile_expression(Cases((0, x <= 0), (1, x >= 0), (2, x > 5)))
    np.testing.assert_array_equal(f(np.array([-1.0, 0.0, 1.0, 6.0])), [0.0, np.nan, 1.0, np.nan])
    g = compile_expression(Cases((x, x >= 0), (-x, x <= 0)))
    np.testing.assert_array_equal(g(np.array([-1.0, 0.0, 1.0])), [1.0, 0.0, 1.0])


def test_sums_leave_an_index_out() -> None:
    f = compile_expression(total_except(k, n, i, z[k, 0]))
    np.testing.assert_allclose(f(np.array([[1.0], [10.0], [100.0]])), [110.0, 101.0, 11.0])


# ---- stability


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (sigmoid(u), [0.0, 4.248354255291589e-18, 0.49999999975, 0.5, 0.50000000025, 1.0, 1.0]),
        (sp.log(sigmoid(u)), [-800.0, -40.0, -np.log(2), -np.log(2), -np.log(2), -4.248354255291589e-18, 0.0]),
        (softplus(u), [0.0, 4.248354255291589e-18, np.log(2), np.log(2), np.log(2), 40.0, 800.0]),
        (sp.exp(-u) / (1 + sp.exp(-u)) ** 2, [0.0, 4.248354255291589e-18, 0.25, 0.25, 0.25, 4.248354255291589e-18, 0]),
        (D(sigmoid(u), u), [0.0, 4.248354255291589e-18, 0.25, 0.25, 0.25, 4.248354255291589e-18, 0.0]),
        (sp.tanh(u), [-1.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 1.0]),
        (1 - sp.tanh(u) ** 2, [0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0]),
        (sp.log(1 + keep(u) ** 2), np.log1p(EXTREME**2)),
    ],
    ids=str,
)
def test_no_overflow(expression: sp.Expr, expected: list[float]) -> None:
    np.testing.assert_allclose(compile_expression(expression)(EXTREME), expected, rtol=1e-8, atol=1e-14)


@given(st.floats(-1e4, 1e4), st.integers(1, 6))
def test_softmax_and_log_sum_exp_at_any_shift(shift: float, length: int) -> None:
    logits = np.linspace(-3, 3, length)[:, None]
    exact = np.exp(logits - logits.max())
    exact = exact / exact.sum()
    np.testing.assert_allclose(SOFTMAX(logits + shift)[:, None], exact, rtol=1e-10)
    log_sum = np.log(np.exp(logits).sum()) + shift
    np.testing.assert_allclose(LOG_SUM_EXP(logits + shift), log_sum, rtol=1e-10, atol=1e-10)


SOFTMAX = compile_expression(softmax(z, i))
LOG_SUM_EXP = compile_expression(sp.log(total(i, n, sp.exp(z[i, 0]))))


def test_extreme_logits_far_apart() -> None:
    logits = np.array([[1000.0], [0.0], [999.0], [-1000.0]])
    np.testing.assert_allclose(SOFTMAX(logits), [0.7310585786300049, 0.0, 0.2689414213699951, 0.0])
    loss = compile_expression(-total(k, n, t[k, 0] * sp.log(softmax(z, k))), arguments=(t, z))
    np.testing.assert_allclose(loss(np.array([[0.0], [0.0], [0.0], [1.0]]), logits), 2000.3132616875182)


def test_a_sum_of_products_of_large_and_small_exponentials() -> None:
    f = compile_expression(total(k, n, keep(sp.exp(z[k, 0])) * keep(sp.exp(-z[k, 0])) * t[k, 0]), arguments=(z, t))
    np.testing.assert_allclose(f(np.array([[800.0], [-800.0]]), np.array([[2.0], [3.0]])), 5.0)
    difference = compile_expression(sp.exp(x) - sp.exp(u), arguments=(x, u))
    np.testing.assert_array_equal(difference(np.array([800.0, 1.0]), np.array([800.0, 1.0])), [0.0, 0.0])


def test_a_factor_of_zero_does_not_set_the_scale() -> None:
    f = compile_expression(total(k, n, t[k, 0] * sp.exp(z[k, 0])) + 1, arguments=(z, t))
    assert f(np.array([[900.0], [0.0]]), np.array([[0.0], [2.0]])) == 3.0


def test_products_of_many_matrices_stay_small() -> None:
    f = compile_expression(W * V * V.T * W.T, arguments=(W, V))
    w, v = normal(60, 50), normal(50, 40)
    np.testing.assert_allclose(f(w, v), w @ v @ v.T @ w.T, rtol=1e-9, atol=1e-9)


# ---- what is refused


def test_errors_name_the_argument_and_both_shapes() -> None:
    f = compile_expression(W * z + b, arguments=(W, z, b))
    w, zs, bs = normal(3, 4), normal(4, 1), normal(3, 1)
    with pytest.raises(
        ValueError, match=r"'z' has shape \(3, 1\); expected \(..., n, 1\) with n = 4 from argument 'W'"
    ):
        f(w, zs[:3], bs)
    with pytest.raises(ValueError, match=r"'W' has shape \(4,\); expected \(..., m, n\)"):
        f(w[0], zs, bs)
    with pytest.raises(ValueError, match=r"'z' has shape \(4, 2\); expected \(..., n, 1\)"):
        f(w, np.hstack([zs, zs]), bs)
    with pytest.raises(ValueError, match=r"do not broadcast: W \(\), z \(7,\), b \(3,\)"):
        f(w, np.stack([zs] * 7), np.stack([bs] * 3))
    with pytest.raises(TypeError, match="missing: b"):
        f(w, zs)
    with pytest.raises(TypeError, match="no argument 'q'"):
        f(w, zs, q=bs)
    with pytest.raises(TypeError, match="given twice"):
        f(w, zs, bs, W=w)
    with pytest.raises(TypeError, match="4 arguments given"):
        f(w, zs, bs, bs)


def test_arguments_that_do_not_fit_the_expression() -> None:
    with pytest.raises(TypeError, match="also depends on W"):
        compile_expression(W * z, arguments=(z,))
    with pytest.raises(TypeError, match="does not depend on b"):
        compile_expression(W * z, arguments=(W, z, b))
    with pytest.raises(TypeError, match="no argument shows the size n"):
        compile_expression(n * x)(2.0)
    assert compile_expression(n * x)(2.0, sizes={"n": 3}) == 6.0
