r"""Macros: `\newcommand`, `\def`, `\DeclareMathOperator`, `\let`; what they produce stands at the place of the call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .errors import ReadingError
from .limits import LIMITS, Limits
from .source import Place, SourceText
from .tokens import Kind, Token, TokenStream, is_character

__all__ = ["DEFINING", "Macros"]

DEFINING = frozenset(
    {
        "newcommand",
        "renewcommand",
        "providecommand",
        "def",
        "gdef",
        "let",
        "DeclareMathOperator",
        "DeclareRobustCommand",
    }
)


class _Macro(NamedTuple):
    parameters: int
    default: tuple[Token, ...] | None  # of the first parameter, where that is optional
    body: tuple[Token, ...]


class Macros:
    """The macros of a document as far as it has been read, and what is left of the steps that they may take."""

    def __init__(self, source: SourceText, limits: Limits = LIMITS) -> None:
        self._source = source
        self._limits = limits
        self._macros: dict[str, _Macro] = {}
        self._definitions = 0
        self._steps_in_all = 0

    def expand(self, tokens: Iterable[Token]) -> list[Token]:
        """The tokens with every macro replaced, also those that the tokens define themselves."""
        stream, steps = TokenStream(tokens), 0
        expanded: list[Token] = []
        while (token := stream.take()) is not None:
            if token.kind is not Kind.COMMAND:
                expanded.append(token)
            elif token.text in DEFINING:
                self.define(token, stream)
            elif token.text in self._macros:
                replacement = self._replacement(token, stream)
                steps += 1 + len(replacement)
                self._count_steps(token.place, steps, 1 + len(replacement))
                stream.put_back(*replacement)
            else:
                expanded.append(token)
        return expanded

    def define(self, command: Token, stream: TokenStream) -> None:
        """Learns the definition that follows a defining command."""
        self._definitions += 1
        if self._definitions > self._limits.macros:
            raise self._error(
                command.place, f"macro number {self._definitions}", f"at most {self._limits.macros} macros"
            )
        if is_character(stream.peek(), "*"):
            stream.take()
        in_braces = stream.skip("{")
        name = stream.take()
        if name is None or name.kind is not Kind.COMMAND or (in_braces and not stream.skip("}")):
            raise self._error(
                command.place, f"\\{command.text}", r"the name of a macro behind it, as in \newcommand{\x}"
            )
        if command.text == "let":
            stream.skip("=")
            self._macros[name.text] = _Macro(0, None, self._argument(name.place, stream))
        elif command.text in ("def", "gdef"):
            self._macros[name.text] = _Macro(self._numbered_parameters(name, stream), None, self._body(name, stream))
        elif command.text == "DeclareMathOperator":
            body = self._body(name, stream)
            opening, closing = (Token(Kind.CHARACTER, brace, name.place) for brace in "{}")
            operator = Token(Kind.COMMAND, "operatorname", name.place)
            self._macros[name.text] = _Macro(0, None, (operator, opening, *body, closing))
        else:
            count = self._optional(name, stream)
            parameters = int(count[0].text) if count and count[0].text in "123456789" else 0
            default = self._optional(name, stream) if count else None
            self._macros[name.text] = _Macro(parameters, default, self._body(name, stream))

    def _optional(self, name: Token, stream: TokenStream) -> tuple[Token, ...] | None:
        """What stands in square brackets, None if nothing does."""
        if not stream.skip("["):
            return None
        tokens = stream.until("[", "]")
        if tokens is None:
            raise self._error(name.place, f"[ behind \\{name.text}", "the ] that closes it")
        return tuple(tokens)

    def _numbered_parameters(self, name: Token, stream: TokenStream) -> int:
        """The number of parameters of `\\def\\x#1#2`."""
        count = 0
        while stream.skip("#"):
            number = stream.take()
            count += 1
            if number is None or number.text != str(count):
                raise self._error(name.place, "# in a definition", f"#{count}")
        return count

    def _body(self, name: Token, stream: TokenStream) -> tuple[Token, ...]:
        if not is_character(stream.peek(), "{"):
            raise self._error(name.place, f"no {{ behind \\{name.text}", "the body of the macro in braces")
        return self._argument(name.place, stream)

    def _argument(self, call: Place, stream: TokenStream) -> tuple[Token, ...]:
        """The next group without its braces, or the next token."""
        token = stream.take()
        if token is None:
            raise self._error(call, "the end", "an argument of this macro")
        if not is_character(token, "{"):
            return (token,)
        tokens = stream.until("{", "}")
        if tokens is None:
            raise self._error(token.place, "{", "the } that closes it")
        return tuple(tokens)

    def _replacement(self, call: Token, stream: TokenStream) -> list[Token]:
        """The body with the arguments put in; the body's tokens get the place of the call, arguments keep theirs."""
        macro = self._macros[call.text]
        arguments: list[tuple[Token, ...]] = []
        if macro.default is not None:
            arguments.append(self._optional(call, stream) or macro.default)
        while len(arguments) < macro.parameters:
            arguments.append(self._argument(call.place, stream))
        whole = call.place | stream.last.place if macro.parameters and stream.last is not None else call.place
        body, replaced = iter(macro.body), list[Token]()
        for token in body:
            if not is_character(token, "#"):
                replaced.append(token._replace(place=whole))
                continue
            number = next(body, None)
            if number is None or number.text not in "123456789" or int(number.text) > len(arguments):
                raise self._error(call.place, f"# in \\{call.text}", f"a parameter from #1 to #{len(arguments)}")
            replaced.extend(arguments[int(number.text) - 1])
            self._count_steps(call.place, len(replaced), 0)
        if replaced and call.spaced:
            replaced[0] = replaced[0]._replace(spaced=True)
        return replaced

    def _count_steps(self, place: Place, steps: int, new: int) -> None:
        self._steps_in_all += new
        if steps > self._limits.macro_steps or self._steps_in_all > self._limits.macro_steps_in_all:
            most = f"{self._limits.macro_steps} tokens in a formula and {self._limits.macro_steps_in_all} in a document"
            raise self._error(place, "a macro that goes on and on", f"macros that produce at most {most}")

    def _error(self, place: Place, met: str, expected: str) -> ReadingError:
        return ReadingError(self._source, place, met, expected)
