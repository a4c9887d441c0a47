"""PROVED, checked: in every cell of signs both sides are the same polynomial and are defined at the same points.

The certificate lists the cells as trees of guards, and the sets on which equality may fail.
"""

import itertools
import math
from typing import Any

from .domains import Domains
from .expansion import Context
from .polynomials import Poly
from .positivity import Fact
from .reading import anything, one_of, read
from .signs import NONZERO
from .terms import Conflict, Node, Rejected, need

_MOST_INSTANCES, _DEEPEST = 5_000, 20


class Proof:
    """One claim, whose certificate says that it is proved."""

    def __init__(self, context: Context, nodes: list[Node], trees: Any, exceptions: Any) -> None:
        self.context, self.fixed = context, frozenset(context.claim.free)
        self.nodes, self.trees = nodes, read([anything], trees)
        self.exceptions: list[Node] = read([self._node], exceptions)

    def _node(self, value: Any) -> Node:
        return self.context.expand(one_of(self.nodes, value))

    def check(self) -> None:
        """Raises Rejected where a part of the proof is not shown."""
        ranges = self.context.terms.ranges
        explicit = {i: d for i in self.context.claim.free if isinstance(d := ranges[i], int)}
        need(len(self.trees) < _MOST_INSTANCES, "not in the checker's reach: too many explicit entries")
        need(math.prod(explicit.values()) == len(self.trees), "another number of cells than of explicit entries")
        for values, tree in zip(itertools.product(*map(range, explicit.values())), self.trees, strict=True):
            self.given: Domains = self.context.algebra(dict(zip(explicit, values, strict=True)))
            self._tree(tree, ())

    def _tree(self, tree: Any, path: tuple[Fact, ...]) -> None:
        """A cell, or a guard with the parts where it is positive, zero and negative."""
        need(len(path) <= _DEEPEST, "the cells are nested too deeply")
        if tree is None:
            return self._cell(path)
        guard, *parts = read((self._node, anything, anything, anything), tree)
        need(guard.free <= self.fixed, f"{guard}: a guard with an index that is not the claim's")
        for sign, part in zip((1, 0, -1), parts, strict=True):
            self._tree(part, (*path, (guard, frozenset({sign}))))

    def _cell(self, path: tuple[Fact, ...]) -> None:
        algebra = self.given.under(path)
        try:
            if not algebra.impossible:
                self._equal(algebra)
        except Conflict:
            raise
        except Rejected as reason:
            where = ", ".join(f"{guard} {'=><'[min(sign)]} 0" for guard, sign in path)
            thin = any(self.given.thin(self.given.poly(g)) for g, sign in path if 0 in sign and g in self.exceptions)
            need(thin, f"{reason}{' in the case ' * bool(path)}{where}")
            for table in [n for n in algebra.reached(self.context.sides) if n.op == "table"]:
                need(table.free <= self.fixed, f"{table}: not in the checker's reach: {reason}")
                algebra.needs(table)  # cases that differ are no exception

    def _equal(self, algebra: Domains) -> None:
        needs = [algebra.needs(side) for side in self.context.sides]
        never = [any(not allowed for _, allowed in own) for own in needs]
        need(never[0] == never[1], "only one side is defined")
        if never[0]:
            return
        for own, other in (needs, needs[::-1]):
            for wanted in own:
                need(algebra.provable(wanted, other), f"{wanted[0]}: one side may be undefined alone")
        both = algebra.under(needs[0] | needs[1])
        kinks = [guard for side in self.context.sides if both.poly(side) for guard in both.exceptional]
        outside = both.under((guard, NONZERO) for guard in kinks) if kinks else both
        left, right = map(outside.poly, self.context.sides)
        need(outside.is_zero(left - right), "the two sides differ")
        for guard in {*kinks, *algebra.exceptional, *outside.exceptional}:
            self._listed(self.given.poly(guard))

    def _listed(self, poly: Poly) -> None:
        """A guard under a sum has to be listed as exceptional, and its zeros to have no interior."""
        given, guard = self.given, self.given.guard(poly)[1]
        listed = [given.guard(p)[1] for p in map(given.poly, self.exceptions) if p]
        met = any(given.matched(exception, guard) is not None for exception in listed)
        need(met, f"{guard}: a kink under a sum that is not listed as exceptional")
        need(given.thin(poly), f"{guard}: an exceptional set that may have an interior")
