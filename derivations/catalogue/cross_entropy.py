"""Cross-entropy and its gradients: by the outputs, by the logits of a softmax, by the inputs of sigmoid units.

All vectors are columns with n entries, sums run over all of them, E is in nats.  Two losses: the sum
-sum t_k log o_k, and the binary sum -sum (t_k log o_k + (1 - t_k) log(1 - o_k)), which needs every o_k between 0 and 1.
A gradient is given entry by entry; laid out as a row (numerator layout) where a name ends in "-row".
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions import MatrixExpr

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define, Every, OneHot, sums_to_one
from symbolic.notation import (
    D,
    Jacobian,
    delta,
    diag,
    hadamard,
    index,
    keep,
    scalar,
    sigmoid,
    size,
    softmax,
    total,
    total_except,
    vector,
)

__all__ = ["ENTRIES"]

GRADIENT = Source("000_e684565acf2280c2", "item 2")
LOCAL = Source("001_592b6b16dab3915e", "exercise 1")
LOGITS = Source("004_9eb3eaf93dd1b904", "1.4.1")

n, i, j, k, c = size("n"), index("i"), index("j"), index("k"), index("c")
E, L = scalar("E"), scalar("L")
t, o, x = vector("t", n), vector("o", n), vector("x", n)
z, y = vector("z", n), vector("y", n)


def cross_entropy(targets: Any, outputs: Any) -> sp.Expr:
    """-sum over k of t_k log o_k"""
    return -total(k, targets.shape[0], targets[k, 0] * sp.log(outputs[k, 0]))


def binary_term(target: sp.Expr, output: sp.Expr) -> sp.Expr:
    """t log o + (1 - t) log(1 - o)"""
    return target * sp.log(output) + (1 - target) * sp.log(1 - output)


def binary_sum(targets: Any, outputs: Any) -> sp.Expr:
    """-sum over k of t_k log o_k + (1 - t_k) log(1 - o_k)"""
    return -total(k, targets.shape[0], binary_term(targets[k, 0], outputs[k, 0]))


def slope(target: sp.Expr, output: sp.Expr) -> sp.Expr:
    """The slope of one term of the binary sum by its output."""
    return -target / output + (1 - target) / (1 - output)


above_0 = Every((k,), sp.Gt(o[k, 0], 0))
below_1 = Every((k,), sp.Lt(o[k, 0], 1))
tj, oj = t[j, 0], o[j, 0]

# ---- by the outputs

BY_OUTPUT = (
    Derivation(
        "cross-entropy-by-output",
        "dE/do_j for E = -sum t_k log o_k",
        start=D(E, oj),
        lines=(
            Line(-total(k, n, t[k, 0] * D(sp.log(o[k, 0]), oj)), "the targets are constants"),
            Line(-total(k, n, t[k, 0] / o[k, 0] * delta(k, j)), "log' is the reciprocal"),
            Line(-tj / oj, "one delta in the sum"),
        ),
        given=(Define(E, cross_entropy(t, o)), above_0),
        sources=(GRADIENT, LOCAL, LOGITS),
    ),
    Derivation(
        "binary-cross-entropy-by-output",
        "dE/do_j for the binary sum",
        start=D(E, oj),
        lines=(
            Line(D(binary_sum(t, o), oj), "definition of the binary sum"),
            Line(
                -D(tj * sp.log(oj), oj) - D((1 - tj) * sp.log(1 - oj), oj), "only the j-th term depends on o_j"
            ),
            Line(slope(tj, oj), "log' is the reciprocal; the inner slope of 1 - o is -1"),
            Line((oj - tj) / (oj * (1 - oj)), "one fraction"),
        ),
        given=(Define(E, binary_sum(t, o)), above_0, below_1),
        sources=(LOCAL,),
    ),
    Erratum(
        "binary-cross-entropy-lost-sign",
        "dE/do_j, the minus in front of the sum carried into both terms",
        before=D(E, oj),
        as_written=D(tj * sp.log(oj), oj) - D((1 - tj) * sp.log(1 - oj), oj),
        right=-D(tj * sp.log(oj), oj) - D((1 - tj) * sp.log(1 - oj), oj),
        given=(Define(E, binary_sum(t, o)), above_0, below_1),
        sources=(LOCAL,),
        note="The minus is carried into the second term only.",
    ),
    Erratum(
        "binary-cross-entropy-circular",
        "dE/do_j as two fractions",
        before=D(E, oj),
        as_written=D(E, oj) + (1 - tj) / (1 - oj),
        right=slope(tj, oj),
        given=(Define(E, binary_sum(t, o)), above_0, below_1),
        sources=(LOCAL,),
        note="The first fraction, -t/o, is printed as the derivative itself.",
    ),
    Erratum(
        "cross-entropy-is-not-the-binary-sum",
        "the negative log-likelihood of class c under softmax",
        before=-sp.log(o[c, 0]),
        as_written=binary_sum(t, o),
        right=cross_entropy(t, o),
        given=(Define(t[i, 0], delta(i, c)), Define(o[i, 0], softmax(x, i))),
        sources=(LOCAL,),
        note=(
            "One sample: its class c makes the target one-hot.  The binary sum adds -log(1 - o_k) of every other "
            "class; it is the likelihood of n separate yes-or-no outputs, not of one choice among n."
        ),
    ),
)

# ---- softmax: y - t

softmax_loss = (Define(E, cross_entropy(t, y)), Define(y[i, 0], softmax(z, i)), sums_to_one(t))
ti, yi = t[i, 0], y[i, 0]

SUMMING_TO_ONE = (
    Derivation(
        "softmax-cross-entropy-gradient",
        "dE/dz_i = y_i - t_i for targets that sum to 1",
        start=D(E, z[i, 0]),
        lines=(
            Line(
                D(E, yi) * D(yi, z[i, 0]) + total_except(j, n, i, D(E, y[j, 0]) * D(y[j, 0], z[i, 0])),
                "chain rule through every output, the i-th apart",
            ),
            Line(
                keep(-ti / yi) * yi * (1 - yi)
                + total_except(j, n, i, keep(-tj / y[j, 0]) * keep(-yi * y[j, 0])),
                "the slope of the loss, and both cases of the softmax Jacobian",
            ),
            Line(-ti * (1 - yi) + yi * total_except(j, n, i, tj), "the outputs cancel"),
            Line(-ti + yi * total(j, n, tj), "the i-th term joins the sum"),
            Line(yi - ti, "the targets sum to 1"),
        ),
        given=softmax_loss,
        sources=(GRADIENT,),
        note="Its two middle lines are printed wrong: see softmax-cross-entropy-wrong-output and -elementwise.",
    ),
    Derivation(
        "softmax-cross-entropy-gradient-row",
        "dE/dz = (y - t)^T",
        start=Jacobian(E, z),
        lines=(
            Line(Jacobian(E, y) * Jacobian(y, z), "chain rule"),
            Line(
                -hadamard(t, sp.HadamardPower(y, -1)).T * (diag(y) - y * y.T),
                "the slope of the loss, and the softmax Jacobian as a matrix",
            ),
            Line(-t.T + (t.T * sp.OneMatrix(n, 1)) * y.T, "the outputs cancel"),
            Line((y - t).T, "the targets sum to 1"),
        ),
        given=softmax_loss,
        sources=(GRADIENT,),
        note="Numerator layout: a row.  The left side is printed as W over dz, where dE/dz is meant.",
    ),
    Erratum(
        "softmax-cross-entropy-wrong-output",
        "the terms for j other than i",
        before=D(E, z[i, 0]),
        as_written=keep(-ti / yi) * yi * (1 - yi)
        + total_except(j, n, i, keep(-tj / yi) * keep(-yi * y[j, 0])),
        right=keep(-ti / yi) * yi * (1 - yi)
        + total_except(j, n, i, keep(-tj / y[j, 0]) * keep(-yi * y[j, 0])),
        given=softmax_loss,
        sources=(GRADIENT,),
        note="The slope of the loss by y_j is printed with y_i.  Both sums are read as sums over j with i fixed.",
    ),
    Erratum(
        "softmax-cross-entropy-elementwise",
        "what is left when the outputs cancel",
        before=D(E, z[i, 0]),
        as_written=-ti * (1 - yi) + ti * yi,
        right=-ti * (1 - yi) + yi * total_except(j, n, i, tj),
        given=softmax_loss,
        sources=(GRADIENT,),
        note=(
            "Printed without indices, -t (1 - y) + t y, and read entry by entry as the first product has to be: "
            "y_i then stands beside its own target and not beside all the others.  The line after it is right."
        ),
    ),
)


def _one_hot_lines() -> tuple[Line, ...]:
    """dL/dz_i with targets y and outputs yhat = softmax(z)."""
    return (
        Line(total(j, n, D(L, yhat_j) * D(yhat_j, z[i, 0])), "chain rule, summed over j"),
        Line(-total(j, n, D(yj * sp.log(yhat_j), z[i, 0])), "the loss written out"),
        Line(-total(j, n, yj * D(sp.log(yhat_j), z[i, 0])), "the targets are constants"),
        Line(-total(j, n, yj * (1 / yhat_j) * D(yhat_j, z[i, 0])), "log' is the reciprocal"),
        Line(
            -yi / yhat_i * D(yhat_i, z[i, 0]) - total_except(j, n, i, yj / yhat_j * D(yhat_j, z[i, 0])),
            "the i-th term apart",
        ),
        Line(
            -keep(yi / yhat_i) * yhat_i * (1 - yhat_i)
            - total_except(j, n, i, keep(yj / yhat_j) * keep(-yhat_j * yhat_i)),
            "both cases of the softmax Jacobian",
        ),
        Line(-yi + yi * yhat_i + total_except(j, n, i, yj * yhat_i), "the outputs cancel"),
        Line(-yi + total(j, n, yj * yhat_i), "the i-th term joins the sum"),
        Line(-yi + yhat_i * total(j, n, yj), "yhat_i is a common factor"),
        Line(yhat_i - yi, "the targets sum to 1"),
    )


yhat = vector("yhat", n)
yhat_i, yhat_j, yj = yhat[i, 0], yhat[j, 0], y[j, 0]
one_hot_loss = (Define(L, cross_entropy(y, yhat)), Define(yhat[i, 0], softmax(z, i)), OneHot(y))

ONE_HOT = (
    Derivation(
        "softmax-cross-entropy-gradient-one-hot",
        "dL/dz_i = yhat_i - y_i for a one-hot target",
        start=D(L, z[i, 0]),
        lines=_one_hot_lines(),
        given=one_hot_loss,
        sources=(LOGITS,),
        note="Of the target nothing but its sum 1 is used.  One line is printed wrong: softmax-cross-entropy-yhat-twice.",
    ),
    Erratum(
        "softmax-cross-entropy-yhat-twice",
        "the i-th term joins the sum",
        before=D(L, z[i, 0]),
        as_written=-yi + yhat_i * total(j, n, yj * yhat_i),
        right=-yi + yhat_i * total(j, n, yj),
        given=one_hot_loss,
        sources=(LOGITS,),
        note="yhat_i is printed in front of the sum and under it; the line after it has it once.",
    ),
)

# ---- sigmoid units with the binary sum: o - t

t1, o1, x1 = scalar("t"), scalar("o"), scalar("x")
sigmoid_unit = (Define(E, -binary_term(t1, o1)), Define(o1, sigmoid(x1)))
sigmoid_units = (Define(E, binary_sum(t, o)), Define(o[i, 0], sigmoid(x[i, 0])))


def _through_sigmoid(target: sp.Expr, output: sp.Expr, logit: sp.Expr) -> tuple[Line, ...]:
    """dE/dx = dE/do do/dx down to o - t."""
    return (
        Line(D(E, output) * D(output, logit), "chain rule; no other output depends on this input"),
        Line(slope(target, output) * keep(output * (1 - output)), "the slope of the loss, and sigmoid'"),
        Line(keep(-target + target * output) + (output - target * output), "multiply out"),
        Line(output - target, "t o cancels"),
    )


SIGMOID_UNITS = (
    Derivation(
        "binary-cross-entropy-sigmoid",
        "dE/dx = o - t for one sigmoid unit",
        start=D(E, x1),
        lines=_through_sigmoid(t1, o1, x1),
        given=sigmoid_unit,
        sources=(LOCAL,),
    ),
    Derivation(
        "binary-cross-entropy-sigmoids",
        "dE/dx_j = o_j - t_j for any number of sigmoid units",
        start=D(E, x[j, 0]),
        lines=_through_sigmoid(tj, oj, x[j, 0]),
        given=sigmoid_units,
        sources=(LOCAL,),
        note="The document has softmax before the loss, where it does not hold: see binary-cross-entropy-softmax.",
    ),
    Derivation(
        "binary-cross-entropy-sigmoids-row",
        "dE/dx = (o - t)^T for any number of sigmoid units",
        start=Jacobian(E, x),
        lines=(
            Line(Jacobian(E, o) * diag(hadamard(o, sp.OneMatrix(n, 1) - o)), "the Jacobian of sigmoid is diagonal"),
            Line((o - t).T, "entry by entry as for one unit"),
        ),
        given=sigmoid_units,
        sources=(LOCAL,),
        note="Numerator layout: a row.",
    ),
    Erratum(
        "binary-cross-entropy-missing-parentheses",
        "dE/do_j times the slope of the output",
        before=D(E, x[j, 0]),
        as_written=tj / oj + (1 - tj) / (1 - oj) * keep(oj * (1 - oj)),
        right=slope(tj, oj) * keep(oj * (1 - oj)),
        given=sigmoid_units,
        sources=(LOCAL,),
        note="The first fraction has lost its minus, and only the second is multiplied: parentheses are missing.",
    ),
    Erratum(
        "binary-cross-entropy-expansion",
        "what the product without parentheses is, multiplied out",
        before=tj / oj + (1 - tj) / (1 - oj) * keep(oj * (1 - oj)),
        as_written=keep(tj + tj * oj + oj) - tj * oj,
        right=tj / oj + oj - tj * oj,
        given=(above_0, below_1),
        sources=(LOCAL,),
        note="The step between the two printed lines.",
    ),
    Erratum(
        "binary-cross-entropy-expansion-sign",
        "dE/dx_j multiplied out",
        before=D(E, x[j, 0]),
        as_written=keep(tj + tj * oj + oj) - tj * oj,
        right=keep(-tj + tj * oj + oj) - tj * oj,
        given=sigmoid_units,
        sources=(LOCAL,),
        note="The same line against what it set out from: t has lost its minus, which the result has again.",
    ),
    Erratum(
        "binary-cross-entropy-other-input",
        "the result and the input it belongs to",
        before=D(E, x[i, 0]),
        as_written=-tj + oj,
        right=-ti + o[i, 0],
        given=sigmoid_units,
        sources=(LOCAL,),
        note="The derivative by x_j is printed as that by x_i.",
    ),
)

# ---- the binary sum after a softmax: not o - t

binary_softmax = (
    Define(E, binary_sum(t, o)),
    Define(o[i, 0], softmax(x, i)),
    sums_to_one(t),
    below_1,
    sp.Ge(n, 2),
)
t2, o2, x2 = (vector(name, 2) for name in "tox")
two_classes = (Define(E, binary_sum(t2, o2)), Define(o2[i, 0], softmax(x2, i)), sums_to_one(t2))


def closed(targets: MatrixExpr, outputs: MatrixExpr) -> sp.Expr:
    """The gradient of the binary sum after a softmax."""
    ratio = total(k, n, (outputs[k, 0] - targets[k, 0]) / (1 - outputs[k, 0]))
    return (outputs[j, 0] - targets[j, 0]) / (1 - outputs[j, 0]) - outputs[j, 0] * ratio


AFTER_SOFTMAX = (
    Derivation(
        "binary-cross-entropy-softmax",
        "dE/dx_j for the binary sum after a softmax",
        start=D(E, x[j, 0]),
        lines=(
            Line(total(k, n, D(E, o[k, 0]) * D(o[k, 0], x[j, 0])), "every output depends on x_j"),
            Line(
                total(k, n, slope(t[k, 0], o[k, 0]) * keep(o[k, 0] * (delta(k, j) - oj))),
                "the slope of the loss, and the softmax Jacobian",
            ),
            Line(total(k, n, (o[k, 0] - t[k, 0]) / (1 - o[k, 0]) * (delta(k, j) - oj)), "one fraction, o_k cancels"),
            Line(closed(t, o), "one delta in the sum"),
        ),
        given=binary_softmax,
        sources=(LOCAL,),
        note="For two classes it is 2 (o_j - t_j): see binary-cross-entropy-softmax-two-classes.",
    ),
    Derivation(
        "binary-cross-entropy-softmax-two-classes",
        "dE/dx_j = 2 (o_j - t_j) for the binary sum after a softmax of two",
        start=D(E, x2[j, 0]),
        lines=(
            Line(total(k, 2, D(E, o2[k, 0]) * D(o2[k, 0], x2[j, 0])), "both outputs depend on x_j"),
            Line(keep(sp.Integer(2)) * (o2[j, 0] - t2[j, 0]), "o_0 + o_1 = 1 and t_0 + t_1 = 1: the terms are equal"),
        ),
        given=two_classes,
        sources=(LOCAL,),
    ),
    Erratum(
        "binary-cross-entropy-softmax-one-path",
        "the chain rule through the outputs of a softmax",
        before=D(E, x[j, 0]),
        as_written=D(E, oj) * D(oj, x[j, 0]),
        right=total(k, n, D(E, o[k, 0]) * D(o[k, 0], x[j, 0])),
        given=binary_softmax,
        sources=(LOCAL,),
        note="Only the path through o_j is followed; every output of a softmax depends on x_j.  j is not summed.",
    ),
    Erratum(
        "binary-cross-entropy-softmax-claim",
        "o - t claimed for the binary sum after a softmax",
        before=D(E, x[j, 0]),
        as_written=-tj + oj,
        right=closed(t, o),
        given=binary_softmax,
        sources=(LOCAL,),
        note="o - t belongs to softmax with -sum t log o, or to sigmoid units with the binary sum.",
    ),
    Erratum(
        "binary-cross-entropy-softmax-claim-two-classes",
        "o - t claimed for the binary sum after a softmax of two",
        before=D(E, x2[j, 0]),
        as_written=-t2[j, 0] + o2[j, 0],
        right=keep(sp.Integer(2)) * (o2[j, 0] - t2[j, 0]),
        given=two_classes,
        sources=(LOCAL,),
    ),
)

ENTRIES: tuple[Derivation | Erratum, ...] = (
    *BY_OUTPUT,
    *SUMMING_TO_ONE,
    *ONE_HOT,
    *SIGMOID_UNITS,
    *AFTER_SOFTMAX,
)
