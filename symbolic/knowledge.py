"""What is given in a claim, as the calculus uses it: domains, side conditions as rules, facts."""

from __future__ import annotations

from itertools import product

from flint import fmpq

from .cells import impossible
from .differentiation import names_in, ranges_in, reindex, resolve
from .elimination import in_order, solve_for
from .errors import OutOfReach
from .normal_form.base import Knowledge, NeedSign, Replacement, SumRule, Undefined
from .normal_form.calculus import Calculus
from .normal_form.conversion import CasesConflict, Conversion, quoted
from .normal_form.polynomials import (
    ONE,
    ZERO,
    AtomTable,
    Index,
    Monomial,
    Poly,
    add,
    all_atoms,
    dimension_of,
    free_indices,
    of_atom,
    scale,
)
from .normal_form.products import representative
from .terms import Claim, Condition, Dimension, Term, number

_STRICT = ("positive", "negative")


def knowledge_of(claim: Claim, table: AtomTable) -> Knowledge:
    """Turns the claim's declarations and conditions into knowledge; what cannot be used is left out."""
    known = Knowledge()
    known.domains = {quoted(name): domain for name, domain in claim.symbols.items()}
    known.domains |= {quoted(name): tensor.domain for name, tensor in claim.tensors.items()}
    known.least_sizes = {quoted(name): least for name, least in claim.sizes.items()}
    ties: list[frozenset[str]] = []
    closed: list[Poly] = []
    for condition in sorted(claim.conditions, key=lambda c: c.relation == "="):
        if condition.relation == "one-hot":
            _one_hot(condition, claim, known)
            continue
        if _declares(condition, claim, known):
            continue
        for term, quantified in _instances(condition):
            resolved = resolve(term, claim.definitions)
            names = frozenset(map(quoted, names_in(resolved)))
            ties += [names] if condition.relation == "=" else []
            calculus = Calculus(known)
            calculus.table = table
            conversion = Conversion(calculus, claim.indices | dict(quantified) | ranges_in(resolved))
            try:
                poly = conversion.poly(resolved)
            except (NeedSign, Undefined, CasesConflict, OutOfReach):
                known.held |= names if condition.relation in ("=", ">=") else frozenset()
                continue
            if condition.relation == ">=":
                closed.append(poly)
            running = frozenset(str(conversion.index(i)) for i, _ in quantified)
            if not _taken(condition.relation, poly, running, known, table):
                known.held |= _names(poly)
    _hold(ties, closed, known, table)
    return known


def _names(poly: Poly) -> frozenset[str]:
    kinds = ("symbol", "entry", "inverse", "determinant")
    return frozenset(a.args[0] for a in all_atoms(poly) if a.kind in kinds)


def _hold(ties: list[frozenset[str]], closed: list[Poly], known: Knowledge, table: AtomTable) -> None:
    """Notes the variables that conditions may hold on a set without interior.

    Closed conditions leave an interior where all of them are linear and hold strictly together at some point at which
    all entries of a tensor are alike; an equation with a variable of a closed condition may not.
    """
    closed = closed + [
        of_atom(table.atom("symbol", name)) for name, domain in known.domains.items() if domain == "nonnegative"
    ]
    alike: list[tuple[Poly, int]] = []
    for poly in closed:
        single = all(len(m) == 1 and m[0][1] == 1 and m[0][0].kind in ("symbol", "entry") for m in poly if m)
        known.held |= frozenset() if single else _names(poly)
        alike.append((add(ZERO, *(_alike(m, c, table) for m, c in poly.items())) if single else poly, 1))
    signs = [(name, 1 if domain == "positive" else -1) for name, domain in known.domains.items()]
    alike += [(of_atom(table.atom("symbol", name)), s) for name, s in signs if known.domains[name] in _STRICT]
    bounded = frozenset().union(*map(_names, closed))
    if impossible(alike, []):
        known.held |= bounded
    for _ in ties:
        known.held |= frozenset().union(*(tie for tie in ties if tie & (bounded | known.held)))


def _alike(monomial: Monomial, coefficient: fmpq, table: AtomTable) -> Poly:
    """A linear term with every entry of a tensor taken as one variable."""
    return scale(of_atom(table.atom("symbol", monomial[0][0].args[0])) if monomial else ONE, coefficient)


def _instances(condition: Condition) -> list[tuple[Term, tuple[tuple[str, Dimension], ...]]]:
    """The condition for every explicit value of its indices of explicit range."""
    explicit = [(i, d) for i, d in condition.quantified if isinstance(d, int)]
    symbolic = tuple((i, d) for i, d in condition.quantified if not isinstance(d, int))
    values = product(*(range(d) for _, d in explicit))
    return [
        (reindex(condition.term, {i: v for (i, _), v in zip(explicit, chosen, strict=True)}), symbolic)
        for chosen in values
    ]


def _declares(condition: Condition, claim: Claim, known: Knowledge) -> bool:
    """Takes up x > 0 or x >= 0 for a scalar or for every entry of a tensor as its domain."""
    term, negative = condition.term, False
    if term.op == "mul" and term.args[:-1] == (number(-1),):
        term, negative = term.args[-1], condition.relation == ">"
    if condition.relation not in (">", ">=") or term.op not in ("symbol", "entry") or term.args[0] in claim.definitions:
        return False
    if term is not condition.term and not negative:
        return False
    if term.op == "entry":
        dimensions = claim.tensors[term.args[0]].dimensions
        running = [i for i, d in zip(term.args[1], dimensions, strict=True) if d != 1]
        if len(set(running)) != len(running) or not set(running) <= {i for i, _ in condition.quantified}:
            return False
    name = quoted(term.args[0])
    domain = known.domains[name]
    if negative:
        known.domains[name] = "negative" if domain == "real" else domain
        return domain in ("real", "negative")
    if domain != "negative" and (condition.relation == ">" or domain == "real"):
        known.domains[name] = "positive" if condition.relation == ">" else "nonnegative"
    return domain != "negative"


def hot_axis(dimensions: tuple[Dimension, ...]) -> int:
    """The last axis of dimension other than 1."""
    return max((axis for axis, d in enumerate(dimensions) if d != 1), default=0)


def _one_hot(condition: Condition, claim: Claim, known: Knowledge) -> None:
    name = quoted(condition.tensor)
    dimensions = claim.tensors[condition.tensor].dimensions
    axis = hot_axis(dimensions)
    known.one_hot[name] = axis
    if isinstance(dimensions[axis], str):
        others: tuple[Index | None, ...] = (None,) * (len(dimensions) - 1)
        known.sum_rules.append(SumRule(name, axis, others, ONE))


def _taken(relation: str, poly: Poly, quantified: frozenset[str], known: Knowledge, table: AtomTable) -> bool:
    """Takes up a condition; False for an equation that is not used."""
    if relation == "!=":
        _distinct(poly, known)
    elif relation == ">":
        known.positive.append((poly, quantified))
    elif relation == "=":
        return not poly or _sum_rule(poly, quantified, known) or _substitution(poly, quantified, known, table)
    return True


def _distinct(poly: Poly, known: Knowledge) -> None:
    """1 - same(i, j) != 0."""
    atoms = [a for monomial in poly for a, _ in monomial]
    if len(poly) == 2 and len(atoms) == 1 and atoms[0].kind == "same" and sum(poly.values()) == 0:
        known.distinct.add(frozenset(atoms[0].args))


def _sum_rule(poly: Poly, quantified: frozenset[str], known: Knowledge) -> bool:
    for monomial, coefficient in poly.items():
        if len(monomial) != 1 or monomial[0][1] != 1 or monomial[0][0].kind != "sum":
            continue
        bound, summand = monomial[0][0].args
        if len(bound) != 1 or len(summand) != 1 or summand[0][1] != 1 or summand[0][0].kind != "entry":
            continue
        tensor, indices = summand[0][0].args
        rest = {m: c for m, c in poly.items() if m != monomial}
        if any(a.args[0] == tensor for a in all_atoms(rest) if a.kind == "entry") or free_indices(rest) & quantified:
            continue
        named = [i for i in indices if isinstance(i, str)]
        if len(set(named)) < len(named):
            continue  # a condition on T[r, r, k] says nothing of T[i, j, k]
        position = indices.index(bound[0])
        others = tuple(None if i in quantified else i for axis, i in enumerate(indices) if axis != position)
        known.sum_rules.append(SumRule(tensor, position, others, scale(rest, -1 / coefficient)))
        return True
    return False


def _substitution(poly: Poly, quantified: frozenset[str], known: Knowledge, table: AtomTable) -> bool:
    """Solves a condition that is linear in a symbol or an entry for it."""
    for monomial in in_order(poly):
        solved = solve_for(poly, monomial)
        if solved is not None:
            name, indices, value = solved
            again = [a for a in all_atoms(value) if a.kind == "entry" and a.args[0] == name]
            if quantified and again and list(value) != [((again[0], 1),)]:
                continue  # it would be replaced without end
            told = not quantified and value in (ZERO, ONE)  # of one entry of a one-hot tensor
            if quantified <= set(indices) and (told or name not in known.one_hot):
                known.substitutions.append(_replacement(name, indices, value, quantified, known, table))
                return True
    return False


def _replacement(
    name: str, indices: tuple[Index, ...], value: Poly, quantified: frozenset[str], known: Knowledge, table: AtomTable
) -> Replacement:
    """What stands for an entry from now on; where it is the 1 of a one-hot row, the other entries are 0."""
    axis = known.one_hot.get(name)
    hot = None if axis is None or value != ONE or quantified else indices[axis]
    if axis is None or not isinstance(hot, str):
        return name, indices, quantified, value
    running = f"?:{dimension_of(hot)}"
    same = of_atom(table.atom("same", *sorted((hot, running), key=representative)))
    return name, (*indices[:axis], running, *indices[axis + 1 :]), frozenset({running}), same


__all__ = ["hot_axis", "knowledge_of"]
