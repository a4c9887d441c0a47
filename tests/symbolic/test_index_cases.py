"""Cases of indices and bits: verdicts do not depend on names, and every near lie is refuted."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from sympy import Abs, Eq, Gt, Max, Min, Ne, Rational, cos, exp, log, sin, sqrt, tanh

from symbolic import OneHot, Verdict
from symbolic.decision import decide_claim
from symbolic.judge import prepare
from symbolic.notation import delta, index, keep, matrix, scalar, size, total, vector

Claim = tuple[Any, Any, tuple[Any, ...]]

n, m = size("n"), size("m")
x = scalar("x")
z, w, t = vector("z", n), vector("w", n), vector("t", n)
T, R = matrix("T", n, n), matrix("R", m, n)
HOT = (OneHot(t),)
SLIVER = Rational(1, 10**30)
l = index("l")  # noqa: E741

#: with three indices under any names: what is true, and a right side that is not
CLAIMS: dict[str, Callable[[Any, Any, Any], tuple[Any, Any, Any, tuple[Any, ...]]]] = {
    "cases of two indices and of a bit": lambda i, j, k: (
        exp(tanh(z[j, 0]) + z[i, 0]),
        exp(tanh(z[j, 0])) * exp((sin(t[i, 0]) ** 2 + cos(Min(2, t[i, 0])) ** 2) * z[i, 0]),
        exp(tanh(z[j, 0])) * exp((sin(t[i, 0]) ** 2 + cos(Min(1 - SLIVER, t[i, 0])) ** 2) * z[i, 0]),
        HOT,
    ),
    "an entry of one-hot rows": lambda i, j, k: (
        log(1 + T[i, j]),
        T[i, j] * log(2),
        T[j, i] * log(2),
        (OneHot(T),),
    ),
    "two entries of a row": lambda i, j, k: (
        log(1 + t[i, 0] + t[j, 0]),
        (t[i, 0] + t[j, 0]) * log(2) + delta(i, j) * t[i, 0] * (log(3) - 2 * log(2)),
        (t[i, 0] + t[j, 0]) * log(2),
        HOT,
    ),
    "two that differ": lambda i, j, k: (
        log(1 + t[i, 0] + t[j, 0]),
        (t[i, 0] + t[j, 0]) * log(2),
        (t[i, 0] + t[j, 0]) * log(2 + SLIVER),
        (OneHot(t), Ne(i, j)),
    ),
    "never both": lambda i, j, k: (
        Max(1, t[i, 0] + t[j, 0]),
        1 + 0 * t[i, 0],
        Max(1 - SLIVER, t[i, 0]),
        (OneHot(t), Ne(i, j)),
    ),
    "an entry that is 1": lambda i, j, k: (t[j, 0], delta(i, j), 0 * t[i, 0], (OneHot(t), Eq(t[i, 0], 1))),
    "an entry that is 1, in a sum": lambda i, j, k: (
        total(l, n, t[l, 0] * z[l, 0]),
        z[i, 0],
        z[i, 0] * delta(i, j),
        (OneHot(t), Eq(t[i, 0], 1)),
    ),
    "an entry of rows that is 1": lambda i, j, k: (
        T[i, k] * z[k, 0],
        delta(j, k) * z[j, 0],
        delta(j, k) * z[i, 0],
        (OneHot(T), Eq(T[i, j], 1)),
    ),
    "an entry that is 0": lambda i, j, k: (
        t[j, 0] * delta(i, j),
        0 * t[i, 0],
        t[j, 0],
        (OneHot(t), Eq(t[i, 0], 0)),
    ),
    "equal in a chain": lambda i, j, k: (
        z[i, 0] * w[j, 0],
        2 * z[k, 0],
        2 * w[k, 0],
        (Eq(i, j), Eq(j, k), Eq(w[k, 0], 2)),
    ),
    "known of one of two equal indices": lambda i, j, k: (
        Abs(z[j, 0]) * delta(i, j),
        z[j, 0] * delta(i, j),
        Abs(z[j, 0]),
        (Gt(z[i, 0], 0),),
    ),
}

#: functions of bits under a sum: what is true, and a right side that is not
UNDER_SUMS = [
    (total(l, n, z[l, 0] * log(1 + t[l, 0])), log(2) * total(l, n, t[l, 0] * z[l, 0]), log(2) * total(l, n, z[l, 0])),
    (
        total(l, n, exp(t[l, 0] * z[l, 0])),
        n - 1 + total(l, n, t[l, 0] * exp(z[l, 0])),
        n + total(l, n, t[l, 0] * exp(z[l, 0])),
    ),
    (total(l, n, sqrt(t[l, 0]) * z[l, 0]), total(l, n, t[l, 0] * z[l, 0]), total(l, n, sqrt(t[l, 0]))),
    (total(l, n, Max(x, t[l, 0])), Max(x, 1) + (n - 1) * Max(x, 0), Max(x, 1) + n * Max(x, 0)),
    (total(l, n, Abs(t[l, 0] - Rational(1, 2))), n / 2, n / 2 + SLIVER),
]


def decided(left: Any, right: Any, given: tuple[Any, ...]) -> Verdict:
    ready = prepare(left, right, given)
    return ready if isinstance(ready, Verdict) else decide_claim(ready)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_the_names_of_indices_make_no_difference(claim: Callable[[Any, Any, Any], Any]) -> None:
    for names in permutations("ijk"):
        left, right, wrong, given = claim(*map(index, names))
        assert decided(left, right, given).name == "PROVED", names
        assert decided(left, wrong, given).name == "REFUTED", names


@pytest.mark.parametrize(("left", "right", "wrong"), UNDER_SUMS)
def test_functions_of_bits_under_a_sum(left: Any, right: Any, wrong: Any) -> None:
    assert decided(left, right, HOT).name == "PROVED"
    assert decided(left, wrong, HOT).name == "REFUTED"


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (total(l, n, t[l, 0] * log(t[l, 0])), total(l, n, 0 * t[l, 0]), HOT),  # 0 log 0 has no value
        (total(l, n, exp(keep(log(x + t[l, 0])))), n * x + 1, HOT),  # only where x > 0
        (total(l, n, log(1 + T[l, l])), log(2) * total(l, n, T[l, l]), ()),  # not one-hot
        (total(l, n, R[l, 0] * x), x, (OneHot(R),)),  # the rows sum to 1, the columns do not
    ],
)
def test_bits_that_tell_nothing(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decided(left, right, given).name != "PROVED"
