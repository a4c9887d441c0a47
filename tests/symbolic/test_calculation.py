"""Calculations with exact numbers: printed decimals proved and refuted, their certificates and lies about them."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from symbolic import Verdict, VerdictKind, lower
from symbolic.calculation import decide_calculation
from symbolic.checker import check
from symbolic.notation import matrix

W = matrix("W", 2, 3)
x = matrix("x", 3, 1)
NUMBERS = {
    "W": ((Fraction(1), Fraction(-2), Fraction(1, 2)), (Fraction(0), Fraction(3), Fraction(-1, 4))),
    "x": ((Fraction(1, 2),), (Fraction(1, 4),), (Fraction(-1),)),
}  # W x = (-1/2, 1)
BOUND = Fraction(1, 2000)


def sigmoid_of_product(*printed: str, bound: Fraction = BOUND) -> Verdict:
    """1 / (1 + exp(-W x)), which is 0.37754... and 0.73105..."""
    claim = lower((W * x).applyfunc(lambda u: 1 / (1 + sp.exp(-u))), W * x, ())
    return decide_calculation(claim, NUMBERS, tuple((text,) for text in printed), ((bound,), (bound,)))


def accepted(data: Any) -> bool:
    return check(json.dumps(data).encode()).accepted


def test_what_is_rounded_rightly_is_proved_with_a_certificate() -> None:
    verdict = sigmoid_of_product("0.378", "0.731")
    assert verdict.kind is VerdictKind.PROVED
    assert check(verdict.certificate.encode()).accepted


def test_a_wrong_last_digit_is_refuted_at_its_entry() -> None:
    verdict = sigmoid_of_product("0.378", "0.732")
    assert verdict.kind is VerdictKind.REFUTED
    assert verdict.counterexample is not None
    assert verdict.counterexample.indices == {"row": 1, "column": 0}
    assert check(verdict.certificate.encode()).accepted


def test_the_edge_of_what_is_claimed_is_undecided() -> None:
    claim = lower(x, x, ())
    bounds = ((Fraction(1, 20),),) * 3
    verdict = decide_calculation(claim, NUMBERS, (("0.55",), ("0.25",), ("-1",)), bounds)
    assert verdict.kind is VerdictKind.UNDECIDED
    assert "edge" in verdict.reason


def test_something_without_a_number_is_undecided() -> None:
    verdict = decide_calculation(lower(W * x, W * x, ()), {"W": NUMBERS["W"]}, (("1",), ("1",)), ((BOUND,), (BOUND,)))
    assert verdict.kind is VerdictKind.UNDECIDED
    assert verdict.reason == "x has no number; give it in the context"


@pytest.mark.parametrize("printed", [("0.378", "0.731"), ("0.378", "0.732")])
def test_no_number_of_a_certificate_can_be_changed_to_a_lie(printed: tuple[str, str]) -> None:
    """Every number is moved by a little and by much: accepted exactly where the changed statement is true."""
    data = json.loads(sigmoid_of_product(*printed).certificate)
    truths = lies = 0
    for name, numbers in data["claim"]["values"].items():
        for place, number in enumerate(numbers):
            for change in (Fraction(1, 100), Fraction(-1, 3), Fraction(1, 10**6)):
                changed = copy.deepcopy(data)
                changed["claim"]["values"][name][place] = str(Fraction(number) + change)
                true = _holds(changed)
                assert accepted(changed) is true
                truths, lies = truths + true, lies + (not true)
    assert truths
    assert lies


def _holds(data: Any) -> bool:
    """The statement, by 60 digits."""
    values = {name: [sp.Rational(text) for text in numbers] for name, numbers in data["claim"]["values"].items()}
    product = sp.Matrix(2, 3, values["W"]) * sp.Matrix(3, 1, values["x"])
    printed, within = values["printed~"], values["within~"]
    gaps = [abs((1 / (1 + sp.exp(-product[k]))).evalf(60) - printed[k]) for k in range(2)]
    if data["verdict"] == "PROVED":
        return all(gap <= most for gap, most in zip(gaps, within, strict=True))
    row = data["counterexample"]["row"]
    return bool(gaps[row] > within[row] >= 0)


@pytest.mark.parametrize(
    "change",
    [
        {"within": None},
        {"values": None},
        {"values": {}},
        {"sizes": {"n": 1}},
        {"free": []},
    ],
    ids=str,
)
def test_a_statement_that_lacks_a_part_is_rejected(change: dict[str, Any]) -> None:
    data = json.loads(sigmoid_of_product("0.378", "0.731").certificate)
    data["claim"] |= change
    assert not accepted(data)


def test_the_other_verdict_is_rejected() -> None:
    proved = json.loads(sigmoid_of_product("0.378", "0.731").certificate)
    for row in range(2):
        assert not accepted(proved | {"verdict": "REFUTED", "counterexample": {"row": row}})
    refuted = json.loads(sigmoid_of_product("0.378", "0.732").certificate)
    assert not accepted(refuted | {"verdict": "PROVED"})
    assert not accepted(refuted | {"counterexample": {"row": 0}})
    assert not accepted(refuted | {"counterexample": {"row": 2}})
    assert not accepted(refuted | {"counterexample": {}})
