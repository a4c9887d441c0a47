"""The binary sum of cross-entropies and its gradients: by the outputs, through sigmoid units, through a softmax.

E = -sum (t_k log o_k + (1 - t_k) log(1 - o_k)) in nats, every o_k between 0 and 1; all vectors are columns with n
entries.  Through sigmoid units dE/dx = o - t, through a softmax it is not.  A gradient is given entry by entry; laid
out as a row (numerator layout) where a name ends in "-row".
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions import MatrixExpr

from symbolic.derivation import Derivation, Erratum, Line, Source
from symbolic.given import Define, Every, sums_to_one
from symbolic.notation import (
    D,
    Jacobian,
    delta,
    diag,
    hadamard,
    index,
    keep,
    ones,
    scalar,
    sigmoid,
    size,
    softmax,
    total,
    vector,
)

from .cross_entropy import cross_entropy

__all__ = ["ENTRIES"]

LOCAL = Source("001_592b6b16dab3915e", "exercise 1")

n, i, j, k, c = size("n"), index("i"), index("j"), index("k"), index("c")
E = scalar("E")
t, o, x = vector("t", n), vector("o", n), vector("x", n)


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
ti, tj, oj = t[i, 0], t[j, 0], o[j, 0]

# ---- by the outputs

BY_OUTPUT = (
    Derivation(
        "binary-cross-entropy-by-output",
        "dE/do_j for the binary sum",
        start=D(E, oj),
        lines=(
            Line(D(binary_sum(t, o), oj), "definition of the binary sum"),
            Line(-D(tj * sp.log(oj), oj) - D((1 - tj) * sp.log(1 - oj), oj), "only the j-th term depends on o_j"),
            Line(slope(tj, oj), "log' is the reciprocal; the inner slope of 1 - o is -1"),
            Line((oj - tj) / (oj * (1 - oj)), "one fraction"),
        ),
        given=(Define(E, binary_sum(t, o)), above_0, below_1),
        sources=(LOCAL,),
        note="Printed is t, o = [0, 1], which the logarithms narrow to 0 < o < 1; t may be any number.",
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
            Line(Jacobian(E, o) * diag(hadamard(o, ones(n) - o)), "the Jacobian of sigmoid is diagonal"),
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
    ratio = total(k, outputs.shape[0], (outputs[k, 0] - targets[k, 0]) / (1 - outputs[k, 0]))
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

ENTRIES: tuple[Derivation | Erratum, ...] = (*BY_OUTPUT, *SIGMOID_UNITS, *AFTER_SOFTMAX)
