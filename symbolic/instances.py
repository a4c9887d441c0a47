"""The values of the indices whose range is explicit: each is a claim of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from .balls import Point
from .differentiation import reindex
from .errors import OutOfReach
from .index_cases import given_equal
from .sampling import rational
from .terms import Claim, Condition, Index

__all__ = ["instances"]

_MOST_INSTANCES = 20_000


def instances(claim: Claim) -> Iterator[dict[str, Index]]:
    """Indices of explicit range take every value; those that are given equal are one."""
    explicit = [(i, d) for i, d in claim.indices.items() if isinstance(d, int)]
    count = 1
    for _, dimension in explicit:
        count *= dimension
    if count > _MOST_INSTANCES:
        raise OutOfReach(f"{count} explicit entries")
    equal = given_equal(claim)
    for values in product(*(range(d) for _, d in explicit)):
        assignment: dict[str, Index] = {i: v for (i, _), v in zip(explicit, values, strict=True)}
        if all(_allows(condition, assignment) for condition in claim.conditions):
            yield {**{j: assignment.get(str(i), i) for j, i in equal.items()}, **assignment}


def _allows(condition: Condition, assignment: dict[str, Index]) -> bool:
    """Whether explicit index values satisfy a condition that compares two indices."""
    if condition.relation not in ("=", "!=") or condition.quantified:
        return True
    term = reindex(condition.term, assignment)
    if term.free or term.op != "add" or any(part.op not in ("number", "mul") for part in term.args):
        return True
    values = [rational(part, {}, Point()) for part in term.args]
    if None in values:
        return True
    return (sum(v for v in values if v is not None) == 0) == (condition.relation == "=")
