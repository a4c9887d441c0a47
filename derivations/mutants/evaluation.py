"""The value of a SymPy tree at a point, entry by entry and sum by sum, to some fifty digits.

It shares nothing with the prover: sizes are numbers, sums are added up, matrices are lists of rows, and a
derivative is a central difference that cuts its variable loose from its definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product
from random import Random
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from symbolic.notation import Cases, Partial

from .matrix_evaluation import (
    STEP,
    CannotTell,
    CasesDiffer,
    Handler,
    Key,
    MatrixEvaluation,
    Number,
    Rows,
    ShapesDiffer,
    Undefined,
    mp,
)


@dataclass
class Point:
    """Sizes, and what draws a whole tensor, or a scalar, where one is first met."""

    sizes: Mapping[Any, int]
    draw: Callable[[Any, tuple[int, ...]], dict[tuple[int, ...], Number]]


class Evaluation(MatrixEvaluation):
    """Values at one point.

    ``indices`` holds the free indices of the claim, which a definition may use as well, and ``fixed`` the entries
    that are given as numbers; ``env`` maps the bound indices to integers, and the parameters of functions to numbers.
    """

    def __init__(self, point: Point, definitions: Mapping[str, tuple[Any, Any]]) -> None:
        self.point = point
        self.definitions = definitions
        self.indices: dict[Any, int] = {}
        self.fixed: dict[Key, Number] = {}
        self.drawn: dict[str, dict[tuple[int, ...], Number]] = {}
        self.cut: dict[Key, Number] = {}
        self.known: dict[Any, Any] = {}
        self.by_type: dict[Any, Handler] = {}
        self.handlers: dict[Any, Handler] = {
            **self.matrix_handlers(),
            sp.Symbol: self._symbol,
            sp.Rational: lambda e, env: mp.mpf(int(e.p)) / int(e.q),
            sp.Float: lambda e, env: mp.mpf(str(e)),
            type(sp.pi): lambda e, env: +mp.pi,
            type(sp.E): lambda e, env: +mp.e,
            MatrixElement: self._matrix_element,
            sp.Indexed: lambda e, env: self.entry(e.base, tuple(self.integer(i, env) for i in e.indices)),
            sp.Add: lambda e, env: mp.fsum([self.number(a, env) for a in e.args]),
            sp.Mul: lambda e, env: mp.fprod([self.number(a, env) for a in e.args]),
            sp.Pow: lambda e, env: self.power(self.number(e.args[0], env), self.number(e.args[1], env)),
            sp.UnevaluatedExpr: lambda e, env: self.value(e.args[0], env),
            sp.KroneckerDelta: lambda e, env: mp.mpf(self.integer(e.args[0], env) == self.integer(e.args[1], env)),
            sp.Sum: self._sum,
            sp.Trace: self._trace,
            Partial: lambda e, env: self.derivative(e.args[0], e.args[1], env),
            sp.Derivative: self._sympy_derivative,
            sp.Subs: self._substitution,
            sp.Piecewise: self._piecewise,
            Cases: self._table,
            AppliedUndef: lambda e, env: _undefined_function(e.func.__name__, 0, self.number(e.args[0], env)),
            sp.Function: self._function,
            sp.Max: self._function,
            sp.Min: self._function,
        }

    # ---- what stands for itself

    def value(self, e: Any, env: Mapping[Any, Any]) -> Any:
        """A number, or rows of numbers."""
        handler = self.by_type.get(type(e))
        if handler is None:
            handler = self.by_type[type(e)] = self._handler(type(e))
        return handler(e, env)

    def _handler(self, kind: Any) -> Handler:
        """What evaluates the expressions of one class; sums and matrices are worked out once."""
        found = next((self.handlers[k] for k in kind.__mro__ if k in self.handlers), None)
        if found is None:
            raise CannotTell(f"{kind.__name__} is not evaluated")
        return partial(self._once, found) if issubclass(kind, sp.Sum | sp.MatrixExpr) else found

    def _once(self, handler: Handler, e: Any, env: Mapping[Any, Any]) -> Any:
        key = e, tuple((symbol, env[symbol]) for symbol in _symbols(e) if symbol in env)
        if key not in self.known:
            self.known[key] = handler(e, env)
        return self.known[key]

    def _symbol(self, e: Any, env: Mapping[Any, Any]) -> Number:
        for known in (env, self.point.sizes, self.indices):
            if e in known:
                return mp.mpf(known[e])
        return self.entry(e, ())

    def number(self, e: Any, env: Mapping[Any, Any]) -> Number:
        """A number; a matrix of one entry is one."""
        value = self.value(e, env)
        if not isinstance(value, list):
            return value
        if len(value) != 1 or len(value[0]) != 1:
            raise ShapesDiffer(f"{e} is not a scalar")
        return value[0][0]

    def rows(self, e: Any, env: Mapping[Any, Any]) -> Rows:
        """The rows of a matrix."""
        value = self.value(e, env)
        return value if isinstance(value, list) else [[value]]

    def integer(self, e: Any, env: Mapping[Any, Any]) -> int:
        """An index or a size."""
        if e.is_Integer:
            return int(e)
        if e in env:
            return int(env[e])
        if e in self.indices:
            return self.indices[e]
        if e in self.point.sizes:
            return self.point.sizes[e]
        if isinstance(e, sp.Add):
            return sum(self.integer(a, env) for a in e.args)
        raise CannotTell(f"the integer {e} is not known")

    def shape(self, e: Any) -> tuple[int, ...]:
        return tuple(self.integer(d, {}) for d in e.shape)

    # ---- variables

    def entry(self, tensor: Any, indices: tuple[int, ...]) -> Number:
        """One entry of a tensor, or a scalar variable: cut loose, defined or drawn."""
        name = _name(tensor)
        if (name, indices) in self.cut:
            return self.cut[name, indices]
        if (name, indices) in self.fixed:
            return self.fixed[name, indices]
        if (name, indices) in self.known:
            return self.known[name, indices]
        if name in self.definitions:
            value = self._defined(name, indices)
        else:
            if name not in self.drawn:
                self.drawn[name] = self.point.draw(tensor, self.shape(tensor) if indices else ())
            if indices not in self.drawn[name]:
                raise ShapesDiffer(f"{name} has no entry {indices}")
            value = self.drawn[name][indices]
        self.known[name, indices] = value
        return value

    def _defined(self, name: str, indices: tuple[int, ...]) -> Number:
        target, value = self.definitions[name]
        if isinstance(target, sp.MatrixSymbol):
            if name not in self.known:
                self.known[name] = self.rows(value, {})
            return self.known[name][indices[0]][indices[1]]
        if not indices:
            return self.number(value, {})
        return self.number(value, dict(zip(target.indices, indices, strict=True)))

    @contextmanager
    def _cut_loose(self, key: Key, value: Number) -> Iterator[None]:
        before = self.cut, self.known
        self.cut, self.known = {**self.cut, key: value}, {}
        try:
            yield
        finally:
            self.cut, self.known = before

    def derivative(self, body: Any, variable: Any, env: Mapping[Any, Any], entry: Any = None) -> Number:
        """d(body)/d(variable); with ``entry``, of that entry of a matrix."""
        if variable in env:
            ends = [self._at(body, {**env, variable: env[variable] + h}, entry) for h in (STEP, -STEP)]
            return (ends[0] - ends[1]) / (2 * STEP)
        key = self.key(variable, env)
        middle = self.entry(*key)
        self._at(body, env, entry)  # a derivative exists only where there is a value
        ends = []
        for h in (STEP, -STEP):
            with self._cut_loose((str(key[0]), key[1]), middle + h):
                ends.append(self._at(body, env, entry))
        return (ends[0] - ends[1]) / (2 * STEP)

    def _at(self, body: Any, env: Mapping[Any, Any], entry: Any) -> Number:
        return self.number(body, env) if entry is None else self.rows(body, env)[entry][0]

    def key(self, variable: Any, env: Mapping[Any, Any]) -> tuple[Any, tuple[int, ...]]:
        """The tensor and the position of an entry; a scalar has none."""
        if variable.is_Symbol:
            return variable, ()
        parent = variable.parent if isinstance(variable, MatrixElement) else variable.base
        return parent, tuple(self.integer(i, env) for i in variable.indices)

    def _sympy_derivative(self, e: Any, env: Mapping[Any, Any]) -> Number:
        variables = e.variables
        inner = e.expr if len(variables) == 1 else sp.Derivative(e.expr, *variables[:-1], evaluate=False)
        return self.derivative(inner, variables[-1], env)

    def _substitution(self, e: Any, env: Mapping[Any, Any]) -> Number:
        values = [self.number(u, env) for u in e.point]
        body = e.expr
        if (
            isinstance(body, sp.Derivative)
            and isinstance(body.expr, AppliedUndef)
            and body.expr.args == tuple(e.variables)
        ):
            return _undefined_function(body.expr.func.__name__, len(body.variables), values[0])
        return self.number(body, {**env, **dict(zip(e.variables, values, strict=True))})

    # ---- scalars

    def power(self, base: Number, exponent: Any) -> Number:
        if base == 0 and exponent <= 0 and exponent != 0:
            raise Undefined("a division by 0")
        if base < 0 and exponent != int(exponent):
            raise Undefined("a root of a negative number")
        return base ** (int(exponent) if exponent == int(exponent) else exponent)

    def _sum(self, e: Any, env: Mapping[Any, Any]) -> Number:
        body, *limits = e.args
        ranges = [range(self.integer(low, env), self.integer(high, env) + 1) for _, low, high in limits]
        symbols = [symbol for symbol, _, _ in limits]
        terms = (self.number(body, {**env, **dict(zip(symbols, at, strict=True))}) for at in product(*ranges))
        return mp.fsum(terms)

    def _trace(self, e: Any, env: Mapping[Any, Any]) -> Number:
        rows = self.rows(e.args[0], env)
        if len(rows) != len(rows[0]):
            raise ShapesDiffer("the trace of a matrix that is not square")
        return mp.fsum(row[i] for i, row in enumerate(rows))

    def _function(self, e: Any, env: Mapping[Any, Any]) -> Number:
        name, values = e.func.__name__, [self.number(a, env) for a in e.args]
        if name not in _FUNCTIONS:
            raise CannotTell(f"the function {name} is not evaluated")
        return _FUNCTIONS[name](*values)

    # ---- cases

    def holds(self, condition: Any, env: Mapping[Any, Any]) -> bool:
        """Whether a condition holds at the point."""
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.And | sp.Or):
            return (all if isinstance(condition, sp.And) else any)(self.holds(c, env) for c in condition.args)
        if isinstance(condition, sp.Not):
            return not self.holds(condition.args[0], env)
        if not isinstance(condition, Relational):
            raise CannotTell(f"the condition {condition} is not evaluated")
        left, right = (self.number(side, env) for side in condition.args)
        near = abs(left - right) < mp.mpf(10) ** -40
        greater = left > right and not near
        verdicts = {"==": near, "!=": not near, ">": greater, ">=": greater or near}
        verdicts |= {"<": not (greater or near), "<=": not greater}
        return bool(verdicts[condition.rel_op])

    def _piecewise(self, e: Any, env: Mapping[Any, Any]) -> Number:
        for value, condition in e.args:
            if self.holds(condition, env):
                return self.number(value, env)
        raise Undefined("no case covers the point")

    def _table(self, e: Any, env: Mapping[Any, Any]) -> Number:
        values = [self.number(value, env) for value, condition in e.args if self.holds(condition, env)]
        if not values:
            raise Undefined("no case covers the point")
        if any(abs(value - values[0]) > mp.mpf(10) ** -25 for value in values[1:]):
            raise CasesDiffer("two cases claim different values")
        return values[0]


@lru_cache(maxsize=1024)
def _name(tensor: Any) -> str:
    return str(tensor)


@lru_cache(maxsize=1024)
def _symbols(e: Any) -> tuple[Any, ...]:
    """Every symbol in an expression, free or bound."""
    return tuple(e.atoms(sp.Symbol))


def _undefined_function(name: str, order: int, u: Number) -> Number:
    """An undefined f, differentiated `order` times: of its own for each name, smooth, and nowhere steep."""
    height, pitch, phase, slope = _coefficients(name)
    line = slope * u if order == 0 else slope if order == 1 else 0
    return height * pitch**order * mp.sin(pitch * u + phase + order * mp.pi / 2) + line


@lru_cache(maxsize=256)
def _coefficients(name: str) -> tuple[Number, ...]:
    source = Random(name)
    return tuple(mp.mpf(source.randint(30, 90)) / 60 for _ in range(4))


def _log(u: Number, base: Number | None = None) -> Number:
    if u <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return mp.log(u) if base is None else mp.log(u) / _log(base)


def _step(u: Number, at_zero: Number = 0.5) -> Number:
    return mp.mpf(1) if u > 0 else mp.mpf(0) if u < 0 else mp.mpf(at_zero)


_FUNCTIONS: dict[str, Callable[..., Number]] = {
    "exp": mp.exp,
    "log": _log,
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
    "softplus": lambda u: mp.log(1 + mp.exp(u)),
    "relu": lambda u: max(u, mp.mpf(0)),
    "Max": max,
    "Min": min,
    "Abs": abs,
    "sign": mp.sign,
    "Heaviside": _step,
    **{name: getattr(mp, name) for name in ("sinh", "cosh", "tanh", "sech", "csch", "coth", "sin", "cos", "erf")},
}
