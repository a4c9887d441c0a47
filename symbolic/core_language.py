"""A claim in the smaller language of certificates, in which a scalar is a tensor without indices.

Of the operators of `symbolic.terms`, a symbol is an entry, a root a power, and what depends on whether two indices are
equal a choice by the sign of 1 - same(i, j).  One-hot is a domain, ``"bit"``, and an equation.
"""

from __future__ import annotations

from typing import Any

from . import terms as t
from .differentiation import names_in, subterms
from .errors import OutOfReach
from .terms import Claim, Condition, Definition, Dimension, Index, Term
from .transport import TermWriter

__all__ = ["CoreWriter"]


class CoreWriter(TermWriter):
    """Terms and claims as the nodes of a certificate, and the ranges of all their indices."""

    def __init__(self) -> None:
        super().__init__()
        self.ranges: dict[str, Dimension] = {}

    def _node(self, node: Term) -> list[Any]:
        op, args = node.op, node.args
        if op in ("inverse", "determinant"):
            raise OutOfReach(f"certificates do not speak of the {op} of a matrix")
        if op == "symbol":
            return ["entry", [args[0], []]]
        if op in ("power", "root"):
            return ["power", [self._arg(args[0]), {"q": str(args[1])}]]
        if op == "alike":
            guard = {"t": self.term(t.subtract(t.ONE, t.same(*args[:2])))}
            return ["split", [guard, self._arg(args[3]), self._arg(args[2]), self._arg(args[3])]]
        if op == "sum":
            self._declare({args[0]: args[1]})
            return ["sum", [args[0], self._arg(args[2])]]
        return super()._node(node)

    def _declare(self, ranges: dict[str, Dimension]) -> None:
        for index, dimension in ranges.items():
            if self.ranges.setdefault(index, dimension) != dimension:
                raise OutOfReach(f"the index {index} has two ranges")

    def claim(self, claim: Claim) -> dict[str, Any]:
        """The claim, with its terms as numbers of the nodes."""
        self._declare(claim.indices)
        undeclared = (d for name, d in claim.definitions.items() if name not in claim.tensors)
        variables: dict[str, list[Any]] = {d.name: [_ranges(d, claim), "real"] for d in undeclared}
        variables |= {name: [[], domain] for name, domain in claim.symbols.items()}
        variables |= {name: [[*tensor.dimensions], tensor.domain] for name, tensor in claim.tensors.items()}
        conditions = []
        for condition in claim.conditions:
            if condition.relation == "one-hot":
                variables[condition.tensor][1] = "bit"
                condition = _sums_to_one(condition.tensor, claim.tensors[condition.tensor].dimensions)
            self._declare(dict(condition.quantified))
            indices = [index for index, _ in condition.quantified]
            conditions.append([condition.relation, self.term(condition.term), indices])
        return {
            "left": self.term(claim.left),
            "right": self.term(claim.right),
            "free": [*claim.indices],
            "sizes": claim.sizes,
            "variables": variables,
            "definitions": [self._definition(d, variables[d.name][0]) for d in _in_order(claim.definitions)],
            "conditions": conditions,
        }

    def _definition(self, definition: Definition, dimensions: list[Dimension]) -> list[Any]:
        places = zip(definition.parameters, dimensions, strict=True)
        self._declare({index: dimension for index, dimension in places if isinstance(index, str)})
        return [definition.name, [*definition.parameters], self.term(definition.body)]


def _ranges(definition: Definition, claim: Claim) -> list[Dimension]:
    """What the parameters range over, as the tensors of the body tell; a fixed position is one of a single one."""
    ranges = dict(claim.indices)
    for node in subterms(definition.body):
        if node.op == "entry" and node.args[0] in claim.tensors:
            ranges |= dict(zip(node.args[1], claim.tensors[node.args[0]].dimensions, strict=True))
    if any(isinstance(i, str) and i not in ranges for i in definition.parameters):
        raise OutOfReach(f"nothing tells what the indices of {definition.name} range over")
    return [ranges[i] if isinstance(i, str) else 1 for i in definition.parameters]


def _sums_to_one(tensor: str, dimensions: tuple[Dimension, ...]) -> Condition:
    """The entries of a one-hot tensor sum to 1 over the last index of dimension other than 1."""
    hot = max((axis for axis, dimension in enumerate(dimensions) if dimension != 1), default=0)
    indices: list[Index] = [f"{tensor}~{a}" if a == hot or d != 1 else 0 for a, d in enumerate(dimensions)]
    total = t.total(str(indices[hot]), dimensions[hot], t.entry(tensor, indices))
    others = ((i, d) for i, d in zip(indices, dimensions, strict=True) if isinstance(i, str) and i != indices[hot])
    return Condition("=", t.subtract(total, t.ONE), tuple(others))


def _in_order(definitions: dict[str, Definition]) -> list[Definition]:
    """Each definition after those of the names that it uses; of those in a circle as they are."""
    ordered, pending = list[Definition](), dict(definitions)
    while pending:
        ready = [name for name, d in pending.items() if not names_in(d.body) & pending.keys()] or [*pending]
        ordered += [pending.pop(name) for name in ready]
    return ordered
