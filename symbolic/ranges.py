"""Ranges of explicit size, taken like symbolic ones: what holds of them unwritten holds."""

from __future__ import annotations

from dataclasses import replace

from .differentiation import rebuild
from .terms import Claim, Definition, Dimension, Term, total

__all__ = ["with_open_ranges"]


def with_open_ranges(claim: Claim) -> Claim:
    """The claim with every explicit size from 2 on as the name of a size: the sum of 1 over "3" is still 3.

    The same claim where there is no such size.  A proof of it is a proof of the claim.
    """
    memo: dict[Term, Term] = {}

    def opened(term: Term) -> Term:
        if term not in memo:
            changed = rebuild(term, opened)
            if changed.op == "sum":
                index, dimension, body = changed.args
                changed = total(index, _open(dimension), body)
            memo[term] = changed
        return memo[term]

    general = replace(
        claim,
        left=opened(claim.left),
        right=opened(claim.right),
        indices={index: _open(d) for index, d in claim.indices.items()},
        tensors={n: replace(x, dimensions=tuple(_open(d) for d in x.dimensions)) for n, x in claim.tensors.items()},
        definitions={n: Definition(n, d.parameters, opened(d.body)) for n, d in claim.definitions.items()},
        conditions=tuple(
            replace(c, term=opened(c.term), quantified=tuple((i, _open(d)) for i, d in c.quantified))
            for c in claim.conditions
        ),
    )
    return claim if general == claim else general


def _open(dimension: Dimension) -> Dimension:
    return str(dimension) if isinstance(dimension, int) and dimension > 1 else dimension
