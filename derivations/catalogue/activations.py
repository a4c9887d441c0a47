"""Activations and their slopes, the chain rule that they are differentiated with, and the loss of one sigmoid unit.

A scalar activation: z, x real, slopes are numbers.  The sigmoid unit: W a row (1, n), x a column (n, 1), a = Wx a
number, target t, loss E = -t log(sigmoid(a)) in nats; dE/dx has the layout of the row W (numerator layout).
"""

from __future__ import annotations

import sympy as sp

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define, Every
from symbolic.notation import (
    Cases,
    D,
    Jacobian,
    index,
    keep,
    matrix,
    prime,
    relu,
    scalar,
    sigmoid,
    size,
    total,
    vector,
)

__all__ = ["ENTRIES"]

UNIT = Source("000_e684565acf2280c2", "item 1")
SIGMOID = Source("004_9eb3eaf93dd1b904", "1.2.2, Part B2.1")
TANH = Source("004_9eb3eaf93dd1b904", "1.2.2, Part B2.2")
RELU = Source("004_9eb3eaf93dd1b904", "1.2.2, Part B2.3")

z = scalar("z")
e = sp.exp(-z)  # e^{-z}
square = (1 + e) ** 2

# ---- sigmoid

SIGMOIDS = (
    Derivation(
        "sigmoid-derivative",
        "sigmoid' = sigmoid (1 - sigmoid), as a product of two fractions",
        start=D(sigmoid(z), z),
        lines=(
            Line(e / square, "chain rule on the reciprocal"),
            Line(keep(1 / (1 + e)) * (e / (1 + e)), "two factors"),
            Line(sigmoid(z) * (1 - sigmoid(z)), "the first factor is sigmoid, the second what it lacks to 1"),
        ),
        sources=(Source("000_e684565acf2280c2", "item 5"),),
    ),
    Derivation(
        "sigmoid-derivative-by-splitting",
        "sigmoid' = sigmoid (1 - sigmoid), adding and subtracting 1",
        start=D(sigmoid(z), z),
        lines=(
            Line(D(1 / (1 + e), z), "definition of sigmoid"),
            Line(D(keep(1 + e) ** -1, z), "the fraction as a power"),
            Line(keep(-1) * (1 + e) ** -2 * keep(-e), "chain rule"),
            Line(e * (1 + e) ** -2, "the signs cancel"),
            Line(e / keep(square), "as a fraction"),
            Line((keep(1 + e) - 1) / square, "add and subtract 1"),
            Line(keep(1 + e) / square - 1 / square, "split the fraction"),
            Line(1 / (1 + e) - 1 / square, "cancel 1 + e^-z"),
            Line(sigmoid(z) - 1 / square, "fold sigmoid"),
            Line(sigmoid(z) - keep(1 / (1 + e)) ** 2, "the square of a fraction"),
            Line(sigmoid(z) - sigmoid(z) ** 2, "fold sigmoid again"),
            Line(sigmoid(z) * (1 - sigmoid(z)), "factor"),
        ),
        sources=(SIGMOID,),
        note="The line that adds and subtracts 1 is printed with a wrong sign: see sigmoid-derivative-sign-slip.",
    ),
    Erratum(
        "sigmoid-derivative-sign-slip",
        "adding and subtracting 1 in the numerator e^-z",
        before=e / square,
        as_written=(keep(1 - e) + 1) / square,
        right=(keep(1 + e) - 1) / square,
        sources=(SIGMOID,),
        note="Written is 1 - e^-z + 1, which is 2 - e^-z; the line after it goes on from the right form.",
    ),
)

# ---- tanh

HYPERBOLIC = (
    Derivation(
        "tanh-exponential-form",
        "tanh by exponentials",
        start=sp.tanh(z),
        lines=(
            Line(sp.sinh(z) / sp.cosh(z), "definition of tanh"),
            Line((sp.exp(z) - e) / (sp.exp(z) + e), "the halves of sinh and cosh cancel"),
        ),
        sources=(TANH,),
    ),
    Derivation(
        "tanh-derivative",
        "tanh' = 1 - tanh^2 by the quotient rule",
        start=D(sp.tanh(z), z),
        lines=(
            Line(D(sp.sinh(z) / sp.cosh(z), z), "definition of tanh"),
            Line(
                (sp.cosh(z) * D(sp.sinh(z), z) - sp.sinh(z) * D(sp.cosh(z), z)) / sp.cosh(z) ** 2,
                "quotient rule",
            ),
            Line((sp.cosh(z) ** 2 - sp.sinh(z) ** 2) / sp.cosh(z) ** 2, "sinh' = cosh and cosh' = sinh"),
            Line(
                keep(sp.cosh(z) ** 2) / sp.cosh(z) ** 2 - keep(sp.sinh(z) ** 2) / sp.cosh(z) ** 2,
                "split the fraction",
            ),
            Line(1 - sp.tanh(z) ** 2, "fold tanh"),
        ),
        sources=(TANH, Source("003_a592d850349715ea", "3.1")),
    ),
)

# ---- ReLU

x = scalar("x")

RECTIFIERS = (
    Derivation(
        "relu-derivative",
        "the slope of ReLU, with 0 at the kink",
        start=D(relu(x), x),
        lines=(
            Line(D(sp.Max(0, x), x), "definition of ReLU"),
            Line(Cases((1, x > 0), (0, x <= 0)), "the slope of each piece; 0 is put at the kink"),
        ),
        sources=(Source("003_a592d850349715ea", "3"), RELU),
        note="ReLU has no slope at 0; the value 0 there is a convention, so the table is proved except at x = 0.",
    ),
    Erratum(
        "relu-derivative-overlapping-cases",
        "the slope of ReLU by a table whose cases overlap",
        before=D(sp.Max(0, z), z),
        as_written=Cases((0, z <= 0), (1, z >= 0)),
        right=Cases((0, z <= 0), (1, z > 0)),
        sources=(RELU,),
        note="Both cases hold at z = 0 and claim different values there; one of them has to be strict.",
    ),
)

# ---- the chain rule for a composition of three

f, g, h = sp.Function("f"), sp.Function("g"), sp.Function("h")
start, middle, last, end = scalar("input"), scalar("b"), scalar("c"), scalar("output")

CHAIN_RULE = Derivation(
    "chain-rule-three",
    "the chain rule for input -> b -> c -> output",
    start=D(end, start),
    lines=(
        Line(D(end, last) * D(last, middle) * D(middle, start), "one factor for each arrow"),
        Line(prime(h, last) * prime(g, middle) * prime(f, start), "the slope of each function where it is taken"),
        Line(prime(h, g(f(start))) * prime(g, f(start)) * prime(f, start), "b and c written out"),
    ),
    given=(Define(middle, f(start)), Define(last, g(middle)), Define(end, h(last))),
    sources=(Source("001_592b6b16dab3915e", "exercise 1"),),
    note="f, g and h are any smooth functions; a kink of one of them is an exception.",
)

# ---- the loss of one sigmoid unit

n, m = size("n"), size("m")
i, j, k = index("i"), index("j"), index("k")
t, a, y, E, w = scalar("t"), scalar("a"), scalar("y"), scalar("E"), scalar("W")
row, column = matrix("W", 1, n), vector("x", n)
targets, outputs = vector("t", m), vector("y", m)
MEAN_LOSS = total(j, m, -targets[j, 0] * sp.log(outputs[j, 0])) / m
loss = -t * sp.log(sigmoid(a))
unit = (Define(a, w * x), Define(y, sigmoid(a)), Define(E, -t * sp.log(y)))
wide_unit = (Define(a, total(k, n, row[0, k] * column[k, 0])), *unit[1:])

UNIT_LOSS = (
    Erratum(
        "mean-loss-index",
        "the mean loss of m samples, each with its own target and output",
        before=E,
        as_written=total(j, m, -targets[j, 0] * sp.log(outputs[i, 0])) / m,
        right=total(j, m, -targets[j, 0] * sp.log(outputs[j, 0])) / m,
        given=(Define(E, MEAN_LOSS), Every((k,), sp.Gt(outputs[k, 0], 0))),
        sources=(UNIT,),
        note="Under the sum over j the output is printed with the index i, which nothing sums.",
    ),
    Derivation(
        "unit-loss",
        "the loss of one sigmoid unit",
        start=E,
        lines=(
            Line(-t * sp.log(y), "one sample, one output"),
            Line(loss, "y = sigmoid(Wx)"),
            Line(-t * sp.log(1 / (1 + sp.exp(-a))), "definition of sigmoid"),
        ),
        given=wide_unit,
        sources=(UNIT,),
        note="a stands for Wx, W a row and x a column of any size.",
    ),
    Derivation(
        "unit-loss-by-target",
        "dE/dt for one sigmoid unit",
        start=D(E, t),
        lines=(
            Line(-sp.log(sigmoid(a)), "E is linear in t"),
            Line(-sp.log(1 / (1 + sp.exp(-a))), "definition of sigmoid"),
        ),
        given=wide_unit,
        sources=(UNIT,),
    ),
)


def _by_input(name: str, title: str, given: tuple[Define, ...], entry: sp.Expr, weight: sp.Expr) -> Derivation:
    """dE/dx, one entry of it: E = -t log y, y = sigmoid(a), a = Wx."""
    return Derivation(
        name,
        title,
        start=D(E, entry),
        lines=(
            Line(D(-t * sp.log(y), y) * D(sigmoid(a), entry), "chain rule through y = sigmoid(a)"),
            Line(-t * (1 / sigmoid(a)) * D(sigmoid(a), a) * weight, "log' at y, then the chain rule through a"),
            Line(
                -t * (1 + sp.exp(-a)) * keep(1 / (1 + sp.exp(-a))) * (1 - 1 / (1 + sp.exp(-a))) * weight,
                "sigmoid' = sigmoid (1 - sigmoid)",
            ),
            Line(-t * weight * sp.exp(-a) / (1 + sp.exp(-a)), "1 - sigmoid(a) as one fraction"),
        ),
        given=given,
        sources=(UNIT,),
        note="log(sigmoid(Wx))' is read as the slope of log where it is taken, which is what the line after it uses.",
    )


UNIT_SLOPES = (
    _by_input("unit-loss-by-input-scalar", "dE/dx for one sigmoid unit with one input", unit, x, w),
    _by_input(
        "unit-loss-by-input",
        "dE/dx_j for one sigmoid unit with any number of inputs",
        wide_unit,
        column[j, 0],
        row[0, j],
    ),
    Derivation(
        "unit-loss-by-input-row",
        "dE/dx as a row, laid out as W is",
        start=Jacobian(E, column),
        lines=(
            Line(sp.MatMul(D(E, a), row), "a = Wx is linear in x"),
            Line(sp.MatMul(-t * sp.exp(-a) / (1 + sp.exp(-a)), row), "dE/da of one unit"),
        ),
        given=wide_unit,
        sources=(UNIT,),
        note="Numerator layout: the derivative of a number by a column is a row.",
    ),
    Erratum(
        "unit-loss-slope-counted-twice",
        "the chain rule through y = sigmoid(Wx), its first factor read as the slope of the whole composition",
        before=D(E, x),
        as_written=-t * D(sp.log(sigmoid(w * x)), x) * D(sigmoid(w * x), x),
        right=D(-t * sp.log(y), y) * D(y, x),
        given=unit,
        sources=(UNIT,),
        note=(
            "Taken literally, log(sigmoid(Wx))' is the derivative of the composition by x, and the factor beside "
            "it counts the slope of sigmoid a second time.  One input; for more the product of two rows has no shape."
        ),
    ),
    Erratum(
        "unit-loss-double-exponential",
        "1 - sigmoid(Wx) as one fraction",
        before=D(E, column[j, 0]),
        as_written=-t * row[0, j] * sp.exp(sp.exp(-a)) / (1 + sp.exp(-a)),
        right=-t * row[0, j] * sp.exp(-a) / (1 + sp.exp(-a)),
        given=wide_unit,
        sources=(UNIT,),
        note="Printed is e to the power e^-Wx in the numerator.",
    ),
)

ENTRIES: tuple[Derivation | Erratum, ...] = (
    *SIGMOIDS,
    *HYPERBOLIC,
    *RECTIFIERS,
    CHAIN_RULE,
    *UNIT_LOSS,
    *UNIT_SLOPES,
)
