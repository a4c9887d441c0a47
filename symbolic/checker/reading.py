"""A certificate read with distrust: every size bounded, every type looked at, parts only from parts before them.

Terms are interned nodes; an operator and what it holds is listed in `SHAPES`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

FORMAT, VERSION = "derivation-certificate", 1
MOST_BYTES, MOST_NODES, MOST_DIGITS, DEEPEST, MOST_ENTRIES = 8 << 20, 60_000, 400, 900, 4_000
DOMAINS = ("real", "positive", "nonnegative", "negative")

#: What each operator holds: t a term, T terms, q a rational, n a name, i an index, I indices, d a dimension,
#: k a whole number, c cases (pairs of terms), 2 and 3 so many terms.
SHAPES = {
    "number": "q", "constant": "n", "symbol": "n", "size": "d", "entry": "nI", "same": "ii", "add": "T", "mul": "T",
    "power": "tk", "root": "tq", "exp": "t", "log": "t", "call": "nt", "applied": "nkt", "sum": "ndt",
    "alike": "iitt", "split": "tttt", "table": "c", "join": "t23", "derivative": "tt", "where": "tt", "undefined": "",
}  # fmt: skip
CALLS = ("erf", "sin", "cos")

Index = str | int


class Rejected(Exception):
    """The certificate is not accepted; the text names the node and the reason."""


class Work:
    """Steps that are left: what would take too long is rejected."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise Rejected("not in the checker's reach: too much work")


class Node:
    """An interned term: the same operator and arguments are the same object."""

    __slots__ = ("args", "depth", "free", "names", "op", "serial")
    op: str
    args: tuple[Any, ...]
    free: frozenset[str]  # its free indices
    names: frozenset[str]  # the variables that occur in it
    depth: int
    serial: int

    def __repr__(self) -> str:
        return f"node {self.serial} ({self.op})"


def children(args: tuple[Any, ...]) -> Iterator[Node]:
    for arg in args:
        if isinstance(arg, Node):
            yield arg
        elif isinstance(arg, tuple):
            yield from children(arg)


class Terms:
    """Makes every node once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._made: dict[tuple[Any, ...], Node] = {}
        self._fresh = 0
        self.zero, self.one = self.number(0), self.number(1)
        self.undefined = self.make("undefined")

    def make(self, op: str, *args: Any) -> Node:
        found = self._made.get((op, args))
        if found is not None:
            return found
        self.work.spend(3)
        node = Node()
        node.op, node.args, node.serial = op, args, len(self._made)
        below = tuple(children(args))
        node.depth = 1 + max((c.depth for c in below), default=0)
        if node.depth > DEEPEST:
            raise Rejected(f"{node}: nested too deeply")
        own: tuple[Index, ...] = args[1] if op == "entry" else args[:2] if op in ("same", "alike") else ()
        node.free = frozenset(i for i in own if isinstance(i, str)).union(*(c.free for c in below))
        if op == "sum":
            node.free -= {args[0]}
        own_name = frozenset({args[0]}) if op in ("symbol", "entry") else frozenset()
        node.names = own_name.union(*(c.names for c in below))
        self._made[op, args] = node
        return node

    def fresh(self) -> str:
        """An index that no certificate can name."""
        self._fresh += 1
        return f"\0{self._fresh}"

    def number(self, value: int | Fraction) -> Node:
        return self.make("number", Fraction(value))

    def add(self, parts: list[Node]) -> Node:
        kept = tuple(p for p in parts if p is not self.zero)
        return self.zero if not kept else kept[0] if len(kept) == 1 else self.make("add", *kept)

    def mul(self, parts: list[Node]) -> Node:
        """A product; a factor 0 (what does not depend on a variable) ends it."""
        if self.zero in parts:
            return self.zero
        kept = tuple(p for p in parts if p is not self.one)
        return self.one if not kept else kept[0] if len(kept) == 1 else self.make("mul", *kept)

    def same(self, i: Index, j: Index) -> Node:
        if i == j:
            return self.one
        return self.zero if isinstance(i, int) and isinstance(j, int) else self.make("same", *sorted((i, j), key=str))

    def alike(self, i: Index, j: Index, equal: Node, different: Node) -> Node:
        indicator = self.same(i, j)
        if indicator.op == "number":
            return equal if indicator is self.one else different
        return self.make("alike", *indicator.args, equal, different)

    def rebuild(self, node: Node, change: Callable[[Node], Node]) -> Node:
        """The node with every child changed."""

        def changed(arg: Any) -> Any:
            if isinstance(arg, Node):
                return change(arg)
            return tuple(changed(a) for a in arg) if isinstance(arg, tuple) else arg

        return self.make(node.op, *(changed(arg) for arg in node.args))

    def reindex(self, node: Node, names: dict[str, Index]) -> Node:
        """Free indices replaced; a bound index that one of the new names would meet is renamed first."""
        memo: dict[Node, Node] = {}

        def change(n: Node) -> Node:
            if not any(i in names for i in n.free):
                return n
            if n not in memo:
                memo[n] = replaced(n)
            return memo[n]

        def of(i: Index) -> Index:
            return names.get(i, i) if isinstance(i, str) else i

        def replaced(n: Node) -> Node:
            if n.op == "entry":
                return self.make("entry", n.args[0], tuple(of(i) for i in n.args[1]))
            if n.op == "same":
                return self.same(of(n.args[0]), of(n.args[1]))
            if n.op == "alike":
                return self.alike(of(n.args[0]), of(n.args[1]), change(n.args[2]), change(n.args[3]))
            if n.op == "sum" and (n.args[0] in names or n.args[0] in names.values()):
                binder = self.fresh()
                body = self.reindex(n.args[2], {n.args[0]: binder})
                inner = {i: j for i, j in names.items() if i != n.args[0]}
                return self.make("sum", binder, n.args[1], self.reindex(body, inner))
            return self.rebuild(n, change)

        return change(node)


@dataclass
class Condition:
    relation: str
    term: Node
    quantified: list[tuple[str, Any]]
    tensor: str


@dataclass
class Claim:
    """The claim of a certificate, as read."""

    left: Node
    right: Node
    indices: dict[str, Any]
    sizes: dict[str, int]
    symbols: dict[str, str]
    tensors: dict[str, tuple[list[Any], str]]
    definitions: dict[str, tuple[list[Index], Node]] = field(default_factory=dict)
    conditions: list[Condition] = field(default_factory=list)

    def one_hot(self) -> dict[str, int]:
        """One-hot tensors and the axis over which their entries sum to 1: the last of dimension other than 1."""
        hot = [c.tensor for c in self.conditions if c.relation == "one-hot"]
        return {t: max((a for a, d in enumerate(self.tensors[t][0]) if d != 1), default=0) for t in hot}


def need(holds: bool, reason: str) -> None:
    if not holds:
        raise Rejected(reason)


def load(data: bytes) -> dict[str, Any]:
    """JSON without floats, huge numbers, deep nesting or a name that stands twice."""
    need(len(data) <= MOST_BYTES, "the file is too large")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len({k for k, _ in pairs}) == len(pairs), "a name stands twice")
        return dict(pairs)

    def refuse(text: str) -> Any:
        raise Rejected(f"the number {text[:20]} is not a whole number")

    def whole(text: str) -> int:
        need(len(text) <= 18, "a whole number is too large")
        return int(text)

    try:
        top = json.loads(
            data.decode("utf-8"), object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse, parse_int=whole
        )
    except (ValueError, RecursionError) as error:
        raise Rejected(f"not JSON that can be read: {type(error).__name__}") from None
    need(isinstance(top, dict), "a certificate is an object")
    need(top.get("format") == FORMAT and top.get("version") == VERSION, "not a certificate of this version")
    return top


def rational(text: Any) -> Fraction:
    need(isinstance(text, str) and len(text) <= MOST_DIGITS, "a rational is a short text")
    need(re.fullmatch(r"-?[0-9]+(/[0-9]+)?", text, re.ASCII) is not None, f"not a rational: {text[:20]!r}")
    _, _, below = text.partition("/")
    need(not below or int(below) != 0, "a denominator is 0")
    return Fraction(text)


def name(value: Any) -> str:
    need(isinstance(value, str) and 0 < len(value) <= 100 and "\0" not in value, f"not a name: {str(value)[:20]!r}")
    return str(value)


def whole(value: Any, least: int = 0, most: int = 10_000) -> int:
    need(type(value) is int and least <= value <= most, f"not a whole number from {least} to {most}")
    return int(value)


def index(value: Any) -> Index:
    return name(value) if isinstance(value, str) else whole(value)


def dimension(value: Any) -> Any:
    return name(value) if isinstance(value, str) else whole(value, 1)


def listed(value: Any, kind: Callable[[Any], Any]) -> list[Any]:
    need(isinstance(value, list) and len(value) <= MOST_NODES, "a list is expected")
    return [kind(v) for v in value]


def mapped(value: Any, kind: Callable[[Any], Any]) -> dict[str, Any]:
    need(isinstance(value, dict) and len(value) <= MOST_ENTRIES, "an object is expected")
    return {name(k): kind(v) for k, v in value.items()}


def read_nodes(value: Any, terms: Terms) -> list[Node]:
    """The nodes of a certificate; each refers to nodes before it, so that there are no cycles."""
    need(isinstance(value, list) and len(value) <= MOST_NODES, "the nodes are a list that is not too long")
    nodes: list[Node] = []

    def term(v: Any) -> Node:
        need(isinstance(v, dict) and v.keys() == {"t"}, "a reference to a node is expected")
        return nodes[whole(v["t"], 0, len(nodes) - 1)]

    def terms_of(v: Any, count: int | None = None) -> tuple[Node, ...]:
        found = tuple(listed(v, term))
        need(count is None or len(found) == count, f"{count} nodes are expected")
        return found

    def rational_of(v: Any) -> Fraction:
        return rational(v["q"] if isinstance(v, dict) and v.keys() == {"q"} else None)

    readers: dict[str, Callable[[Any], Any]] = {
        "t": term, "2": lambda v: terms_of(v, 2), "3": lambda v: terms_of(v, 3), "n": name, "i": index,
        "I": lambda v: tuple(listed(v, index)), "d": dimension, "k": lambda v: whole(v, -1000, 1000),
        "q": rational_of,
    }  # fmt: skip
    for position, item in enumerate(value):
        try:
            need(isinstance(item, list) and len(item) == 2 and isinstance(item[1], list), "not [operator, arguments]")
            op, args = item
            shape = SHAPES.get(op) if isinstance(op, str) else None
            need(shape is not None, f"unknown operator {str(op)[:20]!r}")
            assert shape is not None
            made: tuple[Any, ...] = ()
            if shape in ("T", "c"):
                need(bool(args), "no arguments")
                made = terms_of(args) if shape == "T" else tuple(terms_of(v, 2) for v in args)
            else:
                need(len(args) == len(shape), f"{len(shape)} arguments are expected")
                made = tuple(readers[kind](v) for kind, v in zip(shape, args, strict=True))
            _check_arguments(op, made)
            nodes.append(terms.make(op, *made))
        except Rejected as reason:
            raise Rejected(f"node {position}: {reason}") from None
    return nodes


def _check_arguments(op: str, args: tuple[Any, ...]) -> None:
    need(op != "call" or args[0] in CALLS, "unknown function")
    need(op != "applied" or args[1] >= 0, "a negative order of a derivative")
    need(op != "constant" or args[0] == "pi", "unknown constant")
    need(op != "derivative" or args[1].op in ("symbol", "entry"), "a derivative by a compound term")


def read_claim(data: Any, nodes: list[Node]) -> Claim:
    need(isinstance(data, dict), "the claim is an object")

    def node(value: Any) -> Node:
        return nodes[whole(value, 0, len(nodes) - 1)]

    def domain(value: Any) -> str:
        need(value in DOMAINS, "unknown domain")
        return str(value)

    def tensor(value: Any) -> tuple[list[Any], str]:
        need(isinstance(value, list) and len(value) == 2, "a tensor is [dimensions, domain]")
        return listed(value[0], dimension), domain(value[1])

    claim = Claim(
        node(data.get("left")), node(data.get("right")), mapped(data.get("indices"), dimension),
        mapped(data.get("sizes"), lambda v: whole(v, 1)), mapped(data.get("symbols"), domain),
        mapped(data.get("tensors"), tensor),
    )  # fmt: skip
    need(not claim.symbols.keys() & claim.tensors.keys(), "one name for a scalar and a tensor")
    for item in listed(data.get("definitions"), lambda v: v):
        need(isinstance(item, list) and len(item) == 3, "a definition is [name, parameters, node]")
        defined = name(item[0])
        need(defined not in claim.definitions, f"{defined} is defined twice")
        claim.definitions[defined] = listed(item[1], index), node(item[2])
    for item in listed(data.get("conditions"), lambda v: v):
        need(isinstance(item, list) and len(item) == 4, "a condition is [relation, node, indices, tensor]")
        need(item[0] in ("=", ">", ">=", "!=", "one-hot"), "unknown relation")
        quantified = listed(item[2], _quantified)
        hot = item[0] == "one-hot"
        need(isinstance(item[3], str) and (item[3] in claim.tensors if hot else item[3] == ""), "unknown tensor")
        claim.conditions.append(Condition(item[0], node(item[1]), quantified, item[3]))
    _check_declared(claim, nodes)
    return claim


def _quantified(value: Any) -> tuple[str, Any]:
    need(isinstance(value, list) and len(value) == 2, "an index and its range are expected")
    return name(value[0]), dimension(value[1])


def _check_declared(claim: Claim, nodes: list[Node]) -> None:
    """Every variable, size and index is declared, each entry with as many indices as its tensor has dimensions."""
    dimensions = set(claim.sizes)
    for n in nodes:
        if n.op == "symbol":
            need(n.args[0] in claim.symbols or n.args[0] in claim.definitions, f"{n}: {n.args[0]} is not declared")
        elif n.op == "entry":
            shape = claim.tensors.get(n.args[0])
            need(shape is not None and len(shape[0]) == len(n.args[1]), f"{n}: {n.args[0]} is not declared so")
        elif n.op in ("size", "sum"):
            d = n.args[1 if n.op == "sum" else 0]
            need(isinstance(d, int) or d in dimensions, f"{n}: the size {d} is not declared")
    for d in [*claim.indices.values(), *(d for shape, _ in claim.tensors.values() for d in shape)]:
        need(isinstance(d, int) or d in dimensions, f"the size {d} is not declared")
    for side in (claim.left, claim.right):
        need(side.free <= claim.indices.keys(), "an index is not declared")
