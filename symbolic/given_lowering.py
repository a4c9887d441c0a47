"""What is given with a claim: definitions and side conditions, read with the reader of its two sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from . import terms as t
from .errors import OutOfReach, ShapeMismatch
from .given import Define, Every, OneHot
from .scope import Scope
from .terms import Condition, Definition, Dimension, Index


class GivenReader:
    """The part of `Lowering` that reads what is given."""

    scalar: Any
    entry: Any
    tensor: Any
    tensors: dict[str, t.Tensor]
    definitions: dict[str, Definition]
    free_indices: dict[Any, Dimension]
    sizes: dict[str, int]
    fresh: Callable[[Any], str]
    infer: Callable[..., None]
    is_index: Callable[[Any, Scope], bool]
    _declare: Any
    _pair: Any

    def define(self, given: Define) -> None:
        """Takes up ``target := value``."""
        target, value = given.target, given.value
        parameters: tuple[Index, ...]
        if isinstance(target, sp.MatrixSymbol):
            name = self.tensor(target, target.shape)
            if tuple(target.shape) != tuple(value.shape):
                raise ShapeMismatch(f"{name} of shape {target.shape}", f"its definition of shape {value.shape}")
            rows, columns = self.tensors[name].dimensions
            i, j = (0 if d == 1 else self.fresh(x) for x, d in (("i", rows), ("j", columns)))
            parameters, body = (i, j), self.entry(value, i, j, Scope())
        elif isinstance(target, MatrixElement | sp.Indexed):
            parent = target.parent if isinstance(target, MatrixElement) else target.base
            if parent.shape is None:
                raise OutOfReach(
                    f"the shape of {parent} is not known; declare it: IndexedBase({str(parent)!r}, shape=(...))"
                )
            name = self.tensor(parent, parent.shape)
            scope = Scope()
            names: list[Index] = []
            for position, dimension in zip(target.indices, self.tensors[name].dimensions, strict=True):
                if position.is_Symbol:
                    if position in scope.indices:
                        raise OutOfReach(f"{target} is defined on a diagonal only")
                    names.append(self.fresh(position))
                    scope = scope.binding(position, names[-1], dimension)
                else:
                    names.append(int(position))
            parameters, body = tuple(names), self.scalar(value, scope)
        elif target.is_Symbol:
            name, parameters = str(target.name), ()
            self._declare(name, target)
            body = self.scalar(value, Scope())
            self.scalar(target, Scope())  # notes its declared sign
        else:
            raise OutOfReach(f"{target} cannot be defined; give a symbol, a matrix symbol or an entry")
        if name in self.definitions:
            raise OutOfReach(f"{name} is defined twice")
        self.definitions[name] = Definition(name, parameters, body)

    def condition(self, given: Any) -> Condition | None:
        """A side condition; sizes' least values are noted and give no condition."""
        if isinstance(given, OneHot):
            name = self.tensor(given.tensor, given.tensor.shape)
            if name in self.definitions:
                raise OutOfReach(f"{name} is defined, so that it cannot be given as one-hot")
            return Condition("one-hot", tensor=name)
        scope, quantified = Scope(), []
        every, relation = (given.indices, given.relation) if isinstance(given, Every) else ((), given)
        indices = self._relation_indices(relation)
        if any(symbol in self.free_indices and symbol not in indices for symbol in every):
            raise OutOfReach(f"a condition on every value of an index: {relation}")
        for symbol, dimension in indices.items():
            if symbol in every or symbol not in self.free_indices:
                name = self.fresh(symbol.name)
                scope = scope.binding(symbol, name, dimension)
                quantified.append((name, dimension))
        if relation in (sp.true, True):
            return None
        if not isinstance(relation, sp.core.relational.Relational):
            raise OutOfReach(f"the condition {relation}")
        return self._relation(relation, scope, tuple(quantified))

    def _relation_indices(self, relation: Any) -> Mapping[Any, Dimension]:
        probe = type(self)()
        probe.infer(relation)
        return probe.free_indices

    def _relation(self, relation: Any, scope: Scope, quantified: tuple[tuple[str, Dimension], ...]) -> Condition | None:
        low, high, op = relation.lhs, relation.rhs, relation.rel_op
        if op in ("<", "<="):
            low, high, op = high, low, {"<": ">", "<=": ">="}[op]
        op = "=" if op == "==" else op
        if self.is_index(low, scope) or self.is_index(high, scope):
            if quantified:
                raise OutOfReach(f"a condition on every value of an index: {relation}")
            if op not in ("=", "!="):
                raise OutOfReach(f"an inequality between indices: {relation}")
            indicator = t.same(*self._pair(low, high, scope))
            return (
                Condition("=", t.subtract(t.ONE, indicator))
                if op == "="
                else Condition("!=", t.subtract(t.ONE, indicator))
            )
        if op in ("=", "!=") and all(map(_may_be_an_index, (low, high))):
            return None  # about indices that do not occur in the claim
        if low.is_Symbol and low.name in self.sizes and high.is_Integer and op in (">", ">="):
            least = int(high) + (op == ">")
            self.sizes[low.name] = max(self.sizes[low.name], least)
            return None
        return Condition(op, t.subtract(self.scalar(low, scope), self.scalar(high, scope)), quantified)


def _may_be_an_index(e: Any) -> bool:
    return bool(e.is_Integer or (e.is_Symbol and e.is_integer and not e.is_positive))
