"""Terms into polynomials, with what must hold for them to be defined.

In a cell every guard has a sign.  A guard under a sum becomes the indicators [u > 0] and [u = 0]; where the derivative
has no value at u = 0 that set is noted as exceptional.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from .functions import NeedSign, is_bound
from .polynomials import ONE, Index, Poly, add, constant, free_of, of_atom, scale, subtract
from .reading import Claim, Node, Rejected, Terms, children
from .rules import Undefined
from .signs import NOT_NEGATIVE, POSITIVE, Signs

_LONGEST_SUM = 2_000

Env = dict[str, Index]


class Kink(Undefined):
    """A derivative at a guard = 0 where slopes or values of the two sides are not shown to agree.

    `differ`: they are shown to differ, so that there is none, unless the guard is 0 all around.
    """

    def __init__(self, text: str, differ: bool) -> None:
        super().__init__(text)
        self.differ = differ


class Conflict(Rejected):
    """Two cases of a table hold together with different values: the table itself is refuted."""


@dataclass(frozen=True)
class Need:
    """What must hold where an expression is defined: the polynomial is "nonzero", "positive" or "nonnegative".

    `where` are pairs of indices that differ wherever this is needed, `equal` such as are equal.
    """

    kind: str
    content: frozenset[tuple[object, Fraction]]
    where: frozenset[frozenset[Index]] = frozenset()
    equal: frozenset[frozenset[Index]] = frozenset()

    @property
    def poly(self) -> Poly:
        return dict(self.content)  # type: ignore[arg-type]


@dataclass
class Values:
    """Converts terms under one algebra: that of a cell."""

    claim: Claim
    terms: Terms
    algebra: Signs
    facts: int = 0  # how many facts stem from conditions alone
    needs: set[Need] = field(default_factory=set)
    exceptional: dict[Node, Poly] = field(default_factory=dict)
    _memo: dict[tuple[object, ...], tuple[Poly, frozenset[Need]]] = field(default_factory=dict)
    _under: int = 0
    _where: frozenset[frozenset[Index]] = frozenset()
    _equal: frozenset[frozenset[Index]] = frozenset()

    def poly(self, node: Node, env: Env) -> Poly:
        """The polynomial equal to the expanded node wherever that is defined."""
        self.algebra.work.spend()
        key = (node, self._under > 0, self._where, self._equal, *((i, env.get(i)) for i in sorted(node.free)))
        known = self._memo.get(key)
        if known is None:
            outer, self.needs = self.needs, set()
            try:
                poly = self._convert(node, env)
                known = self._memo[key] = poly, frozenset(self.needs)
            finally:
                self.needs |= outer
        self.needs |= known[1]
        return known[0]

    def index(self, index: int | str, env: Env) -> Index:
        if isinstance(index, int):
            return index
        if index not in env:
            raise Rejected(f"the index {index!r} is not bound")
        return env[index]

    def _convert(self, node: Node, env: Env) -> Poly:
        op, args, algebra = node.op, node.args, self.algebra
        converters: dict[str, Callable[[], Poly]] = {
            "number": lambda: constant(args[0]),
            "constant": lambda: of_atom(algebra.atom("constant", args[0])),
            "size": lambda: constant(args[0]) if isinstance(args[0], int) else of_atom(algebra.atom("size", args[0])),
            "symbol": lambda: algebra.entry(args[0], ()),
            "entry": lambda: self._entry(node, env),
            "same": lambda: algebra.same(*(self.index(i, env) for i in args)),
            "add": lambda: add({}, *(self.poly(a, env) for a in args)),
            "mul": lambda: algebra.multiply(*[self.poly(a, env) for a in args]),
            "power": lambda: self._power(self.poly(args[0], env), args[1]),
            "exp": lambda: algebra.exponential(self.poly(args[0], env)),
            "log": lambda: self._log(args[0], env),
            "root": lambda: self._root(args[0], args[1], env),
            "call": lambda: algebra.call(args[0], self.poly(args[1], env)),
            "applied": lambda: of_atom(algebra.atom("applied", args[0], args[1], self.poly(args[2], env))),
            "sum": lambda: self._sum(node, env),
        }
        return converters[op]() if op in converters else self._case(node, env)

    def _entry(self, node: Node, env: Env) -> Poly:
        tensor, indices = node.args
        dimensions = self.claim.tensors[tensor][0]
        place = tuple(self.index(i, env) for i in indices)
        for i, d in zip(place, dimensions, strict=True):
            fits = i[2] == d if not isinstance(i, int) else not isinstance(d, int) or i < d
            if not fits:
                raise Rejected(f"{node}: an index out of range")
        return self.algebra.entry(tensor, place)

    def _sum(self, node: Node, env: Env) -> Poly:
        index, dimension, body = node.args
        if isinstance(dimension, int):
            if dimension > _LONGEST_SUM:
                raise Rejected("not in the checker's reach: a long explicit sum")
            return add({}, *(self.poly(body, {**env, index: k}) for k in range(dimension)))
        bound = self.algebra.fresh(dimension)
        return self.algebra.total((bound,), self.poly(body, {**env, index: bound}))

    # ---- what must hold

    def provable(self, need: Need, others: frozenset[Need] = frozenset()) -> bool:
        """Whether a need holds, but on a set without interior, by the conditions and what else is needed."""
        if need in others:
            return True
        known = self.algebra.known
        before = known.positive, known.distinct
        known.positive = known.positive[: self.facts]
        unconditional = {other for other in others if not other.where and not other.equal}
        for other in unconditional:
            if other.kind == "positive":
                known.positive.append((other.poly, frozenset(i for i in free_of(other.poly) if i[0] != "free")))
        known.distinct |= need.where
        try:
            if need.kind == "nonzero":
                return Need("nonzero", need.content) in unconditional or self.algebra.nowhere_flat(need.poly)
            strength = self.algebra.strength(need.poly)
            if Need("nonnegative", need.content) in unconditional:
                strength = max(strength, NOT_NEGATIVE)
            if need.kind == "nonnegative" or strength == POSITIVE:
                return strength >= NOT_NEGATIVE
            return strength == NOT_NEGATIVE and self.algebra.nowhere_flat(need.poly)
        finally:
            known.positive, known.distinct = before

    def _require(self, kind: str, poly: Poly) -> None:
        need = Need(kind, frozenset(poly.items()), self._where, self._equal)
        known = self.algebra.known
        facts, known.positive = known.positive, known.positive[: self.facts]
        try:
            if kind == "nonnegative":
                sure = self.algebra.strength(poly) >= NOT_NEGATIVE
            else:
                sure = self.algebra.sign(poly) in ((1,) if kind == "positive" else (1, -1))
        finally:
            known.positive = facts
        if sure:
            return
        if self._under:
            raise Rejected("not in the checker's reach: a case under a sum whose value is not defined everywhere")
        self.needs.add(need)

    def _power(self, poly: Poly, exponent: int) -> Poly:
        if exponent < 0:
            if not poly:
                raise Undefined("1/0")
            self._require("nonzero", poly)
        return self.algebra.power(poly, exponent)

    def _factors(self, node: Node, env: Env) -> list[tuple[Poly, int]]:
        """The polynomial of a product, factor by factor as far as it is written so."""
        if node.op == "mul":
            return [pair for a in node.args for pair in self._factors(a, env)]
        if node.op == "power" and node.args[1] > 0:
            return [(p, e * node.args[1]) for p, e in self._factors(node.args[0], env)]
        return [(self.poly(node, env), 1)]

    def _radicand(self, node: Node, env: Env) -> tuple[Poly, list[tuple[Poly, int]]]:
        """A radicand and its factors, each positive where the radicand is, or one of unknown sign left whole."""
        product = self.poly(node, env)
        parts, unknown, direction = list[tuple[Poly, int]](), list[tuple[Poly, int]](), 1
        for poly, e in self._factors(node, env) if product else []:
            sign = self.algebra.sign(poly)
            if sign is None:
                unknown.append((poly, e))
                if e % 2 == 0 or len(unknown) > 1:
                    raise NeedSign(poly)
            else:
                parts.append((scale(poly, sign), e))
                direction *= sign if e % 2 else 1
        if unknown:  # it has the sign of the others where the product is positive
            parts.append((scale(unknown[0][0], direction), unknown[0][1]))
        elif direction < 0:
            raise Undefined("the logarithm or root of a negative number")
        return product, parts

    def _log(self, argument: Node, env: Env) -> Poly:
        if argument.op == "exp":
            return self.poly(argument.args[0], env)
        product, parts = self._radicand(argument, env)
        if not product:
            raise Undefined("log(0)")
        self._require("positive", product)
        return add({}, *(scale(self.algebra.logarithm(p), e) for p, e in parts))

    def _root(self, base: Node, exponent: Fraction, env: Env) -> Poly:
        product, parts = self._radicand(base, env)
        if not product:
            return self.algebra.root(product, exponent)
        self._require("nonnegative" if exponent > 0 else "positive", product)
        return self.algebra.multiply(*(self.algebra.root(p, exponent * e) for p, e in parts))

    # ---- cases

    def _case(self, node: Node, env: Env) -> Poly:
        op, args = node.op, node.args
        if op == "undefined":
            raise Undefined("no case applies")
        if op == "where":
            self.poly(args[1], env)
            return self.poly(args[0], env)
        if op == "alike":
            return self._alike(node, env)
        if op == "join":
            return self._joined(ONE, node, env)
        if op == "table":
            return self._table(node, env)
        guard = self.poly(args[0], env)
        sign = self.algebra.sign(guard)
        if sign is not None:
            return self.poly(args[1] if sign > 0 else args[3] if sign < 0 else args[2], env)
        if not is_bound(guard):
            raise NeedSign(guard)
        return self._indicated(guard, node, env)

    def _alike(self, node: Node, env: Env) -> Poly:
        i, j = (self.index(x, env) for x in node.args[:2])
        indicator = self.algebra.same(i, j)
        if indicator == ONE:
            return self.poly(node.args[2], env)
        if not indicator:
            return self.poly(node.args[3], env)
        name, other = node.args[:2] if isinstance(node.args[0], str) else node.args[1::-1]
        outer = self._where, self._equal
        try:
            self._equal = outer[1] | {frozenset((i, j))}
            equal = self.poly(node.args[2], {**env, name: self.index(other, env)})
            self._where, self._equal = outer[0] | {frozenset((i, j))}, outer[1]
            different = self.poly(node.args[3], env)
        finally:
            self._where, self._equal = outer
        try:
            return add(different, self.algebra.multiply(indicator, subtract(equal, different)))
        except Undefined as error:
            raise Rejected(f"{node}: not in the checker's reach: no value where the indices are equal") from error

    def _indicated(self, guard: Poly, node: Node, env: Env) -> Poly:
        algebra = self.algebra
        self._under += 1
        try:
            above, below = self.poly(node.args[1], env), self.poly(node.args[3], env)
            up, at = algebra.indicator("positive", guard), algebra.indicator("zero", guard)
            try:
                middle = node.args[2]
                zero = self._joined(at, middle, env) if middle.op == "join" else self.poly(middle, env)
            except Undefined:
                self.exceptional[node.args[0]] = guard
                zero = {}
        except Undefined as error:
            raise Rejected(f"{node}: not in the checker's reach: a case under a sum without a value") from error
        finally:
            self._under -= 1
        down = subtract(subtract(ONE, up), at)
        return add(algebra.multiply(up, above), algebra.multiply(at, zero), algebra.multiply(down, below))

    def _joined(self, at: Poly, node: Node, env: Env) -> Poly:
        """The slope where the guard is 0: where it is, values and slopes of both sides agree, else it has none."""
        _, slopes, values = node.args
        for a, b in ((values[0], values[1]), (values[1], values[2]), (slopes[0], slopes[1])):
            gap = subtract(self.poly(a, env), self.poly(b, env))
            if not self.algebra.is_zero(self.algebra.multiply(at, gap)):
                raise Kink("slopes or values that may differ at a kink", self.algebra.sign(gap) in (1, -1))
        return self.poly(slopes[0], env)

    def _table(self, node: Node, env: Env) -> Poly:
        algebra = self.algebra
        uncovered, result, met = ONE, dict[object, Fraction](), list[tuple[Poly, Poly]]()
        for condition, value in node.args:
            holds = self.poly(condition, env)
            if not algebra.is_zero(algebra.multiply(holds, subtract(holds, ONE))):
                raise Rejected(f"{condition}: a condition that is not 0 or 1")
            if not holds:
                continue
            self._under += holds != ONE
            try:
                poly = self.poly(value, env)
            except Undefined as error:
                if holds == ONE:
                    raise
                raise Rejected(f"{node}: not in the checker's reach: a case without a value") from error
            finally:
                self._under -= holds != ONE
            for other, earlier in met:
                if not algebra.is_zero(algebra.multiply(holds, other, subtract(poly, earlier))):
                    raise Conflict(f"{node}: two cases may hold together with different values")
            met.append((holds, poly))
            result = add(result, algebra.multiply(uncovered, holds, poly))  # type: ignore[arg-type,assignment]
            uncovered = algebra.multiply(uncovered, subtract(ONE, holds))
        if not algebra.is_zero(uncovered):
            if not met:
                raise Undefined("no case of the table applies")
            raise Rejected(f"{node}: not in the checker's reach: a table that may leave points uncovered")
        return result  # type: ignore[return-value]


def radicands(node: Node, env: Env, values: Values) -> list[tuple[Node, Env]]:
    """What is positive wherever the node is defined: arguments of logarithms and of roots below the line."""
    found: list[tuple[Node, Env]] = []
    pending, seen = [(node, env)], set[tuple[object, ...]]()
    while pending:
        part, here = pending.pop()
        key = (part, *((i, here.get(i)) for i in sorted(part.free)))
        if key in seen or part.op in ("table", "alike", "join"):
            continue
        seen.add(key)
        if part.op == "log" or (part.op == "root" and part.args[1] < 0):
            found.append((part.args[0], here))
        if part.op == "sum":
            if isinstance(part.args[1], str):
                fresh = values.algebra.fresh(part.args[1])
                pending.append((part.args[2], {**here, part.args[0]: fresh}))
            continue
        pending += [(child, here) for child in ([part.args[0]] if part.op == "split" else children(part.args))]
    return found
