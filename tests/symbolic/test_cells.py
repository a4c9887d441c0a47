"""Cells of signs: which cannot occur, and equations in them that eliminate variables."""

from __future__ import annotations

import pytest
from sympy import Max, Min, Ne

from symbolic import OneHot
from symbolic.cells import impossible
from symbolic.decision import decide_claim
from symbolic.judge import prepare
from symbolic.normal_form.polynomials import ONE, AtomTable, Poly, add, constant, of_atom, scale, subtract
from symbolic.notation import index, scalar, size, vector
from symbolic.terms import Claim

TABLE = AtomTable()
X, Y, Z = (of_atom(TABLE.atom("symbol", name)) for name in "xyz")


@pytest.mark.parametrize(
    ("signs", "positive", "expected"),
    [
        ([(X, 1), (X, -1)], [], True),
        ([(X, 1), (X, 0)], [], True),
        ([(X, 0), (Y, 0), (add(X, Y), 0)], [], False),
        ([(subtract(X, Y), 1), (subtract(Y, Z), 1), (subtract(Z, X), 1)], [], True),
        ([(subtract(X, Y), 1), (subtract(Y, Z), 1), (subtract(X, Z), 1)], [], False),
        ([(subtract(X, ONE), 0), (subtract(X, constant(2)), 0)], [], True),
        ([(subtract(X, ONE), -1), (subtract(scale(X, 2), constant(2)), 0)], [], True),
        ([(add(X, Y), -1)], [X, Y], True),
        ([(add(X, Y, ONE), 0)], [X], False),
        ([(subtract(add(X, Y), ONE), 1), (subtract(X, scale(ONE, 1)), -1), (Y, -1)], [], True),
        ([], [], False),
    ],
)
def test_impossible_cells(signs: list[tuple[Poly, int]], positive: list[Poly], expected: bool) -> None:
    assert impossible(signs, positive) is expected


def test_equations_of_a_cell_do_not_turn_in_circles() -> None:
    n, j, i, x = size("n"), index("j"), index("i"), scalar("x")
    t, z = vector("t", n), vector("z", n)
    left, bit = Max(3, Min(x, t[j, 0] + z[j, 0])), t[j, 0]
    at0, at1 = (left.xreplace({bit: value}) for value in (0 * x, 1 + 0 * x))
    for right, verdict in ((at0 + bit * (at1 - at0), "PROVED"), (at0 + bit * (at1 - 2 * at0), "REFUTED")):
        claim = prepare(left, right, (OneHot(t), Ne(i, j)))
        assert isinstance(claim, Claim)
        assert decide_claim(claim).name == verdict
