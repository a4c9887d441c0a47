"""The smallest parts of an expression: numbers, names, what is in brackets, and commands with arguments."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from .cursor import Cursor, described
from .derivatives import fraction
from .lexemes import condition_word
from .source import Place
from .syntax import (
    Annotated,
    Blank,
    Cases,
    Delimited,
    Dots,
    Fraction,
    Juxtaposed,
    List,
    Matrix,
    Node,
    Number,
    Product,
    Root,
    Scripted,
    Signed,
    Statement,
    Sum,
    Symbol,
)
from .tokens import Kind, Token
from .vocabulary import ACCENTS, DOTS, FRACTIONS, MATRICES, STYLES, SYMBOLS

__all__ = ["Atoms", "needs_brackets"]

_MEND_COMMAND = r"if it is a macro, define it with \newcommand; if it is a name, write \operatorname{...}"
_STYLES_OF_NUMBERS = ("bold", "blackboard")


def needs_brackets(node: Node) -> bool:
    """Whether a node means something else if the braces around it, which print nothing, are overlooked."""
    return isinstance(node, (Sum, Signed, Product, Statement, List))


class Atoms(Cursor, ABC):
    """Reads atoms; what is inside brackets and arguments is left to the parsers built on it."""

    @abstractmethod
    def contents(self, start: int, end: int, in_script: bool = False) -> Node:
        """Everything between two indices: an expression, a statement or a list of such."""

    @abstractmethod
    def cases(self, start: int, end: int) -> Cases:
        """The rows of a table of cases between two indices."""

    def atom(self) -> Node:
        """The atom under the cursor, without scripts."""
        token = self.peek()
        if token is None:
            raise self.unexpected("an operand")
        reader = self._READERS.get(token.kind)
        if reader is None:
            raise self.unexpected("an operand")
        self.go_deeper()
        node = reader(self, token)
        self.depth -= 1
        return node

    # --- Leaves

    def _number(self, token: Token) -> Node:
        self.at += 1
        following = self.peek()
        if following is not None and not following.spaced:
            if following.kind is Kind.NUMBER:
                self.fail(token.place | following.place, f"'{token.text}{following.text}'", "one number")
            self._refuse_scientific(token)
        style = self.style if self.style in _STYLES_OF_NUMBERS and not self.in_script else ""
        return Number(token.text, style, place=token.place)

    def _refuse_scientific(self, number: Token) -> None:
        """`1e-3` may be meant as 10^{-3}, and reads as e - 3."""
        following = [
            token for token in self.tokens[self.at : min(self.at + 3, self.end)] if token.kind is not Kind.SIGN
        ]
        if len(following) < 2:
            return
        letter, exponent = following[:2]
        if letter.kind is Kind.LETTER and letter.text in "eE" and exponent.kind is Kind.NUMBER and not exponent.spaced:
            met = f"'{number.text}{letter.text}...'"
            self.fail(number.place | exponent.place, met, "a power of ten written out", "write 10^{...}")

    def _letter(self, token: Token) -> Node:
        self.at += 1
        return Symbol(token.text, self.style, place=token.place)

    def _name(self, token: Token) -> Node:
        self.at += 1
        return Symbol(token.text, token.style or self.style, place=token.place)

    def _words(self, token: Token) -> Node:
        """Words where only an operand can stand are a name, unless they announce a condition."""
        if condition_word(token.text):
            raise self.unexpected("an operand")
        self.at += 1
        return Symbol(token.text, "roman", place=token.place)

    def _keyword(self, token: Token) -> Node:
        """A word such as `if` where no condition can begin: letters side by side."""
        self.at += 1
        start = token.place.start
        letters = (
            Symbol(letter, self.style, place=Place(start + offset, start + offset + 1))
            for offset, letter in enumerate(token.text)
        )
        return Juxtaposed(tuple(letters), place=token.place)

    def _dots(self, token: Token) -> Node:
        self.at += 1
        return Dots(place=token.place)

    # --- Brackets

    def _group(self, token: Token) -> Node:
        """A group in braces, which print nothing: what is in it must read the same without them."""
        start = self.at
        whole = (start, self._closed(token))
        spoils_neighbours = whole != self._bounds
        node = self._within(start)
        if needs_brackets(node) and spoils_neighbours:
            mend = r"write \left( ... \right) if it belongs together, else leave the braces out"
            self.fail(self.place(start), "a group in braces, which print nothing", "visible brackets", mend)
        if isinstance(node, Juxtaposed) and self.next_is(Kind.SUBSCRIPT, Kind.SUPERSCRIPT, Kind.PRIME):
            mend = "write brackets if it is for all of the group"
            self.fail(self.place(start), "a script on a group in braces, which print nothing", "visible brackets", mend)
        return node

    def _closed(self, token: Token) -> int:
        """The index of the partner of the bracket under the cursor."""
        partner = self.partner[self.at]
        if partner < 0 or self.at in self.lexemes.unclosed:
            self.fail(token.place, f"{described(token)} that is never closed", _closing(token))
        return partner

    def _within(self, start: int) -> Node:
        """What is in the brackets that open at `start`; the cursor goes behind them."""
        partner = self.partner[start]
        if start + 1 == partner:
            self.fail(self.place(start, partner + 1), "nothing in braces", "what belongs in them")
        node = self.contents(start + 1, partner)
        self.at = partner + 1
        return node

    def _delimited(self, token: Token) -> Node:
        start, partner = self.at, self._closed(token)
        close = self.tokens[partner]
        if self._is_cases(token, close):
            return self._bracketed_cases(start, partner)
        if start + 1 == partner:
            self.fail(self.place(start, partner + 1), "empty brackets", "what belongs in them")
        body = self.contents(start + 1, partner)
        self.at = partner + 1
        place = self.place(start)
        if isinstance(body, Matrix) and not body.open and not body.close:
            return replace(body, open=token.text, close=close.text, place=place)
        if not self._fits(token, close, body):
            met = f"{described(token)} closed by {described(close)}"
            self.fail(place, met, "a bracket and the one that closes it, or an interval such as [0, 1)")
        return _matrix_of_brackets(token.text, body, close.text, place) or Delimited(
            token.text, body, close.text, place=place
        )

    def _fits(self, token: Token, close: Token, body: Node) -> bool:
        pair = token.text + close.text
        if pair in _PAIRS or (pair == "|" and token.kind is Kind.LEFT):
            return True
        return pair in ("[)", "(]") and isinstance(body, List) and body.separators == (",",)

    def _is_cases(self, token: Token, close: Token) -> bool:
        """`\\left\\{ \\begin{array} ... \\end{array} \\right.`"""
        inner = self.tokens[self.at + 1]
        last = self.partner[self.at] - 1
        return (
            token.text == "{"
            and close.text == ""
            and inner.kind is Kind.BEGIN
            and inner.text in MATRICES
            and self.partner[self.at + 1] == last
            and self.at + 1 not in self.lexemes.unclosed
        )

    def _bracketed_cases(self, start: int, partner: int) -> Node:
        cases = self.cases(start + 2, partner - 1)
        self.at = partner + 1
        return replace(cases, place=self.place(start))

    def _environment(self, token: Token) -> Node:
        start, partner = self.at, self._closed(token)
        if token.text == "cases":
            body: Node = self.cases(start + 1, partner)
        elif token.text in MATRICES:
            rows = tuple(
                tuple(self.contents(*cell) if cell[0] < cell[1] else Blank(place=self.place(*cell)) for cell in row)
                for row in self.table(start + 1, partner)
            )
            body = Matrix(rows, *MATRICES[token.text])
        else:
            raise self.unexpected("a matrix or cases", "rows of formulas can only be a formula of their own")
        self.at = partner + 1
        return replace(body, place=self.place(start))

    def table(self, start: int, end: int) -> list[list[tuple[int, int]]]:
        """The cells of a table, each by its first index and the one behind its last."""
        rows: list[list[tuple[int, int]]] = [[]]
        first = start
        for at in self.lexemes.level(start, end):
            if self.tokens[at].kind in (Kind.AMPERSAND, Kind.ROW):
                rows[-1].append((first, at))
                first = at + 1
                if self.tokens[at].kind is Kind.ROW:
                    rows.append([])
        rows[-1].append((first, end))
        if rows[-1] == [(end, end)]:
            rows.pop()
        return rows

    # --- Commands

    def _command(self, token: Token) -> Node:
        name, start = token.text, self.at
        self.at += 1
        if name in SYMBOLS:
            return Symbol(name, self.style, place=token.place)
        if name in DOTS:
            return Dots(place=token.place)
        if name in ACCENTS:
            return self._accented(ACCENTS[name], start)
        if name in STYLES:
            return self._styled(STYLES[name], start)
        reader = self._COMMANDS.get("frac" if name in FRACTIONS else name)
        if reader is None:
            self.fail(token.place, f"\\{name}", "a command that the reader knows", _MEND_COMMAND)
        return reader(self, start)

    def argument(self, of: int) -> Node:
        """The argument of the command at index `of`: a group, or a single atom."""
        token = self.peek()
        command = self.tokens[of].text
        if token is None or token.kind in (Kind.SUBSCRIPT, Kind.SUPERSCRIPT):
            raise self.unexpected(f"an argument of \\{command} in braces")
        if token.kind is Kind.BEGIN_GROUP:
            start = self.at
            self._closed(token)
            return self._within(start)
        if token.kind is Kind.NUMBER and len(token.text) > 1:
            self.fail(token.place, f"'{token.text}' behind \\{command}", "an argument in braces", "write the braces")
        if token.kind is Kind.WORD:
            self.fail(token.place, f"the word {token.text} behind \\{command}", "an argument in braces")
        return self.atom()

    def _fraction(self, start: int) -> Node:
        token = self.peek()
        if token is not None and token.kind is Kind.NUMBER and len(token.text) == 2 and token.text.isdecimal():
            self.at += 1  # \frac12
            above, below = (Number(digit, place=token.place) for digit in token.text)
            return Fraction(above, below, place=self.place(start))
        numerator = self.argument(start)
        denominator = self.argument(start)
        return fraction(numerator, denominator, self.place(start), self.fail)

    def _root(self, start: int) -> Node:
        degree = None
        if (token := self.peek()) and token.kind is Kind.OPEN and token.text == "[":
            first, partner = self.at, self._closed(token)
            degree = self.contents(first + 1, partner)
            self.at = partner + 1
        return Root(self.argument(start), degree, place=self.place(start))

    def _accented(self, accent: str, start: int) -> Node:
        return self._with_accent(self.argument(start), accent, self.place(start))

    def _with_accent(self, node: Node, accent: str, place: Place) -> Node:
        """An accent on a symbol, also over one with subscripts; over anything else it is an annotation."""
        if isinstance(node, Symbol):
            return replace(node, accents=(*node.accents, accent), place=place)
        if isinstance(node, Scripted) and isinstance(node.base, Symbol) and not node.superscripts and not node.primes:
            return replace(node, base=self._with_accent(node.base, accent, node.base.place), place=place)
        return Annotated(accent, node, place=place)

    def _styled(self, style: str, start: int) -> Node:
        """A font around something: the font of each symbol in it; several upright letters in a row are one name."""
        outer, self.style = self.style, style
        first = self.at
        braced = self.next_is(Kind.BEGIN_GROUP)
        node = self.argument(start)
        self.style = outer
        if needs_brackets(node) and (start, self.at - 1) != self._bounds:
            self.fail(self.place(first), "a font around a group, which prints no brackets", "visible brackets")
        if braced and isinstance(node, Juxtaposed) and self.next_is(Kind.SUBSCRIPT, Kind.SUPERSCRIPT, Kind.PRIME):
            self.fail(self.place(first), "a script on several letters", "one name, or visible brackets")
        return replace(node, place=self.place(start))

    def _boxed(self, start: int) -> Node:
        return Annotated("boxed", self.argument(start), place=self.place(start))

    def _cancelled(self, start: int) -> Node:
        return Annotated("cancel", self.argument(start), place=self.place(start))

    def _braced(self, start: int) -> Node:
        """`\\underbrace{body}_{note}`"""
        kind, script = self.tokens[start].text, Kind.SUBSCRIPT
        if kind == "overbrace":
            script = Kind.SUPERSCRIPT
        body, note = self.argument(start), None
        if self.next_is(script):
            at = self.at
            self.at += 1
            note = self.argument(at)
        return Annotated(kind, body, note, place=self.place(start))

    def _stacked(self, start: int) -> Node:
        """`\\overset{note}{body}`"""
        kind = self.tokens[start].text
        note, body = self.argument(start), self.argument(start)
        return Annotated("overset" if kind == "stackrel" else kind, body, note, place=self.place(start))

    @property
    def _bounds(self) -> tuple[int, int]:
        """The first and the last index of the range that is being read."""
        return self.first, self.end - 1

    _COMMANDS: ClassVar[dict[str, Callable[[Atoms, int], Node]]] = {
        "frac": _fraction,
        "sqrt": _root,
        "boxed": _boxed,
        "fbox": _boxed,
        "cancel": _cancelled,
        "underbrace": _braced,
        "overbrace": _braced,
        "overset": _stacked,
        "underset": _stacked,
        "stackrel": _stacked,
    }
    _READERS: ClassVar[dict[Kind, Callable[[Atoms, Token], Node]]] = {
        Kind.NUMBER: _number,
        Kind.LETTER: _letter,
        Kind.WORD: _name,
        Kind.NAME: _name,
        Kind.TEXT: _words,
        Kind.KEYWORD: _keyword,
        Kind.DOTS: _dots,
        Kind.BEGIN_GROUP: _group,
        Kind.OPEN: _delimited,
        Kind.LEFT: _delimited,
        Kind.BEGIN: _environment,
        Kind.COMMAND: _command,
    }


def _closing(token: Token) -> str:
    """What an error expects behind an open bracket."""
    if token.kind is Kind.BEGIN:
        return f"\\end{{{token.text}}}"
    if token.kind is Kind.LEFT:
        return "\\right with a bracket"
    closing = {"(": ")", "[": "]", "{": "}"}.get(token.text)
    return f"the {closing} that closes it" if closing else "the bracket that closes it"


_PAIRS = {"()", "[]", "{}", "||", "||||", "langlerangle", "lfloorrfloor", "lceilrceil"}


def _matrix_of_brackets(opening: str, body: Node, closing: str, place: Place) -> Matrix | None:
    """`[[1, 2], [3, 4]]`; of numbers also `[[1, 2][3, 4]]` and `[[1]]`, which could be products of anything else."""
    rows = body.items if isinstance(body, (List, Juxtaposed)) else (body,)
    if opening != "[" or not all(isinstance(row, Delimited) and row.open == "[" for row in rows):
        return None
    if isinstance(body, List) and set(body.separators) != {","}:
        return None
    entries = tuple(_entries(row.body) for row in rows if isinstance(row, Delimited))
    certain = isinstance(body, List) or all(_is_number(entry) for row in entries for entry in row)
    return Matrix(entries, opening, closing, place=place) if certain else None


def _entries(row: Node) -> tuple[Node, ...]:
    return row.items if isinstance(row, List) and set(row.separators) == {","} else (row,)


def _is_number(node: Node) -> bool:
    return isinstance(node.body if isinstance(node, Signed) else node, Number)
