"""What is given, and what a cell adds, taken up: facts, rules for sums, solved equations, equal indices.

What cannot be used is left out.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from fractions import Fraction
from typing import Self

from .polynomials import ONE, Poly, scale, subtract
from .signs import NEGATIVE, POSITIVE, ZERO, Signs, signs_of, times
from .sums import Sums
from .terms import Node, Rejected, subterms

Fact = tuple[Node, Signs]  # a node, and the signs that it may have


class Facts(Sums):
    """The algebra, which takes up facts."""

    held = frozenset[str]()  # variables that conditions may hold on a set without interior: they are not varied

    def under(self, facts: Iterable[Fact]) -> Self:
        """The algebra where these facts hold as well."""
        algebra, taken = copy.copy(self), sorted(facts, key=lambda fact: (fact[1] == ZERO, fact[0].serial))
        algebra.equal, algebra.facts, algebra.exceptional = {**self.equal}, [*self.facts], {}
        algebra.sum_rules, algebra.substitutions = [*self.sum_rules], [*self.substitutions]
        algebra.forget()
        for node, allowed in [*taken, *taken]:  # a value may need the facts after it, or be shorter under them
            try:
                algebra._learn(algebra.poly(node), allowed)
            except Rejected:
                continue
        return algebra

    def _learn(self, poly: Poly, allowed: Signs) -> None:
        signs = self.signs(poly)
        self.impossible |= not signs & allowed
        if signs <= allowed or not signs & allowed:
            return
        if 0 not in allowed and self.is_bit(poly):
            poly, allowed = subtract(poly, ONE), ZERO
        if 0 not in allowed:  # so are its factors
            monomial, _, rest = self.content(poly)
            factors = [*(a for a, _ in monomial), self.node(rest)]
            self.facts += [(n, NEGATIVE | POSITIVE) for n in factors if not self.nonzero(n)]
        direction, guard = self.guard(poly)
        self.facts.append((guard, times(allowed, signs_of(direction))))
        if allowed == ZERO and not self._sum_rule(poly):
            self._solve(poly)
        self.forget()

    def _sum_rule(self, poly: Poly) -> bool:
        """c * sum_k t[.., k] + rest = 0, for any other indices that are not in the rest."""
        running = self.node(poly).free - self.fixed
        for monomial, c in poly.items():
            atom, e = monomial[0] if len(monomial) == 1 else (self.terms.zero, 0)
            if atom.op == "sum" and e == 1 and atom.args[1].op == "entry":
                tensor, indices = atom.args[1].args
                value = self.node(scale({m: d for m, d in poly.items() if m != monomial}, Fraction(-1) / c))
                others = tuple(i for i in indices if i != atom.args[0])
                any_of = [i for i in others if i in running]
                once = len(others) == len(indices) - 1 and len(set(any_of)) == len(any_of)
                if once and tensor not in value.names and not value.free & running:
                    pattern = tuple(None if i in running else i for i in others)
                    self.sum_rules.append((tensor, indices.index(atom.args[0]), pattern, value))
                    return True
        return False

    def _solve(self, poly: Poly) -> None:
        """poly = 0 solved for an entry or same(i, j) that stands in it once, linearly, with a rational coefficient."""
        running = self.node(poly).free - self.fixed
        for monomial in sorted(poly, key=lambda m: sorted(a.key for a, _ in m)):
            atom, e = monomial[0] if len(monomial) == 1 else (self.terms.zero, 0)
            if e != 1 or atom.op not in ("entry", "same") or (atom.op == "entry" and self.bit(atom)):
                continue
            value = self.node(scale({m: c for m, c in poly.items() if m != monomial}, Fraction(-1) / poly[monomial]))
            again = [n for n in subterms(value) if n.op == atom.op and n.args[0] == atom.args[0]]
            if atom.op == "same" and value is self.terms.one and not running:
                i, j = sorted(atom.args, key=self.order)
                self.equal[str(j)] = i
                return
            if running <= atom.free and (not again or (not running and atom not in again)):
                self.substitutions.insert(0, (atom, value))
                return
