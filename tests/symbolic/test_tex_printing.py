"""Expressions and givens as TeX."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

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
from symbolic.tex_printing import as_tex

n, m = size("n"), size("m")
i, j, k = index("i"), index("j"), index("k")
x, y, E, a = scalar("x"), scalar("y"), scalar("E"), positive("alpha")
z, t = vector("z", n), vector("t", n)
W, W1 = matrix("W", m, n), matrix("W1", m, n)
f = sp.Function("f")
e = sp.exp(-x)

SCALARS = [
    (1 - x, "1 - x"),
    (1 / (1 + e), r"\frac{1}{1 + e^{-x}}"),
    (e / (1 + e) ** 2, r"\frac{e^{-x}}{(1 + e^{-x})^{2}}"),
    (-y * (x + 1) / 2, r"-\frac{y\,(x + 1)}{2}"),
    (x - keep(-y), "x - (-y)"),
    (sp.sqrt(x + 1), r"\sqrt{x + 1}"),
    (keep(x / y) ** 2, r"\left(\frac{x}{y}\right)^{2}"),
    (keep(sp.sqrt(a)) ** 3, r"\left(\sqrt{\alpha}\right)^{3}"),
    (x ** sp.Rational(1, 3), "x^{1/3}"),
    (sp.exp(-(x**2) / 2), "e^{-x^{2}/2}"),
    (sp.exp(-total(k, n, z[k, 0])), r"\exp\left(-\sum_{k} z_{k}\right)"),
    (sp.Rational("0.044715") * x**3, r"0.044715\,x^{3}"),
    (sp.Rational("1.6732632423543772848170429916717") * x, r"1.67326\ldots\,x"),
    (sp.Rational(-1, 3), r"-\frac{1}{3}"),
    (keep(sp.exp(x)) ** 2 * keep(sp.exp(-x)), r"e^{-x}\,(e^{x})^{2}"),
    (total(index("j1"), n, z[index("j1"), 0]), r"\sum_{j_{1}} z_{j_{1}}"),
    (sp.Symbol("log_y"), r"\log y"),
    (sp.tanh(x) ** 2, r"\tanh^{2}(x)"),
    (sigmoid(x) * (1 - sigmoid(x)), r"\sigma(x)\,(1 - \sigma(x))"),
    (sp.Max(0, x) * sp.Abs(y), r"\left|y\right|\,\max(0, x)"),
    (relu(x) + sp.Heaviside(x, 0), r"[x > 0] + \operatorname{ReLU}(x)"),
    (prime(f, x) * prime(f, y, 2), "f'(x)\\,f''(y)"),
    (
        Cases((1, x > 0), (0, x <= 0)),
        r"\begin{cases} \displaystyle 1 & \text{if } x > 0 \\ \displaystyle 0 & \text{if } x \leq 0 \end{cases}",
    ),
    (x / sp.sqrt(2), r"\frac{x}{\sqrt{2}}"),
    (sp.Symbol("label"), r"\mathrm{label}"),
]

TENSORS = [
    (W[i, j] * z[j, 0], r"W_{i j}\,z_{j}"),
    (W1[i, j], "W_{1, i j}"),
    (delta(i, j), r"\delta_{i j}"),
    (total(k, n, z[k, 0]), r"\sum_{k} z_{k}"),
    (total(k, 3, x**2), r"\sum_{k = 0}^{2} x^{2}"),
    (total_except(k, n, i, t[k, 0]), r"\sum_{k \neq i} t_{k}"),
    (total(k, n, keep(1 - delta(k, i)) * t[k, 0]), r"\sum_{k \neq i} t_{k}"),
    (total(k, n, z[k, 0] + 1), r"\sum_{k} (z_{k} + 1)"),
    (total(k, n, z[k, 0]) ** 2, r"\left(\sum_{k} z_{k}\right)^{2}"),
    (x * total(k, n, z[k, 0]) / y, r"\frac{x}{y}\,\sum_{k} z_{k}"),
    (softmax(z, i) ** 2, r"\operatorname{softmax}(z)_{i}^{2}"),
    (D(softmax(z, i), z[j, 0]), r"\frac{\partial}{\partial z_{j}} \operatorname{softmax}(z)_{i}"),
]

MATRICES = [
    (W * z, r"W\,z"),
    (sp.MatMul(W.T, W), r"W^{\top}\,W"),
    (hadamard(z, ones(n) - z), r"z \odot (1 - z)"),
    (diag(z), r"\operatorname{diag}(z)"),
    (elementwise(sp.tanh, z), r"\tanh(z)"),
    (Gradient(E, W), r"\frac{\partial E}{\partial W}"),
    (Jacobian(E, z).T, r"\left(\frac{\partial E}{\partial z}\right)^{\top}"),
    (sp.Matrix([[1, 2], [x, 4]]), r"\begin{pmatrix} 1 & 2 \\ x & 4 \end{pmatrix}"),
]

DERIVATIVES = [
    (D(E, x), r"\frac{\partial E}{\partial x}"),
    (D(x * y, x), r"\frac{\partial}{\partial x} (x\,y)"),
    (D(sp.tanh(x), x), r"\frac{\partial}{\partial x} \tanh(x)"),
]

GIVEN = [
    (Define(z[i, 0], total(k, m, W[k, i])), r"z_{i} := \sum_{k} W_{k i}"),
    (sums_to_one(t), r"\sum_{k} t_{k} = 1"),
    (Every((i,), sp.Gt(t[i, 0], 0)), r"t_{i} > 0 \text{ for every } i"),
    (OneHot(t), r"t \text{ is one-hot}"),
    (sp.And(x > 0, x < 1), r"x > 0 \text{ and } x < 1"),
]


@pytest.mark.parametrize(("what", "tex"), [*SCALARS, *TENSORS, *MATRICES, *DERIVATIVES, *GIVEN])
def test_tex(what: Any, tex: str) -> None:
    assert as_tex(what) == tex


def test_symbols_by_names_of_the_caller() -> None:
    assert as_tex(z[i, 0] / sp.Symbol("temperature"), {"temperature": "T"}) == r"\frac{z_{i}}{T}"
