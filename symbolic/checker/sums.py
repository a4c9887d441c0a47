"""Closed sums: deltas contracted, factors pulled out, inner sums flattened, bound indices in one order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from .functions import Functions
from .polynomials import (
    Atom,
    Index,
    Monomial,
    Poly,
    add,
    atoms_in,
    free_of,
    monomial_key,
    of_atom,
    scale,
)
from .reading import Rejected

_MOST_ORDERS = 5040


class Sums(Functions):
    """Sums over whole ranges."""

    def total(self, bound: tuple[Index, ...], poly: Poly) -> Poly:
        """The sum of the polynomial over the bound indices."""
        return add({}, *(scale(self._sum(bound, m), c) for m, c in poly.items()))

    def _sum(self, bound: tuple[Index, ...], monomial: Monomial) -> Poly:
        self.work.spend(5)
        inside = frozenset(bound)
        for atom, e in monomial:
            rest = tuple(pair for pair in monomial if pair[0] is not atom)
            if atom.kind == "same" and atom.free & inside:  # sum_b same(b, i) * F(b) = F(i)
                b, other = atom.args if atom.args[0] in inside else atom.args[::-1]
                return self.total(tuple(x for x in bound if x != b), self.rename({rest: Fraction(1)}, {b: other}))
            if atom.kind == "sum" and e > 0 and atom.free & inside:  # sum_b F * sum_c G = sum_bc F * G
                more, product = list[Index](), {rest: Fraction(1)}
                for _ in range(int(e)):
                    fresh, body = self.opened(atom)
                    more += fresh
                    product = self.multiply(product, body)
                return self.total((*bound, *more), product)
        first = self._one_first(bound, monomial)
        return self._parts(bound, monomial) if first is None else first

    def opened(self, atom: Atom) -> tuple[list[Index], Poly]:
        """The summand of a closed sum, with fresh bound indices."""
        fresh = {b: self.fresh(b[2]) for b in atom.args[0]}
        return list(fresh.values()), self.rename({atom.args[1]: Fraction(1)}, fresh)

    def _one_first(self, bound: tuple[Index, ...], monomial: Monomial) -> Poly | None:
        """The sum over one index first, where that gives a single term with a rule or a reciprocal to apply."""
        cancels = any(a.kind == "sum" and e < 0 for a, e in monomial)
        if len(bound) < 2 or not (self.known.sum_rules or self.known.one_hot or cancels):
            return None
        for b in bound:
            inner = tuple(pair for pair in monomial if b in pair[0].free)
            rest = tuple(pair for pair in monomial if b not in pair[0].free)
            if not inner or not rest:
                continue
            summed = self._sum((b,), inner)
            if not summed:
                return {}
            if len(summed) == 1:
                sums = [a for a, _ in next(iter(summed)) if a.kind == "sum"]
                if not sums or any(dict(rest).get(a, 0) < 0 for a in sums):
                    return self.total(tuple(x for x in bound if x != b), self.multiply(summed, {rest: Fraction(1)}))
        return None

    def _parts(self, bound: tuple[Index, ...], monomial: Monomial) -> Poly:
        """What is free of the bound indices pulled out, and the rest split into parts that share none."""
        inside = frozenset(bound)
        outside = tuple(pair for pair in monomial if not pair[0].free & inside)
        parts: list[tuple[frozenset[Index], Monomial]] = []
        for pair in monomial:
            reached = pair[0].free & inside
            members: Monomial = (pair,)
            if reached:
                for indices, others in [part for part in parts if part[0] & reached]:
                    reached, members = reached | indices, others + members
                parts = [part for part in parts if not part[0] & reached]
                parts.append((reached, tuple(sorted(members, key=lambda p: p[0].serial))))
        used = frozenset().union(*(indices for indices, _ in parts))
        sizes = [of_atom(self.atom("size", b[2])) for b in bound if b not in used]  # a sum of 1 is the size
        closed = [self._by_rule(i, m) or self._closed(tuple(sorted(i)), m) for i, m in parts]
        return self.multiply({outside: Fraction(1)}, *sizes, *closed)

    def _by_rule(self, bound: frozenset[Index], monomial: Monomial) -> Poly | None:
        """sum_k t[.., k] = its given value."""
        atom, e = monomial[0]
        if len(bound) != 1 or len(monomial) != 1 or e != 1 or atom.kind != "entry":
            return None
        (b,) = bound
        for tensor, axis, pattern, value in self.known.sum_rules:
            if tensor != atom.args[0] or atom.args[1][axis] != b:
                continue
            others = [i for k, i in enumerate(atom.args[1]) if k != axis]
            if b not in others and all(w is None or w == i for w, i in zip(pattern, others, strict=True)):
                return value
        return None

    def _closed(self, bound: tuple[Index, ...], monomial: Monomial) -> Poly:
        """The closed sum; of all orders of its bound indices the one with the smallest key."""
        height = 1 + max(a.height for a, _ in monomial)
        least, best = "", list[dict[Index, Index]]()
        for order in itertools.islice(self._orders(list(bound), monomial, {}), _MOST_ORDERS):
            labels = {b: ("bound", f"{height}.{k:02}", b[2]) for k, b in enumerate(order)}
            if free_of({monomial: Fraction(1)}) & set(labels.values()):
                raise Rejected("not in the checker's reach: bound indices that would meet")
            key = monomial_key(monomial, lambda i, labels=labels: repr(labels.get(i, i)), {})  # type: ignore[misc]
            self.work.spend(5)
            if not best or key < least:
                least, best = key, [labels]
            elif key == least:
                best.append(labels)
        results = [self._labelled(labels, monomial) for labels in best[:24]]
        if any(result == scale(results[0], -1) for result in results):
            return {}  # it equals its own negative
        return results[0]

    def _labelled(self, labels: dict[Index, Index], monomial: Monomial) -> Poly:
        """A renaming of bound indices, which changes no sum."""
        names, result = tuple(labels.values()), dict[Monomial, Fraction]()
        for summand, c in self.rename({monomial: Fraction(1)}, labels).items():
            reached = frozenset().union(*(a.free for a, _ in summand))
            if all(name in reached for name in names):
                closed = of_atom(self.atom("sum", names, summand))
            else:  # renaming changed the shape of a term
                fresh = {b: self.fresh(b[2]) for b in names}
                closed = self.total(tuple(fresh.values()), self.rename({summand: Fraction(1)}, fresh))
            result = add(result, scale(closed, c))
        return result

    def _orders(self, bound: list[Index], monomial: Monomial, seen: dict[Index, int]) -> Iterator[tuple[Index, ...]]:
        """Orders of the bound indices; only what looks alike from every other one is permuted."""
        colours = _refined(bound, monomial, seen or dict.fromkeys(bound, 0))
        classes: dict[int, list[Index]] = {}
        for b in bound:
            classes.setdefault(colours[b], []).append(b)
        alike = next((classes[c] for c in sorted(classes) if len(classes[c]) > 1), None)
        if alike is None:
            yield tuple(sorted(bound, key=lambda b: colours[b]))
            return
        for chosen in alike:
            yield from self._orders(bound, monomial, {b: 2 * c + (b != chosen) for b, c in colours.items()})

    # ---- whether a polynomial is 0

    def cleared(self, poly: Poly) -> Poly:
        """Multiplied by what stands below the line, which is not 0 where the polynomial is defined."""
        for _ in range(200):
            below = {a for m in poly for a, e in m if e < 0}
            if not below:
                break
            atom = max(below, key=lambda a: (a.kind == "lump", a.height, a.key))
            exponent = -min(e for m in poly for a, e in m if a is atom)
            if exponent != int(exponent) and atom.kind != "exp":
                break
            if atom.kind == "lump":
                poly = self._times_lump(poly, atom, int(exponent))
            else:
                poly = self.multiply(poly, of_atom(atom, exponent))
        return poly

    def _times_lump(self, poly: Poly, atom: Atom, exponent: int) -> Poly:
        """Times D ** exponent: D^-e becomes D^(exponent - e), multiplied out."""
        result: Poly = {}
        for monomial, c in poly.items():
            left = exponent + dict(monomial).get(atom, 0)
            rest = tuple(pair for pair in monomial if pair[0] is not atom)
            result = add(result, scale(self.multiply({rest: Fraction(1)}, self.power(atom.args[0], int(left))), c))
        return result

    def is_zero(self, poly: Poly, depth: int = 0) -> bool:
        """True is a proof; False only means that none was found."""
        self.work.spend(10)
        poly = self.cleared(poly)
        if not poly or depth > 4:
            return not poly
        return self._grouped_zero(poly, True, depth) or self._grouped_zero(poly, False, depth)

    def _grouped_zero(self, poly: Poly, apart: bool, depth: int) -> bool:
        """Each term with one sum opened: sum_k F(k) * c + ... is 0 if F * c + ... is, made symmetric in the indices."""
        ranges = {_dimensions(a) for a in atoms_in(poly) if a.kind == "sum"}
        groups: dict[tuple[tuple[str, ...], Monomial], Poly] = {}
        names: dict[tuple[str, ...], list[Index]] = {}
        for monomial, c in poly.items():
            sums = [a for a, e in monomial if a.kind == "sum" or (a.kind == "size" and (a.args[0],) in ranges)]
            if not sums:
                return False
            atom = max(sums, key=lambda a: (a.kind == "sum", _weight(a), a.height, a.key))
            dimensions = _dimensions(atom)
            cofactor = tuple((a, e - 1 if a is atom else e) for a, e in monomial if a is not atom or e != 1)
            aside = tuple(pair for pair in cofactor if apart and pair[0].kind == "sum")
            others = {tuple(pair for pair in cofactor if pair not in aside): c}
            key = (dimensions, aside)
            fresh = names.setdefault(dimensions, [self.fresh(d) for d in dimensions])
            groups[key] = add(groups.get(key, {}), self._symmetric(atom, fresh, others))
        return all(self.is_zero(summand, depth + 1) for summand in groups.values())

    def _symmetric(self, atom: Atom, fresh: list[Index], others: Poly) -> Poly:
        if atom.kind == "size":  # n is the sum of 1
            return others
        bound = sorted(atom.args[0], key=lambda b: str(b[2]))
        groups = [list(g) for _, g in itertools.groupby(bound, key=lambda b: str(b[2]))]
        orders = [
            [b for group in choice for b in group]
            for choice in itertools.product(*(itertools.permutations(g) for g in groups))
        ]
        self.work.spend(len(orders))
        bodies = (self.rename({atom.args[1]: Fraction(1)}, dict(zip(o, fresh, strict=True))) for o in orders)
        return scale(add({}, *(self.multiply(body, others) for body in bodies)), Fraction(1, len(orders)))


def _dimensions(atom: Atom) -> tuple[str, ...]:
    return tuple(sorted(str(b[2]) for b in atom.args[0])) if atom.kind == "sum" else (atom.args[0],)


def _weight(atom: Atom) -> int:
    return sum(a.kind in ("lump", "positive", "zero") for a, _ in atom.args[1]) if atom.kind == "sum" else 0


def _refined(bound: list[Index], monomial: Monomial, colours: dict[Index, int]) -> dict[Index, int]:
    """Classes of bound indices split until what each sees of the others tells no more apart."""
    while len(set(colours.values())) < len(bound):
        seen: dict[Index, tuple[str, int, str]] = {}
        for b in bound:
            names = {x: f"#{'self' if x == b else colours[x]}:{x[2]}" for x in bound}
            key = monomial_key(monomial, lambda i, names=names: names.get(i, repr(i)), {})  # type: ignore[misc]
            seen[b] = (b[2], colours[b], key)
        ranks = {value: rank for rank, value in enumerate(sorted(set(seen.values())))}
        refined = {b: ranks[seen[b]] for b in bound}
        if len(ranks) == len(set(colours.values())):
            return refined
        colours = refined
    return colours
