"""Softmax, its logarithm and log-sum-exp as they are computed, for every number of classes n and temperature T > 0.

z is a column (n, 1) of logits.  Each line with an index m is proved for every m; it is computed with m the position of
the largest logit, so that no exponential exceeds 1.  r is the sum of exp((z_k - z_m)/T) over the others, k != m: the
dominant class adds exactly 1 to it, and log(1 + r) keeps what 1 would swallow.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.notation import D, delta, index, keep, positive, size, total, vector

from ._formula import Argument, Choice, Formula, Parameter, formula

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "softmax"
SOFTMAX = Source("004_9eb3eaf93dd1b904", "1.4.1")
SHIFT = Source("doi:10.1093/imanum/draa038", "2")

n = size("n")
i, j, k, m = (index(name) for name in "ijkm")
T = positive("temperature")
z, v = vector("z", n), vector("v", n)
LOGITS = Argument(z, "the logits", ("n",))
DIRECTION = Argument(v, "the vector that the Jacobian is multiplied by", ("n",))
TEMPERATURE = (Parameter(T, 1.0, "divides the logits", positive=True),)
LARGEST = (Choice(m, "z"),)


def shifted(at: Any, temperature: Any = 1) -> sp.Expr:
    """exp((z_at - z_m) / T)."""
    return sp.exp((z[at, 0] - z[m, 0]) / temperature)


def exactly_shifted(at: Any, temperature: Any = 1) -> sp.Expr:
    """The same, to be computed with what rounding drops from the difference.

    The exponential turns that into a relative error as large as the difference: within the bar of what is itself
    conditioned so, as softmax is, and too much for what is asked to keep all digits.
    """
    return sp.exp(keep(z[at, 0] - z[m, 0]) / temperature)


def others(temperature: Any = 1, term: Any = shifted) -> sp.Expr:
    """r, the sum of the shifted exponentials but that of m, which is 1."""
    return total_but(m, term(k, temperature))


def total_but(other: Any, body: Any) -> sp.Expr:
    """The sum over k of the body without the term of the other index.

    By a factor 0 or 1: SymPy folds a Piecewise out of a sum that stands in another one, past the index it is bound by.
    """
    return total(k, n, keep(1 - delta(k, other)) * body)


def probability(at: Any, temperature: Any = 1) -> sp.Expr:
    """One output of softmax as it is computed: one division for each vector."""
    return shifted(at, temperature) * keep(1 / total(k, n, shifted(k, temperature)))


def _plain(at: Any, temperature: Any = T) -> sp.Expr:
    return sp.exp(z[at, 0] / temperature) / total(k, n, sp.exp(z[k, 0] / temperature))


_LSE = T * sp.log(total(k, n, sp.exp(z[k, 0] / T)))
_LOG = z[i, 0] / T - sp.log(total(k, n, sp.exp(z[k, 0] / T)))

#: v_i - sum over k of y_k v_k, counted from v_m: at i = m only the small terms are left, and nothing cancels
_BESIDE_THE_MEAN = keep(
    keep(v[i, 0] - v[m, 0]) - total(j, n, shifted(j, T) * keep(v[j, 0] - v[m, 0])) / total(k, n, shifted(k, T))
)

FORMULAS: tuple[Formula, ...] = (
    formula(
        "logsumexp",
        FAMILY,
        "log-sum-exp without overflow",
        "T log(sum over k of exp(z_k / T))",
        _LSE,
        (z[m, 0] + T * sp.log(total(k, n, shifted(k, T))), "exp(z_m / T) taken out of the sum"),
        (z[m, 0] + T * sp.log(1 + others(T)), "the term k = m is 1"),
        source=SHIFT,
        arguments=(LOGITS,),
        parameters=TEMPERATURE,
        choices=LARGEST,
        edges="an entry -inf counts as absent; NaN where the largest logit is infinite",
    ),
    formula(
        "softmax",
        FAMILY,
        "softmax without overflow, and the gradient of log-sum-exp",
        "exp(z_i / T) / sum over k of exp(z_k / T)",
        D(_LSE, z[i, 0]),
        (_plain(i), "chain rule through the logarithm"),
        (probability(i, T), "expanded by exp(-z_m / T)"),
        source=SOFTMAX,
        arguments=(LOGITS,),
        parameters=TEMPERATURE,
        result=("n",),
        choices=LARGEST,
        slope_of="logsumexp",
        by="z",
        edges="an entry -inf has probability 0; NaN where the largest logit is infinite",
    ),
    formula(
        "log_softmax",
        FAMILY,
        "log-softmax that keeps the dominant class",
        "z_i / T - log(sum over k of exp(z_k / T))",
        _LOG,
        (keep(z[i, 0] - z[m, 0]) / T - sp.log(total(k, n, shifted(k, T))), "exp(z_m / T) taken out of the sum"),
        (keep(z[i, 0] - z[m, 0]) / T - sp.log(1 + others(T, exactly_shifted)), "the term k = m is 1"),
        source=SHIFT,
        arguments=(LOGITS,),
        parameters=TEMPERATURE,
        result=("n",),
        choices=LARGEST,
        edges="-inf for an entry -inf; NaN where the largest logit is infinite",
        unconditional=True,
    ),
    formula(
        "softmax_jvp",
        FAMILY,
        "the softmax Jacobian times a vector, without the Jacobian",
        "sum over j of dy_i/dz_j v_j = y_i (v_i - sum over k of y_k v_k) / T",
        total(j, n, D(_plain(i), z[j, 0]) * v[j, 0]),
        (
            _plain(i) * keep(v[i, 0] - total(j, n, _plain(j) * v[j, 0])) / T,
            "dy_i/dz_j = y_i (delta_ij - y_j) / T; symmetric, so that this is also the transposed product",
        ),
        (
            probability(i, T) * _BESIDE_THE_MEAN / T,
            "softmax as it is computed; v counted from v_m, as the outputs sum to 1",
        ),
        source=SOFTMAX,
        arguments=(LOGITS, DIRECTION),
        parameters=TEMPERATURE,
        result=("n",),
        choices=LARGEST,
        slope_of="softmax",
        by="z",
        edges="an entry -inf has probability 0; NaN where the largest logit is infinite",
    ),
    formula(
        "softmax_vjp",
        FAMILY,
        "a vector times the softmax Jacobian (reverse mode)",
        "sum over i of v_i dy_i/dz_j = y_j (v_j - sum over k of y_k v_k) / T",
        total(j, n, v[j, 0] * D(_plain(j), z[i, 0])),
        (
            _plain(i) * keep(v[i, 0] - total(j, n, _plain(j) * v[j, 0])) / T,
            "dy_i/dz_j = y_i (delta_ij - y_j) / T; symmetric, so that this is also the Jacobian times the vector",
        ),
        (
            probability(i, T) * _BESIDE_THE_MEAN / T,
            "softmax as it is computed; v counted from v_m, as the outputs sum to 1",
        ),
        source=SOFTMAX,
        arguments=(LOGITS, DIRECTION),
        parameters=TEMPERATURE,
        result=("n",),
        choices=LARGEST,
        slope_of="softmax",
        by="z",
        edges="an entry -inf has probability 0; NaN where the largest logit is infinite",
    ),
    formula(
        "log_softmax_jvp",
        FAMILY,
        "the Jacobian of log-softmax times a vector",
        "sum over j of d(log y_i)/dz_j v_j = (v_i - sum over k of y_k v_k) / T",
        total(j, n, D(_LOG, z[j, 0]) * v[j, 0]),
        (keep(v[i, 0] - total(j, n, _plain(j) * v[j, 0])) / T, "d(log y_i)/dz_j = (delta_ij - y_j) / T"),
        (
            _BESIDE_THE_MEAN / T,
            "softmax as it is computed; v counted from v_m, as the outputs sum to 1",
        ),
        source=SHIFT,
        arguments=(LOGITS, DIRECTION),
        parameters=TEMPERATURE,
        result=("n",),
        choices=LARGEST,
        slope_of="log_softmax",
        by="z",
        edges="an entry -inf has probability 0; NaN where the largest logit is infinite",
    ),
    formula(
        "log_softmax_vjp",
        FAMILY,
        "a vector times the Jacobian of log-softmax (reverse mode)",
        "sum over i of v_i d(log y_i)/dz_j = (v_j - y_j sum over k of v_k) / T",
        total(i, n, v[i, 0] * D(_LOG, z[j, 0])),
        (keep(v[j, 0] - _plain(j) * total(i, n, v[i, 0])) / T, "d(log y_i)/dz_j = (delta_ij - y_j) / T"),
        (keep(v[j, 0] - probability(j, T) * total(i, n, v[i, 0])) / T, "softmax as it is computed"),
        source=SHIFT,
        arguments=(LOGITS, DIRECTION),
        parameters=TEMPERATURE,
        result=("n",),
        choices=LARGEST,
        slope_of="log_softmax",
        by="z",
        edges="an entry -inf has probability 0; NaN where the largest logit is infinite",
    ),
)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
