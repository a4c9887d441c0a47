"""Letters that stand for labels: `\\delta_k` for the layers 1, 2 and out."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from ..reading import syntax as s
from .names import canonical, script_atoms
from .scope import Labels, Scope

__all__ = ["with_labels"]


def with_labels(node: Any, scope: Scope) -> list[tuple[Any, str]]:
    """The node once for each label that a letter in its scripts stands for, and which label that is.

    A name that is declared with its scripts, such as `x_{in}`, has no letters in them.
    """
    found: dict[str, Labels] = {}
    for each in s.walk(node):
        if isinstance(each, s.Scripted) and not _is_declared(each, scope):
            for atom in script_atoms(each.subscripts + each.superscripts):
                meaning = scope.find(canonical(atom)) if isinstance(atom, s.Symbol) else None
                if isinstance(meaning, Labels):
                    found[canonical(atom)] = meaning
    results = [(node, "")]
    for letter, labels in found.items():
        results = [
            (
                _replaced(each, letter, label, False, scope),
                f"{words}{', ' if words else ''}{letter} = {canonical(label)}",
            )
            for each, words in results
            for label in labels.labels
        ]
    return results


def _is_declared(node: s.Scripted, scope: Scope) -> bool:
    return scope.find(canonical(node)) is not None


def _replaced(node: Any, letter: str, label: s.Node, in_script: bool, scope: Scope) -> Any:
    if isinstance(node, tuple):
        return tuple(_replaced(item, letter, label, in_script, scope) for item in node)
    if not isinstance(node, s.Node) or (isinstance(node, s.Scripted) and _is_declared(node, scope)):
        return node
    if in_script and isinstance(node, s.Symbol) and canonical(node) == letter:
        return replace(label, place=node.place)
    changes = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, s.Node | tuple):
            script = in_script or (isinstance(node, s.Scripted) and each.name in ("subscripts", "superscripts"))
            new = _replaced(value, letter, label, script, scope)
            if new is not value:
                changes[each.name] = new
    new = replace(node, **changes) if changes else node
    return _added_up(new) if in_script and changes and isinstance(new, s.Sum) else new


def _added_up(node: s.Sum) -> s.Node:
    """`k - 1` for k = 2 is the label 1."""
    if not all(isinstance(term, s.Number) and term.text.isdigit() and sign in "+-" for sign, term in node.terms):
        return node
    total = sum(int(f"{sign}{term.text}") for sign, term in node.terms if isinstance(term, s.Number))
    return s.Number(str(total), place=node.place)
