"""Derivatives as written: d(A)/d(B), through the definitions of A, laid out as declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sympy as sp

from symbolic import notation

from ..reading import syntax as s
from . import kept
from .errors import MeaningError
from .names import canonical, is_transpose
from .scope import Function, Quantity, Scope
from .values import Slope, Value, elementwise, laid_out

__all__ = ["SlopeReader", "dimension_of"]

_HIGHEST_ORDER = 6


def dimension_of(expression: sp.Expr, index: sp.Symbol) -> Any | None:
    """The dimension that an index is used in."""
    pending, seen = [expression], set()
    while pending:
        node = pending.pop()
        if node in seen or not isinstance(node, sp.Basic):
            continue
        seen.add(node)
        if isinstance(node, sp.Indexed):
            for position, dimension in zip(node.indices, node.base.shape, strict=True):
                if position == index:
                    return dimension
        pending += node.args
    return None


class SlopeReader:
    """The part of `FormulaReader` that reads derivatives."""

    value: Callable[[s.Node, Scope], Value]
    lay: Callable[[Slope], Value]
    note: Callable[[str], None]
    resolve: Callable[..., Any]
    used: Callable[..., Value]
    _function: Callable[..., Any]
    free: Scope

    def derivative(self, node: s.Derivative, scope: Scope) -> Value:
        """The derivative, laid out."""
        if node.kind == "Delta":
            raise MeaningError("a quotient of differences is no derivative", place=node.place)
        if node.of is None:
            raise MeaningError("a derivative of nothing", place=node.place)
        if not node.by:
            node = self._gradient(node, scope)
        result = self._differentiated(node, scope)
        variables = self._variables(node)
        for variable in variables:
            result = self.slope(result, self.target(variable, scope))
        if node.kind == "nabla" and result.slope is not None:
            return laid_out(result.slope, "shape")
        return result

    def _gradient(self, node: s.Derivative, scope: Scope) -> s.Derivative:
        """`\\nabla f(x)`: by the one argument of the function."""
        of = node.of
        arguments: tuple[s.Node, ...] = ()
        if isinstance(of, s.Juxtaposed) and len(of.items) == 2 and isinstance(of.items[1], s.Delimited):
            body = of.items[1].body
            arguments = body.items if isinstance(body, s.List) else (body,)
        elif isinstance(of, s.Symbol | s.Scripted):
            found = self.resolve(of, scope)
            if found is not None and isinstance(found[1], Function):
                arguments = found[1].parameters
        if len(arguments) != 1 or node.kind != "nabla":
            raise MeaningError("a gradient by which variable?", "write $\\nabla_w L$", node.place)
        if node.order is not None:
            self.note("\\nabla^2 is read as the matrix of second derivatives")
        return replace(node, by=arguments * (1 if node.order is None else _count(node.order)))

    def _differentiated(self, node: s.Derivative, scope: Scope) -> Value:
        """What stands above the line; a function without its argument is one of what stands below it."""
        assert node.of is not None
        if isinstance(node.of, s.Symbol | s.Scripted) and len(node.by) == 1:
            found = self.resolve(node.of, scope)
            if found is None or (isinstance(found[1], Function) and found[1].kind != "defined"):
                use = self._function(node.of, scope)
                by = self._variables(node)[0] if use is not None else None
                if by is not None and self.target(by, scope).is_scalar:
                    return self.used(use, by, scope)
        return self.value(node.of, scope)

    def _variables(self, node: s.Derivative) -> list[s.Node]:
        """One for each time that is differentiated; `dx^2` below a second derivative is x twice."""
        order = 1 if node.order is None else _count(node.order)
        variables: list[s.Node] = []
        for by in node.by:
            times = 1
            if order > 1 and isinstance(by, s.Scripted) and all(map(is_transpose, by.superscripts)):
                by = s.Scripted(by.base, by.subscripts, (), by.primes, place=by.place) if by.subscripts else by.base
            elif order > 1 and isinstance(by, s.Scripted) and len(by.superscripts) == 1:
                times = _count(by.superscripts[0])
                by = s.Scripted(by.base, by.subscripts, (), by.primes, place=by.place) if by.subscripts else by.base
            variables += [by] * times
        if len(variables) != order and not (order == 1 and len(variables) == 1):
            raise MeaningError(f"a derivative of order {order} by {len(variables)} variables", place=node.place)
        return variables

    def target(self, node: s.Node, scope: Scope) -> Value:
        """What is differentiated by: a whole quantity, or an entry."""
        value = self.value(node, scope)
        if value.origin is None and not (value.is_scalar and isinstance(value.entry(), sp.Symbol | sp.Indexed)):
            raise MeaningError(
                f"a derivative by {canonical(node)}, which is no variable and has no name",
                "give it a name by a definition",
                place=node.place,
            )
        return value

    def evaluated(self, node: s.Scripted, bar: s.Delimited, scope: Scope) -> Value:
        """`\\left. f'(x) \\right|_{x = 2}`: the value at a number; definitions that x is in are not followed."""
        where = node.subscripts[0] if len(node.subscripts) == 1 else None
        if not isinstance(where, s.Statement) or [r.operator for r in where.relations] != ["="] or node.superscripts:
            raise MeaningError("a bar that does not say where", "write $\\left. ... \\right|_{x = a}$", node.place)
        value, variable, at = (
            self.value(bar.body, scope),
            self.target(where.sides[0], scope),
            self.value(where.sides[1], scope),
        )
        symbol = variable.entry() if variable.is_scalar else None
        if not isinstance(symbol, sp.Symbol) or not at.is_scalar:
            raise MeaningError("an evaluation at a vector or an entry", "give the value a name", node.place)
        entry = value.entry(*(kept.index("i") for _ in value.shape))
        if entry.has(sp.Subs):  # SymPy would join the two, and lose what is put in first
            mend = f"write the value itself, f'(a), or \\frac{{d}}{{d{canonical(where.sides[0])}}}"
            raise MeaningError("a bar behind a prime", mend, node.place)
        owner = self.free.settings.registry.owner
        for name in kept.names_in(entry) - {symbol.name}:
            quantity = owner(name)
            if isinstance(quantity, Quantity) and _comes_to(quantity, symbol.name, owner):
                raise MeaningError(
                    f"an evaluation at {canonical(where)}, where {name} is made of it", f"write {name} out", node.place
                )
        return elementwise(lambda e: sp.Subs(e, symbol, at.entry()), [value], "evaluated")

    def _note_other_paths(self, of: Any, by: Any) -> None:
        """Says so where the variable acts directly and through something else: both are counted."""
        if not isinstance(of, Quantity) or not isinstance(by, Quantity) or by.name not in of.made_of:
            return
        owner = self.free.settings.registry.owner
        for name in sorted(of.made_of - {by.name}):
            between = owner(name)
            if isinstance(between, Quantity) and _comes_to(between, by.name, owner):
                self.note(f"the derivative of {of.name} by {by.name} is total: {by.name} acts through {name} as well")

    def slope(self, of: Value, by: Value) -> Value:
        """d(of)/d(by)."""
        if isinstance(of.origin, Quantity) and _is_no_function_of(of.origin, by):
            raise MeaningError(f"{of.origin.name} depends on nothing that is declared, so it has no such derivative")
        self._note_other_paths(of.origin, by.origin)
        return self.lay(
            Slope(
                of.origin,
                of.shape,
                by.origin if by.origin is not None else by.entry(),
                by.shape,
                lambda i, j: notation.D(of.entry(*i), by.entry(*j)),
            )
        )


def _comes_to(quantity: Quantity, name: str, owner: Callable[[str], Any]) -> bool:
    """Whether a quantity is computed from what has this name."""
    pending, seen = [quantity], {quantity.name}
    while pending:
        made_of = pending.pop().made_of
        if name in made_of:
            return True
        below = [owner(each) for each in made_of - seen]
        seen |= made_of
        pending += [each for each in below if isinstance(each, Quantity)]
    return False


def _is_no_function_of(quantity: Quantity, by: Value) -> bool:
    """Whether a quantity is a variable, and another one than what is differentiated by."""
    if quantity.definition is not None or quantity is by.origin:
        return False
    return not (isinstance(by.origin, sp.Basic) and by.origin.has(quantity.symbol))


def _count(node: s.Node) -> int:
    if isinstance(node, s.Number) and node.text.isdigit() and 1 <= int(node.text) <= _HIGHEST_ORDER:
        return int(node.text)
    raise MeaningError(f"a derivative of order {canonical(node)}", place=node.place)
