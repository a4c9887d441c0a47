"""Claims that a careless rule would decide wrongly: what each one must never be called.

"not PROVED" and "not REFUTED" name the verdict that would be wrong.  ``far(e)`` is Max(e, -1000): it agrees with e at
every small point, so that a wrong proof is not hidden by a lucky counterexample.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
import sympy as sp
from sympy import Abs, Derivative, Eq, Function, Ge, Gt, Le, Lt, Max, Ne, Piecewise, Subs, exp, log, sign, sin, sqrt

from symbolic import Define, Every, OneHot, Verdict, sums_to_one
from symbolic.decision import decide_claim
from symbolic.judge import prepare
from symbolic.notation import (
    Cases,
    D,
    delta,
    elementwise,
    index,
    keep,
    matrix,
    ones,
    positive,
    scalar,
    size,
    total,
    vector,
)
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
VARIANCE = total(k, n, (z[k, 0] - total(q, n, z[q, 0]) / n) ** 2) / n


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
        PROVED,
    ),
    Trap(
        "a derivative by a parameter with a compound argument",
        elementwise(lambda u: D(sp.tanh(u), u), -z),
        elementwise(lambda u: 1 - sp.tanh(u) ** 2, z),
        PROVED,
    ),
    Trap(
        "the same, with the chain rule where it does not belong",
        elementwise(lambda u: D(sp.tanh(u), u), -2 * z),
        elementwise(lambda u: -2 * (1 - sp.tanh(2 * u) ** 2), z),
        REFUTED,
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
    Trap(
        "a condition on every value of an index",
        n * z[i, 0],
        z[i, 0] + none(z[j, 0]),
        NOT_REFUTED,
        (Every((i,), Eq(i, j)),),
    ),
    Trap("a condition on indices that do not occur", v[k, 0], keep(v[k, 0]), PROVED, (Ne(i, j),)),
    Trap("a function declared positive", sign(keep(Function("p", positive=True)(x))), sp.Integer(1), NOT_REFUTED),
    Trap(
        "entries that a condition and a delta replace by each other",
        delta(i, j) * exp(z[i, 0] * z[j, 0]),
        delta(i, j) * exp(z[j, 0] ** 2) * x,
        NOT_PROVED,
        (Eq(z[i, 0], z[j, 0] + y),),
    ),
    Trap(
        "a symmetric matrix",
        total(k, n, A[i, k] * v[k, 0]),
        total(k, n, A[k, i] * v[k, 0]),
        PROVED,
        (Every((i, j), Eq(A[i, j], A[j, i])),),
    ),
    Trap("an antisymmetric matrix", far(A[i, j]), -A[j, i], NOT_PROVED, (Every((i, j), Eq(A[i, j], -A[j, i])),)),
    Trap("entries that are all equal", far(z[i, 0]), z[j, 0], NOT_PROVED, (Every((i,), Eq(z[i, 0], z[0, 0])),)),
]


reciprocal = 1 / (z[i, 0] - z[j, 0])
log_x = none(log(x))  # 0, where x > 0

DOMAINS = [
    Trap("log(x^2) = 2 log(x)", log(x**2), 2 * log(x), "REFUTED domain"),
    Trap("log(x^2) = 2 log(x) for positive x", log(keep(a) ** 2), 2 * log(a), PROVED),
    Trap("sqrt(x^2) = x", sqrt(x**2), x, "REFUTED value"),
    Trap("sqrt(x^2) = x for positive x", sqrt(keep(a) ** 2), a, PROVED),
    Trap("sqrt(x)^2 = x", keep(sqrt(x)) ** 2, x, "REFUTED domain"),
    Trap("log(-S) = log(S)", log(-S), log(S), UNDECIDED),
    Trap("log(x y) = log(x) + log(y)", log(x * y), log(x) + log(y), "REFUTED domain"),
    Trap("a factor that is 0 for n = 1", keep(x * (n - 1)) / (n - 1), x, "REFUTED domain"),
    Trap("a sum less its only term", (S - exp(z[j, 0])) / keep(S - exp(z[j, 0])), sp.Integer(1), NOT_PROVED),
    Trap("a sum less one of two", (S - exp(z[j, 0])) / keep(S - exp(z[j, 0])), sp.Integer(1), PROVED, (Ge(n, 2),)),
    Trap("1/(z_i - z_j) at i = j", keep(z[i, 0] - z[j, 0]) * reciprocal, sp.Integer(1), "REFUTED domain"),
    Trap("1/(z_k - z_h) over all k, h", total(k, n, total(h, n, 1 / (z[k, 0] - z[h, 0]))), sp.Integer(0), NOT_PROVED),
    Trap(
        "1/(z_k - z_h) over k != h",
        total(k, n, total(h, n, Piecewise((1 / (z[k, 0] - z[h, 0]), Ne(k, h)), (0, True)))),
        sp.Integer(0),
        NOT_REFUTED,
    ),
    Trap(
        "a branch and the same outside",
        sp.Add(iverson(Eq(i, j)) * 0, Piecewise((reciprocal, Ne(i, j)), (0, True)), none(reciprocal)),
        Piecewise((reciprocal, Ne(i, j)), (0, True)),
        NOT_PROVED,
    ),
    Trap(
        "a delta before what has no value there",
        delta(i, j) * reciprocal + x,
        delta(i, j) * reciprocal + far(x),
        NOT_PROVED,
    ),
    Trap(
        "a sum of that in a branch",
        Piecewise((total(k, n, delta(k, j) / (z[k, 0] - z[j, 0])), Ne(i, j)), (0, True)) + x * none(z[i, 0]),
        Piecewise((total(k, n, delta(k, j) / (z[k, 0] - z[j, 0])), Ne(i, j)), (0, True)) + delta(i, j) * (far(x) - x),
        NOT_PROVED,
    ),
    Trap(
        "a domain that decides the other side's branch",
        x + log_x,
        Piecewise((x + log_x, x > 0), (5, True)),
        "REFUTED domain",
    ),
    Trap(
        "a domain at i = j only",
        log_x,
        Piecewise((log_x, Eq(i, j)), (0, True)) + none(z[i, 0] * z[j, 0]),
        "REFUTED domain",
    ),
    Trap(
        "a domain at other indices",
        Piecewise((none(1 / f(x)), Eq(i, j)), (0, True)) + none(z[i, 0] * z[j, 0]),
        Piecewise((none(1 / f(x)), Eq(k, h)), (0, True)) + none(z[k, 0] * z[h, 0]),
        NOT_PROVED,
    ),
    Trap(
        "a domain under a sum",
        total(k, n, none(log(z[k, 0]))),
        total(k, n, Piecewise((none(log(z[k, 0])), z[k, 0] > 0), (0, True))),
        NOT_PROVED,
    ),
    Trap(
        "the domain of another entry",
        none(log(pair[i, 0])) + far(pair[0, 0]),
        none(log(pair[i, 0])) + pair[0, 0],
        NOT_PROVED,
    ),
    Trap(
        "a root is defined at 0",
        sqrt(z[i, 0] - z[j, 0]) + sign(z[i, 0] - z[j, 0]),
        sqrt(z[i, 0] - z[j, 0]) + 1,
        REFUTED,
    ),
    Trap("a root is defined at 0, for n = 1", sqrt((n - 1) * a) + sign((n - 1) * a), sqrt((n - 1) * a) + 1, REFUTED),
    Trap(
        "a logarithm that has no value at i = j",
        log(x**2 * reciprocal**2) + x,
        log(x**2 * reciprocal**2) + far(x),
        NOT_PROVED,
    ),
    Trap("f/f", keep(f(x)) / f(x), sp.Integer(1), NOT_PROVED),
    Trap("f/f for positive f", keep(f(x)) / f(x), sp.Integer(1), PROVED, (Gt(f(x), 0),)),
    Trap("f/f for f positive elsewhere", keep(f(x)) / f(x), sp.Integer(1), NOT_PROVED, (Gt(f(y), 0),)),
    Trap("a root of x for x^2 = x", keep(x) / x, sp.Integer(1), NOT_PROVED, (Eq(x * (x - 1) * (x - 2), 0),)),
    Trap("a sign where x y = 0", sign(x) ** 2, sp.Integer(1), NOT_PROVED, (Eq(x * y, 0),)),
    Trap("x >= 0 and x <= 0", sign(x * c) ** 2, sign(c) ** 2, NOT_PROVED, (Ge(x * c, 0), Le(x * c, 0))),
    Trap(
        "conditions that leave one point",
        sign(x) ** 2 + none(y),
        sp.Integer(1),
        NOT_PROVED,
        (Ge(x, 0), Ge(y, 0), Eq(x + y, 0)),
    ),
    Trap("contradictory conditions", x, x + y, UNDECIDED, (Gt(x, 0), Lt(x, 0))),
    Trap(
        "a true claim under contradictory conditions",
        keep(x + y) ** 2,
        x**2 + 2 * x * y + y**2,
        UNDECIDED,
        (Gt(x, 0), Lt(x, 0)),
    ),
    Trap("solved for a positive variable", Max(b, 3), b, NOT_REFUTED, (Eq(a, b - 3),)),
    Trap(
        "a domain by cases of indices", log(v[i, 0]), Piecewise((log(v[k, 0]), Eq(i, k)), (log(v[i, 0]), True)), PROVED
    ),
    Trap(
        "a domain in one case of two",
        log(v[i, 0]),
        Piecewise((log(v[k, 0]), Eq(i, k)), (log(far(v[i, 0])), True)),
        NOT_PROVED,
    ),
    Trap(
        "a domain from a sum of no terms",
        sp.Sum(log(x), (k, 0, -1)) + far(x),
        sp.Sum(log(x), (k, 0, -1)) + x,
        NOT_PROVED,
    ),
    Trap("x^n is defined for negative x", x**n * x, x**n * far(x), NOT_PROVED),
    Trap("a^n for positive a", keep(a**n) * a, a ** (n + 1), PROVED),
    Trap(
        "a fact about a logarithm of every entry",
        total(k, n, Abs(log(v[k, 0]))),
        total(k, n, log(v[k, 0])),
        PROVED,
        (Every((k,), Gt(log(v[k, 0]), 0)),),
    ),
    Trap("a variance is not negative", D(sqrt(VARIANCE) + x, x), sp.S.One, PROVED),
    Trap("a variance less 1 may be negative", D(sqrt(VARIANCE - 1) + x, x), sp.S.One, REFUTED),
]

ONE_HOT = [
    Trap("t^2 = t", z[i, 0] ** 2, z[i, 0], PROVED, (OneHot(z),)),
    Trap("t_i t_j = delta t_i", z[i, 0] * z[j, 0], delta(i, j) * z[i, 0], PROVED, (OneHot(z),)),
    Trap("t^2 = t on the simplex", z[i, 0] ** 2, z[i, 0], REFUTED, (sums_to_one(z),)),
    Trap("t/t", keep(z[i, 0]) / z[i, 0], sp.Integer(1), NOT_PROVED, (OneHot(z),)),
    Trap("(t - 1)/(t - 1)", keep(z[i, 0] - 1) / (z[i, 0] - 1), sp.Integer(1), NOT_PROVED, (OneHot(z),)),
    Trap(
        "(t - 1)/(t - 1) on the simplex",
        keep(z[i, 0] - 1) / (z[i, 0] - 1),
        sp.Integer(1),
        "REFUTED domain",
        (sums_to_one(z),),
    ),
    Trap(
        "a one-hot tensor in another condition",
        three[i, 0] ** 2,
        three[i, 0],
        NOT_REFUTED,
        (OneHot(three), Eq(total(k, 3, three[k, 0] * vector("w", 3)[k, 0]), 3)),
    ),
    Trap("row sums are no column sums", total(k, n, W[k, j]), sp.Integer(1), NOT_PROVED, (sums_to_one(W),)),
    Trap("a trace is no row sum", total(k, n, A[k, j]), sp.Integer(1), REFUTED, (Eq(total(k, n, A[k, k]), 1),)),
    Trap("a one-hot tensor that is defined", v[i, 0] ** 2, v[i, 0], NOT_REFUTED, (Define(v, 2 * z), OneHot(v))),
]

guarded = Piecewise((Piecewise((x, log(x) > 0), (keep(2 * x) - x, True)), y > 0), (3 * x, True)) + x**2

CASES = [
    Trap("[|z| - z >= 0] = [|z| - z > 0]", iverson(Abs(x) - x >= 0), iverson(Abs(x) - x > 0), REFUTED),
    Trap(
        "[z_i > z_j] + [z_j > z_i] = 1", iverson(z[i, 0] > z[j, 0]) + iverson(z[j, 0] > z[i, 0]), sp.Integer(1), REFUTED
    ),
    Trap("cases that overlap", Cases((0, x <= 0), (1, x >= 0)), sp.Heaviside(x, 0), "REFUTED cases"),
    Trap("cases that overlap where they agree", Cases((0, x <= 0), (x, x >= 0)), Max(0, x), PROVED),
    Trap("cases that leave a gap", Cases((0, x < 0), (1, x > 1)), sp.Heaviside(x, 0), "REFUTED domain"),
    Trap("a Piecewise without a default", Piecewise((x, x > 0)), Max(0, x), "REFUTED domain"),
    Trap("relu' cited on its kink", Subs(Derivative(Max(0, y), y), y, Max(0, x)), sp.Heaviside(x, 0), NOT_PROVED),
    Trap("relu' cited on its kink, by cases", Subs(D(Max(0, y), y), y, Max(0, x)), iverson(x > 0), NOT_PROVED),
    Trap("D max(0, x) = [x > 0]", D(Max(0, x), x), iverson(x > 0), PROVED),
    Trap("D |f| where f may be 0", D(Abs(f(x)), x), D(Abs(f(x)), x) + iverson(Eq(f(x), 0)), NOT_PROVED),
    Trap(
        "the slope at a kink of no width",
        D(Piecewise((pair[k, 0] ** 2 + 3, pair[i, 0] > pair[j, 0]), (0, True)), pair[k, 0]),
        D(Piecewise((pair[k, 0] ** 2 + 3, pair[i, 0] > pair[j, 0]), (0, True)), pair[k, 0]) + 5 * delta(i, j),
        NOT_PROVED,
    ),
    Trap("max(z_i, z_j) - max(z_j, z_i)", Max(z[i, 0], z[j, 0], 0), Max(0, z[j, 0], z[i, 0]), PROVED),
    Trap(
        "indices told apart by two guards",
        Max(0, z[k, 0]),
        Piecewise((Max(0, z[j, 0]), Eq(j, k)), (Max(0, z[k, 0]), True)),
        PROVED,
    ),
    Trap("a guard that has no value at i = j", Max(0, reciprocal) + x, Max(0, reciprocal) + far(x), NOT_PROVED),
    Trap(
        "a guard looked at in one case only",
        D(guarded, x) + c,
        D(guarded, x) + Piecewise((c, x > 0), (far(c), True)),
        NOT_PROVED,
    ),
]

CAPTURE = [
    Trap(
        "D by the entry that a bound index is named after", D(total(k, n, z[k, 0] ** 2), z[k, 0]), 2 * z[k, 0], PROVED
    ),
    Trap(
        "SymPy's own derivative of a sum by a vector",
        sp.Sum(z[k, 0] ** 2, (k, 0, n - 1)).diff(z),
        sp.ZeroMatrix(n, 1),
        NOT_REFUTED,
    ),
    Trap(
        "SymPy's capture in diff",
        total(k, n, exp(total(q, n, A[k, q] * v[q, 0]))).diff(v[q, 0]),
        total(k, n, exp(total(h, n, A[k, h] * v[h, 0])) * A[k, q]),
        NOT_PROVED,
    ),
    Trap(
        "the same by our own derivative",
        D(total(k, n, exp(total(q, n, A[k, q] * v[q, 0]))), v[q, 0]),
        total(k, n, exp(total(h, n, A[k, h] * v[h, 0])) * A[k, q]),
        PROVED,
    ),
    Trap(
        "one bound index inside another of its name",
        total(k, n, z[k, 0] * total(k, n, z[k, 0])),
        total(k, n, z[k, 0]) ** 2,
        PROVED,
    ),
    Trap("a range that is not the tensor's", total(k, m, z[k, 0]), sp.Integer(0), "REFUTED shape"),
    Trap(
        "cases in a sum in a sum",
        total(k, n, x * total(j, n, Piecewise((z[j, 0], Ne(j, k)), (0, True)))),
        x * (n - 1) * total(j, n, z[j, 0]),
        PROVED,
    ),
    Trap(
        "a trace identity that holds for n <= 2",
        sp.Trace(A) ** 3 - 3 * sp.Trace(A) * sp.Trace(A * A) + 2 * sp.Trace(A * A * A),
        sp.Integer(0),
        REFUTED,
    ),
    Trap("a delta in two writings", z[i, 0] * sp.KroneckerDelta(i, j, (0, n - 1)), z[j, 0] * delta(i, j), PROVED),
    Trap("y defined twice", y, x, UNDECIDED, (Define(y, x), Define(y, 2 * x))),
    Trap("y defined through itself", y, x, UNDECIDED, (Define(y, x + c), Define(c, y))),
]


together = a * b / (a + b) * (1 / a + 1 / b)  # 1

first = scalar("w0_0_0")
units: list[Any] = [scalar(f"u{i}") for i in range(8)]
for layer in range(2):
    sums = [sp.Add(*(scalar(f"w{layer}_{i}_{j}") * u for j, u in enumerate(units))) for i in range(8)]
    units = [1 / (1 + exp(-s)) for s in sums]
outputs = [exp(sum((u * scalar(f"v{i}_{j}") for j, u in enumerate(units)), y)) for i in range(2)]

CAMPAIGN = [  # what `python -m benchmarks.soundness` has found
    Trap("a fraction of one value in two forms, in a function", f(together * x), f(x), PROVED),
    Trap("a fraction of two values in a function", f(together * x), f(x + a), REFUTED),
    Trap("in a guard", Max(0, together * x - 1), Max(0, x - 1), PROVED),
    Trap("in a power of a sum", total(k, n, together * z[k, 0]) ** 3, total(k, n, z[k, 0]) ** 3, PROVED),
    Trap(
        "a fraction that is cancelled is still not defined everywhere",
        f((x**2 - y**2) / (x - y)) + none(z[i, 0] * z[j, 0]),
        f(x + y) + delta(i, j) * (far(x) - x),
        NOT_PROVED,
    ),
    Trap("a tie whose guard cannot be solved", sp.Min(g(x), y**3), sp.Min(keep(y) ** 3, g(x)), PROVED),
    Trap("a tie of what differs", sp.Min(g(x), y**3), Piecewise((g(x), g(x) < y**3), (y, True)), NOT_PROVED),
    Trap(
        "an equation at a tie only",
        Piecewise((g(x), Eq(g(x), y**3)), (1, True)),
        Piecewise((y**3, Eq(g(x), y**3)), (1, True)),
        PROVED,
    ),
    Trap("long exponentials", D(outputs[0] + outputs[1], first), D(outputs[0], first) + D(outputs[1], first), PROVED),
    Trap("long exponentials, wrong", D(outputs[0] + outputs[1], first), D(outputs[0], first), REFUTED),
    Trap(
        "long exponentials that are not defined everywhere",
        D(outputs[0] + outputs[1], first) + none(exp(y * log(x + 1000))),
        D(outputs[0] + outputs[1], first) + none(x * y),
        NOT_PROVED,
    ),
    Trap(
        "a kink in what long exponentials hide",
        D(Max(0, outputs[0] - outputs[1] * far(x) / x), y),
        D(outputs[0] - outputs[1], y) * iverson(outputs[0] > outputs[1]),
        PROVED,
        (Gt(x, 0),),
    ),
    Trap("a thin case", iverson(x > 0), iverson(x > sp.Rational(1, 10**9)), REFUTED),
    Trap("a one-hot factor below the line", sin(c) / a, sin(c) / (a * z[i, 0]), "REFUTED domain", (OneHot(z),)),
    Trap(
        "a kink at what a condition holds",
        D(Max(0, x + z[i, 0]), x),
        iverson(x + z[i, 0] > 0),
        PROVED,
        (sums_to_one(z),),
    ),
    Trap("a kink with an undefined f", D(Max(0, x + f(y)), x), iverson(x + f(y) > 0), PROVED),
    Trap(
        "a kink that is all there is",
        D(Max(0, z[i, 0] - z[j, 0] + v[i, 0] - v[j, 0]), z[i, 0]),
        iverson(z[i, 0] - z[j, 0] + v[i, 0] - v[j, 0] > 0) * (1 - delta(i, j)) + delta(i, j),
        NOT_PROVED,
        (sums_to_one(v),),
    ),
    Trap("a kink in what is bound", D(Max(0, x + f(x)), x), iverson(x + f(x) > 0) * (1 + D(f(x), x)), UNDECIDED),
    Trap("a root of a root", (sqrt(sqrt(a)) - 2) * (sqrt(sqrt(a)) + 2) + 4, sqrt(a), PROVED),
    Trap("a root of a root, wrong", (sqrt(sqrt(a)) - 2) * (sqrt(sqrt(a)) + 2) + 4, a, REFUTED),
    Trap("roots of one radicand", a ** sp.Rational(1, 3) * sqrt(keep(a)), a ** sp.Rational(5, 6), PROVED),
    Trap("an undefined f of either sign", sp.Min(0, f(a)), f(a), REFUTED),
    Trap("a condition by cases", Piecewise((x, sp.ITE(y > 0, x > 0, x > -1)), (c, True)), c, REFUTED),
    Trap(
        "a condition by cases, written out",
        Piecewise((x, sp.ITE(y > 0, x > 0, x > 1)), (c, True)),
        Piecewise((Piecewise((x, x > 0), (c, True)), y > 0), (Piecewise((x, x > 1), (c, True)), True)),
        PROVED,
    ),
]


@pytest.mark.parametrize(
    "trap", READING + GIVEN + DOMAINS + ONE_HOT + CASES + CAPTURE + CAMPAIGN, ids=lambda trap: trap.name
)
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
