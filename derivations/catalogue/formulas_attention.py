"""Scaled dot-product attention as it is computed: value and products with its Jacobians.

Queries Q are (l, d), keys K (s, d), values V (s, e): l rows are asked, s rows answer.  S = Q K^T / sqrt(d), P is
softmax of each row of S, the output is P V (l, e).  Products with Jacobians are transposed: G (l, e) is the gradient
by the output, dP = G V^T the one by P, and dS the Jacobian of softmax times dP, row by row.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.given import Define
from symbolic.notation import D, index, matrix, size, total

from ._formula import Argument, Formula, formula
from ._row_by_row import row_by_row
from .formulas_softmax import FORMULAS as SOFTMAX

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "attention"
ATTENTION = Source("arXiv:1706.03762", "3.2.1")
_EDGES = "the limits where they exist, else NaN; scores beyond the largest float overflow"
_PROVED = {formula.name: formula for formula in SOFTMAX}

asked, s, d, e = (size(name) for name in "lsde")
a, b, c, h, r, p, q = (index(name) for name in "abchrpq")
Q, K, V, G = matrix("Q", asked, d), matrix("K", s, d), matrix("V", s, e), matrix("G", asked, e)
S, P, dP, dS = (matrix(name, asked, s) for name in ("S", "P", "dP", "dS"))
QUERIES = Argument(Q, "the queries, one a row", ("l", "d"))
KEYS = Argument(K, "the keys, one a row", ("s", "d"))
VALUES = Argument(V, "the values, one for each key", ("s", "e"))
UPSTREAM = Argument(G, "the gradient by the output", ("l", "e"))


def _score(row: Any, column: Any) -> Any:
    return total(a, d, Q[row, a] * K[column, a]) / sp.sqrt(d)


WEIGHTS = row_by_row(_PROVED["softmax"], 0, P[r, c], {"z": S})
BACK = row_by_row(_PROVED["softmax_jvp"], 0, dS[r, c], {"z": S, "v": dP})
_FORWARD = (Define(S[r, c], _score(r, c)), WEIGHTS.definition)
_BACKWARD = (*_FORWARD, Define(dP[r, c], total(b, e, G[r, b] * V[c, b])), BACK.definition)
_SOFTMAX = sp.exp(_score(r, c)) / total(h, s, sp.exp(_score(r, h)))


def _upstream(by: Any) -> Any:
    """G times the Jacobian: the sum over all outputs of all queries."""
    output = total(c, s, P[p, c] * V[c, q])
    return total(p, asked, total(q, e, G[p, q] * D(output, by)))


def _by_scores(by: Any) -> Any:
    return total(p, asked, total(q, s, dS[p, q] * D(S[p, q], by)))


_THROUGH_SOFTMAX = "chain rule: dP = G V^T goes through the Jacobian of softmax of each row"
_LINEAR = "the scores are linear in queries and keys"


FORMULAS: tuple[Formula, ...] = (
    formula(
        "attention",
        FAMILY,
        "scaled dot-product attention",
        "softmax(Q K^T / sqrt(d)) V, softmax of each row",
        total(c, s, _SOFTMAX * V[c, b]),
        (total(c, s, P[r, c] * V[c, b]), "scores S and weights P under their own names"),
        source=ATTENTION,
        given=_FORWARD,
        uses=(WEIGHTS,),
        arguments=(QUERIES, KEYS, VALUES),
        result=("l", "e"),
        indices=(r, b),
        edges=_EDGES,
    ),
    formula(
        "attention_query_vjp",
        FAMILY,
        "the gradient of attention by the queries",
        "dS K / sqrt(d), dS the Jacobian of softmax times G V^T in each row",
        _upstream(Q[r, a]),
        (_by_scores(Q[r, a]), _THROUGH_SOFTMAX),
        (total(c, s, dS[r, c] * K[c, a]) / sp.sqrt(d), _LINEAR),
        source=ATTENTION,
        given=_BACKWARD,
        uses=(WEIGHTS, BACK),
        arguments=(QUERIES, KEYS, VALUES, UPSTREAM),
        result=("l", "d"),
        indices=(r, a),
        slope_of="attention",
        by="Q",
        edges=_EDGES,
    ),
    formula(
        "attention_key_vjp",
        FAMILY,
        "the gradient of attention by the keys",
        "dS^T Q / sqrt(d), dS the Jacobian of softmax times G V^T in each row",
        _upstream(K[c, a]),
        (_by_scores(K[c, a]), _THROUGH_SOFTMAX),
        (total(r, asked, dS[r, c] * Q[r, a]) / sp.sqrt(d), _LINEAR),
        source=ATTENTION,
        given=_BACKWARD,
        uses=(WEIGHTS, BACK),
        arguments=(QUERIES, KEYS, VALUES, UPSTREAM),
        result=("s", "d"),
        indices=(c, a),
        slope_of="attention",
        by="K",
        edges=_EDGES,
    ),
    formula(
        "attention_value_vjp",
        FAMILY,
        "the gradient of attention by the values",
        "P^T G, P = softmax(Q K^T / sqrt(d))",
        _upstream(V[c, b]),
        (total(r, asked, P[r, c] * G[r, b]), "the output is linear in the values"),
        source=ATTENTION,
        given=_FORWARD,
        uses=(WEIGHTS,),
        arguments=(QUERIES, KEYS, UPSTREAM),
        result=("s", "e"),
        indices=(c, b),
        slope_of="attention",
        by="V",
        edges=_EDGES,
    ),
)
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
