r"""Statements: sides and the relations between them, in brackets, in tables of cases, and in the rows of a formula."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from .errors import ReadingError
from .expressions import Expressions
from .lexemes import condition_word
from .source import Place
from .syntax import (
    Blank,
    Case,
    Cases,
    Condition,
    List,
    Node,
    Relation,
    Statement,
    Symbol,
    Text,
)
from .tokens import Kind

__all__ = ["Range", "Statements", "between"]

_NOTED = ("overset", "underset", "stackrel")
_SIGNS_ALONE = (Kind.SIGN, Kind.OPERATOR, Kind.COLON)
Range = tuple[int, int]


class Statements(Expressions):
    """Reads what stands in a range of lexemes: relations between sides, and lists of such."""

    # --- In brackets, scripts and arguments

    def contents(self, start: int, end: int, in_script: bool = False) -> Node:
        """An expression, a statement, or a list of such with separators between them."""
        self._refuse_evaluation_bar(start, end)
        marks = [at for at in self.lexemes.level(start, end) if self._separates(at, start, end)]
        segments = list(between(start, end, marks))
        items = [self._segment(*segment, in_script) for segment in segments]
        if len(items) == 1:
            return items[0]
        separators = tuple("|" if self.tokens[at].text == "mid" else self.tokens[at].text for at in marks)
        place = self.place(start, end)
        first, last = items[0], items[-1]
        if set(separators) == {","} and not any(isinstance(item, Statement) for item in items[1:-1]):
            if isinstance(last, Statement) and not isinstance(first, Statement) and len(last.sides) == 2:
                left = List((*items[:-1], last.sides[0]), separators, place=self.place(start, segments[-1][1]))
                return Statement((left, last.sides[1]), last.relations, place=place)
            if isinstance(first, Statement) and not isinstance(last, Statement) and len(first.sides) == 2:
                right = List((first.sides[1], *items[1:]), separators, place=first.sides[1].place | last.place)
                return Statement((first.sides[0], right), first.relations, place=place)
        return List(tuple(items), separators, place=place)

    def _refuse_evaluation_bar(self, start: int, end: int) -> None:
        """`f(x) |_{x=0}`: nobody can tell how far back the bar reaches."""
        for at in self.lexemes.level(start, end - 1):
            if self.tokens[at].kind is Kind.BAR and self.tokens[at + 1].kind is Kind.SUBSCRIPT:
                mend = r"write \left. ... \right|_{...}"
                self.fail(self.tokens[at].place, "a bar with a subscript", "to see where it begins", mend)

    def _separates(self, at: int, start: int, end: int) -> bool:
        """Whether a token separates items; a colon between commas, as in `X_{:,j}`, is an item itself."""
        kind = self.tokens[at].kind
        if kind is Kind.COLON:
            beside = [self.tokens[each].kind for each in (at - 1, at + 1) if start <= each < end]
            return len(beside) == 2 and Kind.COMMA not in beside
        return kind is Kind.COMMA or kind is Kind.BAR

    def _segment(self, start: int, end: int, in_script: bool) -> Node:
        if in_script and end - start == 1 and self.tokens[start].kind in _SIGNS_ALONE:
            return Symbol(self.tokens[start].text, place=self.tokens[start].place)
        statement = self.statement(start, end, self._side)
        return statement if statement.relations else statement.sides[0]

    # --- Sides and relations

    def relations(self, start: int, end: int) -> Iterator[tuple[Range, Relation]]:
        """The relations of a range, each with the range of its tokens."""
        skip = start
        for at in self.lexemes.level(start, end):
            token = self.tokens[at]
            if at < skip:
                continue
            if token.kind in (Kind.RELATION, Kind.COLON):
                yield (at, at + 1), Relation(token.text, place=token.place)
            elif token.kind is Kind.COMMAND and token.text in _NOTED:
                noted = self._noted_relation(at, end)
                if noted is not None:
                    skip = noted[0][1]
                    yield noted

    def _noted_relation(self, at: int, end: int) -> tuple[Range, Relation] | None:
        r"""`\overset{note}{=}`"""
        note_end = self.partner[at + 1] if at + 1 < end else -1
        sign_end = self.partner[note_end + 1] if 0 < note_end + 1 < end else -1
        if note_end < 0 or sign_end != note_end + 3 or self.tokens[note_end + 2].kind is not Kind.RELATION:
            return None
        note = self._note(at + 2, note_end)
        sign, place = self.tokens[note_end + 2].text, self.place(at, sign_end + 1)
        return (at, sign_end + 1), Relation(sign, note, place=place)

    def _note(self, start: int, end: int) -> Node:
        """What stands over a sign: it is no part of what is claimed, so what cannot be read is kept as words."""
        try:
            return self.within(start, end, self._whole)
        except ReadingError:
            place = self.place(start, end)
            return Text(self.lexemes.source[place], place=place)

    def statement(self, start: int, end: int, read_side: Callable[[int, int], Node]) -> Statement:
        """The sides of a range, as `read_side` reads each, with the relations between them."""
        found = list(self.relations(start, end))
        relations = tuple(relation for _, relation in found)
        borders = [(start, start), *(where for where, _ in found), (end, end)]
        sides: list[Node] = []
        for number, (before, after) in enumerate(pairwise(borders)):
            blank = self._blank(number, relations) if before[1] == after[0] else None
            sides.append(blank or read_side(before[1], after[0]))
        return Statement(tuple(sides), relations, place=self.place(start, end))

    def _blank(self, number: int, relations: tuple[Relation, ...]) -> Blank | None:
        """The side that is missing before the first or behind the last relation."""
        if not relations or number not in (0, len(relations)):
            return None
        offset = relations[0].place.start if number == 0 else relations[-1].place.end
        return Blank(place=Place(offset, offset))

    def _side(self, start: int, end: int) -> Node:
        """The expression that fills a range."""
        return self.within(start, end, self._whole)

    def _whole(self) -> Node:
        node = self.expression()
        if self.at < self.end:
            raise self.unexpected("an operator, a relation or the end")
        return node

    # --- Tables of cases

    def cases(self, start: int, end: int) -> Cases:
        """The rows between two indices, each a value and its condition."""
        rows = [self._case(row) for row in self.table(start, end)]
        if not rows:
            raise self.error(self.place(start, end), "a table of cases without rows", "rows of value & condition")
        return Cases(tuple(rows), place=self.place(start, end))

    def _case(self, cells: list[Range]) -> Case:
        start, end = cells[0][0], cells[-1][1]
        if len(cells) > 1:
            value_end, condition_start = cells[0][1], cells[1][0]
        else:
            value_end = condition_start = self._where_condition_begins(start, end)
        while value_end > start and self.tokens[value_end - 1].kind in (Kind.COMMA, Kind.QUAD):
            value_end -= 1
        condition = self.condition(condition_start, end)
        return Case(self.contents(start, value_end), condition, place=self.place(start, end))

    def _where_condition_begins(self, start: int, end: int) -> int:
        """Where the condition begins in a row without &: at a word that announces it, or behind a wide space."""
        for at in self.lexemes.level(start, end):
            kind = self.tokens[at].kind
            if kind is Kind.TEXT or kind is Kind.KEYWORD or (kind is Kind.QUAD and at > start):
                return at
        return end

    def condition(self, start: int, end: int) -> Condition | None:
        """A condition with or without its word; None if there is nothing."""
        word, at = "", start
        while at < end and self.tokens[at].kind in (Kind.QUAD, Kind.AMPERSAND):
            at += 1
        if at < end and (found := self.announced(at)) is not None:
            word, at = found, at + 1
        while end > at and self.tokens[end - 1].kind in (Kind.QUAD, Kind.PERIOD, Kind.COMMA):
            end -= 1
        while at < end and self.tokens[at].kind is Kind.QUAD:
            at += 1
        if at == end:
            return Condition(word, (), place=self.place(start, end)) if word else None
        return Condition(word, tuple(self.statements_of(at, end)), place=self.place(start, end))

    def announced(self, at: int) -> str | None:
        """The word of the condition that the token announces, None if it announces none."""
        token = self.tokens[at]
        if token.kind is Kind.KEYWORD:
            return token.text
        if token.kind is Kind.COMMAND and token.text == "forall":
            return "forall"
        return condition_word(token.text) if token.kind is Kind.TEXT else None

    def statements_of(self, start: int, end: int) -> list[Statement]:
        """The statements that a condition makes together, with commas or "and" between them."""
        words = [at for at in self.lexemes.level(start, end) if self.tokens[at].kind in (Kind.TEXT, Kind.AMPERSAND)]
        for at in words:
            if self.tokens[at].text not in ("and", "&"):
                met = f'"{self.tokens[at].text}" in a condition'
                self.fail(self.tokens[at].place, met, 'relations with "and" or commas between them')
        statements: list[Statement] = []
        for first, last in between(start, end, words):
            if first < last:
                statements += _as_statements(self.contents(first, last))
        return statements


def _as_statements(node: Node) -> Iterator[Statement]:
    """Each item of a list in which there are statements, else the whole."""
    if isinstance(node, List) and any(isinstance(item, Statement) for item in node.items):
        for item in node.items:
            yield from _as_statements(item)
    else:
        yield node if isinstance(node, Statement) else Statement((node,), place=node.place)


def between(start: int, end: int, marks: list[int]) -> Iterator[Range]:
    """The ranges between marks."""
    for mark in marks:
        yield start, mark
        start = mark + 1
    yield start, end
