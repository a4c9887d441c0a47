"""Terms at one point: an interval that holds the value, or no value."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

from . import intervals
from .intervals import Interval
from .terms import Index, Node, Rejected, Terms, need

Env = dict[str, int]  # of indices


class NoValue(Rejected):
    """The term is not defined at the point."""


class Conflict(Rejected):
    """Two cases of a table hold and differ."""


class Values:
    """Values of terms where variables, sizes and undefined functions have these."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.sizes: dict[str, int] = {}
        self.values: dict[str, dict[tuple[int, ...], Fraction]] = {}
        self.functions: dict[str, list[Fraction]] = {}
        self.zeros: dict[tuple[Node, tuple[tuple[str, int], ...]], None] = {}  # guards that are exactly 0, and where
        self.memo: dict[tuple[Any, ...], Interval] = {}

    def extent(self, dimension: Index) -> int:
        return dimension if isinstance(dimension, int) else self.sizes[dimension]

    def value(self, node: Node, env: Env) -> Interval:
        """Raises NoValue where there is none, and Rejected where that is not clear."""
        key = (node, *(env[i] for i in sorted(node.free)))
        if key not in self.memo:
            self.terms.spend(3)
            self.memo[key] = self._value(node, env)
        return self.memo[key]

    def _value(self, node: Node, env: Env) -> Interval:
        op, args = node.op, node.args
        if op == "number":
            return Interval(args[0])
        if op == "constant":
            return intervals.pi()
        if op == "size":
            return Interval(self.extent(args[0]))
        if op == "entry":
            return Interval(self.values[args[0]][tuple(self._at(i, env) for i in args[1])])
        if op == "same":
            return Interval(int(self._at(args[0], env) == self._at(args[1], env)))
        if op == "sum":
            every = range(self.extent(self.terms.ranges[args[0]]))
            return reduce(add, (self.value(args[1], {**env, args[0]: k}) for k in every))
        if op == "split":
            return self.value(args[(2, 1, 3)[self._sign(args[0], env)]], env)
        if op == "table":
            return self._table(args, env)
        if op == "undefined":
            raise NoValue(f"node {node.serial} has no value at the point")
        need(op != "join", f"{node}: not in the checker's reach: a derivative at a kink")
        return self._function(op, args, [self.value(a, env) for a in args if isinstance(a, Node)], env)

    def _function(self, op: str, args: tuple[Any, ...], inner: list[Interval], env: Env) -> Interval:
        if op in ("add", "mul"):
            return reduce(add if op == "add" else mul, inner)
        if op == "applied":
            return self._applied(args[0], args[1], inner[0])
        if op == "call":
            return {"sin": intervals.sin, "cos": intervals.cos, "erf": intervals.erf}[args[0]](inner[0])
        if op == "exp":
            return intervals.exp(inner[0])
        if op == "where":
            return inner[0]
        exponent = args[1] if op == "power" else Fraction(-1, 2)  # log has a value where that has one
        if exponent >= 0 and exponent.denominator == 1:
            return inner[0].power(int(exponent))
        sign = self._sign(args[0], env)
        if sign == 0 and exponent > 0:
            return Interval(0)
        if sign == 0 or (sign < 0 and exponent.denominator > 1):
            raise NoValue(f"{op} has no value at the point")
        if exponent.denominator == 1:
            return inner[0].power(int(exponent))
        value = intervals.log(inner[0])
        return value if op == "log" else intervals.exp(value * Interval(exponent))

    def _sign(self, guard: Node, env: Env) -> int:
        """The sign of a guard or denominator; where it is 0 that is noted."""
        sign = self.value(guard, env).sign
        if sign == 0:
            self.zeros[guard, tuple((i, env[i]) for i in sorted(guard.free))] = None
        return sign

    def _table(self, cases: tuple[tuple[Node, Node], ...], env: Env) -> Interval:
        met = [self.value(value, env) for condition, value in cases if self.value(condition, env).sign]
        if not met:
            raise NoValue("no case of a table holds at the point")
        for other in met[1:]:
            if (met[0] + other * Interval(-1)).sign:
                raise Conflict("two cases of a table hold together and differ")
        return met[0]

    def _applied(self, name: str, order: int, argument: Interval) -> Interval:
        coefficients = self.functions.get(name, [])
        need(0 < len(coefficients) < 13, f"{name} has no polynomial, or a long one")
        total = Interval(0)
        for k in range(order, len(coefficients)):
            factor = reduce(mul, range(k - order + 1, k + 1), coefficients[k])
            total = total + Interval(factor) * argument.power(k - order)
        return total

    @staticmethod
    def _at(index: Index, env: Env) -> int:
        return index if isinstance(index, int) else env[index]


def sign_of(node: Node, terms: Terms) -> int | None:
    """The sign of a term without variables, sizes and indices, where it is clear."""
    if node.names or node.free:
        return None
    try:
        return Values(terms).value(node, {}).sign
    except (Rejected, KeyError):
        return None
