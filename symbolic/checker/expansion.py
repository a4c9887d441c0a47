"""The claim lowered again: definitions unfolded, derivatives taken by the rules listed here.

A derivative by a defined quantity follows the definitions of what is differentiated until that quantity appears.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .reading import Claim, Index, Node, Rejected, Terms, children

_MOST_HOISTED = 3


class Expansion:
    """Terms of one claim without derivatives and without defined names."""

    def __init__(self, claim: Claim, terms: Terms) -> None:
        self.claim, self.terms = claim, terms
        self._memo: dict[tuple[Node, frozenset[str]], Node] = {}
        self._unfolding: list[str] = []

    def expand(self, node: Node, cut: frozenset[str] = frozenset()) -> Node:
        """The node with its definitions unfolded, except those of the quantities that are cut loose."""
        key = (node, cut)
        if key not in self._memo:
            self._memo[key] = self._expanded(node, cut)
        return self._memo[key]

    def _expanded(self, node: Node, cut: frozenset[str]) -> Node:
        if node.op in ("symbol", "entry") and node.args[0] in self.claim.definitions and node.args[0] not in cut:
            if node.args[0] in self._unfolding:
                raise Rejected(f"{node}: {node.args[0]} is defined through itself")
            self._unfolding.append(node.args[0])
            result = self.expand(self._unfolded(node), cut)
            self._unfolding.pop()
            return result
        if node.op != "derivative":
            return self._rebuilt(node, lambda child: self.expand(child, cut))
        body, variable = node.args
        inner = self.expand(body, cut | {variable.args[0]})
        if variable.args[0] not in inner.names:
            raise Rejected(f"{node}: the variable does not occur in what is differentiated")
        inner = self._cases_outside(inner, variable.args[0])
        slope = self.derivative(inner, variable)
        if _partial(inner, {}):
            slope = self.terms.make("where", slope, inner)
        return self.expand(slope, cut)

    def _rebuilt(self, node: Node, change: Callable[[Node], Node]) -> Node:
        if node.op == "add":
            return self.terms.add([change(a) for a in node.args])
        return self.terms.rebuild(node, change)

    def _unfolded(self, node: Node) -> Node:
        parameters, body = self.claim.definitions[node.args[0]]
        indices = node.args[1] if node.op == "entry" else ()
        if len(parameters) != len(indices):
            raise Rejected(f"{node}: another number of indices than in the definition")
        names: dict[str, Index] = {}
        for parameter, index in zip(parameters, indices, strict=True):
            if isinstance(parameter, str):
                if names.setdefault(parameter, index) != index:
                    raise Rejected(f"{node}: a parameter that stands twice")
            elif parameter != index:
                raise Rejected(f"{node}: the definition does not reach this entry")
        return self.terms.reindex(body, names)

    def _cases_outside(self, node: Node, variable: str) -> Node:
        """The same value with its cases outermost: slopes are compared of the whole (max(0, x)^2 is smooth at 0)."""
        found: dict[Node, None] = {}
        seen: set[Node] = set()
        pending: list[tuple[Node, frozenset[str]]] = [(node, frozenset())]
        while pending:
            part, bound = pending.pop()
            if part in seen:
                continue
            seen.add(part)
            guarded = part.op == "split" and variable in part.args[0].names
            if guarded and not part.args[0].free & bound and not _partial(part.args[0], {}):
                found.setdefault(part.args[0])
            bound = bound | {part.args[0]} if part.op == "sum" else bound
            pending += [(child, bound) for child in children(part.args)]
        guards = [g for g in found if not any("~" in i or "\0" in i for i in g.free)]
        if len(guards) <= _MOST_HOISTED and not (node.op == "split" and len(guards) == 1):
            for guard in guards:
                node = self.terms.make("split", guard, *(self._assuming(node, guard, place) for place in (1, 2, 3)))
        return node

    def _assuming(self, node: Node, guard: Node, place: int) -> Node:
        memo: dict[Node, Node] = {}

        def change(n: Node) -> Node:
            if n not in memo:
                if n.op == "split" and n.args[0] is guard:
                    memo[n] = change(n.args[place])
                elif n.op == "sum" and n.args[0] in guard.free:
                    memo[n] = n  # the name means another index inside
                else:
                    memo[n] = self._rebuilt(n, change)
            return memo[n]

        return change(node)

    # ---- derivatives

    def derivative(self, node: Node, variable: Node) -> Node:
        """d(node)/d(variable); what the variable does not occur in has the derivative 0."""
        memo: dict[Node, Node] = {}

        def d(n: Node) -> Node:
            if variable.args[0] not in n.names:
                return n if n is self.terms.undefined else self.terms.zero
            if n not in memo:
                memo[n] = self._slope(n, variable, d)
            return memo[n]

        return d(node)

    def _slope(self, n: Node, variable: Node, d: Callable[[Node], Node]) -> Node:
        t, args = self.terms, n.args
        if n.op == "symbol":
            return t.one
        if n.op == "entry":  # dx[i]/dx[j] = same(i, j)
            return t.mul([t.same(i, j) for i, j in zip(args[1], variable.args[1], strict=True)])
        if n.op == "add":
            return t.add([d(a) for a in args])
        if n.op == "mul":
            return t.add([t.mul([*args[:k], d(factor), *args[k + 1 :]]) for k, factor in enumerate(args)])
        if n.op == "power":
            below = t.one if args[1] == 1 else t.make("power", args[0], args[1] - 1)
            return t.mul([t.number(args[1]), below, d(args[0])])
        if n.op == "root":
            return t.mul([t.number(args[1]), t.make("root", args[0], args[1] - 1), d(args[0])])
        if n.op == "exp":
            return t.mul([n, d(args[0])])
        if n.op == "log":
            return t.mul([t.make("power", args[0], -1), d(args[0])])
        if n.op == "call":
            return t.mul([self._call_slope(*args), d(args[1])])
        if n.op == "applied":
            return t.mul([t.make("applied", args[0], args[1] + 1, args[2]), d(args[2])])
        if n.op == "sum":
            if args[0] in variable.free:  # the bound index must not be taken for the variable's
                binder = t.fresh()
                return d(t.make("sum", binder, args[1], t.reindex(args[2], {args[0]: binder})))
            slope = d(args[2])
            return slope if slope is t.zero else t.make("sum", args[0], args[1], slope)
        return self._case_slope(n, variable, d)

    def _call_slope(self, name: str, u: Node) -> Node:
        t = self.terms
        if name == "erf":
            bell = t.make("exp", t.mul([t.number(-1), t.make("power", u, 2)]))
            return t.mul([t.number(2), t.make("root", t.make("constant", "pi"), Fraction(-1, 2)), bell])
        return t.make("call", "cos", u) if name == "sin" else t.mul([t.number(-1), t.make("call", "sin", u)])

    def _case_slope(self, n: Node, variable: Node, d: Callable[[Node], Node]) -> Node:
        t, args = self.terms, n.args
        if n.op == "alike":
            return t.alike(args[0], args[1], d(args[2]), d(args[3]))
        if n.op == "where":
            return t.make("where", d(args[0]), args[1])
        if n.op == "split":
            guard, *values = args
            above, at, below = (d(v) for v in values)
            if variable.args[0] in guard.names:  # at 0 only where values and slopes of both sides agree
                at = t.make("join", guard, (above, below), tuple(values))
            return t.make("split", guard, above, at, below)
        if n.op == "table":
            result = t.make("table", *((condition, d(value)) for condition, value in args))
            for guard in dict.fromkeys(g for condition, _ in args for g in _guards(condition)):
                if variable.args[0] in guard.names:
                    result = t.make("split", guard, result, t.undefined, result)
            return result
        if n.op == "join":
            return t.undefined
        raise Rejected(f"not in the checker's reach: the derivative of {n}")


def _guards(condition: Node) -> list[Node]:
    own = [condition.args[0]] if condition.op == "split" else []
    return own + [guard for child in children(condition.args) for guard in _guards(child)]


def _partial(node: Node, memo: dict[Node, bool]) -> bool:
    """Whether the node holds a construct that is not defined everywhere."""
    if node not in memo:
        own = node.op in ("log", "root", "table", "undefined", "where", "join") or (
            node.op == "power" and node.args[1] < 0
        )
        memo[node] = own or any(_partial(child, memo) for child in children(node.args))
    return memo[node]
