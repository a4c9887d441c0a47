"""A certificate read with distrust: every size bounded, every type looked at, parts only from parts before them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .terms import Index, Node, Rejected, Terms, need, subterms

FORMAT, VERSION = "derivation-certificate", 2
_MOST_BYTES, _MOST_PARTS, _MOST_DIGITS = 8 << 20, 60_000, 400
_RELATIONS, _DOMAINS = ("=", ">", ">=", "!=", "one-hot"), ("real", "positive", "nonnegative", "negative")

#: What each operator holds: t a term, T terms, q a rational, n a name, i an index, I indices, d a dimension, k a whole
#: number, c cases (pairs of terms), 2 and 3 so many terms, f a named function, p pi, o an order, v a variable.
_SHAPES = {
    "number": "q", "constant": "p", "symbol": "n", "size": "d", "entry": "nI", "same": "ii", "add": "T", "mul": "T",
    "power": "tk", "root": "tq", "exp": "t", "log": "t", "call": "ft", "applied": "not", "sum": "ndt",
    "alike": "iitt", "split": "tttt", "table": "c", "join": "t23", "derivative": "tv", "where": "tt", "undefined": "",
}  # fmt: skip

Reader = Callable[[Any], Any]


@dataclass
class Claim:
    """The claim of a certificate: names with what is declared of them, definitions and conditions."""

    left: Node
    right: Node
    indices: dict[str, Any]
    sizes: dict[str, int]  # the least value of each
    symbols: dict[str, str]  # name -> domain
    tensors: dict[str, tuple[list[Any], str]]  # name -> dimensions, domain
    definitions: dict[str, tuple[list[Index], Node]]
    conditions: list[tuple[str, Node, dict[str, Any], str]]  # relation, term, indices for all of which it holds, tensor

    def one_hot(self) -> dict[str, int]:
        """One-hot tensors and the axis over which their entries sum to 1: the last of dimension other than 1."""
        shapes = {tensor: self.tensors[tensor][0] for _, _, _, tensor in self.conditions if tensor}
        return {t: max((a for a, d in enumerate(shape) if d != 1), default=0) for t, shape in shapes.items()}


def load(data: bytes) -> dict[str, Any]:
    """JSON without floats, huge numbers, deep nesting or a name that stands twice."""
    need(len(data) <= _MOST_BYTES, "the file is too large")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len({k for k, _ in pairs}) == len(pairs), "a name stands twice")
        return dict(pairs)

    def number(text: str) -> int:
        need(re.fullmatch("-?[0-9]{1,18}", text) is not None, f"{text[:20]} is no whole number, or a huge one")
        return int(text)

    hooks: dict[str, Any] = dict.fromkeys(("parse_float", "parse_constant", "parse_int"), number)
    try:
        top = json.loads(data.decode("utf-8"), object_pairs_hook=unique, **hooks)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"not JSON that can be read: {type(error).__name__}") from None
    need(isinstance(top, dict), "a certificate is an object")
    need(top.get("format") == FORMAT and top.get("version") == VERSION, "not a certificate of this version")
    return dict(top)


def rational(text: Any) -> Fraction:
    need(isinstance(text, str) and len(text) <= _MOST_DIGITS, "a rational is a short text")
    need(re.fullmatch(r"-?[0-9]+(/0*[1-9][0-9]*)?", text, re.ASCII) is not None, f"not a rational: {text[:20]!r}")
    return Fraction(text)


def name(value: Any) -> str:
    need(isinstance(value, str) and 0 < len(value) <= 100 and "\0" not in value, f"not a name: {str(value)[:20]!r}")
    return str(value)


def whole(least: int = 0, most: int = 10_000) -> Reader:
    def read(value: Any) -> int:
        need(type(value) is int and least <= value <= most, f"not a whole number from {least} to {most}")
        return int(value)

    return read


def named_or(number: Reader) -> Reader:
    return lambda value: name(value) if isinstance(value, str) else number(value)


def chosen(*choices: str) -> Reader:
    def read(value: Any) -> str:
        need(isinstance(value, str) and value in choices, f"one of {', '.join(choices)} is expected")
        return str(value)

    return read


def listed(kind: Reader) -> Reader:
    def read(value: Any) -> list[Any]:
        need(isinstance(value, list) and len(value) <= _MOST_PARTS, "a list is expected")
        return [kind(v) for v in value]

    return read


def several(*kinds: Reader) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        need(isinstance(value, list) and len(value) == len(kinds), f"a list of {len(kinds)} is expected")
        return tuple(kind(part) for kind, part in zip(kinds, value, strict=True))

    return read


def mapped(kind: Reader) -> Reader:
    def read(value: Any) -> dict[str, Any]:
        need(isinstance(value, dict) and len(value) <= _MOST_PARTS, "an object is expected")
        return {k and name(k): kind(v) for k, v in value.items()}

    return read


def keyed(value: Any, *keys: str) -> dict[str, Any]:
    need(isinstance(value, dict) and value.keys() <= set(keys), f"an object with {', '.join(keys)} is expected")
    return dict(value)


def read_nodes(value: Any, terms: Terms) -> list[Node]:
    """The nodes of a certificate; each refers to nodes before it, so that there are no cycles."""
    nodes: list[Node] = []

    def term(v: Any) -> Node:
        return nodes[whole(0, len(nodes) - 1)(keyed(v, "t").get("t"))]

    def variable(v: Any) -> Node:
        need(term(v).op in ("symbol", "entry"), "a derivative by a compound term")
        return term(v)

    readers: dict[str, Reader] = {
        "t": term, "2": several(term, term), "3": several(term, term, term), "n": name, "i": named_or(whole()),
        "I": lambda v: tuple(listed(named_or(whole()))(v)), "d": named_or(whole(1)), "k": whole(-1000, 1000),
        "q": lambda v: rational(keyed(v, "q").get("q")), "f": chosen("erf", "sin", "cos"), "p": chosen("pi"),
        "o": whole(0, 1000), "v": variable,
    }  # fmt: skip

    def node(item: Any) -> Node:
        op, args = several(chosen(*_SHAPES), listed(lambda v: v))(item)
        shape = {"T": "t", "c": "2"}[_SHAPES[op]] * max(len(args), 1) if _SHAPES[op] in "Tc" and args else _SHAPES[op]
        made = several(*(readers[kind] for kind in shape))(args)
        if op == "sum":
            declare(terms, {made[0]: made[1]})
        if op == "alike":  # by the sign of 1 - same(i, j)
            return terms.make("split", terms.different(*made[:2]), made[3], made[2], made[3])
        return terms.make(op, *made)

    for position, item in enumerate(listed(lambda v: v)(value)):
        try:
            nodes.append(node(item))
        except Rejected as reason:
            raise Rejected(f"node {position}: {reason}") from None
    return nodes


def declare(terms: Terms, ranges: dict[str, Any]) -> None:
    """Each index ranges over one dimension wherever it stands."""
    for i, d in ranges.items():
        need(terms.ranges.setdefault(i, d) == d, f"the index {i} has two ranges")


def read_claim(data: Any, nodes: list[Node], terms: Terms) -> Claim:
    def node(value: Any) -> Node:
        return nodes[whole(0, len(nodes) - 1)(value)]

    def quantified(value: Any) -> dict[str, Any]:
        pairs = listed(several(name, dimension))(value)
        need(len(dict(pairs)) == len(pairs), "an index stands twice")
        declare(terms, dict(pairs))
        return dict(pairs)

    dimension, index, domain = named_or(whole(1)), named_or(whole()), chosen(*_DOMAINS)
    data = keyed(data, "left", "right", "indices", "sizes", "symbols", "tensors", "definitions", "conditions")
    tensors = mapped(several(listed(dimension), domain))(data.get("tensors"))
    defined = listed(several(name, listed(index), node))(data.get("definitions"))
    indices = mapped(dimension)(data.get("indices"))
    need(not indices.keys() & terms.ranges.keys(), "an index is bound and free")
    condition = several(chosen(*_RELATIONS), node, quantified, chosen("", *tensors))
    claim = Claim(
        node(data.get("left")), node(data.get("right")), indices, mapped(whole(1))(data.get("sizes")),
        mapped(domain)(data.get("symbols")), tensors, {n: (parameters, body) for n, parameters, body in defined},
        listed(condition)(data.get("conditions")),
    )  # fmt: skip
    need(not claim.symbols.keys() & tensors.keys(), "one name for a scalar and a tensor")
    need(len(claim.definitions) == len(defined), "a name is defined twice")
    declare(terms, indices)
    _check_declared(claim, nodes, terms)
    return claim


def _check_declared(claim: Claim, nodes: list[Node], terms: Terms) -> None:
    """Every variable, size and index is declared, and every index of an entry is in the range of its place."""

    def fits(i: Index, d: Any) -> bool:
        return terms.ranges.get(i) == d if isinstance(i, str) else i < (d if isinstance(d, int) else claim.sizes[d])

    dimensions = [d for shape, _ in claim.tensors.values() for d in shape]
    dimensions += [*terms.ranges.values(), *(n.args[0] for n in nodes if n.op == "size")]
    need(all(isinstance(d, int) or d in claim.sizes for d in dimensions), "a size is not declared")
    scopes = [({*claim.indices}, side) for side in (claim.left, claim.right)]
    for relation, term, quantified, tensor in claim.conditions:
        need((relation == "one-hot") == bool(tensor), "a one-hot tensor is named, and no other")
        need(not quantified.keys() & claim.indices.keys(), "an index of a condition is one of the claim")
        scopes.append((claim.indices.keys() | quantified.keys(), term))
    for defined, (parameters, body) in claim.definitions.items():
        shape = claim.tensors[defined][0] if defined in claim.tensors else []
        named = {i: d for i, d in zip(parameters, shape, strict=False) if isinstance(i, str)}
        once = len(named) == sum(isinstance(i, str) for i in parameters)
        need(len(shape) == len(parameters) and once, f"{defined}: parameters that do not fit")
        declare(terms, named)
        scopes.append((claim.indices.keys() | named.keys(), body))
    need(all(node.free <= scope for scope, node in scopes), "an index is not declared")
    _check_unfolds(claim)
    for n in nodes:
        if n.op == "symbol":
            need(n.args[0] in claim.symbols or n.args[0] in claim.definitions, f"{n}: {n.args[0]} is not declared")
        elif n.op == "entry":
            shape = claim.tensors[n.args[0]][0] if n.args[0] in claim.tensors else []
            need(len(shape) == len(n.args[1]) > 0 and all(map(fits, n.args[1], shape)), f"{n}: it is not declared so")
        elif n.op == "same":
            i, j = n.args if isinstance(n.args[0], str) else n.args[::-1]
            need(i in terms.ranges and fits(j, terms.ranges[i]), f"{n}: indices of different ranges")


def _check_unfolds(claim: Claim) -> None:
    """No quantity is defined through itself."""
    used = {d: {n.args[0] for n in subterms(body) if n.op in ("symbol", "entry")}
            for d, (_, body) in claim.definitions.items()}  # fmt: skip
    while used:
        settled = {d for d, names in used.items() if not names & used.keys()}
        need(bool(settled), f"{min(used)}: a quantity that is defined through itself")
        used = {d: names for d, names in used.items() if d not in settled}
