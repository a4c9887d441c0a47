r"""Which bracket closes which: groups, `\left ... \right`, environments, round, square and curly brackets, bars.

TeX insists on its own brackets (groups, environments, `\left ... \right`); ( and [ may be left open, as people do. What
has no partner spoils only the side that it stands in, so it is noted here and reported where that side is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .errors import ReadingError
from .limits import LIMITS, Limits
from .source import Place, SourceText
from .tokens import Kind, Token
from .vocabulary import MATRICES

__all__ = ["ALONE", "Lexemes", "match_brackets"]

ALONE = -1  # in the place of a partner

_OPENERS = {Kind.BEGIN_GROUP: Kind.END_GROUP, Kind.LEFT: Kind.RIGHT, Kind.BEGIN: Kind.END, Kind.OPEN: Kind.CLOSE}
_CLOSERS = {closer: opener for opener, closer in _OPENERS.items()}
_MIRROR = {"(": ")", "[": "]", "{": "}", "|": "|", "||": "||"} | {
    f"l{name}": f"r{name}" for name in ("angle", "floor", "ceil")
}
_ENDS_OPERAND = {
    Kind.NUMBER,
    Kind.LETTER,
    Kind.WORD,
    Kind.NAME,
    Kind.COMMAND,
    Kind.PRIME,
    Kind.DOTS,
    Kind.END_GROUP,
    Kind.CLOSE,
    Kind.RIGHT,
    Kind.END,
}
_SEPARATES_BARS = {Kind.RELATION, Kind.COMMA, Kind.ROW, Kind.QUAD, Kind.AMPERSAND, Kind.TEXT}


@dataclass(frozen=True)
class Lexemes:
    """The lexemes of a formula, and for each bracket the index of its partner (`ALONE` for all else).

    A bracket of TeX itself that is never closed holds all that follows in what it stands in, so its partner is the last
    lexeme of that; it is in `unclosed`.
    """

    source: SourceText
    tokens: Sequence[Token]
    partner: Sequence[int]
    unclosed: frozenset[int]

    def level(self, start: int, end: int) -> Iterator[int]:
        """The indices from `start` to `end` that are in no bracket; of those in one, only that which opens it."""
        at = start
        while at < end:
            yield at
            at = max(at, self.partner[at]) + 1


def match_brackets(source: SourceText, tokens: list[Token], limits: Limits = LIMITS) -> Lexemes:
    """Finds the partner of every bracket, then of the bars among what is left."""
    tokens = _with_single_bars(source, tokens)
    partner = [ALONE] * len(tokens)
    unclosed: set[int] = set()
    open_now: list[int] = []

    def close_from(opener: int, end: int) -> None:
        for at in open_now[opener:]:
            if tokens[at].kind is not Kind.OPEN and partner[at] == ALONE:
                unclosed.add(at)
                partner[at] = end - 1
        del open_now[opener:]

    for at, token in enumerate(tokens):
        if token.kind in _OPENERS:
            open_now.append(at)
            if len(open_now) > limits.nesting:
                met, most = f"{len(open_now)} brackets inside each other", f"at most {limits.nesting}"
                raise ReadingError(source, token.place, met, most)
        elif token.kind in _CLOSERS:
            opener = _opener(tokens, open_now, token)
            if opener is not None:
                partner[at], partner[open_now[opener]] = open_now[opener], at
                close_from(opener, at)
        elif token.kind in (Kind.ROW, Kind.AMPERSAND):
            _leave_open_in_cell(tokens, open_now)
    close_from(0, len(tokens))
    if any(token.kind is Kind.BAR for token in tokens):
        _match_bars(tokens, partner)
    return Lexemes(source, tokens, partner, frozenset(unclosed))


def _opener(tokens: list[Token], open_now: list[int], closer: Token) -> int | None:
    """Where on the stack the bracket is that this one closes, None if nowhere."""
    wanted = _CLOSERS[closer.kind]
    mismatched: int | None = None
    for at in range(len(open_now) - 1, -1, -1):
        opener = tokens[open_now[at]]
        if wanted is Kind.OPEN and opener.kind is not Kind.OPEN:
            return mismatched
        if opener.kind is wanted:
            if wanted is Kind.OPEN and _MIRROR.get(opener.text) != closer.text:
                mismatched = at if mismatched is None and at == len(open_now) - 1 else mismatched
            elif wanted is not Kind.BEGIN or opener.text == closer.text:
                return at
    return mismatched


def _leave_open_in_cell(tokens: list[Token], open_now: list[int]) -> None:
    """A bracket that opens in the cell of a table cannot be closed in the next."""
    last = len(open_now) - 1
    while last >= 0 and tokens[open_now[last]].kind is Kind.OPEN:
        last -= 1
    if last >= 0 and (tokens[open_now[last]].text in MATRICES or tokens[open_now[last]].text == "cases"):
        del open_now[last + 1 :]


def _with_single_bars(source: SourceText, tokens: list[Token]) -> list[Token]:
    """`|a||b|`: where a bar is open, two that touch are one that closes and one that opens."""
    result: list[Token] = []
    is_open = [False]  # a bar, in each of the brackets around
    for token in tokens:
        if token.kind in _OPENERS:
            is_open.append(False)
        elif token.kind in _CLOSERS and len(is_open) > 1:
            is_open.pop()
        elif token.kind in _SEPARATES_BARS:
            is_open[-1] = False
        elif token.kind is Kind.BAR and token.text == "|":
            is_open[-1] = not is_open[-1]
        elif token.kind is Kind.BAR and is_open[-1] and source[token.place] == "||":
            start, end = token.place.start, token.place.end
            places = (Place(start, start + 1), Place(start + 1, end))
            result += [token._replace(text="|", place=place) for place in places]
            continue
        result.append(token)
    return result


def _match_bars(tokens: list[Token], partner: list[int]) -> None:
    """Makes brackets of the bars that enclose something; the others separate, as in p(y|x)."""
    runs: list[tuple[int, list[int]]] = [(len(tokens), [])]  # where the bracket around them ends; the bars in it
    for at, token in enumerate(tokens):
        while at >= runs[-1][0] and len(runs) > 1:
            _pair(tokens, partner, runs.pop()[1])
        if partner[at] > at:
            runs.append((partner[at], []))
        elif token.kind is Kind.BAR and token.text != "mid":
            runs[-1][1].append(at)
        elif token.kind in _SEPARATES_BARS:
            _pair(tokens, partner, runs[-1][1])
            runs[-1][1].clear()
    for _, bars in runs:
        _pair(tokens, partner, bars)


def _pair(tokens: list[Token], partner: list[int], bars: list[int]) -> None:
    """Pairs the bars of one level: where an operand is awaited a bar opens, behind one only if all of them pair up."""
    at = 0
    while at + 1 < len(bars):
        first, second = bars[at], bars[at + 1]
        behind_operand = first > 0 and tokens[first - 1].kind in _ENDS_OPERAND
        same = tokens[first].text == tokens[second].text
        if same and second > first + 1 and (not behind_operand or (len(bars) - at) % 2 == 0):
            partner[first], partner[second] = second, first
            tokens[first] = tokens[first]._replace(kind=Kind.OPEN)
            tokens[second] = tokens[second]._replace(kind=Kind.CLOSE)
            at += 2
        else:
            at += 1
