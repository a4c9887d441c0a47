"""Rules of the checker, each with a claim that needs it, and with one that is nearly the same and false."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy as sp

from symbolic import Verdict
from symbolic.certificates import certificate
from symbolic.checker import check
from symbolic.decision import decide_claim
from symbolic.given import Every, OneHot
from symbolic.judge import prepare
from symbolic.notation import D, delta, index, keep, matrix, positive, scalar, size, softplus, total, vector
from symbolic.terms import Claim

n = size("n")
i, j, k = (index(name) for name in "ijk")
x, y = scalar("x"), scalar("y")
a, b = positive("a"), positive("b")
z, p, o, A = vector("z", n), vector("p", n), vector("o", n), matrix("A", n, n)
f = sp.Function("f")
POSITIVE_P = (Every((k,), sp.Gt(p[k, 0], 0)),)


def fraction(u: Any, v: Any) -> Any:
    """1, as (u v / (u + v)) (1/u + 1/v)."""
    return (u * v / (u + v)) * (1 / u + 1 / v)


#: name: left side, right side, a wrong right side, what is given
RULES: dict[str, tuple[Any, Any, Any, tuple[Any, ...]]] = {
    "a fraction in a clip": (
        total(k, n, sp.Max(-3, A[i, j])),
        total(k, n, sp.Max(-3, fraction(b, p[k, 0]) * A[i, j])),
        total(k, n, sp.Max(-3, fraction(b, p[k, 0]) * A[j, i])),
        POSITIVE_P,
    ),
    "a fraction in a logarithm": (
        sp.log(a * (x**2 + 1)),
        sp.log(a * (fraction(sp.exp(1), p[j, 0]) * x**2) + a),
        sp.log(a * (fraction(sp.exp(1), p[j, 0]) * x**2) + b),
        POSITIVE_P,
    ),
    "a fraction in a function": (
        f(z[i, 0]),
        f(fraction(sp.exp(z[i, 0]), p[i, 0]) * z[i, 0]),
        f(fraction(sp.exp(z[i, 0]), p[i, 0]) * z[j, 0]),
        POSITIVE_P,
    ),
    "a fraction in an exponent": (
        softplus(sp.sqrt(sp.exp(x))),
        softplus(sp.sqrt(sp.exp(x)) * fraction(a, sp.exp(y))),
        softplus(sp.sqrt(sp.exp(x)) * fraction(a, sp.exp(y)) ** 2 * 2),
        (),
    ),
    "two angles": (sp.sin(2 * x), 2 * sp.sin(x) * sp.cos(x), 2 * sp.sin(x), ()),
    "a sum of angles": (
        sp.sin(keep(x + y)),
        sp.sin(x) * sp.cos(y) + sp.cos(x) * sp.sin(y),
        sp.sin(x) * sp.cos(y) - sp.cos(x) * sp.sin(y),
        (),
    ),
    "a square under a root": (
        sp.sqrt(keep(a**2 - 2 * a + 1)),
        sp.Abs(keep(a - 1)),
        keep(a - 1),
        (),
    ),
    "the tangent of exp": (sp.Max(b, sp.exp(b)), sp.exp(b), b, ()),
    "the tangent of log": (sp.Max(keep(b - 1), sp.log(b)), keep(b - 1), sp.log(b), ()),
    "the tangent of exp, turned": (sp.Max(1, sp.exp(-a)), sp.Integer(1), sp.exp(-a), ()),
    "a discriminant": (sp.Abs(x**2 + x + 1), x**2 + x + 1, x**2 - x + 1, ()),
    "signs where indices are equal": (
        sp.Abs(o[j, 0]) * delta(i, j),
        total(k, n, sp.Max(o[k, 0], -o[k, 0]) * delta(i, k) * delta(j, k)),
        total(k, n, sp.Max(o[k, 0], 0) * delta(i, k) * delta(j, k)),
        (),
    ),
    "entries at different places": (
        sp.Heaviside(z[i, 0] - z[j, 0], 0) + sp.Heaviside(z[j, 0] - z[i, 0], 0),
        sp.Integer(1),
        sp.Integer(2),
        (sp.Ne(i, j),),
    ),
    "an entry of a one-hot vector in a function": (
        sp.log(1 + o[j, 0]) + sp.Max(5, o[j, 0]),
        o[j, 0] * sp.log(2) + 5,
        o[j, 0] * sp.log(3) + 5,
        (OneHot(o),),
    ),
    "a logarithm of more than 1": (sp.Max(0, softplus(x)), softplus(x), softplus(2 * x), ()),
    "a kink under a sum": (
        D(total(k, n, sp.Max(0, A[k, j])), A[j, j]),
        total(k, n, sp.Heaviside(A[k, j]) * delta(j, k)),
        total(k, n, sp.Heaviside(A[k, j])),
        (),
    ),
    "a completed square": (
        sp.Abs(x**2 + x * y + y**2),
        x**2 + x * y + y**2,
        x**2 - x * y + y**2,
        (),
    ),
    "three squares": (
        sp.Abs(x**2 + y**2 + a**2 - x * y - y * a - a * x),
        x**2 + y**2 + a**2 - x * y - y * a - a * x,
        x**2 + y**2 + a**2 - x * y - y * a + a * x,
        (),
    ),
    "logarithms compared": (sp.Max(x, softplus(x)), softplus(x), x, ()),
    "a sum and one of its terms": (
        sp.Max(z[j, 0], sp.log(total(k, n, sp.exp(z[k, 0])))),
        sp.log(total(k, n, sp.exp(z[k, 0]))),
        z[j, 0],
        (),
    ),
    "a guard with a positive factor": (sp.Abs(x * keep(1 + x**2)), sp.Abs(x) * keep(1 + x**2), x * keep(1 + x**2), ()),
}


def judged(left: Any, right: Any, given: tuple[Any, ...]) -> tuple[Verdict, dict[str, Any]]:
    claim = prepare(left, right, given)
    assert isinstance(claim, Claim)
    verdict = decide_claim(claim)
    text = certificate(claim, verdict)
    assert text is not None
    return verdict, json.loads(text)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_accepts_what_is_true_and_not_what_is_nearly_so(name: str) -> None:
    left, right, wrong, given = RULES[name]
    proved, good = judged(left, right, given)
    assert proved.name == "PROVED"
    report = check(json.dumps(good).encode())
    assert report.accepted, report.reason
    refuted, bad = judged(left, wrong, given)
    assert refuted.name == "REFUTED"
    assert check(json.dumps(bad).encode()).accepted
    point = {**bad["counterexample"]["point"]}
    for tree in (good["cells"], [None] * len(good["cells"])):
        exceptions = [number for number, node in enumerate(bad["nodes"]) if node[0] == "entry"]
        lie = {**bad, "verdict": "PROVED", "witness": point, "cells": tree, "exceptions": exceptions}
        del lie["counterexample"]
        assert not check(json.dumps(lie).encode()).accepted


def test_a_guard_that_is_zero_because_indices_differ_is_so_nearby() -> None:
    left = sp.sqrt(sp.exp(A[i, j])) / 2
    verdict, data = judged(left, keep(sp.exp(A[i, j]) / (2 * sp.sqrt(sp.exp(A[i, k]) * delta(j, k)))), ())
    assert (verdict.name, data["counterexample"]["kind"]) == ("REFUTED", "domain")
    assert check(json.dumps(data).encode()).accepted
