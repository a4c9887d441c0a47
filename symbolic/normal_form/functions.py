"""Reciprocals, exponentials, logarithms, roots and indicators of polynomials.

- (c * m * D)^-1 = c^-1 * m^-1 * lump(D)^-1
- exp(u + v) = exp(u) * exp(v), exp(c * log(u)) = u^c
- log(u * v) = log(u) + log(v) and (u * v)^r = u^r * v^r for factors that are positive where the left side is defined
- [c * u > 0] = [u > 0] for positive c; [-u > 0] = 1 - [u > 0] - [u = 0]
"""

from __future__ import annotations

from fractions import Fraction

from flint import Ordering, fmpq, fmpq_mpoly_ctx, fmpz

from ..errors import OutOfReach
from .base import NeedSign, Undefined
from .fractions import reduced_fraction
from .polynomials import (
    ONE,
    ZERO,
    Atom,
    Exponent,
    Monomial,
    Poly,
    add,
    as_exponent,
    constant,
    free_indices,
    leading_monomial,
    monomial_key,
    monomial_of,
    negative,
    of_atom,
    raw_product,
    scale,
    subtract,
)
from .trigonometry import Trigonometry

_CONDITIONS = ("same", "positive", "zero")
_MOST_TERMS_TO_FACTOR, _MOST_ATOMS_TO_FACTOR, _HIGHEST_POWER_TO_FACTOR = 80, 12, 1000

#: A factor of a product: an atom or a polynomial of several terms, and its exponent.
Factor = tuple["Atom | None", Poly, Exponent]


class Functions(Trigonometry):
    """The functions of one polynomial."""

    def content(self, poly: Poly) -> tuple[Monomial, fmpq, Poly]:
        """poly = monomial * coefficient * rest; the rest has no common factor and a leading coefficient of 1."""
        common: dict[Atom, Exponent] | None = None
        for monomial in poly:
            exponents = {a: e for a, e in monomial if a.kind not in _CONDITIONS}
            if common is None:
                common = exponents
                continue
            for atom in set(common) | set(exponents):
                least = min(common.get(atom, 0), exponents.get(atom, 0))
                if least:
                    common[atom] = least
                else:
                    common.pop(atom, None)
        pulled = monomial_of(common or {})
        rest = raw_product(poly, {tuple((a, -e) for a, e in pulled): fmpq(1)})
        lead = leading_monomial(rest)
        if lead is None:
            lead = max(rest, key=lambda m: (abs(rest[m]), monomial_key(m)))
        coefficient = rest[lead]
        return pulled, coefficient, scale(rest, 1 / coefficient)

    def inverse(self, poly: Poly, exponent: int) -> Poly:
        """poly ** -exponent."""
        if not poly:
            raise Undefined("1/0")
        if len(poly) == 1:
            ((monomial, coefficient),) = poly.items()
            return self._monomial_inverse(monomial, coefficient, exponent)
        monomial, coefficient, rest = self.content(poly)
        rest = self.normal(rest)
        outer = self._monomial_inverse(monomial, coefficient, exponent)
        if len(rest) == 1 or any(a.kind == "lump" for m in rest for a, _ in m):
            return self.multiply(outer, self.inverse(rest, exponent)) if rest != poly else self._lump(rest, exponent)
        return self.multiply(outer, self._lump(rest, exponent))

    def _lump(self, poly: Poly, exponent: int) -> Poly:
        return of_atom(self.atom("lump", poly), -exponent)

    def _monomial_inverse(self, monomial: Monomial, coefficient: fmpq, exponent: int) -> Poly:
        if any(a.kind in _CONDITIONS for a, _ in monomial):
            raise OutOfReach("a reciprocal of a condition")
        inverse = tuple((a, as_exponent(-e * exponent)) for a, e in monomial)
        return self.normal({inverse: (1 / coefficient) ** exponent})

    def single_fraction(self, poly: Poly) -> Poly:
        """The polynomial as one reduced fraction, if a sum is below a line: what stands in a function has one form."""
        reduced = reduced_fraction(poly)
        if reduced is None:
            return poly
        numerator, below = reduced
        return self.product([self.normal(numerator), *(self.inverse(self.normal(p), e) for p, e in below)])

    # ---- factors

    def factors(self, poly: Poly) -> tuple[fmpq, list[Factor]]:
        """poly = coefficient * product of factors ** exponents."""
        coefficient = fmpq(1)
        factors: list[Factor] = []
        while True:
            monomial, c, rest = self.content(poly)
            coefficient *= c
            factors += [(atom, of_atom(atom), e) for atom, e in monomial]
            poly = self.normal(rest)
            if rest == poly or not poly:
                break
        if not poly:
            raise Undefined("log or root of 0")
        if len(poly) == 1:
            ((monomial, c),) = poly.items()
            coefficient *= c
            factors += [(atom, of_atom(atom), e) for atom, e in monomial]
        else:
            factors += [(None, p, e) for p, e in _irreducible(poly)]
        merged: dict[frozenset[object], Factor] = {}
        for atom, p, e in factors:
            key = frozenset(p.items())
            merged[key] = (atom, p, as_exponent(e + merged[key][2]) if key in merged else e)
        flat: list[Factor] = []
        for atom, p, e in merged.values():
            is_lump = atom is not None and atom.kind == "lump"
            flat.append((None, atom.args[0], e) if atom is not None and is_lump else (atom, p, e))
        return coefficient, flat

    def _positive_factors(self, poly: Poly) -> tuple[fmpq, list[Factor]]:
        """The factors, each one positive where the product is; raises NeedSign where that takes cells."""
        coefficient, factors = self.factors(poly)
        unknown: list[Factor] = []
        signed: list[Factor] = []
        for atom, p, e in factors:
            sign = self.sign(p)
            if sign is None:
                unknown.append((atom, p, e))
                continue
            if sign < 0:
                coefficient *= -1 if e % 2 else 1
                atom, p = None, negative(p)
            signed.append((atom, p, e))
        if len(unknown) == 1 and unknown[0][2] % 2 == 1:
            atom, p, e = unknown[0]
            if coefficient < 0:
                coefficient, atom, p = -coefficient, None, negative(p)
            return coefficient, [*signed, (atom, p, e)]
        for _, p, _ in unknown:
            if any(_is_bound(i) for i in free_indices(p)):
                raise OutOfReach("a logarithm or root of a product of unknown signs under a sum")
            raise NeedSign(p)
        if coefficient < 0:
            raise Undefined("log or root of a negative number")
        return coefficient, signed

    # ---- exponentials, logarithms, roots

    def exponential(self, poly: Poly) -> Poly:
        result = ONE
        for monomial, c in poly.items():
            exponent = as_exponent(Fraction(int(c.p), int(c.q)))
            if len(monomial) == 1 and monomial[0][0].kind == "log" and monomial[0][1] == 1:
                argument = monomial[0][0].args[0]
                if isinstance(exponent, int):
                    factor = self.power(argument, exponent)
                else:
                    factor = self.root(argument, exponent.numerator, exponent.denominator)
            else:
                factor = of_atom(self.atom("exp", monomial), exponent)
            result = self.multiply(result, factor)
        return result

    def logarithm(self, poly: Poly) -> Poly:
        if not poly:
            raise Undefined("log(0)")
        coefficient, factors = self._positive_factors(poly)
        parts = [self._log_rational(coefficient)]
        for atom, p, e in factors:
            factor_exponent = Fraction(e)
            if atom is not None and atom.kind == "exp":
                part: Poly = {atom.args[0]: fmpq(1)}
            elif atom is not None and atom.kind == "root":
                part = scale(self.logarithm(atom.args[1]), Fraction(1, atom.args[0]))
            else:
                part = of_atom(self.atom("log", p))
            parts.append(scale(part, factor_exponent))
        return add(*parts)

    def _log_rational(self, value: fmpq) -> Poly:
        result = ZERO
        for part, sign in ((value.p, 1), (value.q, -1)):
            for prime, exponent in fmpz(part).factor():
                result = add(result, scale(of_atom(self.atom("log", constant(int(prime)))), sign * int(exponent)))
        return result

    def root(self, poly: Poly, numerator: int, degree: int) -> Poly:
        """poly ** (numerator / degree), the principal root of what is not negative."""
        if not poly:
            if numerator > 0:
                return ZERO
            raise Undefined("1/0")
        coefficient, factors = self._positive_factors(poly)
        result = ONE
        for part, sign in ((coefficient.p, 1), (coefficient.q, -1)):
            for prime, e in fmpz(part).factor():
                factor = constant(int(prime))
                result = self.multiply(result, self._root_of(None, factor, sign * int(e), numerator, degree))
        for atom, p, exponent in factors:
            result = self.multiply(result, self._root_of(atom, p, exponent, numerator, degree))
        return result

    def _root_of(self, atom: Atom | None, p: Poly, exponent: Exponent, numerator: int, degree: int) -> Poly:
        target = Fraction(exponent) * Fraction(numerator, degree)
        if atom is not None and atom.kind == "exp":
            return of_atom(atom, as_exponent(target))
        if target.denominator == 1:
            return self.power(p, int(target))
        if atom is not None and atom.kind == "root":
            inner, base = atom.args
            return self.root(base, target.numerator, target.denominator * inner)
        whole, rest = divmod(target.numerator, target.denominator)
        radical = of_atom(self.atom("root", target.denominator, p), rest)
        return self.multiply(self.power(p, whole), radical)

    def called(self, name: str, argument: Poly) -> Poly:
        """A named function; erf is odd, so that the argument's sign is normalised."""
        if name in ("sin", "cos"):
            return self.sine_and_cosine(argument)[name == "cos"]
        if not argument:
            return ZERO
        direction, _ = self.orientation(argument)
        turned = of_atom(self.atom("call", name, argument if direction > 0 else negative(argument)))
        return turned if direction > 0 else negative(turned)

    # ---- indicators

    def normal_guard(self, poly: Poly) -> tuple[int, Poly]:
        """The guard up to a positive factor: a sign and a normalised polynomial."""
        if self._asking or self._logs_asked:  # signs are not all known then
            return self._normal_guard(poly)
        key = frozenset(poly.items())
        if key not in self._guards:
            self._guards[key] = self._normal_guard(poly)
        return self._guards[key]

    def _normal_guard(self, poly: Poly) -> tuple[int, Poly]:
        monomial, coefficient, rest = self.content(poly)
        kept, sign = [], 1 if coefficient > 0 else -1
        for atom, exponent in monomial:
            own = self.plain_sign(of_atom(atom))
            if own == -1 and exponent % 2:
                sign = -sign
            if own is None:
                kept.append((atom, 1 if exponent % 2 else 2))
        known = self.plain_sign(rest)
        if known:  # z * (1 + z^2) has the sign of z
            sign, rest = sign * known, ONE
        return sign, self.normal(raw_product(rest, {tuple(kept): fmpq(1)}))

    def orientation(self, poly: Poly) -> tuple[int, Poly]:
        """The sign of a polynomial's leading coefficient, for normalising the arguments of odd and even functions."""
        _, coefficient, rest = self.content(poly)
        return (1 if coefficient > 0 else -1), rest

    def indicator_positive(self, poly: Poly) -> Poly:
        """[poly > 0]."""
        sign = self.sign(poly)
        if sign is not None:
            return ONE if sign > 0 else ZERO
        direction, guard = self.normal_guard(poly)
        positive = of_atom(self.atom("positive", guard))
        if direction > 0:
            return positive
        return subtract(subtract(ONE, positive), of_atom(self.atom("zero", guard)))

    def indicator_zero(self, poly: Poly) -> Poly:
        """[poly = 0]."""
        sign = self.sign(poly)
        if sign is not None:
            return ZERO if sign else ONE
        return of_atom(self.atom("zero", self.normal_guard(poly)[1]))


def _is_bound(index: str) -> bool:
    return "~" in index or index.startswith("@")


def _irreducible(poly: Poly) -> list[tuple[Poly, int]]:
    """The factors of a polynomial of several terms, where it is small enough to be factored."""
    atoms = sorted({a for m in poly for a, _ in m}, key=lambda a: a.serial)
    whole = all(isinstance(e, int) and 0 <= e <= _HIGHEST_POWER_TO_FACTOR for m in poly for _, e in m)
    if len(poly) > _MOST_TERMS_TO_FACTOR or len(atoms) > _MOST_ATOMS_TO_FACTOR or not whole:
        return [(poly, 1)]
    ring = fmpq_mpoly_ctx.get([f"a{k}" for k in range(len(atoms))], Ordering.degrevlex)
    dense = {tuple(int(dict(m).get(a, 0)) for a in atoms): c for m, c in poly.items()}
    _, parts = ring.from_dict(dense).factor()
    if len(parts) == 1 and parts[0][1] == 1:
        return [(poly, 1)]
    result: list[tuple[Poly, int]] = []
    for part, exponent in parts:
        factor: Poly = {
            monomial_of(dict(zip(atoms, (int(e) for e in exponents), strict=True))): fmpq(c)
            for exponents, c in part.to_dict().items()
        }
        lead = leading_monomial(factor)
        result.append((scale(factor, 1 / factor[lead]) if lead else factor, int(exponent)))
    product = ONE
    for factor, exponent in result:
        for _ in range(exponent):
            product = raw_product(product, factor)
    return result if product == poly else [(poly, 1)]
