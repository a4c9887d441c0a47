"""Cross-entropy and its gradients: by the outputs, and by the logits of a softmax, where it is y - t.

E = -sum t_k log o_k in nats; all vectors are columns with n entries, sums run over all of them.  A gradient is given
entry by entry; laid out as a row (numerator layout) where a name ends in "-row".
"""

from __future__ import annotations

from typing import Any

import sympy as sp

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
    ones,
    scalar,
    size,
    softmax,
    total,
    total_except,
    vector,
)

__all__ = ["ENTRIES", "cross_entropy"]

GRADIENT = Source("000_e684565acf2280c2", "item 2")
LOCAL = Source("001_592b6b16dab3915e", "exercise 1")
LOGITS = Source("004_9eb3eaf93dd1b904", "1.4.1")

n, i, j, k = size("n"), index("i"), index("j"), index("k")
E, L = scalar("E"), scalar("L")
t, o = vector("t", n), vector("o", n)
z, y = vector("z", n), vector("y", n)


def cross_entropy(targets: Any, outputs: Any) -> sp.Expr:
    """-sum over k of t_k log o_k"""
    return -total(k, targets.shape[0], targets[k, 0] * sp.log(outputs[k, 0]))


above_0 = Every((k,), sp.Gt(o[k, 0], 0))
tj, oj = t[j, 0], o[j, 0]

# ---- by the outputs

BY_OUTPUT = Derivation(
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
                keep(-ti / yi) * yi * (1 - yi) + total_except(j, n, i, keep(-tj / y[j, 0]) * keep(-yi * y[j, 0])),
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
            Line(-t.T + (t.T * ones(n)) * y.T, "the outputs cancel"),
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
        as_written=keep(-ti / yi) * yi * (1 - yi) + total_except(j, n, i, keep(-tj / yi) * keep(-yi * y[j, 0])),
        right=keep(-ti / yi) * yi * (1 - yi) + total_except(j, n, i, keep(-tj / y[j, 0]) * keep(-yi * y[j, 0])),
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
        note="One sample (N = 1).  One line is printed wrong: see softmax-cross-entropy-yhat-twice.",
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

ENTRIES: tuple[Derivation | Erratum, ...] = (BY_OUTPUT, *SUMMING_TO_ONE, *ONE_HOT)
