"""SymPy trees taken apart and put together again, node by node; nothing evaluates on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFunction
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.given import Define, Every, OneHot
from symbolic.notation import Cases, Gradient, Jacobian, Partial

# Their constructors check shapes or evaluate; a variant whose shapes do not conform has to be written too.
_AS_WRITTEN = (
    sp.MatMul,
    sp.MatAdd,
    sp.HadamardProduct,
    sp.HadamardPower,
    sp.MatPow,
    sp.Trace,
    sp.Derivative,
    MatrixElement,
    ElementwiseApplyFunction,
)
_UNEVALUATED = (sp.Pow, sp.Function, Relational, BooleanFunction)
_CLOSED = (sp.MatrixSymbol, sp.IndexedBase, sp.MatrixBase, sp.Identity, sp.OneMatrix, sp.ZeroMatrix)
_FIRST_ONLY = (sp.Sum, sp.Derivative, Gradient, Jacobian, sp.HadamardPower, sp.MatPow)
_NEUTRAL = {sp.Add: sp.S.Zero, sp.Mul: sp.S.One, sp.MatMul: sp.S.One}


def is_matrix(node: Any) -> bool:
    """Whether a node has rows and columns."""
    return bool(getattr(node, "is_Matrix", False))


def rebuild(node: Any, args: Sequence[Any]) -> Any:
    """The node with other arguments.  Only 0 in a sum and 1 in a product are left out."""
    kind = type(node)
    if isinstance(node, sp.Add | sp.Mul | sp.MatAdd | sp.MatMul | sp.HadamardProduct):
        return combine(kind, args)
    if isinstance(node, sp.Sum):
        result = sp.Expr.__new__(kind, *args)
        result.is_commutative = True
        return result
    if isinstance(node, _AS_WRITTEN):
        return sp.Basic.__new__(kind, *args)
    if isinstance(node, sp.MatrixSymbol):
        return sp.MatrixSymbol(node.name, *args[1:])
    if isinstance(node, sp.KroneckerDelta):
        return sp.KroneckerDelta(*args)
    if isinstance(node, sp.Max | sp.Min):
        return _extreme(kind, args)
    if isinstance(node, _UNEVALUATED):
        return node.func(*args, evaluate=False)
    return node.func(*args)


def _extreme(kind: Any, args: Sequence[Any]) -> Any:
    try:
        return kind(*args, evaluate=False)
    except ValueError:  # what it cannot compare, it refuses
        result = sp.Expr.__new__(kind, *args)
        result._argset = frozenset(args)
        return result


def combine(kind: Any, args: Sequence[Any]) -> Any:
    """A sum or a product of the arguments as they stand; of one argument, the argument itself."""
    neutral = _NEUTRAL.get(kind)
    kept = [arg for arg in args if arg != neutral]
    if not kept:
        return neutral
    if len(kept) == 1:
        return kept[0]
    if kind in (sp.Add, sp.Mul):
        return kind._from_args(kept, is_commutative=True)  # it would ask each, and compare what cannot be compared
    return sp.Basic.__new__(kind, *kept)


def times(coefficient: Any, node: Any) -> Any:
    """coefficient * node, joined with a number that the node starts with."""
    kind = sp.MatMul if is_matrix(node) else sp.Mul
    if node.is_Number:
        return coefficient * node
    if isinstance(node, kind) and node.args[0].is_Number:
        return combine(kind, (coefficient * node.args[0], *node.args[1:]))
    return combine(kind, (coefficient, *(node.args if isinstance(node, kind) else (node,))))


def substitute(node: Any, mapping: Mapping[Any, Any]) -> Any:
    """Every occurrence replaced at once; the caller sees to it that nothing replaced is bound."""
    if node in mapping:
        return mapping[node]
    if not isinstance(node, sp.Basic) or not node.args:
        return node
    args = [substitute(arg, mapping) for arg in node.args]
    return node if all(new is old for new, old in zip(args, node.args, strict=True)) else rebuild(node, args)


def substitute_given(given: Any, mapping: Mapping[Any, Any]) -> Any:
    """The same in a definition or a condition."""
    if isinstance(given, Define):
        return Define(substitute(given.target, mapping), substitute(given.value, mapping))
    if isinstance(given, OneHot):
        return OneHot(substitute(given.tensor, mapping))
    if isinstance(given, Every):
        return Every(given.indices, substitute(given.relation, mapping))
    return substitute(given, mapping)


# ---- places


@dataclass(frozen=True)
class Place:
    """A node where it stands.

    ``role`` is ``"value"``, ``"index"``, ``"variable"`` (of a derivative), ``"condition"`` or ``"part"`` (a
    node that only holds others together); ``bound`` maps the bound indices in scope to their dimensions.
    """

    node: Any
    role: str
    parent: Any
    path: tuple[int, ...]
    bound: dict[Any, Any]


def places(root: Any) -> Iterator[Place]:
    """Every node of a line, from the root down."""
    pending = [Place(root, "value", None, (), {})]
    while pending:
        place = pending.pop()
        yield place
        bound = place.bound
        if isinstance(place.node, sp.Sum):
            bound = bound | {symbol: high + 1 for symbol, _, high in place.node.limits}
        below = [
            Place(place.node.args[position], role, place.node, (*place.path, position), bound)
            for position, role in _slots(place)
        ]
        pending.extend(reversed(below))


def _slots(place: Place) -> Iterator[tuple[int, str]]:
    """The positions of the arguments that are walked, with their roles."""
    node = place.node
    everything = range(len(node.args))
    if not node.args or isinstance(node, _CLOSED):
        return
    if isinstance(node, _FIRST_ONLY):
        yield 0, "value"
    elif isinstance(node, MatrixElement | sp.Indexed):
        yield from ((position, "index" if position else "value") for position in everything)
    elif isinstance(node, sp.KroneckerDelta):
        yield from ((0, "index"), (1, "index"))
    elif isinstance(node, Partial):
        yield from ((0, "value"), (1, "variable"))
    elif isinstance(node, sp.Subs):
        yield 2, "part"
    elif isinstance(node, sp.Lambda):
        yield 1, "value"
    elif isinstance(node, ElementwiseApplyFunction):
        yield from ((0, "part"), (1, "value")) if isinstance(node.args[0], sp.Lambda) else ((1, "value"),)
    elif isinstance(node, sp.Pow):
        yield from ((position, "value") for position in everything if position == 0 or not node.args[1].is_Number)
    elif isinstance(node, sp.Piecewise | Cases):
        yield from ((position, "part") for position in everything)
    elif isinstance(node, sp.Tuple) and isinstance(place.parent, sp.Piecewise | Cases):
        yield from ((0, "value"), (1, "condition"))
    elif isinstance(node, BooleanFunction):
        yield from ((position, "condition") for position in everything)
    elif isinstance(node, Relational):
        yield from ((position, "index" if is_index(node.args[position]) else "value") for position in everything)
    else:
        yield from ((position, "value") for position in everything)


def replace(root: Any, path: Sequence[int], new: Any) -> Any:
    """The tree with another node at a path."""
    if not path:
        return new
    args = list(root.args)
    args[path[0]] = replace(args[path[0]], path[1:], new)
    return rebuild(root, args)


# ---- indices


def is_index(node: Any) -> bool:
    """Whether a node is a symbol declared as an index (an integer; a size is positive as well)."""
    return bool(node.is_Symbol and node.is_integer and not node.is_positive)


def is_size(node: Any) -> bool:
    """Whether a node is a symbol declared as a size."""
    return bool(node.is_Symbol and node.is_integer and node.is_positive)


def free_indices(root: Any) -> dict[Any, Any]:
    """The indices that no sum binds, with the dimension of the tensor that they stand at.

    One that is only compared with another has the dimension of that other.
    """
    found: dict[Any, Any] = {}
    compared: list[tuple[Any, Any, Place]] = []
    for place in places(root):
        node = place.node
        if isinstance(node, MatrixElement):
            pairs = zip(node.indices, node.parent.shape, strict=True)
        elif isinstance(node, sp.Indexed) and node.base.shape is not None:
            pairs = zip(node.indices, node.base.shape, strict=True)
        else:
            if isinstance(node, sp.KroneckerDelta | Relational):
                (first, second) = node.args[:2]
                compared += [(first, second, place), (second, first, place)]
            continue
        for position, dimension in pairs:
            if is_index(position) and position not in place.bound:
                found.setdefault(position, dimension)
    for index, other, place in compared:
        dimension = place.bound.get(other, found.get(other))
        if is_index(index) and index not in place.bound and dimension is not None:
            found.setdefault(index, dimension)
    return found


def bound_indices(root: Any) -> set[Any]:
    """Every index that some sum binds."""
    return {symbol for place in places(root) if isinstance(place.node, sp.Sum) for symbol in place.node.variables}
