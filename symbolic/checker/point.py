"""A point: terms with numbers for their variables, sizes, indices and undefined functions."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

from .context import Givens
from .domains import Domains, NeedSign
from .polynomials import Known
from .reading import keyed, listed, mapped, rational, whole
from .terms import Node, Rejected, Terms, need

_MOST_CELLS, _MOST_STEPS = 20_000, 1_000_000

Env = dict[str, int]


class Point:
    """Values of all that a claim declares, checked against domains and conditions."""

    def __init__(self, data: Any, givens: Givens) -> None:
        data = keyed(data, "sizes", "indices", "values", "functions")
        self.givens, self.claim = givens, givens.claim
        self.sizes, self.indices = mapped(whole(1, 64))(data.get("sizes")), mapped(whole())(data.get("indices"))
        self.values: dict[str, dict[tuple[int, ...], Fraction]] = {}
        self.functions = mapped(listed(rational))(data.get("functions"))
        self.algebra = Domains(Terms(_MOST_STEPS), Known(frozenset(), {}, {}))
        self.zeros: dict[tuple[Node, tuple[tuple[str, int], ...]], None] = {}  # guards that are exactly 0, and where
        self._memo: dict[tuple[Any, ...], Node] = {}
        least, ranges = self.claim.sizes, self.claim.indices
        need(
            (self.sizes.keys(), self.indices.keys()) == (least.keys(), ranges.keys()), "sizes or indices without values"
        )
        need(all(self.sizes[n] >= k for n, k in least.items()), "a size is below its least value")
        need(all(self.indices[i] < self.extent(d) for i, d in ranges.items()), "an index is out of range")
        self._read_values(mapped(listed(rational))(data.get("values")))
        self._need_conditions()

    def extent(self, dimension: int | str) -> int:
        return dimension if isinstance(dimension, int) else self.sizes[dimension]

    def _read_values(self, given: dict[str, list[Fraction]]) -> None:
        scalars = {n: (list[Any](), domain) for n, domain in self.claim.symbols.items()}
        for name, (shape, domain) in (scalars | self.claim.tensors).items():
            if name not in self.claim.definitions:
                every = itertools.product(*(range(self.extent(d)) for d in shape))
                cells, numbers = list(itertools.islice(every, _MOST_CELLS)), given.get(name, [])
                need(len(cells) == len(numbers) > 0, f"{name} has another number of entries")
                fits = {"positive": min(numbers) > 0, "nonnegative": min(numbers) >= 0, "negative": max(numbers) < 0}
                need(fits.get(domain, True), f"{name} is outside its domain")
                self.values[name] = dict(zip(cells, numbers, strict=True))
        for name, axis in self.claim.one_hot().items():
            need(set(self.values.get(name, {}).values()) <= {0, 1}, f"{name} is not one-hot")
            ones = [cell[:axis] + cell[axis + 1 :] for cell, value in self.values.get(name, {}).items() if value]
            rows = {cell[:axis] + cell[axis + 1 :] for cell in self.values.get(name, {})}
            need(len(ones) == len(rows) == len(set(ones)) > 0, f"{name} is not one-hot")

    def _need_conditions(self) -> None:
        for relation, term, quantified, tensor in self.claim.conditions:
            for values in itertools.product(*(range(self.extent(d)) for d in quantified.values())):
                env = self.indices | dict(zip(quantified, values, strict=True))
                node = self.at(self.givens.expansion.expand(term), env)
                sign, signs = self._sign(node), {"=": (0,), ">": (1,), ">=": (0, 1), "!=": (1, -1)}
                holds = bool(tensor) or (sign in signs[relation] and not self.algebra.needs(node))
                need(holds, f"{term}: a condition does not hold at the point")
        self.zeros.clear()
        self._memo.clear()  # a zero met again is noted again

    def _sign(self, node: Node) -> int | None:
        return self.algebra.sign(self.algebra.poly(node))

    def defined(self, node: Node) -> bool:
        """Whether a term of numbers has a value, where that is clear."""
        kinds = {n.kind for n in self.algebra.needs(node)}
        need(kinds <= {"never"}, f"{node}: not in the checker's reach: whether it has a value at the point")
        return not kinds

    def side(self, node: Node) -> Node:
        """A side of the claim at the point."""
        return self.at(self.givens.expansion.expand(node), self.indices)

    def differ(self, left: Node, right: Node) -> bool:
        terms = self.algebra.terms
        return self._sign(terms.add([left, terms.mul(terms.number(-1), right)])) in (1, -1)

    def at(self, node: Node, env: Env) -> Node:
        """The node with numbers for all that varies, and the case taken that applies."""
        key = (node, *(env[i] for i in sorted(node.free)))
        if key not in self._memo:
            self.algebra.terms.spend(3)
            self._memo[key] = self._at(node, env)
        return self._memo[key]

    def _at(self, node: Node, env: Env) -> Node:
        op, args, terms = node.op, node.args, self.algebra.terms
        if op in ("symbol", "entry"):
            cell = tuple(i if isinstance(i, int) else env[i] for i in args[1]) if op == "entry" else ()
            return terms.number(self.values[args[0]][cell])
        if op == "size":
            return terms.number(self.extent(args[0]))
        if op == "same":
            return terms.same(*(i if isinstance(i, int) else env[i] for i in args))
        if op == "sum":
            return terms.add([self.at(args[2], {**env, args[0]: k}) for k in range(self.extent(args[1]))])
        if op == "applied":
            return self._applied(args[0], args[1], self.at(args[2], env))
        if op == "split":
            sign = self._noted(args[0], env)
            if sign is None:
                raise NeedSign(f"{node}: the sign of a guard is not clear at the point")
            return self.at(args[1 if sign > 0 else 3 if sign < 0 else 2], env)
        need(op != "join", f"{node}: not in the checker's reach: a derivative at a kink")
        if op in ("log", "root") or (op == "power" and args[1] < 0):
            self._noted(args[0], env)
        return terms.rebuild(node, lambda child: self.at(child, env))

    def _noted(self, guard: Node, env: Env) -> int | None:
        """The sign of a guard or denominator at the point; where it is 0 that is noted."""
        sign = self._sign(self.at(guard, env))
        if sign == 0:
            self.zeros[guard, tuple((i, env[i]) for i in sorted(guard.free))] = None
        return sign

    def _applied(self, name: str, order: int, argument: Node) -> Node:
        need(len(self.functions.get(name, [])) in range(1, 13), f"{name} has no polynomial, or a long one")
        terms, parts = self.algebra.terms, []
        for k, c in list(enumerate(self.functions[name]))[order:]:
            for n in range(order):
                c = c * (k - n)
            parts.append(terms.mul(terms.number(c), terms.make("power", argument, k - order)))
        return terms.add(parts)

    def zeros_stay(self) -> bool:
        """Whether every guard that is 0 at the point is 0 wherever indices are equal as they are there."""
        return all(self._zero_around(guard, dict(env)) for guard, env in self.zeros)

    def _zero_around(self, guard: Node, env: Env) -> bool:
        ranges, first = self.givens.terms.ranges, dict[Any, str]()
        names: dict[str, Any] = {i: first.setdefault((ranges[i], k), i) for i, k in env.items()}
        algebra = self.givens.algebra({i: j for i, j in names.items() if i in self.claim.indices}, ())
        try:
            return algebra.is_zero(algebra.poly(self.givens.terms.reindex(guard, names)))
        except Rejected:
            return False
