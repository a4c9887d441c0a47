"""Sparse Laurent polynomials over the rationals in atoms, before any rule is applied, and what rules may use.

An atom is a node; a monomial is a product of (atom, exponent) in the order in which the atoms were made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .terms import Index, Node

Exponent = int | Fraction
Monomial = tuple[tuple[Node, Exponent], ...]
Poly = dict[Monomial, Fraction]

ONE: Poly = {(): Fraction(1)}


def add(*polys: Poly) -> Poly:
    result: Poly = {}
    for poly in polys:
        for monomial, c in poly.items():
            total = result.pop(monomial, 0) + c
            if total:
                result[monomial] = Fraction(total)
    return result


def scale(poly: Poly, factor: int | Fraction) -> Poly:
    return {m: c * factor for m, c in poly.items()} if factor else {}


def subtract(left: Poly, right: Poly) -> Poly:
    return add(left, scale(right, -1))


def single(atom: Node, exponent: Exponent = 1) -> Poly:
    return {monomial_of({atom: exponent}): Fraction(1)}


def monomial_of(exponents: dict[Node, Exponent]) -> Monomial:
    whole = {a: int(e) if e == int(e) else e for a, e in exponents.items() if e}
    return tuple(sorted(whole.items(), key=lambda pair: pair[0].serial))


def without(monomial: Monomial, atom: Node) -> Poly:
    return {tuple(pair for pair in monomial if pair[0] is not atom): Fraction(1)}


def atoms_in(poly: Poly) -> set[Node]:
    return {a for m in poly for a, _ in m}


def is_indicator(node: Node) -> bool:
    """[u > 0] or [u = 0], as `Terms.indicator` makes it."""
    values = [value.args[0] for value in node.args[1:] if value.op == "number"] if node.op == "split" else []
    return values in ([1, 0, 0], [0, 1, 0])


@dataclass
class Known:
    """Declarations, conditions as rules, and facts; these hold for all indices that are not in `fixed`."""

    fixed: frozenset[str]
    domains: dict[str, str]
    one_hot: dict[str, int]  # tensor -> hot axis
    # tensor, the axis that is summed over, the other indices (None: any), value
    sum_rules: list[tuple[str, int, tuple[Index | None, ...], Node]] = field(default_factory=list)
    substitutions: list[tuple[Node, Node]] = field(default_factory=list)
    signs: list[tuple[Node, int]] = field(default_factory=list)  # a guard in normal form, its sign
    nonzero: list[Node] = field(default_factory=list)
    distinct: frozenset[frozenset[Index]] = frozenset()
    held: frozenset[str] = frozenset()  # names that conditions may hold on a set without interior
