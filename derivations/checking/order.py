"""In what order chains are read: what letters are comes first, also where it stands in the sentence that follows.

    $$z = W x + b$$

    where $W \\in \\mathbb{R}^{m \\times n}$ and $b = 2 c$.

A paragraph that begins with "where" or the like belongs to the one before it. Within such a group memberships go first,
and a definition goes before what uses its name, unless the name has been defined before. Steps are reported in the
order of the document all the same.
"""

from __future__ import annotations

import re
from itertools import pairwise

from ..meaning.declarations import function_head
from ..meaning.names import canonical, script_atoms
from ..meaning.ranges import as_range
from ..reading import syntax as s
from .chains import Chain

__all__ = ["reading_order"]

_ITEM = re.compile(r"\n[ \t]*(?:[-*+•]|\d+[.)]|\\item\b|\([a-z]\))[ \t]")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_GOES_ON = re.compile(r"\s*(?:,|and\b|[Ww]here(?:in)?\b|with\b|[Hh]ere\b|in which\b|for\b|whose\b)")


def reading_order(chains: list[Chain], text: str, declared: frozenset[str] = frozenset()) -> list[int]:
    """The positions of the chains in the order in which they are read; ``declared`` are the names of the context."""
    order: list[int] = []
    known, declared_so_far = set[str](), set(declared)
    for group in _groups(chains, text):
        order += _Group(chains, group, known, declared_so_far).order()
        known |= {name for position in group if (name := _introduced(chains[position])) is not None}
        declared_so_far |= {name for position in group for name in _declared(chains[position])}
    return order


def _groups(chains: list[Chain], text: str) -> list[list[int]]:
    """Paragraphs, each with those that go on with it."""
    groups: list[list[int]] = []
    end = 0
    for position, chain in enumerate(chains):
        between = text[end : chain.start]
        breaks = list(_BLANK_LINE.finditer(between))
        elsewhere = position > 0 and chain.sections != chains[position - 1].sections
        if not groups or elsewhere or _ITEM.search(between) or (breaks and not _goes_on(between[breaks[-1].end() :])):
            groups.append([])
        groups[-1].append(position)
        end = max(chain.end, chain.sides[-1].place.end)
    return groups


def _goes_on(words: str) -> bool:
    return _GOES_ON.match(words.lstrip("$\\([ \n")) is not None


class _Group:
    def __init__(self, chains: list[Chain], group: list[int], known: set[str], declared: set[str]) -> None:
        self.chains, self.group = chains, group
        self.definitions: dict[str, int] = {}
        self.introduced = {position: _introduced(chains[position]) for position in group}
        self.used = {position: _used(chains[position]) for position in group}
        for position, name in self.introduced.items():
            if name is not None and name not in known:
                self.definitions.setdefault(name, position)
        self.declared = declared
        self._done: dict[int, None] = {}
        self._begun: set[int] = set()

    def order(self) -> list[int]:
        """Memberships, then all others, each behind the definitions that it uses."""
        first = [position for position in self.group if self._declares_anew(position)]
        for position in first:
            self._done[position] = None
        for position in self.group:
            self._visit(position)
        return list(self._done)

    def _declares_anew(self, position: int) -> bool:
        """Whether a chain says what letters are that nothing has been said of: what is said later restricts them."""
        return _is_range(self.chains[position]) or any(
            name not in self.declared for name in _declared(self.chains[position])
        )

    def _visit(self, start: int) -> None:
        """Reads the chain behind what it uses; a circle is broken where it closes."""
        pending = [start]
        while pending:
            position = pending[-1]
            needed = [] if position in self._begun else self._needed(position)
            self._begun.add(position)
            if needed:
                pending += reversed(needed)
            else:
                self._done.setdefault(pending.pop())

    def _needed(self, position: int) -> list[int]:
        """The definitions further on in the group that a chain uses."""
        found = {self.definitions[name] for name in self.used[position] if name in self.definitions}
        own = self.introduced[position]
        return sorted(
            each for each in found if each > position and each not in self._begun and own not in self.used[each]
        )


def _declared(chain: Chain) -> list[str]:
    """The names that a chain says what kind of thing they are: in a set, or positive."""
    left = chain.sides[0]
    operator = chain.relations[0].operator
    positive = operator in (">", "geq") and chain.kind == "inline" and chain.sides[1] == s.Number("0")
    if operator != "in" and not (positive and isinstance(left, s.Symbol)):
        return []
    return [canonical(name) for name in (left.items if isinstance(left, s.List) else (left,))]


def _is_range(chain: Chain) -> bool:
    return as_range(s.Statement(tuple(chain.sides), tuple(chain.relations))) is not None


def _introduced(chain: Chain) -> str | None:
    """The name that a chain defines if it has no meaning yet."""
    if chain.relations[0].operator not in ("=", ":=", "equiv", "triangleq"):
        return None
    name = _key(chain.sides[0])
    return None if name in _keys(chain.sides[1:]) else name  # an update, which defines nothing


def _key(node: s.Node) -> str | None:
    """A name without the index letters behind it; a function with how many arguments it takes."""
    head = function_head(node)
    if head is not None:
        inner = _key(head[0])
        return None if inner is None else f"{inner}({len(head[1])})"
    if isinstance(node, s.Symbol):
        return canonical(node)
    if not isinstance(node, s.Scripted) or not isinstance(node.base, s.Symbol) or node.primes:
        return None
    labels = [canonical(a) for a in script_atoms(node.subscripts) if not (isinstance(a, s.Symbol) and len(a.name) == 1)]
    above = [canonical(a) for a in node.superscripts if isinstance(a, s.Delimited)]
    return "_".join((canonical(node.base), *labels, *above))


def _used(chain: Chain) -> set[str]:
    """The names in a chain, but for the one that it defines."""
    return _keys(chain.sides if _introduced(chain) is None else chain.sides[1:])


def _keys(sides: list[s.Node]) -> set[str]:
    nodes = [node for side in sides for node in s.walk(side)]
    keys = {_key(node) for node in nodes if isinstance(node, s.Symbol | s.Scripted | s.Juxtaposed | s.Call)}
    for node in nodes:  # of `x H(p)`, too
        items = node.items if isinstance(node, s.Juxtaposed) else ()
        keys |= {_key(s.Juxtaposed(pair)) for pair in pairwise(items)}
    return {key for key in keys if key is not None}
