"""Softmax and its Jacobian, entry by entry and as a matrix, for every number of classes n.

z is a column (n, 1) of logits, y = softmax(z) a column (n, 1), S the sum of the exponentials; dy/dz is (n, n) with
dy_i/dz_j at (i, j).  Indices count from 0.  The documents name the logits z, x, a or o and the output y, f or p.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define
from symbolic.notation import (
    Cases,
    D,
    Jacobian,
    delta,
    diag,
    index,
    keep,
    ones,
    scalar,
    size,
    softmax,
    total,
    vector,
)

__all__ = ["ENTRIES"]

CASES = Source("000_e684565acf2280c2", "item 2")
LOCAL = Source("001_592b6b16dab3915e", "exercise 1")
TABLE = Source("003_a592d850349715ea", "4.2")
LOGITS = Source("004_9eb3eaf93dd1b904", "1.4.1")

n, i, j, k = size("n"), index("i"), index("j"), index("k")
z, y, S, c = vector("z", n), vector("y", n), scalar("S"), scalar("c")
x, f = vector("x", n), vector("f", n)
o, p = vector("o", n), vector("p", n)


def e(r: Any) -> sp.Expr:
    """e^{z_r}"""
    return sp.exp(z[r, 0])


def d(r: Any) -> sp.Expr:
    """e^{x_r}"""
    return sp.exp(x[r, 0])


given = (Define(S, total(k, n, sp.exp(z[k, 0]))), Define(y[i, 0], softmax(z, i)))
given_x = (Define(S, total(k, n, sp.exp(x[k, 0]))), Define(f[i, 0], softmax(x, i)))
same, different = sp.Eq(i, j), sp.Ne(i, j)

# ---- entry by entry

ENTRIES_OF_JACOBIAN = (
    Derivation(
        "softmax-jacobian",
        "dy_i/dz_j = y_i (delta_ij - y_j)",
        start=D(y[i, 0], z[j, 0]),
        lines=(
            Line(D(e(i) / S, z[j, 0]), "definition of softmax"),
            Line((D(e(i), z[j, 0]) * S - e(i) * D(S, z[j, 0])) / S**2, "quotient rule"),
            Line((delta(i, j) * e(i) * S - e(i) * e(j)) / S**2, "only the j-th term of S depends on z_j"),
            Line(e(i) / S * (delta(i, j) - e(j) / S), "split the fraction"),
            Line(y[i, 0] * (delta(i, j) - y[j, 0]), "fold softmax"),
        ),
        given=given,
        sources=(LOCAL, LOGITS),
    ),
    Derivation(
        "softmax-jacobian-diagonal",
        "dy_i/dz_i = y_i (1 - y_i)",
        start=D(y[i, 0], z[i, 0]),
        lines=(
            Line(D(e(i) / S, z[i, 0]), "definition of softmax"),
            Line((e(i) * S - keep(e(i)) * e(i)) / S**2, "quotient rule"),
            Line(keep(e(i) / S) * ((S - e(i)) / S), "two fractions"),
            Line(keep(e(i) / S) * (1 - e(i) / S), "divide by S"),
            Line(y[i, 0] * (1 - y[i, 0]), "fold softmax"),
        ),
        given=given,
        sources=(LOGITS,),
        note="Printed without the square of the denominator: see softmax-jacobian-diagonal-lost-square.  y is yhat.",
    ),
    Derivation(
        "softmax-jacobian-off-diagonal",
        "dy_i/dz_j = -y_i y_j for j other than i",
        start=D(y[i, 0], z[j, 0]),
        lines=(
            Line(D(e(i) / S, z[j, 0]), "definition of softmax"),
            Line((keep(sp.Integer(0)) - e(i) * e(j)) / S**2, "quotient rule; e^{z_i} does not depend on z_j"),
            Line(-keep(e(i) / S) * (e(j) / S), "two fractions"),
            Line(-y[i, 0] * y[j, 0], "fold softmax"),
        ),
        given=(*given, different),
        sources=(LOGITS,),
        note="Printed without the square, and with y_i twice: see the errata softmax-jacobian-off-diagonal-*.",
    ),
    Derivation(
        "softmax-jacobian-equal-indices",
        "df_i/dx_j = f_i (1 - f_j) for i = j",
        start=D(f[i, 0], x[j, 0]),
        lines=(
            Line(D(d(i) / S, x[j, 0]), "definition of softmax"),
            Line((d(i) * S - d(j) * d(i)) / S**2, "quotient rule"),
            Line(keep(d(i) / S) * ((S - d(j)) / S), "two fractions"),
            Line(f[i, 0] * (1 - f[j, 0]), "fold softmax"),
        ),
        given=(*given_x, same),
        sources=(LOCAL,),
        note=(
            "The sum that the document leaves bare in its numerators is read as the sum of the exponentials, as the "
            "line after it requires; its logits are called x and then a, their number J and then N."
        ),
    ),
    Derivation(
        "softmax-jacobian-unequal-indices",
        "df_i/dx_j = -f_i f_j for i other than j",
        start=D(f[i, 0], x[j, 0]),
        lines=(
            Line(D(d(i) / S, x[j, 0]), "definition of softmax"),
            Line((keep(sp.Integer(0)) - d(j) * d(i)) / S**2, "quotient rule"),
            Line(-keep(d(j) / S) * (d(i) / S), "two fractions"),
            Line(-f[i, 0] * f[j, 0], "fold softmax"),
        ),
        given=(*given_x, different),
        sources=(LOCAL,),
    ),
    Derivation(
        "softmax-jacobian-cases",
        "dy_i/dz_j as a table of cases",
        start=D(y[i, 0], z[j, 0]),
        lines=(
            Line(Cases((y[i, 0] * (1 - y[i, 0]), same), (-y[i, 0] * y[j, 0], different)), "both cases"),
            Line(y[i, 0] * (delta(i, j) - y[j, 0]), "in one formula"),
        ),
        given=given,
        sources=(CASES, LOCAL),
        note="The case i = j is printed without indices, y (1 - y), read entry by entry.",
    ),
    Derivation(
        "softmax-jacobian-cases-by-logit",
        "dp_j/do_i as a table of cases",
        start=D(p[j, 0], o[i, 0]),
        lines=(
            Line(
                Cases(
                    (p[i, 0] * (1 - p[i, 0]), sp.Eq(j, i)),
                    (-p[j, 0] * p[i, 0], sp.Ne(j, i)),
                ),
                "both cases",
            ),
            Line(p[j, 0] * (delta(i, j) - p[i, 0]), "in one formula"),
        ),
        given=(Define(p[i, 0], softmax(o, i)),),
        sources=(TABLE,),
    ),
)

# ---- as a matrix, and what follows

MATRIX_AND_SUMS = (
    Derivation(
        "softmax-jacobian-matrix",
        "dy/dz = diag(y) - y y^T",
        start=Jacobian(y, z),
        lines=(
            Line(diag(y) * (sp.Identity(n) - ones(n) * y.T), "y_i (delta_ij - y_j) in every place (i, j)"),
            Line(diag(y) - y * y.T, "diag(y) times the column of ones is y"),
        ),
        given=given,
        sources=(CASES, LOGITS),
        note="Numerator layout; the matrix is symmetric, so denominator layout is the same.",
    ),
    Derivation(
        "softmax-sums-to-one",
        "softmax sums to 1",
        start=total(i, n, y[i, 0]),
        lines=(
            Line(total(i, n, e(i)) / S, "the denominator is common"),
            Line(sp.Integer(1), "S over S"),
        ),
        given=given,
    ),
    Derivation(
        "softmax-jacobian-row-sum",
        "the rows of the softmax Jacobian sum to 0",
        start=total(j, n, D(y[i, 0], z[j, 0])),
        lines=(
            Line(total(j, n, y[i, 0] * (delta(i, j) - y[j, 0])), "softmax Jacobian"),
            Line(y[i, 0] * (1 - total(j, n, y[j, 0])), "one delta in the row"),
            Line(sp.Integer(0), "softmax sums to 1"),
        ),
        given=given,
    ),
    Derivation(
        "softmax-jacobian-column-sum",
        "the columns of the softmax Jacobian sum to 0",
        start=total(i, n, D(y[i, 0], z[j, 0])),
        lines=(
            Line(D(total(i, n, y[i, 0]), z[j, 0]), "the sum of slopes is the slope of the sum"),
            Line(sp.Integer(0), "softmax sums to 1 at every z"),
        ),
        given=given,
    ),
    Derivation(
        "softmax-shift-invariance",
        "softmax does not change when a number c is added to every logit",
        start=sp.exp(z[i, 0] + c) / total(k, n, sp.exp(z[k, 0] + c)),
        lines=(
            Line(sp.exp(c) * e(i) / keep(sp.exp(c) * S), "e^c is a common factor"),
            Line(y[i, 0], "e^c cancels"),
        ),
        given=given,
    ),
    Derivation(
        "log-softmax-gradient",
        "d(log y_i)/dz_j = delta_ij - y_j",
        start=D(sp.log(y[i, 0]), z[j, 0]),
        lines=(
            Line(1 / y[i, 0] * D(y[i, 0], z[j, 0]), "chain rule"),
            Line(keep(1 / y[i, 0]) * (y[i, 0] * (delta(i, j) - y[j, 0])), "softmax Jacobian"),
            Line(delta(i, j) - y[j, 0], "y_i cancels"),
        ),
        given=given,
    ),
)

# ---- what the documents get wrong

upside_down = Cases((0, same), (1, different))

ERRATA = (
    Erratum(
        "softmax-denominator-index",
        "the sum in the denominator of softmax",
        before=f[i, 0],
        as_written=d(i) / total(i, n, d(j)),
        right=d(i) / total(j, n, d(j)),
        given=given_x,
        sources=(LOCAL,),
        note="Printed is a sum over i of a term with the index j.",
    ),
    Erratum(
        "softmax-jacobian-bare-sum",
        "the numerator of the quotient rule for i = j, its bare sum read as a sum of what follows it",
        before=D(f[i, 0], x[j, 0]),
        as_written=d(i) * total(k, n, -d(k) * d(i)) / S**2,
        right=(d(i) * S - d(j) * d(i)) / S**2,
        given=(*given_x, same),
        sources=(LOCAL,),
        note=(
            "Read literally, the sum runs over the product -e^{a_j} e^{a_i} behind it.  The line after it can only "
            "be reached if the sum stands for that of the exponentials: softmax-jacobian-equal-indices."
        ),
    ),
    Erratum(
        "softmax-jacobian-bare-sum-split",
        "the two fractions for i = j, the bare sum of the second read as a sum of what follows it",
        before=D(f[i, 0], x[j, 0]),
        as_written=keep(d(i) / S) * (total(k, n, -d(k)) / S),
        right=keep(d(i) / S) * ((S - d(j)) / S),
        given=(*given_x, same),
        sources=(LOCAL,),
        note="The same bare sum one line later: read literally, the second fraction is -1.",
    ),
    Erratum(
        "softmax-delta-upside-down",
        "the Kronecker delta of the softmax Jacobian",
        before=D(f[i, 0], x[j, 0]),
        as_written=f[i, 0] * (upside_down - f[j, 0]),
        right=f[i, 0] * (delta(i, j) - f[j, 0]),
        given=given_x,
        sources=(LOCAL,),
        note="The delta is defined as 0 for i = j and 1 for i other than j: upside down.",
    ),
    Erratum(
        "softmax-jacobian-one-index",
        "the softmax Jacobian with the same index on both sides of the derivative",
        before=D(f[i, 0], x[i, 0]),
        as_written=f[i, 0] * (delta(i, j) - f[j, 0]),
        right=f[i, 0] * (delta(i, i) - f[i, 0]),
        given=given_x,
        sources=(LOCAL,),
        note="The result for any i and j is printed as the derivative by x_i; it is that by x_j.",
    ),
    Erratum(
        "softmax-jacobian-diagonal-lost-square",
        "the quotient rule for i = j",
        before=D(y[i, 0], z[i, 0]),
        as_written=(e(i) * S - keep(e(i)) * e(i)) / S,
        right=(e(i) * S - keep(e(i)) * e(i)) / S**2,
        given=given,
        sources=(LOGITS,),
        note="The denominator is printed without its square; the line after it has both factors 1/S.",
    ),
    Erratum(
        "softmax-jacobian-off-diagonal-lost-square",
        "the quotient rule for i other than j",
        before=D(y[i, 0], z[j, 0]),
        as_written=(keep(sp.Integer(0)) - e(i) * e(j)) / S,
        right=(keep(sp.Integer(0)) - e(i) * e(j)) / S**2,
        given=(*given, different),
        sources=(LOGITS,),
        note="The denominator is printed without its square; the line after it has both factors 1/S.",
    ),
    Erratum(
        "softmax-jacobian-off-diagonal-index",
        "the result for i other than j",
        before=D(y[i, 0], z[j, 0]),
        as_written=-keep(y[i, 0]) * y[i, 0],
        right=-y[i, 0] * y[j, 0],
        given=(*given, different),
        sources=(LOGITS,),
        note="Printed is y_i twice.",
    ),
)

ENTRIES: tuple[Derivation | Erratum, ...] = (*ENTRIES_OF_JACOBIAN, *MATRIX_AND_SUMS, *ERRATA)
