"""Functions of what is 0 or 1: f(t) = f(0) + t * (f(1) - f(0)) for an entry t of a one-hot tensor.

It holds also under a sum, where no case can be made of the entry:
sum_k z[k] * log(1 + t[k]) = log(2) * sum_k z[k] * t[k].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from . import terms as t
from .differentiation import may_be_undefined, ranges_in, rebuild, subterms
from .terms import Claim, Term

__all__ = ["with_bits_outside"]

_MOST_BITS = 3
_FUNCTIONS = frozenset({"exp", "log", "root", "power", "call", "applied", "split"})
_VALUES = frozenset({"number", "constant", "symbol", "size", "entry", "inverse", "determinant", "same"})
_PLAIN = _FUNCTIONS | _VALUES | {"add", "mul", "sum"}


def with_bits_outside(claim: Claim, defined: Callable[[Term], bool]) -> Claim:
    """The claim, its sides resolved, with every function of such entries as a polynomial in them.

    ``defined`` tells of a term whether it is shown to have a value everywhere: both values of the function have to be,
    so that the sides have values where they had.
    """
    one_hot = frozenset(c.tensor for c in claim.conditions if c.relation == "one-hot")
    memo: dict[Term, Term] = {}

    def change(term: Term) -> Term:
        if term not in memo:
            memo[term] = _expanded(term, one_hot, defined, change) or rebuild(term, change)
        return memo[term]

    return replace(claim, left=change(claim.left), right=change(claim.right)) if one_hot else claim


def _expanded(
    term: Term, one_hot: frozenset[str], defined: Callable[[Term], bool], change: Callable[[Term], Term]
) -> Term | None:
    """f(0) + t * (f(1) - f(0)) of a function; None for what is none, or may have no value."""
    if term.op not in _FUNCTIONS:
        return None
    below = list(subterms(term))
    bound = ranges_in(term).keys()
    bits = [n for n in below if n.op == "entry" and n.args[0] in one_hot and n.free.isdisjoint(bound)]
    if not 0 < len(bits) <= _MOST_BITS or any(node.op not in _PLAIN for node in below):
        return None
    absent, present = (_with_value(term, bits[0], value) for value in (t.ZERO, t.ONE))
    if any(may_be_undefined(value) and not defined(value) for value in (absent, present)):
        return None
    absent, present = change(absent), change(present)
    return t.add((absent, t.mul((bits[0], t.subtract(present, absent)))))


def _with_value(term: Term, bit: Term, value: Term) -> Term:
    """The term in which the entry has this value."""
    memo: dict[Term, Term] = {bit: value}

    def change(node: Term) -> Term:
        if node not in memo:
            memo[node] = rebuild(node, change)
        return memo[node]

    return change(term)
