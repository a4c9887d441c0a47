"""Reciprocals, exponentials, logarithms, roots and indicators of polynomials.

- (c * m * D)^-1 = c^-1 * m^-1 * lump(D)^-1
- exp(u + v) = exp(u) * exp(v); exp(c * log(u)) = u^c
- log(u * v) = log(u) + log(v) and (u * v)^r = u^r * v^r, every factor positive where the left side is defined
- [c * m * u > 0] = [u > 0] for positive c * m; [-u > 0] = 1 - [u > 0] - [u = 0]
"""

from __future__ import annotations

from fractions import Fraction

from .polynomials import (
    CONDITIONS,
    ONE,
    Atom,
    Exponent,
    Monomial,
    Poly,
    add,
    constant,
    free_of,
    leading,
    monomial_key,
    monomial_of,
    negative,
    of_atom,
    plain_name,
    raised,
    raw_product,
    scale,
    subtract,
    whole,
)
from .reading import Rejected
from .rules import Rules, Undefined

_LARGEST_FACTORED = 10**12

#: A factor and its exponent: a polynomial, and the atom if it is a single one.
Factor = tuple[Atom | None, Poly, Exponent]


class NeedSign(Exception):
    """The sign of this polynomial decides what comes next."""

    def __init__(self, guard: Poly) -> None:
        super().__init__("a sign is needed that no cell gives")
        self.guard = guard


class Functions(Rules):
    """The functions of one polynomial."""

    def content(self, poly: Poly) -> tuple[Monomial, Fraction, Poly]:
        """poly = monomial * coefficient * rest; the rest has no common factor and a leading coefficient of 1."""
        common: dict[Atom, Exponent] | None = None
        for monomial in poly:
            exponents = {a: e for a, e in monomial if a.kind not in CONDITIONS}
            if common is None:
                common = exponents
            else:
                every = set(common) | set(exponents)
                common = {a: min(common.get(a, 0), exponents.get(a, 0)) for a in every}
        pulled = monomial_of(common or {})
        rest = raw_product(poly, {raised(pulled, -1): Fraction(1)}, self.work)
        lead = leading(rest)
        if lead is None:
            lead = max(rest, key=lambda m: (abs(rest[m]), monomial_key(m, plain_name, {})))
        coefficient = rest[lead]
        return pulled, coefficient, scale(rest, 1 / coefficient)

    def inverse(self, poly: Poly, exponent: int) -> Poly:
        """poly ** -exponent, where the polynomial is not 0."""
        if not poly:
            raise Undefined("1/0")
        monomial, c, rest = self.content(poly)
        if any(a.kind in CONDITIONS for m in (monomial, *([m for m in rest] if len(rest) == 1 else ())) for a, _ in m):
            raise Rejected("not in the checker's reach: a reciprocal of a condition")
        outer = self.normal({raised(monomial, -exponent): (1 / c) ** exponent})
        if rest == ONE:
            return outer
        settled = self.normal(rest)
        if not settled:
            raise Undefined("1/0")
        if settled != poly and (len(settled) == 1 or any(a.kind == "lump" for m in settled for a, _ in m)):
            return self.multiply(outer, self.inverse(settled, exponent))
        return self.multiply(outer, of_atom(self.atom("lump", settled), -exponent))

    # ---- factors

    def factors(self, poly: Poly) -> tuple[Fraction, list[Factor]]:
        """poly = coefficient * product of factors ** exponents."""
        coefficient, found = Fraction(1), list[Factor]()
        for _ in range(20):
            monomial, c, rest = self.content(poly)
            coefficient *= c
            found += [(a, of_atom(a), e) for a, e in monomial]
            poly = self.normal(rest)
            if poly == rest or not poly:
                break
        if not poly:
            raise Undefined("the logarithm or root of 0")
        if poly != ONE:
            found.append((None, poly, 1))
        return coefficient, [
            (None, a.args[0], e) if a is not None and a.kind == "lump" else (a, p, e) for a, p, e in found
        ]

    def positive_factors(self, poly: Poly) -> tuple[Fraction, list[Factor]]:
        """The factors, each of them positive where the product is."""
        coefficient, found = self.factors(poly)
        signed, unknown = list[Factor](), list[Factor]()
        for a, p, e in found:
            sign = self.sign(p)
            if sign is None:
                unknown.append((a, p, e))
            elif sign < 0:
                coefficient *= -1 if e % 2 else 1
                signed.append((None, negative(p), e))
            else:
                signed.append((a, p, e))
        if not unknown:
            if coefficient < 0:
                raise Undefined("the logarithm or root of a negative number")
            return coefficient, signed
        a, p, e = unknown[0]
        if len(unknown) == 1 and e % 2 == 1:  # it has the sign of the coefficient where the product is positive
            return abs(coefficient), [*signed, (a, p, e) if coefficient > 0 else (None, negative(p), e)]
        raise NeedSign(p)

    # ---- exponentials, logarithms, roots

    def exponential(self, poly: Poly) -> Poly:
        result = ONE
        for monomial, c in poly.items():
            if len(monomial) == 1 and monomial[0][0].kind == "log" and monomial[0][1] == 1:
                factor = self.root(monomial[0][0].args[0], c)  # the argument is positive where its logarithm is defined
            else:
                factor = of_atom(self.atom("exp", monomial), whole(c))
            result = self.multiply(result, factor)
        return result

    def logarithm(self, poly: Poly) -> Poly:
        if not poly:
            raise Undefined("log(0)")
        coefficient, found = self.positive_factors(poly)
        parts = [scale(of_atom(self.atom("log", constant(p))), e) for p, e in primes(coefficient).items()]
        for a, p, e in found:
            if a is not None and a.kind == "exp":
                part: Poly = {a.args[0]: Fraction(1)}
            elif a is not None and a.kind == "root":
                part = scale(self.logarithm(a.args[1]), Fraction(1, a.args[0]))
            else:
                part = of_atom(self.atom("log", p))
            parts.append(scale(part, Fraction(e)))
        return add({}, *parts)

    def root(self, poly: Poly, exponent: Fraction) -> Poly:
        """poly ** exponent, the principal root of what is not negative."""
        if exponent.denominator == 1:
            return self.power(poly, int(exponent))
        if not poly:
            if exponent > 0:
                return {}
            raise Undefined("1/0")
        coefficient, found = self.positive_factors(poly)
        found += [(None, constant(p), e) for p, e in primes(coefficient).items()]
        return self.multiply(*(self._root_of(a, p, Fraction(e) * exponent) for a, p, e in found))

    def _root_of(self, atom: Atom | None, poly: Poly, target: Fraction) -> Poly:
        if atom is not None and atom.kind == "exp":
            return of_atom(atom, whole(target))
        if target.denominator == 1:
            return self.power(poly, int(target))
        if atom is not None and atom.kind == "root":
            return self.root(atom.args[1], target / atom.args[0])
        times, rest = divmod(target.numerator, target.denominator)
        return self.multiply(self.power(poly, times), of_atom(self.atom("root", target.denominator, poly), rest))

    def call(self, name: str, poly: Poly) -> Poly:
        """erf and sin are odd, cos is even; all are known at 0."""
        if not poly:
            return ONE if name == "cos" else {}
        if self.content(poly)[1] > 0:
            return of_atom(self.atom("call", name, poly))
        turned = of_atom(self.atom("call", name, negative(poly)))
        return turned if name == "cos" else negative(turned)

    # ---- indicators

    def plain_sign(self, poly: Poly) -> int | None:
        raise NotImplementedError

    def normal_guard(self, poly: Poly) -> tuple[int, Poly]:
        """The guard up to a positive factor: a sign, and a polynomial."""
        monomial, c, rest = self.content(poly)
        sign, kept = 1 if c > 0 else -1, dict[Atom, Exponent]()
        for a, e in monomial:
            own = self.plain_sign(of_atom(a))
            if own == -1 and e % 2:
                sign = -sign
            if own is None:
                kept[a] = 1 if e % 2 else 2
        return sign, self.normal(raw_product(rest, {monomial_of(kept): Fraction(1)}, self.work))

    def indicator(self, kind: str, poly: Poly) -> Poly:
        """[poly > 0] or [poly = 0]."""
        sign = self.sign(poly)
        if sign is not None:
            return ONE if (sign > 0 if kind == "positive" else sign == 0) else {}
        direction, guard = self.normal_guard(poly)
        zero = of_atom(self.atom("zero", guard))
        if kind == "zero":
            return zero
        positive = of_atom(self.atom("positive", guard))
        return positive if direction > 0 else subtract(subtract(ONE, positive), zero)


def primes(value: Fraction) -> dict[int, int]:
    """A positive rational as a product of powers; the parts need not be prime if they are large."""
    found: dict[int, int] = {}
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        p = 2
        while part > 1 and p * p <= min(part, _LARGEST_FACTORED) and p < 10_000:
            while part % p == 0:
                found[p] = found.get(p, 0) + sign
                part //= p
            p += 1
        if part > 1:
            found[part] = found.get(part, 0) + sign
    return {p: e for p, e in found.items() if e}


def is_bound(poly: Poly) -> bool:
    """Whether an index that a sum runs over occurs free."""
    return any(i[0] != "free" for i in free_of(poly))
