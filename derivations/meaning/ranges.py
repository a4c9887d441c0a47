r"""How far letters run, as a document shows it, and samples that are numbered above: `x^{(i)}` for i = 1, ..., m.

    \sum_{i=1}^m y^{(i)} x^{(i)}        i runs to m, and x and y are families over it

A letter that stands in brackets above names, and runs somewhere in the document, numbers samples; `x^{(i)}_j` is read
as a family with the subscripts i and j. Any other superscript in brackets belongs to its name: `W^{(2)}`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from ..reading import syntax as s
from .names import SAMPLE, canonical, script_atoms

__all__ = ["Ranges", "as_family", "as_range", "ranges_of"]


@dataclass(frozen=True)
class Ranges:
    """How far each letter runs (a name or number), and the bases of names that the letters in brackets number."""

    ends: dict[str, s.Node]
    samples: frozenset[str] = frozenset()

    def spelled(self, node: Any) -> Any:
        """The node with its samples as families."""
        if not self.samples:
            return node
        if isinstance(node, tuple):
            return tuple(self.spelled(item) for item in node)
        if not isinstance(node, s.Node):
            return node
        changes = {}
        for each in fields(node):
            value = getattr(node, each.name)
            if isinstance(value, s.Node | tuple):
                new = self.spelled(value)
                if new is not value and new != value:
                    changes[each.name] = new
        node = replace(node, **changes) if changes else node
        return self._as_member(node) if isinstance(node, s.Scripted) else node

    def _as_member(self, node: s.Scripted) -> s.Node:
        if not isinstance(node.base, s.Symbol) or canonical(node.base) not in self.samples:
            return node
        above = script_atoms(node.superscripts)
        for position, atom in enumerate(above):
            which = _numbering(atom)
            if which is not None and (isinstance(which, s.Number) or canonical(which) in self.ends):
                base = replace(node.base, accents=(*node.base.accents, SAMPLE))
                rest = (*above[:position], *above[position + 1 :])
                return replace(node, base=base, subscripts=(which, *node.subscripts), superscripts=rest)
        return node


def ranges_of(nodes: Iterable[s.Node]) -> Ranges:
    """What all formulas of a document and its context show together; a letter that runs to two ends is left out."""
    ends: dict[str, list[s.Node]] = {}
    labels: set[str] = set()
    scripted: list[s.Scripted] = []
    for node in (each for top in nodes for each in s.walk(top)):
        if isinstance(node, s.Scripted):
            scripted.append(node)
        letter, end = _run(node)
        if letter is not None and end is not None:
            ends.setdefault(canonical(letter), []).append(end)
        if isinstance(node, s.Statement) and node.relations and node.relations[0].operator == "in":
            labels |= _labels(node)
    known = {letter: found[0] for letter, found in ends.items() if all(end == found[0] for end in found)}
    known = {letter: end for letter, end in known.items() if letter not in labels}
    return Ranges(known, _samples(scripted, known))


def as_range(statement: s.Statement) -> tuple[s.Node, s.Node] | None:
    """The letter and the end of `i = 1, \\dots, m`."""
    if len(statement.sides) != 2 or statement.relations[0].operator != "=":
        return None
    letter, items = statement.sides
    if not isinstance(letter, s.Symbol) or not isinstance(items, s.List) or len(items.items) not in (3, 4):
        return None
    if items.items[0] != s.Number("1") or not isinstance(items.items[-2], s.Dots):
        return None
    return letter, items.items[-1]


def as_family(node: s.Node) -> s.Scripted | None:
    """`y_1, \\dots, y_n` as y with a letter that runs to n."""
    if not isinstance(node, s.List) or len(node.items) not in (3, 4) or not isinstance(node.items[-2], s.Dots):
        return None
    first, last = node.items[0], node.items[-1]
    if not isinstance(first, s.Scripted) or not isinstance(last, s.Scripted):
        return None
    alike = len(last.subscripts) == 1 and replace(last, subscripts=first.subscripts) == first
    if first.subscripts != (s.Number("1"),) or not alike:
        return None
    end = last.subscripts[0]
    if not isinstance(end, s.Symbol | s.Scripted | s.Number):
        return None
    return replace(first, subscripts=(s.Symbol(f"1..{canonical(end)}"),), place=node.place)


def _run(node: s.Node) -> tuple[s.Node | None, s.Node | None]:
    """The letter that a sum, a list or a set binds, and its end."""
    lower: s.Node | None = None
    upper: s.Node | None = None
    if isinstance(node, s.Big):
        lower, upper = node.lower, node.upper
    elif isinstance(node, s.Statement):
        return as_range(node) or (None, None)
    elif isinstance(node, s.List):
        family = as_family(node)
        last = node.items[-1]
        return (family.subscripts[0], last.subscripts[0]) if family and isinstance(last, s.Scripted) else (None, None)
    elif isinstance(node, s.Scripted) and isinstance(node.base, s.Delimited) and node.base.open == "{":
        lower = node.subscripts[0] if len(node.subscripts) == 1 else None
        upper = node.superscripts[0] if len(node.superscripts) == 1 else None
    if not isinstance(lower, s.Statement) or len(lower.sides) != 2 or lower.relations[0].operator != "=":
        return None, None
    if lower.sides[1] != s.Number("1") or not isinstance(upper, s.Symbol | s.Scripted | s.Number):
        return None, None
    return lower.sides[0], upper


def _labels(statement: s.Statement) -> set[str]:
    """The letter of `l \\in \\{1, 2\\}`, which stands for labels."""
    letter, values = statement.sides[0], statement.sides[1]
    listed = isinstance(values, s.Delimited) and isinstance(values.body, s.List)
    if not listed or any(isinstance(each, s.Dots) for each in s.walk(values)):
        return set()
    return {canonical(letter)} if isinstance(letter, s.Symbol) else set()


def _samples(scripted: list[s.Scripted], ends: dict[str, s.Node]) -> frozenset[str]:
    """The names that a letter which runs stands above in brackets."""
    return frozenset(
        canonical(node.base)
        for node in scripted
        if isinstance(node.base, s.Symbol)
        for atom in script_atoms(node.superscripts)
        if isinstance(which := _numbering(atom), s.Symbol) and canonical(which) in ends
    )


def _numbering(atom: s.Node) -> s.Node | None:
    """The letter or number of `(i)`."""
    if isinstance(atom, s.Delimited) and atom.open == "(" and isinstance(atom.body, s.Symbol | s.Number):
        return atom.body
    return None
