"""Terms as interned nodes: equal terms are the same object, so that what is known of them is looked up.

Every term has a value at every point.  Where the mathematics leaves one out, these are taken: 0^-1 = 0, log(u) =
log|u| with log(0) = 0, u^r = |u|^r with 0^r = 0, and some fixed number for a case that does not apply.  A rule is a
rule if it holds for these values as well; where a term is *defined* is a matter of its own (`domains.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from typing import Any

_DEEPEST = 900

Index = str | int


class Rejected(Exception):
    """The certificate is not accepted; the text names the node and the reason."""


class Conflict(Rejected):
    """Two cases of a table hold, or may hold, together and differ."""


def need(holds: bool, reason: str) -> None:
    if not holds:
        raise Rejected(reason)


@dataclass(eq=False, repr=False, slots=True)
class Node:
    """An interned term: an operator and its arguments."""

    op: str
    args: tuple[Any, ...]
    serial: int
    depth: int
    height: int  # how deep sums are nested in it
    free: frozenset[str]  # its free indices
    names: frozenset[str]  # the variables that occur in it
    key: str = ""  # a digest, the same for terms that differ in the order of what is added or multiplied

    def __repr__(self) -> str:
        return f"node {self.serial} ({self.op})"


Rule = Callable[[Node, Callable[[Node], Node]], Node | None]  # of a node, and of how what is below it is changed


def children(args: tuple[Any, ...]) -> Iterator[Node]:
    for arg in args:
        yield from (arg,) if isinstance(arg, Node) else children(arg) if isinstance(arg, tuple) else ()


def subterms(*nodes: Node, below: Callable[[Node], Iterable[Node]] = lambda n: children(n.args)) -> list[Node]:
    """The nodes and everything below them, each once."""
    found, pending = dict[Node, None](), [*nodes]
    while pending:
        n = pending.pop()
        if n not in found:
            found[n] = None
            pending += below(n)
    return list(found)


def is_indicator(node: Node) -> bool:
    """[u > 0] or [u = 0], as `Terms.indicator` makes it."""
    values = [value.args[0] for value in node.args[1:] if value.op == "number"] if node.op == "split" else []
    return values in ([1, 0, 0], [0, 1, 0])


def key_of(node: Node, names: dict[str, str], memo: dict[Node, str]) -> str:
    """A digest of the node with free indices named so; terms of sums and factors in any order."""
    if node.key and node.free.isdisjoint(names):
        return node.key
    if node not in memo:

        def part(arg: Any) -> str:
            if isinstance(arg, tuple):
                return f"({','.join(map(part, arg))})"
            return key_of(arg, names, memo) if isinstance(arg, Node) else repr(names.get(arg, arg))

        parts = (sorted if node.op in ("add", "mul", "same") else list)(map(part, node.args))
        memo[node] = blake2b(f"{node.op}:{';'.join(parts)}".encode(), digest_size=16).hexdigest()
    return memo[node]


class Terms:
    """Makes every node once, knows what each index ranges over, and counts the work that is left."""

    def __init__(self, ranges: dict[str, Index], steps: int) -> None:
        self.ranges, self.left = ranges, steps
        self._made: dict[tuple[Any, ...], Node] = {}
        self.zero, self.one, self.undefined = self.number(0), self.number(1), self.make("undefined")

    def spend(self, steps: int) -> None:
        self.left -= steps
        need(self.left >= 0, "not in the checker's reach: too much work")

    def make(self, op: str, *args: Any) -> Node:
        found = self._made.get((op, args))
        if found is None:
            below = tuple(children(args))
            depth, height = (max((getattr(c, what) for c in below), default=0) for what in ("depth", "height"))
            need(depth < _DEEPEST, "a term is nested too deeply")
            own = args[1] if op == "entry" else args if op == "same" else ()
            free = frozenset(i for i in own if isinstance(i, str)).union(*(c.free for c in below))
            names = frozenset(args[:1] if op == "entry" else ()).union(*(c.names for c in below))
            bound = {args[0]} if op == "sum" else set()
            self.spend(3 + (len(free) + len(names)) // 10)
            found = Node(op, args, len(self._made), depth + 1, height + len(bound), free - bound, names)
            found.key = key_of(found, {}, {})
            self._made[op, args] = found
        return found

    def fresh(self, dimension: Index) -> str:
        """An index that no certificate can name."""
        self.ranges[name := f"\0{len(self.ranges)}"] = dimension
        return name

    def number(self, value: int | Fraction) -> Node:
        return self.make("number", Fraction(value))

    def add(self, parts: Iterable[Node]) -> Node:
        kept = tuple(p for p in parts if p is not self.zero)
        return self.zero if not kept else kept[0] if len(kept) == 1 else self.make("add", *kept)

    def mul(self, *parts: Node) -> Node:
        """A product; a factor 0 (what does not depend on a variable) ends it."""
        kept = tuple(p for p in parts if p is not self.one)
        return self.zero if self.zero in kept else self.make("mul", *kept) if kept[1:] else (*kept, self.one)[0]

    def power(self, base: Node, exponent: int | Fraction) -> Node:
        return base if exponent == 1 else self.make("power", base, Fraction(exponent)) if exponent else self.one

    def same(self, i: Index, j: Index) -> Node:
        if i == j:
            return self.one
        return self.zero if isinstance(i, int) and isinstance(j, int) else self.make("same", *sorted((i, j), key=str))

    def indicator(self, guard: Node, at_zero: bool = False) -> Node:
        """[guard > 0], or [guard = 0]: 1 where it holds, else 0."""
        values = (self.zero, self.one) if at_zero else (self.one, self.zero)
        return self.make("split", guard, *values, self.zero)

    def rebuild(self, node: Node, change: Callable[[Node], Node]) -> Node:
        """The node with every child changed."""

        def changed(arg: Any) -> Any:
            return change(arg) if isinstance(arg, Node) else tuple(map(changed, arg)) if isinstance(arg, tuple) else arg

        return self.make(node.op, *map(changed, node.args))

    def rewrite(self, node: Node, rule: Rule, memo: dict[Node, Node]) -> Node:
        """The node by a rule for nodes and for what is below them; where it has none, every child is rewritten."""

        def change(n: Node) -> Node:
            if n not in memo:
                memo[n] = rule(n, change) or self.rebuild(n, change)
            return memo[n]

        return change(node)

    def reindex(self, node: Node, names: dict[str, Any]) -> Node:
        """Free indices replaced; a bound index that one of the new names would meet is renamed first."""

        def replaced(n: Node, change: Callable[[Node], Node]) -> Node | None:
            if n.free.isdisjoint(names):
                return n
            if n.op == "entry":
                return self.make("entry", n.args[0], tuple(names.get(i, i) for i in n.args[1]))
            if n.op == "same":
                return self.same(*(names.get(i, i) for i in n.args))
            if n.op == "sum" and (n.args[0] in names or n.args[0] in names.values()):
                binder = self.fresh(self.ranges[n.args[0]])
                return self.make("sum", binder, self.reindex(n.args[1], {**names, n.args[0]: binder}))
            return None

        return self.rewrite(node, replaced, {})

    def opened(self, node: Node) -> tuple[list[str], Node]:
        """The summand of nested sums, with fresh indices for the bound ones."""
        bound: list[str] = []
        while node.op == "sum" and isinstance(self.ranges[node.args[0]], str):
            bound.append(self.fresh(self.ranges[node.args[0]]))
            node = self.reindex(node.args[1], {node.args[0]: bound[-1]})
        return bound, node
