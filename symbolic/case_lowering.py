"""Cases: Piecewise, tables of cases, Max, Min, Abs and Heaviside as splits by the sign of a guard."""

from __future__ import annotations

from typing import Any

import sympy as sp

from . import terms as t
from .errors import OutOfReach
from .scope import Scope
from .terms import Term

_RELATIONS = {
    ">": (1, 0, 0),
    ">=": (1, 1, 0),
    "<": (0, 0, 1),
    "<=": (0, 1, 1),
    "==": (0, 1, 0),
    "!=": (1, 0, 1),
}


class CaseReader:
    """The part of `Lowering` that reads cases: only the case that is taken is ever looked at."""

    scalar: Any
    free_indices: Any
    _pair: Any

    def _absolute(self, u: Term) -> Term:
        return t.split(u, u, t.ZERO, t.negative(u))

    def _extreme(self, e: Any, scope: Scope, direction: int) -> Term:
        values = sorted((self.scalar(a, scope) for a in e.args), key=lambda term: term.op == "number")
        result = values[0]
        for value in values[1:]:
            guard = t.subtract(result, value)
            result = t.split(guard, result, result, value) if direction > 0 else t.split(guard, value, value, result)
        return result

    def _heaviside(self, e: Any, scope: Scope) -> Term:
        at_zero = e.args[1] if len(e.args) > 1 else sp.Rational(1, 2)
        return t.split(self.scalar(e.args[0], scope), t.ONE, self.scalar(at_zero, scope), t.ZERO)

    def _piecewise(self, e: Any, scope: Scope) -> Term:
        result = t.UNDEFINED
        for value, condition in reversed(e.args):
            result = self.choose(condition, self.scalar(value, scope), result, scope)
        return result

    def _table(self, e: Any, scope: Scope) -> Term:
        return t.table(
            (self.choose(condition, t.ONE, t.ZERO, scope), self.scalar(value, scope)) for value, condition in e.args
        )

    def choose(self, condition: Any, then: Term, otherwise: Term, scope: Scope) -> Term:
        """`then` where the condition holds, else `otherwise`; only the one that is taken is looked at."""
        if condition in (sp.true, True):
            return then
        if condition in (sp.false, False):
            return otherwise
        if isinstance(condition, sp.And):
            for part in condition.args:
                then = self.choose(part, then, otherwise, scope)
            return then
        if isinstance(condition, sp.Or):
            for part in condition.args:
                otherwise = self.choose(part, then, otherwise, scope)
            return otherwise
        if isinstance(condition, sp.Not):
            return self.choose(condition.args[0], otherwise, then, scope)
        if isinstance(condition, sp.ITE):
            chosen, yes, no = condition.args
            yes, no = (self.choose(part, then, otherwise, scope) for part in (yes, no))
            return self.choose(chosen, yes, no, scope)
        if not isinstance(condition, sp.core.relational.Relational):
            raise OutOfReach(f"the condition {condition}")
        return self._compare(condition, then, otherwise, scope)

    def _compare(self, relation: Any, then: Term, otherwise: Term, scope: Scope) -> Term:
        if self.is_index(relation.lhs, scope) or self.is_index(relation.rhs, scope):
            if not isinstance(relation, sp.Eq | sp.Ne):
                raise OutOfReach(f"an inequality between indices: {relation}")
            i, j = self._pair(relation.lhs, relation.rhs, scope)
            return t.alike(i, j, *((then, otherwise) if isinstance(relation, sp.Eq) else (otherwise, then)))
        guard = t.subtract(self.scalar(relation.lhs, scope), self.scalar(relation.rhs, scope))
        cases = (then if holds else otherwise for holds in _RELATIONS[relation.rel_op])
        return t.make("split", (guard, *cases))  # also where all are the same: the guard has to be defined

    def is_index(self, e: Any, scope: Scope) -> bool:
        """Whether a symbol stands for an index here."""
        return e in scope.indices or e in self.free_indices
