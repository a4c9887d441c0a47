"""A place in the lexemes of a formula, from which a parser reads on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from .brackets import Lexemes
from .errors import ReadingError
from .limits import LIMITS, Limits
from .source import Place
from .tokens import Kind, Token

__all__ = ["Cursor", "described"]

Read = TypeVar("Read")

_DESCRIPTIONS = {
    Kind.BEGIN_GROUP: "a brace {",
    Kind.END_GROUP: "a brace }",
    Kind.AMPERSAND: "an alignment mark &",
    Kind.ROW: "the end of a row",
    Kind.QUAD: "a wide space",
    Kind.SUBSCRIPT: "a subscript",
    Kind.SUPERSCRIPT: "a superscript",
    Kind.PRIME: "a prime",
}


def described(token: Token) -> str:
    """A token as an error names it."""
    if token.kind in _DESCRIPTIONS:
        return _DESCRIPTIONS[token.kind]
    if token.kind is Kind.TEXT:
        return f'the words "{token.text}"'
    if token.kind is Kind.COMMAND:
        return f"\\{token.text}"
    if token.kind in (Kind.BEGIN, Kind.END):
        return f"\\{token.kind.name.lower()}{{{token.text}}}"
    if token.kind in (Kind.LEFT, Kind.RIGHT):
        return f"\\{token.kind.name.lower()}{token.text or '.'}"
    if not token.text.isprintable():
        return f"the character U+{ord(token.text[0]):04X}"
    return f"'{token.text}'"


class Cursor:
    """The tokens from `first` to `end`, of which those before `at` are read; the font, and how deep the parser is."""

    def __init__(self, lexemes: Lexemes, limits: Limits = LIMITS) -> None:
        self.lexemes = lexemes
        self.tokens = lexemes.tokens
        self.partner = lexemes.partner
        self.limits = limits
        self.first = 0
        self.at = 0
        self.end = len(self.tokens)
        self.style = ""
        self.depth = 0
        self.in_script = 0

    def within(self, start: int, end: int, parse: Callable[[], Read]) -> Read:
        """What `parse` reads of the tokens from `start` to `end`; then, or after an error, all is as it was."""
        outer = self.first, self.at, self.end, self.style, self.depth, self.in_script
        self.first, self.at, self.end = start, start, end
        try:
            return parse()
        finally:
            self.first, self.at, self.end, self.style, self.depth, self.in_script = outer

    def go_deeper(self) -> None:
        """Counts one more construct inside another; whoever calls it counts down again."""
        self.depth += 1
        if self.depth > self.limits.nesting:
            met, most = "too many constructs inside each other", f"at most {self.limits.nesting}"
            self.fail(self.tokens[min(self.at, len(self.tokens) - 1)].place, met, most)

    def peek(self) -> Token | None:
        """The token under the cursor."""
        return self.tokens[self.at] if self.at < self.end else None

    def next_is(self, *kinds: Kind) -> bool:
        """Whether the token under the cursor is of one of these kinds."""
        return self.at < self.end and self.tokens[self.at].kind in kinds

    def take(self) -> Token:
        """The token under the cursor, which moves on."""
        token = self.tokens[self.at]
        self.at += 1
        return token

    def place(self, start: int, end: int | None = None) -> Place:
        """The place of the tokens from `start` to `end` (else to the cursor), of an end of line or of brackets too."""
        last = (self.at if end is None else end) - 1
        if start <= last:
            return self.tokens[start].place | self.tokens[last].place
        return self._gap(start)

    def _gap(self, at: int) -> Place:
        """The place where something is missing before a token: right behind what comes before."""
        offset = (
            self.tokens[at - 1].place.end if at > 0 else self.tokens[at].place.start if at < len(self.tokens) else 0
        )
        return Place(offset, offset)

    def error(self, place: Place, met: str, expected: str, mend: str = "") -> ReadingError:
        """An error at a place of the source."""
        return ReadingError(self.lexemes.source, place, met, expected, mend)

    def unexpected(self, expected: str, mend: str = "") -> ReadingError:
        """The error that the token under the cursor, or the end there, is not what was expected."""
        if self.at == len(self.tokens):
            return self.error(self._gap(self.at), "the end", expected, mend)
        token = self.tokens[self.at]
        met = described(token)
        if token.kind in (Kind.OPERATOR, Kind.RELATION):
            met = f"'{self.lexemes.source[token.place]}'"
        elif token.kind in (Kind.CLOSE, Kind.RIGHT, Kind.END_GROUP, Kind.END) and self.partner[self.at] < 0:
            met = f"{met} that nothing opened"
        return self.error(token.place, met, expected, mend)

    def fail(self, place: Place, met: str, expected: str, mend: str = "") -> NoReturn:
        """Raises the error."""
        raise self.error(place, met, expected, mend)
