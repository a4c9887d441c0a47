"""False claims that differ from a true one in a sliver, and rules of signs with the case in which they would fail."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from flint import fmpq
from sympy import Abs, Eq, Ge, Gt, Le, Max, Min, Ne, Piecewise, Rational, cos, exp, log, sign, sin, sqrt

from symbolic import Define, Every, OneHot, Verdict
from symbolic.decision import decide_claim
from symbolic.judge import prepare
from symbolic.normal_form.real_roots import strength_by_roots
from symbolic.notation import Cases, D, delta, index, keep, positive, scalar, size, total, vector

n = size("n")
i, j, k = (index(name) for name in "ijk")
x, y, c = (scalar(name) for name in "xyc")
a, b = positive("a"), positive("b")
z, t = vector("z", n), vector("t", n)
SLIVER = Rational(1, 10**30)
p = vector("p", n)
SOFTMAX = Define(p[i, 0], exp(z[i, 0]) / total(k, n, exp(z[k, 0])))


def step(u: Any) -> Any:
    return Piecewise((1, u > 0), (0, True))


REFUTED = [
    (Max(0, Min(x - 400, 400 + SLIVER - x)), sp.Integer(0), ()),
    (Max(0, x**2 - 2) * Max(0, 2 + SLIVER - x**2), sp.Integer(0), ()),
    (Max(0, exp(x) - 3) * Max(0, 3 + SLIVER - exp(x)), sp.Integer(0), ()),
    (Max(1, log(a)), sp.Integer(1), ()),
    (
        x * Cases((0, x <= -3), (x / 6 + Rational(1, 2), (x > -3) & (x < 3)), (1, x >= 3)),
        x * Min(7, Max(0, x + 3)) / 6,
        (),
    ),
    (Cases((0, x <= SLIVER), (x, x >= 0)), Max(0, x), ()),
    (step(c + p[i, 0] - p[j, 0]), step(c + p[i, 0] - (1 - SLIVER) * p[j, 0]), (SOFTMAX,)),
    (total(k, n, step(z[k, 0] - c)), total(k, n, step(z[k, 0] - c - SLIVER)), ()),
    (step(y), step(y - SLIVER), (Define(y, Max(0, x)),)),
    (D(sqrt(exp(z[i, 0])), z[i, 0]), exp(z[i, 0]) / (2 * sqrt(exp(z[i, 0]) * delta(i, j)) + 0 * z[j, 0]), ()),
    (step(z[i, 0] - z[j, 0]) + step(z[j, 0] - z[i, 0]), sp.Integer(1), ()),
    (1 / keep(z[i, 0] - z[j, 0]) * (z[i, 0] - z[j, 0]), sp.Integer(1), ()),
    (1 / keep(n - 1) * (n - 1), sp.Integer(1), ()),
    (sqrt(keep(a**2 - 2 * a + 1 + SLIVER)), Abs(a - 1), ()),
    (D(Max(z[i, 0], z[j, 0]), z[i, 0]), step(z[i, 0] - z[j, 0]), ()),  # of z_i itself where i = j
    (1 / (1 + exp(1)), 1 / (1 + exp(1 - SLIVER)), ()),
    (exp(4) / (exp(2) + exp(2 + SLIVER)), exp(2) / 2, ()),
    (Abs(x**2 - 2 * x * y + (1 - SLIVER) * y**2), x**2 - 2 * x * y + (1 - SLIVER) * y**2, ()),
    (Max(z[j, 0] + SLIVER, log(total(k, n, exp(z[k, 0])))), log(total(k, n, exp(z[k, 0]))), ()),
    (Max(1 - SLIVER, t[j, 0]), 1 - SLIVER, (OneHot(t),)),
    (log(1 + t[j, 0]), t[j, 0] * log(2 + SLIVER), (OneHot(t),)),
    (Max(total(k, n, z[k, 0]), z[j, 0]), total(k, n, z[k, 0]), ()),  # a sum of terms of any sign
    (D(1 + Abs(sign(x * keep(n - 1))) * (x - 1), x), 1 + 0 * n, (Eq(x, 1),)),  # the guard stays 0 where n = 1
]
PROVED = [
    (step(z[i, 0] - z[j, 0]) + step(z[j, 0] - z[i, 0]), sp.Integer(1), (Ne(i, j),)),
    (1 / keep(n - 1) * (n - 1), sp.Integer(1), (Ge(n, 2),)),
    (D(Max(z[i, 0], z[j, 0]), z[i, 0]), step(z[i, 0] - z[j, 0]) + delta(i, j), ()),
    (D(Abs(z[i, 0] - z[j, 0]), z[i, 0]), sign(z[i, 0] - z[j, 0]), ()),
    (Abs(z[j, 0]) * delta(i, j), total(k, n, Max(z[k, 0], -z[k, 0]) * delta(i, k) * delta(j, k)), ()),
    (total(k, n, sin(keep(z[k, 0] - z[i, 0])) * delta(i, k)), sp.Integer(0), ()),
    (Max(x, log(exp(x * (sin(y) ** 2 + cos(y) ** 2)))), x, ()),  # the balls never tell which is larger
    (sqrt(keep(a**2 - 2 * a + 1)), Abs(a - 1), ()),
    (t[i, 0] ** 2, t[i, 0], (OneHot(t),)),
    (D(Abs(sin(x * y)), x), y * cos(x * y) * sign(sin(x * y)), ()),
]
NOT_PROVED = [
    (step(x**2 - 2 * x + 1), sp.Integer(1), (Eq(x, 1),)),
    (Piecewise((1, Eq(x, 0)), (0, True)), sp.Integer(0), (Ge(x, 0), Le(x, 0))),
    (Piecewise((1, Eq(x, 0)), (0, True)), sp.Integer(0), (Eq(Max(0, x), 0), Eq(Max(0, -x), 0))),
    (Piecewise((1, Eq(z[i, 0], z[j, 0])), (0, True)), delta(i, j), (Every((k,), Eq(z[k, 0], x)),)),
    (Abs(z[i, 0]), -z[i, 0], (sp.Lt(z[0, 0], 0),)),
    (Max(x, exp(x) - 1), x, ()),
    (Max(log(b), b - 1), log(b), ()),
    (Abs(x), -x, (Gt(-x, -1),)),
    (D(1 + Abs(sign(x * t[j, 0])) * (x - 1), x), sp.Integer(1), (Eq(x, 1), OneHot(t))),
]


NOT_REFUTED = [
    (Max(5, t[j, 0] - 3), 5 + 0 * t[j, 0], (OneHot(t),)),  # 9 is no entry of a one-hot vector
    (Max(5, 6 * t[j, 0] - t[i, 0] - 3), sp.Integer(5), (OneHot(t),)),
    (D(Max(x, y), x), sp.Integer(0), (Eq(x, y),)),  # the derivative moves off the line, where it has none
    (D(Abs(y - x), y), sp.Integer(0), (Define(y, x),)),  # y is cut loose
]


S, E = total(k, n, exp(z[k, 0])), exp(z[i, 0])
F, INDICATOR = exp(z[j, 0]), delta(i, j)
SIGNS = [
    (2 * S - E, (), "PROVED"),
    (S - 2 * E, (), "REFUTED"),
    (2 * S / E - 1, (), "PROVED"),  # 1 is an element of S/E
    (2 * S - E - F, (), "PROVED"),
    (2 * S - Rational(3, 2) * E - F, (), "REFUTED"),
    (2 * S - Rational(3, 2) * E - F, (Ne(i, j),), "PROVED"),
    (S - E - F, (), "REFUTED"),
    (S - E - F, (Ne(i, j), Ge(n, 3)), "PROVED"),
    (1 + E - INDICATOR, (), "PROVED"),
    (1 + E - 2 * INDICATOR, (), "REFUTED"),
    (S + INDICATOR * (F - S), (), "PROVED"),
    ((n - Rational(3, 2)) * E * F, (), "REFUTED"),
    ((n - Rational(3, 2)) * E * F, (Ne(i, j),), "PROVED"),  # there are two indices
    ((n - Rational(5, 2)) * E * F, (Ne(i, j),), "REFUTED"),
]
NEVER_ZERO = [
    (2 * S - E - F, (), "REFUTED"),  # it is 0 where n = 1
    (2 * S - E - F, (Ne(i, j),), "PROVED"),
    (3 * S - E - F, (), "PROVED"),
    (S - E, (), "REFUTED"),
    (S - E, (Ne(i, j),), "PROVED"),
    (E * F - E * F * INDICATOR, (), "REFUTED"),
    (1 + E - E * INDICATOR, (), "PROVED"),
]


def decided(left: Any, right: Any, given: tuple[Any, ...]) -> Verdict:
    ready = prepare(left, right, given)
    return ready if isinstance(ready, Verdict) else decide_claim(ready)


@pytest.mark.parametrize(("left", "right", "given"), REFUTED)
def test_a_sliver_is_found(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    verdict = decided(left, right, given)
    assert verdict.name == "REFUTED", verdict


@pytest.mark.parametrize(("left", "right", "given"), PROVED)
def test_proved(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    verdict = decided(left, right, given)
    assert verdict.name == "PROVED", verdict


@pytest.mark.parametrize(("left", "right", "given"), NOT_PROVED)
def test_not_proved(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decided(left, right, given).name != "PROVED"


@pytest.mark.parametrize(("left", "right", "given"), NOT_REFUTED)
def test_what_does_not_refute(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decided(left, right, given).name != "REFUTED"


@pytest.mark.parametrize(("value", "given", "verdict"), SIGNS)
def test_signs_by_the_elements_of_a_sum(value: Any, given: tuple[Any, ...], verdict: str) -> None:
    assert decided(Abs(keep(value)), value, given).name == verdict


@pytest.mark.parametrize(("value", "given", "verdict"), NEVER_ZERO)
def test_what_is_never_zero_may_stand_below(value: Any, given: tuple[Any, ...], verdict: str) -> None:
    assert decided(1 / keep(value) * value, sp.Integer(1), given).name == verdict


def test_nothing_to_compare_is_shown() -> None:
    margin, label = positive("margin"), index("label")
    gap = Cases((1, z[k, 0] - z[label, 0] > 0), (0, margin + z[k, 0] - z[label, 0] <= 0))
    hinge = total(k, n, Max(0, margin + z[k, 0] - z[label, 0]) * (1 - delta(k, label)))
    for left, right in (
        (log(1 + exp(x)), Max(0, x) + log(exp(-Abs(x)) - 1)),
        (hinge, total(k, n, gap * (1 - delta(k, label)))),  # no case applies where k is the label
    ):
        verdict = decided(left, right, ())
        assert verdict.name == "UNDECIDED"
        assert verdict.refused, verdict


@pytest.mark.parametrize(
    ("coefficients", "real", "not_negative", "positive"),
    [
        ((1, -1, 1), 2, 2, 2),
        ((1, -2, 1), 1, 1, 1),
        ((0, 1), 0, 1, 2),
        ((0, 0, 1), 1, 1, 2),
        ((0, 1, 1, 1), 0, 1, 2),
        ((2, -3, 1), 0, 0, 0),
        ((2, 3, 1), 0, 2, 2),
        ((1, 0, -1, 0, 1), 2, 2, 2),
        ((-1, 0, -1), 0, 0, 0),
        ((4, -4, -3, 2, 1), 1, 1, 1),
    ],
)
def test_signs_by_roots(coefficients: tuple[int, ...], real: int, not_negative: int, positive: int) -> None:
    poly: dict[int | Fraction, fmpq] = {power: fmpq(value) for power, value in enumerate(coefficients) if value}
    assert [strength_by_roots(poly, variable) for variable in (0, 1, 2)] == [real, not_negative, positive]


def test_a_case_has_to_be_told_also_where_all_cases_agree() -> None:
    """The condition of a table is part of it: where log x has no value, none of the cases is chosen."""
    told, negative = Piecewise((c, log(a) > 0), (c, True), evaluate=False), Gt(log(-exp(y)), 0, evaluate=False)
    assert decided(told, c, ()).name == "PROVED"
    assert decided(Piecewise((c, log(x) > 0), (c, True), evaluate=False), c, ()).name == "REFUTED"
    nowhere = decided(Piecewise((c, negative), (c, True), evaluate=False), c, ())
    assert nowhere.name == "UNDECIDED"
    assert "nothing to compare" in str(nowhere)
