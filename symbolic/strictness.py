"""What has a value wherever a term has one, and what is positive there."""

from __future__ import annotations

from collections.abc import Iterator

from .differentiation import reindex
from .terms import Claim, Term

__all__ = ["looked_at", "positive_in"]


def looked_at(side: Term, claim: Claim) -> Iterator[Term]:
    """The side, and the summands of its sums at the indices of the claim: each has a value where the side has one."""
    yield side
    pending = [side]
    while pending:
        term = pending.pop()
        if term.op == "sum":
            index, dimension, body = term.args
            pending += [reindex(body, {index: i}) for i, d in claim.indices.items() if d == dimension]
            yield from (reindex(body, {index: i}) for i, d in claim.indices.items() if d == dimension)
        elif term.op not in ("split", "table", "alike", "join"):
            pending += term.children()


def positive_in(term: Term, seen: set[Term]) -> Iterator[Term]:
    """What is positive wherever the term is defined: arguments of its logarithms, and of roots below a line."""
    if term in seen or (term.op == "sum" and term.args[1] == 0):
        return
    seen.add(term)
    if term.op == "log" or (term.op == "root" and term.args[1] < 0):
        yield term.args[0]
    if term.op in ("split", "table", "alike", "join"):
        if term.op == "split":
            yield from positive_in(term.args[0], seen)
        return
    for child in term.children():
        yield from positive_in(child, seen)
