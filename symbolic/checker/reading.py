"""A certificate read with distrust: every size bounded, every type looked at, parts only from parts before them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .signs import DOMAINS, RELATIONS
from .terms import Index, Node, Rejected, Terms, need

FORMAT, VERSION = "derivation-certificate", 3
_MOST_BYTES, _MOST_PARTS, _MOST_DIGITS = 8 << 20, 60_000, 400

#: What each operator holds: t a term, T terms, q a rational, n a name, i an index, I indices, d a dimension, c cases
#: (pairs of terms), f a named function, p pi, o an order.
_SHAPES = {
    "number": "q", "constant": "p", "size": "d", "entry": "nI", "same": "ii", "add": "T", "mul": "T", "power": "tq",
    "exp": "t", "log": "t", "call": "ft", "applied": "not", "sum": "nt", "split": "tttt", "table": "c",
    "derivative": "tt", "undefined": "",
}  # fmt: skip

Reader = Callable[[Any], Any]


@dataclass
class Claim:
    """The claim of a certificate: names with what is declared of them, definitions and conditions."""

    left: Node
    right: Node
    free: list[str]  # its indices
    sizes: dict[str, int]  # the least value of each
    variables: dict[str, tuple[list[Index], str]]  # name -> dimensions, domain
    definitions: list[tuple[str, list[Index], Node]]  # name, indices, body; of names that are defined before
    conditions: list[tuple[str, Node, list[str]]]  # relation, term, indices for all of which it holds


def load(data: bytes) -> Any:
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
        return json.loads(data.decode("utf-8"), object_pairs_hook=unique, **hooks)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"not JSON that can be read: {type(error).__name__}") from None


# ---- what a part may be


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


def chosen(choices: Any) -> Reader:
    def read(value: Any) -> Any:
        need(isinstance(value, (str, int)) and value in choices, f"one of {', '.join(map(str, choices))} is expected")
        return value

    return read


def listed(kind: Reader) -> Reader:
    def read(value: Any) -> list[Any]:
        need(isinstance(value, list) and len(value) <= _MOST_PARTS, "a list is expected")
        return [kind(part) for part in value]

    return read


def several(*kinds: Reader) -> Reader:
    def read(value: Any) -> tuple[Any, ...]:
        need(isinstance(value, list) and len(value) == len(kinds), f"a list of {len(kinds)} is expected")
        return tuple(kind(part) for kind, part in zip(kinds, value, strict=True))

    return read


def mapped(kind: Reader) -> Reader:
    def read(value: Any) -> dict[str, Any]:
        need(isinstance(value, dict) and len(value) <= _MOST_PARTS, "an object is expected")
        return {name(k): kind(part) for k, part in value.items()}

    return read


def record(**kinds: Reader) -> Reader:
    def read(value: Any) -> dict[str, Any]:
        known = isinstance(value, dict) and value.keys() <= kinds.keys()
        need(known, f"an object with {', '.join(kinds)} is expected")
        return {key: kind(value.get(key)) for key, kind in kinds.items()}

    return read


def one_of(nodes: list[Node]) -> Reader:
    """A node that has been read, by its place."""
    return lambda value: nodes[whole(0, len(nodes) - 1)(value)]


DIMENSION, INDEX = named_or(whole(1)), named_or(whole())


# ---- the certificate


def read_nodes(value: Any, terms: Terms) -> list[Node]:
    """The nodes of a certificate; each refers to nodes before it, so that there are no cycles."""
    nodes: list[Node] = []
    readers: dict[str, Reader] = {
        "t": lambda v: one_of(nodes)(record(t=lambda k: k)(v)["t"]), "q": lambda v: record(q=rational)(v)["q"],
        "n": name, "i": INDEX, "I": lambda v: tuple(listed(INDEX)(v)), "d": DIMENSION, "o": whole(0, 1000),
        "c": lambda v: several(readers["t"], readers["t"])(v), "f": chosen(("erf", "sin", "cos")), "p": chosen(("pi",)),
    }  # fmt: skip

    def node(item: Any) -> Node:
        op, args = several(chosen(_SHAPES), listed(lambda v: v))(item)
        shape = {"T": "t", "c": "c"}[_SHAPES[op]] * len(args) if _SHAPES[op] in ("T", "c") else _SHAPES[op]
        need(bool(shape) or op == "undefined", f"{op} of nothing")
        made = several(*(readers[kind] for kind in shape))(args)
        return terms.same(*made) if op == "same" else terms.make(op, *made)

    for position, item in enumerate(listed(lambda v: v)(value)):
        try:
            nodes.append(node(item))
        except Rejected as reason:
            raise Rejected(f"node {position}: {reason}") from None
    return nodes


def read_claim(value: Any, nodes: list[Node], terms: Terms) -> Claim:
    """The claim, in which every variable, size and index is declared and stands where it may."""
    node = one_of(nodes)
    claim = Claim(
        **record(
            left=node,
            right=node,
            free=listed(name),
            sizes=mapped(whole(1)),
            variables=mapped(several(listed(DIMENSION), chosen(DOMAINS))),
            definitions=listed(several(name, listed(INDEX), node)),
            conditions=listed(several(chosen(RELATIONS), node, listed(name))),
        )(value)
    )
    dimensions = [*terms.ranges.values(), *(d for shape, _ in claim.variables.values() for d in shape)]
    dimensions += [n.args[0] for n in nodes if n.op == "size"]
    need(all(isinstance(d, int) or d in claim.sizes for d in dimensions), "a size is not declared")
    for n in nodes:
        _check_node(n, claim, terms.ranges)
    later = {defined for defined, _, _ in claim.definitions}
    need(len(later) == len(claim.definitions), "a name is defined twice")
    scopes = [(claim.left, {*claim.free}), (claim.right, {*claim.free})]
    scopes += [(term, {*claim.free, *running}) for _, term, running in claim.conditions]
    for defined, parameters, body in claim.definitions:
        running = [i for i in parameters if isinstance(i, str)]
        need(_fits(defined, parameters, claim, terms.ranges), f"{defined}: parameters that do not fit")
        need(len({*running}) == len(running), f"{defined}: a parameter stands twice")
        need(not body.names & later, f"{defined} is defined through itself, or through a name that is defined after it")
        later.remove(defined)
        scopes.append((body, {*claim.free, *running}))
    need(all(term.free <= scope <= terms.ranges.keys() for term, scope in scopes), "an index is not declared")
    return claim


def _check_node(n: Node, claim: Claim, ranges: dict[str, Index]) -> None:
    if n.op == "entry":
        need(_fits(n.args[0], n.args[1], claim, ranges), f"{n}: {n.args[0]} is not declared so")
    elif n.op == "same":
        i, j = n.args if isinstance(n.args[0], str) else n.args[::-1]
        need(_in_range(j, ranges.get(i, 0), claim, ranges), f"{n}: indices of different ranges")
    elif n.op == "sum":
        need(n.args[0] in ranges and n.args[0] not in claim.free, f"{n}: the index is not declared, or free elsewhere")
    elif n.op == "derivative":
        need(n.args[1].op == "entry", f"{n}: a derivative by a compound term")


def _fits(variable: str, indices: Any, claim: Claim, ranges: dict[str, Index]) -> bool:
    """Whether every index is in the range of its place."""
    shape = claim.variables[variable][0] if variable in claim.variables else None
    if shape is None or len(shape) != len(indices):
        return False
    return all(_in_range(i, d, claim, ranges) for i, d in zip(indices, shape, strict=True))


def _in_range(i: Index, d: Index, claim: Claim, ranges: dict[str, Index]) -> bool:
    return ranges.get(i) == d if isinstance(i, str) else i < (d if isinstance(d, int) else claim.sizes[d])
