"""Functions that a chain writes without their argument: `\\sigma' = \\sigma (1 - \\sigma)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from ..reading import syntax as s
from .functions import SCALAR_FUNCTIONS, known_function
from .names import canonical
from .scope import Function, Scope

__all__ = ["bare_functions"]


def bare_functions(sides: Iterable[s.Node], scope: Scope) -> Iterator[tuple[str, Function]]:
    """The known functions that stand with a prime, or above a derivative, and without an argument.

    Only they may stand alone: a \\sigma by itself is a letter that somebody has to declare.
    """
    for top in sides:
        called = {id(n.function) for n in s.walk(top) if isinstance(n, s.Call)}
        called |= {id(item) for n in s.walk(top) if isinstance(n, s.Juxtaposed) for item in _called(n.items)}
        for node in s.walk(top):
            bare = node.of if isinstance(node, s.Derivative) else node if _is_primed(node) else None
            base = bare.base if isinstance(bare, s.Scripted) else bare
            if not isinstance(base, s.Symbol) or id(bare) in called:
                continue
            name = known_function(canonical(base))
            if name in SCALAR_FUNCTIONS and scope.find(canonical(base)) is None:
                yield canonical(base), Function(name, "known")


def _is_primed(node: s.Node) -> bool:
    return isinstance(node, s.Scripted) and node.primes > 0 and not node.subscripts


def _called(items: tuple[s.Node, ...]) -> Iterator[s.Node]:
    """The items with brackets behind them."""
    for first, second in pairwise(items):
        inner = second.base if isinstance(second, s.Scripted) else second
        if isinstance(inner, s.Delimited):
            yield first
