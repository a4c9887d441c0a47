"""Terms as a list of array operations, made once and run at any sizes.

A term is turned into nodes, equal terms into the same node.  A definition is worked out once, with its
parameters as axes; its entries are views of the result.  A derivative is either taken by rule first (`EXACT`)
or left to finite differences when the program runs (`DIFFERENCES`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symbolic import terms as t
from symbolic.differentiation import resolve
from symbolic.errors import OutOfReach
from symbolic.terms import Claim, Definition, Dimension, Tensor, Term

from .arrays import Axes, expander, union

EXACT = "exact"
DIFFERENCES = "differences"


@dataclass(frozen=True, eq=False)
class Node:
    """One operation: its operator, its axes, where its operands stand, how they are aligned, and what else it needs."""

    op: str
    axes: Axes
    operands: tuple[int, ...] = ()
    aligned: tuple[tuple[Any, ...], ...] = ()
    data: Any = None


@dataclass(frozen=True)
class Differencing:
    """A derivative that is left to differences: d(outputs[0] of the body)/d(variable).

    `guards` are the outputs whose sign must not change on the way; `base` gives the value of a variable that
    has a definition, which the body is cut loose from.
    """

    body: Program
    guards: tuple[int, ...]
    variable: Term
    base: Program | None
    shape: tuple[Dimension, ...]


@dataclass(frozen=True)
class Program:
    """Nodes in an order in which they can be worked out, and which of them are asked for."""

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]
    dimensions: Mapping[str, Dimension]
    inputs: frozenset[str]

    def axes(self, output: int = 0) -> Axes:
        return self.nodes[self.outputs[output]].axes


def compile_terms(terms: Iterable[Term], claim: Claim, inputs: Iterable[str] = (), derivatives: str = EXACT) -> Program:
    """The program of the terms; `inputs` are defined quantities that are given as arrays all the same."""
    builder = _Builder(claim, frozenset(inputs), derivatives)
    return builder.program(list(terms))


def guards_in(term: Term) -> list[Term]:
    """Every term whose sign decides a case, each once."""
    found: dict[Term, None] = {}
    seen: set[Term] = set()

    def walk(node: Term) -> None:
        if node in seen:
            return
        seen.add(node)
        if node.op == "split":
            found[node.args[0]] = None
        for child in node.children():
            walk(child)

    walk(term)
    return list(found)


def unfolded_guards(term: Term, definitions: Mapping[str, Definition]) -> list[Term]:
    """The guards of the term and of every definition that it needs."""
    found: dict[Term, None] = dict.fromkeys(guards_in(term))
    waiting, met = [term], {term}
    while waiting:
        node = waiting.pop()
        below = list(node.children())
        if node.op in ("symbol", "entry") and node.args[0] in definitions:
            body = definitions[node.args[0]].body
            found.update(dict.fromkeys(guards_in(body)))
            below.append(body)
        waiting += [child for child in below if child not in met]
        met.update(below)
    return list(found)


@dataclass
class _Builder:
    claim: Claim
    inputs: frozenset[str]
    derivatives: str
    nodes: list[Node] = field(default_factory=list)
    slots: dict[Term, int] = field(default_factory=dict)
    defined: dict[str, tuple[int, tuple[str | int, ...]]] = field(default_factory=dict)
    unfolding: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.dimensions: dict[str, Dimension] = dict(self.claim.indices)

    def program(self, terms: list[Term]) -> Program:
        for definition in self.claim.definitions.values():
            tensor = self.claim.tensors.get(definition.name, Tensor(()))
            for parameter, dimension in zip(definition.parameters, tensor.dimensions, strict=True):
                if isinstance(parameter, str):
                    self.dimensions[parameter] = dimension
            self.note_dimensions(definition.body)
        for term in terms:
            self.note_dimensions(term)
        outputs = tuple(self.slot(term) for term in terms)
        return Program(tuple(self.nodes), outputs, self.dimensions, frozenset(self.used))

    def note_dimensions(self, term: Term) -> None:
        if term.op == "sum" and self.dimensions.setdefault(term.args[0], term.args[1]) != term.args[1]:
            raise OutOfReach(f"the index {term.args[0]} is summed over two different ranges")
        for child in term.children():
            self.note_dimensions(child)

    # ---- nodes

    def slot(self, term: Term) -> int:
        """Where the value of the term will stand."""
        if term not in self.slots:
            rule = getattr(self, f"_{term.op}", None)
            self.slots[term] = self._plain(term) if rule is None else rule(term)
        return self.slots[term]

    def node(self, op: str, operands: Iterable[int] = (), data: Any = None, axes: Axes | None = None) -> int:
        operands = tuple(operands)
        if axes is None:
            axes = union([self.nodes[slot].axes for slot in operands])
        aligned = tuple(expander(self.nodes[slot].axes, axes) for slot in operands)
        self.nodes.append(Node(op, axes, operands, aligned, data))
        return len(self.nodes) - 1

    def _plain(self, term: Term) -> int:
        """An operator whose operands are its children and whose other arguments are plain data."""
        data = tuple(arg for arg in term.args if not isinstance(arg, Term | tuple))
        return self.node(term.op, [self.slot(child) for child in term.children()], data)

    def _size(self, term: Term) -> int:
        return self.node("size", data=term.args[0])

    def _symbol(self, term: Term) -> int:
        name = term.args[0]
        if name in self.claim.definitions and name not in self.inputs:
            return self.definition(name)[0]
        self.used.add(name)
        return self.node("input", data=(name, ()), axes=())

    def _entry(self, term: Term) -> int:
        name, indices = term.args
        axes = union([tuple(i for i in indices if isinstance(i, str))])
        if name not in self.claim.definitions or name in self.inputs:
            self.used.add(name)
            return self.node("input", data=(name, indices), axes=axes)
        slot, parameters = self.definition(name)
        at = dict(zip(parameters, indices, strict=True))
        for parameter, index in at.items():
            if isinstance(parameter, int) and parameter != index:
                raise OutOfReach(f"{term!r} has no definition")
        picks = tuple(at.get(axis, axis) for axis in self.nodes[slot].axes)  # what is not a parameter is free
        axes = union([tuple(i for i in picks if isinstance(i, str))])
        return self.node("view", (slot,), picks, axes)

    def definition(self, name: str) -> tuple[int, tuple[str | int, ...]]:
        """Where the value of a defined quantity stands, and its parameters."""
        if name not in self.defined:
            if name in self.unfolding:
                raise OutOfReach(f"{name} is defined through itself")
            self.unfolding.append(name)
            found = self.claim.definitions[name]
            self.defined[name] = self.slot(found.body), found.parameters
            self.unfolding.pop()
        return self.defined[name]

    def _same(self, term: Term) -> int:
        return self.node("same", data=term.args, axes=union([tuple(i for i in term.args if isinstance(i, str))]))

    def _alike(self, term: Term) -> int:
        i, j, equal, different = term.args
        return self.node("alike", [self.slot(t.same(i, j)), self.slot(equal), self.slot(different)])

    def _mul(self, term: Term) -> int:
        return self.node("mul", [self.slot(factor) for factor in _factors(term)])

    def _sum(self, term: Term) -> int:
        bound: dict[str, Dimension] = {}
        body = term
        while body.op == "sum" and body.args[0] not in bound:
            bound[body.args[0]] = body.args[1]
            body = body.args[2]
        if body.op == "add":
            return self.slot(t.add(_sums(bound, part) for part in body.args))
        slots = [self.slot(factor) for factor in _factors(body)]
        inside = [slot for slot in slots if bound.keys() & set(self.nodes[slot].axes)]
        outside = [slot for slot in slots if slot not in inside]
        axes = union([self.nodes[slot].axes for slot in inside])
        if inside:
            onto = tuple(axis for axis in axes if axis not in bound)
            outside.append(self.node("sum", inside, tuple(self.nodes[slot].axes for slot in inside), onto))
        outside += [self.slot(t.size(dimension)) for index, dimension in bound.items() if index not in axes]
        return outside[0] if len(outside) == 1 else self.node("mul", outside)

    def _log(self, term: Term) -> int:
        (argument,) = term.args
        if argument.op == "power":
            base, exponent = argument.args
            inner = self.node("log-size", [self.slot(base)]) if exponent % 2 == 0 else self.slot(t.log(base))
            return self.node("mul", [self.slot(t.number(exponent)), inner])
        if argument.op == "add" and t.ONE in argument.args:
            rest = list(argument.args)
            rest.remove(t.ONE)
            return self.node("log1p", [self.slot(t.add(rest))])
        return self.node("log", [self.slot(argument)])

    def _table(self, term: Term) -> int:
        return self.node("table", [self.slot(part) for pair in term.args for part in pair])

    def _join(self, term: Term) -> int:
        guard, slopes, values, _ = term.args
        sides = (slopes[0], slopes[2])
        return self.node("join", [self.slot(part) for part in (guard, *sides, *values)], (len(sides), len(values)))

    # ---- derivatives

    def _derivative(self, term: Term) -> int:
        if self.derivatives == EXACT:
            resolved = resolve(term, self.claim.definitions)
            self.note_dimensions(resolved)
            return self.slot(resolved)
        body, variable = term.args
        name = variable.args[0]
        cut = self.inputs | {name}
        guards = [g for g in unfolded_guards(body, {k: d for k, d in self.claim.definitions.items() if k not in cut})]
        data = Differencing(
            self.part([body, *guards], cut),
            tuple(range(1, 1 + len(guards))),
            variable,
            self.part([self.whole(name)], self.inputs) if self.is_defined(name) else None,
            self.claim.tensors.get(name, Tensor(())).dimensions,
        )
        self.used |= (data.body.inputs - {name}) | (data.base.inputs if data.base else {name})
        indices = variable.args[1] if variable.op == "entry" else ()
        axes = union([data.body.axes(), tuple(i for i in indices if isinstance(i, str))])
        return self.node("difference", (), data, axes)

    def is_defined(self, name: str) -> bool:
        return name in self.claim.definitions and name not in self.inputs

    def part(self, terms: list[Term], inputs: frozenset[str]) -> Program:
        """A program of its own, over the same indices."""
        builder = _Builder(self.claim, inputs, self.derivatives)
        builder.dimensions = self.dimensions
        return builder.program(terms)

    def whole(self, name: str) -> Term:
        """Every entry of a tensor, or a scalar."""
        return whole(name, self.claim.tensors.get(name, Tensor(())), self.dimensions)


def whole(name: str, tensor: Tensor, dimensions: dict[str, Dimension]) -> Term:
    """The entry of a tensor at free indices of their own, whose dimensions are noted; a scalar has none."""
    indices: list[t.Index] = []
    for position, dimension in enumerate(tensor.dimensions):
        indices.append(0 if dimension == 1 else f"{name}@{position}")
        if dimension != 1:
            dimensions[f"{name}@{position}"] = dimension
    return t.entry(name, indices) if tensor.dimensions else t.symbol(name)


def _factors(term: Term) -> list[Term]:
    if term.op != "mul":
        return [term]
    return [factor for part in term.args for factor in _factors(part)]


def _sums(bound: Mapping[str, Dimension], body: Term) -> Term:
    for index, dimension in reversed(list(bound.items())):
        body = t.total(index, dimension, body)
    return body


def is_exact(value: Fraction) -> bool:
    """Whether a float holds the rational without rounding."""
    return Fraction(float(value)) == value
