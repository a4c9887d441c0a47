"""PROVED, checked: in every cell of signs both sides are the same polynomial and are defined at the same points.

The certificate lists the cells as a tree of guards; that the signs left out of it cannot occur, and that a set on which
equality may fail has no interior, is shown here.
"""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .conditions import Excluded, solve, take_up
from .expansion import Expansion
from .functions import NeedSign
from .polynomials import Atom, Monomial, Poly, all_atoms, free_of, of_atom, scale, subtract
from .reading import Claim, Node, Rejected, Terms, children, need, whole
from .rules import Known, Undefined
from .signs import POSITIVE, Signs
from .values import Conflict, Env, Kink, Need, Values, radicands

_SIGNS = (("positive", 1), ("zero", 0), ("negative", -1))
_MOST_INSTANCES = 5_000
_MOST_CONSTRAINTS = 300


@dataclass
class Excepted:
    """A set guard = 0 on which equality may fail; `running` are bound indices that occur in the guard."""

    guard: Node
    running: dict[str, str]


class Proof:
    """One claim, whose certificate says that it is proved."""

    def __init__(self, claim: Claim, terms: Terms, nodes: list[Node], evidence: dict[str, Any]) -> None:
        self.claim, self.terms, self.nodes = claim, terms, nodes
        self.expansion = Expansion(claim, terms)
        self.trees = evidence["cells"]
        self.exceptions: list[Excepted] = evidence["exceptions"]

    def check(self) -> None:
        """Raises Rejected where a part of the proof is not shown."""
        left, right = (self.expansion.expand(side) for side in (self.claim.left, self.claim.right))
        explicit = [(i, range(d)) for i, d in self.claim.indices.items() if isinstance(d, int)]
        for count, values in enumerate(itertools.product(*(r for _, r in explicit))):
            need(count < _MOST_INSTANCES, "not in the checker's reach: too many explicit entries")
            env: Env = {i: ("free", i, d) for i, d in self.claim.indices.items() if isinstance(d, str)}
            env |= {i: v for (i, _), v in zip(explicit, values, strict=True)}
            self._join_equal(env)
            tree = self.trees.get(",".join(map(str, values)), {})
            self._tree(tree, left, right, env, [])

    def _join_equal(self, env: Env) -> None:
        """Indices that are given equal (1 - same(i, j) = 0) are one."""
        for condition in self.claim.conditions:
            pair = self._equated(condition.term) if condition.relation == "=" and not condition.quantified else None
            if pair is not None and pair[0] in env and pair[1] in env:
                old, new = sorted((env[pair[0]], env[pair[1]]), key=lambda x: (isinstance(x, int), repr(x)))
                if not isinstance(old, int):
                    env.update({k: new for k, v in env.items() if v == old})

    def _equated(self, term: Node) -> tuple[str, str] | None:
        """i and j of the term 1 - same(i, j)."""
        minus = term.args[1] if term.op == "add" and len(term.args) == 2 and term.args[0] is self.terms.one else None
        if minus is None or minus.op != "mul" or len(minus.args) != 2 or minus.args[0] is not self.terms.number(-1):
            return None
        i, j = minus.args[1].args if minus.args[1].op == "same" else (0, 0)
        return (i, j) if isinstance(i, str) and isinstance(j, str) else None

    def _tree(self, tree: Any, left: Node, right: Node, env: Env, path: list[tuple[Node, int]]) -> None:
        need(isinstance(tree, dict) and len(path) <= 20, "cells are a tree that is not too deep")
        if "guard" not in tree:
            need(not tree, "a cell holds more than its guard and its parts")
            return self._leaf(left, right, env, path)
        need(tree.keys() <= {"guard", "positive", "zero", "negative"}, "a cell holds a guard and its three signs")
        guard = self.nodes[whole(tree["guard"], 0, len(self.nodes) - 1)]
        need(guard.free <= env.keys(), f"{guard}: a guard with an index that is not the claim's")
        for name, sign in _SIGNS:
            cell = [*path, (guard, sign)]
            if name in tree:
                self._tree(tree[name], left, right, env, cell)
            else:
                self._impossible(cell, env)
        return None

    def _values(self, env: Env, path: list[tuple[Node, int]]) -> tuple[Values, list[tuple[Poly, int]]]:
        """Values in a cell, and the polynomials of its guards with their signs."""
        values = Values(self.claim, self.terms, Signs(Known(), self.terms.work))
        take_up(values, self.expansion, env)
        known, guards = values.algebra.known, list[tuple[Poly, int]]()
        pending = sorted(path, key=lambda part: part[1] != 0)
        while pending:
            late = []
            for guard, sign in pending:
                try:
                    poly = values.poly(self.expansion.expand(guard), env)
                except NeedSign:
                    late.append((guard, sign))
                    continue
                except Undefined as error:
                    raise Rejected(f"{guard}: a guard without a value") from error
                need(not any(i[0] != "free" for i in free_of(poly)), f"{guard}: a guard under a sum")
                guards.append((poly, sign))
                if not poly:
                    continue
                direction, normal = values.algebra.normal_guard(poly)
                known.signs.append((normal, direction * sign))
                self._tell_apart(poly, sign, values)
                if sign == 0:
                    solve(poly, frozenset(), values)
            need(len(late) < len(pending), "a guard whose value needs a sign that no cell gives")
            pending = late
        values._memo.clear()  # what is known since may make it shorter
        return values, guards

    def _tell_apart(self, guard: Poly, sign: int, values: Values) -> None:
        """Indices differ where the guard has another sign than where they are equal."""
        algebra = values.algebra
        for i, j in itertools.combinations(sorted(free_of(guard), key=repr), 2):
            if i[2] == j[2]:
                merged = algebra.plain_sign(algebra.rename(guard, {j: i}))
                if merged is not None and merged != sign:
                    algebra.known.distinct |= {frozenset((i, j))}

    # ---- one cell

    def _leaf(self, left: Node, right: Node, env: Env, path: list[tuple[Node, int]]) -> None:
        try:
            try:
                values, _ = self._values(env, path)
            except Excluded:
                return
            self._equal(left, right, env, values, path)
        except Conflict:
            raise
        except NeedSign as error:
            self._excepted(path, env, str(error), (left, right))
        except Rejected as reason:
            self._excepted(path, env, str(reason), (left, right))

    def _equal(self, left: Node, right: Node, env: Env, values: Values, path: list[tuple[Node, int]]) -> None:
        (p, p_needs), (q, q_needs) = (self._side(node, env, values) for node in (left, right))
        if isinstance(p, Undefined) and isinstance(q, Undefined):
            kinks = [side for side in (p, q) if isinstance(side, Kink)]
            listed = not all(kink.differ for kink in kinks)
            return need(not kinks or self._thin(path, env, listed), "a kink that may be no kink")
        need(not isinstance(p, Undefined) and not isinstance(q, Undefined), "only one side is defined")
        for own, other, side in ((p_needs, q_needs, "left"), (q_needs, p_needs, "right")):
            shown = all(values.provable(n, other) for n in own)
            need(shown, f"the {side} side may be undefined where the other one is not")
        return self._with_facts(left, right, env, values)

    def _side(self, node: Node, env: Env, values: Values) -> tuple[Poly | Undefined, frozenset[Need]]:
        values.needs = set()
        try:
            return values.poly(node, env), frozenset(values.needs)
        except Undefined as undefined:
            return undefined, frozenset()

    def _with_facts(self, left: Node, right: Node, env: Env, values: Values) -> None:
        """Equality where both sides are defined: the arguments of their logarithms are positive there."""
        algebra = values.algebra
        facts = []
        for node, here in (found for side in (left, right) for found in radicands(side, env, values)):
            poly = values.poly(node, here)
            if algebra.strength(poly) != POSITIVE:
                facts.append((poly, frozenset(i for i in free_of(poly) if i[0] != "free")))
        if facts:
            algebra.known.positive += facts
            values._memo.clear()
        try:
            difference = subtract(values.poly(left, env), values.poly(right, env))
        except Undefined as error:
            raise Rejected("a side without a value") from error
        for guard, poly in values.exceptional.items():
            self._listed(poly, env, algebra, f"{guard}: a kink under a sum")
        for _ in range(4):
            if algebra.is_zero(difference):
                return
            difference = algebra.cleared(difference)
            dropped = self._without_zero_sets(difference)
            need(len(dropped[1]) > 0, "the two sides differ")
            difference = dropped[0]
            for atom in dropped[1]:
                self._listed(atom.args[0], env, algebra, "a condition under a sum")
        raise Rejected("the two sides differ")

    def _without_zero_sets(self, poly: Poly) -> tuple[Poly, set[Atom]]:
        """The polynomial with every [u = 0] that multiplies a term taken as 0, and these conditions."""

        def factors(monomial: Monomial) -> set[Atom]:
            inner = (factors(a.args[1]) for a, e in monomial if a.kind == "sum" and e > 0)
            return {a for a, _ in monomial if a.kind == "zero"}.union(*inner)

        met = {m: factors(m) for m in poly}
        return {m: c for m, c in poly.items() if not met[m]}, set().union(*met.values())

    # ---- sets on which equality may fail

    def _excepted(self, path: list[tuple[Node, int]], env: Env, reason: str, sides: tuple[Node, Node]) -> None:
        """A cell in which equality is not shown: a listed guard is 0 in it, and the zeros have no interior.

        Two cases of a table that differ are no exception, however small the set.
        """
        for table in tables(sides):
            need(table.free <= env.keys(), f"{table}: not in the checker's reach: a table under a sum, {reason}")
            with contextlib.suppress(Undefined):
                try:
                    self._values(env, path)[0].poly(table, env)
                except NeedSign:
                    raise Rejected(f"{table}: a table that needs a sign, {reason}") from None
        if self._thin(path, env, listed=True):
            return
        where = ", ".join(f"{guard} {'=><'[sign]} 0" for guard, sign in path)
        raise Rejected(reason + (f" (in the case {where})" if path else ""))

    def _thin(self, path: list[tuple[Node, int]], env: Env, listed: bool) -> bool:
        """Whether a guard that is 0 in the cell (and listed as exceptional) has zeros without interior."""
        exceptional = {e.guard for e in self.exceptions if not e.running}
        for guard, sign in path:
            if sign == 0 and (guard in exceptional or not listed):
                values, _ = self._values(env, [])
                try:
                    if values.algebra.nowhere_flat(values.poly(self.expansion.expand(guard), env)):
                        return True
                except (NeedSign, Undefined):
                    continue
        return False

    def _listed(self, guard: Poly, env: Env, algebra: Signs, what: str) -> None:
        """A guard under a sum that is listed as exceptional, and whose zeros have no interior."""
        for exception in self.exceptions:
            values, _ = self._values(env, [])
            running = {name: values.algebra.fresh(d) for name, d in exception.running.items()}
            try:
                poly = values.poly(self.expansion.expand(exception.guard), {**env, **running})
            except (NeedSign, Undefined):
                continue
            if _shape(poly) == _shape(guard) and algebra.nowhere_flat(guard):
                return
        raise Rejected(f"{what}: an exceptional set that is not listed, or that may have an interior")

    # ---- cells that cannot occur

    def _impossible(self, path: list[tuple[Node, int]], env: Env) -> None:
        """Shown by Fourier-Motzkin elimination, with monomials as independent variables."""
        try:
            values, guards = self._values(env, path)
        except Excluded:
            return
        algebra = values.algebra
        known = algebra.known
        signs, known.signs = known.signs, []
        if any((algebra.plain_sign(p) if p else 0) not in (None, sign) for p, sign in guards):
            return
        known.signs = signs
        constraints = [(p, True) for p, running in known.positive if not running]
        for atom in {a for p, _ in guards for a in all_atoms(p)}:
            if algebra.atom_strength(atom) == POSITIVE:
                constraints.append((of_atom(atom), True))
        for poly, sign in guards:
            constraints += [(scale(poly, sign), True)] if sign else [(poly, False), (scale(poly, -1), False)]
        need(_inconsistent(constraints), f"{path[-1][0]}: a sign that is left out is not shown to be impossible")


def tables(nodes: tuple[Node, ...]) -> list[Node]:
    """The tables of cases in the nodes."""
    found, seen, pending = list[Node](), set[Node](), list(nodes)
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            found += [node] if node.op == "table" else []
            pending += children(node.args)
    return found


def _shape(poly: Poly) -> tuple[object, ...]:
    """The polynomial up to a factor, without the names of its indices."""
    terms = sorted((sorted((a.blind, str(e)) for a, e in m), c) for m, c in poly.items())
    first = terms[0][1] if terms else Fraction(1)
    return tuple((str(m), c / first) for m, c in terms)


def _inconsistent(constraints: list[tuple[Poly, bool]]) -> bool:
    """Whether polynomials that are > 0 (True) or >= 0 cannot be so together."""
    while True:
        for poly, strict in constraints:
            if not set(poly) - {()} and (poly.get((), 0) < 0 or (strict and not poly)):
                return True
        variables = {m for poly, _ in constraints for m in poly if m}
        if not variables or len(constraints) > _MOST_CONSTRAINTS:
            return False

        def cost(m: Monomial, now: list[tuple[Poly, bool]] = constraints) -> int:
            return sum(p.get(m, 0) > 0 for p, _ in now) * sum(p.get(m, 0) < 0 for p, _ in now)

        m = min(variables, key=cost)
        above = [(scale(p, 1 / p[m]), s) for p, s in constraints if p.get(m, 0) > 0]
        below = [(scale(p, 1 / p[m]), s) for p, s in constraints if p.get(m, 0) < 0]
        kept = [c for c in constraints if m not in c[0]]
        for (p, s), (q, t) in itertools.product(above, below):
            combined = subtract(p, q), s or t
            if combined not in kept:
                kept.append(combined)
        constraints = kept
