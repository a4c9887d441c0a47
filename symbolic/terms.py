"""The lowered form: what is judged, as interned terms that evaluate nothing.

A SymPy tree is read once (`symbolic.lowering`) into these terms; proof, refutation and the NumPy bridge all
start from them.  An index is a text (a bound index, or a free one of the claim) or an integer (an explicit
position).  Operators and their arguments are listed in `OPERATORS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from weakref import WeakValueDictionary

Index = str | int
Dimension = str | int

OPERATORS: dict[str, str] = {
    "number": "(Fraction,) - a rational",
    "constant": "(name,) - pi",
    "symbol": "(name,) - a scalar variable",
    "size": "(dimension,) - a size used as a number",
    "entry": "(tensor, indices) - one entry of a tensor",
    "inverse": "(matrix, indices) - one entry of the inverse of a square matrix",
    "determinant": "(matrix,) - of a square matrix",
    "same": "(i, j) - Kronecker delta of two indices",
    "add": "terms - a sum of terms",
    "mul": "terms - a product of terms",
    "power": "(base, exponent) - an integer power",
    "root": "(base, Fraction) - a rational power that is not an integer, base >= 0",
    "exp": "(argument,)",
    "log": "(argument,)",
    "call": "(name, argument) - a named function: erf, sin, cos",
    "applied": "(name, order, argument) - an undefined f, differentiated `order` times",
    "sum": "(index, dimension, body) - over the whole range of the index",
    "alike": "(i, j, equal, different) - by whether two indices are equal",
    "split": "(guard, positive, zero, negative) - by the sign of the guard",
    "table": "((condition, value), ...) - a table of cases; conditions are terms of value 0 or 1",
    "join": "(guard, slopes, values, guard's slope) - the common slope at guard = 0, where values and slopes agree",
    "derivative": "(body, variable) - by a symbol or entry, which is cut loose from its definition",
    "where": "(value, body) - the value, where the body is defined (a derivative exists only there)",
    "undefined": "() - nowhere defined",
}


class Term:
    """An interned node: equal terms are the same object."""

    __slots__ = ("__weakref__", "args", "free", "op")
    op: str
    args: tuple[Any, ...]
    free: frozenset[str]

    def __repr__(self) -> str:
        from .term_printing import text_of

        return text_of(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return (make, (self.op, self.args))

    def children(self) -> Iterator[Term]:
        """The terms directly below this one."""
        return _terms_in(self.args)


def _terms_in(args: Iterable[Any]) -> Iterator[Term]:
    for arg in args:
        if isinstance(arg, Term):
            yield arg
        elif isinstance(arg, tuple):
            yield from _terms_in(arg)


_interned: WeakValueDictionary[tuple[Any, ...], Term] = WeakValueDictionary()


def make(op: str, args: tuple[Any, ...]) -> Term:
    """The term of this operator and these arguments, made once."""
    key = (op, args)
    term = _interned.get(key)
    if term is None:
        term = Term()
        term.op, term.args, term.free = op, args, _free_indices(op, args)
        _interned[key] = term
    return term


def _free_indices(op: str, args: tuple[Any, ...]) -> frozenset[str]:
    if op in ("entry", "inverse"):
        return frozenset(i for i in args[1] if isinstance(i, str))
    free = frozenset(i for i in args[:2] if isinstance(i, str)) if op in ("same", "alike") else frozenset()
    for child in _terms_in(args):
        free |= child.free
    return free - {args[0]} if op == "sum" else free


def number(value: int | Fraction) -> Term:
    return make("number", (Fraction(value),))


ZERO = number(0)
ONE = number(1)
UNDEFINED = make("undefined", ())


def symbol(name: str) -> Term:
    return make("symbol", (name,))


def size(dimension: Dimension) -> Term:
    return number(dimension) if isinstance(dimension, int) else make("size", (dimension,))


def entry(tensor: str, indices: Iterable[Index]) -> Term:
    return make("entry", (tensor, tuple(indices)))


def inverse(matrix: str, i: Index, j: Index) -> Term:
    """Entry (i, j) of the inverse."""
    return make("inverse", (matrix, (i, j)))


def determinant(matrix: str) -> Term:
    return make("determinant", (matrix,))


def same(i: Index, j: Index) -> Term:
    if i == j:
        return ONE
    if isinstance(i, int) and isinstance(j, int):
        return ZERO
    first, second = sorted((i, j), key=str)
    return make("same", (first, second))


def add(terms: Iterable[Term]) -> Term:
    """A sum as written; only zeros that nothing stands beside are dropped."""
    kept = tuple(t for t in terms if t is not ZERO)
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else make("add", kept)


def mul(terms: Iterable[Term]) -> Term:
    """A product as written; factors of one are dropped."""
    kept = tuple(t for t in terms if t is not ONE)
    if not kept:
        return ONE
    return kept[0] if len(kept) == 1 else make("mul", kept)


def negative(term: Term) -> Term:
    return mul((number(-1), term))


def subtract(left: Term, right: Term) -> Term:
    return left if right is ZERO else add((left, negative(right)))


def power(base: Term, exponent: int) -> Term:
    return base if exponent == 1 else make("power", (base, int(exponent)))


def reciprocal(base: Term) -> Term:
    return power(base, -1)


def root(base: Term, exponent: Fraction) -> Term:
    return make("root", (base, exponent))


def exp(argument: Term) -> Term:
    return make("exp", (argument,))


def log(argument: Term) -> Term:
    return make("log", (argument,))


def call(name: str, argument: Term) -> Term:
    return make("call", (name, argument))


def applied(name: str, order: int, argument: Term) -> Term:
    return make("applied", (name, order, argument))


def total(index: str, dimension: Dimension, body: Term) -> Term:
    """Sum of the body over the whole range of the index."""
    return make("sum", (index, dimension, body))


def split(guard: Term, positive: Term, zero: Term, negative: Term) -> Term:
    if positive is zero and zero is negative:
        return positive
    return make("split", (guard, positive, zero, negative))


def alike(i: Index, j: Index, equal: Term, different: Term) -> Term:
    """`equal` where the indices are the same, else `different`; the other one is not looked at."""
    indicator = same(i, j)
    if indicator is ONE:
        return equal
    return different if indicator is ZERO else make("alike", (*indicator.args, equal, different))


def table(cases: Iterable[tuple[Term, Term]]) -> Term:
    """Cases as (condition, value); a condition is a term whose value is 0 or 1."""
    return make("table", tuple(cases))


def derivative(body: Term, variable: Term) -> Term:
    if variable.op not in ("symbol", "entry"):
        raise TypeError(f"a derivative is taken by a symbol or an entry, not by {variable!r}")
    return make("derivative", (body, variable))


@dataclass(frozen=True)
class Tensor:
    """Dimensions and domain of a tensor's entries: ``"real"``, ``"positive"``, ``"nonnegative"``, ``"negative"``."""

    dimensions: tuple[Dimension, ...]
    domain: str = "real"


@dataclass(frozen=True)
class Definition:
    """``name[parameters] := body``; a scalar has no parameters."""

    name: str
    parameters: tuple[Index, ...]  # texts, or fixed positions such as the 0 of a column
    body: Term


@dataclass(frozen=True)
class Condition:
    """A side condition: ``term relation 0`` for every value of the quantified indices, or a one-hot tensor.

    ``relation`` is one of ``"=", ">", ">=", "!="`` (about ``term``) or ``"one-hot"`` (about ``tensor``: its
    entries are 0 or 1 and sum to 1 over the last index of dimension other than 1).  An index condition such
    as i != j is written with the term ``same(i, j)``.
    """

    relation: str
    term: Term = ZERO
    quantified: tuple[tuple[str, Dimension], ...] = ()
    tensor: str = ""


@dataclass(frozen=True)
class Claim:
    """``left = right`` for all values of the variables that satisfy the conditions, every size and index."""

    left: Term
    right: Term
    indices: dict[str, Dimension] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)  # name -> least value
    symbols: dict[str, str] = field(default_factory=dict)  # name -> domain
    tensors: dict[str, Tensor] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
