"""Tables of cases, conditions, Kronecker deltas and indicators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symbolic import notation

from ..reading import syntax as s
from . import kept
from .errors import MeaningError, Misfit
from .names import canonical, script_atoms
from .scope import Index, Scope
from .values import Value, elementwise, scalar, shape_text

__all__ = ["RELATIONS", "TableReader"]

#: Relations between numbers, by the name of their sign.
RELATIONS = {"=": "=", "neq": "!=", "<": "<", ">": ">", "leq": "<=", "geq": ">=", "le": "<=", "ge": ">="}


class TableReader:
    """The part of `FormulaReader` that reads cases."""

    value: Callable[[s.Node, Scope], Value]
    index: Callable[..., Any]

    def table(self, node: s.Cases, scope: Scope) -> Value:
        """A table of cases; a number beside vectors stands for a vector of itself."""
        values = [self.value(row.value, scope) for row in node.rows]
        if any(v.is_scalar and not v.literal for v in values) and not all(v.is_scalar for v in values):
            shape = next(v.shape for v in values if not v.is_scalar)
            raise Misfit(shape_text(shape), "a scalar in the same table of cases", node.place)
        conditions: list[Any] = []
        for row in node.rows:
            if row.condition is None or row.condition.word == "otherwise" or not row.condition.statements:
                conditions.append(_none_of(conditions))
            else:
                conditions.append(self.condition(row.condition, scope))

        def table(*entries: Any) -> Any:
            return notation.Cases(*zip(entries, conditions, strict=True))

        return elementwise(table, values, "in one table of cases")

    def condition(self, condition: s.Condition, scope: Scope) -> Any:
        """A condition as a relation of SymPy's."""
        parts = [part for statement in condition.statements for part in self.relations(statement, scope)]
        if not parts:
            raise MeaningError(f"the condition {canonical(condition)} is not read", place=condition.place)
        return parts[0] if len(parts) == 1 else sp.And(*parts, evaluate=False)

    def relations(self, statement: s.Statement, scope: Scope) -> list[Any]:
        """The relations of a chain such as 0 < x <= 1."""
        found = []
        for left, relation, right in zip(statement.sides, statement.relations, statement.sides[1:], strict=False):
            if relation.operator not in RELATIONS:
                raise MeaningError(f"the sign {relation.operator} in a condition", place=relation.place)
            found.append(self._relation(RELATIONS[relation.operator], left, right, scope))
        return found

    def _relation(self, sign: str, left: s.Node, right: s.Node, scope: Scope) -> Any:
        if self.is_index(left, scope) or self.is_index(right, scope):
            if sign not in ("=", "!="):
                raise MeaningError("an inequality between indices", place=left.place | right.place)
            return kept.compare(sign, self.index(left, None, scope), self.index(right, None, scope))
        values = [self.value(side, scope) for side in (left, right)]
        if not all(value.is_scalar for value in values):
            raise MeaningError("a condition on vectors", place=left.place | right.place)
        return kept.compare(sign, *(value.entry() for value in values))

    def is_index(self, node: s.Node, scope: Scope) -> bool:
        """Whether the node is a letter that stands, or may stand, for an index."""
        if not isinstance(node, s.Symbol | s.Scripted):
            return False
        meaning = scope.find(canonical(node))
        if isinstance(meaning, Index):
            return True
        return meaning is None and isinstance(node, s.Symbol) and len(node.name) == 1 and not node.accents

    def indicator(self, node: s.Scripted, scope: Scope) -> Value:
        """`\\delta_{ij}` and `1_{i = j}`."""
        if node.superscripts or node.primes:
            raise MeaningError(f"{canonical(node)} has no meaning here", place=node.place)
        condition = node.subscripts[0] if len(node.subscripts) == 1 else None
        if isinstance(condition, s.Delimited):  # 1_{\\{i = j\\}}
            condition = condition.body
        if isinstance(condition, s.Statement):
            entries = self._indicator_of_entries(condition, scope)
            if entries is not None:
                return entries
            parts = self.relations(condition, scope)
            holds = parts[0] if len(parts) == 1 else sp.And(*parts, evaluate=False)
            return scalar(kept.when((kept.ONE, holds), (kept.ZERO, sp.true)))
        atoms = script_atoms(node.subscripts)
        if len(atoms) != 2 or isinstance(node.base, s.Number):
            raise MeaningError(f"{canonical(node)} has no meaning here", place=node.place)
        i, j = (self.index(atom, None, scope) for atom in atoms)
        return scalar(kept.delta(i, j))

    def _indicator_of_entries(self, statement: s.Statement, scope: Scope) -> Value | None:
        """`\\mathbb{1}[u > 0]` of a vector: entry by entry."""
        if len(statement.sides) != 2 or any(self.is_index(side, scope) for side in statement.sides):
            return None
        values = [self.value(side, scope) for side in statement.sides]
        operator = statement.relations[0].operator
        if all(value.is_scalar for value in values) or operator not in RELATIONS:
            return None
        sign = RELATIONS[operator]
        return elementwise(
            lambda a, b: kept.when((kept.ONE, kept.compare(sign, a, b)), (kept.ZERO, sp.true)), values, "compared"
        )


def _none_of(conditions: list[Any]) -> Any:
    if not conditions:
        raise MeaningError("a table of cases without a condition")
    return sp.Not(sp.Or(*conditions, evaluate=False), evaluate=False)
