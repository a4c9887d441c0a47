"""What is given, and what a cell adds: facts, rules for sums, solved equations.

A condition that cannot be used is left out.  Variables that a condition may hold on a set without interior are noted
as held: nothing is concluded from varying them.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

from .domains import Domains, NeedSign
from .expansion import Expansion
from .polynomials import Known, Poly, scale
from .reading import Claim
from .terms import Index, Node, Rejected, Terms, need, subterms

Path = tuple[tuple[Node, int], ...]  # guards and their signs


class Givens:
    """The declarations and conditions of a claim."""

    def __init__(self, claim: Claim, terms: Terms) -> None:
        self.claim, self.terms, self.expansion = claim, terms, Expansion(claim, terms)

    def algebra(self, names: dict[str, Index], path: Path) -> Domains:
        """The algebra at these indices, in the cell where guards have these signs."""
        claim, terms, hot = self.claim, self.terms, self.claim.one_hot()
        domains = {**claim.symbols, **{name: domain for name, (_, domain) in claim.tensors.items()}}
        algebra = Domains(terms, Known(frozenset(claim.indices), domains, hot, held=frozenset(hot)))
        for name, axis in hot.items():
            need(name not in claim.definitions, f"{name} is defined and one-hot")
            if isinstance(claim.tensors[name][0][axis], str):
                others = (None,) * (len(claim.tensors[name][0]) - 1)
                algebra.known.sum_rules.append((name, axis, others, terms.one))
        for relation, condition, running, tensor in sorted(claim.conditions, key=lambda c: c[0] == "="):
            if not tensor:
                term = self.expansion.expand(terms.reindex(condition, names))
                if relation in ("=", ">=") or any(n.op in ("split", "table", "same") for n in subterms(term)):
                    algebra.known.held |= term.names
                explicit = {i: range(d) for i, d in running.items() if isinstance(d, int)}
                for values in itertools.product(*explicit.values()):
                    _take(relation, terms.reindex(term, dict(zip(explicit, values, strict=True))), algebra)
        pending = [(self.expansion.expand(guard), sign) for guard, sign in path]
        while pending:  # a guard may need the sign of another one
            late = [part for part in pending if not _in_cell(*part, algebra)]
            need(len(late) < len(pending), "a guard whose value needs a sign that no cell gives")
            pending = late
        return algebra


def _take(relation: str, term: Node, algebra: Domains) -> None:
    try:
        poly = algebra.poly(term)
    except Rejected:
        return
    if relation == ">":
        algebra.learn(poly, 1)
    elif relation == "!=":
        _distinct(poly, algebra)
    elif relation == "=" and poly and not _sum_rule(poly, algebra):
        _solve(poly, algebra)
    algebra.forget()


def _distinct(poly: Poly, algebra: Domains) -> bool:
    """1 - same(i, j) is not 0."""
    same = next((n for n in subterms(algebra.node(poly)) if n.op == "same"), algebra.terms.zero)
    found = (
        same.op == "same"
        and same.free <= algebra.known.fixed
        and poly == algebra.poly(algebra.terms.different(*same.args))
    )
    algebra.known.distinct |= {frozenset(same.args)} if found else set()
    return found


def _in_cell(guard: Node, sign: int, algebra: Domains) -> bool:
    """Takes up the sign of a guard; False if its value needs another sign first."""
    try:
        poly = algebra.poly(guard)
    except NeedSign:
        return False
    if sign or not poly:
        algebra.learn(poly, sign)
        _distinct(poly, algebra)
    else:
        algebra.known.signs.append((algebra.guard(poly)[1], 0))
        _solve(poly, algebra)
    algebra.forget()
    return True


def _sum_rule(poly: Poly, algebra: Domains) -> bool:
    """c * sum_k t[.., k] + rest = 0, for any other indices that are not in the rest."""
    running = algebra.node(poly).free - algebra.known.fixed
    for monomial, c in poly.items():
        atom, e = monomial[0] if len(monomial) == 1 else (algebra.terms.zero, 0)
        if atom.op == "sum" and e == 1 and atom.args[2].op == "entry":
            tensor, indices = atom.args[2].args
            value = algebra.node(scale({m: d for m, d in poly.items() if m != monomial}, Fraction(-1) / c))
            others = tuple(i for i in indices if i != atom.args[0])
            any_of = [i for i in others if i in running]
            once = len(others) == len(indices) - 1 and len(set(any_of)) == len(any_of)
            if once and tensor not in value.names and not value.free & running:
                pattern = tuple(None if i in running else i for i in others)
                algebra.known.sum_rules.append((tensor, indices.index(atom.args[0]), pattern, value))
                return True
    return False


def _solve(poly: Poly, algebra: Domains) -> None:
    """poly = 0 solved for a symbol or entry that stands in it once, linearly, with a rational coefficient."""
    running = algebra.node(poly).free - algebra.known.fixed
    for monomial in sorted(poly, key=lambda m: sorted(a.key for a, _ in m)):
        atom, e = monomial[0] if len(monomial) == 1 else (algebra.terms.zero, 0)
        if e != 1 or atom.op not in ("symbol", "entry") or atom.args[0] in algebra.known.one_hot:
            continue
        value = algebra.node(scale({m: c for m, c in poly.items() if m != monomial}, Fraction(-1) / poly[monomial]))
        again = [n for n in subterms(value) if n.op == atom.op and n.args[0] == atom.args[0]]
        if running <= atom.free and (not again or (not running and atom not in again)):
            algebra.known.substitutions.insert(0, (atom, value))
            return
