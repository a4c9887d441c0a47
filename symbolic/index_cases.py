"""Cases that no sign tells apart: two indices are equal or not, an entry of a one-hot tensor is 1 or 0.

Indices that are given equal are one index, in the sides and in what is given: a proof does not depend on which of
their names comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from . import terms as t
from .differentiation import reindex, subterms
from .knowledge import hot_axis
from .terms import Claim, Condition, Index, Term

__all__ = ["cases_of_a_bit", "given_equal", "with_equal_indices_merged"]

_MOST_PAIRS = 3


def given_equal(claim: Claim) -> dict[str, Index]:
    """For each index that is given equal to another one, or to an explicit position, the one that stands for both."""
    names: dict[str, Index] = {}

    def found(index: Index) -> Index:
        while isinstance(index, str) and index in names:
            index = names[index]
        return index

    for condition in claim.conditions:
        indicators = [node for node in condition.term.children() for node in node.children() if node.op == "same"]
        for indicator in indicators:
            if condition.relation == "=" and condition.term is t.subtract(t.ONE, indicator):
                kept, merged = sorted(map(found, indicator.args), key=lambda i: (isinstance(i, str), str(i)))
                if kept != merged and isinstance(merged, str):
                    names[merged] = kept
    return {index: found(index) for index in names}


def with_equal_indices_merged(claim: Claim) -> Claim:
    """The claim in which indices that are given equal are one."""
    names = given_equal(claim)
    if not names:
        return claim
    return replace(
        claim,
        left=reindex(claim.left, names),
        right=reindex(claim.right, names),
        indices={i: d for i, d in claim.indices.items() if i not in names},
        conditions=tuple(replace(c, term=reindex(c.term, names)) for c in claim.conditions),
    )


def cases_of_a_bit(claim: Claim) -> tuple[Term, Condition, Condition] | None:
    """What is 0 or 1 without being told: 1 - same(i, j), or an entry of a one-hot tensor; None where there are many.

    The term, and the conditions that it is 1, and 0.
    """
    claim = with_equal_indices_merged(claim)
    told = {c.term for c in claim.conditions if c.relation in ("=", "!=")}
    pairs = [
        t.subtract(t.ONE, t.same(i, j))
        for i, j in combinations(sorted(claim.indices), 2)
        if claim.indices[i] == claim.indices[j]
    ]
    untold = [apart for apart in pairs if apart not in told]
    if 0 < len(untold) <= _MOST_PAIRS:
        return untold[0], Condition("!=", untold[0]), Condition("=", untold[0])
    rows = {_row(claim, bit) for bit in _bits(claim) if t.subtract(t.ONE, bit) in told}
    bits = [bit for bit in _bits(claim) if bit not in told and _row(claim, bit) not in rows]
    if not 0 < len(bits) <= _MOST_PAIRS:
        return None
    bit = min(bits, key=str)
    return bit, Condition("=", t.subtract(t.ONE, bit)), Condition("=", bit)


def _bits(claim: Claim) -> Iterator[Term]:
    """Entries of one-hot tensors at indices of the claim, in the claim and in what is told."""
    one_hot = {c.tensor for c in claim.conditions if c.relation == "one-hot"}
    told = (c.term for c in claim.conditions if c.relation == "=" and not c.quantified)
    met = dict.fromkeys(node for term in (claim.left, claim.right, *told) for node in subterms(term))
    for node in met:
        if node.op == "entry" and node.args[0] in one_hot and node.free <= claim.indices.keys():
            yield node


def _row(claim: Claim, bit: Term) -> tuple[str, tuple[Index, ...]]:
    """The tensor, and the indices over which its entries do not sum to 1."""
    tensor, indices = bit.args
    axis = hot_axis(claim.tensors[tensor].dimensions)
    return tensor, tuple(i for place, i in enumerate(indices) if place != axis)
