"""From the rows of a formula to its statements, with the conditions, remarks, tags and labels beside them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .brackets import match_brackets
from .errors import ReadingError
from .layout import laid_out
from .limits import LIMITS, Limits
from .source import SourceText
from .statements import Range, Statements, between
from .syntax import Blank, Condition, Display, Node, Slip, Statement, Symbol, Text, Unreadable, walk
from .tokens import Kind, Token

__all__ = ["read_display"]


def read_display(source: SourceText, tokens: list[Token], slips: tuple[Slip, ...], limits: Limits = LIMITS) -> Display:
    """The display that the lexemes of a formula make.

    Raises:
        ReadingError: a limit is passed, or there is nothing to read.
    """
    plain, environment = laid_out(match_brackets(source, tokens, limits))
    lexemes = match_brackets(source, plain, limits)
    rows = _Rows(lexemes, limits)
    ends = [at for at in lexemes.level(0, len(plain)) if plain[at].kind is Kind.ROW]
    statements = [
        replace(statement, row=number)
        for number, (start, end) in enumerate(between(0, len(plain), ends))
        for statement in rows.row(start, end)
    ]
    place = tokens[0].place | tokens[-1].place if tokens else rows.place(0, 0)
    if not statements:
        raise ReadingError(source, place, "nothing to read", "a formula")
    return Display(tuple(statements), environment, slips, place=place)


@dataclass
class _Clause:
    """A part of a row between words and wide spaces: what announces it, and where its formula stands."""

    start: int
    end: int
    word: str = ""  # of the condition that it is
    remark: Text | None = None
    opening: Token | None = None  # the word
    behind_space: bool = False


@dataclass
class _Row:
    statements: list[Statement] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)  # of the statement to come
    remarks: list[Text] = field(default_factory=list)
    tag: str = ""
    label: str = ""


class _Rows(Statements):
    def row(self, start: int, end: int) -> list[Statement]:
        """The statements of one row."""
        row = _Row()
        for clause in self._clauses(start, end, row):
            self._read_clause(clause, row)
        if row.conditions or row.remarks:
            blank = Blank(place=self.place(start, start))
            row.statements.append(self._complete(Statement((blank,), place=self.place(start, end)), row))
        if row.statements and (row.tag or row.label):
            row.statements[-1] = replace(row.statements[-1], tag=row.tag, label=row.label)
        return row.statements

    # --- Clauses

    def _clauses(self, start: int, end: int, row: _Row) -> list[_Clause]:
        """The clauses of a row; its tag and label are noted on the way."""
        clauses = [_Clause(start, start)]
        for at in self.lexemes.level(start, end):
            token, current = self.tokens[at], clauses[-1]
            word = self.announced(at) if token.kind is not Kind.KEYWORD or self._begins_clause(at, current) else None
            if word is not None:
                clauses.append(_Clause(at + 1, at + 1, word, opening=token))
            elif token.kind is Kind.TEXT and not (
                current.word and token.text in ("and", "or") and current.end > current.start
            ):
                clauses.append(_Clause(at + 1, at + 1, remark=Text(token.text, place=token.place)))
            elif token.kind is Kind.QUAD and not current.word and (tag := self._tag(at, end)):
                row.tag = tag
                clauses.append(_Clause(at + 4, at + 4))
            elif token.kind is Kind.QUAD:
                if current.end > current.start:
                    clauses.append(_Clause(at + 1, at + 1, behind_space=True))
                elif current.start == at:
                    current.start = current.end = at + 1
            elif token.kind is Kind.TAG:
                row.tag = token.text
                clauses.append(_Clause(at + 1, at + 1))
            elif token.kind is Kind.LABEL:
                row.label = token.text
                clauses.append(_Clause(at + 1, at + 1))
            elif token.kind is Kind.COLON and (current.word or current.remark) and at + 1 < end:
                clauses.append(_Clause(at + 1, at + 1))
            elif at >= current.start:
                current.end = max(at, self.partner[at]) + 1
        return [clause for clause in clauses if clause.end > clause.start or clause.word or clause.remark]

    def _begins_clause(self, at: int, current: _Clause) -> bool:
        """Whether a word in plain letters stands where words may: first, or behind a space, a comma or words."""
        return current.end == current.start or self.tokens[at - 1].kind is Kind.COMMA

    def _tag(self, at: int, end: int) -> str:
        """The number of the equation behind a wide space, as in `\\quad (3)`, if that is all that is left."""
        tokens = self.tokens[at + 1 : at + 4]
        kinds = [token.kind for token in tokens]
        if kinds != [Kind.OPEN, Kind.NUMBER, Kind.CLOSE] or not tokens[1].text.isdecimal():
            return ""
        rest = self.tokens[at + 4 : end]
        return tokens[1].text if all(token.kind in (Kind.QUAD, Kind.PERIOD, Kind.LABEL) for token in rest) else ""

    def _read_clause(self, clause: _Clause, row: _Row) -> None:
        start, end = clause.start, clause.end
        while end > start and self.tokens[end - 1].kind in (Kind.PERIOD, Kind.COMMA, Kind.COLON, Kind.QUAD):
            end -= 1
        if clause.word:
            condition = self._condition_or_error(clause, start, end)
            if row.statements and not row.remarks:
                last = row.statements[-1]
                row.statements[-1] = replace(last, conditions=(*last.conditions, condition))
            else:
                row.conditions.append(condition)
            return
        if clause.remark is not None:
            if start == end and row.statements:
                last = row.statements[-1]
                row.statements[-1] = replace(last, remarks=(*last.remarks, clause.remark))
                return
            row.remarks.append(clause.remark)
        if start < end and clause.behind_space and row.statements and self._is_a_word(start, end):
            remark = Text(self.tokens[start].text, place=self.place(start, end))
            row.statements[-1] = replace(row.statements[-1], remarks=(*row.statements[-1].remarks, remark))
        elif start < end:
            self._refuse_loose_sign(clause, end)
            for each in self._statement_ranges(start, end):
                row.statements.append(self._complete(self.statement(*each, self._side_or_error), row))

    def _is_a_word(self, start: int, end: int) -> bool:
        r"""Whether all that stands behind a wide space is a word in \text{...}: a reason, and no name."""
        return end == start + 1 and self.tokens[start].kind is Kind.NAME and self.tokens[start].style == "roman"

    def _refuse_loose_sign(self, clause: _Clause, end: int) -> None:
        token = self.tokens[clause.start]
        if clause.behind_space and token.kind is Kind.SIGN and not any(self.relations(clause.start, end)):
            met = f"'{token.text}' behind a wide space"
            self.fail(
                token.place, met, "the next statement", r"leave \quad out if the term belongs to the sum before it"
            )

    def _complete(self, statement: Statement, row: _Row) -> Statement:
        """The statement with the conditions and remarks that were waiting for it."""
        complete = replace(statement, conditions=tuple(row.conditions), remarks=tuple(row.remarks))
        row.conditions, row.remarks = [], []
        return complete

    def _condition_or_error(self, clause: _Clause, start: int, end: int) -> Condition:
        assert clause.opening is not None
        place = clause.opening.place | self.place(start, end) if start < end else clause.opening.place
        try:
            statements = tuple(self.statements_of(start, end)) if start < end else ()
            for statement in statements:
                self._refuse_lone_partial(statement)
        except ReadingError as error:
            unreadable = Unreadable(error, place=place)
            statements = (Statement((unreadable,), place=place),)
        return Condition(clause.word, statements, place=place)

    # --- Statements

    def _statement_ranges(self, start: int, end: int) -> list[Range]:
        """Where one statement ends and the next begins: at a comma if both sides of it have a relation."""
        commas = [at for at in self.lexemes.level(start, end) if self.tokens[at].kind is Kind.COMMA]
        ranges: list[Range] = []
        waiting: list[Range] = []  # segments without a relation
        for segment in between(start, end, commas):
            if not any(self.relations(*segment)):
                waiting.append(segment)
                continue
            if not waiting:
                ranges.append(segment)
            elif not ranges or self._ends_with_membership(ranges[-1]):
                ranges.append((waiting[0][0], segment[1]))
            elif self._ends_enumeration(waiting):
                ranges[-1] = (ranges[-1][0], waiting[-1][1])
                ranges.append(segment)
            else:
                met = "a list between two relations"
                mend = r"write \quad where the next statement begins"
                self.fail(self.place(waiting[0][0], waiting[-1][1]), met, "one statement", mend)
            waiting = []
        if waiting and ranges:
            ranges[-1] = (ranges[-1][0], waiting[-1][1])
        return ranges or [(start, end)]

    def _ends_with_membership(self, statement: Range) -> bool:
        *_, (_, relation) = self.relations(*statement)
        return relation.operator in ("in", "notin", "subset", "subseteq")

    def _ends_enumeration(self, waiting: list[Range]) -> bool:
        """`\\dots, n` behind `i = 1,`"""
        return len(waiting) == 2 and self.tokens[waiting[0][0]].kind is Kind.DOTS and waiting[0][1] - waiting[0][0] == 1

    def _side_or_error(self, start: int, end: int) -> Node:
        """A side; one that cannot be read is kept as `Unreadable`."""
        try:
            node = self.contents(start, end)
            self._refuse_lone_partial(node)
        except ReadingError as error:
            return Unreadable(error, place=self.place(start, end))
        return node

    def _refuse_lone_partial(self, node: Node) -> None:
        r"""A \partial that no derivative has taken up is an error."""
        for each in walk(node):
            if isinstance(each, Symbol) and each.name == "partial":
                mend = r"write \frac{\partial ...}{\partial ...}"
                self.fail(each.place, r"\partial outside a derivative", "a derivative", mend)
