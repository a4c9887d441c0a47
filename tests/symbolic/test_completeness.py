"""What is decided where people live: each true claim is PROVED, and a false neighbour of it is REFUTED."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
import sympy as sp
from sympy import Abs, Max, Min, Rational, cos, cosh, erf, exp, log, pi, sign, sin, sinh, sqrt, tanh

from symbolic import Define, Verdict, sums_to_one
from symbolic.decision import decide_claim
from symbolic.judge import prepare
from symbolic.notation import (
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
    softplus,
    total,
    vector,
)


class Pair(NamedTuple):
    """``left = right`` is true, ``left = wrong`` is not."""

    name: str
    left: Any
    right: Any
    wrong: Any
    given: tuple[Any, ...] = ()


n, m, h, d = size("n"), size("m"), size("h"), size("d")
i, j, k, q, r, s = (index(name) for name in "ijkqrs")
x, y, c, w = (scalar(name) for name in "xycw")
a, b, eps = positive("a"), positive("b"), positive("eps")
z, v, u, g = vector("z", n), vector("v", n), vector("u", m), vector("g", n)
A, B, W, X = matrix("A", n, n), matrix("B", n, n), matrix("W", n, m), matrix("X", n, m)
f = sp.Function("f")
phi = (1 + erf(x / sqrt(2))) / 2
bell = exp(-(x**2) / 2) / sqrt(2 * pi)
S = total(k, n, exp(z[k, 0]))

SCALARS = [
    Pair("GELU'", D(x * phi, x), phi + x * bell, phi + bell),
    Pair("GELU''", D(x * phi, x, x), (2 - x**2) * bell, (2 - x) * bell),
    Pair("GELU and its mirror image", x * phi - x, x * (erf(x / sqrt(2)) - 1) / 2, x * (erf(x) - 1) / 2),
    Pair("erf is odd", erf(-x * y) + erf(x * y), sp.Integer(0), erf(x)),
    Pair(
        "tanh GELU'", D(x * (1 + tanh(c * x)) / 2, x), (1 + tanh(c * x)) / 2 + c * x * (1 - tanh(c * x) ** 2) / 2, phi
    ),
    Pair("softplus is smooth relu", softplus(x) - softplus(-x), x, relu(x)),
    Pair("softplus by log1p", softplus(x), Max(x, 0) + log(1 + exp(-Abs(x))), Max(x, 0) + log(1 + exp(Abs(x)))),
    Pair("softplus with sharpness", D(softplus(b * x) / b, x), sigmoid(b * x), b * sigmoid(b * x)),
    Pair("log of sigmoid", log(sigmoid(x)), -softplus(-x), -softplus(x)),
    Pair("logsumexp of two", log(exp(x) + exp(y)), x + softplus(y - x), x + softplus(x - y)),
    Pair(
        "stable logsumexp", log(exp(x) + exp(y)), Max(x, y) + log(1 + exp(-Abs(x - y))), Max(x, y) + log(1 + exp(x - y))
    ),
    Pair("log of a product", log(a**2 * sqrt(b) * exp(x)), 2 * log(a) + log(b) / 2 + x, 2 * log(a) + log(b) + x),
    Pair("exp of logs", exp(2 * log(a) - log(b) / 3), a**2 / b ** Rational(1, 3), a**2 / b),
    Pair("a nest", log(a * exp(x * log(b))), log(a) + x * log(b), log(a) + log(b)),
    Pair("log of 1 + sinh^2", log(1 + sinh(x) ** 2), 2 * log(cosh(x)), log(cosh(x))),
    Pair("slope of a power", D(a**w, a), w * a ** (w - 1), a ** (w - 1)),
    Pair("slope of an exponent", D(a**w, w), a**w * log(a), a**w),
    Pair("tanh from sinh and cosh", tanh(x), sinh(2 * x) / (1 + cosh(2 * x)), sinh(x) / (1 + cosh(x))),
    Pair("cosh^2 - sinh^2", cosh(x) ** 2 - sinh(x) ** 2, sp.Integer(1), cosh(x)),
    Pair("tanh of a sum", tanh(x + y), (tanh(x) + tanh(y)) / (1 + tanh(x) * tanh(y)), tanh(x) + tanh(y)),
    Pair("mish'", D(x * tanh(softplus(x)), x), tanh(softplus(x)) + x * sigmoid(x) * (1 - tanh(softplus(x)) ** 2), x),
    Pair("sin^2 + cos^2", sin(x * y) ** 2 + cos(x * y) ** 2, sp.Integer(1), cos(x)),
    Pair("sin^4 - cos^4", sin(x) ** 4 - cos(x) ** 4, sin(x) ** 2 - cos(x) ** 2, sin(x) ** 2 + cos(x) ** 2),
    Pair("sin 2x", sin(2 * x), 2 * sin(x) * cos(x), sin(x) * cos(x)),
    Pair("cos 2x", cos(2 * x), 1 - 2 * sin(x) ** 2, 1 - sin(x) ** 2),
    Pair("sin 3x", sin(3 * x), 3 * sin(x) - 4 * sin(x) ** 3, 3 * sin(x) - 2 * sin(x) ** 3),
    Pair("cos(x - y)", cos(x - y), cos(x) * cos(y) + sin(x) * sin(y), cos(x) * cos(y) - sin(x) * sin(y)),
    Pair("product to sum", 2 * sin(x) * sin(y), cos(x - y) - cos(x + y), cos(x + y) - cos(x - y)),
    Pair("a shift by pi", sin(keep(x + pi)), -sin(x), sin(x)),
    Pair("a polynomial without roots", log(a**2 - a + 1), log(a**3 + 1) - log(a + 1), log(a**3 + 1)),
    Pair("a tangent of exp", Max(b, exp(b)), exp(b), b),
    Pair("a tangent of log", Max(log(b), b - 1), b - 1, log(b)),
    Pair("|x y|", Abs(x * y), Abs(x) * Abs(y), x * Abs(y)),
    Pair("log |x / y|", log(Abs(x / y)), log(Abs(x)) - log(Abs(y)), log(Abs(x)) + log(Abs(y))),
    Pair("signs given", log(keep(x * y)), log(-x) + log(-y), log(-x), (sp.Lt(x, 0), sp.Lt(y, 0))),
    Pair("snake'", D(x + sin(a * x) ** 2 / a, x), 1 + 2 * sin(a * x) * cos(a * x), 1 + 2 * sin(a * x)),
    Pair("sign times |x|", sign(x) * Abs(x), x, Abs(x)),
    Pair("|x|^2", Abs(x * y) ** 2, x**2 * y**2, x**2 * y),
    Pair("|x y|", Abs(x * y), Abs(x) * Abs(y), x * Abs(y)),
    Pair("softsign'", D(x / (1 + Abs(x)), x), 1 / (1 + Abs(x)) ** 2, 1 / (1 + x) ** 2),
    Pair("sign of a product", sign(x * y), sign(x) * sign(y), sign(x)),
    Pair("Max and Min", Max(x, y) + Min(x, y), x + y, x - y),
    Pair("a nest of Max and Min", Max(x, Min(y, Max(x, c))), Max(x, Min(y, c)), Max(y, Min(x, c))),
    Pair("median of three", x + y + c - Max(x, y, c) - Min(x, y, c), Max(Min(x, y), Min(Max(x, y), c)), Max(x, y)),
    Pair("clip", Max(0, Min(1, x)), relu(x) - relu(x - 1), relu(x) - relu(1 - x)),
    Pair(
        "hard swish in cases", x * Max(0, Min(6, x + 3)) / 6, x * (relu(x + 3) - relu(x - 3)) / 6, x * relu(x + 3) / 6
    ),
    Pair("rational exponents", a ** Rational(2, 3) * a ** Rational(-1, 6), sqrt(a), a ** Rational(1, 3)),
    Pair("a cube root's slope", D(a ** Rational(1, 3), a), a ** Rational(-2, 3) / 3, a ** Rational(-2, 3)),
    Pair("a root of a quotient", sqrt(a / b), sqrt(a) / sqrt(b), sqrt(a) / b),
    Pair("a root of a sum", sqrt((a + b) ** 2), a + b, a - b),
    Pair("a root of a square", sqrt(a**2 + 2 * a * b + b**2), a + b, a + 2 * b),
    Pair("the slope of a norm", D(sqrt(a**2 + b**2), a), a / sqrt(a**2 + b**2), a / (a**2 + b**2)),
    Pair("a conjugate", (sqrt(a + b) - sqrt(a)) * (sqrt(a + b) + sqrt(a)), b, a),
    Pair("a denominator made rational", 1 / (sqrt(a + 1) + sqrt(a)), sqrt(a + 1) - sqrt(a), sqrt(a + 1) + sqrt(a)),
]

rms = sqrt(total(k, n, z[k, 0] ** 2) / n + eps)
mean = total(k, n, z[k, 0]) / n
spread = sqrt(total(q, n, (z[q, 0] - mean) ** 2) / n + eps)
normal = lambda at: (z[at, 0] - mean) / spread  # noqa: E731
flow = total(s, n, g[s, 0] * normal(s))  # what a batch normalisation hands on, weighted by upstream slopes
flow_mean = total(q, n, g[q, 0]) / n
flow_normal = total(r, n, g[r, 0] * normal(r)) / n
K, V, query = matrix("K", n, d), matrix("V", n, h), vector("query", d)
score = lambda at: total(r, d, K[at, r] * query[r, 0]) / sqrt(d)  # noqa: E731
weight = lambda at: exp(score(at)) / total(s, n, exp(score(s)))  # noqa: E731
mixed = total(k, n, weight(k) * V[k, i])

NORMALISATION = [
    Pair(
        "RMSNorm",
        D(z[i, 0] / rms, z[j, 0]),
        (delta(i, j) - z[i, 0] * z[j, 0] / (n * rms**2)) / rms,
        (delta(i, j) - z[i, 0] * z[j, 0] / rms**2) / rms,
    ),
    Pair(
        "LayerNorm",
        D(normal(i), z[j, 0]),
        (delta(i, j) - 1 / n - normal(i) * normal(j) / n) / spread,
        (delta(i, j) - normal(i) * normal(j) / n) / spread,
    ),
    Pair(
        "batch norm backward",
        D(flow, z[i, 0]),
        (g[i, 0] - flow_mean - normal(i) * flow_normal) / spread,
        (g[i, 0] - flow_mean - flow_normal) / spread,
    ),
    Pair(
        "attention scores",
        D(mixed, query[j, 0]),
        (total(k, n, weight(k) * V[k, i] * K[k, j]) - mixed * total(k, n, weight(k) * K[k, j])) / sqrt(d),
        total(k, n, weight(k) * V[k, i] * K[k, j]) / sqrt(d),
    ),
    Pair("attention weights sum to 1", total(k, n, weight(k)), sp.Integer(1), n),
    Pair(
        "cross-entropy",
        D(-total(k, n, v[k, 0] * log(softmax(z, k))), z[j, 0]),
        softmax(z, j) - v[j, 0],
        v[j, 0] - softmax(z, j),
        (sums_to_one(v),),
    ),
    Pair("log-sum-exp", D(log(S), z[i, 0], z[j, 0]), softmax(z, i) * (delta(i, j) - softmax(z, j)), softmax(z, i)),
]

U, start = matrix("U", n, m), vector("start", n)
inputs = [vector(f"x{step}", m) for step in range(3)]


def recurrent(steps: int) -> tuple[list[Any], list[Any], tuple[Any, ...]]:
    """The sums and the states of a recurrent net, and their definitions."""
    sums = [vector(f"s{step}", n) for step in range(steps)]
    states = [vector(f"h{step}", n) for step in range(steps)]
    given: list[Any] = []
    before = start
    for total_in, state, x_in in zip(sums, states, inputs[:steps], strict=True):
        given += [Define(total_in, A * before + U * x_in), Define(state, elementwise(f, total_in))]
        before = state
    return sums, states, tuple(given)


def back_through_time(steps: int, shared: bool) -> Pair:
    sums, states, given = recurrent(steps)
    loss = ((states[-1] - v).T * (states[-1] - v)) / 2
    slope = [elementwise(lambda t: prime(f, t), total_in) for total_in in sums]
    deltas = [hadamard(states[-1] - v, slope[-1])]
    for step in reversed(range(steps - 1)):
        deltas.insert(0, hadamard(A.T * deltas[0], slope[step]))
    before = [start, *states[:-1]]
    terms = [delta_at * state.T for delta_at, state in zip(deltas, before, strict=True)]
    wrong = sp.MatAdd(*terms[1:]) if shared else sp.MatAdd(*terms) + A
    return Pair(f"a recurrent net of {steps} steps", Gradient(loss, A), sp.MatAdd(*terms), wrong, given)


MATRICES = [
    back_through_time(2, shared=True),
    back_through_time(3, shared=True),
    Pair(
        "tr(A B)",
        sp.Trace(A * B),
        total(i, n, total(j, n, A[i, j] * B[j, i])),
        total(i, n, total(j, n, A[i, j] * B[i, j])),
    ),
    Pair("d tr(A B)/dA", Gradient(sp.Trace(A * B), A), B.T, B),
    Pair("d tr(A X X^T)/dX", Gradient(sp.Trace(A * X * X.T), X), (A + A.T) * X, 2 * A * X),
    Pair("a quadratic form", Gradient(z.T * A * z, z), (A + A.T) * z, 2 * A * z),
    Pair("Frobenius norm", Gradient(sp.Trace(X.T * X), X), 2 * X, X),
    Pair(
        "Frobenius norm of a residual",
        Gradient(sp.Trace((A * X - W).T * (A * X - W)) / 2, X),
        A.T * (A * X - W),
        A * (A * X - W),
    ),
    Pair(
        "the square root of it",
        Gradient(sqrt(sp.Trace(X.T * X)), X),
        X / sqrt(sp.Trace(X.T * X)),
        X / sp.Trace(X.T * X),
    ),
    Pair("least squares", Gradient((W * u - z).T * (W * u - z) / 2, u), W.T * (W * u - z), W.T * W * u),
    Pair(
        "Jacobian of a layer",
        Jacobian(elementwise(f, A * z), z),
        diag(elementwise(lambda t: prime(f, t), A * z)) * A,
        A,
    ),
    Pair(
        "vec(A X B^T) = (B kron A) vec(X), entry by entry",
        (A * X * matrix("C", h, m).T)[i, r],
        total(j, n, total(k, m, A[i, j] * matrix("C", h, m)[r, k] * X[j, k])),
        total(j, n, total(k, m, A[j, i] * matrix("C", h, m)[r, k] * X[j, k])),
    ),
    Pair(
        "d(A X B^T)/dX is that Kronecker product",
        D((A * X * matrix("C", h, m).T)[i, r], X[j, k]),
        A[i, j] * matrix("C", h, m)[r, k],
        A[i, j],
    ),
    Pair("1^T X 1", (ones(1, n) * X * ones(m, 1))[0, 0], total(i, n, total(j, m, X[i, j])), total(i, n, X[i, 0])),
]


@pytest.mark.parametrize("pair", SCALARS + NORMALISATION + MATRICES, ids=lambda pair: pair.name)
def test_true_is_proved_and_its_false_neighbour_refuted(pair: Pair) -> None:
    proved = decided(pair.left, pair.right, pair.given)
    assert proved.name == "PROVED", proved
    assert not proved.exceptions
    refuted = decided(pair.left, pair.wrong, pair.given)
    assert refuted.name == "REFUTED", refuted


@pytest.mark.parametrize(
    ("left", "right", "construct"),
    [
        (sp.Inverse(A + B) * B, B, "Inverse"),
        (Gradient(log(sp.Determinant(A + B)), A), sp.Inverse(A).T, "determinant"),
        (total(k, n, sp.Piecewise((z[k, 0], k <= i), (0, True))), z[i, 0], "inequality between indices"),
    ],
)
def test_what_is_out_of_reach_is_said_by_name(left: Any, right: Any, construct: str) -> None:
    verdict = decided(left, right, ())
    assert verdict.name == "UNDECIDED"
    assert construct in verdict.reason


def decided(left: Any, right: Any, given: tuple[Any, ...]) -> Verdict:
    ready = prepare(left, right, given)
    return ready if isinstance(ready, Verdict) else decide_claim(ready)
