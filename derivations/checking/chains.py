"""Chains: sides and the relations between them, over rows and displays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..reading import Document, Formula, Heading, Place
from ..reading import syntax as s

__all__ = ["Chain", "chains_of"]

IMPLICATIONS = frozenset(
    {"Rightarrow", "implies", "Leftrightarrow", "iff", "Longrightarrow", "Longleftrightarrow", "Leftarrow", "therefore"}
)


@dataclass
class Chain:
    """Sides with relations between them, one fewer, under what headings they stand, and the conditions beside them.

    ``end`` is where the formula that begins the chain ends in the source, ``before`` the prose in front of it; an
    ``open`` chain goes on in the next display.
    """

    sections: tuple[Heading, ...]
    kind: str
    sides: list[s.Node] = field(default_factory=list)
    relations: list[s.Relation] = field(default_factory=list)
    conditions: list[s.Condition] = field(default_factory=list)
    slips: list[s.Slip] = field(default_factory=list)
    end: int = 0
    before: str = ""  # the prose in front of it
    open: bool = False
    clause: list[s.Condition] = field(default_factory=list)  # the conditions that its sentence sets
    is_condition: bool = False  # a condition of its sentence itself

    @property
    def start(self) -> int:
        return self.sides[0].place.start


def chains_of(document: Document) -> list[Chain]:
    """All chains of a document in order."""
    return list(_Gathering(document))


class _Gathering:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.chains: list[Chain] = []
        self.current: Chain | None = None
        self.prose = ""

    def __iter__(self) -> Iterator[Chain]:
        for piece in self.document.pieces:
            if isinstance(piece, Heading):
                self.current = None
                self.prose = ""
            elif isinstance(piece, Formula):
                self._formula(piece)
                self.prose = ""
            else:
                self.prose = piece.text
        for chain in self.chains:
            del chain.relations[max(0, len(chain.sides) - 1) :]  # a sign that nothing follows
            if chain.relations:
                yield chain

    def _formula(self, formula: Formula) -> None:
        if formula.display is None:
            self._unread(formula)
            return
        for statement in formula.display.statements:
            for part in _parts(statement):
                self._statement(part, formula)

    def _unread(self, formula: Formula) -> None:
        """A formula of which nothing could be read, as one step."""
        if formula.error is None:
            return
        start, end = formula.place.start, formula.place.end
        side = s.Unreadable(formula.error, place=formula.place)
        nothing = s.Unreadable(formula.error, place=Place(end, end))
        chain = Chain(
            formula.section, formula.kind, [side, nothing], [s.Relation("=", place=Place(start, start))], end=end
        )
        self.chains.append(chain)
        self.current = None

    def _statement(self, statement: s.Statement, formula: Formula) -> None:
        sides, relations = list(statement.sides), list(statement.relations)
        chain = self.current
        if all(isinstance(side, s.Blank | s.Dots | s.Text) for side in sides):
            return
        goes_on = isinstance(sides[0], s.Blank) and bool(relations)
        joins = chain is not None and chain.open and formula.kind != "inline"
        if goes_on:
            sides = sides[1:]
            relation = relations.pop(0)
            if chain is None:
                return
            if chain.open:
                chain.open = False
            else:
                chain.relations.append(relation)
        elif joins and chain is not None:
            chain.open = False
        elif statement.remarks and not relations and chain is not None:
            return  # a formula that is mentioned in words
        else:
            chain = self._begin(formula, sides)
        if isinstance(sides[-1], s.Blank) and relations:
            sides = sides[:-1]
            chain.open = True
        chain.sides += sides
        chain.relations += relations
        chain.conditions += statement.conditions
        display = formula.display
        assert display is not None
        chain.slips += [slip for slip in display.slips if slip not in chain.slips]
        if not chain.end:
            chain.end = formula.place.end

    def _begin(self, formula: Formula, sides: list[s.Node]) -> Chain:
        if self.current is not None and self.current.open:
            self.current.relations.pop()  # a chain that was never ended
            self.current.open = False
        chain = Chain(formula.section, formula.kind, before=self.prose)
        self.chains.append(chain)
        if formula.kind != "inline" or self.current is None or len(sides) > 1:
            self.current = chain
        return chain


def _parts(statement: s.Statement) -> list[s.Statement]:
    """The statements between signs of implication."""
    parts: list[s.Statement] = []
    sides: list[s.Node] = [statement.sides[0]]
    relations: list[s.Relation] = []

    def close() -> None:
        if any(not isinstance(side, s.Blank) for side in sides):
            parts.append(
                s.Statement(tuple(sides), tuple(relations), statement.conditions, statement.remarks, row=statement.row)
            )

    for relation, side in zip(statement.relations, statement.sides[1:], strict=False):
        if relation.operator in IMPLICATIONS:
            close()
            sides, relations = [side], []
        else:
            sides.append(side)
            relations.append(relation)
    close()
    return parts
