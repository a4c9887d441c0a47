"""Losses over n classes as they are computed, on logits z of shape (n, 1): value (nats) and gradient.

As in `formulas_softmax`, m is the position of the largest logit and r the sum of exp(z_k - z_m) over the others.  The
gradient of the dominant class, y_m - t_m, is written ((1 - t_m) - t_m r) / (1 + r): for a certain target it is
-r / (1 + r), where the textbook's difference has lost every digit once the gap passes 37.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.given import Every, sums_to_one
from symbolic.notation import D, delta, keep, positive, scalar, softmax, total, vector

from ._formula import Argument, Formula, Parameter, formula
from .formulas_softmax import LARGEST, LOGITS, exactly_shifted, i, k, m, n, others, shifted, total_but, z

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "class_losses"
CROSS = Source("004_9eb3eaf93dd1b904", "1.4.1")
SMOOTHING = Source("arXiv:1512.00567", "7")
KL = Source("doi:10.1214/aoms/1177729694", "2")
MULTI = Source("arXiv:1306.0239", "2")

c = sp.Symbol("label", integer=True)
t = vector("t", n)
epsilon = scalar("epsilon")
margin = positive("margin")
TARGETS = Argument(t, "the targets, which sum to 1", ("n",))
LABEL = Argument(c, "the class, an integer from 0 to n - 1", ("label",))
EPSILON = (Parameter(epsilon, 0.1, "how much of the target is spread over all classes"),)
MARGIN = (Parameter(margin, 1.0, "what the true class has to lead by", positive=True),)
SUMMING = (sums_to_one(t),)
POSITIVE = (*SUMMING, Every((k,), sp.Gt(t[k, 0], 0)))
_EDGES = "a logit -inf has probability 0, in a loss its target has to be positive; NaN where the largest is infinite"

_LOSS = -total(k, n, t[k, 0] * sp.log(softmax(z, k)))
_LABEL_LOSS = -sp.log(softmax(z, c))
_SMOOTH = -total(k, n, ((1 - epsilon) * delta(k, c) + epsilon / n) * sp.log(softmax(z, k)))
_KL = total(k, n, t[k, 0] * (sp.log(t[k, 0]) - sp.log(softmax(z, k))))
_LEAD = sp.Max(0, keep(z[k, 0] - z[c, 0]) + margin)
_HINGE = total_but(c, _LEAD)


def behind(at: Any) -> sp.Expr:
    """How far a logit is behind the largest."""
    return keep(z[m, 0] - z[at, 0])


_REST = others(term=exactly_shifted)
_SHARE = keep(1 / (1 + _REST))  # of the largest
_GRADIENT = sp.Piecewise(
    ((keep(1 - t[m, 0]) - t[m, 0] * _REST) * _SHARE, sp.Eq(i, m)),
    (exactly_shifted(i) * _SHARE - t[i, 0], True),
)

FORMULAS: tuple[Formula, ...] = (
    formula(
        "cross_entropy",
        FAMILY,
        "cross-entropy of softmax for any targets that sum to 1",
        "-sum over k of t_k log softmax(z)_k",
        _LOSS,
        (sp.log(total(k, n, sp.exp(z[k, 0]))) - total(k, n, t[k, 0] * z[k, 0]), "the targets sum to 1"),
        (
            total(k, n, t[k, 0] * keep(behind(k) + sp.log(1 + _REST))),
            "exp(z_m) taken out; for targets between 0 and 1 nothing is subtracted",
        ),
        source=CROSS,
        given=SUMMING,
        arguments=(LOGITS, TARGETS),
        choices=LARGEST,
        targets=("t",),
        edges=_EDGES,
        unconditional=True,
    ),
    formula(
        "cross_entropy_gradient",
        FAMILY,
        "the gradient of cross-entropy, softmax(z) - t, without cancellation at the dominant class",
        "softmax(z)_i - t_i",
        D(_LOSS, z[i, 0]),
        (softmax(z, i) - t[i, 0], "the textbook form"),
        (exactly_shifted(i) / (1 + _REST) - t[i, 0], "softmax as it is computed"),
        (_GRADIENT, "the dominant class apart: its exponential is 1"),
        source=CROSS,
        given=SUMMING,
        arguments=(LOGITS, TARGETS),
        result=("n",),
        choices=LARGEST,
        slope_of="cross_entropy",
        by="z",
        targets=("t",),
        edges=_EDGES,
        unconditional=True,
    ),
    formula(
        "cross_entropy_label",
        FAMILY,
        "cross-entropy of softmax for a class given by its number",
        "-log softmax(z)_label",
        _LABEL_LOSS,
        (sp.log(total(k, n, sp.exp(z[k, 0]))) - z[c, 0], "the logarithm of a quotient"),
        (behind(c) + sp.log(1 + _REST), "exp(z_m) taken out"),
        source=CROSS,
        arguments=(LOGITS, LABEL),
        choices=LARGEST,
        edges=_EDGES,
        unconditional=True,
    ),
    formula(
        "cross_entropy_label_gradient",
        FAMILY,
        "the gradient of cross-entropy for a class given by its number",
        "softmax(z)_i - (1 if i = label else 0)",
        D(_LABEL_LOSS, z[i, 0]),
        (softmax(z, i) - delta(i, c), "the textbook form"),
        (
            sp.Piecewise(
                ((keep(1 - delta(m, c)) - delta(m, c) * _REST) * _SHARE, sp.Eq(i, m)),
                (exactly_shifted(i) * _SHARE - delta(i, c), True),
            ),
            "the dominant class apart",
        ),
        source=CROSS,
        arguments=(LOGITS, LABEL),
        result=("n",),
        choices=LARGEST,
        slope_of="cross_entropy_label",
        by="z",
        edges=_EDGES,
        unconditional=True,
    ),
    formula(
        "label_smoothing",
        FAMILY,
        "cross-entropy with label smoothing",
        "-sum over k of ((1 - epsilon) [k = label] + epsilon/n) log softmax(z)_k",
        _SMOOTH,
        (
            sp.log(1 + others()) + (1 - epsilon) * behind(c) + epsilon / n * total(k, n, behind(k)),
            "the smoothed targets sum to 1; exp(z_m) taken out",
        ),
        source=SMOOTHING,
        arguments=(LOGITS, LABEL),
        parameters=EPSILON,
        choices=LARGEST,
        edges="+inf for a logit -inf",
    ),
    formula(
        "label_smoothing_gradient",
        FAMILY,
        "the gradient of cross-entropy with label smoothing",
        "softmax(z)_i - (1 - epsilon) [i = label] - epsilon/n",
        D(_SMOOTH, z[i, 0]),
        (softmax(z, i) - (1 - epsilon) * delta(i, c) - epsilon / n, "the smoothed targets sum to 1"),
        (shifted(i) / (1 + others()) - (1 - epsilon) * delta(i, c) - epsilon / n, "softmax as it is computed"),
        source=SMOOTHING,
        arguments=(LOGITS, LABEL),
        parameters=EPSILON,
        result=("n",),
        choices=LARGEST,
        slope_of="label_smoothing",
        by="z",
        edges=_EDGES,
    ),
    formula(
        "kl_divergence",
        FAMILY,
        "the Kullback-Leibler divergence of softmax from positive targets",
        "sum over k of t_k (log t_k - log softmax(z)_k)",
        _KL,
        (
            total(k, n, keep(t[k, 0] * sp.log(t[k, 0])) + t[k, 0] * keep(behind(k) + sp.log(1 + others()))),
            "log-softmax as it is computed",
        ),
        source=KL,
        given=POSITIVE,
        arguments=(LOGITS, TARGETS),
        choices=LARGEST,
        targets=("t",),
        edges=_EDGES + "; 0 log 0 counts as 0",
    ),
    formula(
        "kl_divergence_gradient",
        FAMILY,
        "the gradient of the Kullback-Leibler divergence by the logits",
        "softmax(z)_i - t_i",
        D(_KL, z[i, 0]),
        (softmax(z, i) - t[i, 0], "the entropy of the targets does not depend on z"),
        (_GRADIENT, "the dominant class apart, as for cross-entropy"),
        source=KL,
        given=POSITIVE,
        arguments=(LOGITS, TARGETS),
        result=("n",),
        choices=LARGEST,
        slope_of="kl_divergence",
        by="z",
        targets=("t",),
        edges=_EDGES,
    ),
    formula(
        "multiclass_hinge",
        FAMILY,
        "the multiclass hinge loss",
        "sum over k != label of max(0, z_k - z_label + margin)",
        total(k, n, sp.Max(0, z[k, 0] - z[c, 0] + margin)) - margin,
        (_HINGE, "the term k = label is the margin"),
        source=MULTI,
        arguments=(LOGITS, LABEL),
        parameters=MARGIN,
        edges="the limits where they exist, else NaN",
    ),
)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
