"""Scaled dot-product attention as it is computed: value and products with its Jacobians.

Queries Q are (l, d), keys K (s, d), values V (s, e): l rows are asked, s rows answer.  S = Q K^T / sqrt(d), P is
softmax of each row of S, the output is P V (l, e).  Products with Jacobians are transposed: G (l, e) is the gradient
by the output, dP = G V^T the one by P, and dS the Jacobian of softmax times dP, row by row.  With a mask M (l, s) the
scores are Q K^T / sqrt(d) + M, and dS is the gradient by M as well.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic.derivation import Source
from symbolic.given import Define
from symbolic.notation import D, index, keep, matrix, size, total

from ._formula import Argument, Formula, formula
from ._row_by_row import row_by_row
from .formulas_softmax import FORMULAS as SOFTMAX

__all__ = ["ENTRIES", "FORMULAS"]

FAMILY = "attention"
ATTENTION = Source("arXiv:1706.03762", "3.2.1")
_LIMITS = "the limits where they exist, else NaN; scores beyond the largest float overflow"
_EDGES = {False: _LIMITS, True: f"-inf in M hides a key, nothing else in a row gives NaN; {_LIMITS}"}
_PROVED = {formula.name: formula for formula in SOFTMAX}

asked, s, d, e = (size(name) for name in "lsde")
a, b, c, h, r, p, q = (index(name) for name in "abchrpq")
Q, K, V, G = matrix("Q", asked, d), matrix("K", s, d), matrix("V", s, e), matrix("G", asked, e)
S, P, dP, dS, M = (matrix(name, asked, s) for name in ("S", "P", "dP", "dS", "M"))
QUERIES = Argument(Q, "the queries, one a row", ("l", "d"))
KEYS = Argument(K, "the keys, one a row", ("s", "d"))
VALUES = Argument(V, "the values, one for each key", ("s", "e"))
MASK = Argument(M, "added to the scores: 0 for a key that is seen, -1e9 or -inf for one that is not", ("l", "s"))
UPSTREAM = Argument(G, "the gradient by the output", ("l", "e"))

WEIGHTS = row_by_row(_PROVED["softmax"], 0, P[r, c], {"z": S})
BACK = row_by_row(_PROVED["softmax_jvp"], 0, dS[r, c], {"z": S, "v": dP})


def _score(row: Any, column: Any, mask: bool) -> Any:
    product = total(a, d, Q[row, a] * K[column, a]) * keep(1 / sp.sqrt(d))  # one division, not one for each score
    return product + M[row, column] if mask else product


def _forward(mask: bool) -> tuple[Define, ...]:
    return (Define(S[r, c], _score(r, c, mask)), WEIGHTS.definition)


def _backward(mask: bool) -> tuple[Define, ...]:
    return (*_forward(mask), Define(dP[r, c], total(b, e, G[r, b] * V[c, b])), BACK.definition)


def _upstream(by: Any) -> Any:
    """G times the Jacobian: the sum over all outputs of all queries."""
    output = total(c, s, P[p, c] * V[c, q])
    return total(p, asked, total(q, e, G[p, q] * D(output, by)))


def _by_scores(by: Any) -> tuple[Any, str]:
    chain = total(p, asked, total(q, s, dS[p, q] * D(S[p, q], by)))
    return chain, "chain rule: dP = G V^T goes through the Jacobian of softmax of each row"


def _value(mask: bool) -> Formula:
    """Attention itself."""
    weight = sp.exp(_score(r, c, mask)) / total(h, s, sp.exp(_score(r, h, mask)))
    return formula(
        _NAMES[mask],
        FAMILY,
        f"scaled dot-product attention{' with a mask' if mask else ''}",
        f"{_SOFTMAX[mask]} V, softmax of each row",
        total(c, s, weight * V[c, b]),
        (total(c, s, P[r, c] * V[c, b]), "scores S and weights P under their own names"),
        source=ATTENTION,
        given=_forward(mask),
        uses=(WEIGHTS,),
        arguments=(QUERIES, KEYS, VALUES, *([MASK] if mask else [])),
        result=("l", "e"),
        indices=(r, b),
        edges=_EDGES[mask],
    )


def _by_values(mask: bool) -> Formula:
    return formula(
        f"{_NAMES[mask]}_value_vjp",
        FAMILY,
        f"the gradient of {_WORDS[mask]} by the values",
        f"P^T G, P = {_SOFTMAX[mask]}",
        _upstream(V[c, b]),
        (total(r, asked, P[r, c] * G[r, b]), "the output is linear in the values"),
        source=ATTENTION,
        given=_forward(mask),
        uses=(WEIGHTS,),
        arguments=(QUERIES, KEYS, *([MASK] if mask else []), UPSTREAM),
        result=("s", "e"),
        indices=(c, b),
        slope_of=_NAMES[mask],
        by="V",
        edges=_EDGES[mask],
    )


def _gradient(mask: bool, by: Any, letter: str, closed: Any, equation: str, indices: tuple[Any, Any]) -> Formula:
    """The gradient by what the scores are made of."""
    titles = {"Q": ("query", "the queries"), "K": ("key", "the keys"), "M": ("mask", "the mask")}
    name, words = titles[letter]
    axes = {"Q": QUERIES.axes, "K": KEYS.axes, "M": MASK.axes}
    return formula(
        f"{_NAMES[mask]}_{name}_vjp",
        FAMILY,
        f"the gradient of {_WORDS[mask]} by {words}",
        f"{equation} the Jacobian of softmax times G V^T in each row",
        _upstream(by),
        _by_scores(by),
        (closed, f"the scores are linear in queries and keys{' and the mask' if mask else ''}"),
        source=ATTENTION,
        given=_backward(mask),
        uses=(WEIGHTS, BACK),
        arguments=(QUERIES, KEYS, VALUES, *([MASK] if mask else []), UPSTREAM),
        result=axes[letter],
        indices=indices,
        slope_of=_NAMES[mask],
        by=letter,
        edges=_EDGES[mask],
    )


_NAMES = {False: "attention", True: "masked_attention"}
_WORDS = {False: "attention", True: "masked attention"}
_SOFTMAX = {False: "softmax(Q K^T / sqrt(d))", True: "softmax(Q K^T / sqrt(d) + M)"}


def _formulas(mask: bool) -> tuple[Formula, ...]:
    by_queries = total(c, s, dS[r, c] * K[c, a]) / sp.sqrt(d)
    by_keys = total(r, asked, dS[r, c] * Q[r, a]) / sp.sqrt(d)
    found = [
        _value(mask),
        _gradient(mask, Q[r, a], "Q", by_queries, "dS K / sqrt(d), dS", (r, a)),
        _gradient(mask, K[c, a], "K", by_keys, "dS^T Q / sqrt(d), dS", (c, a)),
        _by_values(mask),
    ]
    return (*found, *([_gradient(mask, M[r, c], "M", dS[r, c], "dS,", (r, c))] if mask else []))


FORMULAS: tuple[Formula, ...] = (*_formulas(mask=False), *_formulas(mask=True))
ENTRIES = tuple(formula.derivation for formula in FORMULAS)
