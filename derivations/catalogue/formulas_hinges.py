"""Hinge losses over n classes as they are computed: the gradient of the one on scores, and the one on softmax.

z is a column (n, 1) of scores or logits, ``label`` the number of the true class.  Every other class whose score (or
probability) comes within the margin of the true one's counts; where one is exactly the margin away there is no
derivative, and it does not count.  The gradient of the loss on softmax is the Jacobian of softmax times the gradient by
the probabilities, computed as in `formulas_softmax`: counted from the dominant class, so that nothing cancels.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.given import Define
from symbolic.notation import Cases, D, delta, keep, softmax, total, total_except, vector

from ._formula import Formula, formula
from .formulas_class_losses import LABEL, MARGIN, MULTI, c, margin
from .formulas_softmax import LARGEST, LOGITS, i, j, k, m, n, others, probability, shifted, total_but, z

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "hinges"
p = vector("p", n)
SOFTMAX = (Define(p[i, 0], softmax(z, i)),)
HINGE = Source("003_a592d850349715ea", "4.1")
_EDGES = "a logit -inf has probability 0; NaN where the largest is infinite"
_KINK = "There is no derivative where a class is exactly the margin away; it does not count there."


def _counts(lead: Any) -> sp.Expr:
    """1 for a class within the margin, else 0."""
    return sp.Heaviside(lead, 0)


def _cases(lead: Any) -> Cases:
    """The same as a table of cases."""
    return Cases((1, lead > 0), (0, lead <= 0))


def _score(at: Any) -> Any:
    return keep(z[at, 0] - z[c, 0]) + margin


def _excess(at: Any) -> Any:
    """p_at - p_label + margin over one denominator: where the label dominates, margin - 1 is exact."""
    own = 1 if at == m else shifted(at)
    return keep(keep(margin - shifted(c)) + margin * others() + own) / (1 + others())


def _plain(at: Any) -> Any:
    return p[at, 0] - p[c, 0] + margin


def _by_output(at: Any, lead: Any, counts: Any = _counts) -> Any:
    """The gradient by one score or probability: 1 for a class that counts, minus their number for the true one."""
    return keep(sp.Piecewise((-total_but(c, counts(lead(k))), sp.Eq(at, c)), (counts(lead(at)), True)))


def _by_probability(at: Any) -> Any:
    """The same as it is computed, where what is no number counts as 0: the probability beside it is none either."""
    return _by_output(at, _excess, lambda lead: sp.Piecewise((1, lead > 0), (0, True)))


def _apart(lead: Any) -> Any:
    """The same with both kinds of class in one expression."""
    return keep(1 - delta(i, c)) * _counts(lead(i)) - delta(i, c) * total_except(k, n, c, _counts(lead(k)))


def _slope(at: Any) -> Any:
    """dp_at/dz_i."""
    return p[at, 0] * (delta(i, at) - p[i, 0])


_ON_SCORES = total_but(c, sp.Max(0, z[k, 0] - z[c, 0] + margin))
_ON_SOFTMAX = total_but(c, sp.Max(0, _plain(k)))

#: v_i - sum over j of p_j v_j for the gradient v by the probabilities, counted from v_m
_BESIDE_THE_MEAN = keep(
    keep(_by_probability(i) - _by_probability(m))
    - total(j, n, shifted(j) * keep(_by_probability(j) - _by_probability(m))) / (1 + others())
)

FORMULAS: tuple[Formula, ...] = (
    formula(
        "multiclass_hinge_gradient",
        FAMILY,
        "the gradient of the multiclass hinge loss",
        "1 for a class i != label with z_i - z_label + margin > 0, minus their number for i = label, else 0",
        D(_ON_SCORES, z[i, 0]),
        (
            total_except(k, n, c, _counts(z[k, 0] - z[c, 0] + margin) * keep(delta(k, i) - delta(i, c))),
            "each term that counts on its own",
        ),
        (_apart(_score), "delta leaves one term of the sum"),
        (_by_output(i, _score, _cases), "the true class apart"),
        source=MULTI,
        arguments=(LOGITS, LABEL),
        parameters=MARGIN,
        result=("n",),
        slope_of="multiclass_hinge",
        by="z",
        kink=_KINK,
        edges="as for z finite; NaN where z_i - z_label is undefined",
    ),
    formula(
        "softmax_hinge",
        FAMILY,
        "the hinge loss on softmax",
        "sum over k != label of max(0, p_k - p_label + margin), p = softmax(z)",
        _ON_SOFTMAX,
        (total_but(c, sp.Max(0, _excess(k))), "softmax as it is computed"),
        source=HINGE,
        given=SOFTMAX,
        arguments=(LOGITS, LABEL),
        parameters=MARGIN,
        choices=LARGEST,
        edges=_EDGES,
    ),
    formula(
        "softmax_hinge_gradient",
        FAMILY,
        "the gradient of the hinge loss on softmax by the logits",
        "p_i (v_i - sum of p_j v_j), v_j = 1 for j != label within the margin, minus their number at the label",
        D(_ON_SOFTMAX, z[i, 0]),
        (
            total_except(k, n, c, _counts(_plain(k)) * keep(D(p[k, 0], z[i, 0]) - D(p[c, 0], z[i, 0]))),
            "each term that counts on its own; the margin is constant",
        ),
        (
            total_except(k, n, c, _counts(_plain(k)) * keep(_slope(k) - _slope(c))),
            "softmax derivative, for both probabilities",
        ),
        (
            p[i, 0] * keep(_apart(_plain) - total_except(k, n, c, _counts(_plain(k)) * keep(p[k, 0] - p[c, 0]))),
            "delta leaves one term of the sum; p_label delta is p_i delta",
        ),
        (
            p[i, 0] * keep(_by_output(i, _plain) - total(j, n, p[j, 0] * _by_output(j, _plain))),
            "the gradient by the probabilities under one name",
        ),
        (probability(i) * _BESIDE_THE_MEAN, "softmax as it is computed; v counted from v_m, as p sums to 1"),
        source=HINGE,
        given=SOFTMAX,
        arguments=(LOGITS, LABEL),
        parameters=MARGIN,
        result=("n",),
        choices=LARGEST,
        slope_of="softmax_hinge",
        by="z",
        kink=_KINK,
        edges=_EDGES,
    ),
)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
