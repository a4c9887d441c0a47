"""Inverses and determinants of square matrices, entry by entry."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy import Abs, Eq, MatMul, Ne, Piecewise, log

from symbolic import Define, Verdict
from symbolic.certificates import certified
from symbolic.decision import decide_claim
from symbolic.judge import prepare
from symbolic.notation import D, delta, index, matrix, size, total, vector

n = size("n")
i, j, k, q, r, s = (index(name) for name in "ijkqrs")
X, Y, three, z = matrix("X", n, n), matrix("Y", n, n), matrix("three", 3, 3), vector("z", n)
inverse, det = sp.Inverse(X), sp.Determinant(X)
FORM = total(q, n, total(r, n, z[q, 0] * inverse[q, r] * z[r, 0]))

TRUE = [
    (MatMul(X, inverse, evaluate=False), sp.Identity(n)),
    (total(k, n, inverse[i, k] * X[k, j]), delta(i, j)),
    (MatMul(X.T, sp.Inverse(X.T), evaluate=False), sp.Identity(n)),
    (total(k, 3, three[i, k] * sp.Inverse(three)[k, j]), delta(i, j)),
    (sp.Trace(MatMul(X, Y, inverse, evaluate=False)), sp.Trace(Y)),
    (D(inverse[q, r], X[i, j]), -inverse[q, i] * inverse[j, r]),
    (D(det, X[i, j]), det * inverse[j, i]),
    (D(log(Abs(det)), X[i, j]), inverse[j, i]),
    (D(FORM, X[i, j]), -total(q, n, z[q, 0] * inverse[q, i]) * total(r, n, inverse[j, r] * z[r, 0])),
    (
        D(D(inverse[q, r], X[i, j]), X[k, s]),
        inverse[q, k] * inverse[s, i] * inverse[j, r] + inverse[q, i] * inverse[j, k] * inverse[s, r],
    ),
]
FALSE = [
    (total(k, n, X[i, k] * inverse[j, k]), delta(i, j)),
    (total(k, n, X[i, k] * inverse[k, j]), sp.Integer(1)),
    (D(inverse[q, r], X[i, j]), -inverse[q, j] * inverse[i, r]),
    (D(inverse[q, r], X[i, j]), inverse[q, i] * inverse[j, r]),
    (D(log(Abs(det)), X[i, j]), inverse[i, j]),
    (D(log(det), X[i, j]), inverse[j, i]),  # not defined where det < 0
    (sp.Trace(MatMul(X, Y, inverse, Y, evaluate=False)), sp.Trace(Y * Y)),
    (Abs(det), det),
]


def decided(left: Any, right: Any, given: tuple[Any, ...] = ()) -> Verdict:
    ready = prepare(left, right, given)
    return ready if isinstance(ready, Verdict) else decide_claim(ready)


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_true_is_proved(left: Any, right: Any) -> None:
    assert decided(left, right).name == "PROVED"


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_false_is_refuted(left: Any, right: Any) -> None:
    assert decided(left, right).name == "REFUTED"


def test_the_zeros_of_a_determinant_have_no_interior() -> None:
    verdict = decided(Piecewise((1, Ne(det, 0)), (0, True)), sp.Integer(1))
    assert (verdict.name, verdict.exceptions) == ("PROVED", ("det(X) = 0",))


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (inverse[i, j], 2 * inverse[i, j], (Eq(det, 0),)),
        (inverse[i, j], 2 * inverse[i, j], (Define(X, Y + Y),)),
        (Piecewise((1, Eq(det - X[0, 0] * inverse[0, 0], 0)), (0, True)), sp.Integer(0), ()),  # all of n = 1
    ],
)
def test_what_is_not_shown_is_not_claimed(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decided(left, right, given).name == "UNDECIDED"


def test_there_is_no_certificate() -> None:
    claim = prepare(*TRUE[0], ())
    assert not isinstance(claim, Verdict)
    assert certified(claim, decide_claim(claim)).certificate == ""
