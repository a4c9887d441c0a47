"""Which signs a polynomial may have: by its form, by the domains of variables, and by facts."""

from __future__ import annotations

from fractions import Fraction

from .algebra import Algebra
from .polynomials import ONE, Monomial, Poly, monic, single, total
from .signs import ANY, DOMAINS, NEGATIVE, POSITIVE, ZERO, Signs, narrowed, plus, signs_of, times
from .terms import Node


class Positivity(Algebra):
    """The algebra, with the signs of what stands in it."""

    def sign(self, poly: Poly) -> int | None:
        """The sign of the polynomial where only one is possible."""
        signs = self.signs(poly)
        return min(signs) if len(signs) == 1 else None

    def signs(self, poly: Poly) -> Signs:
        """The signs that the polynomial may have, as far as it is shown."""
        poly = self.cleared(poly, POSITIVE)
        found = self.as_written(self.node(poly))
        if len(found) == 1:
            return found
        monomial, c, rest = self.content(poly)
        direction, guard = self.guard(poly)
        found = narrowed(found, times(self.as_written(guard), signs_of(direction)))
        shaped = narrowed(self._by_facts(self.node(rest)), self.by_discriminant(rest) & self.by_tangents(rest))
        found = narrowed(found, times(self.as_written(self.node(monic(monomial))), shaped, signs_of(c)))
        for fact, allowed in self.facts:  # the signs of c * fact + rest
            known = self.polynomial_of(fact) if fact.free <= self.fixed else Poly()
            for c in {poly[m] / known[m] for m in known.keys() & poly.keys()}:
                others = self.as_written(self.node(poly - c * known))
                found = narrowed(found, plus(times(allowed, signs_of(c)), others))
        return narrowed(found, ZERO | POSITIVE) if self.is_bit(poly) else found

    def by_discriminant(self, poly: Poly) -> Signs:
        """a x^2 + b x + c has the sign of a if b^2 < 4 a c, and is 0 in one place if they are equal."""
        degrees = {m[0][1] if m else 0: c for m, c in poly.items() if len(m) < 2}
        if len(poly.atoms()) != 1 or not degrees.keys() <= {0, 1, 2} or 2 not in degrees:
            return ANY
        a, b, c = (degrees.get(k, 0) for k in (2, 1, 0))
        return ANY if b * b > 4 * a * c else signs_of(a) | (ZERO if b * b == 4 * a * c else frozenset())

    def by_tangents(self, poly: Poly) -> Signs:
        """exp(u) >= 1 + u, and log(u) <= u - 1 for positive u, put for what is above or below its tangent."""
        found = ANY
        for sign in (1, -1):
            bound = total(*(sign * c * self._tangent(m, sign * c) for m, c in poly.items()))
            if bound != sign * poly:
                signs = self.as_written(self.node(bound))
                found = found if -1 in signs else narrowed(found, times(signs_of(sign), POSITIVE | signs))
        return found

    def _tangent(self, monomial: Monomial, c: Fraction) -> Poly:
        """Below the monomial, or above it for a negative c."""
        (atom, e), *others = monomial or ((self.terms.one, 1),)
        if atom.op == "exp" and c > 0 and not others:
            return total(ONE, Fraction(e) * self.poly(atom.args[0]))
        if atom.op == "log" and e == 1 and c < 0 and not others and self.signs(self.poly(atom.args[0])) == POSITIVE:
            return self.poly(atom.args[0]) - ONE
        return monic(monomial)

    def _by_facts(self, node: Node) -> Signs:
        found = ANY
        for fact, allowed in self.facts:
            if not allowed >= found and self.matched(fact, node) is not None:
                found = narrowed(found, allowed)
        return found

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
        if self.normal(node) is not node:
            return self.signs(self.poly(node))
        if op == "entry":
            return DOMAINS[self.domains[args[0]]]
        return signs_of(args[0]) if op == "number" else ZERO | POSITIVE if self.bit(node) else ANY

    def signs_of_atom(self, atom: Node) -> Signs:
        return self.signs(self.poly(atom)) if atom.op == "add" else self.as_written(atom)

    def nonzero(self, node: Node) -> bool:
        return 0 not in self.signs_of_atom(node)

    # ---- cases

    def guard(self, poly: Poly) -> tuple[int, Node]:
        """The polynomial up to a positive factor: a sign, and a node."""
        monomial, c, rest = self.content(poly)
        inner = self.node(rest)
        factors, own = [*monomial, (inner, 1)], {a: self.signs_of_atom(a) for a, _ in monomial}
        own[inner] = self.as_written(inner)
        turned = sum(own[a] == NEGATIVE and e % 2 == 1 for a, e in factors) + (c < 0)
        kept = [self.power(self.poly(a), 2 - e % 2) for a, e in factors if own[a] not in (POSITIVE, NEGATIVE)]
        return (-1 if turned % 2 else 1), self.node(self.product(*kept))

    def indicators(self, guard: Poly) -> tuple[Poly, Poly]:
        """[guard > 0] and [guard = 0]."""
        signs = self.signs(guard)
        if len(signs) == 1:
            return (ONE if 1 in signs else Poly()), (ONE if 0 in signs else Poly())
        if self.is_bit(guard):
            return guard, ONE - guard
        direction, node = self.guard(guard)
        up, at = self.terms.indicator(node), self.terms.indicator(node, at_zero=True)
        above = self._polys.setdefault(up, single(up))
        zero = self._polys.setdefault(at, single(at)) if 0 in signs else Poly()
        return (above if direction > 0 else ONE - above - zero), zero
