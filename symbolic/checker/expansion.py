"""The claim lowered again: definitions unfolded, derivatives taken by the rules listed here, conditions taken up.

A derivative by a defined quantity follows the definitions of what is differentiated until that quantity appears.
"""

from collections.abc import Callable
from fractions import Fraction

from .domains import Domains
from .positivity import Fact
from .reading import Claim
from .signs import RELATIONS
from .terms import Index, Node, Terms, children, need, subterms

_MOST_OUTSIDE = 3


class Context:
    """What a claim declares and gives: terms without derivatives and defined names, and an algebra to use it in."""

    def __init__(self, claim: Claim, terms: Terms) -> None:
        self.claim, self.terms = claim, terms
        self.definitions = {name: (parameters, body) for name, parameters, body in claim.definitions}
        self._memos: dict[frozenset[str], dict[Node, Node]] = {}
        self.sides = [self.expand(side) for side in (claim.left, claim.right)]

    def algebra(self, equal: dict[str, Index]) -> Domains:
        """The algebra where indices of the claim are explicit ones or equal to others.

        Variables that a condition may hold on a set without interior are noted as held.
        """
        domains = {name: domain for name, (_, domain) in self.claim.variables.items()}
        algebra, facts = Domains(self.terms, self.claim.free, domains), list[Fact]()
        for relation, condition, _ in self.claim.conditions:
            term = self.expand(condition)
            ops = {"root" if n.op == "power" and n.args[1] % 1 else n.op for n in subterms(term)}
            if relation in ("=", ">=") or ops & {"split", "table", "same", "root"}:
                algebra.held |= term.names
            facts.append((term, RELATIONS[relation]))
        algebra.equal = equal
        return algebra.under(facts)

    def expand(self, node: Node, cut: frozenset[str] = frozenset()) -> Node:
        """The node with its definitions unfolded, except those of the quantities that are cut loose."""

        def expanded(n: Node, change: Callable[[Node], Node]) -> Node | None:
            if n.op == "entry" and n.args[0] in self.definitions and n.args[0] not in cut:
                return change(self._unfolded(n))
            return change(self._differentiated(n, cut)) if n.op == "derivative" else None

        return self.terms.rewrite(node, expanded, self._memos.setdefault(cut, {}))

    def _differentiated(self, node: Node, cut: frozenset[str]) -> Node:
        body, variable = node.args
        inner = self.expand(body, cut | {variable.args[0]})
        need(variable.args[0] in inner.names, f"{node}: the variable does not occur in what is differentiated")
        slope = self.derivative(self._cases_outside(inner, variable.args[0]), variable)
        return self.terms.make("where", slope, inner) if partial(inner) else slope

    def _unfolded(self, node: Node) -> Node:
        parameters, body = self.definitions[node.args[0]]
        places = list(zip(parameters, node.args[1], strict=True))
        need(all(isinstance(p, str) or p == i for p, i in places), f"{node}: the definition does not reach this entry")
        return self.terms.reindex(body, {p: i for p, i in places if isinstance(p, str)})

    def _cases_outside(self, node: Node, variable: str) -> Node:
        """The same value with its cases outermost: slopes are compared of the whole (max(0, x)^2 is smooth at 0)."""
        self.terms.spend(len(below := subterms(node)))
        splits = [n for n in below if n.op == "split" and variable in n.args[0].names]
        bound = {n.args[0] for n in below if n.op == "sum"}
        guards = list(dict.fromkeys(n.args[0] for n in splits if not n.args[0].free & bound and not partial(n.args[0])))
        if len(guards) <= _MOST_OUTSIDE and not (node.op == "split" and len(guards) == 1):
            for guard in guards:
                node = self.terms.make("split", guard, *(self._assuming(node, guard, place) for place in (1, 2, 3)))
        return node

    def _assuming(self, node: Node, guard: Node, place: int) -> Node:
        def chosen(n: Node, change: Callable[[Node], Node]) -> Node | None:
            return change(n.args[place]) if n.op == "split" and n.args[0] is guard else None

        return self.terms.rewrite(node, chosen, {})

    # ---- derivatives

    def derivative(self, node: Node, variable: Node) -> Node:
        """d(node)/d(variable); what the variable does not occur in has the derivative 0."""

        def slope(n: Node, d: Callable[[Node], Node]) -> Node:
            if variable.args[0] not in n.names:
                return n if n is self.terms.undefined else self.terms.zero
            return self._slope(n, variable, d)

        return self.terms.rewrite(node, slope, {})

    def _slope(self, n: Node, variable: Node, d: Callable[[Node], Node]) -> Node:
        t, args = self.terms, n.args
        if n.op in _SLOPES:
            return _SLOPES[n.op](t, d, n, *args)
        if n.op == "entry":  # dx[i]/dx[j] = same(i, j)
            return t.mul(*map(t.same, args[1], variable.args[1]))
        if n.op == "sum":
            binder = t.fresh(t.ranges[args[0]])  # must not be taken for an index of the variable
            slope = d(t.reindex(args[1], {args[0]: binder}))
            return slope if slope is t.zero else t.make("sum", binder, slope)
        return self._case_slope(n, variable, d)

    def _case_slope(self, n: Node, variable: Node, d: Callable[[Node], Node]) -> Node:
        t, args = self.terms, n.args
        if n.op == "split":
            guard, *values = args
            above, at, below = slopes = [d(v) for v in values]
            if variable.args[0] in guard.names:  # at 0 only where values and slopes agree
                at = t.make("join", guard, tuple(slopes), tuple(values), d(guard))
                guard = self._steady(guard, variable)
            return t.make("split", guard, above, at, below)
        if n.op == "table":
            result, conditions = t.make("table", *((c, d(value)) for c, value in args)), [c for c, _ in args]
            plain = subterms(*conditions, below=lambda n: children(n.args[n.op == "split" :]))  # not in a guard
            need(all(m.args[:1] != variable.args[:1] for m in plain), f"not in the checker's reach: cases of {n}")
            for guard in dict.fromkeys(part.args[0] for part in subterms(*conditions) if part.op == "split"):
                if variable.args[0] in guard.names:
                    result = t.make("split", guard, result, t.undefined, result)
            return result
        need(n.op == "join", f"not in the checker's reach: the derivative of {n}")
        return t.undefined

    def _steady(self, guard: Node, variable: Node) -> Node:
        """The guard, defined only where none of its own cases makes it jump."""

        def steady(n: Node, change: Callable[[Node], Node]) -> Node | None:
            if n.op != "split" or variable.args[0] not in n.args[0].names or n.args[2].op in ("join", "undefined"):
                return None
            inner, above, at, below = map(change, n.args)
            at = self.terms.make("join", inner, (at, at, at), (above, at, below), self.terms.one)
            return self.terms.make("split", inner, above, at, below)

        return self.terms.rewrite(guard, steady, {})


def partial(node: Node) -> bool:
    """Whether the node holds a construct that is not defined everywhere."""
    ops, below = ("log", "table", "undefined", "where", "join"), subterms(node)
    return any(n.op in ops or (n.op == "power" and (n.args[1] < 0 or n.args[1].denominator > 1)) for n in below)


def _two_over_root_pi(t: Terms) -> Node:
    return t.mul(t.number(2), t.power(t.make("constant", "pi"), Fraction(-1, 2)))


_SLOPES: dict[str, Callable[..., Node]] = {
    "add": lambda t, d, n, *parts: t.add(map(d, parts)),
    "mul": lambda t, d, n, *u: t.add(t.mul(*u[:k], d(factor), *u[k + 1 :]) for k, factor in enumerate(u)),
    "power": lambda t, d, n, u, e: t.mul(t.number(e), t.power(u, e - 1), d(u)),
    "exp": lambda t, d, n, u: t.mul(n, d(u)),
    "log": lambda t, d, n, u: t.mul(t.power(u, -1), d(u)),
    "call": lambda t, d, n, name, u: t.mul(_CALL_SLOPES[name](t, u), d(u)),
    "applied": lambda t, d, n, f, order, u: t.mul(t.make("applied", f, order + 1, u), d(u)),
    "where": lambda t, d, n, value, body: t.make("where", d(value), body),
}
_CALL_SLOPES: dict[str, Callable[[Terms, Node], Node]] = {
    "sin": lambda t, u: t.make("call", "cos", u),
    "cos": lambda t, u: t.mul(t.number(-1), t.make("call", "sin", u)),
    "erf": lambda t, u: t.mul(_two_over_root_pi(t), t.make("exp", t.mul(t.number(-1), t.power(u, 2)))),
}
