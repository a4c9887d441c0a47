"""Both sides at a point, in intervals: definitions are followed value by value, derivatives are taken by jets.

A jet is a number a + sum of b_S * eps_S with every eps_k squared to 0, one for each derivative that is being taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from . import intervals
from .intervals import Interval, Unclear, exact
from .reading import Claim, Condition, Node, Work, listed, mapped, need, rational, whole

Jet = dict[int, Interval]
Cell = tuple[int, ...]
_MOST_CELLS = 20_000


class NotDefined(Exception):
    """There is certainly no value at this point; `around`: nor at any point near it."""

    def __init__(self, text: str, around: bool) -> None:
        super().__init__(text)
        self.around = around


class CasesDiffer(Exception):
    """Two cases of one table hold and have different values."""


@dataclass
class Point:
    """Sizes, index values, values of the variables, and the polynomials that stand for undefined functions."""

    sizes: dict[str, int]
    indices: dict[str, int]
    values: dict[str, dict[Cell, Fraction]]
    functions: dict[str, list[Fraction]]


def read_point(data: Any, claim: Claim) -> Point:
    """The point of a certificate: every variable that is not defined has a value of its domain."""
    need(isinstance(data, dict) and data.keys() == {"sizes", "indices", "values", "functions"}, "a point is expected")
    sizes = mapped(data["sizes"], lambda v: whole(v, 1, 64))
    indices = mapped(data["indices"], lambda v: whole(v, 0, 10_000))
    need(sizes.keys() == claim.sizes.keys(), "every size has a value")
    need(all(sizes[n] >= least for n, least in claim.sizes.items()), "a size is below its least value")

    def extent(d: int | str) -> int:
        return d if isinstance(d, int) else sizes[d]

    need(indices.keys() == claim.indices.keys(), "every index has a value")
    need(all(indices[i] < extent(d) for i, d in claim.indices.items()), "an index is out of range")
    shapes: dict[str, tuple[list[Any], str]] = {n: ([], domain) for n, domain in claim.symbols.items()}
    shapes |= claim.tensors
    given = mapped(data["values"], lambda v: listed(v, rational))
    values: dict[str, dict[Cell, Fraction]] = {}
    for name, (shape, domain) in shapes.items():
        if name in claim.definitions:
            continue
        need(name in given, f"{name} has no value")
        cells = list(itertools.islice(itertools.product(*(range(extent(d)) for d in shape)), _MOST_CELLS))
        need(len(cells) == len(given[name]), f"{name} has another number of entries")
        values[name] = dict(zip(cells, given[name], strict=True))
        fits = {"real": True, "positive": min(given[name], default=1) > 0, "nonnegative": min(given[name]) >= 0,
                "negative": max(given[name]) < 0}  # fmt: skip
        need(fits[domain], f"{name} is outside its domain")
    point = Point(sizes, indices, values, mapped(data["functions"], lambda v: listed(v, rational)))
    _need_one_hot(claim, point, extent)
    return point


def _need_one_hot(claim: Claim, point: Point, extent: Callable[[Any], int]) -> None:
    for name, axis in claim.one_hot().items():
        need(name in point.values, f"{name} is defined and one-hot")
        sums: dict[Cell, Fraction] = {}
        for cell, value in point.values[name].items():
            need(value in (0, 1), f"{name} is not one-hot")
            key = cell[:axis] + cell[axis + 1 :]
            sums[key] = sums.get(key, Fraction(0)) + value
        need(all(total == 1 for total in sums.values()), f"{name} is not one-hot")


class Evaluation:
    """Values of nodes at one point."""

    def __init__(self, claim: Claim, point: Point, work: Work) -> None:
        self.claim, self.point, self.work = claim, point, work
        self.kinks: list[tuple[Node, dict[str, int]]] = []  # guards and denominators that were exactly 0
        self._memo: dict[tuple[Any, ...], Jet] = {}
        self._loose: tuple[tuple[str, Cell, int], ...] = ()  # variables of the derivatives that are being taken

    def value(self, node: Node, env: dict[str, int]) -> Interval:
        return self.jet(node, env)[0]

    def jet(self, node: Node, env: dict[str, int]) -> Jet:
        self.work.spend(4)
        need(node.free <= env.keys(), f"{node}: an index without a value")
        key = (node, self._loose, *(env[i] for i in sorted(node.free)))
        if key not in self._memo:
            self._memo[key] = self._evaluate(node, env)
        return self._memo[key]

    def _evaluate(self, node: Node, env: dict[str, int]) -> Jet:
        op, args = node.op, node.args
        if op == "number":
            return {0: exact(args[0])}
        if op == "size":
            return {0: exact(self._extent(args[0]))}
        if op == "constant":
            return {0: intervals.pi()}
        if op in ("symbol", "entry"):
            return self._variable(node, env)
        if op == "same":
            return {0: exact(int(_at(args[0], env) == _at(args[1], env)))}
        if op == "add":
            return _add([self.jet(a, env) for a in args])
        if op == "mul":
            result: Jet = {0: exact(1)}
            for a in args:
                result = _multiply(result, self.jet(a, env))
            return result
        if op == "sum":
            return _add([self.jet(args[2], {**env, args[0]: k}) for k in range(self._extent(args[1]))])
        if op == "derivative":
            return self._derivative(node, env)
        if op in ("alike", "split", "table", "join", "where", "undefined"):
            return self._case(node, env)
        return self._function(node, env)

    def _extent(self, dimension: int | str) -> int:
        return dimension if isinstance(dimension, int) else self.point.sizes[dimension]

    def _variable(self, node: Node, env: dict[str, int]) -> Jet:
        name = node.args[0]
        cell = tuple(_at(i, env) for i in node.args[1]) if node.op == "entry" else ()
        loose = [bit for variable, where, bit in self._loose if variable == name and where == cell]
        cut = next((k for k, (variable, _, _) in enumerate(self._loose) if variable == name), None)
        if name not in self.claim.definitions:
            need(cell in self.point.values[name], f"{node}: an index out of range")
            base = {0: exact(self.point.values[name][cell])}
        else:
            parameters, body = self.claim.definitions[name]
            need(len(parameters) == len(cell), f"{node}: another number of indices than in the definition")
            inner = dict(self.point.indices)
            for parameter, i in zip(parameters, cell, strict=True):
                need(isinstance(parameter, str) or parameter == i, f"{node}: the definition does not reach it")
                if isinstance(parameter, str):
                    inner[parameter] = i
            outer = self._loose
            self._loose = outer if cut is None else outer[:cut]  # cut loose from what it is made of
            try:
                base = self.jet(body, inner)
            finally:
                self._loose = outer
        return base | {bit: exact(1) for bit in loose}

    def _derivative(self, node: Node, env: dict[str, int]) -> Jet:
        body, variable = node.args
        cell = tuple(_at(i, env) for i in variable.args[1]) if variable.op == "entry" else ()
        need(len(self._loose) < 6, "not in the checker's reach: many derivatives at once")
        bit = 1 << len(self._loose)
        outer, self._loose = self._loose, (*self._loose, (variable.args[0], cell, bit))
        try:
            jet = self.jet(body, env)
        finally:
            self._loose = outer
        return {0: exact(0)} | {mask ^ bit: value for mask, value in jet.items() if mask & bit}

    def _function(self, node: Node, env: dict[str, int]) -> Jet:
        op, args = node.op, node.args
        jet = self.jet(args[-1] if op in ("call", "applied") else args[0], env)
        x, orders = jet[0], range(_order(jet) + 1)
        if op == "power":
            if args[1] < 0 and x.is_zero:
                self.kinks.append((args[0], env))
                raise NotDefined("1/0", True)
            factors = [_falling(Fraction(args[1]), k) for k in orders]
            return _compose([exact(f) * x.power(args[1] - k) if f else exact(0) for k, f in enumerate(factors)], jet)
        if op == "exp":
            return _compose([intervals.exp(x)] * len(orders), jet)
        if op == "log":
            if x.high <= 0:
                raise NotDefined("the logarithm of what is not positive", x.high < 0)
            return _compose([intervals.log(x)] + [exact(_falling(Fraction(-1), k - 1)) * x.power(-k)
                                                  for k in orders[1:]], jet)  # fmt: skip
        if op == "root":
            return self._root(args[1], jet)
        if op == "applied":
            return self._applied(args[0], args[1], jet)
        if args[0] == "erf":
            return _erf(jet)
        s, c = intervals.sine_and_cosine(x)
        cycle = [s, c, -s, -c]
        return _compose([cycle[(k + (args[0] == "cos")) % 4] for k in orders], jet)

    def _root(self, exponent: Fraction, jet: Jet) -> Jet:
        x = jet[0]
        if x.high < 0:
            raise NotDefined("the root of a negative number", True)
        if x.low <= 0:
            if x.is_zero and exponent > 0 and len(jet) == 1:
                return {0: exact(0)}
            raise Unclear("the radicand may be 0")
        orders = range(_order(jet) + 1)
        return _compose([exact(_falling(exponent, k)) * intervals.root(x, exponent - k) for k in orders], jet)

    def _applied(self, name: str, order: int, jet: Jet) -> Jet:
        need(name in self.point.functions, f"{name} has no polynomial")
        current, slopes = list(self.point.functions[name]), []
        need(len(current) <= 12, "a polynomial of large degree")
        for k in range(order + _order(jet) + 1):
            if k >= order:
                total = exact(0)
                for c in reversed(current):
                    total = total * jet[0] + exact(c)
                slopes.append(total)
            current = [n * c for n, c in enumerate(current)][1:]
        return _compose(slopes, jet)

    # ---- cases

    def _case(self, node: Node, env: dict[str, int]) -> Jet:
        op, args = node.op, node.args
        if op == "alike":
            return self.jet(args[2] if _at(args[0], env) == _at(args[1], env) else args[3], env)
        if op == "where":
            self.jet(args[1], env)
            return self.jet(args[0], env)
        if op == "undefined":
            raise NotDefined("no case applies", True)
        if op == "join":
            raise Unclear("a derivative at a kink")
        if op == "table":
            return self._table(node, env)
        guard = self.jet(args[0], env)
        if guard[0].low > 0 or guard[0].high < 0:
            return self.jet(args[1] if guard[0].low > 0 else args[3], env)
        if not guard[0].is_zero or len(guard) > 1:
            raise Unclear("the sign of a guard, or a derivative at a kink")
        self.kinks.append((args[0], env))
        return self.jet(args[2], env)

    def _table(self, node: Node, env: dict[str, int]) -> Jet:
        met: list[Jet] = []
        for condition, value in node.args:
            holds = self.jet(condition, env)[0]
            if holds.is_zero:
                continue
            if not (holds.low == holds.high == 1):
                raise Unclear("whether a case applies")
            met.append(self.jet(value, env))
            if not (met[0][0] - met[-1][0]).holds_zero:
                raise CasesDiffer
        if not met:
            raise NotDefined("no case of the table applies", False)
        return met[0]

    # ---- conditions

    def need_conditions(self) -> None:
        """Raises Rejected unless every condition certainly holds."""
        for condition in self.claim.conditions:
            if condition.relation != "one-hot":
                ranges = [range(self._extent(d)) for _, d in condition.quantified]
                for values in itertools.product(*ranges):
                    env = dict(self.point.indices) | dict(
                        zip([i for i, _ in condition.quantified], values, strict=True)
                    )
                    need(self._holds(condition, env), f"{condition.term}: a condition does not hold at the point")

    def _holds(self, condition: Condition, env: dict[str, int]) -> bool:
        try:
            x = self.value(condition.term, env)
        except (NotDefined, Unclear, CasesDiffer):
            return False
        return {"=": x.is_zero, ">": x.low > 0, ">=": x.low >= 0, "!=": not x.holds_zero}[condition.relation]


def _at(index: int | str, env: dict[str, int]) -> int:
    return index if isinstance(index, int) else env[index]


def _add(jets: list[Jet]) -> Jet:
    result: Jet = {0: exact(0)}
    for jet in jets:
        for mask, value in jet.items():
            result[mask] = result[mask] + value if mask in result else value
    return result


def _multiply(left: Jet, right: Jet) -> Jet:
    result: Jet = {}
    for a, x in left.items():
        for b, y in right.items():
            if not a & b:
                result[a | b] = result[a | b] + x * y if a | b in result else x * y
    return result


def _compose(slopes: list[Interval], jet: Jet) -> Jet:
    """f(jet) from f, f', f'', ... at its value."""
    result, step = {0: slopes[0]}, {mask: value for mask, value in jet.items() if mask}
    power: Jet = {0: exact(1)}
    for k, slope in enumerate(slopes[1:], 1):
        power = {mask: value * exact(Fraction(1, k)) for mask, value in _multiply(power, step).items()}
        result = _add([result, {mask: value * slope for mask, value in power.items()}])
    return result


def _order(jet: Jet) -> int:
    bits = 0
    for mask in jet:
        bits |= mask
    return bits.bit_count()


def _falling(exponent: Fraction, k: int) -> Fraction:
    """exponent * (exponent - 1) * ... with k factors."""
    result = Fraction(1)
    for n in range(k):
        result *= exponent - n
    return result


def _erf(jet: Jet) -> Jet:
    """Its derivatives are 2/sqrt(pi) * exp(-x^2) times the polynomials 1, -2x, 4x^2 - 2, ..."""
    x, slopes, polynomial = jet[0], [intervals.erf(jet[0])], [Fraction(1)]
    bell = exact(2) * intervals.root(intervals.pi(), Fraction(-1, 2)) * intervals.exp(-(x * x))
    for _ in range(_order(jet)):
        total = exact(0)
        for c in reversed(polynomial):
            total = total * x + exact(c)
        slopes.append(bell * total)
        slope = [k * c for k, c in enumerate(polynomial)][1:]
        shifted = [Fraction(0), *(-2 * c for c in polynomial)]
        polynomial = [c + (slope[k] if k < len(slope) else 0) for k, c in enumerate(shifted)]
    return _compose(slopes, jet)
