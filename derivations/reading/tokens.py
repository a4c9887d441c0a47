"""From characters to tokens, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import NamedTuple

from .source import Place, SourceText
from .vocabulary import CHARACTERS, KEYWORDS, PLAIN_FUNCTIONS

__all__ = ["Kind", "Token", "TokenStream", "is_character", "spelling", "tokenize"]


class Kind(Enum):
    """What a token is: the first six come from the characters, the others from what these mean in TeX."""

    __hash__ = object.__hash__  # by identity, which is what members are compared by; that of Enum is slow

    COMMAND = auto()
    LETTER = auto()
    WORD = auto()
    KEYWORD = auto()
    NUMBER = auto()
    CHARACTER = auto()

    NAME = auto()
    TEXT = auto()
    SIGN = auto()
    OPERATOR = auto()
    RELATION = auto()
    COMMA = auto()
    COLON = auto()
    PERIOD = auto()
    BAR = auto()
    PRIME = auto()
    SUBSCRIPT = auto()
    SUPERSCRIPT = auto()
    DOTS = auto()
    AMPERSAND = auto()
    ROW = auto()
    QUAD = auto()
    TAG = auto()
    LABEL = auto()
    BEGIN_GROUP = auto()
    END_GROUP = auto()
    OPEN = auto()
    CLOSE = auto()
    LEFT = auto()
    RIGHT = auto()
    BEGIN = auto()
    END = auto()


class Token(NamedTuple):
    """A token: `text` is the name of a command without its backslash, `spaced` tells whether space stands before it."""

    kind: Kind
    text: str
    place: Place
    spaced: bool = False
    style: str = ""


_RAISED = [
    chr(code)
    for code in (0xB2, 0xB3, 0xB9, *range(0x2B0, 0x2E5), *range(0x1D2C, 0x1D6B), *range(0x2070, 0x209D), 0x2C7C)
]
_SUPERSCRIPTS = "".join(c for c in _RAISED if unicodedata.decomposition(c).startswith("<super>"))
_SUBSCRIPTS = "".join(c for c in _RAISED if unicodedata.decomposition(c).startswith("<sub>"))
_FONTS = {
    "DOUBLE-STRUCK": "mathbb",
    "MATHEMATICAL DOUBLE-STRUCK": "mathbb",
    "MATHEMATICAL BOLD SCRIPT": "mathcal",
    "MATHEMATICAL BOLD ITALIC": "mathbf",
    "MATHEMATICAL BOLD": "mathbf",
    "MATHEMATICAL SCRIPT": "mathcal",
    "SCRIPT CAPITAL": "mathcal",
    "MATHEMATICAL ITALIC": "mathit",
}
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+ | %[^\n]*\n?)
  | \\\\(?P<row>\*?(?:\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|mu|baselineskip)\s*\])?)
  | \\(?P<command>[A-Za-z]+|.)
  | (?P<number>(?:[0-9]+(?:\{{,\}}[0-9]{{3}})*(?:\.(?![.*])[0-9]*)?|\.[0-9]+))
  | (?P<letters>[A-Za-z]+)
  | (?P<raised>[{_SUPERSCRIPTS}]+|[{_SUBSCRIPTS}]+)
  | (?P<character>:=|==|=:|!=|<=|>=|=>|->|\.\.\.|\.[.*]|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_IDENTIFIER_END = re.compile(r"_[A-Za-z]{2,}")


def tokenize(source: SourceText, start: int, end: int, words: frozenset[str] = frozenset()) -> Iterator[Token]:
    """The tokens of a part of a source, lazily. Space and comments are dropped; every other character is in a token.

    A run of letters is one WORD if it is a known function or one of `words`; else each letter is a token.
    """
    at, spaced, text = start, False, source.text
    while at < end:
        match = _TOKEN.match(text, at, end)
        if match is None:  # a backslash at the very end
            yield Token(Kind.CHARACTER, text[at], Place(at, at + 1), spaced)
            return
        at, kind = match.end(), match.lastgroup
        if kind == "space":
            spaced = True
            continue
        place = Place(match.start(), at)
        if kind == "letters":
            tokens = list(_letters(text, place, end, spaced, words))
            yield from tokens
            at = tokens[-1].place.end
        elif kind == "raised":
            yield from _raised(match["raised"], place, spaced)
        elif kind == "row":
            yield Token(Kind.COMMAND, "\\", place, spaced)
        elif kind == "command":
            yield Token(Kind.COMMAND, match["command"], place, spaced)
        elif kind == "number":
            yield Token(Kind.NUMBER, match["number"].replace("{,}", ""), place, spaced)
        elif (font := _font(match["character"])) is not None:
            yield from _in_font(match["character"], font, place, spaced)
        else:
            yield _character(match["character"], place, spaced)
        spaced = False


def _letters(text: str, place: Place, end: int, spaced: bool, words: frozenset[str]) -> Iterator[Token]:
    """A run of letters: a word where it is known as a whole, a keyword where it stands alone, else letters."""
    run = text[place.start : place.end]
    tail = _IDENTIFIER_END.match(text, place.end, end)
    if tail and (run in PLAIN_FUNCTIONS or run + tail[0] in words):
        yield Token(Kind.WORD, run + tail[0], Place(place.start, tail.end()), spaced)
    elif run in words or run in PLAIN_FUNCTIONS:
        yield Token(Kind.WORD, run, place, spaced)
    elif run in KEYWORDS and text[place.end : place.end + 1] in (" ", "\\", "\n", "}", "$"):
        yield Token(Kind.KEYWORD, run, place, spaced)
    else:
        for offset, letter in enumerate(run, place.start):
            yield Token(Kind.LETTER, letter, Place(offset, offset + 1), spaced and offset == place.start)


def _raised(characters: str, place: Place, spaced: bool) -> Iterator[Token]:
    """`x²` and `Wᵀ` as TeX writes them: a mark, and a group of the plain characters."""
    mark = "^" if characters[0] in _SUPERSCRIPTS else "_"
    yield Token(Kind.CHARACTER, mark, place, spaced)
    yield Token(Kind.CHARACTER, "{", place)
    plain = unicodedata.normalize("NFKC", characters)
    for part in [plain] if plain.isdecimal() else plain:
        if part.isdecimal():
            yield Token(Kind.NUMBER, part, place)
        else:
            yield _plain_letter(part, place) if part.isalpha() else _character(part, place, False)
    yield Token(Kind.CHARACTER, "}", place)


def _font(character: str) -> str | None:
    """The command for the font of a letter or digit such as ℝ, 𝐱 or 𝟙."""
    if character.isascii() or not character.isalnum():
        return None
    name = unicodedata.name(character, "")
    return next((command for start, command in _FONTS.items() if name.startswith(start)), None)


def _in_font(character: str, font: str, place: Place, spaced: bool) -> Iterator[Token]:
    """`\\mathbb{R}` for ℝ."""
    yield Token(Kind.COMMAND, font, place, spaced)
    yield Token(Kind.CHARACTER, "{", place)
    plain = unicodedata.normalize("NFKC", character)
    yield Token(Kind.NUMBER, plain, place) if plain.isdecimal() else _plain_letter(plain, place)
    yield Token(Kind.CHARACTER, "}", place)


def _plain_letter(letter: str, place: Place) -> Token:
    return Token(Kind.LETTER, letter, place) if letter.isascii() else _character(letter, place, False)


def _character(character: str, place: Place, spaced: bool) -> Token:
    written = CHARACTERS.get(character)
    if written is not None and written.isalpha():
        return Token(Kind.COMMAND, written, place, spaced)
    if written is None and character.isalpha() and unicodedata.normalize("NFKC", character) == character:
        return Token(Kind.LETTER, character, place, spaced)
    return Token(Kind.CHARACTER, written or character, place, spaced)


def is_character(token: Token | None, character: str) -> bool:
    """Whether a token is this character (a brace of a set is a command)."""
    return token is not None and token.kind is Kind.CHARACTER and token.text == character


def spelling(tokens: Iterable[Token]) -> str:
    """The tokens written out again, with single spaces where spaces were."""
    parts: list[str] = []
    for token in tokens:
        parts.append(" " if token.spaced else "")
        if token.kind is Kind.COMMAND:
            parts.append(
                token.text if token.text in ("_", "%", "&", "#", "$") else f"\\{token.text}".replace("\\ ", " ")
            )
        else:
            parts.append(token.text)
    return "".join(parts)


class TokenStream:
    """Tokens that are taken one by one, and may be put back."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._tokens = iter(tokens)
        self._ahead: list[Token] = []
        self.last: Token | None = None  # taken

    def take(self) -> Token | None:
        """The next token, None at the end."""
        token = self._ahead.pop() if self._ahead else next(self._tokens, None)
        self.last = token or self.last
        return token

    def put_back(self, *tokens: Token) -> None:
        """Puts tokens before those to come."""
        self._ahead.extend(reversed(tokens))

    def peek(self) -> Token | None:
        """The next token, which stays."""
        if not self._ahead and (token := next(self._tokens, None)):
            self._ahead.append(token)
        return self._ahead[-1] if self._ahead else None

    def skip(self, character: str) -> bool:
        """Takes the next token if it is this character."""
        if is_character(self.peek(), character):
            self.take()
            return True
        return False

    def until(self, opening: str, closing: str) -> list[Token] | None:
        """What stands before the character that closes what was opened, which is taken too; None if none does."""
        taken: list[Token] = []
        depth = 1
        while (token := self.take()) is not None:
            if is_character(token, closing):
                depth -= 1
                if depth == 0:
                    return taken
            elif is_character(token, opening):
                depth += 1
            taken.append(token)
        return None
