"""The claim lowered again: definitions unfolded, derivatives taken by the rules listed here.

A derivative by a defined quantity follows the definitions of what is differentiated until that quantity appears.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .reading import Claim
from .terms import Index, Node, Terms, need, subterms

_MOST_OUTSIDE = 3


class Expansion:
    """Terms of one claim without derivatives and without defined names."""

    def __init__(self, claim: Claim, terms: Terms) -> None:
        self.terms = terms
        self.definitions = {name: (parameters, body) for name, parameters, body in claim.definitions}
        self._memo: dict[tuple[Node, frozenset[str]], Node] = {}

    def expand(self, node: Node, cut: frozenset[str] = frozenset()) -> Node:
        """The node with its definitions unfolded, except those of the quantities that are cut loose."""
        key = (node, cut)
        if key not in self._memo:
            self._memo[key] = self._expanded(node, cut)
        return self._memo[key]

    def _expanded(self, node: Node, cut: frozenset[str]) -> Node:
        if node.op == "entry" and node.args[0] in self.definitions and node.args[0] not in cut:
            return self.expand(self._unfolded(node), cut)
        if node.op != "derivative":
            return self.terms.rebuild(node, lambda child: self.expand(child, cut))
        body, variable = node.args
        inner = self.expand(body, cut | {variable.args[0]})
        need(variable.args[0] in inner.names, f"{node}: the variable does not occur in what is differentiated")
        slope = self.derivative(self._cases_outside(inner, variable.args[0]), variable)
        return self.expand(self.terms.make("where", slope, inner) if partial(inner) else slope, cut)

    def _unfolded(self, node: Node) -> Node:
        parameters, body = self.definitions[node.args[0]]
        names: dict[str, Index] = {}
        for parameter, i in zip(parameters, node.args[1], strict=True):
            need(isinstance(parameter, str) or parameter == i, f"{node}: the definition does not reach this entry")
            names |= {parameter: i} if isinstance(parameter, str) else {}
        return self.terms.reindex(body, names)

    def _cases_outside(self, node: Node, variable: str) -> Node:
        """The same value with its cases outermost: slopes are compared of the whole (max(0, x)^2 is smooth at 0)."""
        splits = [n for n in subterms(node) if n.op == "split" and variable in n.args[0].names]
        bound = {n.args[0] for n in subterms(node) if n.op == "sum"}
        guards = list(dict.fromkeys(n.args[0] for n in splits if not n.args[0].free & bound and not partial(n.args[0])))
        if len(guards) <= _MOST_OUTSIDE and not (node.op == "split" and len(guards) == 1):
            for guard in guards:
                node = self.terms.make("split", guard, *(self._assuming(node, guard, place) for place in (1, 2, 3)))
        return node

    def _assuming(self, node: Node, guard: Node, place: int) -> Node:
        def chosen(n: Node, change: Callable[[Node], Node]) -> Node | None:
            return change(n.args[place]) if n.op == "split" and n.args[0] is guard else None

        return self.terms.rewrite(node, chosen)

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
        if n.op == "entry":  # dx[i]/dx[j] = same(i, j)
            return t.mul(*(t.same(i, j) for i, j in zip(args[1], variable.args[1], strict=True)))
        if n.op == "add":
            return t.add([d(a) for a in args])
        if n.op == "mul":
            return t.add(t.mul(*args[:k], d(factor), *args[k + 1 :]) for k, factor in enumerate(args))
        if n.op == "power":
            return t.mul(t.number(args[1]), t.power(args[0], args[1] - 1), d(args[0]))
        if n.op == "exp":
            return t.mul(n, d(args[0]))
        if n.op == "log":
            return t.mul(t.power(args[0], -1), d(args[0]))
        if n.op == "call":
            return t.mul(self._call_slope(*args), d(args[1]))
        if n.op == "applied":
            return t.mul(t.make("applied", args[0], args[1] + 1, args[2]), d(args[2]))
        if n.op == "sum":
            if args[0] in variable.free:  # the bound index must not be taken for the variable's
                binder = t.fresh(t.ranges[args[0]])
                return d(t.make("sum", binder, t.reindex(args[1], {args[0]: binder})))
            slope = d(args[1])
            return slope if slope is t.zero else t.make("sum", args[0], slope)
        return self._case_slope(n, variable, d)

    def _call_slope(self, name: str, u: Node) -> Node:
        t = self.terms
        if name == "erf":
            bell = t.make("exp", t.mul(t.number(-1), t.power(u, 2)))
            return t.mul(t.number(2), t.power(t.make("constant", "pi"), Fraction(-1, 2)), bell)
        return t.make("call", "cos", u) if name == "sin" else t.mul(t.number(-1), t.make("call", "sin", u))

    def _case_slope(self, n: Node, variable: Node, d: Callable[[Node], Node]) -> Node:
        t, args = self.terms, n.args
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
            guards = (part.args[0] for condition, _ in args for part in subterms(condition) if part.op == "split")
            for guard in dict.fromkeys(guards):
                if variable.args[0] in guard.names:
                    result = t.make("split", guard, result, t.undefined, result)
            return result
        need(n.op == "join", f"not in the checker's reach: the derivative of {n}")
        return t.undefined


def partial(node: Node) -> bool:
    """Whether the node holds a construct that is not defined everywhere."""
    ops = ("log", "table", "undefined", "where", "join")
    return any(
        n.op in ops or (n.op == "power" and (n.args[1] < 0 or n.args[1].denominator > 1)) for n in subterms(node)
    )
