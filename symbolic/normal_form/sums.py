"""Sums over whole index ranges.

- sum_k same(k, j) * F(k) = F(j)
- sum_k F * G(k) = F * sum_k G(k) for F free of k
- sum_k F(k) * (sum_l G(k, l)) = sum_{k,l} F(k) * G(k, l), so that every sum is flat
- sum_k 1 = n
- sum_{k,l} F(k) * G(l) = (sum_k F(k)) * (sum_l G(l)); what is left is connected, with canonical bound indices
- side conditions: sum_k t[k] = value
- sum_k X[i, k] * X^-1[k, j] = same(i, j), where X has an inverse
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from flint import fmpq

from .base import Rename
from .functions import Functions
from .polynomials import (
    ZERO,
    Atom,
    Monomial,
    Poly,
    add,
    constant,
    dimension_of,
    monomial_key,
    of_atom,
    raw_product,
    scale,
)

_MOST_LABELLINGS = 5040


class Sums(Functions):
    """Closed sums in canonical form."""

    def total(self, bound: tuple[str, ...], poly: Poly) -> Poly:
        """sum over the bound indices of the polynomial."""
        result = ZERO
        for monomial, coefficient in poly.items():
            result = add(result, scale(self._total_of(bound, monomial), coefficient))
        return result

    def size(self, dimension: str) -> Poly:
        """A size as a number."""
        if dimension.isdigit():
            return constant(int(dimension))
        return of_atom(self.atom("size", dimension))

    def _total_of(self, bound: tuple[str, ...], monomial: Monomial) -> Poly:
        inside = frozenset(bound)
        for atom, _ in monomial:
            if atom.kind == "same":
                for b, other in (atom.args, atom.args[::-1]):
                    if b in inside:
                        rest = tuple(pair for pair in monomial if pair[0] is not atom)
                        renamed = self.rename({rest: fmpq(1)}, {b: other})
                        return self.total(tuple(x for x in bound if x != b), renamed)
        for atom, exponent in monomial:
            if atom.kind == "sum" and exponent > 0 and atom.free & inside:
                return self._flatten(bound, monomial, atom, int(exponent))
        inverted = self._inverted(bound, monomial)
        if inverted is not None:
            return inverted
        eliminated = self._eliminate(bound, monomial)
        return self._factored(bound, monomial) if eliminated is None else eliminated

    def _flatten(self, bound: tuple[str, ...], monomial: Monomial, atom: Atom, exponent: int) -> Poly:
        poly: Poly = {tuple(pair for pair in monomial if pair[0] is not atom): fmpq(1)}
        more: list[str] = []
        for _ in range(exponent):
            fresh, body = self.opened(atom)
            more += fresh
            poly = raw_product(poly, body)
        return self.total((*bound, *more), self.normal(poly))

    def opened(self, atom: Atom) -> tuple[list[str], Poly]:
        """A closed sum's summand with fresh bound indices."""
        fresh = [self.fresh(dimension_of(b)) for b in atom.args[0]]
        return fresh, self.rename({atom.args[1]: fmpq(1)}, dict(zip(atom.args[0], fresh, strict=True)))

    def renamed_sum(self, bound: tuple[str, ...], monomial: Monomial, names: Rename) -> Poly:
        """A closed sum with free indices replaced; one over one index stays as it is where no rule applies anew."""
        if len(bound) == 1 and bound[0] not in names.values():
            renamed = self.rename({monomial: fmpq(1)}, names)
            if len(renamed) == 1:
                ((summand, coefficient),) = renamed.items()
                if self._stays_closed(bound, monomial, summand):
                    return scale(of_atom(self.atom("sum", bound, summand)), coefficient)
        fresh = {b: self.fresh(dimension_of(b)) for b in bound}
        return self.total(tuple(fresh.values()), self.rename({monomial: fmpq(1)}, {**names, **fresh}))

    def _stays_closed(self, bound: tuple[str, ...], before: Monomial, after: Monomial) -> bool:
        """Whether the sum of what a summand became is closed under the same bound index."""
        return (
            len(before) == len(after)
            and all((a.kind, a.height) == (b.kind, b.height) for (a, _), (b, _) in zip(before, after, strict=True))
            and all(bound[0] in a.free and a.kind != "same" and (a.kind != "sum" or e < 0) for a, e in after)
            and self._by_rule(bound, after) is None
        )

    def _inverted(self, bound: tuple[str, ...], monomial: Monomial) -> Poly | None:
        """A matrix beside its inverse, with a bound index that nothing else depends on."""
        if not any(a.kind == "inverse" for a, _ in monomial):
            return None
        for b in bound:
            met = [(a, e) for a, e in monomial if b in a.free]
            atoms = {a.kind: a.args for a, e in met if e == 1}
            if len(met) != 2 or atoms.keys() != {"entry", "inverse"} or atoms["entry"][0] != atoms["inverse"][0]:
                continue
            (i, j), (k, last) = atoms["entry"][1], atoms["inverse"][1]
            if j == k == b and b not in (i, last):
                pair = i, last
            elif i == last == b and b not in (j, k):
                pair = k, j
            else:
                continue
            rest: Poly = {tuple(pair for pair in monomial if b not in pair[0].free): fmpq(1)}
            return self.total(tuple(x for x in bound if x != b), self.multiply(rest, self.same(*pair)))
        return None

    def _eliminate(self, bound: tuple[str, ...], monomial: Monomial) -> Poly | None:
        """Sums over one index first where that cancels: by a side condition or against a reciprocal."""
        cancels = any(a.kind == "sum" and e < 0 for a, e in monomial)
        if len(bound) < 2 or not (self.known.sum_rules or self.known.one_hot or cancels):
            return None
        for b in bound:
            with_b = tuple(pair for pair in monomial if b in pair[0].free)
            rest = tuple(pair for pair in monomial if b not in pair[0].free)
            if not with_b or len(with_b) == len(monomial):
                continue
            summed = self._total_of((b,), with_b)
            if not summed:
                return ZERO
            if len(summed) > 1:
                continue
            ((result, _),) = summed.items()
            exponents = dict(rest)
            sums = [a for a, _ in result if a.kind == "sum"]
            if not sums or any(exponents.get(a, 0) < 0 for a in sums):
                return self.total(tuple(x for x in bound if x != b), self.multiply(summed, {rest: fmpq(1)}))
        return None

    def _factored(self, bound: tuple[str, ...], monomial: Monomial) -> Poly:
        """Pulls out what is free of the bound indices, and splits the rest into connected parts."""
        inside = frozenset(bound)
        outside: Monomial = tuple(pair for pair in monomial if not pair[0].free & inside)
        parts: list[tuple[frozenset[str], Monomial]] = []
        for pair in monomial:
            reached = pair[0].free & inside
            if not reached:
                continue
            touching = [part for part in parts if part[0] & reached]
            parts = [part for part in parts if not part[0] & reached]
            members: Monomial = (pair,)
            for indices, others in touching:
                reached |= indices
                members = others + members
            parts.append((reached, tuple(sorted(members, key=lambda p: p[0].serial))))
        result: Poly = {outside: fmpq(1)}
        used = frozenset().union(*(indices for indices, _ in parts))
        for b in bound:
            if b not in used:
                result = self.multiply(result, self.size(dimension_of(b)))
        for indices, members in parts:
            result = self.multiply(result, self._closed(tuple(sorted(indices)), members))
        return result

    def _closed(self, bound: tuple[str, ...], monomial: Monomial) -> Poly:
        key = (bound, monomial)
        found = self._summed.get(key)
        if found is None:
            found = self._summed[key] = self._by_rule(bound, monomial) or self._canonical(bound, monomial)
        return found

    def _by_rule(self, bound: tuple[str, ...], monomial: Monomial) -> Poly | None:
        if len(bound) != 1 or len(monomial) != 1:
            return None
        (atom, exponent) = monomial[0]
        if atom.kind != "entry" or exponent != 1:
            return None
        tensor, indices = atom.args
        for rule in self.known.sum_rules:
            others = [i for axis, i in enumerate(indices) if axis != rule.position]
            if rule.tensor != tensor or indices[rule.position] != bound[0] or bound[0] in others:
                continue
            if all(wanted is None or wanted == i for wanted, i in zip(rule.others, others, strict=True)):
                return rule.value
        return None

    # ---- canonical bound indices

    def _canonical(self, bound: tuple[str, ...], monomial: Monomial) -> Poly:
        """The closed sum with its bound indices in canonical order: the labelling with the smallest key."""
        height = max(a.height for a, _ in monomial) + 1
        ranks = {d: rank for rank, d in enumerate(sorted({dimension_of(b) for b in bound}))}
        if len(ranks) == len(bound):
            return self._labelled(tuple(sorted(bound, key=dimension_of)), monomial, height)
        best: list[tuple[str, ...]] = []
        least: bytes | None = None
        colours = {b: ranks[dimension_of(b)] for b in bound}
        for order in itertools.islice(self._orders(list(bound), monomial, colours), _MOST_LABELLINGS):
            names = _labels(order, height)
            key = monomial_key(monomial, lambda i, names=names: names.get(i, i))
            if least is None or key < least:
                least, best = key, [order]
            elif key == least:
                best.append(order)
        results = [self._labelled(order, monomial, height) for order in best]
        if any(result == scale(results[0], -1) for result in results):
            return ZERO  # the sum equals its own negative
        return results[0]

    def _labelled(self, order: tuple[str, ...], monomial: Monomial, height: int) -> Poly:
        names = _labels(order, height)
        labels = tuple(names[b] for b in order)
        result = ZERO
        for summand, coefficient in self.rename({monomial: fmpq(1)}, names).items():
            reached = frozenset().union(*(a.free for a, _ in summand))
            if all(label in reached for label in labels):
                closed = of_atom(self.atom("sum", labels, summand))
            else:  # the orientation of a guard changed with the names, and a term lost an index
                closed = self._factored(labels, summand)
            result = add(result, scale(closed, coefficient))
        return result

    def _orders(self, bound: list[str], monomial: Monomial, colours: dict[str, int]) -> Iterator[tuple[str, ...]]:
        """Orders of the bound indices by individualisation and refinement: only what looks alike is permuted."""
        colours = _refined(bound, monomial, colours)
        classes: dict[int, list[str]] = {}
        for b in bound:
            classes.setdefault(colours[b], []).append(b)
        alike = next((classes[c] for c in sorted(classes) if len(classes[c]) > 1), None)
        if alike is None:
            yield tuple(sorted(bound, key=lambda b: colours[b]))
            return
        for chosen in alike:
            individual = {b: 2 * c + 1 for b, c in colours.items()}
            individual[chosen] -= 1
            yield from self._orders(bound, monomial, individual)


def _labels(order: tuple[str, ...], height: int) -> dict[str, str]:
    return {b: f"~{height}.{place}:{dimension_of(b)}" for place, b in enumerate(order)}


def _refined(bound: list[str], monomial: Monomial, colours: dict[str, int]) -> dict[str, int]:
    """Splits classes of bound indices until what each sees of the others tells no more apart."""
    while True:
        seen: dict[str, tuple[str, int, bytes]] = {}
        for b in bound:
            names = {x: f"#{'self' if x == b else colours[x]}:{dimension_of(x)}" for x in bound}
            key = monomial_key(monomial, lambda i, names=names: names.get(i, i))
            seen[b] = (dimension_of(b), colours[b], key)
        ranks = {value: rank for rank, value in enumerate(sorted(set(seen.values())))}
        refined = {b: ranks[seen[b]] for b in bound}
        if len(set(refined.values())) == len(set(colours.values())):
            return refined
        colours = refined
