"""A certificate read with distrust: every size bounded, every type looked at, parts only from parts before them."""

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .signs import DOMAINS, RELATIONS
from .terms import Index, Node, Rejected, Terms, need

PARTS = ("verdict", "ranges", "nodes", "claim", "cells", "exceptions", "witness", "counterexample", "format", "version")
FORMAT, VERSION = "derivation-certificate", 3
_MOST_BYTES, _MOST_PARTS, _MOST_DIGITS = 8 << 20, 60_000, 400


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
    within: Node | None  # of a calculation: how far apart the sides may be
    values: Any  # of a calculation: the entries of all variables


def load(data: bytes) -> dict[str, Any]:
    """The parts of a certificate, not yet read; no name stands twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len({k for k, _ in pairs}) == len(pairs), "a name stands twice")
        return dict(pairs)

    need(len(data) <= _MOST_BYTES, "the file is too large")
    try:
        top = read(dict.fromkeys(PARTS, anything), json.loads(data, object_pairs_hook=unique))
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError
        raise Rejected(f"not JSON that can be read: {type(error).__name__}") from None
    need((top["format"], top["version"]) == (FORMAT, VERSION), "not a certificate of this version")
    return dict(top)


# ---- what a part may be


def read(kind: Any, value: Any) -> Any:
    """The value as one of its kind: [kind], (kind, kind), {key: kind}, {str: kind} for any names, a set of texts."""
    if isinstance(kind, set):
        need(isinstance(value, str) and value in kind, f"one of {', '.join(sorted(kind))} is expected")
        return value
    if isinstance(kind, list):
        need(isinstance(value, list) and len(value) <= _MOST_PARTS, "a list is expected")
        return [read(kind[0], part) for part in value]
    if isinstance(kind, tuple):
        need(isinstance(value, list) and len(value) == len(kind), f"a list of {len(kind)} is expected")
        return tuple(map(read, kind, value))
    if isinstance(kind, dict):
        need(isinstance(value, dict) and len(value) <= _MOST_PARTS, "an object is expected")
        if str in kind:
            return {name(key): read(kind[str], part) for key, part in value.items()}
        need(value.keys() <= kind.keys(), f"an object with {', '.join(kind)} is expected")
        return {key: read(part, value.get(key)) for key, part in kind.items()}
    return kind(value)


def anything(value: Any) -> Any:
    return value


def rational(text: Any) -> Fraction:
    need(isinstance(text, str) and len(text) <= _MOST_DIGITS, "a rational is a short text")
    need(re.fullmatch(r"-?[0-9]+(/0*[1-9][0-9]*)?", text, re.ASCII) is not None, f"not a rational: {text[:20]!r}")
    return Fraction(text)


def name(value: Any) -> str:
    need(isinstance(value, str) and 0 < len(value) <= 100 and value.isprintable(), f"not a name: {str(value)[:20]!r}")
    return str(value)


def whole(value: Any) -> int:
    need(type(value) is int and 0 <= value <= 10_000, f"not a whole number up to 10,000: {str(value)[:20]}")
    return int(value)


def size(value: Any) -> int:
    need(whole(value) > 0, "a size is at least 1")
    return int(value)


def index(value: Any) -> Index:
    return name(value) if isinstance(value, str) else whole(value)


def dimension(value: Any) -> Index:
    return name(value) if isinstance(value, str) else size(value)


# ---- the certificate


def one_of(nodes: list[Node], value: Any) -> Node:
    """A node that has been read, by its place; so there are no cycles."""
    need(whole(value) < len(nodes), f"there is no node {value} before this")
    return nodes[value]


def read_nodes(value: Any, terms: Terms) -> list[Node]:
    """The nodes of a certificate."""
    nodes: list[Node] = []

    def inside(key: str, kind: Any) -> Any:
        return lambda part: read({key: kind}, part)[key]

    term, quotient = inside("t", lambda part: one_of(nodes, part)), inside("q", rational)
    kinds: dict[str, Any] = {
        "number": (quotient,), "constant": ({"pi"},), "size": (dimension,), "entry": (name, [index]),
        "same": (index, index), "add": [term], "mul": [term], "power": (term, quotient), "exp": (term,), "log": (term,),
        "call": ({"erf", "sin", "cos"}, term), "applied": (name, whole, term), "sum": (name, term),
        "split": (term, term, term, term), "table": [(term, term)], "derivative": (term, term), "undefined": (),
    }  # fmt: skip
    for op, parts in read([({*kinds}, anything)], value):
        try:
            args: list[Any] = [tuple(arg) if isinstance(arg, list) else arg for arg in read(kinds[op], parts)]
            need(bool(args) or op == "undefined", f"{op} of nothing")
            nodes.append(terms.same(*args) if op == "same" else terms.make(op, *args))
        except Rejected as reason:
            raise Rejected(f"node {len(nodes)}: {reason}") from None
    return nodes


def read_claim(value: Any, nodes: list[Node], terms: Terms) -> Claim:
    """The claim, in which every variable, size and index is declared and stands where it may."""

    def node(part: Any) -> Node:
        return one_of(nodes, part)

    def in_range(i: Index, d: Index) -> bool:
        return ranges.get(i) == d if isinstance(i, str) else i < (d if isinstance(d, int) else claim.sizes[d])

    def declared(variable: str, places: Any) -> bool:
        shape = claim.variables[variable][0] if variable in claim.variables else None
        return shape is not None and len(shape) == len(places) and all(map(in_range, places, shape))

    kinds = {
        "left": node, "right": node, "free": [name], "sizes": {str: size},
        "variables": {str: ([dimension], {*DOMAINS})}, "definitions": [(name, [index], node)],
        "conditions": [({*RELATIONS}, node, [name])], "values": anything,
        "within": lambda part: None if part is None else node(part),
    }  # fmt: skip
    claim, ranges = Claim(**read(kinds, value)), terms.ranges
    dimensions = [d for shape, _ in claim.variables.values() for d in shape]
    dimensions += [*ranges.values(), *(n.args[0] for n in nodes if n.op == "size")]
    need(all(isinstance(d, int) or d in claim.sizes for d in dimensions), "a size is not declared")
    bindable = ranges.keys() - {*claim.free}
    for n in nodes:
        i, j = sorted(n.args, key=lambda i: isinstance(i, int)) if n.op == "same" else ("", "")
        need(n.op != "same" or (i in ranges and in_range(j, ranges[i])), f"{n}: indices of different ranges")
        need(n.op != "entry" or declared(*n.args), f"{n}: {n.args[:1]} is not declared so")
        need(n.op != "derivative" or n.args[1].op == "entry", f"{n}: a derivative by a compound term")
        need(n.op != "sum" or n.args[0] in bindable, f"{n}: its index is not one to be bound")
    scopes = [(term, running) for _, term, running in claim.conditions]
    scopes += [(side, claim.free) for side in (claim.left, claim.right, claim.within) if side is not None]
    later = {defined for defined, _, _ in claim.definitions}
    need(len(later) == len(claim.definitions), "a name is defined twice")
    for defined, places, body in claim.definitions:
        running = [i for i in places if isinstance(i, str)]
        need(declared(defined, places) and len({*running}) == len(running), f"{defined}: indices that do not fit")
        need(not body.names & later, f"{defined} is defined through itself, or through a name that is defined after it")
        later.remove(defined)
        scopes.append((body, running))
    need(all(term.free & bindable <= {*on} <= ranges.keys() for term, on in scopes), "an index is not declared")
    return claim
