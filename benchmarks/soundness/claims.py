"""Random claims: true ones by true rewrites, and false ones by one false edit of a true one.

A claim is a function of its seed and its number, so that each can be asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.catalogue import ENTRIES
from derivations.mutants.operators import OPERATORS, Scope
from derivations.mutants.trees import Place, bound_indices, combine, free_indices, is_index, is_matrix, places, replace
from symbolic import Derivation, Step, VerdictKind
from symbolic.notation import D, Gradient

from .grammar import GIVEN, Grammar, M, N, Weights
from .identities import IDENTITIES
from .matrix_rewrites import MATRIX_REWRITES
from .points import Claim
from .rewrites import NEW, REWRITES
from .textbook import NoRule, slope

__all__ = ["Made", "NotMade", "make"]

_LONGEST = 400  # nodes
_TRIES = 40


class NotMade(Exception):
    """Nothing came of this number."""


@dataclass(frozen=True)
class Made:
    """A claim, how it was made, and whether the way it was made makes it true."""

    claim: Claim
    story: tuple[str, ...]
    true: bool


def make(seed: int, number: int) -> Made:
    """The claim of this number."""
    for attempt in range(_TRIES):
        source = Random(f"{seed}/{number}/{attempt}")
        grammar = Grammar(source, Weights())
        kind = source.choice(_SOURCES)
        try:
            left, right, given, story = kind(grammar)
            if source.random() < 0.5:
                claim = Claim(left, right, given)
                made = Made(_with_given(claim), story, True) if left != right else None
            else:
                made = _edited(grammar, left, right, given, story)
        except (NoRule, NotMade, ValueError, TypeError):  # SymPy refuses some of what is not evaluated
            continue
        if made is not None and _length(made.claim) <= _LONGEST and _is_readable(made.claim):
            return made
    raise NotMade(f"seed {seed}, number {number}")


def _is_readable(claim: Claim) -> bool:
    """Whether names are of one quantity each, and every free index stands at a tensor, which says what it runs over."""
    symbols = claim.left.atoms(sp.Symbol, sp.MatrixSymbol) | claim.right.atoms(sp.Symbol, sp.MatrixSymbol)
    named = [symbol.name for symbol in symbols if not isinstance(symbol, sp.Dummy)]
    if len(named) > len(set(named)):
        return False
    known = free_indices(claim.left) | free_indices(claim.right)
    return all(
        p.node in known or p.node in p.bound
        for side in (claim.left, claim.right)
        for p in places(side)
        if p.role in ("index", "condition") and is_index(p.node)
    )


def _length(claim: Claim) -> int:
    return sum(1 for side in (claim.left, claim.right) for _ in places(side))


def _with_given(claim: Claim) -> Claim:
    """What is given of the tensors of the grammar that occur."""
    symbols = claim.left.atoms(sp.MatrixSymbol) | claim.right.atoms(sp.MatrixSymbol)
    own = tuple(given for tensor, given in GIVEN.items() if tensor in symbols and not claim.given)
    return Claim(claim.left, claim.right, (*claim.given, *own))


# ---- where claims come from

Sides = tuple[Any, Any, tuple[Any, ...], tuple[str, ...]]


def rewritten(grammar: Grammar, side: Any, steps: int) -> tuple[Any, tuple[str, ...]]:
    """The expression after so many true rewrites at random places."""
    story: list[str] = []
    for _ in range(4 * steps):
        if len(story) == steps:
            break
        spots = [p for p in places(side) if p.role == "value" and not _head(p)]
        place = grammar.source.choice(spots)
        rules = MATRIX_REWRITES if is_matrix(place.node) else REWRITES
        rule = grammar.source.choice(rules)
        if rule in NEW and grammar.chance(0.5):
            continue
        inner = grammar.within(_scope(side, place))
        if not is_matrix(place.node) and not inner.indices:
            continue
        node = rule(place.node, inner)
        if node is not None and node != place.node:
            side = replace(side, place.path, node)
            story.append(rule.__name__)
    return side, tuple(story)


def _head(place: Place) -> bool:
    """What stands as the head of a matrix entry is not a value of its own."""
    return isinstance(place.parent, MatrixElement | sp.Indexed)


def _scope(side: Any, place: Place) -> list[tuple[Any, Any]]:
    """The grammar's indices in scope at the place."""
    free = {i: d for i, d in free_indices(side).items() if d in (N, M)}
    return [(i, d) for i, d in {**free, **place.bound}.items() if d in (N, M)]


def _from_grammar(grammar: Grammar) -> Sides:
    start = grammar.real(grammar.source.choice([1, 2, 2, 3, 3]))
    left, first = rewritten(grammar, start, grammar.source.choice([0, 0, 1]))
    right, story = rewritten(grammar, start, grammar.source.choice([1, 2, 3, 4]))
    return left, right, (), ("grammar", *first, "=", *story)


def _from_a_derivative(grammar: Grammar) -> Sides:
    variable = grammar.variable()
    for _ in range(20):
        body = grammar.real(grammar.source.choice([1, 2, 2]))
        if body.has(variable if variable.is_Symbol else variable.parent):
            break
    else:
        raise NotMade("the variable does not occur")
    left, first = rewritten(grammar, body, grammar.source.choice([0, 0, 1]))
    right, story = rewritten(grammar, slope(body, variable), grammar.source.choice([0, 1, 2]))
    return D(left, variable), right, (), ("derivative", *first, "=", *story)


def _from_an_identity(grammar: Grammar) -> Sides:
    identity = grammar.source.choice(IDENTITIES)
    left, right = identity(grammar)
    right, story = rewritten(grammar, right, grammar.source.choice([0, 0, 1]))
    return left, right, (), (identity.__name__, *story)


def _from_matrices(grammar: Grammar) -> Sides:
    rows, columns = grammar.source.choice([(N, N), (N, M), (M, N), (N, 1), (1, N)])
    start = grammar.matrix(rows, columns, grammar.source.choice([1, 2]))
    if not is_matrix(start):
        raise NotMade("a product of one entry")
    right, story = rewritten(grammar, start, grammar.source.choice([1, 2, 3]))
    if rows == columns and grammar.chance(0.4):
        return combine_trace(start), combine_trace(right), (), ("trace", *story)
    if columns != 1 and grammar.chance(0.2):
        square = combine(sp.MatMul, (sp.Basic.__new__(sp.Transpose, start), start))
        variables = sorted(start.atoms(sp.MatrixSymbol), key=str)
        if not variables:
            raise NotMade("a matrix without variables")
        variable = grammar.source.choice(variables)
        other, story = rewritten(grammar, square, 1)
        if is_matrix(other):
            return Gradient(combine_trace(square), variable), Gradient(combine_trace(other), variable), (), story
    return start, right, (), ("matrix", *story)


def combine_trace(m: Any) -> Any:
    """tr(m), not evaluated."""
    return sp.Basic.__new__(sp.Trace, m)


def _from_the_catalogue(grammar: Grammar) -> Sides:
    name, step = grammar.source.choice(_steps())
    left, right = (step.left, step.right) if grammar.chance(0.7) else (step.right, step.left)
    grammar.leaves = _leaves(right) or (sp.Integer(2),)
    right, story = rewritten(grammar, right, grammar.source.choice([0, 1, 2]))
    return left, right, step.given, (f"{name}, {step.label}", *story)


def _leaves(side: Any) -> tuple[Any, ...]:
    """The variables of an expression that hold no bound index, and the parameter of no function."""
    bound, parameters = bound_indices(side), {v for e in side.atoms(sp.Lambda, sp.Subs) for v in e.variables}
    found = [p.node for p in places(side) if p.role == "value" and not _head(p) and _is_variable(p.node)]
    return tuple(u for u in dict.fromkeys(found) if not u.free_symbols & (bound | parameters))


def _is_variable(u: Any) -> bool:
    if isinstance(u, MatrixElement):
        return isinstance(u.parent, sp.MatrixSymbol)
    return bool(u.is_Symbol and not u.is_integer)


@cache
def _steps() -> list[tuple[str, Step]]:
    """The steps of the catalogue that are short enough to be asked thousands of times."""
    found = []
    for entry in ENTRIES:
        if isinstance(entry, Derivation):
            for step in entry.steps():
                if step.expected is VerdictKind.PROVED and _length(Claim(step.left, step.right)) < 120:
                    found.append((entry.name, step))
    return found


_SOURCES: tuple[Callable[[Grammar], Sides], ...] = (
    _from_grammar,
    _from_grammar,
    _from_grammar,
    _from_a_derivative,
    _from_a_derivative,
    _from_an_identity,
    _from_an_identity,
    _from_matrices,
    _from_the_catalogue,
    _from_the_catalogue,
)


# ---- false edits


def _edited(grammar: Grammar, left: Any, right: Any, given: Any, story: tuple[str, ...]) -> Made | None:
    """One false edit of the right side, by one of the operators that mutants are made with, or of a number."""
    free = Scope(free_indices(right) | free_indices(left))
    spots = list(places(right))
    for _ in range(30):
        place = grammar.source.choice(spots)
        if place.node.is_Number and place.role == "value" and grammar.chance(0.5):
            change = sp.Rational(1, grammar.source.choice([1, 2, 10**6, 10**30]))
            claim = Claim(left, replace(right, place.path, place.node + change), given)
            return Made(_with_given(claim), (*story, "edit: a number"), False)
        name = grammar.source.choice(list(OPERATORS))
        variants = list(OPERATORS[name](place, free))
        if not variants:
            continue
        variant = grammar.source.choice(variants)
        edited = replace(right, place.path, variant.node)
        if variant.sizes or edited == right:
            continue
        claim = Claim(left, edited, given)
        return Made(_with_given(claim), (*story, f"edit: {name}"), False)
    return None
