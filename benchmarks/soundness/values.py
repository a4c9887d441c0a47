"""The balls that a SymPy tree takes at a point, entry by entry and sum by sum.

Sizes are numbers, sums are added up, matrices are lists of rows, derivatives are carried along as small quantities
that cut their variable loose from its definition.  Nothing here is shared with the prover.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.notation import Cases, Partial

from .jets import FUNCTIONS, NoValue, Number, ball, part, power, sign, tangent, undefined
from .matrix_values import CannotTell, Environment, Key, Matrices, ShapesDiffer, add, multiply, rational

__all__ = ["CasesDiffer", "Values"]

Draw = Callable[[Any, tuple[int, ...]], dict[tuple[int, ...], Fraction]]


_MOST_STEPS = 200_000


class CasesDiffer(Exception):
    """Two cases of one table claim different values at the point."""


class Values(Matrices):
    """Values at one point, at the precision of the moment.

    ``sizes`` and ``indices`` are integers, ``draw`` gives the rationals of a whole tensor or of a scalar,
    ``fixed`` the entries that an equation gives; ``env`` maps bound indices to integers and parameters to numbers.
    """

    def __init__(
        self, sizes: Mapping[Any, int], definitions: Mapping[str, tuple[Any, Any]], draw: Draw, functions: str = ""
    ) -> None:
        self.sizes = sizes
        self.functions = functions
        self.definitions = definitions
        self.draw = draw
        self.indices: dict[Any, int] = {}
        self.fixed: dict[Key, Any] = {}
        self.cut: dict[Key, Number] = {}
        self.known: dict[Any, Any] = {}
        self.steps = 0
        self._tags = itertools.count()
        self.handlers: dict[Any, Any] = {
            **self.matrix_handlers(),
            MatrixElement: self._matrix_element,
            sp.Indexed: lambda e, env: self.entry(e.base, tuple(self.integer(i, env) for i in e.indices)),
            sp.Add: lambda e, env: add([self.number(a, env) for a in e.args]),
            sp.Mul: lambda e, env: multiply([self.number(a, env) for a in e.args]),
            sp.Pow: self._scalar_power,
            sp.UnevaluatedExpr: lambda e, env: self.value(e.args[0], env),
            sp.KroneckerDelta: lambda e, env: arb(self.integer(e.args[0], env) == self.integer(e.args[1], env)),
            sp.Sum: self._sum,
            sp.Trace: self._trace,
            Partial: lambda e, env: self.derivative(e.args[0], e.args[1], env),
            sp.Derivative: self._sympy_derivative,
            sp.Subs: self._substitution,
            sp.Piecewise: self._piecewise,
            Cases: self._table,
            AppliedUndef: lambda e, env: self._undefined(e.func, 0, self.number(e.args[0], env)),
            sp.Function: self._function,
            sp.Max: self._function,
            sp.Min: self._function,
        }

    # ---- what stands for itself

    def value(self, e: Any, env: Environment) -> Any:
        """A number, or rows of numbers."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise CannotTell("too many values")
        if e in env:
            return arb(env[e]) if isinstance(env[e], int) else env[e]
        if e.is_Rational or e.is_Float:
            return ball(rational(e))
        if e in (sp.pi, sp.E):
            return arb.pi() if e is sp.pi else arb(1).exp()
        if e in self.sizes or e in self.indices:
            return arb(self.sizes[e] if e in self.sizes else self.indices[e])
        if e.is_Symbol:
            return self.entry(e, ())
        for kind in type(e).__mro__:
            if kind in self.handlers:
                return self.handlers[kind](e, env)
        raise CannotTell(f"{type(e).__name__} is not evaluated")

    def number(self, e: Any, env: Environment) -> Number:
        """A number; a matrix of one entry is one."""
        value = self.value(e, env)
        if not isinstance(value, list):
            return value
        if len(value) != 1 or len(value[0]) != 1:
            raise ShapesDiffer(f"{e} is not a scalar")
        return value[0][0]

    def integer(self, e: Any, env: Environment) -> int:
        """An index or a size."""
        if e.is_Integer:
            return int(e)
        for source in (env, self.indices, self.sizes):
            if e in source:
                return int(source[e])
        if isinstance(e, sp.Add):
            return sum(self.integer(a, env) for a in e.args)
        raise CannotTell(f"the integer {e} is not known")

    # ---- variables

    def entry(self, tensor: Any, indices: tuple[int, ...]) -> Number:
        """One entry of a tensor, or a scalar variable: cut loose, defined or drawn."""
        name = str(tensor)
        key = (name, indices)
        for source in (self.cut, self.known):
            if key in source:
                return source[key]
        if key in self.fixed:
            value = self.fixed[key]
        elif name in self.definitions:
            value = self._defined(name, indices)
        else:
            drawn = self.draw(tensor, self.shape(tensor) if indices else ())
            if indices not in drawn:
                raise ShapesDiffer(f"{name} has no entry {indices}")
            value = ball(drawn[indices])
        self.known[key] = value
        return value

    def _defined(self, name: str, indices: tuple[int, ...]) -> Number:
        target, value = self.definitions[name]
        if isinstance(target, sp.MatrixSymbol):
            if name not in self.known:
                self.known[name] = self.rows(value, {})
            rows = self.known[name]
            if not (indices[0] < len(rows) and indices[1] < len(rows[0])):
                raise ShapesDiffer(f"{name} has no entry {indices}")
            return rows[indices[0]][indices[1]]
        return self.number(value, dict(zip(target.indices, indices, strict=True)) if indices else {})

    def key(self, variable: Any, env: Environment) -> tuple[Any, tuple[int, ...]]:
        """The tensor and the position of an entry; a scalar has none."""
        if variable.is_Symbol:
            return variable, ()
        parent = variable.parent if isinstance(variable, MatrixElement) else variable.base
        return parent, tuple(self.integer(i, env) for i in variable.indices)

    # ---- derivatives

    def derivative(self, body: Any, variable: Any, env: Environment, entry: Any = None) -> Number:
        """d(body)/d(variable); with ``entry``, of that entry of a matrix."""
        tag = next(self._tags)
        if variable in env:
            return part(self._at(body, {**env, variable: tangent(env[variable], tag)}, entry), tag)
        tensor, position = self.key(variable, env)
        moved = tangent(self.entry(tensor, position), tag)
        with self._cut_loose((str(tensor), position), moved):
            return part(self._at(body, env, entry), tag)

    @contextmanager
    def _cut_loose(self, key: Key, value: Number) -> Iterator[None]:
        before = self.cut, self.known
        self.cut, self.known = {**self.cut, key: value}, {}
        try:
            yield
        finally:
            self.cut, self.known = before

    def _at(self, body: Any, env: Environment, entry: Any) -> Number:
        return self.number(body, env) if entry is None else self.rows(body, env)[entry][0]

    def _sympy_derivative(self, e: Any, env: Environment) -> Number:
        variables = e.variables
        inner = e.expr if len(variables) == 1 else sp.Derivative(e.expr, *variables[:-1], evaluate=False)
        return self.derivative(inner, variables[-1], env)

    def _substitution(self, e: Any, env: Environment) -> Number:
        values = [self.number(u, env) for u in e.point]
        body = e.expr
        applied = isinstance(body, sp.Derivative) and isinstance(body.expr, AppliedUndef)
        if applied and body.expr.args == tuple(e.variables):
            return self._undefined(body.expr.func, len(body.variables), values[0])
        return self.number(body, {**env, **dict(zip(e.variables, values, strict=True))})

    # ---- scalars

    def _undefined(self, function: Any, order: int, u: Number) -> Number:
        return undefined(f"{function.__name__}{self.functions}", order, u)

    def _matrix_element(self, e: Any, env: Environment) -> Number:
        i, j = (self.integer(index, env) for index in e.indices)
        if isinstance(e.parent, sp.MatrixSymbol):
            return self.entry(e.parent, (i, j))
        rows = self.rows(e.parent, env)
        if i >= len(rows) or j >= len(rows[0]):
            raise ShapesDiffer(f"no entry ({i}, {j})")
        return rows[i][j]

    def _scalar_power(self, e: Any, env: Environment) -> Number:
        base, exponent = e.args
        if base is sp.E:
            return FUNCTIONS["exp"](self.number(exponent, env))
        if exponent.is_Rational:
            return power(self.number(base, env), rational(exponent))
        return FUNCTIONS["exp"](self.number(exponent, env) * FUNCTIONS["log"](self.number(base, env)))

    def _sum(self, e: Any, env: Environment) -> Number:
        body, *limits = e.args
        ranges = [range(self.integer(low, env), self.integer(high, env) + 1) for _, low, high in limits]
        symbols = [symbol for symbol, _, _ in limits]
        points = itertools.product(*ranges)
        return add([self.number(body, {**env, **dict(zip(symbols, at, strict=True))}) for at in points])

    def _trace(self, e: Any, env: Environment) -> Number:
        rows = self.rows(e.args[0], env)
        if len(rows) != len(rows[0]):
            raise ShapesDiffer("the trace of a matrix that is not square")
        return add([row[i] for i, row in enumerate(rows)])

    def _function(self, e: Any, env: Environment) -> Number:
        name = e.func.__name__
        if name not in FUNCTIONS:
            raise CannotTell(f"the function {name} is not evaluated")
        return FUNCTIONS[name](*(self.number(a, env) for a in e.args))

    # ---- cases

    def holds(self, condition: Any, env: Environment) -> bool:
        """Whether a condition holds at the point."""
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.And | sp.Or):
            return (all if isinstance(condition, sp.And) else any)(self.holds(c, env) for c in condition.args)
        if isinstance(condition, sp.Not):
            return not self.holds(condition.args[0], env)
        if isinstance(condition, sp.ITE):
            chosen, yes, no = condition.args
            return self.holds(yes if self.holds(chosen, env) else no, env)
        if not isinstance(condition, Relational):
            raise CannotTell(f"the condition {condition} is not evaluated")
        left, right = (self.number(side, env) for side in condition.args)
        side = sign(left - right)
        verdicts = {"==": not side, "!=": bool(side), ">": side > 0, ">=": side >= 0, "<": side < 0, "<=": side <= 0}
        return verdicts[condition.rel_op]

    def _piecewise(self, e: Any, env: Environment) -> Number:
        for value, condition in e.args:
            if self.holds(condition, env):
                return self.number(value, env)
        raise NoValue("no case covers the point")

    def _table(self, e: Any, env: Environment) -> Number:
        values = [self.number(value, env) for value, condition in e.args if self.holds(condition, env)]
        if not values:
            raise NoValue("no case covers the point")
        if any(sign(value - values[0]) for value in values[1:]):
            raise CasesDiffer("two cases claim different values")
        return values[0]
