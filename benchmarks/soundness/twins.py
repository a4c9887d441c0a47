"""The same claim in other words: symbols renamed, indices permuted, matrices stored transposed.

Its verdict has to be the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.mutants.trees import rebuild
from symbolic.given import Define, Every, OneHot
from symbolic.notation import Gradient, Jacobian

from .points import Claim

__all__ = ["twin"]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def twin(claim: Claim, seed: str) -> Claim:
    """The claim with every name drawn anew, so that what was first by name is not, and some matrices transposed.

    Undefined functions keep their names, which say what polynomial stands for them in a refutation.
    """
    source = Random(seed)
    trees = [claim.left, claim.right, *(part for given in claim.given for part in _parts(given))]
    symbols: dict[Any, None] = {}
    for tree in trees:
        for node in sp.preorder_traversal(tree):
            if isinstance(node, sp.Symbol | sp.MatrixSymbol | AppliedUndef) and not isinstance(node, sp.Dummy):
                symbols[node.func if isinstance(node, AppliedUndef) else node] = None
    names = source.sample([a + b for a in _LETTERS for b in _LETTERS], len(symbols))
    renaming: dict[Any, Any] = {}
    fixed = {str(t) for given in claim.given for part in _parts(given) for t in part.atoms(sp.MatrixSymbol)}
    for symbol, name in sorted(zip(symbols, names, strict=True), key=lambda pair: isinstance(pair[0], sp.MatrixSymbol)):
        if isinstance(symbol, sp.MatrixSymbol):
            rows, columns = (_renamed(d, renaming) for d in symbol.shape)
            turn = 1 not in symbol.shape and str(symbol) not in fixed and source.random() < 0.5 and _turnable(trees)
            renaming[symbol] = (
                _Turned(sp.MatrixSymbol(name, columns, rows)) if turn else sp.MatrixSymbol(name, rows, columns)
            )
        elif isinstance(symbol, sp.Symbol):
            renaming[symbol] = sp.Symbol(name, **symbol._assumptions_orig)
        else:
            renaming[symbol] = symbol
    return Claim(
        _renamed(claim.left, renaming),
        _renamed(claim.right, renaming),
        tuple(_renamed_given(given, renaming) for given in claim.given),
    )


class _Turned:
    """A matrix symbol that stands for the transpose of another."""

    def __init__(self, symbol: Any) -> None:
        self.symbol = symbol


def _turnable(trees: list[Any]) -> bool:
    """Gradients are laid out as their variable is, which a transposition would change."""
    return not any(tree.has(Gradient, Jacobian) for tree in trees)


def _parts(given: Any) -> tuple[Any, ...]:
    if isinstance(given, Define):
        return sp.sympify(given.target, strict=True), sp.sympify(given.value, strict=True)
    if isinstance(given, OneHot):
        return (given.tensor,)
    return (*given.indices, given.relation) if isinstance(given, Every) else (given,)


def _renamed(node: Any, renaming: Mapping[Any, Any]) -> Any:
    if node in renaming:
        new = renaming[node]
        return sp.Basic.__new__(sp.Transpose, new.symbol) if isinstance(new, _Turned) else new
    if not isinstance(node, sp.Basic) or not node.args:
        return node
    if isinstance(node, MatrixElement) and isinstance(renaming.get(node.parent), _Turned):
        i, j = (_renamed(index, renaming) for index in node.indices)
        return MatrixElement(renaming[node.parent].symbol, j, i)
    args = [_renamed(arg, renaming) for arg in node.args]
    if isinstance(node, AppliedUndef):
        return renaming[node.func](*args)
    return node if all(new is old for new, old in zip(args, node.args, strict=True)) else rebuild(node, args)


def _renamed_given(given: Any, renaming: Mapping[Any, Any]) -> Any:
    if isinstance(given, Define):
        return Define(_renamed(given.target, renaming), _renamed(given.value, renaming))
    if isinstance(given, OneHot):
        return OneHot(_renamed(given.tensor, renaming))
    if isinstance(given, Every):
        return Every(tuple(_renamed(i, renaming) for i in given.indices), _renamed(given.relation, renaming))
    return _renamed(given, renaming)
