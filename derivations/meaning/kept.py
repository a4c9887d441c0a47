"""SymPy nodes exactly as written: nothing is folded, sorted or merged on the way to the judge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from .errors import MeaningError

__all__ = [
    "ANY",
    "ONE",
    "ZERO",
    "add",
    "applied",
    "compare",
    "delta",
    "entry_of",
    "exp",
    "extreme",
    "index",
    "log",
    "mul",
    "names_in",
    "negative",
    "number",
    "plain_index",
    "power",
    "quotient",
    "size_not_said",
    "tensor",
    "total",
    "when",
]

ZERO, ONE = sp.Integer(0), sp.Integer(1)
#: The size of a vector of ones, until what it is multiplied by, or added to, tells it: all entries along it are equal.
ANY = sp.Symbol("any size")

_RELATIONS = {"=": sp.Eq, "!=": sp.Ne, "<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge}


def number(text: str) -> sp.Expr:
    """The rational that the digits say."""
    return sp.Rational(text)


def add(terms: Iterable[sp.Expr]) -> sp.Expr:
    """The sum of the terms, in their order."""
    kept = tuple(terms)
    return kept[0] if len(kept) == 1 else sp.Add(*kept, evaluate=False) if kept else ZERO


def mul(factors: Iterable[sp.Expr]) -> sp.Expr:
    """The product of the factors, in their order."""
    kept = tuple(factors)
    return kept[0] if len(kept) == 1 else sp.Mul(*kept, evaluate=False) if kept else ONE


def negative(body: sp.Expr) -> sp.Expr:
    return mul((sp.Integer(-1), body))


def power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    return sp.Pow(base, exponent, evaluate=False)


def quotient(above: sp.Expr, below: sp.Expr) -> sp.Expr:
    return mul((above, power(below, sp.Integer(-1))))


def exp(argument: sp.Expr) -> sp.Expr:
    return sp.exp(argument, evaluate=False)


def log(argument: sp.Expr) -> sp.Expr:
    return sp.log(argument, evaluate=False)


def applied(function: Any, argument: sp.Expr) -> sp.Expr:
    """A function of one argument, not evaluated."""
    return function(argument, evaluate=False)


def extreme(kind: str, arguments: Iterable[sp.Expr]) -> sp.Expr:
    """The largest or least of the arguments."""
    return (sp.Max if kind == "max" else sp.Min)(*arguments, evaluate=False)


def index(name: str) -> sp.Symbol:
    """An index that nothing else is: called by its name, equal only to itself."""
    return sp.Dummy(name, integer=True)


def delta(i: sp.Expr, j: sp.Expr) -> sp.Expr:
    """1 where the indices are equal, else 0."""
    return sp.Expr.__new__(sp.KroneckerDelta, i, j)


def compare(relation: str, left: sp.Expr, right: sp.Expr) -> Any:
    """A relation, not evaluated."""
    return _RELATIONS[relation](left, right, evaluate=False)


def when(*cases: tuple[sp.Expr, Any]) -> sp.Expr:
    """The first case that holds; SymPy's own constructor would fold and reorder."""
    pairs = [sp.Tuple.__new__(sp.functions.elementary.piecewise.ExprCondPair, *case) for case in cases]
    return sp.Expr.__new__(sp.Piecewise, *pairs)


def size_not_said() -> MeaningError:
    return MeaningError("the size of \\mathbf{1} is not said", "write $\\mathbf{1}_n$ for the column of n ones")


def total(k: sp.Symbol, dimension: Any, body: sp.Expr) -> sp.Expr:
    """sum over k = 0, ..., dimension - 1; SymPy's own constructor would move cases about."""
    if dimension == ANY:
        raise size_not_said()
    result = sp.Expr.__new__(sp.Sum, body, sp.Tuple(k, ZERO, dimension - 1))
    result.is_commutative = True
    return result


def tensor(name: str, shape: tuple[Any, ...], domain: str = "real") -> Any:
    """A tensor whose entries are real, positive, nonnegative or negative; a symbol if it has no dimension."""
    symbol = sp.Symbol(name, **{domain: True})
    dimensions = tuple(d for d in shape if d != 1)
    return sp.IndexedBase(symbol, shape=dimensions) if dimensions else symbol


def entry_of(base: Any, shape: tuple[Any, ...], indices: tuple[Any, ...]) -> sp.Expr:
    """The entry of a tensor made by `tensor`, by as many indices as its shape has dimensions."""
    kept = [i for i, d in zip(indices, shape, strict=True) if d != 1]
    return base[tuple(kept)] if kept else base


def plain_index(name: str) -> sp.Symbol:
    """An index that is known by its name."""
    return sp.Symbol(name, integer=True)


def names_in(expression: Any) -> set[str]:
    """The names of all symbols and tensors in an expression."""
    found: set[str] = set()
    seen: set[Any] = set()
    pending = [expression]
    while pending:
        node = pending.pop()
        if not isinstance(node, sp.Basic) or node in seen:
            continue
        seen.add(node)
        if isinstance(node, sp.Indexed):
            found.add(str(node.base.name))
            pending += node.indices
        elif isinstance(node, sp.Symbol):
            found.add(node.name)
        else:
            pending += node.args
    return found
