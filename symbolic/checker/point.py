"""A point: numbers for all that a claim declares, checked against it; the intervals of terms there; what they show."""

import itertools
import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

from . import intervals
from .expansion import Context
from .intervals import Interval
from .reading import anything, rational, read, size, whole
from .signs import DOMAINS, RELATIONS, ZERO
from .terms import Conflict, Index, Node, Rejected, need

_LARGEST_SIZE = 64

Env = dict[str, int]  # of indices


class NoValue(Rejected):
    """The term is not defined at the point."""


class Point:
    """The point of a certificate."""

    def __init__(self, data: Any, context: Context) -> None:
        self.context, self.claim, self.terms = context, context.claim, context.terms
        self.values: dict[str, dict[tuple[int, ...], Fraction]] = {}
        self.zeros: dict[tuple[Node, tuple[tuple[str, int], ...]], None] = {}  # guards that are exactly 0, and where
        self._memo: dict[tuple[Any, ...], Interval] = {}
        numbers = {str: [rational]}
        read_data = read({"sizes": {str: size}, "indices": {str: whole}, "values": numbers, "functions": numbers}, data)
        self.sizes, self.indices, values, self.functions = read_data.values()
        need(all(extent <= _LARGEST_SIZE for extent in self.sizes.values()), "not in the checker's reach: a large size")
        needed = self.claim.sizes.keys(), {*self.claim.free}
        need((self.sizes.keys(), self.indices.keys()) == needed, "sizes or indices without values")
        need(all(self.sizes[n] >= k for n, k in self.claim.sizes.items()), "a size is below its least value")
        need(all(k in self.range(i) for i, k in self.indices.items()), "an index is out of range")
        self._read_values(values)
        self._need_conditions()

    def _read_values(self, given: dict[str, Any]) -> None:
        for name, (shape, domain) in self.claim.variables.items():
            if name not in self.context.definitions:
                extents, numbers = [self.extent(d) for d in shape], given.get(name, [])
                need(math.prod(extents) == len(numbers), f"{name} has another number of entries")
                fits = all(Interval(x).sign in DOMAINS[domain] and (domain != "bit" or x in (0, 1)) for x in numbers)
                need(fits, f"{name} is outside its domain")
                self.values[name] = dict(zip(itertools.product(*map(range, extents)), numbers, strict=True))

    def _need_conditions(self) -> None:
        for relation, term, running in self.claim.conditions:
            holds = all(sign in RELATIONS[relation] for sign in self.signs(self.context.expand(term), running))
            need(holds, f"{term}: a condition does not hold at the point")
        self.zeros.clear()
        self._memo.clear()  # a zero met again is noted again

    def signs(self, node: Node, running: Iterable[str]) -> Iterable[int]:
        """The signs of a term for all values of these indices."""
        every = itertools.product(*([(i, k) for k in self.range(i)] for i in running))
        return (self.value(node, self.indices | dict(places)).sign for places in every)

    def side(self, node: Node) -> Interval | None:
        """The value of a side of the claim, None where it has none."""
        try:
            return self.value(node, self.indices)
        except NoValue:
            return None

    def zero_around(self, guard: Node, env: Env) -> bool:
        """Whether a guard that is 0 at the point is 0 wherever indices are equal, and differ, as they do there."""
        ranges, free, first = self.terms.ranges, self.claim.free, dict[Any, str]()
        own = (i for i in (*free, *env) if i in env)  # an index of the claim stands for bound ones
        names: dict[str, Any] = {i: first.setdefault((ranges[i], env[i]), i) for i in own}
        pairs = ((i, j) for i, j in itertools.combinations(free, 2) if ranges[i] == ranges[j])
        apart = [(self.terms.same(i, j), ZERO) for i, j in pairs if self.indices[i] != self.indices[j]]
        algebra = self.context.algebra({i: j for i, j in names.items() if i in free and i != j}).under(apart)
        try:
            return algebra.is_zero(algebra.poly(self.terms.reindex(guard, names)))
        except Rejected:
            return False

    # ---- values

    def extent(self, dimension: Index) -> int:
        return dimension if isinstance(dimension, int) else self.sizes[dimension]

    def range(self, index: str) -> range:
        return range(self.extent(self.terms.ranges[index]))

    def value(self, node: Node, env: Env) -> Interval:
        """Raises NoValue where there is none, and Rejected where that is not clear."""
        self.terms.spend({"call": 2_500, "power": 100, "exp": 30, "log": 30}.get(node.op, 3))
        key = (node, *(env[i] for i in sorted(node.free)))
        if key not in self._memo:
            need(node.op in _VALUES, f"{node}: not in the checker's reach: {node.op} at a point")
            self._memo[key] = _VALUES[node.op](self, env, *node.args)
        return self._memo[key]

    def power(self, base: Node, exponent: Fraction, env: Env) -> Interval:
        """Where the exponent asks for it, the base is not 0, or not negative."""
        value = self.value(base, env)
        if exponent >= 0 and exponent.denominator == 1:
            return value.power(int(exponent))
        sign = self.sign(base, env)
        if sign == 0 and exponent > 0:
            return Interval(0)
        if sign == 0 or (sign < 0 and exponent.denominator > 1):
            raise NoValue(f"{base}: a power of it has no value at the point")
        whole = exponent.denominator == 1
        return value.power(int(exponent)) if whole else intervals.exp(intervals.log(value) * Interval(exponent))

    def log(self, argument: Node, env: Env) -> Interval:
        if self.sign(argument, env) < 1:
            raise NoValue(f"{argument}: its logarithm has no value at the point")
        return intervals.log(self.value(argument, env))

    def sign(self, guard: Node, env: Env) -> int:
        """The sign of a guard or denominator; where it is 0 that is noted."""
        sign = self.value(guard, env).sign
        if sign == 0:
            self.zeros[guard, tuple((i, env[i]) for i in sorted(guard.free))] = None
        return sign

    def table(self, cases: tuple[tuple[Node, Node], ...], env: Env) -> Interval:
        met = [self.value(value, env) for condition, value in cases if self.value(condition, env).sign]
        if not met:
            raise NoValue("no case holds at the point")
        if any((met[0] + other * Interval(-1)).sign for other in met[1:]):
            raise Conflict("two cases of a table hold together and differ")
        return met[0]

    def applied(self, name: str, order: int, argument: Interval) -> Interval:
        coefficients = self.functions.get(name, [])
        need(0 < len(coefficients) < 13, f"{name} has no polynomial, or a long one")
        slopes = [Interval(coefficients[k] * math.perm(k, order)) for k in range(order, len(coefficients))]
        return reduce(lambda value, c: value * argument + c, reversed(slopes), Interval(0))


_VALUES: dict[str, Callable[..., Interval]] = {
    "number": lambda point, env, number: Interval(number),
    "constant": lambda point, env, name: intervals.pi(),
    "size": lambda point, env, dimension: Interval(point.extent(dimension)),
    "entry": lambda point, env, name, at: Interval(point.values[name][tuple(env.get(i, i) for i in at)]),
    "same": lambda point, env, i, j: Interval(int(env.get(i, i) == env.get(j, j))),
    "add": lambda point, env, *terms: reduce(add, [point.value(u, env) for u in terms]),
    "mul": lambda point, env, *factors: reduce(mul, [point.value(u, env) for u in factors]),
    "sum": lambda point, env, i, u: reduce(add, [point.value(u, {**env, i: k}) for k in point.range(i)]),
    "power": lambda point, env, base, exponent: point.power(base, exponent, env),
    "exp": lambda point, env, u: intervals.exp(point.value(u, env)),
    "log": lambda point, env, u: point.log(u, env),
    "call": lambda point, env, name, u: intervals.FUNCTIONS[name](point.value(u, env)),
    "applied": lambda point, env, name, order, u: point.applied(name, order, point.value(u, env)),
    "split": lambda point, env, guard, *values: point.value(values[1 - point.sign(guard, env)], env),
    "table": lambda point, env, *cases: point.table(cases, env),
    "where": lambda point, env, value, other: [point.value(u, env) for u in (other, value)][1],
    "undefined": lambda point, env: point.table((), env),
}


# ---- what a point shows


def need_witness(context: Context, data: Any, exceptions: Iterable[Node] = ()) -> None:
    """There is something to compare: a point that is not excepted, where conditions hold and both sides are defined."""
    point = Point(data, context)
    need(None not in map(point.side, context.sides), "a side has no value at the witness")
    need(all(all(point.signs(g, g.free - {*point.indices})) for g in exceptions), "the witness is excepted")


def refuted(context: Context, data: Any) -> None:
    """At the point the sides differ, or exactly one is undefined there and nearby, or two cases of a table differ."""
    kinds = {"kind": {"value", "domain", "cases"}, "point": anything, "witness": anything}
    kind, where, witness = read(kinds, data).values()
    point = Point(where, context)
    if kind == "cases":
        return need(any(_conflicts(point, side) for side in context.sides), "no two cases of a table differ there")
    left, right = map(point.side, context.sides)
    stay = all(point.zero_around(guard, dict(env)) for guard, env in point.zeros)
    need(stay, "not in the checker's reach: a guard is 0 at the point, perhaps there alone")
    if kind == "domain":
        need_witness(context, witness)
        return need((left is None) != (right is None), "not exactly one side is undefined at the point")
    if left is None or right is None:
        raise Rejected("a side is undefined at the point")
    return need((left + right * Interval(-1)).sign != 0, "the two sides do not differ at the point")


def calculated(context: Context, within: Node, verdict: str, data: Any) -> None:
    """At the values of the claim the sides are at most so far apart, for all indices; or farther, for some."""
    claim = context.claim
    chosen = read({str: whole}, data) if verdict == "REFUTED" else dict.fromkeys(claim.free, 0)
    point = Point({"sizes": {}, "indices": chosen, "values": claim.values, "functions": {}}, context)
    every = (dict(zip(claim.free, k, strict=True)) for k in itertools.product(*map(point.range, claim.free)))
    for indices in every if verdict == "PROVED" else [chosen]:
        context.terms.spend(10)
        left, right, most = (point.value(u, indices) for u in (*context.sides, context.expand(within)))
        apart = (left + right * Interval(-1)).power(2) + most.power(2) * Interval(-1)
        shown = apart.low > 0 if verdict == "REFUTED" else apart.high <= 0
        need(shown and most.low >= 0, f"not shown where the indices are {indices}")


def _conflicts(point: Point, side: Node) -> bool:
    try:
        point.side(side)
    except Rejected as reason:
        return isinstance(reason, Conflict)
    return False
