"""Positivity by inequalities: tangents, completed squares, roots, and what lies between logarithms.

- exp(u) >= 1 + u and log(u) <= u - 1
- a x^2 + b x + c = ((2 a x + b)^2 + 4 a c - b^2) / (4 a)
- log(u) + v > 0 where u exp(v) > 1
- (sum f)^2 <= (sum F) * (sum G) where F * G = f^2 and neither is negative (Cauchy and Schwarz)
"""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq

from .polynomials import (
    ONE,
    Atom,
    Monomial,
    Poly,
    add,
    atoms_of,
    dimension_of,
    monomial_of,
    of_atom,
    raw_product,
    scale,
    subtract,
)
from .real_roots import strength_by_roots
from .sums import Sums

__all__ = ["NONNEGATIVE", "POSITIVE", "Inequalities", "without"]

POSITIVE, NONNEGATIVE = 2, 1

_MOST_VARIABLES, _MOST_TERMS, _LARGEST_FACTOR = 6, 30, 4


class Inequalities(Sums):
    """Each method gives 2 for what is positive wherever it is defined, 1 for what is not negative, 0 for the rest."""

    def strength(self, poly: Poly) -> int:
        raise NotImplementedError

    def plain_strength(self, poly: Poly) -> int:
        raise NotImplementedError

    def atom_strength(self, atom: Atom) -> int:
        raise NotImplementedError

    def by_tangents(self, poly: Poly) -> int:
        """exp(u) >= 1 + u and -log(u) >= 1 - u: what is left with the tangents in their place is not negative.

        1 - exp(-u) is positive where exp(u) - 1 is, so that exponentials are also pulled out.
        """
        found = self._with_tangents(poly)
        exponentials = {a for a in atoms_of(poly) if a.kind == "exp"}
        for extreme in (min, max) if exponentials and not found else ():
            outer = {a: -extreme(dict(m).get(a, 0) for m in poly) for a in exponentials}
            found = found or self._with_tangents(raw_product(poly, {monomial_of(outer): fmpq(1)}))
        return found

    def _with_tangents(self, poly: Poly) -> int:
        lower: Poly = {}
        for monomial, c in poly.items():
            atom, exponent = monomial[0] if len(monomial) == 1 else (None, 0)
            if atom is not None and atom.kind == "exp" and c > 0:
                tangent = add(ONE, scale({atom.args[0]: fmpq(1)}, Fraction(exponent)))
            elif atom is not None and atom.kind == "log" and exponent == 1 and c < 0:
                tangent = subtract(atom.args[0], ONE)
            else:
                tangent = {monomial: fmpq(1)}
            lower = add(lower, scale(tangent, c))
        if lower == poly:
            return 0
        return (self.plain_strength(lower)) if lower else NONNEGATIVE

    def by_roots(self, poly: Poly) -> int:
        """A polynomial in one variable that has no root where the variable is, or roots of even order only."""
        atoms = atoms_of(poly)
        if len(atoms) != 1 or len(poly) < 3:
            return 0
        (atom,) = atoms
        return strength_by_roots({dict(m).get(atom, 0): c for m, c in poly.items()}, self.atom_strength(atom))

    def by_squares(self, poly: Poly) -> int:
        """By completing the square in an atom that stands in it as a x^2 + b x + c."""
        if not 3 <= len(poly) <= _MOST_TERMS:
            return 0
        found = sorted({a for m in poly for a, e in m if e == 2}, key=lambda a: a.serial)
        degrees = {a: {dict(m).get(a, 0) for m in poly} for a in found}
        variables = [a for a in found if degrees[a] <= {0, 1, 2}]
        if len(found) > _MOST_VARIABLES or len(variables) < len(found):
            return 0
        for atom in variables:
            c, b, a = ({without(m, atom): q for m, q in poly.items() if dict(m).get(atom, 0) == k} for k in range(3))
            own = self.strength(a)
            if own == POSITIVE or (own and self.strength(c)):  # where a is 0, so is b
                left = subtract(scale(self.multiply(a, c), fmpq(4)), self.multiply(b, b))
                return self.strength(left) if left else NONNEGATIVE
        return 0

    def by_exponentials(self, poly: Poly) -> int:
        """Of logarithms times small whole numbers, and a rest: by the product of powers that it is the logarithm of."""
        logs = {m: c for m, c in poly.items() if len(m) == 1 and m[0][0].kind == "log" and m[0][1] == 1}
        rest = {m: c for m, c in poly.items() if m not in logs}
        small = all(c.q == 1 and abs(c) <= _LARGEST_FACTOR for c in logs.values())
        if not logs or not small or any(a.kind == "log" for a in atoms_of(rest)):
            return 0
        product = self.exponential(rest)
        for monomial, c in logs.items():
            product = self.multiply(product, self.power(monomial[0][0].args[0], int(c.p)))
        above_one = subtract(product, ONE)
        return self.strength(above_one) if above_one else NONNEGATIVE

    def by_products_of_sums(self, poly: Poly) -> int:
        """A product of sums less the square of a sum: n sum_k z(k)^2 - (sum_k z(k))^2 is not negative."""
        sizes = {a: -min(0, *(dict(m).get(a, 0) for m in poly)) for a in atoms_of(poly) if a.kind == "size"}
        poly = raw_product(poly, {monomial_of(sizes): fmpq(1)})
        if not 2 <= len(poly) <= _MOST_TERMS:
            return 0
        for square, c in poly.items():
            for total in [a for a, e in square if c < 0 and a.kind == "sum" and e == 2 and len(a.args[0]) == 1]:
                for product, d in poly.items():
                    if d + c >= 0 and self._is_at_least(product, total, without(square, total)):
                        rest = add(poly, {square: -c, product: c})
                        return min(self.plain_strength(rest), NONNEGATIVE) if rest else NONNEGATIVE
        return 0

    def _is_at_least(self, product: Monomial, total: Atom, others: Monomial) -> bool:
        """Whether the product is (sum F) * (sum G) * others, not negative, for the sum of f."""
        (bound,), summand = total.args
        f: Poly = {summand: fmpq(1)}
        squared = self.multiply(f, f)
        for atom, exponent in product:
            if atom.kind != "sum" or exponent < 1 or len(atom.args[0]) != 1 or len(squared) != 1:
                continue
            renamed = self.rename({atom.args[1]: fmpq(1)}, {atom.args[0][0]: bound})
            if dimension_of(atom.args[0][0]) != dimension_of(bound) or len(renamed) != 1:
                continue
            ratio = raw_product(squared, {tuple((a, -e) for a, e in next(iter(renamed))): fmpq(1)})
            if any(e < 0 for m in ratio for _, e in m) or self.multiply(ratio, renamed) != squared:
                continue
            fresh = self.fresh(dimension_of(bound))
            sums = self.multiply(of_atom(atom), self.total((fresh,), self.rename(ratio, {bound: fresh})))
            if not all(map(self.strength, ({others: fmpq(1)}, renamed, ratio))):
                continue
            if self.multiply(sums, {others: fmpq(1)}) == {product: fmpq(1)}:
                return True
        return False


def without(monomial: Monomial, atom: Atom) -> Monomial:
    """The other factors of a monomial."""
    return tuple(pair for pair in monomial if pair[0] is not atom)
