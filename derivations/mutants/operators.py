"""The operators: each yields the wrong variants of one node, wherever it applies to that node.

Negating or doubling a factor, the body of a sum or what a transpose, a diagonal or a derivative is taken of is
the same as negating or doubling the whole, so that is done once, where the whole stands as a term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.notation import Cases, Gradient, Jacobian, Partial, prime, relu, sigmoid, softplus

from .trees import Place, bound_indices, combine, is_index, is_matrix, is_size, rebuild, substitute, times

_PRODUCTS = sp.Mul | sp.MatMul | sp.HadamardProduct
_SUMS = sp.Add | sp.MatAdd
_POWERS = sp.Pow | sp.HadamardPower
_LINEAR = (
    _PRODUCTS | sp.UnevaluatedExpr | sp.Sum | sp.Transpose | DiagMatrix | MatrixElement | sp.Trace | Partial | Gradient
    | Jacobian | sp.Derivative
)  # fmt: skip


@dataclass(frozen=True)
class Variant:
    """What takes the place of a node; ``sizes`` says which sizes have to be the same for it to make sense."""

    node: Any
    sizes: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """What the line around a node knows: the free indices of the step and their dimensions."""

    free: Mapping[Any, Any]

    def dimension(self, index: Any, place: Place) -> Any:
        return place.bound.get(index, self.free.get(index))

    def same_dimension(self, index: Any, place: Place) -> Iterator[Any]:
        """Other indices in scope that run over the same dimension."""
        dimension = self.dimension(index, place)
        for other in (*place.bound, *(free for free in self.free if free not in place.bound)):
            if other != index and dimension is not None and self.dimension(other, place) == dimension:
                yield other

    def fresh(self, index: Any) -> Any:
        """A free index in place of a bound one, of a name that no other free index has."""
        taken = {str(symbol.name) for symbol in self.free}
        if index.name not in taken:
            return index
        name = f"{index.name}'"
        while name in taken:
            name += "'"
        return sp.Symbol(name, integer=True)


def _is_term(place: Place) -> bool:
    inside = isinstance(place.parent, _LINEAR | _POWERS | sp.core.relational.Relational)
    return place.role == "value" and not inside


def sign(place: Place, scope: Scope) -> Iterator[Variant]:
    """u -> -u, for a term or an argument."""
    if _is_term(place):
        yield Variant(times(sp.S.NegativeOne, place.node))


def factor_doubled(place: Place, scope: Scope) -> Iterator[Variant]:
    """u -> 2 u, for a term or an argument."""
    if _is_term(place):
        yield Variant(times(sp.Integer(2), place.node))


def term_dropped(place: Place, scope: Scope) -> Iterator[Variant]:
    """a + b -> a."""
    if isinstance(place.node, _SUMS):
        yield from (Variant(rest) for _, rest in _without_one(place.node))


def _without_one(node: Any) -> Iterator[tuple[Any, Any]]:
    """Each argument and what is left without it; a matrix stays a matrix."""
    for position, dropped in enumerate(node.args):
        rest = combine(type(node), node.args[:position] + node.args[position + 1 :])
        if is_matrix(rest) == is_matrix(node):
            yield dropped, rest


def _is_reciprocal_size(node: Any) -> bool:
    return isinstance(node, sp.Pow) and node.exp.is_negative and is_size(node.base)


def factor_dropped(place: Place, scope: Scope) -> Iterator[Variant]:
    """a b -> a; deltas and 1/N have operators of their own."""
    if isinstance(place.node, _PRODUCTS):
        for factor, rest in _without_one(place.node):
            if not isinstance(factor, sp.KroneckerDelta) and not _is_reciprocal_size(factor):
                yield Variant(rest)


def size_dropped(place: Place, scope: Scope) -> Iterator[Variant]:
    """1/N -> 1."""
    if _is_reciprocal_size(place.node):
        yield Variant(sp.S.One)


def factor_repeated(place: Place, scope: Scope) -> Iterator[Variant]:
    """a b -> a a b."""
    if isinstance(place.node, _POWERS) or place.node.is_Number or place.role != "value":
        return
    if isinstance(place.parent, sp.Mul) and not is_matrix(place.node):
        yield Variant(sp.Pow(place.node, 2, evaluate=False))
    elif isinstance(place.parent, sp.HadamardProduct):
        yield Variant(sp.HadamardPower(place.node, 2))


def square_dropped(place: Place, scope: Scope) -> Iterator[Variant]:
    """u^2 -> u, and any u^-2 -> u^-1."""
    exponent = place.node.args[1] if isinstance(place.node, _POWERS) else sp.S.Zero
    if exponent.is_Integer and abs(exponent) > 1:
        lower = exponent - sp.sign(exponent)
        yield Variant(place.node.args[0] if lower == 1 else rebuild(place.node, (place.node.args[0], lower)))


def exponent_doubled(place: Place, scope: Scope) -> Iterator[Variant]:
    """u^k -> u^(2 k)."""
    if isinstance(place.node, _POWERS) and place.node.args[1].is_Number:
        yield Variant(rebuild(place.node, (place.node.args[0], 2 * place.node.args[1])))


def index_swapped(place: Place, scope: Scope) -> Iterator[Variant]:
    """One index for another of the same dimension, at one place; and two free indices everywhere."""
    if place.role == "index" and is_index(place.node):
        yield from map(Variant, scope.same_dimension(place.node, place))
    if place.parent is None:
        bound = bound_indices(place.node)
        for i, j in combinations(scope.free, 2):
            if scope.free[i] == scope.free[j] and not {i, j} & bound:
                yield Variant(substitute(place.node, {i: j, j: i}))


def delta_dropped(place: Place, scope: Scope) -> Iterator[Variant]:
    """delta_ij -> 1 and -> 0; the identity likewise."""
    if isinstance(place.node, sp.KroneckerDelta):
        yield from map(Variant, (sp.S.One, sp.S.Zero))
    elif isinstance(place.node, sp.Identity):
        yield from map(Variant, (sp.OneMatrix(*place.node.shape), sp.ZeroMatrix(*place.node.shape)))


def transpose_dropped(place: Place, scope: Scope) -> Iterator[Variant]:
    """A^T -> A, whether shapes still conform or not."""
    if isinstance(place.node, sp.Transpose):
        yield Variant(place.node.arg)


def transposed(place: Place, scope: Scope) -> Iterator[Variant]:
    """W for W^T and W^T for W, with the two sizes of W the same, so that shapes do not tell."""
    node = place.node
    if isinstance(node, MatrixElement) and isinstance(node.parent, sp.MatrixSymbol):
        i, j = node.indices
        swapped, matrix = MatrixElement(node.parent, j, i), node.parent
    elif isinstance(node, sp.Transpose) and isinstance(node.arg, sp.MatrixSymbol):
        swapped = matrix = node.arg
    elif isinstance(node, sp.MatrixSymbol) and not isinstance(place.parent, sp.Transpose | MatrixElement):
        swapped, matrix = sp.Transpose(node), node
    else:
        return
    rows, columns = matrix.shape
    if rows == columns:
        yield Variant(swapped)
    elif is_size(rows) and is_size(columns):
        yield Variant(swapped, {columns: rows})


def diagonal_dropped(place: Place, scope: Scope) -> Iterator[Variant]:
    """diag(v) -> v in every column, and -> v itself where the shapes still conform."""
    node = place.node
    if not isinstance(node, DiagMatrix) or node.args[0].shape[1] != 1:
        return
    column = node.args[0]
    yield Variant(combine(sp.MatMul, (column, sp.OneMatrix(1, column.shape[0]))))
    if isinstance(place.parent, sp.MatMul):
        factors = [arg for arg in place.parent.args if is_matrix(arg)]
        position = factors.index(node)
        if position + 1 < len(factors) and factors[position + 1].shape[0] == 1:
            yield Variant(column)


def sum_dropped(place: Place, scope: Scope) -> Iterator[Variant]:
    """sum over k of u_k -> u_k, for any k."""
    if isinstance(place.node, sp.Sum):
        body, *limits = place.node.args
        for limit in limits:
            rest = [other for other in limits if other != limit]
            inner = rebuild(place.node, (body, *rest)) if rest else body
            index = scope.fresh(limit[0])
            if index == limit[0]:
                yield Variant(inner)
            elif index not in bound_indices(inner):
                yield Variant(substitute(inner, {limit[0]: index}))


def branch_swapped(place: Place, scope: Scope) -> Iterator[Variant]:
    """Two neighbouring cases exchange their values; max and min, the two sides of a step exchange places."""
    node = place.node
    if isinstance(node, sp.Piecewise | Cases):
        for position in range(len(node.args) - 1):
            pairs = list(node.args)
            (first, here), (second, there) = pairs[position : position + 2]
            pairs[position : position + 2] = [
                rebuild(pairs[position], (second, here)),
                rebuild(pairs[position + 1], (first, there)),
            ]
            yield Variant(rebuild(node, pairs))
    elif isinstance(node, sp.Max | sp.Min):
        other = sp.Min if isinstance(node, sp.Max) else sp.Max
        yield Variant(other(*node.args, evaluate=False))
    elif isinstance(node, relu):
        yield Variant(sp.Min(sp.S.Zero, node.args[0], evaluate=False))
    elif isinstance(node, sp.Heaviside):
        yield Variant(rebuild(node, (times(sp.S.NegativeOne, node.args[0]), *node.args[1:])))


def derivative_for_function(place: Place, scope: Scope) -> Iterator[Variant]:
    """sigma'(u) for sigma(u), f'(u) for f(u), and the other way round."""
    node = place.node
    if isinstance(node, sp.Subs):
        yield from _other_order(node)
    elif isinstance(node, AppliedUndef) and len(node.args) == 1:
        yield Variant(prime(node.func, node.args[0]))
    elif isinstance(node, sigmoid | sp.tanh | relu | softplus | sp.Heaviside):
        u = node.args[0]
        if isinstance(node, sigmoid):
            other = combine(sp.Mul, (node, combine(sp.Add, (sp.S.One, times(sp.S.NegativeOne, node)))))
        elif isinstance(node, sp.tanh):
            square = sp.Pow(node, 2, evaluate=False)
            other = combine(sp.Add, (sp.S.One, times(sp.S.NegativeOne, square)))
        elif isinstance(node, relu):
            other = sp.Heaviside(u, evaluate=False)
        else:
            other = sigmoid(u) if isinstance(node, softplus) else relu(u)
        yield Variant(other)


def _other_order(node: Any) -> Iterator[Variant]:
    """f for f', f' for f''."""
    body = node.expr
    if isinstance(body, sp.Derivative) and isinstance(body.expr, AppliedUndef) and len(node.point) == 1:
        function, order = body.expr.func, len(body.variables) - 1
        yield Variant(prime(function, node.point[0], order) if order else function(node.point[0]))


OPERATORS: dict[str, Callable[[Place, Scope], Iterator[Variant]]] = {
    "sign": sign,
    "term dropped": term_dropped,
    "factor dropped": factor_dropped,
    "factor doubled": factor_doubled,
    "factor repeated": factor_repeated,
    "1/N dropped": size_dropped,
    "square dropped": square_dropped,
    "exponent doubled": exponent_doubled,
    "index swapped": index_swapped,
    "delta dropped": delta_dropped,
    "sum dropped": sum_dropped,
    "transpose dropped": transpose_dropped,
    "W for W^T": transposed,
    "diag dropped": diagonal_dropped,
    "branch swapped": branch_swapped,
    "f' for f": derivative_for_function,
}
