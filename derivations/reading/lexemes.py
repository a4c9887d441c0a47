r"""From tokens to lexemes: what commands and characters are in a formula.

Fonts of whole words become names, texts become words or names, environments and brackets get their name, sizes and
spaces go, and every spelling of a sign becomes its one name in the tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import ClassVar

from .errors import ReadingError
from .limits import LIMITS, Limits
from .source import SourceText
from .syntax import Slip
from .tokens import Kind, Token, TokenStream, is_character, spelling
from .vocabulary import (
    CLOSING,
    CONDITION_WORDS,
    CONNECTIVES,
    DELIMITERS,
    DIMENSIONS,
    DOTS,
    IGNORED,
    IGNORED_WITH_ARGUMENT,
    NEGATED,
    OPENING,
    OPERATORS,
    RELATIONS,
    SIGNS,
    SIZES,
    SPACES,
    STYLES,
    SWITCHES,
    TEXT_COMMANDS,
)

__all__ = ["condition_word", "lexemes"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_ ]?[A-Za-z0-9]+)*('*)")
_CONDITION = re.compile(
    rf"\W*(?:and\s+)?({'|'.join(map(re.escape, CONDITION_WORDS))})(?![A-Za-z])[\s,:]*", re.IGNORECASE
)
_DIMENSION = re.compile(r"(-?\d*\.?\d+)\s*([a-z]+)")
_SPACES_IN_QUAD = 3
_SIMPLE = {
    "{": Kind.BEGIN_GROUP,
    "}": Kind.END_GROUP,
    "_": Kind.SUBSCRIPT,
    "^": Kind.SUPERSCRIPT,
    "&": Kind.AMPERSAND,
    ",": Kind.COMMA,
    ";": Kind.COMMA,
    ":": Kind.COLON,
    "|": Kind.BAR,
    "||": Kind.BAR,
    "'": Kind.PRIME,
    ".": Kind.PERIOD,
}
_POSITIONED = ("array", "tabular", "aligned", "alignedat", "gathered")  # \\begin{array}[t]
_COMMANDS = {
    "\\": (Kind.ROW, "\\\\"),
    "cr": (Kind.ROW, "\\\\"),
    "quad": (Kind.QUAD, "quad"),
    "qquad": (Kind.QUAD, "quad"),
    "{": (Kind.OPEN, "{"),
    "}": (Kind.CLOSE, "}"),
    "hfill": (Kind.QUAD, "quad"),
    "|": (Kind.BAR, "||"),
    "Vert": (Kind.BAR, "||"),
    "vert": (Kind.BAR, "|"),
    "mid": (Kind.BAR, "mid"),
    "middle": (Kind.BAR, "mid"),
    "colon": (Kind.COLON, ":"),
    "therefore": (Kind.TEXT, "therefore"),
    "because": (Kind.TEXT, "because"),
}


def lexemes(
    tokens: Iterable[Token], source: SourceText, limits: Limits = LIMITS
) -> tuple[list[Token], tuple[Slip, ...]]:
    """The lexemes of a formula, and the slips of notation that were taken for what they are plainly meant to be."""
    reader = _Lexemes(tokens, source, limits)
    while (token := reader.stream.take()) is not None:
        reader.read(token)
    return reader.read_so_far, tuple(reader.slips)


def condition_word(text: str) -> str | None:
    """The word of a text that does nothing but announce a condition ("if"), else None."""
    match = _CONDITION.fullmatch(text)
    return match[1].lower() if match else None


class _Lexemes:
    def __init__(self, tokens: Iterable[Token], source: SourceText, limits: Limits) -> None:
        self.stream = TokenStream(tokens)
        self.source = source
        self.limits = limits
        self.read_so_far: list[Token] = []
        self.slips: list[Slip] = []
        self._spaced = False  # by a command that prints only space
        self._spaces = 0  # of such in a row

    def add(self, token: Token, kind: Kind, text: str, style: str = "") -> None:
        self.read_so_far.append(Token(kind, text, token.place, token.spaced or self._spaced, style))
        self._spaced = False
        self._spaces = 0

    def error(self, token: Token, met: str, expected: str, mend: str = "") -> ReadingError:
        return ReadingError(self.source, token.place, met, expected, mend)

    def read(self, token: Token) -> None:
        """Adds what a token, with those that belong to it, stands for."""
        if token.kind is Kind.COMMAND:
            self._command(token)
        elif token.kind is Kind.CHARACTER:
            self._character(token)
        elif token.kind is Kind.NUMBER and len(token.text) > self.limits.digits:
            met, most = f"a number of {len(token.text)} digits", f"at most {self.limits.digits}"
            raise self.error(token, met, most)
        else:
            self.add(token, token.kind, token.text)

    def _character(self, token: Token) -> None:
        text = token.text
        if text == "~":
            self._space(token)
        elif text == "." and is_character(self.stream.peek(), "*"):
            self._slip(token, self._taken(), ".*")
        elif text == ":" and is_character(self.stream.peek(), "="):
            self._taken()
            self.add(token, Kind.RELATION, ":=")
        elif text == "{" and (switch := self.stream.peek()) and _is_switch(switch):
            self._taken()
            self.stream.put_back(switch._replace(text=SWITCHES[switch.text]), token)
        elif text in _SIMPLE:
            self.add(token, _SIMPLE[text], text)
        else:
            self._sign(token)

    def _sign(self, token: Token) -> None:
        """A sign by its name: relation, operator, bracket, ...; what is none stays as it is."""
        text = token.text
        for kind, names in _TABLES:
            if text in names:
                self.add(token, kind, names[text])
                return
        if text in DOTS:
            self.add(token, Kind.DOTS, text)
        else:
            self.add(token, token.kind, text)

    def _taken(self) -> Token:
        token = self.stream.take()
        assert token is not None
        return token

    def _slip(self, first: Token, last: Token, taken_for: str) -> None:
        """Two signs that are plainly meant for one."""
        written = spelling((first._replace(spaced=False), last))
        self.slips.append(Slip(written, taken_for, place=first.place | last.place))
        self.add(first._replace(place=first.place | last.place), Kind.OPERATOR, taken_for)

    # --- Commands

    def _command(self, token: Token) -> None:
        reader = self._READERS.get(token.text)
        if reader is not None:
            reader(self, token)
        elif token.text in _COMMANDS:
            self.add(token, *_COMMANDS[token.text])
        elif token.text not in IGNORED:
            self._sign(token)

    def _dot(self, token: Token) -> None:
        if is_character(self.stream.peek(), "*"):
            self._slip(token, self._taken(), ".*")
        else:
            self._sign(token)

    def _ignored(self, token: Token) -> None:
        self._group(token)
        self._spaced = True

    def _space(self, token: Token) -> None:
        """A space: three in a row are as wide as a \\quad."""
        self._spaces += 1
        self._spaced = True
        if self._spaces == _SPACES_IN_QUAD:
            self.add(token, Kind.QUAD, "quad")

    def _measured_space(self, token: Token) -> None:
        dimension = _DIMENSION.fullmatch(spelling(self._group(token)).strip())
        if dimension and float(dimension[1]) * DIMENSIONS.get(dimension[2], 0.0) < 1.0:
            self._spaced = True
        else:
            self.add(self._to_here(token), Kind.QUAD, "quad")

    def _group(self, command: Token) -> list[Token]:
        """The tokens of the group behind a command."""
        if is_character(self.stream.peek(), "*"):
            self.stream.take()
        if not self.stream.skip("{"):
            met = self.stream.peek()
            raise self.error(
                command, f"\\{command.text} {met.text if met else ''}".strip(), "a group in braces behind it"
            )
        tokens = self.stream.until("{", "}")
        if tokens is None:
            raise self.error(command, f"\\{command.text}{{", "the } that closes it")
        return tokens

    def _to_here(self, token: Token) -> Token:
        """The token with the place of all that was taken since."""
        return token._replace(place=token.place | self.stream.last.place) if self.stream.last else token

    def _sized(self, token: Token) -> None:
        delimiter = self.stream.take()
        spelled = delimiter.text if delimiter else ""
        if delimiter is not None and delimiter.kind is Kind.COMMAND and spelled in ("{", "}", "|"):
            spelled = f"\\{spelled}"
        if delimiter is None or spelled not in DELIMITERS:
            met = f"\\{token.text} {spelled}".strip()
            raise self.error(token, met, "a bracket, a bar or a point behind it")
        whole = token._replace(place=token.place | delimiter.place)
        side = SIZES.get(token.text)
        if token.text in ("left", "right"):
            self.add(whole, Kind.LEFT if token.text == "left" else Kind.RIGHT, DELIMITERS[spelled])
        elif spelled in ("|", "vert", "\\|", "Vert"):
            kind = {"l": Kind.OPEN, "r": Kind.CLOSE}.get(side or "", Kind.BAR)
            self.add(whole, kind, "mid" if side == "m" else DELIMITERS[spelled])
        elif spelled == "/":
            self.add(whole, Kind.OPERATOR, "/")
        else:
            self.add(whole, Kind.OPEN if spelled in OPENING else Kind.CLOSE, DELIMITERS[spelled])

    def _environment(self, token: Token) -> None:
        name = spelling(self._group(token)).strip().rstrip("*")
        whole = self._to_here(token)
        if token.text == "end":
            self.add(whole, Kind.END, name)
            return
        if name in _POSITIONED and self.stream.skip("["):
            self.stream.until("[", "]")
        if name in ("array", "tabular", "alignat", "alignedat"):
            self._group(token)
        self.add(whole, Kind.BEGIN, name)

    def _tag(self, token: Token) -> None:
        text = spelling(self._group(token)).strip()
        self.add(self._to_here(token), Kind.TAG if token.text == "tag" else Kind.LABEL, text)

    def _negation(self, token: Token) -> None:
        relation = self.stream.take()
        name = NEGATED.get(RELATIONS.get(relation.text, "")) if relation else None
        if relation is None or name is None:
            raise self.error(token, f"\\not {relation.text if relation else ''}".strip(), r"= or \in behind \not")
        self.add(token._replace(place=token.place | relation.place), Kind.RELATION, name)

    def _argument_of_extremum(self, token: Token) -> None:
        while (following := self.stream.peek()) and following.kind is Kind.COMMAND and following.text in SPACES:
            self.stream.take()
        if following is None or following.text not in ("max", "min"):
            raise self.error(token, r"\arg", r"\max or \min behind it")
        self.stream.take()
        self.add(token._replace(place=token.place | following.place), Kind.NAME, f"arg{following.text}", "roman")

    # --- Words

    def _upright(self, token: Token) -> None:
        r"""`\operatorname{softmax}`, `\mathrm{out}`: a name; `\mathrm{W_1}` stays a font around a formula."""
        if not is_character(self.stream.peek(), "{") and not is_character(self.stream.peek(), "*"):
            self.add(token, Kind.COMMAND, token.text)
            return
        tokens = [each for each in self._group(token) if each.text not in SPACES and not _is_switch(each)]
        text = spelling(tokens).strip()
        if condition_word(text):
            self.add(self._to_here(token), Kind.TEXT, text)
        elif _NAME.fullmatch(text) and not any(is_character(each, "_") for each in tokens):
            self._name(self._to_here(token), text, STYLES[token.text])
        else:
            opening, closing = (Token(Kind.CHARACTER, brace, token.place) for brace in "{}")
            self.add(token, Kind.COMMAND, token.text)
            self.stream.put_back(opening, *tokens, closing)

    def _text(self, token: Token) -> None:
        r"""`\text{...}`: a name if it is one word, else words; formulas between dollars in it are read."""
        tokens = [each for each in self._group(token) if not _is_switch(each)]
        while len(tokens) > 1 and is_character(tokens[0], "{") and is_character(tokens[-1], "}"):
            tokens = tokens[1:-1]
        if any(is_character(each, "$") for each in tokens):
            self._text_with_formulas(token, tokens)
        elif _is_mathematics(tokens):
            self.stream.put_back(*tokens)
        else:
            self._phrase(token, tokens)

    def _text_with_formulas(self, command: Token, tokens: list[Token]) -> None:
        parts: list[list[Token]] = [[]]
        for token in tokens:
            if is_character(token, "$"):
                parts.append([])
            else:
                parts[-1].append(token)
        outer = self.stream
        for number, part in enumerate(parts):
            if number % 2 == 0:
                if any(each.text not in ".,;:" for each in part):
                    words = command._replace(place=part[0].place | part[-1].place)
                    self.add(words, Kind.TEXT, spelling(part).strip())
                continue
            self.stream = TokenStream(part)
            while (each := self.stream.take()) is not None:
                self.read(each)
        self.stream = outer

    def _phrase(self, command: Token, tokens: list[Token]) -> None:
        whole, text = self._to_here(command), spelling(tokens).strip()
        condition = _CONDITION.match(text)
        if not text:
            self._spaced = True
        elif condition:
            rest = _behind(tokens, condition.end())
            if rest and not any(_in_word(rest, at) for at in range(len(rest))):
                words = tokens[: len(tokens) - len(rest)]
                whole = command._replace(place=command.place | words[-1].place)
                text = condition[0].strip()
                self.stream.put_back(*rest)
            self.add(whole, Kind.TEXT, text)
        elif " " not in text and _NAME.fullmatch(text) and text.lower() not in CONNECTIVES:
            self._name(whole, text, STYLES[command.text])
        else:
            self.add(whole, Kind.TEXT, text)

    def _name(self, token: Token, text: str, style: str) -> None:
        name = text.rstrip("'")
        self.add(token, Kind.NAME, name, style)
        for _ in range(len(text) - len(name)):
            self.add(token._replace(spaced=False), Kind.PRIME, "'")

    _READERS: ClassVar[dict[str, Callable[[_Lexemes, Token], None]]] = {
        **dict.fromkeys(SPACES, _space),
        **dict.fromkeys(("left", "right", *SIZES), _sized),
        **dict.fromkeys(("begin", "end"), _environment),
        **dict.fromkeys(("operatorname", "mathop", "mathrm", "mathsf", "mathit", "mathtt"), _upright),
        **dict.fromkeys(TEXT_COMMANDS, _text),
        **dict.fromkeys(("label", "tag"), _tag),
        **dict.fromkeys(IGNORED_WITH_ARGUMENT, _ignored),
        "hspace": _measured_space,
        "cdot": _dot,
        "not": _negation,
        "arg": _argument_of_extremum,
    }


_TABLES = (
    (Kind.RELATION, RELATIONS),
    (Kind.OPERATOR, OPERATORS),
    (Kind.SIGN, SIGNS),
    (Kind.OPEN, OPENING),
    (Kind.CLOSE, CLOSING),
)


def _is_switch(token: Token) -> bool:
    return token.kind is Kind.COMMAND and token.text in SWITCHES


def _is_mathematics(tokens: list[Token]) -> bool:
    r"""Whether a text is no words but numbers with brackets, as in `\hbox{\tt [[0.1, 0.2]]}`."""
    signs = "()[],.;+-"
    return any(each.kind is Kind.NUMBER for each in tokens) and all(
        each.kind is Kind.NUMBER or (each.kind is Kind.CHARACTER and each.text in signs) for each in tokens
    )


def _behind(tokens: list[Token], length: int) -> list[Token]:
    """The tokens behind the first `length` characters of their spelling."""
    at = 0
    for number, token in enumerate(tokens):
        at += token.spaced and number > 0
        if at >= length:
            return tokens[number:]
        at += len(token.text)
    return []


def _in_word(tokens: list[Token], at: int) -> bool:
    """Whether a token is a word, or a letter with another directly beside it."""
    if tokens[at].kind is not Kind.LETTER:
        return tokens[at].kind in (Kind.WORD, Kind.KEYWORD)
    behind = at + 1 < len(tokens) and tokens[at + 1].kind is Kind.LETTER and not tokens[at + 1].spaced
    before = at > 0 and tokens[at - 1].kind is Kind.LETTER and not tokens[at].spaced
    return behind or before
