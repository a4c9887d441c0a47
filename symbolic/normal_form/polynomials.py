"""Sparse Laurent polynomials over the rationals in atoms, and the atoms themselves.

A polynomial is a dict from monomials to rationals, never changed once made; a monomial is a tuple of
(atom, exponent) in the order in which the atoms were made.  Two atoms are equal only if they are the same object.
An index is an integer or a text ``name:dimension``; bound indices of a closed sum are called ``~h.k:dimension``
(h the height of the sum, k the place).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from fractions import Fraction
from hashlib import blake2b
from typing import Any

from flint import fmpq

from .effort import Effort

Index = str | int
Exponent = int | Fraction
Monomial = tuple[tuple["Atom", Exponent], ...]
Poly = dict[Monomial, fmpq]

#: What each kind of atom holds.
KINDS: dict[str, str] = {
    "symbol": "(name,)",
    "constant": "(name,)",
    "size": "(dimension,)",
    "entry": "(tensor, indices)",
    "inverse": "(tensor, indices): one entry of the inverse of a square matrix",
    "determinant": "(tensor,)",
    "same": "(i, j): 1 where the indices are equal, else 0",
    "exp": "(monomial,): exp of the monomial with coefficient 1",
    "log": "(polynomial,)",
    "call": "(name, polynomial): a named function",
    "applied": "(name, order, polynomial): an undefined function, differentiated",
    "lump": "(polynomial,): the polynomial itself, met with negative exponents only",
    "root": "(q, polynomial): its q-th root",
    "positive": "(polynomial,): 1 where it is > 0, else 0",
    "zero": "(polynomial,): 1 where it is = 0, else 0",
    "sum": "(bound indices, monomial): the closed sum",
}


class Atom:
    """A generator.  `key` orders atoms independently of when they were made; `height` is the nesting of sums."""

    __slots__ = ("_blind", "_key", "args", "free", "height", "kind", "serial")
    kind: str
    args: tuple[Any, ...]
    free: frozenset[str]
    height: int
    serial: int
    _key: bytes
    _blind: bytes

    @property
    def key(self) -> bytes:
        if not self._key:
            self._key = digest(self.kind, *(_key(a, None) for a in self.args))
        return self._key

    @property
    def blind(self) -> bytes:
        """The key in which every free index is known by its dimension only."""
        if not self._blind:
            own = frozenset(self.args[0]) if self.kind == "sum" else frozenset()
            naming = (lambda i: i if i in own else _blind(i)) if own else _blind
            self._blind = digest(self.kind, *(_key(a, naming) for a in self.args))
        return self._blind

    def __repr__(self) -> str:
        return f"{self.kind}{self.args}"


def dimension_of(index: str) -> str:
    return index.split(":", 1)[1]


class AtomTable:
    """Makes every atom once; what works with the same atoms counts one effort."""

    def __init__(self, effort: Effort | None = None) -> None:
        self.effort = effort or Effort()
        self._atoms: dict[tuple[Any, ...], Atom] = {}
        self._serial = itertools.count()

    def atom(self, kind: str, *args: Any) -> Atom:
        """The atom of this kind and these arguments."""
        identity = (kind, *(frozenset(a.items()) if isinstance(a, dict) else a for a in args))
        found = self._atoms.get(identity)
        if found is None:
            found = self._atoms[identity] = self._make(kind, args)
        return found

    def _make(self, kind: str, args: tuple[Any, ...]) -> Atom:
        atom = Atom()
        atom.kind, atom.args, atom.serial = kind, args, next(self._serial)
        atom.free, atom.height = frozenset(), 0
        for arg in args:
            for free, height in _reach(arg):
                atom.free |= free
                atom.height = max(atom.height, height)
        if kind == "sum":
            atom.free -= set(args[0])
            atom.height += 1
        atom._key = atom._blind = b""
        return atom


def _reach(arg: Any) -> Iterable[tuple[frozenset[str], int]]:
    if isinstance(arg, dict):
        return [(a.free, a.height) for m in arg for a, _ in m]
    if isinstance(arg, tuple) and arg and isinstance(arg[0], tuple):
        return [(a.free, a.height) for a, _ in arg]
    if isinstance(arg, tuple):
        return [(frozenset(i for i in arg if isinstance(i, str)), 0)]
    return [(frozenset({arg}) if isinstance(arg, str) and ":" in arg else frozenset(), 0)]


def digest(*parts: bytes | str) -> bytes:
    data = [part.encode() if isinstance(part, str) else part for part in parts]
    lengths = " ".join(map(str, map(len, data)))
    return blake2b(b"".join((lengths.encode(), b":", *data)), digest_size=16).digest()


def _blind(index: str) -> str:
    return ":" + dimension_of(index)


def _key(arg: Any, naming: Any) -> bytes:
    """The key of an argument, with the free indices named by `naming` (None: as they are)."""
    if isinstance(arg, dict):
        return digest("poly", *sorted(digest(str(c), _key(m, naming)) for m, c in arg.items()))
    if isinstance(arg, tuple) and arg and isinstance(arg[0], tuple):
        return digest("mono", *sorted(digest(str(e), atom_key(a, naming)) for a, e in arg))
    if isinstance(arg, tuple):
        return digest("indices", *(_index_key(i, naming) for i in arg))
    if isinstance(arg, str) and ":" in arg:
        return _index_key(arg, naming)
    return str(arg).encode()


def _index_key(index: Index, naming: Any) -> bytes:
    return str(index if naming is None or isinstance(index, int) else naming(index)).encode()


def atom_key(atom: Atom, naming: Any) -> bytes:
    """The atom's key with its free indices named otherwise."""
    if naming is None:
        return atom.key
    if naming is _blind:
        return atom.blind
    if not any(naming(i) != i for i in atom.free):
        return atom.key
    bound = frozenset(atom.args[0]) if atom.kind == "sum" else frozenset()
    inner = (lambda i: i if i in bound else naming(i)) if bound else naming
    return digest(atom.kind, *(_key(a, inner) for a in atom.args))


def monomial_key(monomial: Monomial, naming: Any = None) -> bytes:
    return _key(monomial, naming) if monomial else b""


ZERO: Poly = {}  # never changed
UNIT: Monomial = ()


def constant(value: int | Fraction | fmpq) -> Poly:
    value = fmpq(value.numerator, value.denominator) if isinstance(value, Fraction) else fmpq(value)
    return {UNIT: value} if value != 0 else {}


ONE = constant(1)


def of_atom(atom: Atom, exponent: Exponent = 1) -> Poly:
    return {((atom, exponent),): fmpq(1)} if exponent else ONE


def add(*polys: Poly) -> Poly:
    if len(polys) == 1:
        return polys[0]
    result: Poly = dict(polys[0]) if polys else {}
    for poly in polys[1:]:
        for monomial, coefficient in poly.items():
            total = result.get(monomial, 0) + coefficient
            if total == 0:
                del result[monomial]
            else:
                result[monomial] = total
    return result


def scale(poly: Poly, factor: Any) -> Poly:
    factor = fmpq(factor.numerator, factor.denominator) if isinstance(factor, Fraction) else factor
    return {m: c * factor for m, c in poly.items()} if factor != 0 else {}


def negative(poly: Poly) -> Poly:
    return {m: -c for m, c in poly.items()}


def subtract(left: Poly, right: Poly) -> Poly:
    return add(left, negative(right))


def join(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials, before any rule is applied."""
    if not left or not right:
        return left or right
    exponents: dict[Atom, Exponent] = dict(left)
    for atom, exponent in right:
        total = exponents.get(atom, 0) + exponent
        if total == 0:
            del exponents[atom]
        else:
            exponents[atom] = as_exponent(total)
    return monomial_of(exponents)


def monomial_of(exponents: Mapping[Atom, Exponent]) -> Monomial:
    return tuple(sorted(((a, e) for a, e in exponents.items() if e), key=lambda pair: pair[0].serial))


def as_exponent(value: Exponent) -> Exponent:
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


def raw_product(left: Poly, right: Poly) -> Poly:
    """The product, before any rule is applied."""
    result: Poly = {}
    for m, c in left.items():
        for n, d in right.items():
            product = join(m, n)
            total = result.get(product, 0) + c * d
            if total == 0:
                del result[product]
            else:
                result[product] = total
    return result


def free_indices(poly: Poly) -> frozenset[str]:
    return frozenset().union(*(a.free for m in poly for a, _ in m))


def atoms_of(poly: Poly) -> set[Atom]:
    """Atoms at the top level of the polynomial."""
    return {a for m in poly for a, _ in m}


def all_atoms(poly: Poly) -> set[Atom]:
    """Atoms at every level."""
    found: set[Atom] = set()
    stack = list(atoms_of(poly))
    while stack:
        atom = stack.pop()
        if atom not in found:
            found.add(atom)
            for arg in atom.args:
                if isinstance(arg, dict):
                    stack.extend(atoms_of(arg))
                elif isinstance(arg, tuple) and arg and isinstance(arg[0], tuple):
                    stack.extend(a for a, _ in arg)
    return found


def leading_monomial(poly: Poly) -> Monomial | None:
    """The largest monomial in an order that does not see index names; None where two are largest."""
    ranked = sorted(((_rank(m), m) for m in poly), key=lambda pair: pair[0], reverse=True)
    if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
        return None
    return ranked[0][1]


def _rank(monomial: Monomial) -> tuple[Any, ...]:
    degrees: dict[tuple[bool, bytes], Exponent] = {}
    for atom, exponent in monomial:
        key = bool(atom.free), atom.blind  # what depends on an index leads: it is reduced under its sum
        degrees[key] = degrees.get(key, 0) + exponent
    return sum(degrees.values()), sorted(degrees.items(), reverse=True)
