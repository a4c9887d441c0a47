"""Sizes, indices and names: the dimension of every index is inferred from the tensors that it indexes, and checked."""

from __future__ import annotations

import itertools
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from .errors import OutOfReach, ShapeMismatch
from .scope import Scope
from .terms import Dimension, Index


class IndexReader:
    """The part of `Lowering` that reads sizes and indices, and keeps names apart."""

    free_indices: dict[Any, Dimension]
    sizes: dict[str, int]
    _declared: dict[str, Any]
    _bound: itertools.count[int]
    _summed: set[Any]
    _inferred: set[Any]

    # ---- sizes and indices

    def dimension(self, expression: Any) -> Dimension:
        """A size symbol's name, or an integer."""
        expression = sp.sympify(expression, strict=True)
        if expression.is_Integer:
            return int(expression)
        if expression.is_Symbol:
            if expression in self.free_indices or expression in self._summed:
                raise OutOfReach(f"the index {expression} is used as a size")
            if expression.is_even is not None or expression.is_prime is not None:
                raise OutOfReach(f"the size {expression} is declared to be more than an integer")
            self._declare(expression.name, expression)
            self.sizes.setdefault(expression.name, 1)
            return str(expression.name)
        raise OutOfReach(f"the size {expression} is neither a symbol nor a number")

    def fresh(self, name: Any) -> str:
        """A name for a bound index that nothing else has."""
        return f"{name}~{next(self._bound)}"

    def index(self, expression: Any, scope: Scope, dimension: Dimension) -> Index:
        """An index used where `dimension` is expected."""
        expression = sp.sympify(expression, strict=True)
        if expression.is_Integer:
            position = int(expression)
            if position < 0 or (isinstance(dimension, int) and position >= dimension):
                raise ShapeMismatch(f"index {position}", f"a dimension of size {dimension}")
            if isinstance(dimension, str) and position > 0:
                raise OutOfReach(f"entry {position} of a dimension of size {dimension} may not exist")
            return position
        if not expression.is_Symbol:
            raise OutOfReach(f"the index {expression} is neither a symbol nor a number")
        name, met = self._lookup(expression, scope, dimension)
        if met != dimension:
            raise ShapeMismatch(f"index {expression} over {met}", f"a dimension of size {dimension}")
        return name

    def _lookup(self, symbol: Any, scope: Scope, dimension: Dimension | None) -> tuple[Index, Dimension]:
        if symbol in scope.indices:
            return scope.indices[symbol]
        if symbol in scope.parameters:
            raise OutOfReach(f"a value is substituted for the index {symbol}")
        if symbol not in self.free_indices:
            if dimension is None:
                raise OutOfReach(f"the range of the index {symbol} is not known; use it on a tensor, or sum over it")
            self._declare_index(symbol, dimension)
        return str(symbol.name), self.free_indices[symbol]

    def _pair(self, first: Any, second: Any, scope: Scope) -> tuple[Index, Index]:
        """Two indices that are compared: the dimension of one is that of the other."""
        first, second = sp.sympify(first, strict=True), sp.sympify(second, strict=True)
        known = [d for d in map(lambda i: self._dimension_of(i, scope), (first, second)) if d is not None]
        if not known:
            if first.is_Integer and second.is_Integer:
                return int(first), int(second)
            raise OutOfReach(f"the range of {first} and {second} is not known; use them on a tensor")
        return self.index(first, scope, known[0]), self.index(second, scope, known[0])

    def _dimension_of(self, index: Any, scope: Scope) -> Dimension | None:
        if index in scope.indices:
            return scope.indices[index][1]
        return self.free_indices.get(index)

    def infer(self, expression: Any, bound: frozenset[Any] = frozenset()) -> None:
        """Notes the dimension of every free index from the tensors that it indexes."""
        if (expression, bound) in self._inferred:
            return
        self._inferred.add((expression, bound))
        if isinstance(expression, MatrixElement):
            for position, dimension in zip(expression.indices, expression.parent.shape, strict=True):
                self._note(position, dimension, bound)
        elif isinstance(expression, sp.Indexed) and expression.base.shape is not None:
            for position, dimension in zip(expression.indices, expression.base.shape, strict=True):
                self._note(position, dimension, bound)
        elif isinstance(expression, sp.Sum):
            bound = bound | {limit[0] for limit in expression.limits}
        if isinstance(expression, sp.Basic):
            for arg in expression.args:
                self.infer(arg, bound)

    def _note(self, position: Any, dimension: Any, bound: frozenset[Any]) -> None:
        if position.is_Symbol and position not in bound and position not in self.free_indices:
            self._declare_index(position, self.dimension(dimension))

    # ---- names

    def _declare(self, name: str, what: Any) -> None:
        if "~" in name or "@" in name or name.isdigit():
            raise OutOfReach(f"the name {name}: ~ and @ are kept for bound indices, digits for explicit sizes")
        if self._declared.setdefault(name, what) != what:
            raise OutOfReach(f"two different quantities are called {name}")

    def _declare_index(self, symbol: Any, dimension: Dimension) -> None:
        if symbol.name in self.sizes:
            raise OutOfReach(f"the size {symbol} is used as an index")
        self._declare(symbol.name, symbol)
        self.free_indices[symbol] = dimension

    def unused(self, name: str) -> str:
        """A name for a free index of the claim that nothing else has or will have."""
        while name in self._declared:
            name += "'"
        self._declare(name, self)
        return name
