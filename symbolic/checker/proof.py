"""PROVED, checked: in every cell of signs both sides are the same polynomial and are defined at the same points.

The certificate lists the cells as a tree of guards, why a sign cannot occur, and the sets on which equality may fail.
"""

from __future__ import annotations

import itertools
from typing import Any

from .context import Givens, Path
from .domains import Conflict, Domains
from .polynomials import Poly, subtract
from .reading import keyed, listed, mapped, whole
from .terms import Index, Node, Rejected, need, subterms

_SIGNS = {"positive": 1, "zero": 0, "negative": -1}
_MOST_INSTANCES, _DEEPEST = 5_000, 20


class Proof:
    """One claim, whose certificate says that it is proved."""

    def __init__(self, givens: Givens, nodes: list[Node], top: dict[str, Any]) -> None:
        self.claim, self.terms, self.nodes, self.givens = givens.claim, givens.terms, nodes, givens
        self.trees = mapped(lambda tree: tree)(top.get("cells"))
        self.exceptions = listed(self._read_node)(top.get("exceptions"))
        self.names: dict[str, Index] = {}  # explicit indices, and those that are given equal

    def _read_node(self, value: Any) -> Node:
        return self.nodes[whole(0, len(self.nodes) - 1)(value)]

    def check(self) -> None:
        """Raises Rejected where a part of the proof is not shown."""
        sides = [self.givens.expansion.expand(side) for side in (self.claim.left, self.claim.right)]
        explicit = {i: range(d) for i, d in self.claim.indices.items() if isinstance(d, int)}
        for count, values in enumerate(itertools.product(*explicit.values())):
            need(count < _MOST_INSTANCES, "not in the checker's reach: too many explicit entries")
            self.names = dict(zip(explicit, values, strict=True))
            for relation, term, quantified, _ in self.claim.conditions:
                if relation == "=" and not quantified:
                    self.names = self._with_equal(term, self.names)
            left, right = (self.terms.reindex(side, self.names) for side in sides)
            self._tree(self.trees.get(",".join(map(str, values)), {}), left, right, ())

    def _with_equal(self, term: Node, names: dict[str, Index]) -> dict[str, Index]:
        """Indices that are equal where 1 - same(i, j) = 0 are one."""
        same = next((n for n in subterms(term) if n.op == "same"), self.terms.zero)
        if same.op == "same" and term is self.terms.different(*same.args):
            i, j = sorted((names.get(x, x) for x in same.args), key=lambda x: (isinstance(x, str), str(x)))
            if isinstance(j, str) and i != j:
                return {k: i if v == j else v for k, v in names.items()} | {j: i}
        return names

    # ---- cells

    def _tree(self, tree: Any, left: Node, right: Node, path: Path) -> None:
        keyed(tree, "guard", *_SIGNS)
        need(len(path) <= _DEEPEST, "the cells are nested too deeply")
        if "guard" not in tree:
            need(not tree, "a cell holds more than its guard and its parts")
            return self._leaf(left, right, path)
        guard = self.terms.reindex(self._read_node(tree["guard"]), self.names)
        need(guard.free <= self.claim.indices.keys(), f"{guard}: a guard with an index that is not the claim's")
        for name, sign in _SIGNS.items():
            if name in tree:
                self._tree(tree[name], left, right, (*path, (guard, sign)))
            else:
                self._impossible((*path, (guard, sign)))
        return None

    def _algebra(self, path: Path = ()) -> Domains:
        return self.givens.algebra(self.names, path)

    def _value(self, node: Node, algebra: Domains) -> Poly:
        return algebra.poly(self.givens.expansion.expand(node))

    def _impossible(self, path: Path) -> None:
        """The guard is shown to have another sign."""
        (guard, sign), algebra = path[-1], self._algebra(path[:-1])
        poly = self._value(guard, algebra)
        other = algebra.sign(poly) not in (None, sign) or algebra.strength(poly) * sign < 0
        need(other, f"{guard}: a sign that is left out is not shown to be impossible")

    def _leaf(self, left: Node, right: Node, path: Path) -> None:
        for guard, sign in path:
            if sign == 0:
                names = self._with_equal(guard, {})
                left, right = (self.terms.reindex(side, names) for side in (left, right))
        algebra = self._algebra(path)
        try:
            self._equal(left, right, algebra)
        except Conflict:
            raise
        except Rejected as reason:
            where = ", ".join(f"{guard} {'=><'[sign]} 0" for guard, sign in path)
            need(self._thin(path), f"{reason}{' in the case ' * bool(path)}{where}")
            for table in [n for n in subterms(left, right) if n.op == "table"]:  # cases that differ are no exception
                need(table.free <= self.claim.indices.keys(), f"{table}: not in the checker's reach: {reason}")
                algebra.needs(table)

    def _equal(self, left: Node, right: Node, algebra: Domains) -> None:
        needs = [algebra.needs(side) for side in (left, right)]
        never = [any(n.kind == "never" for n in own) for own in needs]
        need(never[0] == never[1], "only one side is defined")
        if never[0]:
            return
        for own, other in (needs, needs[::-1]):
            for wanted in own:
                shown = algebra.provable(wanted, other)
                need(shown, f"{wanted.node}: one side may be undefined where the other one is not")
        both = algebra.under(needs[0] | needs[1])
        difference = subtract(both.poly(left), both.poly(right))
        need(both.is_zero(difference), "the two sides differ")
        for guard in both.exceptional:
            self._listed(guard)

    # ---- sets on which equality may fail

    def _thin(self, path: Path) -> bool:
        """Whether a guard that is 0 in the cell is listed as exceptional, and its zeros have no interior."""
        exceptional, algebra = {self.terms.reindex(e, self.names) for e in self.exceptions}, self._algebra()
        guards = [guard for guard, sign in path if sign == 0 and guard in exceptional]
        return any(algebra.thin(self._value(guard, algebra)) for guard in guards)

    def _listed(self, guard: Node) -> None:
        """A guard under a sum has to be listed as exceptional, and its zeros to have no interior."""
        given = self._algebra()
        poly = given.poly(guard)
        exceptions = (self._value(self.terms.reindex(e, self.names), given) for e in self.exceptions)
        met = any(p and given.matched(given.guard(p)[1], given.guard(poly)[1]) is not None for p in exceptions)
        need(met, f"{guard}: a kink under a sum that is not listed as exceptional")
        need(given.thin(poly), f"{guard}: an exceptional set that may have an interior")
