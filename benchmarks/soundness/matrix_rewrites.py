"""True rewrites of matrix nodes; nothing evaluates on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix

from derivations.mutants.trees import combine, is_matrix, times

from .grammar import Grammar

__all__ = ["MATRIX_REWRITES"]


def _transposed(m: Any) -> Any:
    return m.args[0] if isinstance(m, sp.Transpose) else sp.Basic.__new__(sp.Transpose, m)


def _times(*factors: Any) -> Any:
    flat = [f for factor in factors for f in (factor.args if isinstance(factor, sp.MatMul) else (factor,))]
    return combine(sp.MatMul, [f for f in flat if not is_matrix(f)] + [f for f in flat if is_matrix(f)])


def transposed_twice(m: Any, g: Grammar) -> Any:
    return sp.Basic.__new__(sp.Transpose, sp.Basic.__new__(sp.Transpose, m))


def transpose_inside(m: Any, g: Grammar) -> Any:
    if not isinstance(m, sp.Transpose):
        return None
    inner = m.args[0]
    if isinstance(inner, sp.MatMul):
        scalars = [a for a in inner.args if not is_matrix(a)]
        return _times(*scalars, *(_transposed(a) for a in reversed(inner.args) if is_matrix(a)))
    if isinstance(inner, sp.MatAdd | sp.HadamardProduct):
        return combine(type(inner), [_transposed(a) for a in inner.args])
    return None


def transpose_outside(m: Any, g: Grammar) -> Any:
    if isinstance(m, sp.MatMul) and all(map(is_matrix, m.args)):
        return sp.Basic.__new__(sp.Transpose, _times(*(_transposed(a) for a in reversed(m.args))))
    return None


def distributed(m: Any, g: Grammar) -> Any:
    if not isinstance(m, sp.MatMul):
        return None
    position = next((k for k, a in enumerate(m.args) if isinstance(a, sp.MatAdd)), None)
    if position is None:
        return None
    return combine(sp.MatAdd, [_times(*m.args[:position], a, *m.args[position + 1 :]) for a in m.args[position].args])


def plus_and_minus(m: Any, g: Grammar) -> Any:
    other = g.matrix(m.shape[0], m.shape[1], 0)
    if not is_matrix(other):
        return None
    return combine(sp.MatAdd, [m, other, times(sp.S.NegativeOne, other)])


def times_identity(m: Any, g: Grammar) -> Any:
    return combine(sp.MatMul, [sp.Identity(m.shape[0]), m]) if not isinstance(m, sp.MatMul) else None


def diagonal_product(m: Any, g: Grammar) -> Any:
    """v o w = diag(v) w for columns."""
    if isinstance(m, sp.HadamardProduct) and m.shape[1] == 1 and len(m.args) == 2:
        return combine(sp.MatMul, [DiagMatrix(m.args[0]), m.args[1]])
    return None


def hadamard_exchanged(m: Any, g: Grammar) -> Any:
    return combine(sp.HadamardProduct, m.args[::-1]) if isinstance(m, sp.HadamardProduct) else None


def halves(m: Any, g: Grammar) -> Any:
    half = times(sp.Rational(1, 2), m)
    return combine(sp.MatAdd, [half, half])


MATRIX_REWRITES: tuple[Callable[[Any, Grammar], Any], ...] = (
    transposed_twice,
    transpose_inside,
    transpose_outside,
    distributed,
    plus_and_minus,
    times_identity,
    diagonal_product,
    hadamard_exchanged,
    halves,
)
