"""Long exponentials by names of their own: what holds of any positive numbers holds of these.

Of a large explicit network, exp(z_1), exp(z_2), ... then are variables instead of products of hundreds of atoms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .differentiation import rebuild, subterms
from .terms import Claim, Term, symbol

__all__ = ["abbreviated"]

_SHORT = 300  # distinct nodes


def abbreviated(claim: Claim) -> tuple[Claim, list[Term]] | None:
    """A claim that is at least as strong as a resolved one, and what stood in the exponentials.

    None where it is short or would not get shorter.  A proof of it is a proof of the claim if what stood there is
    defined everywhere, and if it takes no exception: whether a set has an interior is another question where
    variables stand for functions of others.
    """
    sides = (claim.left, claim.right)
    nodes = {node for side in sides for node in subterms(side)}
    if len(nodes) < _SHORT:
        return None
    names = {node: symbol(f"exp~{k}") for k, node in enumerate(dict.fromkeys(_outermost(sides)))}
    if not names:
        return None
    memo: dict[Term, Term] = dict(names)

    def shortened(term: Term) -> Term:
        if term not in memo:
            memo[term] = rebuild(term, shortened)
        return memo[term]

    left, right = map(shortened, sides)
    if 2 * len({node for side in (left, right) for node in subterms(side)}) > len(nodes):
        return None
    positive = {str(name.args[0]): "positive" for name in names.values()}
    short = replace(claim, left=left, right=right, symbols={**claim.symbols, **positive})
    return short, [node.args[0] for node in names]


def _outermost(sides: tuple[Term, ...]) -> Iterator[Term]:
    """Exponentials that hold no index and stand in no other one."""
    seen: set[Term] = set()
    pending = list(sides)
    while pending:
        term = pending.pop()
        if term in seen:
            continue
        seen.add(term)
        if term.op == "exp" and not term.free:
            yield term
        else:
            pending += term.children()
