"""Expressions and givens as one line of text, on a blackboard and in ASCII."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.given import Define, Every, OneHot, sums_to_one
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
    positive,
    prime,
    relu,
    scalar,
    sigmoid,
    size,
    softmax,
    total,
    total_except,
    vector,
)
from symbolic.printing import as_text

n, m = size("n"), size("m")
i, j, k = index("i"), index("j"), index("k")
x, y, E, a = scalar("x"), scalar("y"), scalar("E"), positive("a")
z, t, o = vector("z", n), vector("t", n), vector("o", n)
W, X, S = matrix("W", m, n), matrix("X", m, n), scalar("S")
f = sp.Function("f")
e = sp.exp(-x)

SCALARS = [
    (1 - x, "1 - x", "1 - x"),
    (y - x, "y - x", "y - x"),
    (-x - y, "-x - y", "-x - y"),
    (1 / (1 + e), "1/(1 + exp(-x))", "1/(1 + exp(-x))"),
    (e / (1 + e) ** 2, "exp(-x)/(1 + exp(-x))²", "exp(-x)/(1 + exp(-x))^2"),
    (keep(1 + e) ** -1, "(1 + exp(-x))⁻¹", "(1 + exp(-x))^(-1)"),
    ((keep(1 + e) - 1) / (1 + e) ** 2, "(1 + exp(-x) - 1)/(1 + exp(-x))²", "(1 + exp(-x) - 1)/(1 + exp(-x))^2"),
    (keep(-1) * keep(-e), "(-1)·(-exp(-x))", "(-1)*(-exp(-x))"),
    (keep(1 / x) * (y / x), "y·(1/x)/x", "y*(1/x)/x"),
    (x - keep(-y), "x - (-y)", "x - (-y)"),
    (-y * (x + 1) / 2, "-y·(x + 1)/2", "-y*(x + 1)/2"),
    ((x * y) ** 3 * 2, "2·x³·y³", "2*x^3*y^3"),
    (sp.sqrt(a) + sp.sqrt(x + 1), "√a + √(x + 1)", "sqrt(a) + sqrt(x + 1)"),
    (x ** sp.Rational(1, 3), "x^(1/3)", "x^(1/3)"),
    (sp.Rational(983, 10000) * x, "0.0983·x", "0.0983*x"),
    (sp.Float("0.044715") * x**3, "0.044715·x³", "0.044715*x^3"),
    (sp.Rational(88, 125) - x * sp.Rational(3, 16), "0.704 - 3·x/16", "0.704 - 3*x/16"),
    (sp.Rational(-1, 3), "-1/3", "-1/3"),
    (x / 3 + sp.pi, "x/3 + π", "x/3 + pi"),
    (sp.Max(0, x) * sp.Abs(y), "|y|·max(0, x)", "|y|*max(0, x)"),
    (sp.Heaviside(x, 0) + sp.Heaviside(y, 1), "[x > 0] + [y ≥ 0]", "[x > 0] + [y >= 0]"),
    (sigmoid(x) * (1 - sigmoid(x)), "sigmoid(x)·(1 - sigmoid(x))", "sigmoid(x)*(1 - sigmoid(x))"),
    ((1 - y) * sp.log(1 - x), "(1 - y)·log(1 - x)", "(1 - y)*log(1 - x)"),
    (relu(x), "relu(x)", "relu(x)"),
    (prime(f, x) * prime(f, y, 2), "f'(x)·f''(y)", "f'(x)*f''(y)"),
    (sp.Derivative(f(x), x), "f'(x)", "f'(x)"),
    (sp.Subs(sp.Derivative(x**2 * f(x), x), x, y), "(∂(x²·f(x))/∂x at x = y)", "(d(x^2*f(x))/dx at x = y)"),
    (Cases((1, x > 0), (0, x <= 0)), "{1 if x > 0; 0 if x ≤ 0}", "{1 if x > 0; 0 if x <= 0}"),
    (sp.Piecewise((1, x > 0), (0, True)), "{1 if x > 0; 0 otherwise}", "{1 if x > 0; 0 otherwise}"),
]

DERIVATIVES = [
    (D(E, x), "∂E/∂x", "dE/dx"),
    (D(sp.tanh(x), x), "∂tanh(x)/∂x", "d(tanh(x))/dx"),
    (D(x * y, x), "∂(x·y)/∂x", "d(x*y)/dx"),
    (D(E, x, x), "∂(∂E/∂x)/∂x", "d(dE/dx)/dx"),
    (D(E, x) ** 2, "(∂E/∂x)²", "(dE/dx)^2"),
    (D(y, x) * D(E, y), "∂E/∂y · ∂y/∂x", "dE/dy * dy/dx"),
    (-t[i, 0] / S * D(S, x), "-t[i]/S · ∂S/∂x", "-t[i]/S * dS/dx"),
    (Gradient(E, W), "∂E/∂W", "dE/dW"),
    (Jacobian(E, z).T * t.T, "(∂E/∂z)ᵀ·tᵀ", "(dE/dz)^T*t^T"),
    (Jacobian(E, o) * Jacobian(o, z), "∂E/∂o · ∂o/∂z", "dE/do * do/dz"),
]

TENSORS = [
    (z[i, 0] - z[j, 0], "z[i] - z[j]", "z[i] - z[j]"),
    (W[i, j] * z[j, 0], "W[i, j]·z[j]", "W[i, j]*z[j]"),
    (delta(i, j) * z[i, 0], "z[i]·δ(i, j)", "z[i]*delta(i, j)"),
    (total(k, n, z[k, 0]), "Σ_k z[k]", "sum_k z[k]"),
    (total(k, 3, x**2), "Σ_{k = 0..2} x²", "sum_{k = 0..2} x^2"),
    (total_except(k, n, i, t[k, 0]), "Σ_{k ≠ i} t[k]", "sum_{k != i} t[k]"),
    (total(k, n, z[k, 0] + 1) + x, "x + Σ_k (z[k] + 1)", "x + sum_k (z[k] + 1)"),
    (total(i, m, total(k, n, W[i, k])), "Σ_i Σ_k W[i, k]", "sum_i sum_k W[i, k]"),
    (x * total(k, n, z[k, 0]) / S, "x/S·Σ_k z[k]", "x/S*sum_k z[k]"),
    (total(k, n, z[k, 0]) ** 2, "(Σ_k z[k])²", "(sum_k z[k])^2"),
    (softmax(z, i), "softmax(z)[i]", "softmax(z)[i]"),
    (softmax(z, i) ** 2, "softmax(z)[i]²", "softmax(z)[i]^2"),
    (softmax(z, i) * softmax(z, j), "softmax(z)[i]·softmax(z)[j]", "softmax(z)[i]*softmax(z)[j]"),
    (
        softmax(z, i) * (delta(i, j) - softmax(z, j)),
        "softmax(z)[i]·(δ(i, j) - softmax(z)[j])",
        "softmax(z)[i]*(delta(i, j) - softmax(z)[j])",
    ),
    (D(softmax(z, i), z[j, 0]), "∂softmax(z)[i]/∂z[j]", "d(softmax(z)[i])/dz[j]"),
    (sp.exp(z[i, 0]) / total(k, n, sp.exp(z[k, 0])), "exp(z[i])/(Σ_k exp(z[k]))", "exp(z[i])/(sum_k exp(z[k]))"),
    (MatrixElement(z * t.T, i, j), "(z·tᵀ)[i, j]", "(z*t^T)[i, j]"),
    (sp.IndexedBase("T", shape=(n, n, n))[i, j, k], "T[i, j, k]", "T[i, j, k]"),
]

MATRICES = [
    (W * z, "W·z", "W*z"),
    (-W * z, "-W·z", "-W*z"),
    (z - t, "z - t", "z - t"),
    (W * (z - t), "W·(z - t)", "W*(z - t)"),
    (sp.MatMul(1 / m, X.T, W), "1/m·Xᵀ·W", "1/m*X^T*W"),
    (hadamard(z, ones(n) - z), "z ⊙ (1 - z)", "z .* (1 - z)"),
    (hadamard(W.T * W * z, z), "(Wᵀ·W·z) ⊙ z", "(W^T*W*z) .* z"),
    (hadamard(t, sp.HadamardPower(z, -1)), "t ./ z", "t ./ z"),
    (sp.HadamardPower(z, 2), "z.^2", "z.^2"),
    (diag(z) - z * z.T, "diag(z) - z·zᵀ", "diag(z) - z*z^T"),
    (diag(z) * ones(n), "diag(z)·ones(n)", "diag(z)*ones(n)"),
    (sp.Identity(n) - z * z.T, "I - z·zᵀ", "I - z*z^T"),
    (elementwise(sp.tanh, z), "tanh(z)", "tanh(z)"),
    (elementwise(lambda u: prime(f, u), W * z), "f'(W·z)", "f'(W*z)"),
    (hadamard(z, elementwise(lambda u: 1 - u**2, W * z)), "z ⊙ (1 - (W·z)²)", "z .* (1 - (W*z)^2)"),
    (sp.Trace(W.T * W), "tr(Wᵀ·W)", "tr(W^T*W)"),
    (sp.Matrix([[1, 2], [x, 4]]), "[1, 2; x, 4]", "[1, 2; x, 4]"),
    (sp.Matrix([1, sp.Rational(1, 10)]), "[1, 0.1]ᵀ", "[1, 0.1]^T"),
]

GIVEN = [
    (Define(z[i, 0], total(k, m, W[k, i])), "z[i] := Σ_k W[k, i]", "z[i] := sum_k W[k, i]"),
    (sums_to_one(t), "Σ_k t[k] = 1", "sum_k t[k] = 1"),
    (sums_to_one(W), "Σ_k W[r, k] = 1 for every r", "sum_k W[r, k] = 1 for every r"),
    (Every((i, j), sp.Ge(W[i, j], 0)), "W[i, j] ≥ 0 for every i, j", "W[i, j] >= 0 for every i, j"),
    (OneHot(t), "t is one-hot", "t is one-hot"),
    (OneHot(W), "every row of W is one-hot", "every row of W is one-hot"),
    (sp.Ne(i, j), "i ≠ j", "i != j"),
    (sp.And(x > 0, x < 1), "x > 0 and x < 1", "x > 0 and x < 1"),
    (sp.Or(sp.Eq(x, 0), y >= 1), "x = 0 or y ≥ 1", "x = 0 or y >= 1"),
]


@pytest.mark.parametrize(("what", "unicode", "ascii_form"), [*SCALARS, *DERIVATIVES, *TENSORS, *MATRICES, *GIVEN])
def test_text(what: Any, unicode: str, ascii_form: str) -> None:
    assert as_text(what) == unicode
    assert as_text(what, plain=True) == ascii_form
    assert ascii_form.isascii()


def test_nameless_indices_do_not_take_the_name_of_another() -> None:
    inner = sp.Dummy("k", integer=True)
    nested = total(k, n, z[k, 0] * total(inner, n, t[inner, 0]))
    assert as_text(nested) == "Σ_k z[k]·Σ_k' t[k']"
    assert as_text(total(inner, n, t[inner, 0] * t[k, 0])) == "Σ_k' t[k]·t[k']"


def test_a_softmax_is_folded_only_where_it_is_one() -> None:
    other = sp.exp(t[i, 0]) / total(sp.Dummy("k"), n, sp.exp(z[k, 0]))
    assert "softmax" not in as_text(other)
    unequal = sp.exp(2 * z[i, 0]) * (softmax(z, j) / sp.exp(z[j, 0]))
    assert "softmax" not in as_text(unequal)


def test_what_is_no_expression_is_its_own_text() -> None:
    assert as_text(3) == "3"
    assert as_text("units") == "units"
