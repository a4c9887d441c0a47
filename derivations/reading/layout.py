r"""What only lays a formula out is taken away: environments around rows, &, boxes around a statement, line breaks.

What remains are rows of statements: between rows stands a ROW, between two statements of a row a QUAD or words.
"""

from __future__ import annotations

from collections.abc import Iterator

from .brackets import Lexemes
from .lexemes import condition_word
from .tokens import Kind, Token
from .vocabulary import ALIGNED, CONNECTIVES

__all__ = ["laid_out"]

_MARGINAL = (Kind.TAG, Kind.LABEL, Kind.ROW, Kind.QUAD, Kind.PERIOD, Kind.COMMA)
_BEFORE_STATEMENT = (None, Kind.ROW, Kind.AMPERSAND, Kind.TEXT, Kind.QUAD, Kind.LABEL, Kind.TAG, Kind.BEGIN)
_AFTER_STATEMENT = (*_BEFORE_STATEMENT[:-1], Kind.PERIOD, Kind.COMMA, Kind.END)
_BINDS = (Kind.RELATION, Kind.OPERATOR, Kind.SIGN)
_SCRIPTS = (Kind.SUBSCRIPT, Kind.SUPERSCRIPT, Kind.PRIME)


def laid_out(lexemes: Lexemes) -> tuple[list[Token], str]:
    """The lexemes without their layout, and the name of the environment around them."""
    start, end, environment = _body(lexemes)
    layout = _Layout(lexemes, start, end, ALIGNED.get(environment, 1))
    return layout.margin + list(layout.tokens()), environment


def _body(lexemes: Lexemes) -> tuple[int, int, str]:
    """What is inside the environments that hold the whole formula, and the innermost of these."""
    start, end, environment = 0, len(lexemes.tokens), ""
    while True:
        first, last = start, end
        while first < last and lexemes.tokens[first].kind in _MARGINAL:
            first += 1
        while first < last and lexemes.tokens[last - 1].kind in _MARGINAL:
            last -= 1
        if first == last or lexemes.partner[first] != last - 1 or first in lexemes.unclosed:
            return start, end, environment
        token = lexemes.tokens[first]
        if token.kind is not Kind.BEGIN or token.text not in ALIGNED:
            return start, end, environment
        start, end, environment = first + 1, last - 1, token.text


class _Layout:
    def __init__(self, lexemes: Lexemes, start: int, end: int, columns: int) -> None:
        self.lexemes = lexemes
        self.start = start
        self.end = end
        self.columns = columns
        outside = (*lexemes.tokens[:start], *lexemes.tokens[end:])
        self.margin = [token for token in outside if token.kind in (Kind.TAG, Kind.LABEL)]
        self.dropped = set(self._inner_layout())

    def tokens(self) -> Iterator[Token]:
        """All that is no layout; an & between two statements of a row becomes a QUAD."""
        marks = 0
        top = set(self.lexemes.level(self.start, self.end))
        for at in range(self.start, self.end):
            token = self.lexemes.tokens[at]
            if at in self.dropped:
                continue
            if at not in top:
                yield token
            elif token.kind is Kind.ROW:
                marks = 0
                if not self._goes_on_behind(at):
                    yield token
            elif token.kind is Kind.AMPERSAND:
                marks += 1
                if self.columns == 1:
                    yield token  # an error, where it is read
                elif self.columns == 2 and marks % 2 == 0:
                    yield token._replace(kind=Kind.QUAD)
            elif token.kind is Kind.TEXT and self._is_name(at):
                yield token._replace(kind=Kind.NAME, style="roman")
            elif token.kind is not Kind.QUAD or not self._is_only_space(at):
                yield token

    def _kind(self, at: int) -> Kind | None:
        return self.lexemes.tokens[at].kind if self.start <= at < self.end else None

    def _inner_layout(self) -> Iterator[int]:
        """Space and line breaks in brackets; boxes around whole statements; numbers of equations."""
        around: list[int] = []
        for at in range(self.start, self.end):
            kind, partner = self._kind(at), self.lexemes.partner[at]
            while around and self.lexemes.partner[around[-1]] < at:
                around.pop()
            innermost = self._kind(around[-1]) if around else None
            if partner > at:
                around.append(at)
            space = kind is Kind.QUAD and innermost in (Kind.OPEN, Kind.LEFT, Kind.BEGIN_GROUP)
            if space or (kind in (Kind.ROW, Kind.AMPERSAND) and innermost is Kind.OPEN):
                yield at
            elif self.lexemes.tokens[at].text in ("boxed", "fbox") and self._boxes_statement(at):
                yield from (at, at + 1, self.lexemes.partner[at + 1])

    def _boxes_statement(self, at: int) -> bool:
        closing = self.lexemes.partner[at + 1] if at + 1 < self.end else -1
        return (
            self._kind(at) is Kind.COMMAND
            and closing > 0
            and at + 1 not in self.lexemes.unclosed
            and self._kind(at - 1) in _BEFORE_STATEMENT
            and self._kind(closing + 1) in _AFTER_STATEMENT
        )

    def _goes_on_behind(self, at: int) -> bool:
        """Whether the expression or chain goes on behind the row break."""
        before = at - 1
        while self._kind(before) in (Kind.QUAD, Kind.TAG, Kind.LABEL, Kind.AMPERSAND):
            before -= 1
        first, marked = at + 1, False
        while self._kind(first) in (Kind.QUAD, Kind.TAG, Kind.LABEL, Kind.AMPERSAND):
            marked = marked or self._kind(first) is Kind.AMPERSAND
            first += 1
        if self._kind(first) in (None, Kind.RELATION, Kind.TEXT, Kind.ROW):
            return False
        if self._kind(before) in (Kind.SIGN, Kind.OPERATOR) or self._kind(first) is Kind.OPERATOR:
            return True
        if self._kind(before) is Kind.RELATION:
            return "arrow" not in self.lexemes.tokens[before].text
        return self._kind(first) is Kind.SIGN and (marked or not self._has_relation(first))

    def _has_relation(self, start: int) -> bool:
        """Whether there is a relation in the row from here on."""
        for at in self.lexemes.level(start, self.end):
            if self._kind(at) is Kind.ROW:
                return False
            if self._kind(at) is Kind.RELATION:
                return True
        return False

    def _is_only_space(self, at: int) -> bool:
        """Whether a wide space separates nothing: beside a sign that binds, or where a row begins."""
        before, after = self._kind(at - 1), self._kind(at + 1)
        if before in _BINDS or after in (Kind.RELATION, Kind.OPERATOR):
            return not self._is_number_of_equation(at)
        return before in (None, Kind.ROW, Kind.AMPERSAND, Kind.QUAD) or after in (None, Kind.ROW)

    def _is_number_of_equation(self, at: int) -> bool:
        kinds = [self._kind(at + offset) for offset in range(1, 5)]
        return kinds[:3] == [Kind.OPEN, Kind.NUMBER, Kind.CLOSE] and kinds[3] in _AFTER_STATEMENT

    def _is_name(self, at: int) -> bool:
        r"""Whether words stand for a quantity, as in `\text{total loss} = a + b`."""
        text = self.lexemes.tokens[at].text
        if not text.replace(" ", "").isalnum() or condition_word(text) or text.split()[0].lower() in CONNECTIVES:
            return False
        before, after = self._kind(at - 1), self._kind(at + 1)
        bound = before in _BINDS or after in (*_BINDS, *_SCRIPTS)
        return bound and before in (*_BEFORE_STATEMENT, *_BINDS) and after in (*_AFTER_STATEMENT, *_BINDS, *_SCRIPTS)
