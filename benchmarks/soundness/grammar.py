"""Random expressions over `symbolic.notation` that have a value at every admissible point.

Sizes n and m; indices i, j over n and r over m; scalars and tensors of both; declared signs; an undefined f.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import sympy as sp

from derivations.mutants.trees import combine, times
from symbolic.given import Every, OneHot, sums_to_one
from symbolic.notation import (
    delta,
    hadamard,
    index,
    matrix,
    ones,
    positive,
    prime,
    relu,
    scalar,
    sigmoid,
    size,
    softmax,
    softplus,
    total,
    vector,
)

__all__ = ["GIVEN", "Grammar", "Weights", "apply", "negative", "plus", "power", "product_of", "quotient"]

N, M = size("n"), size("m")
ROW, COLUMN, R = index("i"), index("j"), index("r")
SCALARS, POSITIVE = [scalar(name) for name in "xyc"], [positive(name) for name in "ab"]
Z, V, W = vector("z", N), vector("v", N), vector("w", M)
P, T, SIMPLEX = vector("p", N), vector("t", N), vector("o", N)
A, B, U, Q = matrix("A", N, N), matrix("B", N, N), matrix("U", N, M), matrix("Q", M, N)
F, G = sp.Function("f"), sp.Function("g")

_K = index("kk")
#: What is given of a tensor, wherever it occurs.
GIVEN = {P: Every((_K,), sp.Gt(P[_K, 0], 0)), T: OneHot(T), SIMPLEX: sums_to_one(SIMPLEX)}

Make = Callable[[], Any]


def plus(*terms: Any) -> Any:
    """The sum of the terms as they stand."""
    return combine(sp.Add, terms)


def product_of(*factors: Any) -> Any:
    """The product of the factors as they stand."""
    return combine(sp.Mul, factors)


def negative(u: Any) -> Any:
    return times(sp.S.NegativeOne, u)


def power(u: Any, exponent: Any) -> Any:
    return sp.Pow(u, sp.sympify(exponent, strict=True), evaluate=False)


def quotient(u: Any, v: Any) -> Any:
    return product_of(u, power(v, -1))


def apply(function: Any, *arguments: Any) -> Any:
    """The function of the arguments, not evaluated."""
    return function(*(sp.sympify(u, strict=True) for u in arguments), evaluate=False)


@dataclass(frozen=True)
class Weights:
    """How often the constructs come that cost a prover most."""

    cases: float = 0.12
    sums: float = 0.25
    undefined: float = 0.1
    functions: float = 0.3


@dataclass
class Grammar:
    """Draws expressions; `indices` are those in scope, each with its dimension.

    With ``leaves``, these stand for the grammar's own variables (which a claim of the catalogue may use otherwise).
    """

    source: Random
    weights: Weights = field(default_factory=Weights)
    indices: tuple[tuple[Any, Any], ...] = ((ROW, N), (COLUMN, N), (R, M))
    leaves: tuple[Any, ...] = ()
    _names: list[int] = field(default_factory=lambda: [0])

    def chance(self, share: float) -> bool:
        return self.source.random() < share

    def fresh(self) -> Any:
        """A bound index of its own name."""
        self._names[0] += 1
        return index(f"k{self._names[0]}")

    def within(self, indices: Sequence[tuple[Any, Any]]) -> Grammar:
        """The same with other indices in scope."""
        return replace(self, indices=tuple(indices))

    def index_over(self, dimension: Any) -> Any:
        """An index in scope, the innermost ones more often; None where there is none."""
        known = [i for i, d in self.indices if d == dimension]
        return known[-1] if known and self.chance(0.5) else self.source.choice(known) if known else None

    def _has(self, *indices: Any) -> bool:
        return set(indices) <= {i for i, _ in self.indices}

    # ---- leaves

    def number(self) -> Any:
        return sp.Rational(self.source.choice([-3, -2, -1, 1, 2, 3, 5]), self.source.choice([1, 1, 1, 2, 3]))

    def scalar(self) -> Any:
        return self.source.choice(self.leaves or SCALARS)

    def entry(self, *tensors: Any) -> Any:
        """An entry of a tensor at indices in scope."""
        if self.leaves:
            return self.source.choice(self.leaves)
        tensor = self.source.choice(tensors)
        at = [0 if d == 1 else self.index_over(d) for d in tensor.shape]
        return self.scalar() if None in at else tensor[at[0], at[1]]

    def variable(self) -> Any:
        """What a derivative may be taken by."""
        return self.source.choice([*SCALARS, self.entry(Z), self.entry(V), self.entry(A), self.entry(U)])

    def leaf(self) -> Any:
        if self.leaves:
            return self.scalar()
        make: Make = self.source.choice(
            [
                lambda: self.source.choice(SCALARS),
                lambda: self.source.choice(SCALARS + POSITIVE),
                lambda: self.entry(Z, V, W),
                lambda: self.entry(Z, A, U, Q),
                lambda: self.entry(P, T, SIMPLEX),
                lambda: self.number(),
            ]
        )
        return make()

    # ---- scalars

    def real(self, depth: int) -> Any:
        """A real expression."""
        if depth <= 0:
            return self.leaf()
        shares = self.weights
        if self.chance(shares.cases):
            return self.case(depth)
        if self.chance(shares.sums):
            return self.sum_of(lambda inner: inner.real(depth - 1))
        if self.chance(shares.undefined):
            return self.source.choice([F, G])(self.real(depth - 2)) if self.chance(0.6) else prime(F, self.real(0))
        if self.chance(shares.functions):
            return self.function(depth)
        if self.chance(0.15):
            return self.positive(depth)
        return self.algebra(depth)

    def algebra(self, depth: int) -> Any:
        u, v = self.real(depth - 1), self.real(depth - self.source.choice([1, 2]))
        make: Make = self.source.choice(
            [
                lambda: plus(u, v),
                lambda: plus(u, times(self.number(), v)),
                lambda: product_of(u, v),
                lambda: product_of(u, plus(sp.S.One, negative(v))),
                lambda: power(u, self.source.choice([2, 2, 3])),
                lambda: quotient(u, self.positive(depth - 2)),
                lambda: (
                    product_of(delta(ROW, COLUMN), u) if {ROW, COLUMN} <= {i for i, _ in self.indices} else negative(u)
                ),
            ]
        )
        return make()

    def function(self, depth: int) -> Any:
        u = self.real(depth - 1)
        plain = [sp.exp, sp.tanh, sigmoid, sp.sin, sp.cos, sp.erf, softplus, sp.sinh, sp.cosh]
        if self.chance(0.25):
            return apply(sp.log, self.positive(depth - 1))
        if self.chance(0.15):
            return power(self.positive(depth - 1), sp.Rational(1, 2))
        return apply(self.source.choice(plain), u)

    def positive(self, depth: int) -> Any:
        """An expression that is positive everywhere."""
        if depth <= 0:
            choices = [apply(sp.exp, self.leaf())] if self.leaves else [*POSITIVE, apply(sp.exp, self.leaf())]
            if self.index_over(N) is not None and not self.leaves:
                choices.append(self.entry(P))
            return self.source.choice(choices)
        u, p = self.real(depth - 1), self.positive(depth - 1)
        make: Make = self.source.choice(
            [
                lambda: apply(sp.exp, u),
                lambda: plus(sp.S.One, power(u, 2)),
                lambda: plus(p, apply(sp.exp, self.leaf())),
                lambda: product_of(p, self.positive(0)),
                lambda: quotient(p, self.positive(0)),
                lambda: self.sum_of(lambda inner: inner.positive(depth - 1)),
                lambda: power(p, sp.Rational(self.source.choice([1, 2, 3, -1]), self.source.choice([2, 3]))),
                lambda: apply(sigmoid, u),
                lambda: self.softmax(),
                lambda: apply(sp.cosh, self.leaf()),
            ]
        )
        return make()

    def softmax(self) -> Any:
        at = self.index_over(N)
        if at is None or self.leaves:
            return apply(sigmoid, self.scalar())
        return softmax(self.source.choice([Z, V]), at)

    def sum_of(self, body: Callable[[Grammar], Any]) -> Any:
        """The sum over a new index of what the body makes of it."""
        k, dimension = self.fresh(), self.source.choice([N, N, M])
        return total(k, dimension, body(self.within((*self.indices, (k, dimension)))))

    def case(self, depth: int) -> Any:
        u, v = self.real(depth - 1), self.real(depth - 2)
        make: Make = self.source.choice(
            [
                lambda: apply(sp.Max, u, v) if u != v else u,
                lambda: apply(sp.Min, u, v) if u != v else u,
                lambda: apply(sp.Abs, u),
                lambda: apply(relu, u),
                lambda: sp.Piecewise((u, self.condition()), (v, True), evaluate=False),
            ]
        )
        return make()

    def condition(self) -> Any:
        """A condition on a variable, or on two indices."""
        over = [i for i, d in self.indices if d == N]
        if len(over) > 1 and self.chance(0.4):
            i, j = self.source.sample(over, 2)
            return self.source.choice([sp.Eq, sp.Ne])(i, j)
        return sp.Gt(self.scalar(), self.source.choice([0, 0, 1]))

    # ---- matrices

    def matrix(self, rows: Any, columns: Any, depth: int) -> Any:
        """A matrix expression of this shape."""
        if depth <= 0:
            return self._matrix_leaf(rows, columns)
        inner = self.source.choice([N, M])
        make: Make = self.source.choice(
            [
                lambda: combine(
                    sp.MatMul, (self.matrix(rows, inner, depth - 1), self.matrix(inner, columns, depth - 1))
                ),
                lambda: combine(
                    sp.MatMul, (self.matrix(rows, inner, depth - 1), self.matrix(inner, columns, depth - 1))
                ),
                lambda: combine(sp.MatAdd, (self.matrix(rows, columns, depth - 1), self._matrix_leaf(rows, columns))),
                lambda: sp.Basic.__new__(sp.Transpose, self.matrix(columns, rows, depth - 1)),
                lambda: combine(sp.MatMul, (self.scalar(), self.matrix(rows, columns, depth - 1))),
                lambda: hadamard(self._matrix_leaf(rows, columns), self.matrix(rows, columns, depth - 1)),
            ]
        )
        return make()

    def _matrix_leaf(self, rows: Any, columns: Any) -> Any:
        known = {(N, N): [A, B, A.T], (N, M): [U, Q.T], (M, N): [Q, U.T], (N, 1): [Z, V], (1, N): [Z.T, V.T]}
        known |= {(M, M): [Q * U], (M, 1): [W], (1, M): [W.T], (1, 1): [Z.T * V]}
        choices = [] if self.leaves else known.get((rows, columns), [])
        return self.source.choice(choices) if choices and self.chance(0.9) else ones(rows, columns)
