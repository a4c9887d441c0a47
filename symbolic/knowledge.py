"""What is given in a claim, as the calculus uses it: domains, side conditions as rules, facts."""

from __future__ import annotations

from itertools import product

from flint import fmpq

from .differentiation import ranges_in, reindex, resolve
from .normal_form.base import Knowledge, SumRule
from .normal_form.calculus import Calculus
from .normal_form.conversion import Conversion, quoted
from .normal_form.polynomials import ONE, AtomTable, Index, Poly, all_atoms, free_indices, scale
from .terms import Claim, Condition, Dimension, Term


def knowledge_of(claim: Claim, table: AtomTable) -> Knowledge:
    """Turns the claim's declarations and conditions into knowledge; what cannot be used is left out."""
    known = Knowledge()
    known.domains = {quoted(name): domain for name, domain in claim.symbols.items()}
    known.domains |= {quoted(name): tensor.domain for name, tensor in claim.tensors.items()}
    known.least_sizes = {quoted(name): least for name, least in claim.sizes.items()}
    for condition in sorted(claim.conditions, key=lambda c: c.relation == "="):
        if condition.relation == "one-hot":
            _one_hot(condition, claim, known)
            continue
        for term, quantified in _instances(condition):
            calculus = Calculus(known)
            calculus.table = table
            resolved = resolve(term, claim.definitions)
            conversion = Conversion(calculus, claim.indices | dict(quantified) | ranges_in(resolved))
            names = frozenset(str(conversion.index(i)) for i, _ in quantified)
            poly = conversion.poly(resolved)
            _take(condition.relation, poly, names, known, calculus)
    return known


def _instances(condition: Condition) -> list[tuple[Term, tuple[tuple[str, Dimension], ...]]]:
    """The condition for every explicit value of its indices of explicit range."""
    explicit = [(i, d) for i, d in condition.quantified if isinstance(d, int)]
    symbolic = tuple((i, d) for i, d in condition.quantified if not isinstance(d, int))
    values = product(*(range(d) for _, d in explicit))
    return [
        (reindex(condition.term, {i: v for (i, _), v in zip(explicit, chosen, strict=True)}), symbolic)
        for chosen in values
    ]


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


def _take(relation: str, poly: Poly, quantified: frozenset[str], known: Knowledge, calculus: Calculus) -> None:
    if relation == "!=":
        _distinct(poly, known)
    elif relation in (">", ">="):
        _inequality(relation, poly, quantified, known)
    elif relation == "=":
        _sum_rule(poly, quantified, known) or _substitution(poly, quantified, known)


def _distinct(poly: Poly, known: Knowledge) -> None:
    """1 - same(i, j) != 0."""
    for monomial in poly:
        if len(monomial) == 1 and monomial[0][0].kind == "same":
            known.distinct.add(frozenset(monomial[0][0].args))


def _inequality(relation: str, poly: Poly, quantified: frozenset[str], known: Knowledge) -> None:
    if len(poly) == 1:
        ((monomial, coefficient),) = poly.items()
        if coefficient > 0 and len(monomial) == 1 and monomial[0][1] == 1:
            atom = monomial[0][0]
            whole = atom.kind == "entry" and all(i in quantified or i == 0 for i in atom.args[1])
            if atom.kind == "symbol" or (whole and len(set(atom.args[1])) == len(atom.args[1])):
                known.domains[atom.args[0]] = "positive" if relation == ">" else "nonnegative"
                return
    if relation == ">":
        known.positive.append((poly, quantified))


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
        position = indices.index(bound[0])
        others = tuple(None if i in quantified else i for axis, i in enumerate(indices) if axis != position)
        known.sum_rules.append(SumRule(tensor, position, others, scale(rest, -1 / coefficient)))
        return True
    return False


def _substitution(poly: Poly, quantified: frozenset[str], known: Knowledge) -> bool:
    """Solves a condition that is linear in a symbol or an entry for it."""
    for monomial in sorted(poly, key=lambda m: -max((a.serial for a, _ in m), default=-1)):
        solved = solve_for(poly, monomial)
        if solved is not None:
            name, indices, value = solved
            if quantified <= set(indices) and name not in known.one_hot:
                known.substitutions.append((name, indices, quantified, value))
                return True
    return False


def solve_for(poly: Poly, monomial: tuple[tuple[object, object], ...]) -> tuple[str, tuple[Index, ...], Poly] | None:
    """poly = 0 as ``entry or symbol = value``, where it is linear in that one with a rational coefficient."""
    if len(monomial) != 1 or monomial[0][1] != 1:
        return None
    atom = monomial[0][0]
    kind = getattr(atom, "kind", "")
    if kind not in ("symbol", "entry"):
        return None
    rest = {m: c for m, c in poly.items() if m != monomial}
    if any(other is atom or (other.kind == "sum" and _reaches(other, atom)) for other in all_atoms(rest)):
        return None
    coefficient: fmpq = poly[monomial]  # type: ignore[index]
    indices = atom.args[1] if kind == "entry" else ()  # type: ignore[attr-defined]
    return atom.args[0], indices, scale(rest, -1 / coefficient)  # type: ignore[attr-defined]


def _reaches(total: object, atom: object) -> bool:
    name = atom.args[0]  # type: ignore[attr-defined]
    return any(a.kind == "entry" and a.args[0] == name for a in all_atoms({((total, 1),): fmpq(1)}))  # type: ignore[dict-item]


__all__ = ["hot_axis", "knowledge_of", "solve_for"]
