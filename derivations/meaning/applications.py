"""Functions and their arguments: which juxtaposition is a call, and what the call stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import sympy as sp

from symbolic import notation

from ..reading import syntax as s
from ..reading.vocabulary import FUNCTIONS, PLAIN_FUNCTIONS
from . import kept
from .errors import MeaningError
from .functions import SCALAR_FUNCTIONS, known_function, slope_of, tensor_function
from .names import Candidate, candidates, canonical, script_atoms
from .scope import Alias, Bound, Function, Index, Quantity, Scope
from .slopes import dimension_of
from .values import Value, elementwise

__all__ = ["ApplicationReader"]


@dataclass(frozen=True)
class _Use:
    """A function as it is written before its argument."""

    function: Function
    primes: int = 0
    subscripts: tuple[s.Node, ...] = ()
    superscripts: tuple[s.Node, ...] = ()


class ApplicationReader:
    """The part of `FormulaReader` that applies functions."""

    value: Callable[[s.Node, Scope], Value]
    resolve: Callable[..., Any]
    entry_at: Callable[..., Value]
    index: Callable[..., Any]
    is_index: Callable[..., bool]
    superscripts: Callable[..., Value]
    raise_entries: Callable[..., Value]
    multiply_nodes: Callable[..., Value]
    note: Callable[[str], None]
    slope: Callable[[Value, Value], Value]
    free: Scope
    variable: Value | None

    # ---- what is a call

    def applied(self, items: tuple[s.Node, ...], scope: Scope) -> list[Any]:
        """The factors of a juxtaposition: nodes, and (use, argument) pairs for the calls among them."""
        factors: list[Any] = []
        position = 0
        while position < len(items):
            item = items[position]
            following = items[position + 1] if position + 1 < len(items) else None
            if following is not None and _is_bracketed(following) and not _stands_alone_in(item, following):
                use = self._function(item, scope)
                if use is not None:
                    factors.append((use, following))
                    position += 2
                    continue
                if self._names_its_arguments(item, following, scope):
                    factors.append(item)
                    position += 2
                    continue
            factors.append(item)
            position += 1
        return factors

    def _function(self, node: s.Node, scope: Scope) -> _Use | None:
        if not isinstance(node, s.Symbol | s.Scripted):
            return None
        found = self.resolve(node, scope)
        if found is not None:
            candidate, meaning = found
            if isinstance(meaning, Function):
                return _Use(meaning, candidate.primes, candidate.subscripts, candidate.superscripts)
            return self._behind_synonym(node, meaning, scope) if isinstance(meaning, Alias) else None
        last = list(candidates(node))[-1]
        known = known_function(last.key)
        if known is not None:
            return _Use(Function(known, "known"), last.primes, last.subscripts, last.superscripts)
        if last.primes:
            return self._smooth(node, last)
        return None

    def _behind_synonym(self, node: s.Node, alias: Alias, scope: Scope) -> _Use | None:
        """A function whose name, with some scripts, is a synonym of something as well."""
        for candidate in candidates(node):
            meaning = scope.find(candidate.key, candidate.style)
            if isinstance(meaning, Function):
                return _Use(meaning, candidate.primes, candidate.subscripts, candidate.superscripts)
        inner = scope.inner()
        inner.hide(alias)
        return None if alias.parameters else self._function(alias.target, inner)

    def _smooth(self, node: s.Node, last: Candidate) -> _Use:
        key = (
            canonical(s.Scripted(node.base, node.subscripts, node.superscripts))
            if isinstance(node, s.Scripted)
            else last.key
        )
        if key.removeprefix("\\") in FUNCTIONS | PLAIN_FUNCTIONS:
            raise MeaningError(f"{key} is no function that is known here", "define it", place=node.place)
        if key.partition("_")[0] in self.free.settings.broken:
            raise MeaningError(f"{key} has no meaning here", place=node.place)
        function = Function(self.free.settings.registry.claim(key, ("function", key)), "undefined")
        self.free.declare(key, "", function)
        self.note(f"{key} is taken for a smooth function that nothing is known of")
        return _Use(function, last.primes)

    def _names_its_arguments(self, item: s.Node, brackets: s.Node, scope: Scope) -> bool:
        """`L(y, \\hat y)` for a quantity L: the arguments only say what it depends on."""
        if not isinstance(brackets, s.Delimited) or not isinstance(brackets.body, s.List):
            return False
        found = self.resolve(item, scope) if isinstance(item, s.Symbol | s.Scripted) else None
        return found is not None and isinstance(found[1], Quantity)

    # ---- calls

    def call(self, function: s.Node, argument: s.Node, scope: Scope) -> Value:
        """A command such as `\\log` and its argument."""
        use = self._function(function, scope)
        if use is None:
            raise MeaningError(f"{canonical(function)} is no function that is known", place=function.place)
        return self.used(use, argument, scope)

    def used(self, use: _Use, argument: s.Node, scope: Scope) -> Value:
        """A function of its argument; scripts behind the brackets are scripts of the result."""
        scripts: s.Scripted | None = None
        if isinstance(argument, s.Scripted) and isinstance(argument.base, s.Delimited):
            scripts, argument = argument, argument.base
        nodes: tuple[s.Node, ...] = (argument,)
        if isinstance(argument, s.Delimited) and argument.open in ("(", "[", "{"):
            body = argument.body
            nodes = body.items if isinstance(body, s.List) else (body,)
        values = [self.value(node, scope) for node in nodes]
        result = self._result(use, values, scope)
        if use.superscripts:
            if any(canonical(script) == "-1" for script in use.superscripts):
                raise MeaningError("a function to the power -1: its inverse, or its reciprocal?")
            result = self.raise_entries(result, use.superscripts, scope)
        if scripts is None:
            return result
        for _ in range(scripts.primes):
            result = self.primed(result, of_call=True)
        if scripts.subscripts:
            result = self.entry_at(result, script_atoms(scripts.subscripts), scope, "the value of a function")
        return self.superscripts(result, scripts.superscripts, scope)

    def _result(self, use: _Use, values: list[Value], scope: Scope) -> Value:
        function = use.function
        if function.kind == "defined":
            return self._defined(use, values, scope)
        if function.kind == "known" and function.name not in SCALAR_FUNCTIONS:
            if use.primes:
                raise MeaningError(f"{function.name} with a prime is not read")
            result = tensor_function(function.name, values)
        else:
            result = self._scalar_function(function, use.primes, values)
            if function.name == "log" and len(use.subscripts) == 1 and not use.primes:
                return self._to_base(result, use.subscripts[0], scope)
            if any(not self.is_index(node, scope) for node in use.subscripts):
                raise MeaningError(f"{function.name} with subscripts that are no indices", "declare it under that name")
        if use.subscripts:
            result = self.entry_at(result, use.subscripts, scope, function.name)
        return result

    def _to_base(self, logarithm: Value, base: s.Node, scope: Scope) -> Value:
        below = self.value(base, scope)
        return elementwise(lambda u, b: kept.quotient(u, kept.log(b)), [logarithm, below], "as a base")

    def _scalar_function(self, function: Function, order: int, values: list[Value]) -> Value:
        if len(values) != 1:
            raise MeaningError(f"{function.name} takes one argument, not {len(values)}")
        if function.kind == "undefined":
            f = sp.Function(function.name)
            apply = (lambda u: notation.prime(f, u, order)) if order else f
            return elementwise(apply, values, f"under {function.name}")
        f = SCALAR_FUNCTIONS[function.name]
        if not order:
            return elementwise(f, values, f"under {function.name}")
        kinks = self.free.settings.kinks.get(function.name, {}) if order == 1 else {}

        def slope(u: sp.Expr) -> sp.Expr:
            if function.name == "relu" and order == 1:
                positive, negative = (kept.compare(sign, u, kept.ZERO) for sign in "><")
                at_zero = [(kinks[0], sp.true)] if 0 in kinks else []
                return kept.when((kept.ONE, positive), (kept.ZERO, negative), *at_zero)
            cases = [(value, kept.compare("=", u, at)) for at, value in kinks.items()]
            smooth = slope_of(f, u, order)
            return kept.when(*cases, (smooth, sp.true)) if cases else smooth

        return elementwise(slope, values, f"under {function.name}'")

    # ---- functions by definition

    def _defined(self, use: _Use, values: list[Value], scope: Scope) -> Value:
        function = use.function
        other = scope.find(f"{function.name}({len(values)})")
        if len(values) != len(function.parameters) and isinstance(other, Function):  # H(p) and H(p, q)
            function, use = other, replace(use, function=other)
        if len(values) != len(function.parameters):
            raise MeaningError(f"{function.name} takes {len(function.parameters)} argument(s), not {len(values)}")
        if use.primes:
            return self._slope_of_defined(function, use.primes, values)
        indices = use.subscripts
        if function.indices and not indices:
            return self._whole(function, values)
        which = [self._position(node, scope) for node in indices[: len(function.indices)]]
        result = self._by_body(function, values, which)
        rest = indices[len(function.indices) :]
        return self.entry_at(result, rest, scope, function.name) if rest else result

    def _position(self, node: s.Node, scope: Scope) -> Any:
        return self.index(node, None, scope)

    def _by_body(self, function: Function, values: list[Value], which: list[Any]) -> Value:
        takes_vectors = [self._is_vector(function, parameter) for parameter in function.parameters]
        if any(not v.is_scalar and not takes for v, takes in zip(values, takes_vectors, strict=True)):
            shape = next(v.shape for v in values if not v.is_scalar)

            def entry(*indices: Any) -> sp.Expr:
                scalars = [v if v.is_scalar else Value((), lambda v=v: v.entry(*indices)) for v in values]
                return self._body(function, scalars, which).entry()

            return Value(shape, entry)
        return self._body(function, values, which)

    def _body(self, function: Function, values: list[Value], which: list[Any]) -> Value:
        assert function.body is not None
        assert function.scope is not None
        inner = function.scope.inner()
        for parameter, value in zip(function.parameters, values, strict=True):
            inner.declare(canonical(parameter), "", Bound(value))
        for letter, position in zip(function.indices, which, strict=False):
            inner.declare(canonical(letter), "", Index(None, position))
        return self.value(function.body, inner)

    def _whole(self, function: Function, values: list[Value]) -> Value:
        """A function that is defined entry by entry, as the column of its entries."""
        probe = kept.index("i")
        result = self._body(function, values, [probe])
        dimension = dimension_of(result.entry(), probe) if result.is_scalar else None
        if dimension is None or len(function.indices) != 1:
            raise MeaningError(f"{function.name} without its subscripts")
        return Value((dimension, 1), lambda i, j: self._body(function, values, [i]).entry())

    def _is_vector(self, function: Function, parameter: s.Node) -> bool:
        assert function.body is not None
        key = canonical(parameter)
        declared = function.scope.find(key) if function.scope is not None else None
        if isinstance(declared, Quantity) and (declared.shape != () or declared.tentative):
            return True
        return any(
            isinstance(node, s.Scripted) and canonical(node.base) == key and node.subscripts
            for node in s.walk(function.body)
        )

    def _slope_of_defined(self, function: Function, order: int, values: list[Value]) -> Value:
        if len(values) != 1 or function.indices:
            raise MeaningError(f"a prime on {function.name}, which is no function of one number")

        def of_scalar(u: sp.Expr) -> sp.Expr:
            return self._by_body(function, [Value((), lambda: u)], []).entry()

        kinks = self.free.settings.kinks.get(function.name, {})

        def slope(u: sp.Expr) -> sp.Expr:
            cases = [(value, kept.compare("=", u, at)) for at, value in kinks.items()]
            smooth = slope_of(of_scalar, u, order)
            return kept.when(*cases, (smooth, sp.true)) if cases else smooth

        return elementwise(slope, values, f"under {function.name}'")

    def apply_to_own_parameters(self, function: Function, candidate: Candidate, scope: Scope) -> Value:
        """A function's bare name: its value at the variables that its definition is written in."""
        if function.kind != "defined" or function.scope is None:
            use = _Use(function, candidate.primes)
            return self._result(use, [self.variable or self._unnamed()], scope)
        values = [self.value(parameter, function.scope) for parameter in function.parameters]
        use = _Use(function, candidate.primes, candidate.subscripts[: len(function.indices)])
        return self._defined(use, values, scope)

    def _unnamed(self) -> Value:
        """The variable of functions that are written without one: `(f g)' = f' g + f g'`."""
        settings = self.free.settings
        if settings.unnamed is None:
            settings.unnamed = Quantity("", ())
            settings.unnamed.name = settings.registry.claim("(x)", settings.unnamed)
        return settings.unnamed.value

    def primed(self, value: Value, of_call: bool = False) -> Value:
        """`(...)'`: the derivative by the variable that the chain is about, or by the only one that there is.

        Of `g(a)'` nobody can tell whether it is g'(a) or what a is.
        """
        variable = self.variable or (None if of_call else self._only_variable(value))
        if variable is None:
            raise MeaningError("a prime behind brackets: by which variable?", "write the derivative as a fraction")
        return self.slope(value, variable)

    def _only_variable(self, value: Value) -> Value | None:
        """The one number that a value is made of in the end."""
        owner = self.free.settings.registry.owner
        pending = kept.names_in(value.entry(*(kept.index("i") for _ in value.shape)))
        seen: set[str] = set()
        found: list[Quantity] = []
        while pending:
            name = pending.pop()
            quantity = None if name in seen else owner(name)
            seen.add(name)
            if isinstance(quantity, Quantity):
                pending |= quantity.made_of
                found += [quantity] if quantity.definition is None else []
        return found[0].value if len(found) == 1 and found[0].shape == () and not found[0].family else None


def _stands_alone_in(function: s.Node, brackets: s.Node) -> bool:
    """Whether a function stands without an argument in brackets behind itself: `f (1 - f)` is a product."""
    called: set[int] = set()  # and what is but the base of something
    for node in s.walk(brackets):
        if isinstance(node, s.Juxtaposed):
            called |= {id(first) for first, second in pairwise(node.items) if _is_bracketed(second)}
        elif isinstance(node, s.Call):
            called.add(id(node.function))
        elif isinstance(node, s.Scripted):
            called |= {id(node.base)} if id(node) in called or _named(node) != node.base else set()
    name = _named(function)
    return any(_named(node) == name and id(node) not in called for node in s.walk(brackets))


def _named(node: s.Node) -> s.Node | None:
    """A name without its primes and powers; None for what is no name."""
    if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol):
        return s.Scripted(node.base, node.subscripts) if node.subscripts else node.base
    return node if isinstance(node, s.Symbol) else None


def _is_bracketed(node: s.Node) -> bool:
    if isinstance(node, s.Scripted):
        node = node.base
    return isinstance(node, s.Delimited) and node.open in ("(", "[", "{")
