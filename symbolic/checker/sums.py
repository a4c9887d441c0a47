"""Closed sums, and whether a polynomial is 0.

- sum_k same(k, i) * F(k) = F(i);  sum_k F * G(k) = F * sum_k G(k) for F free of k;  sum_k 1 = n
- sum_k F(k) * sum_l G(k, l) = sum_kl F(k) * G(k, l);  the sum over indices that share no factor is a product
- what a sum over some of the indices is given to be, it is under the others as well
- bound indices are called by their place in an order that does not see their names
"""

import itertools

from .polynomials import Monomial, Poly, monic, monomial_of, single, total, without
from .positivity import Positivity
from .signs import ZERO
from .terms import Node, key_of, need

_LONGEST, _MOST_ORDERS, _DEEPEST = 2_000, 720, 5


class Sums(Positivity):
    """The algebra with sums."""

    def sum(self, node: Node) -> Poly:
        index, body = node.args
        dimension = self.terms.ranges[index]
        if isinstance(dimension, int):
            need(dimension <= _LONGEST, "not in the checker's reach: a long explicit sum")
            return total(*(self.poly(self.terms.reindex(body, {index: k})) for k in range(dimension)))
        bound = self.terms.fresh(dimension)
        return self._total(frozenset({bound}), self.poly(self.terms.reindex(body, {index: bound})))

    def _total(self, bound: frozenset[str], poly: Poly) -> Poly:
        """The sum of the polynomial over the bound indices."""
        return total(*(c * self._total_of(bound, m) for m, c in poly.items()))

    def _total_of(self, bound: frozenset[str], monomial: Monomial) -> Poly:
        self.terms.spend(5)
        for atom, e in monomial:
            rest = without(monomial, atom)
            if atom.op == "same" and atom.free & bound:
                b, other = atom.args if atom.args[0] in bound else atom.args[::-1]
                return self._total(bound - {b}, self.rename(rest, {b: other}))
            if atom.op == "sum" and e > 0 and atom.free & bound:
                opened = [self.terms.opened(atom) for _ in range(int(e))]
                more = bound.union(*(fresh for fresh, _ in opened))
                return self._total(more, self.product(rest, *(self.poly(body) for _, body in opened)))
        ruled = any(pattern.op == "sum" for pattern, _ in self.substitutions)
        for b in sorted(bound) if ruled else ():
            own = tuple(pair for pair in monomial if b in pair[0].free)
            node = self._closed([b], own)
            if own and self.poly(node) != single(node):
                others = monic(tuple(pair for pair in monomial if b not in pair[0].free))
                return self._total(bound - {b}, self.product(self.poly(node), others))
        return self._parts(bound, monomial)

    def _parts(self, bound: frozenset[str], monomial: Monomial) -> Poly:
        """What is free of the bound indices pulled out, and the rest split into parts that share none."""
        parts = list[tuple[frozenset[str], Monomial]]()
        for pair in monomial:
            reached, members = pair[0].free & bound, tuple([pair])
            for indices, others in [part for part in parts if part[0] & reached]:
                reached, members = reached | indices, others + members
            parts = [part for part in parts if not part[0] & reached]
            parts.append((reached, tuple(sorted(members, key=lambda p: p[0].serial))))
        unused = bound.difference(*(indices for indices, _ in parts))
        sizes = [single(self.terms.make("size", self.terms.ranges[b])) for b in unused]
        return self.product(*sizes, *(self.poly(self._closed(sorted(i), m)) if i else monic(m) for i, m in parts))

    def _closed(self, bound: list[str], monomial: Monomial) -> Node:
        """The closed sum, its bound indices named by their place in the order that gives the smallest key."""
        body, ranges = self.node(monic(monomial)), self.terms.ranges
        labels = {b: f"\0{body.height}.{k}:{ranges[b]}" for k, b in enumerate(self._ordered(bound, body))}
        need(body.free.isdisjoint(labels.values()), "not in the checker's reach: bound indices that would meet")
        ranges |= {label: ranges[b] for b, label in labels.items()}
        node = self.node(self.poly(self.terms.reindex(body, dict(labels))))
        for label in reversed(labels.values()):
            node = self.terms.make("sum", label, node)
        if node not in self._polys:
            self._polys[node] = self.value(node)
        return node

    def _ordered(self, bound: list[str], body: Node) -> list[str]:
        colours = {b: str(self.terms.ranges[b]) for b in bound}
        for _ in range(3 if len(bound) > 1 else 0):  # what each index sees of the others
            colours = {b: key_of(body, {**colours, b: "*" + colours[b]}, {}) for b in bound}
        ranked = sorted(bound, key=lambda b: colours[b])
        groups = itertools.groupby(ranked, lambda b: colours[b])
        some = (itertools.islice(itertools.permutations(group), _MOST_ORDERS) for _, group in groups)
        orders = itertools.islice(itertools.product(*some), _MOST_ORDERS)
        every = [list(itertools.chain(*order)) for order in orders]
        self.terms.spend(20 * len(every))
        keys = (key_of(body, {b: f"*{k}" for k, b in enumerate(order)}, {}) for order in every)
        return min(zip(keys, every, strict=True))[1] if every[1:] else every[0]

    # ---- whether a polynomial is 0

    def is_zero(self, poly: Poly, depth: int = 0) -> bool:
        """True is a proof; False only means that none was found.

        sum_k F(k) * c + ... is 0 if F * c + ... is, with one sum of every term opened; the number n is a sum of 1.
        """
        self.terms.spend(10)
        for fact, signs in self.facts:
            if signs == ZERO and depth == 0 and fact.free <= self.fixed and self.poly(fact):
                poly = self.product(poly, single(self.terms.indicator(fact, at_zero=True)))  # which is 1
        poly = self.cleared(poly)
        if not poly or self.sign(self.content(poly)[2]) == 0 or depth > _DEEPEST:
            return not poly or depth <= _DEEPEST
        ranges = {self._dimensions(a) for a in poly.atoms() if a.op == "sum"}
        groups: dict[tuple[str, ...], Poly] = {}
        names: dict[tuple[str, ...], list[str]] = {}
        for monomial, c in poly.items():
            sums = [a for a, _ in monomial if a.op == "sum" or (a.op == "size" and (a.args[0],) in ranges)]
            if not sums:
                return False
            atom = max(sums, key=lambda a: (a.op == "sum", a.height, a.key))
            dimensions = self._dimensions(atom)
            fresh = names.setdefault(dimensions, [self.terms.fresh(d) for d in dimensions])
            bound, body = self.terms.opened(atom) if atom.op == "sum" else (fresh, self.terms.one)
            order = sorted(bound, key=lambda b: str(self.terms.ranges[b]))
            inner = self.poly(self.terms.reindex(body, dict(zip(order, fresh, strict=True))))
            cofactor = monomial_of({a: e - (a is atom) for a, e in monomial})
            groups[dimensions] = total(groups.get(dimensions, Poly()), c * self.product(inner, monic(cofactor)))
        return all(self.is_zero(summand, depth + 1) for summand in groups.values())

    def _dimensions(self, atom: Node) -> tuple[str, ...]:
        bound = self.terms.opened(atom)[0] if atom.op == "sum" else []
        return tuple(sorted(str(self.terms.ranges[b]) for b in bound)) or (atom.args[0],)
