"""What is not negative: elements of sums that are known, entropies, variances; and near it, what may be negative."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Abs, Eq, Ge, Gt, Heaviside, Max, Ne, Rational, exp, log, sqrt

from symbolic import Every, Verdict, sums_to_one
from symbolic.decision import decide_claim
from symbolic.judge import prepare
from symbolic.notation import delta, index, keep, matrix, positive, size, total, vector

n = size("n")
i, j, k, m = (index(name) for name in "ijkm")
a = positive("a")
z, w, p, q, P = vector("z", n), vector("w", n), vector("p", n), vector("q", n), matrix("P", n, n)
WEIGHTS = (Every((k,), Ge(p[k, 0], 0)), sums_to_one(p))
POSITIVE = (Every((k,), Gt(p[k, 0], 0)), sums_to_one(p))
ROWS = (Every((j, k), Ge(P[j, k], 0)), sums_to_one(P))
Q = Every((k,), Gt(q[k, 0], 0))
DIFFERENT = Ne(i, j)
SLIVER = Rational(1, 10**20)
LOG = log(p[k, 0])


def sum_of(body: Any) -> Any:
    return total(k, n, body)


RESIDUE = sum_of(z[k, 0] ** 2) - sum_of(z[k, 0]) ** 2
MEAN = sum_of(z[k, 0]) / n
NOT_NEGATIVE = [
    (1 - p[j, 0], 1 - (1 + SLIVER) * p[j, 0], WEIGHTS),
    (1 - p[j, 0], 1 - p[j, 0], (sums_to_one(p),)),  # the other entries may be negative
    (2 - p[j, 0], Rational(3, 2) - p[j, 0], (WEIGHTS[0], Eq(sum_of(p[k, 0]), 2))),
    (1 - p[i, 0] - p[j, 0], 1 - p[i, 0] - (1 + SLIVER) * p[j, 0], (DIFFERENT, *WEIGHTS)),
    (2 - p[i, 0] - p[j, 0], 1 - p[i, 0] - p[j, 0], WEIGHTS),  # where i and j are one
    (1 - P[i, j], 1 - P[i, j] - P[j, i], ROWS),
    (a - a * P[i, j], a - P[i, j], ROWS),
    (1 - P[i, k] - P[i, j], 1 - P[k, i] - P[j, i], (Ne(j, k), *ROWS)),  # of a row, not of a column
    (-sum_of(p[k, 0] * LOG), a - 2 - sum_of(p[k, 0] * LOG), POSITIVE),
    (-sum_of(q[k, 0] * LOG), -sum_of(q[k, 0] * log((1 + SLIVER) * p[k, 0])), (Q, *POSITIVE)),
    (-sum_of(p[k, 0] * log(p[k, 0] * p[k, 0])), -sum_of(p[k, 0] * log(2 * p[k, 0])), POSITIVE),
    (-sum_of(p[k, 0] * log(P[k, j])), -sum_of(z[k, 0] * LOG), (Every((j, k), Gt(P[j, k], 0)), ROWS[1], *POSITIVE)),
    (sum_of(z[k, 0] ** 2) / n - MEAN**2, sum_of(z[k, 0] ** 2) / n - (1 + SLIVER) * MEAN**2, ()),
    (sum_of((z[k, 0] - MEAN) ** 2) / n, sum_of((z[k, 0] - MEAN) ** 3) / n, ()),
    (n * sum_of(z[k, 0] ** 2) - sum_of(z[k, 0]) ** 2, n * sum_of(z[k, 0] ** 2) - 2 * sum_of(z[k, 0]) ** 2, ()),
    (
        sum_of(p[k, 0] * z[k, 0] ** 2) - sum_of(p[k, 0] * z[k, 0]) ** 2,
        sum_of(p[k, 0] ** 2 * z[k, 0] ** 2) - sum_of(p[k, 0] * z[k, 0]) ** 2,
        WEIGHTS,
    ),
    (
        sum_of(p[k, 0] * z[k, 0] ** 2) - sum_of(p[k, 0] * z[k, 0]) ** 2 + a,
        sum_of(p[k, 0] * z[k, 0] ** 2) - sum_of(p[k, 0] * z[k, 0]) ** 2 - a * SLIVER,
        WEIGHTS,
    ),
    (
        sum_of(z[k, 0] ** 2) * sum_of(w[k, 0] ** 2) - sum_of(w[k, 0] * z[k, 0]) ** 2,
        sum_of(z[k, 0] ** 2) * sum_of(w[k, 0] ** 2) - sum_of(w[k, 0] ** 2 * z[k, 0]) ** 2,
        (),
    ),
    (
        sum_of(q[k, 0] * z[k, 0] ** 2) * sum_of(q[k, 0]) - sum_of(q[k, 0] * z[k, 0]) ** 2,
        sum_of(w[k, 0] * z[k, 0] ** 2) * sum_of(w[k, 0]) - sum_of(w[k, 0] * z[k, 0]) ** 2,
        (Q,),  # weights of any sign give no variance
    ),
]


def decided(left: Any, right: Any, given: tuple[Any, ...]) -> Verdict:
    ready = prepare(left, right, given)
    return ready if isinstance(ready, Verdict) else decide_claim(ready)


@pytest.mark.parametrize(("value", "wrong", "given"), NOT_NEGATIVE)
def test_what_is_not_negative(value: Any, wrong: Any, given: tuple[Any, ...]) -> None:
    if value != wrong:
        assert decided(Abs(keep(value)), value, given).name == "PROVED"
    assert decided(Abs(keep(wrong)), wrong, given).name != "PROVED"


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (Max(1 - SLIVER, p[j, 0]), 1 - SLIVER, WEIGHTS),
        (Abs(keep(1 - p[j, 0])), 1 - p[j, 0], (sums_to_one(p),)),
        (keep(sqrt(keep(RESIDUE))) ** 2, RESIDUE, ()),  # not defined everywhere
    ],
)
def test_near_lies_are_refuted(left: Any, right: Any, given: tuple[Any, ...]) -> None:
    assert decided(left, right, given).name == "REFUTED"


def test_a_guard_is_told_by_its_numerator() -> None:
    shared = 1 + total(k, n, exp(z[k, 0] - z[m, 0]) * (1 - delta(k, m)))
    other = 1 + total(k, n, exp(z[k, 0] - 2 * z[m, 0]) * (1 - delta(k, m)))
    top = a * shared + 1 - exp(z[j, 0] - z[m, 0])
    left = Heaviside(keep(top / shared))
    assert decided(left, Heaviside(keep(top / other)), ()).name == "PROVED"
    assert decided(left, Heaviside(keep((top - SLIVER) / other)), ()).name == "REFUTED"
    assert decided(left, Heaviside(keep(top / (other - 1))), ()).name == "REFUTED"  # it is 0 where n = 1
