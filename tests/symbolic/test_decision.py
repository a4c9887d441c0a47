"""Claims for every size, cases, domains: what is proved with which exceptions, what is refuted at which point."""

import pytest
import sympy as sp

from symbolic import Define, Every, OneHot, VerdictKind, lower, sums_to_one
from symbolic.decision import decide_claim, shape_verdict
from symbolic.errors import ShapeMismatch
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
    total_except,
    vector,
)

n, m, p = size("n"), size("m"), size("p")
i, j, k, l = (index(name) for name in "ijkl")  # noqa: E741
x, y = scalar("x"), scalar("y")
a, margin = positive("a"), positive("margin")
z, t, o = vector("z", n), vector("t", n), vector("o", n)
f = sp.Function("f")
S = total(k, n, sp.exp(z[k, 0]))


def verdict_of(left, right, *given):
    try:
        return decide_claim(lower(left, right, given))
    except ShapeMismatch as mismatch:
        return shape_verdict(mismatch)


CROSS_ENTROPY = -total(k, n, t[k, 0] * sp.log(softmax(z, k)))

PROVED = {
    "sigmoid'": (D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x))),
    "tanh'": (D(sp.tanh(x), x), 1 - sp.tanh(x) ** 2),
    "tanh and sigmoid": (sp.tanh(x), 2 * sigmoid(2 * x) - 1),
    "softplus'": (D(softplus(x), x), sigmoid(x)),
    "logit of sigmoid": (sp.log(sigmoid(x) / (1 - sigmoid(x))), x),
    "softmax Jacobian": (D(softmax(z, i), z[j, 0]), softmax(z, i) * (delta(i, j) - softmax(z, j))),
    "softmax sums to 1": (total(i, n, softmax(z, i)), sp.Integer(1)),
    "log-sum-exp gradient": (D(sp.log(S), z[j, 0]), softmax(z, j)),
    "cross-entropy": (D(CROSS_ENTROPY, z[j, 0]), softmax(z, j) - t[j, 0], sums_to_one(t)),
    "cross-entropy, one-hot": (D(CROSS_ENTROPY, z[j, 0]), softmax(z, j) - t[j, 0], OneHot(t)),
    "one-hot is idempotent": (t[j, 0] ** 2 + t[i, 0] * t[j, 0], t[j, 0] * (1 + delta(i, j)), OneHot(t)),
    "all but one": (total_except(j, n, i, softmax(z, j)), 1 - softmax(z, i)),
    "log of 1 - p": (D(sp.log(1 - softmax(z, i)), z[i, 0]), -softmax(z, i), sp.Ge(n, 2)),
    "log x^2 for positive x": (sp.log(a**2), 2 * sp.log(a)),
    "sqrt(x^2) is |x|": (sp.sqrt(sp.UnevaluatedExpr(x) ** 2), sp.Abs(x)),
    "antisymmetric sum": (total(k, n, total(l, n, z[k, 0] * o[l, 0] - z[l, 0] * o[k, 0])), sp.Integer(0)),
    "trace is cyclic": (
        sp.Trace(matrix("A", n, m) * matrix("B", m, n)),
        sp.Trace(matrix("B", m, n) * matrix("A", n, m)),
    ),
    "matrix calculus": (
        Gradient((z.T * matrix("Q", n, n) * z)[0, 0], z),
        (matrix("Q", n, n) + matrix("Q", n, n).T) * z,
    ),
    "softmax Jacobian in matrices": (
        Jacobian(o, z),
        diag(o) - o * o.T,
        Define(o[i, 0], softmax(z, i)),
    ),
    "elementwise activation": (Jacobian(elementwise(f, z), z), diag(elementwise(lambda u: prime(f, u), z))),
    "max of two": (sp.Max(x, y), (x + y + sp.Abs(x - y)) / 2),
    "explicit sizes": (
        D(total(k, 3, vector("v", 3)[k, 0] ** 2), vector("v", 3)[1, 0]),
        2 * vector("v", 3)[1, 0],
    ),
    "Huber'": (
        D(sp.Piecewise((x**2 / 2, sp.Abs(x) <= a), (a * (sp.Abs(x) - a / 2), True)), x),
        sp.Max(-a, sp.Min(a, x)),
    ),
    "smooth at its kink": (D(sp.Max(0, x) ** 2, x), 2 * sp.Max(0, x)),
    "GELU'": (
        D(x * (1 + sp.erf(x / sp.sqrt(2))) / 2, x),
        (1 + sp.erf(x / sp.sqrt(2))) / 2 + x * sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi),
    ),
    "sine and cosine": (D(sp.sin(x) * sp.cos(x), x), 1 - 2 * sp.sin(x) ** 2),
    "stable softplus": (softplus(x), sp.Max(x, 0) + sp.log(1 + sp.exp(-sp.Abs(x)))),
    "nested Max and Min": (sp.Max(x, y, 0) + sp.Min(-x, -y, 0), sp.Integer(0)),
    "a linear condition": (x**2 - y**2, sp.Integer(0), sp.Eq(x, y)),
    "an inequality": (sp.Max(0, x), x, sp.Gt(x, 0)),
}


@pytest.mark.parametrize("name", PROVED)
def test_proved_with_a_witness_and_no_exception(name):
    left, right, *given = PROVED[name]
    verdict = verdict_of(left, right, *given)
    assert verdict.kind is VerdictKind.PROVED, str(verdict)
    assert verdict.exceptions == ()
    assert verdict.witness is not None


def hinge(i_):
    return sp.Max(0, softmax(z, i_) - softmax(z, j) + margin)


EXCEPT = {
    "relu'": ((D(relu(x), x), sp.Piecewise((1, x > 0), (0, True))), ("x = 0",)),
    "Heaviside at 0": ((sp.Heaviside(x, 0), sp.Heaviside(x, 1)), ("x = 0",)),
    "relu' under a sum": (
        (D(total(k, n, relu(z[k, 0])), z[i, 0]), sp.Piecewise((1, z[i, 0] > 0), (0, True))),
        ("z[k, 0] = 0", "z[i, 0] = 0"),
    ),
}


@pytest.mark.parametrize("name", EXCEPT)
def test_proved_except_on_a_named_set_without_interior(name):
    (left, right), sets = EXCEPT[name]
    verdict = verdict_of(left, right)
    assert verdict.kind is VerdictKind.PROVED, str(verdict)
    assert set(verdict.exceptions) <= set(sets)
    assert verdict.exceptions


REFUTED = {
    "tanh' without its square": (D(sp.tanh(x), x), 1 - sp.tanh(x)),
    "softmax without its cross term": (D(softmax(z, i), z[j, 0]), delta(i, j) * softmax(z, i) * (1 - softmax(z, i))),
    "cross-entropy without its condition": (D(CROSS_ENTROPY, z[j, 0]), softmax(z, j) - t[j, 0]),
    "a missing transpose": (
        matrix("Q", n, n) * z,
        matrix("Q", n, n).T * z,
    ),
    "a fault of 10^-40": (D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x)) + sp.Rational(1, 10**40)),
    "f' for f": (D(f(x), x), f(x)),
    "the square of what is 0": (
        total(k, n, (sp.exp(z[k, 0]) - sp.exp(z[i, 0])) ** 2),
        total(k, n, sp.exp(z[k, 0]) ** 2) - sp.exp(z[i, 0]) ** 2,
    ),
    "true of two probabilities, not of three": (
        (1 - delta(i, j)) * (1 - t[i, 0] - t[j, 0]),
        sp.Integer(0),
        sums_to_one(t),
        Every((k,), sp.Gt(t[k, 0], 0)),
    ),
    "true for size 1 only": (total(k, n, z[k, 0]) ** 2, total(k, n, z[k, 0] ** 2)),
    "true for sizes up to 2 only": (
        sp.Trace(matrix("Q", n, n)) ** 3,
        3 * sp.Trace(matrix("Q", n, n)) * sp.Trace(matrix("Q", n, n) ** 2) - 2 * sp.Trace(matrix("Q", n, n) ** 3),
    ),
}


@pytest.mark.parametrize("name", REFUTED)
def test_refuted_by_value_at_a_point_of_small_numbers(name):
    left, right, *given = REFUTED[name]
    verdict = verdict_of(left, right, *given)
    assert verdict.kind is VerdictKind.REFUTED, str(verdict)
    assert verdict.counterexample.kind == "value"
    assert verdict.counterexample.left != verdict.counterexample.right or "10^-40" in name


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        (sp.log(x**2), 2 * sp.log(x), "domain"),
        (sp.log(x * y), sp.log(x) + sp.log(y), "domain"),
        (D(relu(x), x), Cases((0, x <= 0), (1, x >= 0)), "cases"),
        (z, z.T, "shape"),
        (sp.sqrt(sp.UnevaluatedExpr(x) ** 2), x, "value"),
    ],
)
def test_each_kind_of_counterexample(left, right, kind):
    verdict = verdict_of(left, right)
    assert verdict.kind is VerdictKind.REFUTED
    assert verdict.counterexample.kind == kind


@pytest.mark.parametrize(
    ("left", "right", "given", "words"),
    [
        (x, x + x**2, (sp.Gt(x, 0), sp.Lt(x, 0)), "nothing to compare"),
        (sp.log(-S), sp.log(S), (), "nothing to compare"),
        (D(y, x), sp.Integer(0), (), "does not occur"),
        (sp.gamma(x), sp.gamma(x), (), "gamma is not known"),
    ],
)
def test_undecided_says_why(left, right, given, words):
    from symbolic import decide

    verdict = decide(left, right, given)
    assert verdict.kind is VerdictKind.UNDECIDED
    assert words in verdict.reason


def test_the_point_satisfies_every_condition():
    given = (Every((k,), sp.Gt(o[k, 0], 0)), Every((k,), sp.Lt(o[k, 0], 1)), sums_to_one(o), sp.Ne(i, j), sp.Ge(n, 3))
    verdict = verdict_of(o[i, 0], o[j, 0], *given)
    assert verdict.kind is VerdictKind.REFUTED
    point = verdict.counterexample
    values = [sp.Rational(v) for v in point.values["o"].strip("[]").split(",")]
    assert point.sizes["n"] == len(values) >= 3
    assert sum(values) == 1
    assert all(0 < v < 1 for v in values)
    assert point.indices["i"] != point.indices["j"]


def test_a_derivative_by_a_defined_quantity_cuts_it_loose():
    W, h, s = matrix("W", m, n), vector("h", m), vector("s", m)
    given = (Define(s, W * z), Define(h, elementwise(f, s)))
    loss = (h.T * h)[0, 0] / 2
    by_s = hadamard(h, elementwise(lambda u: prime(f, u), s))
    assert verdict_of(Gradient(loss, s), by_s, *given).kind is VerdictKind.PROVED
    assert verdict_of(Gradient(loss, z), W.T * by_s, *given).kind is VerdictKind.PROVED
    assert verdict_of(Gradient(loss, W), by_s * z.T, *given).kind is VerdictKind.PROVED
    assert verdict_of(Gradient(loss, W), by_s * z.T + 0 * W + ones(m, n), *given).kind is VerdictKind.REFUTED


def test_verdicts_survive_renaming_and_permuting_indices():
    q, r = index("q"), index("r")
    claim = D(softmax(z, i), z[j, 0]), softmax(z, i) * (delta(i, j) - softmax(z, j))
    for names in ({i: j, j: i}, {i: q, j: r}, {i: r, j: k}):
        left, right = (side.xreplace(names) for side in claim)
        assert verdict_of(left, right).kind is VerdictKind.PROVED


def test_a_condition_on_a_diagonal_says_nothing_of_the_rest():
    T = sp.IndexedBase("T", shape=(n, n, m))
    diagonal = Every((i,), sp.Eq(total(k, m, T[i, i, k]), 1))
    assert verdict_of(total(k, m, T[j, j, k]), sp.Integer(1), diagonal).kind is not VerdictKind.REFUTED
    assert verdict_of(total(k, m, T[i, j, k]), sp.Integer(1), diagonal).kind is VerdictKind.REFUTED
