"""Which signs a polynomial may have: by its form, by the domains of variables, and by facts; how facts are taken up.

What is given, and what a cell adds, is a fact, a solved equation or a pair of equal indices; what cannot be used is
left out.
"""

import copy
import itertools
from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from typing import Self

from .algebra import Algebra
from .polynomials import ONE, Monomial, Poly, monic, single, total, without
from .signs import ANY, DOMAINS, NEGATIVE, NONNEGATIVE, NONZERO, POSITIVE, ZERO, Signs, narrowed, plus, signs_of, times
from .terms import Node, Rejected, need, subterms

Fact = tuple[Node, Signs]  # a node, and the signs that it may have

_MOST_SQUARES = 6


class Positivity(Algebra):
    """The algebra, with the signs of what stands in it."""

    held = frozenset[str]()  # variables that conditions may hold on a set without interior: they are not varied

    def sign(self, poly: Poly) -> int | None:
        """The sign of the polynomial where only one is possible."""
        signs = self.signs(poly)
        return min(signs) if len(signs) == 1 else None

    def signs(self, poly: Poly) -> Signs:
        """The signs that the polynomial may have, as far as it is shown."""
        self.terms.spend(20 + len(poly))
        poly = self.cleared(poly, POSITIVE)
        found, rules = ANY, (self._by_factors, self._by_one_fact, self._by_shape, self.by_exponentials)
        for rule in (lambda poly: self.as_written(self.node(poly)), *rules):
            found = narrowed(found, rule(poly))
            if len(found) == 1:
                return found
        return narrowed(found, NONNEGATIVE) if self.is_bit(poly) else found

    def _by_factors(self, poly: Poly) -> Signs:
        direction, guard = self.guard(poly)
        return times(self.as_written(guard), signs_of(direction))

    def _by_one_fact(self, poly: Poly) -> Signs:
        """Of c * fact + rest, for each fact."""
        found = ANY
        for fact, allowed in self.facts:
            known = self.polynomial_of(fact) if fact.free <= self.fixed else Poly()
            for c in {poly[m] / known[m] for m in known.keys() & poly.keys()}:
                others = self.as_written(self.node(poly - c * known))
                found = narrowed(found, plus(times(allowed, signs_of(c)), others))
        return found

    def _by_shape(self, poly: Poly) -> Signs:
        monomial, c, rest = self.content(poly)
        shaped = narrowed(self._by_facts(self.node(rest)), self.by_discriminant(rest) & self.by_tangents(rest))
        return times(self.as_written(self.node(monic(monomial))), shaped, signs_of(c))

    def by_discriminant(self, poly: Poly) -> Signs:
        """a x^2 + b x + c has the sign of a if b^2 < 4 a c, and may be 0 if b^2 = 4 a c."""
        for atom in sorted({a for m in poly for a, e in m if e == 2}, key=lambda a: a.serial)[:_MOST_SQUARES]:
            c, b, a = (Poly({m: q for m, q in poly.items() if dict(m).get(atom, 0) == k}) for k in range(3))
            if len(a) + len(b) + len(c) == len(poly):
                b, a = (total(*(q * without(m, atom) for m, q in part.items())) for part in (b, a))
                sign, signs = self.sign(a), self.signs(4 * self.product(a, c) - self.product(b, b))
                if sign and -1 not in signs:
                    return times(signs_of(sign), signs | (POSITIVE if 0 in signs else signs))
        return ANY

    def by_exponentials(self, poly: Poly) -> Signs:
        """A sum with logarithms has the sign of its exponential less 1."""
        if not any(len(m) == 1 and m[0][0].op == "log" for m in poly):
            return ANY
        above_one = self.exponential(poly) - ONE
        logarithms = any("log" in (a.op, *(n.op for n in a.args[:1] if isinstance(n, Node))) for a in above_one.atoms())
        return ANY if logarithms else self.signs(above_one)

    def by_tangents(self, poly: Poly) -> Signs:
        """exp(u) >= 1 + u, log(u) <= u - 1 for positive u, and a sum is not below one of its terms if none is negative.

        What is above or below the polynomial then has a sign.
        """
        found = ANY
        for sign, i in itertools.product((1, -1), ("", *sorted(self.node(poly).free & self.fixed))):
            bound = total(*(sign * c * self._bound(m, sign * c, i) for m, c in poly.items()))
            if bound != sign * poly:
                signs = self.as_written(self.node(bound))
                found = found if -1 in signs else narrowed(found, times(signs_of(sign), POSITIVE | signs))
        return found

    def _bound(self, monomial: Monomial, c: Fraction, i: str) -> Poly:
        """Below the monomial, or above it for a negative c."""
        (atom, e), *others = monomial or ((self.terms.one, 1),)
        if atom.op == "exp" and c > 0 and not others:
            return total(ONE, Fraction(e) * self.poly(atom.args[0]))
        if atom.op == "log" and e == 1 and c < 0 and not others and self.signs(self.poly(atom.args[0])) == POSITIVE:
            return self.poly(atom.args[0]) - ONE
        ranges = self.terms.ranges
        alone = atom.op == "sum" and e == 1 and c > 0 and not others
        if alone and ranges[atom.args[0]] == ranges.get(i) and -1 not in self.as_written(atom.args[1]):
            return self.poly(self.terms.reindex(atom.args[1], {atom.args[0]: i}))
        return monic(monomial)

    def _by_facts(self, node: Node) -> Signs:
        self.terms.spend(len(self.facts) // 10)
        return reduce(narrowed, [allowed for fact, allowed in self.facts if self.matched(fact, node) is not None], ANY)

    def as_written(self, node: Node) -> Signs:
        """The signs that a term may have by its form and by facts about its parts: a sum of squares is not negative."""
        if node not in self._written:
            found = self._by_form(node)
            self._written[node] = found if len(found) == 1 else narrowed(found, self._by_facts(node))
        return self._written[node]

    def _by_form(self, node: Node) -> Signs:
        op, args = node.op, node.args
        if op in ("exp", "size", "constant") or (op == "power" and args[1] == 0):
            return POSITIVE
        if op == "log":
            above_one = self.as_written(self.node(self.poly(args[0]) - ONE))
            return ANY if -1 in above_one else above_one
        if op in ("add", "mul"):
            return (plus if op == "add" else times)(*map(self.as_written, args))
        if op == "power":  # of the absolute value, if it is not whole
            return frozenset(s if args[1] % 2 == 1 else s * s for s in self.as_written(args[0]))
        if op == "sum":
            inner = self.as_written(args[1])
            return inner if len(inner - ZERO) < 2 else ANY
        if self.node(self.poly(node)) is not node:
            return self.signs(self.poly(node))
        if op == "entry":
            return DOMAINS[self.domains[args[0]]]
        return signs_of(args[0]) if op == "number" else NONNEGATIVE if self.bit(node) else ANY

    def signs_of_atom(self, atom: Node) -> Signs:
        return self.signs(self.poly(atom)) if atom.op == "add" else self.as_written(atom)

    # ---- cases

    def guard(self, poly: Poly) -> tuple[int, Node]:
        """The polynomial up to a positive factor: a sign, and a node."""
        monomial, c, rest = self.content(poly)
        inner = self.node(rest)
        factors, own = [*monomial, (inner, 1)], {a: self.signs_of_atom(a) for a, _ in monomial}
        own[inner] = self.as_written(inner)
        turned = sum(own[a] == NEGATIVE and e % 2 == 1 for a, e in factors) + (c < 0)
        kept = [self.power(self.poly(a), 2 - e % 2) for a, e in factors if own[a] not in (POSITIVE, NEGATIVE)]
        return (-1 if turned % 2 else 1), self.node(self.product(*kept) if c else Poly())

    def indicators(self, guard: Poly) -> tuple[Poly, Poly]:
        """[guard > 0] and [guard = 0]."""
        signs = self.signs(guard)
        if len(signs) == 1:
            return (ONE if 1 in signs else Poly()), (ONE if 0 in signs else Poly())
        if self.is_bit(guard):
            return guard, ONE - guard
        direction, node = self.guard(guard)
        above = self.as_atom(self.terms.indicator(node))
        zero = self.as_atom(self.terms.indicator(node, at_zero=True)) if 0 in signs else Poly()
        return (above if direction > 0 else ONE - above - zero), zero

    # ---- what is given, and what a cell adds

    def under(self, facts: Iterable[Fact]) -> Self:
        """The algebra where these facts hold as well."""
        algebra, taken = copy.copy(self), sorted(facts, key=lambda fact: (fact[1] == ZERO, fact[0].serial))
        algebra.equal, algebra.facts, algebra.substitutions = {**self.equal}, [*self.facts], [*self.substitutions]
        algebra.forget()
        for node, allowed in [*taken, *taken]:  # a value may need the facts after it, or be shorter under them
            try:
                algebra._learn(algebra.poly(node), allowed)
            except Rejected:
                algebra.forget()
        return algebra

    def _learn(self, poly: Poly, allowed: Signs) -> None:
        need(not self.exceptional, "at a kink the polynomial may have another value")
        signs = self.signs(poly)
        self.impossible |= not signs & allowed
        if signs <= allowed or not signs & allowed:
            return
        if 0 not in allowed and self.is_bit(poly):
            poly, allowed = poly - ONE, ZERO
        if 0 not in allowed:  # so are its factors
            monomial, _, rest = self.content(poly)
            factors = [*(a for a, _ in monomial), self.node(rest)]
            self.facts += [(n, NONZERO) for n in factors if not self.nonzero(n)]
        direction, guard = self.guard(poly)
        self.facts.append((guard, times(allowed, signs_of(direction))))
        if allowed == ZERO:
            self._solve(poly)
        self.forget()

    def _solve(self, poly: Poly) -> None:
        """poly = 0 for a sum, an entry or same(i, j) that stands in it once, linearly, with a rational coefficient."""
        running = self.node(poly).free - self.fixed
        alone = [(m[0][0], c) for m, c in poly.items() if len(m) == 1 and m[0][1] == 1]
        for atom, c in sorted(alone, key=lambda pair: (pair[0].op != "sum", pair[0].key)):
            value = self.node(single(atom) - 1 / c * poly)
            again = atom.names & value.names if running else atom in subterms(value)
            plain = atom.op == "entry" and (value.op == "number" or not self.bit(atom))
            if (plain or atom.op in ("sum", "same")) and not again and running <= atom.free:
                if atom.op == "same" and value is self.terms.one and not running:
                    i, j = sorted(atom.args, key=self.order)
                    self.equal[str(j)] = i
                self.substitutions.insert(0, (atom, value))
                return
