"""The check of any derivation, checked: right lines pass, a fault of 1e-6 in any line is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy.matrices.expressions import MatrixExpr

from numeric_bridge import LineDiffers, PropertyCheck, check_derivation, check_erratum
from symbolic.derivation import Derivation, Erratum, Line
from symbolic.given import Define, OneHot, sums_to_one
from symbolic.notation import (
    Cases,
    D,
    Gradient,
    Jacobian,
    delta,
    diag,
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
    vector,
)

n, m, p = size("n"), size("m"), size("p")
i, j, k = index("i"), index("j"), index("k")
x, u, E = scalar("x"), scalar("u"), scalar("E")
z, y, t = vector("z", n), vector("y", n), vector("t", n)
f = sp.Function("f")


def derivation(name: str, start: Any, *lines: Any, given: tuple[Any, ...] = ()) -> Derivation:
    return Derivation(name, name, start, tuple(Line(line, f"line {n}") for n, line in enumerate(lines, 1)), given)


def network() -> Derivation:
    v, a, s = vector("v", p), vector("a", m), vector("s", m)
    w1, w2, o = matrix("W1", m, p), matrix("W2", n, m), vector("o", n)
    given = (
        Define(s[i, 0], total(j, p, w1[i, j] * v[j, 0])),
        Define(a[i, 0], sigmoid(s[i, 0])),
        Define(z[i, 0], total(j, m, w2[i, j] * a[j, 0])),
        Define(o[i, 0], softmax(z, i)),
        Define(E, -total(k, n, t[k, 0] * sp.log(o[k, 0]))),
        sums_to_one(t),
    )
    back = total(k, n, (o[k, 0] - t[k, 0]) * w2[k, i])
    return derivation(
        "network",
        D(E, w1[i, j]),
        total(k, m, D(E, a[k, 0]) * D(a[k, 0], s[i, 0])) * v[j, 0],
        back * D(a[i, 0], s[i, 0]) * v[j, 0],
        back * a[i, 0] * (1 - a[i, 0]) * v[j, 0],
        given=given,
    )


S = total(k, n, sp.exp(z[k, 0]))
SOFTMAX = derivation(
    "softmax-jacobian",
    D(softmax(z, i), z[j, 0]),
    (D(sp.exp(z[i, 0]), z[j, 0]) * S - sp.exp(z[i, 0]) * D(S, z[j, 0])) / S**2,
    softmax(z, i) * (delta(i, j) - softmax(z, j)),
)
RIGHT = [
    derivation("sigmoid", D(sigmoid(x), x), sp.exp(-x) / (1 + sp.exp(-x)) ** 2, sigmoid(x) * (1 - sigmoid(x))),
    SOFTMAX,
    derivation("softmax-matrix", Jacobian(y, z), diag(y) - y * y.T, given=(Define(y[i, 0], softmax(z, i)),)),
    derivation(
        "cross-entropy", D(-total(k, n, t[k, 0] * sp.log(softmax(z, k))), z[j, 0]),
        total(k, n, t[k, 0]) * softmax(z, j) - t[j, 0], softmax(z, j) - t[j, 0], given=(sums_to_one(t),),
    ),
    derivation(
        "one-hot", D(-sp.log(softmax(z, i)), z[j, 0]), softmax(z, j) - t[j, 0], given=(OneHot(t), sp.Eq(t[i, 0], 1))
    ),
    derivation("relu", D(relu(x) ** 2 + relu(-x), x), 2 * relu(x) - sp.Heaviside(-x)),
    derivation("any-activation", D(f(u * f(x)), x), prime(f, u * f(x)) * u * prime(f, x)),
    derivation(
        "second", D(softmax(z, i), z[i, 0], z[i, 0]), softmax(z, i) * (1 - softmax(z, i)) * (1 - 2 * softmax(z, i))
    ),
    derivation("identity", total(k, n, softmax(z, k)), sp.Integer(1)),
    derivation("unequal", D(softmax(z, i), z[j, 0]), -softmax(z, i) * softmax(z, j), given=(sp.Ne(i, j),)),
    network(),
]  # fmt: skip
FAULT = sp.Rational(1, 10**6)


def with_fault(chain: Derivation, position: int, relative: bool) -> Derivation:
    lines = list(chain.lines)
    e = lines[position].expression
    if isinstance(e, MatrixExpr):
        e = sp.MatMul(1 + FAULT, e) if relative else e + FAULT * ones(*e.shape)
    else:
        e = sp.Mul(1 + FAULT, e, evaluate=False) if relative else e + FAULT
    lines[position] = Line(e, lines[position].reason)
    return replace(chain, lines=tuple(lines))


@pytest.mark.parametrize("chain", RIGHT, ids=lambda chain: chain.name)
def test_right_lines_pass(chain: Derivation) -> None:
    report = check_derivation(chain, examples=25)
    assert report.passed, report
    assert all(line.points >= 25 for line in report.lines)
    assert all(line.largest <= 1 and line.discrepancy < 1e-9 for line in report.lines)


@pytest.mark.parametrize("relative", [False, True], ids=["absolute", "relative"])
@pytest.mark.parametrize("chain", RIGHT, ids=lambda chain: chain.name)
def test_a_fault_of_a_millionth_is_caught_in_any_line(chain: Derivation, relative: bool) -> None:
    for position in range(len(chain.lines)):
        report = check_derivation(with_fault(chain, position, relative), examples=5, shrink=False)
        assert report.failure is not None, f"line {position + 1}: {report}"
        assert report.failure.line == position + 1


WRONG = [
    (derivation("tanh", D(sp.tanh(x), x), 1 - sp.tanh(x) ** 2, 1 - sp.tanh(x)), 2),
    (derivation("no-cross-term", SOFTMAX.start, softmax(z, i) * delta(i, j) * (1 - softmax(z, j))), 1),
    (derivation("no-diag", Jacobian(y, z), y * y.T, given=(Define(y[i, 0], softmax(z, i)),)), 1),
    (derivation("sign", D(sigmoid(x), x), -sigmoid(x) * (1 - sigmoid(x))), 1),
    (derivation("relu-branch", D(relu(x), x), sp.Heaviside(-x)), 1),
    (derivation("only-at-equal-indices", SOFTMAX.start, softmax(z, i) * (1 - softmax(z, j))), 1),
]


@pytest.mark.parametrize(("chain", "line"), WRONG, ids=lambda value: getattr(value, "name", ""))
def test_a_wrong_line_is_named_with_its_point_and_both_values(chain: Derivation, line: int) -> None:
    report = check_derivation(chain, examples=20)
    assert not report.passed
    assert report.failure is not None
    assert report.failure.line == line
    assert abs(report.failure.expected - report.failure.found) > report.failure.tolerance
    assert f"line {line}" in str(report)
    assert " = " in report.failure.point


def test_a_transpose_lost_shows_at_unequal_sizes() -> None:
    w, v = matrix("W", m, n), vector("v", m)
    given = (Define(E, (v.T * w * z)[0, 0]),)
    report = check_derivation(derivation("transposed", Gradient(E, w), z * v.T, given=given))
    assert "shapes do not conform" in report.problem
    assert check_derivation(derivation("right", Gradient(E, w), v * z.T, given=given)).passed


def test_not_a_number_fails() -> None:
    report = check_derivation(derivation("half", D(x**2, x), 2 * x, 2 * keep(sp.sqrt(x)) ** 2))
    assert report.failure is not None
    assert report.failure.line == 2
    assert np.isnan(report.failure.found)


def test_both_sides_undefined_proves_nothing() -> None:
    report = check_derivation(derivation("empty", D(sp.log(-1 - x**2), x), 2 * x / (1 + x**2)))
    assert not report.passed
    assert report.failure is not None or not any(line.points for line in report.lines)


def test_no_point_is_a_failure() -> None:
    contradictory = (sp.Gt(x, 1), sp.Lt(x, -1))
    report = check_derivation(derivation("contradictory", D(x**2, x), 2 * x, given=contradictory))
    assert report.failure is None
    assert not report.passed
    assert "never compared: line 1" in str(report)


def test_what_cannot_be_read_is_said() -> None:
    report = check_derivation(derivation("unknown", D(x**2, x), sp.Function("g")(x, u)))
    assert not report.passed
    assert "line 1" in report.problem


def test_every_branch_is_reached() -> None:
    a = positive("a")
    hinge = relu(softmax(z, i) - softmax(z, j) + a)
    same = sp.Max(0, softmax(z, i) - softmax(z, j) + a)
    report = check_derivation(derivation("hinge", hinge, same), examples=60)
    assert report.passed, report
    assert [signs >= {-1, 1} for signs in report.branches.values()] == [True] * len(report.branches)


def test_the_same_seed_gives_the_same_report() -> None:
    first, second = (check_derivation(SOFTMAX, examples=10, seed=5) for _ in range(2))
    assert first == second
    assert check_derivation(SOFTMAX, examples=10, seed=6) != first


def test_a_failure_is_shrunk() -> None:
    report = check_derivation(derivation("for-negative-x", D(x**2, x), sp.Abs(x) * 2))
    assert report.failure is not None
    assert report.failure.expected == pytest.approx(-2, abs=0.1)


def test_one_sample_serves_every_line() -> None:
    from hypothesis import find

    check = PropertyCheck(SOFTMAX)
    sample = find(check.strategy(), lambda sample: True)
    check.check(sample)
    with pytest.raises(LineDiffers, match="line 2"):
        PropertyCheck(with_fault(SOFTMAX, 1, relative=False)).check(sample)


# ---- errata


def erratum(before: Any, as_written: Any, right: Any, *given: Any) -> Erratum:
    return Erratum("erratum", "a mistake", before, as_written, right, given)


def test_an_erratum_differs_as_written_and_not_in_its_right_form() -> None:
    report = check_erratum(erratum(D(sp.tanh(x), x), 1 - sp.tanh(x), 1 - sp.tanh(x) ** 2))
    assert report.passed, report
    assert "as written" in report.seen


def test_overlapping_cases_are_an_erratum_even_where_nothing_else_differs() -> None:
    overlapping, right = Cases((0, x <= 0), (1, x >= 0)), Cases((0, x < 0), (1, x > 0))
    report = check_erratum(erratum(D(relu(x), x), overlapping, right))
    assert report.passed, report
    assert "two cases claim different values at x = 0" in report.seen


def test_an_erratum_that_is_right_as_written_fails() -> None:
    report = check_erratum(erratum(D(x**2, x), x + x + 0 * u, sp.Mul(2, x)))
    assert not report.passed
    wrong = check_erratum(erratum(D(x**2, x), x, 3 * x))
    assert not wrong.passed


def test_matrix_products_of_hadamard_form() -> None:
    w, v = matrix("W", m, n), vector("v", m)
    s = vector("s", m)
    given = (Define(s, w * z), Define(E, total(k, m, v[k, 0] * f(s[k, 0]))))
    slope = s.applyfunc(sp.Lambda(x, prime(f, x)))
    assert check_derivation(derivation("hadamard", Gradient(E, w), hadamard(v, slope) * z.T, given=given)).passed
