"""What is given with a claim: the definitions and conditions of the quantities in it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import sympy as sp

from symbolic import Define, Every, OneHot

from . import kept
from .kept import names_in
from .kinds import Given
from .scope import Quantity

__all__ = ["case_symbols", "definition_of", "given_by_cases", "given_for", "reachable"]

_MOST_CASES = 3


def definition_of(quantity: Quantity) -> Define:
    """The definition of a quantity as the judge takes it."""
    assert quantity.definition is not None
    family = tuple(kept.index("n") for _ in quantity.family)
    indices = tuple(kept.ZERO if d == 1 else kept.index(name) for d, name in zip(quantity.shape, "ij", strict=False))
    target = kept.entry_of(quantity.symbol, (*quantity.family, *quantity.shape), (*family, *indices))
    return Define(target, quantity.definition(*family).entry(*indices))


def reachable(names: set[str], given: Given, cache: dict[str, Any]) -> dict[str, Any]:
    """The definitions that the names need, by the quantity's name; None for what has none."""
    found: dict[str, Any] = {}
    pending = list(names)
    while pending:
        name = pending.pop()
        if name in found or name not in given.quantities:
            continue
        quantity = given.quantities[name]
        if quantity.definition is None:
            found[name] = None
            continue
        if name not in cache:
            cache[name] = definition_of(quantity)
        found[name] = cache[name]
        pending += names_in(found[name].value)
    return found


def given_for(expressions: Iterable[Any], given: Given, cache: dict[str, Any]) -> tuple[Any, ...]:
    """Definitions and conditions for a claim about these expressions."""
    expressions = tuple(expressions)
    names = set().union(*(names_in(expression) for expression in expressions))
    indices = set().union(*(_indices_in(expression) for expression in expressions))
    conditions: list[Any] = []
    while True:
        definitions = reachable(names, given, cache)
        known = names | set(definitions)
        more = [c for c in given.conditions if not any(c is d for d in conditions) and _speaks_of(c, known, indices)]
        if not more:
            break
        conditions += more
        for condition in more:
            names |= _names_of(condition)
    return (*(d for d in definitions.values() if d is not None), *conditions)


def _indices_in(expression: Any) -> set[Any]:
    return {each for each in expression.free_symbols if isinstance(each, sp.Symbol) and _is_index(each)}


def given_by_cases(
    expressions: tuple[Any, ...], given: Given, cache: dict[str, Any]
) -> list[tuple[str, tuple[Any, ...]]]:
    """The same, once for each combination of the values of numbers that have few; with the case in words."""
    items = given_for(expressions, given, cache)
    names = set().union(*(names_in(each) for each in expressions))
    names |= set().union(*(names_in(each.value) for each in items if isinstance(each, Define)))
    few = [q for q in given.quantities.values() if q.values and q.name in names and q.definition is None]
    if not few:
        return [("", items)]
    if len(few) > _MOST_CASES:
        return [("", (*items, *map(_one_of_few, few)))]
    return [
        (
            ", ".join(f"{q.name} = {value}" for q, value in zip(few, values, strict=True)),
            (*items, *(Define(q.symbol, value) for q, value in zip(few, values, strict=True))),
        )
        for values in product(*(q.values for q in few))
    ]


def _one_of_few(quantity: Quantity) -> Any:
    differences = [kept.add((quantity.symbol, kept.negative(value))) for value in quantity.values]
    return kept.compare("=", kept.mul(differences), kept.ZERO)


def _names_of(condition: Any) -> set[str]:
    if isinstance(condition, OneHot):
        return {str(condition.tensor.name)}
    return names_in(condition.relation if isinstance(condition, Every) else condition)


def _speaks_of(condition: Any, names: set[str], indices: set[Any]) -> bool:
    """Whether a condition is about a claim: about its quantities, and, where it names indices, about those."""
    if isinstance(condition, Every | OneHot):
        return bool(_names_of(condition) & names)
    own = {each for each in condition.free_symbols if isinstance(each, sp.Symbol) and _is_index(each)}
    if not own <= indices:
        return False
    return bool((_names_of(condition) - {each.name for each in own}) & names) or own == condition.free_symbols


def _is_index(symbol: sp.Symbol) -> bool:
    return bool(symbol.is_integer and not symbol.is_positive)


def case_symbols(relation: Any) -> list[Any]:
    """The index letters of a condition such as i = j."""
    symbols = getattr(relation, "args", ())
    if len(symbols) != 2 or not all(x.is_Symbol and x.is_integer and not x.is_positive for x in symbols):
        return []
    return list(symbols)
