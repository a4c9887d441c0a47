"""What is given, as the checker uses it: domains, facts, rules for sums, solved equations.

A condition that cannot be used is left out.  Variables that a condition may hold on a set without interior are noted
as held: nothing is concluded from varying them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

from .expansion import Expansion
from .functions import NeedSign
from .polynomials import ONE, Index, Poly, all_atoms, free_of, scale
from .reading import Condition, Node, Rejected, children
from .rules import Undefined
from .values import Env, Values

_CASES = ("split", "table", "alike", "join", "same")


class Excluded(Exception):
    """The conditions rule out these values of the indices."""


def take_up(values: Values, expansion: Expansion, env: Env) -> None:
    """Adds the claim's declarations and conditions to the knowledge of the algebra."""
    claim, known = values.claim, values.algebra.known
    known.domains = {**claim.symbols, **{name: domain for name, (_, domain) in claim.tensors.items()}}
    known.least = dict(claim.sizes)
    for name, axis in claim.one_hot().items():
        if name in claim.definitions:
            raise Rejected(f"{name} is defined and one-hot")
        known.one_hot[name] = axis
        known.held |= {name}
        if isinstance(claim.tensors[name][0][axis], str):
            known.sum_rules.append((name, axis, (None,) * (len(claim.tensors[name][0]) - 1), ONE))
    for condition in sorted(claim.conditions, key=lambda c: c.relation == "="):
        if condition.relation != "one-hot" and not _is_domain(condition, values):
            term = expansion.expand(condition.term)
            if condition.relation in ("=", ">=") or _has(term, _CASES):
                known.held |= term.names
            for here, running in _instances(condition, env):
                _take(condition.relation, term, here, running, values)
    values.facts = len(known.positive)


def _has(node: Node, ops: tuple[str, ...]) -> bool:
    return node.op in ops or any(_has(child, ops) for child in children(node.args))


def _instances(condition: Condition, env: Env) -> Iterator[tuple[Env, frozenset[Index]]]:
    """Every explicit value of the condition's indices; those of a symbolic range stay, and may be any."""
    symbolic = {name: ("any", name, d) for name, d in condition.quantified if isinstance(d, str)}
    explicit = [(name, range(d)) for name, d in condition.quantified if isinstance(d, int)]
    for values in itertools.product(*(r for _, r in explicit)):
        chosen = {name: v for (name, _), v in zip(explicit, values, strict=True)}
        yield {**env, **symbolic, **chosen}, frozenset(symbolic.values())


def _is_domain(condition: Condition, values: Values) -> bool:
    """x > 0 or x >= 0 for a scalar, or for every entry of a tensor, as its domain."""
    term, claim, known = condition.term, values.claim, values.algebra.known
    if condition.relation not in (">", ">=") or term.op not in ("symbol", "entry"):
        return False
    name = term.args[0]
    if name in claim.definitions or known.domains[name] == "negative" or name in known.one_hot:
        return False
    if term.op == "entry":
        running = [i for i, d in zip(term.args[1], claim.tensors[name][0], strict=True) if d != 1]
        wanted = [d for d in claim.tensors[name][0] if d != 1]
        ranges = dict(condition.quantified)
        if len(set(running)) != len(running) or [ranges.get(str(i)) for i in running] != wanted:
            return False
    if condition.relation == ">" or known.domains[name] == "real":
        known.domains[name] = "positive" if condition.relation == ">" else "nonnegative"
    return True


def _take(relation: str, term: Node, env: Env, running: frozenset[Index], values: Values) -> None:
    known = values.algebra.known
    try:
        poly = values.poly(term, env)
    except (NeedSign, Undefined, Rejected):
        return
    settled = not poly or (set(poly) == {()} and not running)
    if settled and (relation in ("=", "!=")) and bool(poly) != (relation == "!="):
        raise Excluded
    if relation == ">":
        known.positive.append((poly, running))
    elif relation == "!=":
        _distinct(poly, values)
    elif relation == "=" and poly and not _sum_rule(poly, running, values):
        solve(poly, running, values)


def _distinct(poly: Poly, values: Values) -> None:
    """1 - same(i, j) != 0."""
    atoms = [a for m in poly for a, _ in m]
    if len(poly) == 2 and len(atoms) == 1 and atoms[0].kind == "same" and sum(poly.values()) == 0:
        if any(not isinstance(i, int) and i[0] != "free" for i in atoms[0].args):
            return
        values.algebra.known.distinct |= {frozenset(atoms[0].args)}


def _sum_rule(poly: Poly, running: frozenset[Index], values: Values) -> bool:
    """c * sum_k t[.., k] + rest = 0, for any other indices that are not in the rest."""
    for monomial, c in poly.items():
        if len(monomial) != 1 or monomial[0][1] != 1 or monomial[0][0].kind != "sum":
            continue
        bound, summand = monomial[0][0].args
        if len(bound) != 1 or len(summand) != 1 or summand[0][1] != 1 or summand[0][0].kind != "entry":
            continue
        tensor, indices = summand[0][0].args
        rest = {m: d for m, d in poly.items() if m != monomial}
        others = [i for i in indices if i != bound[0]]
        any_of = [i for i in others if i in running]
        known_rest = any(a.kind == "entry" and a.args[0] == tensor for a in all_atoms(rest)) or free_of(rest) & running
        if known_rest or len(others) != len(indices) - 1 or len(set(any_of)) != len(any_of):
            continue
        pattern = tuple(None if i in running else i for i in others)
        values.algebra.known.sum_rules.append((tensor, indices.index(bound[0]), pattern, scale(rest, -1 / c)))
        return True
    return False


def solve(poly: Poly, running: frozenset[Index], values: Values) -> None:
    """poly = 0 solved for a symbol or entry that stands in it once, linearly, with a rational coefficient."""
    for monomial in sorted(poly, key=lambda m: -max((a.serial for a, _ in m), default=-1)):
        if len(monomial) != 1 or monomial[0][1] != 1 or monomial[0][0].kind not in ("symbol", "entry"):
            continue
        atom = monomial[0][0]
        rest = {m: c for m, c in poly.items() if m != monomial}
        indices = atom.args[1] if atom.kind == "entry" else ()
        others = [a for a in all_atoms(rest) if a.kind in ("symbol", "entry") and a.args[0] == atom.args[0]]
        places = [i for a in (atom, *others) if a.kind == "entry" for i in a.args[1]]
        apart = atom not in others and all(isinstance(i, int) for i in places)  # t[0] and t[1] are two variables
        if (not others or apart) and running <= set(indices) and atom.args[0] not in values.algebra.known.one_hot:
            value = scale(rest, Fraction(-1) / poly[monomial])
            values.algebra.known.substitutions.insert(0, (atom.args[0], indices, running, value))
            return
