"""Sparse Laurent polynomials over the rationals in atoms.

An atom is a tagged tuple, made once.  A monomial is a tuple of (atom, exponent) in the order in which the atoms were
made; a polynomial maps monomials to rationals and is never changed once made.  An index is a whole number or
(kind, name, dimension) with the kind "free", "fresh" or "bound"; the last is what closed sums call their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from hashlib import blake2b
from typing import Any

from .reading import Rejected, Work

MOST_BITS = 20_000
_MOST_TERMS = 20_000

#: What each kind of atom holds.
KINDS = {
    "symbol": "(name,)", "constant": "(name,)", "size": "(dimension,)", "entry": "(tensor, indices)",
    "same": "(i, j): 1 where they are equal, else 0", "exp": "(monomial,)", "log": "(polynomial,)",
    "call": "(function, polynomial)", "applied": "(f, order, polynomial)", "root": "(degree, polynomial)",
    "lump": "(polynomial,): itself, with negative exponents", "sum": "(bound indices, monomial)",
    "positive": "(polynomial,): 1 where it is > 0, else 0", "zero": "(polynomial,): 1 where it is = 0, else 0",
}  # fmt: skip
CONDITIONS = ("same", "positive", "zero")

Index = Any  # int, or (kind, name, dimension)
Exponent = int | Fraction
Monomial = tuple[tuple["Atom", Exponent], ...]
Poly = dict[Monomial, Fraction]
Naming = Callable[[Index], str]


class Atom:
    """A generator; `key` orders atoms, `blind` does so without seeing the names of free indices."""

    __slots__ = ("args", "blind", "free", "height", "key", "kind", "serial")
    kind: str
    args: tuple[Any, ...]
    free: frozenset[Index]
    height: int  # how deep closed sums are nested in it
    key: str
    blind: str
    serial: int


def plain_name(index: Index) -> str:
    return repr(index)


def blind_name(index: Index) -> str:
    return repr(index) if isinstance(index, int) else ":" + index[2]


class Atoms:
    """Makes every atom once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._made: dict[tuple[Any, ...], Atom] = {}

    def atom(self, kind: str, *args: Any) -> Atom:
        identity = (kind, *(frozenset(a.items()) if isinstance(a, dict) else a for a in args))
        found = self._made.get(identity)
        if found is None:
            self.work.spend(5)
            found = Atom()
            found.kind, found.args, found.serial = kind, args, len(self._made)
            inner = [a for arg in args for a in atoms_in(arg)]
            own = args[1] if kind == "entry" else args if kind == "same" else ()
            found.free = frozenset(i for i in own if not isinstance(i, int)).union(*(a.free for a in inner))
            found.height = max((a.height for a in inner), default=0)
            if kind == "sum":
                found.free -= set(args[0])
                found.height += 1
            found.key, found.blind = key_of(found, plain_name, {}), key_of(found, blind_name, {})
            self._made[identity] = found
        return found


def atoms_in(arg: Any) -> Iterator[Atom]:
    """The atoms of an atom's argument: a polynomial or a monomial."""
    if isinstance(arg, dict):
        for monomial in arg:
            yield from (a for a, _ in monomial)
    elif isinstance(arg, tuple) and arg and isinstance(arg[0], tuple) and isinstance(arg[0][0], Atom):
        yield from (a for a, _ in arg)


def key_of(atom: Atom, naming: Naming, memo: dict[Atom, str]) -> str:
    """A digest of the atom with its free indices named so.  Only an order rests on it, never an equality."""
    found = memo.get(atom)
    if found is None:
        own = frozenset(atom.args[0]) if atom.kind == "sum" else frozenset()

        def inner(i: Index) -> str:
            return repr(i) if i in own else naming(i)

        below: dict[Atom, str] = {} if own else memo
        parts = [atom.kind]
        for arg in atom.args:
            if isinstance(arg, dict):
                parts += sorted(f"{c}*{monomial_key(m, inner, below)}" for m, c in arg.items())
            elif any(True for _ in atoms_in(arg)):
                parts.append(monomial_key(arg, inner, below))
            elif atom.kind == "entry" and isinstance(arg, tuple):
                parts += [inner(i) for i in arg]
            else:
                parts.append(inner(arg) if atom.kind == "same" else repr(arg))
        found = memo[atom] = blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
    return found


def monomial_key(monomial: Monomial, naming: Naming, memo: dict[Atom, str]) -> str:
    def of(atom: Atom) -> str:
        return atom.key if naming is plain_name else key_of(atom, naming, memo)

    return " ".join(sorted(f"{of(a)}^{e}" for a, e in monomial))


ZERO: Poly = {}
ONE: Poly = {(): Fraction(1)}


def constant(value: int | Fraction) -> Poly:
    return {(): Fraction(value)} if value else {}


def of_atom(atom: Atom, exponent: Exponent = 1) -> Poly:
    return {((atom, exponent),): Fraction(1)} if exponent else ONE


def accumulate(result: Poly, monomial: Monomial, coefficient: Fraction) -> None:
    total = result.get(monomial, 0) + coefficient
    if total:
        result[monomial] = total
    else:
        result.pop(monomial, None)


def add(*polys: Poly) -> Poly:
    result: Poly = dict(polys[0]) if polys else {}
    for poly in polys[1:]:
        for monomial, coefficient in poly.items():
            accumulate(result, monomial, coefficient)
    return result


def scale(poly: Poly, factor: int | Fraction) -> Poly:
    return {m: c * factor for m, c in poly.items()} if factor else {}


def negative(poly: Poly) -> Poly:
    return {m: -c for m, c in poly.items()}


def subtract(left: Poly, right: Poly) -> Poly:
    return add(left, negative(right))


def whole(value: Exponent) -> Exponent:
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def monomial_of(exponents: dict[Atom, Exponent]) -> Monomial:
    return tuple(sorted(((a, whole(e)) for a, e in exponents.items() if e), key=lambda pair: pair[0].serial))


def join(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials, before any rule is applied."""
    if not left or not right:
        return left or right
    exponents: dict[Atom, Exponent] = dict(left)
    for atom, exponent in right:
        exponents[atom] = exponents.get(atom, 0) + exponent
    return monomial_of(exponents)


def raised(monomial: Monomial, factor: Exponent) -> Monomial:
    return tuple((a, whole(e * factor)) for a, e in monomial) if factor else ()


def raw_product(left: Poly, right: Poly, work: Work) -> Poly:
    """The product, before any rule is applied."""
    work.spend(1 + len(left) * len(right))
    result: Poly = {}
    for m, c in left.items():
        for n, d in right.items():
            accumulate(result, join(m, n), bounded(c * d))
    if len(result) > _MOST_TERMS:
        raise Rejected("not in the checker's reach: too many terms")
    return result


def bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > MOST_BITS:
        raise Rejected("not in the checker's reach: a huge number")
    return value


def free_of(poly: Poly) -> frozenset[Index]:
    return frozenset().union(*(a.free for a in atoms_in(poly)))


def all_atoms(poly: Poly) -> set[Atom]:
    """The atoms at every level."""
    found: set[Atom] = set()
    pending = list(atoms_in(poly))
    while pending:
        atom = pending.pop()
        if atom not in found:
            found.add(atom)
            pending += [a for arg in atom.args for a in atoms_in(arg)]
    return found


def leading(poly: Poly) -> Monomial | None:
    """The largest monomial in an order that does not see the names of indices; None where two are largest."""

    def rank(monomial: Monomial) -> tuple[Any, ...]:
        degrees: dict[tuple[bool, str], Exponent] = {}
        for a, e in monomial:
            where = (bool(a.free), a.blind)  # what depends on an index leads: it is reduced under its sum
            degrees[where] = degrees.get(where, 0) + e
        return sum(degrees.values()), sorted(degrees.items(), reverse=True)

    ranked = sorted(((rank(m), m) for m in poly), key=lambda pair: pair[0], reverse=True)
    return None if len(ranked) > 1 and ranked[0][0] == ranked[1][0] else ranked[0][1]


def proportion(poly: Poly, other: Poly) -> Fraction | None:
    """c with poly = c * other."""
    if not other or poly.keys() != other.keys():
        return None
    first = next(iter(other))
    ratio = poly[first] / other[first]
    return ratio if all(c == ratio * other[m] for m, c in poly.items()) else None
