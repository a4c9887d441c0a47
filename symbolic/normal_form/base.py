"""What every part of the calculus shares: the atoms made so far, and what is known."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .polynomials import Atom, AtomTable, Index, Monomial, Poly

Rename = Mapping[str, Index]
#: poly > 0, for all values of these indices
Fact = tuple[Poly, frozenset[str]]
#: a symbol or an entry (its name, its indices), for all values of these indices, and what stands for it
Replacement = tuple[str, tuple[Index, ...], frozenset[str], Poly]


class NeedSign(Exception):
    """The sign of this guard decides what comes next; the caller splits into its three cells."""

    def __init__(self, guard: Poly) -> None:
        super().__init__("the sign of a guard is needed")
        self.guard = guard


class Undefined(Exception):
    """The expression has no value here."""


class NoSlope(Undefined):
    """A derivative at a kink was not shown to exist; it may."""


@dataclass(frozen=True)
class SumRule:
    """sum over the last of the positions of one tensor's entry has a value: sum_k t[.., k] = value for all others."""

    tensor: str
    position: int
    others: tuple[Index | None, ...]  # None: any index
    value: Poly


@dataclass
class Knowledge:
    """What may be used: domains of names, one-hot tensors, facts, rules, indices known to differ, signs of a cell."""

    domains: dict[str, str] = field(default_factory=dict)
    one_hot: dict[str, int] = field(default_factory=dict)  # tensor -> the axis over which it sums to 1
    sum_rules: list[SumRule] = field(default_factory=list)
    substitutions: list[Replacement] = field(default_factory=list)
    positive: list[Fact] = field(default_factory=list)
    held: set[str] = field(default_factory=set)  # names that conditions may hold on a set without interior
    distinct: set[frozenset[Index]] = field(default_factory=set)
    signs: list[tuple[Poly, int]] = field(default_factory=list)
    least_sizes: dict[str, int] = field(default_factory=dict)


class Base:
    """State of one calculus; the rules are in the classes that build on it."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.known = knowledge
        self.table = AtomTable()
        self._fresh = itertools.count()
        self._fixed: dict[Monomial, Poly] = {}
        self._renamed: dict[Any, Poly] = {}
        self._summed: dict[Any, Poly] = {}
        self._strengths: dict[frozenset[Any], int] = {}
        self._signs: dict[frozenset[Any], int | None] = {}
        self._guards: dict[frozenset[Any], tuple[int, Poly]] = {}
        self._asking = False
        self._logs_asked: set[Atom] = set()
        self.exceptional: dict[Atom, None] = {}

    def atom(self, kind: str, *args: Any) -> Atom:
        return self.table.atom(kind, *args)

    def fresh(self, dimension: str) -> str:
        """A bound index that nothing else uses."""
        return f"@{next(self._fresh)}:{dimension}"

    # The rules below call each other across the classes that hold them.
    def multiply(self, left: Poly, right: Poly) -> Poly:
        raise NotImplementedError

    def power(self, poly: Poly, exponent: Any) -> Poly:
        raise NotImplementedError

    def rename(self, poly: Poly, names: Rename) -> Poly:
        raise NotImplementedError

    def total(self, bound: tuple[str, ...], poly: Poly) -> Poly:
        raise NotImplementedError

    def renamed_sum(self, bound: tuple[str, ...], monomial: Monomial, names: Rename) -> Poly:
        raise NotImplementedError

    def exponential(self, poly: Poly) -> Poly:
        raise NotImplementedError

    def logarithm(self, poly: Poly) -> Poly:
        raise NotImplementedError

    def inverse(self, poly: Poly, exponent: int) -> Poly:
        raise NotImplementedError

    def root(self, poly: Poly, numerator: int, degree: int) -> Poly:
        raise NotImplementedError

    def normal_guard(self, poly: Poly) -> tuple[int, Poly]:
        raise NotImplementedError

    def orientation(self, poly: Poly) -> tuple[int, Poly]:
        raise NotImplementedError

    def called(self, name: str, argument: Poly) -> Poly:
        raise NotImplementedError

    def indicator_positive(self, poly: Poly) -> Poly:
        raise NotImplementedError

    def indicator_zero(self, poly: Poly) -> Poly:
        raise NotImplementedError

    def entry(self, tensor: str, indices: tuple[Index, ...]) -> Poly:
        raise NotImplementedError

    def sign(self, poly: Poly) -> int | None:
        raise NotImplementedError

    def plain_sign(self, poly: Poly) -> int | None:
        raise NotImplementedError
