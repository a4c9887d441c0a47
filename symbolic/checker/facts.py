"""What is given, and what a cell adds, taken up: facts, solved equations, equal indices.

What cannot be used is left out.
"""

import copy
from collections.abc import Iterable
from contextlib import suppress
from typing import Self

from .polynomials import ONE, Poly, single
from .signs import NONZERO, ZERO, Signs, signs_of, times
from .sums import Sums
from .terms import Node, Rejected, subterms

Fact = tuple[Node, Signs]  # a node, and the signs that it may have


class Facts(Sums):
    """The algebra, which takes up facts."""

    held = frozenset[str]()  # variables that conditions may hold on a set without interior: they are not varied

    def under(self, facts: Iterable[Fact]) -> Self:
        """The algebra where these facts hold as well."""
        algebra, taken = copy.copy(self), sorted(facts, key=lambda fact: (fact[1] == ZERO, fact[0].serial))
        algebra.equal, algebra.exceptional = {**self.equal}, {}
        algebra.facts, algebra.substitutions = [*self.facts], [*self.substitutions]
        algebra.forget()
        for node, allowed in [*taken, *taken]:  # a value may need the facts after it, or be shorter under them
            with suppress(Rejected):
                algebra._learn(algebra.poly(node), allowed)
        return algebra

    def _learn(self, poly: Poly, allowed: Signs) -> None:
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
