"""Declarations in mathematics: kinds of names, definitions, numbers, conditions, layouts."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symbolic import Every, OneHot

from ..reading import syntax as s
from . import kept
from .definitions import Definitions
from .errors import MeaningError
from .formulas import FormulaReader
from .kinds import Given, function_head
from .names import canonical, style_of
from .scope import Index, Quantity
from .tables import RELATIONS

__all__ = ["Declarations", "Given", "function_head"]


class Declarations(Definitions):
    """Declares what statements say, in a scope; ``given`` collects what is no name."""

    def layout(self, node: s.Node, layout: str) -> None:
        """The layout of one derivative."""
        value = self.reader(self.scope).value(node, self.scope)
        if value.slope is None:
            raise MeaningError(f"a layout for {canonical(node)}, which is no derivative", place=node.place)
        self.scope.settings.layouts.append((value.slope.of, value.slope.by, layout))

    def numbers(self, left: s.Node, right: s.Node) -> bool:
        """`X = [[1, 2], [3, 4]]`: the value of a quantity."""
        if not isinstance(left, s.Symbol | s.Scripted) or not isinstance(right, s.Matrix):
            return False
        value = self.reader(self.scope).value(right, self.scope)
        rows, columns = (value.shape or (1, 1))[:2]
        found = self.scope.find(canonical(left), style_of(left))
        quantity = found if isinstance(found, Quantity) and canonical(left) in self.scope.names else None
        if quantity is None:
            quantity = self.quantity(canonical(left), (), style_of(left), value.shape)
        if quantity.shape != value.shape:
            raise MeaningError(f"{quantity.name} is declared with the shape {quantity.shape}, not {value.shape}")
        cells = [
            [value.entry(*((sp.Integer(r), sp.Integer(c)) if value.shape else ())) for c in range(int(columns))]
            for r in range(int(rows))
        ]
        quantity.numbers = tuple(tuple(_rational(cell) for cell in row) for row in cells)
        return True

    def condition(self, statement: s.Statement) -> None:
        """What a statement says is given, for all values of the indices in it."""
        reader = self.reader(self.scope.inner())
        for left, relation, right in zip(statement.sides, statement.relations, statement.sides[1:], strict=False):
            if relation.operator not in RELATIONS:
                raise MeaningError(f"a condition with the sign {relation.operator}", place=relation.place)
            sign = RELATIONS[relation.operator]
            if isinstance(left, s.List) and len(statement.sides) == 2:
                for item in left.items:
                    self.condition(s.Statement((item, right), (relation,)))
                return
            if self._domain_of_sign(left, sign, right):
                continue
            pair = s.Statement((left, right), (relation,))
            case = reader.is_index(left, reader.free) or reader.is_index(right, reader.free)
            (given,) = reader.relations(pair, reader.free)
            plain = case or self._is_about_one(left, sign)
            self.given.conditions.append(given if plain else self._for_every(pair, reader, given))

    def _is_about_one(self, left: s.Node, sign: str) -> bool:
        """`t_c = 1` of a one-hot t says which class c is."""
        found = self.reader(self.scope).resolve(left, self.scope) if isinstance(left, s.Scripted) else None
        if found is None or not isinstance(found[1], Quantity) or sign != "=":
            return False
        symbol = found[1].symbol
        return any(isinstance(each, OneHot) and each.tensor == symbol for each in self.given.conditions)

    def _for_every(self, pair: s.Statement, reader: FormulaReader, given: Any) -> Any:
        """The relation for every value of the index letters in it."""
        if not reader.met_indices:
            return given
        inner = self.scope.inner()
        fresh = {letter: kept.index(letter) for letter in reader.met_indices}
        for letter, symbol in fresh.items():
            known = self.scope.find(letter)
            inner.declare(letter, "", Index(known.dimension if isinstance(known, Index) else None, symbol))
        (relation,) = self.reader(inner).relations(pair, inner)
        return Every(tuple(fresh.values()), relation)

    def _domain_of_sign(self, left: s.Node, sign: str, right: s.Node) -> bool:
        """`\\eta > 0` of a variable: a matter of its domain."""
        if right != s.Number("0") or sign not in (">", ">=", "<") or not isinstance(left, s.Symbol | s.Scripted):
            return False
        found = self.reader(self.scope).resolve(left, self.scope)
        if found is None:
            quantity = self.quantity(canonical(left), (), style_of(left), ())
        else:
            candidate, meaning = found
            if not isinstance(meaning, Quantity) or candidate.superscripts or meaning.definition is not None:
                return False
            quantity = meaning
            if any(isinstance(atom, s.Number) for atom in candidate.subscripts):
                return False
        quantity.domain = {">": "positive", ">=": "nonnegative", "<": "negative"}[sign]
        return True


def _rational(cell: sp.Expr) -> sp.Rational:
    value = cell
    if isinstance(cell, sp.Mul) and len(cell.args) == 2 and all(a.is_Rational for a in cell.args):
        value = cell.args[0] * cell.args[1]
    if not value.is_Rational:
        raise MeaningError(f"{cell} is no number")
    return value
