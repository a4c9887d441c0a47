"""What must hold for an expression to be defined, and where indices are equal or differ."""

from __future__ import annotations

from dataclasses import dataclass

from .calculus import Calculus
from .polynomials import Index, Poly, free_indices

__all__ = ["Obligation", "Pairs", "bound_in", "merged"]

#: Pairs of indices.
Pairs = frozenset[frozenset[Index]]


@dataclass(frozen=True)
class Obligation:
    """What must hold for an expression to be defined: the polynomial is not 0, is positive, or is not negative.

    `different` and `equal` are the pairs of indices that are not equal, or equal, where this is needed.
    """

    kind: str  # "nonzero", "positive", "nonnegative"
    content: frozenset[object]
    different: Pairs
    equal: Pairs

    @property
    def poly(self) -> Poly:
        return dict(self.content)  # type: ignore[arg-type]

    def covers(self, other: Obligation) -> bool:
        """Whether it holds wherever the other one has to."""
        return self.different <= other.different and self.equal <= other.equal


def merged(calculus: Calculus, poly: Poly, equal: Pairs) -> Poly:
    """The polynomial where pairs of indices are equal."""
    for pair in sorted(map(sorted_pair, equal), key=str):
        poly = calculus.rename(poly, {str(pair[1]): pair[0]})
    return poly


def sorted_pair(pair: frozenset[Index]) -> tuple[Index, Index]:
    """An explicit position first."""
    first, second = sorted(pair, key=lambda i: (isinstance(i, str), str(i)))
    return first, second


def bound_in(poly: Poly) -> frozenset[str]:
    return frozenset(i for i in free_indices(poly) if "~" in i or i.startswith("@"))
