"""A point: values of all that a claim declares, checked against domains and conditions."""

from __future__ import annotations

import itertools
from typing import Any

from .context import Context
from .intervals import Interval
from .reading import rational, read, size, whole
from .signs import DOMAINS, RELATIONS
from .terms import Node, Rejected, need
from .values import Env, NoValue, Values

_MOST_CELLS, _LARGEST_SIZE = 20_000, 64


class Point(Values):
    """The point of a certificate."""

    def __init__(self, data: Any, context: Context) -> None:
        super().__init__(context.terms)
        self.context, self.claim = context, context.claim
        numbers = {str: [rational]}
        read_data = read({"sizes": {str: size}, "indices": {str: whole}, "values": numbers, "functions": numbers}, data)
        self.sizes, self.indices, values, self.functions = read_data.values()
        need(all(extent <= _LARGEST_SIZE for extent in self.sizes.values()), "not in the checker's reach: a large size")
        needed = self.claim.sizes.keys(), {*self.claim.free}
        need((self.sizes.keys(), self.indices.keys()) == needed, "sizes or indices without values")
        need(all(self.sizes[n] >= k for n, k in self.claim.sizes.items()), "a size is below its least value")
        ranges = {i: self.extent(self.terms.ranges[i]) for i in self.claim.free}
        need(all(self.indices[i] < ranges[i] for i in ranges), "an index is out of range")
        self._read_values(values)
        self._need_conditions()

    def _read_values(self, given: dict[str, Any]) -> None:
        for name, (shape, domain) in self.claim.variables.items():
            if name not in self.context.expansion.definitions:
                every = itertools.product(*(range(self.extent(d)) for d in shape))
                cells, numbers = list(itertools.islice(every, _MOST_CELLS)), given.get(name, [])
                need(len(cells) == len(numbers), f"{name} has another number of entries")
                fits = all(Interval(x).sign in DOMAINS[domain] and (domain != "bit" or x in (0, 1)) for x in numbers)
                need(fits, f"{name} is outside its domain")
                self.values[name] = dict(zip(cells, numbers, strict=True))

    def _need_conditions(self) -> None:
        for relation, term, running in self.claim.conditions:
            expanded = self.context.expansion.expand(term)
            for values in itertools.product(*(range(self.extent(self.terms.ranges[i])) for i in running)):
                sign = self.value(expanded, self.indices | dict(zip(running, values, strict=True))).sign
                need(sign in RELATIONS[relation], f"{term}: a condition does not hold at the point")
        self.zeros.clear()
        self.memo.clear()  # a zero met again is noted again

    def side(self, node: Node) -> Interval | None:
        """The value of a side of the claim, None where it has none."""
        try:
            return self.value(node, self.indices)
        except NoValue:
            return None

    def zeros_stay(self) -> bool:
        """Whether every guard that is 0 at the point is 0 wherever indices are equal as they are there."""
        return all(self._zero_around(guard, dict(env)) for guard, env in self.zeros)

    def _zero_around(self, guard: Node, env: Env) -> bool:
        ranges, first = self.terms.ranges, dict[Any, str]()
        names: dict[str, Any] = {i: first.setdefault((ranges[i], k), i) for i, k in env.items()}
        algebra = self.context.algebra({i: j for i, j in names.items() if i in self.claim.free and i != j})
        try:
            return algebra.is_zero(algebra.poly(self.terms.reindex(guard, names)))
        except Rejected:
            return False
