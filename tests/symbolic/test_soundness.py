"""Claims that a careless rule would decide wrongly: what each one must never be called.

"not PROVED" and "not REFUTED" name the verdict that would be wrong.  ``far(e)`` is Max(e, -1000): it agrees with e at
every small point, so that a wrong proof is not hidden by a lucky counterexample.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
import sympy as sp
from sympy import Abs, Derivative, Eq, Function, Ge, Gt, Max, Ne, Piecewise, Subs, exp, sin

from symbolic import Define, Every, Verdict
from symbolic.decision import decide_claim
from symbolic.judge import prepare
from symbolic.notation import delta, index, keep, matrix, ones, positive, scalar, size, total, vector
from symbolic.transport import claim_from_json, claim_to_json

PROVED, REFUTED, UNDECIDED = "PROVED", "REFUTED", "UNDECIDED"
NOT_PROVED, NOT_REFUTED = "not PROVED", "not REFUTED"


class Trap(NamedTuple):
    """``left = right``, given `given`, and what the verdict is or is not."""

    name: str
    left: Any
    right: Any
    expected: str
    given: tuple[Any, ...] = ()


n, m = size("n"), size("m")
h, i, j, k, q = (index(name) for name in "hijkq")
x, y, c = (scalar(name) for name in "xyc")
a, b = positive("a"), positive("b")
z, v, pair, three = vector("z", n), vector("v", n), vector("pair", 2), vector("three", 3)
A, W = matrix("A", n, n), matrix("W", n, m)
f, g = Function("f"), Function("g")
S = total(k, n, exp(z[k, 0]))


def far(e: Any) -> Any:
    return Max(e, -1000)


def none(e: Any) -> Any:
    """e - e, as written: it is 0 where e is defined."""
    return keep(e) - keep(keep(e))


def iverson(condition: Any) -> Any:
    return Piecewise((1, condition), (0, True))


READING = [
    Trap(
        f"a free index called {name}",
        total(k, n, z[k, 0] * z[index(name), 0]),
        total(k, n, z[k, 0] ** 2),
        NOT_PROVED,
    )
    for name in ("k~0", "k~1", "@0", "@1", "~1.0", "~1.0:n", "%3A")
] + [
    Trap("a free index called row", z[index("row"), 0] * ones(n, 1), z, REFUTED),
    Trap("a size called 3", size("3"), sp.Integer(3), NOT_PROVED, (Ge(size("3"), 3),)),
    Trap("a range that ends at a bound index", total(k, n, total(h, k, x)), n * x, NOT_PROVED),
    Trap("a size that is also an index", total(h, size("k"), x) * z[size("k"), 0], size("k") * x * z[0, 0], NOT_PROVED),
    Trap("a sum that ends below its start", sp.Sum(x, (k, 0, -5)), sp.Integer(0), NOT_PROVED),
    Trap("an index that a value is put for", Subs(z[i, 0], i, j), z[i, 0], NOT_PROVED),
    Trap("values put in at once", Subs(Derivative(x**2 * y, x), (x, y), (y, x)), 2 * x * y, PROVED),
    Trap("values put in one after the other", Subs(Derivative(x**2 * y, x), (x, y), (y, x)), 2 * x * x, NOT_PROVED),
    Trap(
        "a derivative by what an entry is put for",
        z.applyfunc(sp.Lambda(x, Derivative(x * z[0, 0], x))),
        z[0, 0] * ones(n, 1),
        NOT_REFUTED,
    ),
    Trap("a definition of the diagonal", A[i, j], z[j, 0], NOT_PROVED, (Define(A[i, i], z[i, 0]),)),
    Trap("a variable declared an integer", sin(keep(sp.Symbol("p", integer=True)) * sp.pi), sp.Integer(0), NOT_REFUTED),
    Trap(
        "a variable declared not positive",
        Abs(keep(sp.Symbol("p", nonpositive=True))),
        -sp.Symbol("p", nonpositive=True),
        NOT_REFUTED,
    ),
    Trap("the declared sign of what is defined", Abs(y), a, PROVED, (Define(a, y),)),
    Trap("the sign of what is defined, wrong", Abs(y), -y, REFUTED, (Define(a, y),)),
]

GIVEN = [
    Trap("a fact about one row is none about all", far(W[i, j]), W[i, j], NOT_PROVED, (Every((j,), Gt(W[0, j], 0)),)),
    Trap("a fact about one entry is none about all", far(three[1, 0]), three[1, 0], NOT_PROVED, (Gt(three[0, 0], 0),)),
    Trap("a fact about a diagonal", far(A[i, j]), A[i, j], NOT_PROVED, (Every((i,), Gt(A[i, i], 0)),)),
    Trap(
        "Ne(delta, 0) says that they are equal",
        delta(i, j) * (far(x) - x) + none(z[i, 0] * z[j, 0]),
        0,
        NOT_PROVED,
        (Ne(delta(i, j), 0),),
    ),
    Trap(
        "Ne(x, delta) says nothing of the indices",
        delta(i, j) * (far(x) - x) + none(z[i, 0] * z[j, 0]),
        0,
        NOT_PROVED,
        (Ne(x, delta(i, j)),),
    ),
    Trap(
        "Eq(delta, x) does not make indices equal",
        far(z[i, 0] - z[j, 0]),
        z[i, 0] - z[j, 0],
        NOT_PROVED,
        (Eq(delta(i, j), x),),
    ),
    Trap(
        "equal deltas do not make indices equal",
        far(z[i, 0] - z[j, 0]) + none(z[k, 0] * z[h, 0]),
        z[i, 0] - z[j, 0],
        NOT_PROVED,
        (Eq(delta(i, j), delta(k, h)),),
    ),
    Trap("given i = j", z[i, 0] * v[j, 0], z[j, 0] * v[i, 0], PROVED, (Eq(i, j),)),
    Trap("given i != j", delta(i, j) * x, none(z[i, 0] * z[j, 0]), PROVED, (Ne(i, j),)),
]


@pytest.mark.parametrize("trap", READING + GIVEN, ids=lambda trap: trap.name)
def test_verdict(trap: Trap) -> None:
    verdict = decided(trap)
    text = f"{trap.left} = {trap.right}: {verdict}"
    if trap.expected.startswith("not "):
        assert verdict.name != trap.expected.removeprefix("not "), text
    else:
        kind = verdict.counterexample.kind if verdict.counterexample else ""
        assert trap.expected in (verdict.name, f"{verdict.name} {kind}"), text


def decided(trap: Trap) -> Verdict:
    """The verdict in this process, after the journey of the lowered form that a worker's claim makes."""
    ready = prepare(trap.left, trap.right, trap.given)
    return ready if isinstance(ready, Verdict) else decide_claim(claim_from_json(claim_to_json(ready)))
