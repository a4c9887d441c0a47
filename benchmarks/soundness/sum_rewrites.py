"""True rewrites of sums, indices and entries of matrices."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.mutants.trees import bound_indices, is_index, is_matrix, places, rebuild, substitute
from symbolic.notation import delta, softmax, total, total_except

from .grammar import SIMPLEX, Grammar, N, T, Z, plus, product_of, quotient

__all__ = [
    "all_but_one",
    "matrix_entry",
    "mean",
    "pick_by_delta",
    "product_of_sums",
    "renamed_bound_index",
    "sum_term_by_term",
    "sums_exchanged",
    "times_probability",
]


def pick_by_delta(u: Any, g: Grammar) -> Any:
    """F(i) = sum_k delta(i, k) F(k)."""
    own = _indices_in(u)
    over = [i for i, d in g.indices if d == N and i in own]
    if not over or own & bound_indices(u):
        return None
    i, k = g.source.choice(over), g.fresh()
    return total(k, N, product_of(delta(i, k), substitute(u, {i: k})))


def times_probability(u: Any, g: Grammar) -> Any:
    """u = u * sum_k q_k for probabilities q."""
    if g.leaves:
        return None
    k = g.fresh()
    q = g.source.choice([softmax(Z, k), SIMPLEX[k, 0], T[k, 0]])
    return product_of(u, total(k, N, q)) if g.chance(0.5) else total(k, N, product_of(q, u))


def mean(u: Any, g: Grammar) -> Any:
    k, (_, d) = g.fresh(), g.source.choice(g.indices)
    return quotient(total(k, d, u), d)


def sum_term_by_term(u: Any, g: Grammar) -> Any:
    if not _is_single_sum(u):
        return None
    body, limit = u.args[0], u.args[1]
    if isinstance(body, sp.Add):
        return plus(*(rebuild(u, (a, limit)) for a in body.args))
    if isinstance(body, sp.Mul):
        outside = [a for a in body.args if limit[0] not in a.free_symbols]
        inside = [a for a in body.args if limit[0] in a.free_symbols]
        if outside and inside:
            return product_of(*outside, rebuild(u, (product_of(*inside), limit)))
    return None


def all_but_one(u: Any, g: Grammar) -> Any:
    """sum_k F(k) = F(i) + sum over k != i of F(k)."""
    if not _is_single_sum(u):
        return None
    body, (k, _, high) = u.args[0], u.args[1]
    i = g.index_over(high + 1)
    if i is None or i == k or {i, k} & bound_indices(body):  # an outer sum may run over a k of its own
        return None
    return plus(substitute(body, {k: i}), total_except(k, high + 1, i, body))


def renamed_bound_index(u: Any, g: Grammar) -> Any:
    if not _is_single_sum(u) or u.args[1][0] in bound_indices(u.args[0]):
        return None
    k, _, high = u.args[1]
    new = g.fresh()
    return total(new, high + 1, substitute(u.args[0], {k: new}))


def sums_exchanged(u: Any, g: Grammar) -> Any:
    if isinstance(u, sp.Sum) and len(u.args) == 3:
        return rebuild(u, (u.args[0], u.args[2], u.args[1]))
    return None


def product_of_sums(u: Any, g: Grammar) -> Any:
    """(sum_k a_k) * b = sum_k a_k b."""
    if not isinstance(u, sp.Mul):
        return None
    position = next((k for k, a in enumerate(u.args) if _is_single_sum(a)), None)
    if position is None:
        return None
    rest = u.args[:position] + u.args[position + 1 :]
    chosen = u.args[position]
    if any(chosen.args[1][0] in a.atoms(sp.Symbol) for a in rest):
        return None
    return rebuild(chosen, (product_of(chosen.args[0], *rest), chosen.args[1]))


def matrix_entry(u: Any, g: Grammar) -> Any:
    """Entries of matrix products and transposes, written out."""
    if not isinstance(u, MatrixElement) or not is_matrix(u.parent):
        return None
    i, j = u.indices
    if isinstance(u.parent, sp.Transpose):
        return MatrixElement(u.parent.args[0], j, i)
    if isinstance(u.parent, sp.MatMul) and all(map(is_matrix, u.parent.args)):
        first, *rest = u.parent.args
        k, right = g.fresh(), rest[0] if len(rest) == 1 else sp.Basic.__new__(sp.MatMul, *rest)
        if first.shape[1] == 1:
            return product_of(MatrixElement(first, i, 0), MatrixElement(right, 0, j))
        return total(k, first.shape[1], product_of(MatrixElement(first, i, k), MatrixElement(right, k, j)))
    if isinstance(u.parent, sp.MatrixSymbol):
        return MatrixElement(sp.Basic.__new__(sp.Transpose, u.parent), j, i)
    return None


def _is_single_sum(u: Any) -> bool:
    return isinstance(u, sp.Sum) and len(u.args) == 2


def _indices_in(u: Any) -> set[Any]:
    return {p.node for p in places(u) if p.role == "index" and is_index(p.node) and p.node not in p.bound}
