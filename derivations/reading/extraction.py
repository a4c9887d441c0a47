r"""Where the formulas of a text are: `$...$`, `$$...$$`, `\(...\)`, `\[...\]`, environments; and what is no formula.

Code, comments, escaped dollars and amounts of money are passed over; a dollar that nothing closes is an error at its
place, and reading goes on behind it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import ReadingError
from .headings import Heading, Headings
from .macros import DEFINING
from .source import Place, SourceText
from .vocabulary import ALIGNED

__all__ = ["Definition", "Found", "Piece", "extract"]

_ENVIRONMENTS = "|".join(sorted(ALIGNED))
_DEFINING = "|".join(sorted(DEFINING))
_START = re.compile(
    rf"""
    (?P<bracket> \\{{1,2}}[\[(] )
  | (?P<escaped> \\[\\$`%] )
  | (?P<fence> ^[ ]{{0,3}}(?:```+|~~~+) )
  | (?P<code> `+ )
  | (?P<verbatim> \\begin\{{(?:verbatim|lstlisting|minted|comment)\*?\}} | <!-- )
  | (?P<dollars> \${{2}} )
  | (?P<dollar> \$ )
  | (?P<environment> \\begin\{{(?:{_ENVIRONMENTS})\*?\}} )
  | (?P<definition> \\(?:{_DEFINING})(?![A-Za-z]) )
  | (?P<comment> % )
  | (?P<line> ^[ \t]*(?:[#=*•A-Z\d-]|\\(?=(?:sub)*section|part|chapter|paragraph)) )
    """,
    re.VERBOSE | re.MULTILINE,
)
_MATH_FENCE = re.compile(r"[ ]{0,3}(?:```+|~~~+)[ \t]*math[ \t]*$", re.MULTILINE)  # as GitHub and GitLab have them
_BARE = re.compile(r"[ \t]*(=(?![=\s]*$)[^\n$]*[^\n$\s])[ \t]*$", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*(?=\n)")
_LATEX_DOCUMENT = re.compile(r"\\documentclass|\\begin\{document\}")
_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Found:
    """A formula: where it stands, where its content is within, and whether it is "inline", "display" or "bare"."""

    place: Place
    content: Place
    kind: str


@dataclass(frozen=True)
class Definition:
    """A macro is defined from here on."""

    place: Place


Piece = Found | Definition | Heading | ReadingError


def extract(source: SourceText) -> Iterator[Piece]:
    """Formulas, definitions of macros, headings and errors, in the order of the text."""
    return _Extractor(source).pieces()


class _Extractor:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self.headings = Headings()
        self.is_latex = _LATEX_DOCUMENT.search(self.text) is not None
        self.blank_lines = [match.start() for match in _BLANK_LINE.finditer(self.text)]
        self.none_left: set[str] = set()  # of what closes a formula, in the rest of the text
        self.end_of_last = -1  # formula

    def pieces(self) -> Iterator[Piece]:
        """All pieces; the search goes on behind each of them."""
        front_matter = _FRONT_MATTER.match(self.text)
        self.at = front_matter.end() if front_matter else 0
        while (match := _START.search(self.text, self.at)) is not None:
            self.at = match.end()
            piece = self._piece(match, match.lastgroup or "")
            if isinstance(piece, (Found, Heading)):
                self.at = piece.place.end
            if isinstance(piece, Found):
                self.end_of_last = piece.place.end
            if piece is not None:
                yield piece

    def _piece(self, match: re.Match[str], kind: str) -> Piece | None:
        """What begins here; what is passed over is None, and `at` is behind it."""
        opening = match[0]
        if kind == "environment":
            return self._closed(match, opening.replace("begin", "end"), "display", whole=True)
        if kind == "dollars":
            return self._closed(match, "$$", "display")
        if kind == "dollar":
            return None if self._is_amount(match.start()) else self._closed(match, "$", "inline")
        if kind == "bracket" and not (self.is_latex and opening.startswith("\\\\")):
            closing = opening.replace("[", "]").replace("(", ")")
            return self._closed(match, closing, "display" if closing[-1] == "]" else "inline")
        if kind == "fence" and _MATH_FENCE.match(self.text, match.start()):
            return self._fenced(match)
        if kind == "definition":
            return Definition(Place(match.start(), match.end()))
        if kind == "line":
            return self._line(match.start())
        self._skip(match, kind)
        return None

    def _closed(self, match: re.Match[str], closing: str, kind: str, whole: bool = False) -> Found | ReadingError:
        """The formula up to its closing mark; without one before the paragraph ends, an error."""
        start, inner = match.start(), match.end()
        limit = len(self.text) if whole else self._end_of_paragraph(inner)
        end = self._find(closing, inner, limit)
        if end < 0:
            place = Place(start, inner)
            return ReadingError(
                self.source, place, f"{match[0]} that is never closed", f"{closing} before the paragraph ends"
            )
        place = Place(start, end + len(closing))
        if closing == "$" and end - inner > 1 and self.text[inner] == self.text[end - 1] == "`":  # $`...`$
            inner, end = inner + 1, end - 1
        return Found(place, place if whole else Place(inner, end), kind)

    def _fenced(self, match: re.Match[str]) -> Found | ReadingError:
        """The formula in a fence that says it holds one."""
        inner = self.text.find("\n", match.end())
        fence = "\n" + match[0].strip()
        end = self._find(fence, inner, len(self.text)) if inner >= 0 else -1
        if end < 0:
            self.at = len(self.text)
            place = Place(match.start(), match.end())
            return ReadingError(
                self.source, place, f"{match[0].strip()}math that is never closed", f"{fence.strip()} behind it"
            )
        return Found(Place(match.start(), end + len(fence)), Place(inner + 1, max(inner + 1, end)), "display")

    def _find(self, closing: str, start: int, limit: int) -> int:
        """Where the closing mark is, -1 if there is none before the limit; that there is none left is remembered."""
        if closing in self.none_left:
            return -1
        end = self.text.find(closing, start)
        while end >= 0 and self._is_escaped(end):
            end = self.text.find(closing, end + 1)
        if end < 0:
            self.none_left.add(closing)
        if closing == "$" and self.text.startswith("$$", end):
            return -1
        return end if end < limit else -1

    def _is_escaped(self, at: int) -> bool:
        backslashes = 0
        while at - backslashes > 0 and self.text[at - backslashes - 1] == "\\":
            backslashes += 1
        return backslashes % 2 == 1

    def _end_of_paragraph(self, at: int) -> int:
        following = bisect_left(self.blank_lines, at)
        return self.blank_lines[following] if following < len(self.blank_lines) else len(self.text)

    def _is_amount(self, start: int) -> bool:
        """Whether a dollar stands before an amount of money, as in "$5 or $10"."""
        if not self.text[start + 1 : start + 2].isdecimal():
            return False
        end = self._find("$", start + 1, self._end_of_paragraph(start + 1))
        return end < 0 or self.text[end - 1].isspace() or self.text[end + 1 : end + 2].isdecimal()

    def _line(self, start: int) -> Heading | Found | None:
        """A heading, or a line that goes on with the formula before it."""
        heading = self.headings.at(self.text, start)
        if heading is not None:
            return heading
        bare = _BARE.match(self.text, start)
        if bare is None or self.end_of_last < 0 or self.text[self.end_of_last : start].strip():
            return None
        place = Place(bare.start(1), bare.end(1))
        return Found(place, place, "bare")

    def _skip(self, match: re.Match[str], kind: str) -> None:
        """Goes behind code, comments and what is verbatim."""
        end = -1
        if kind == "comment" and self.is_latex:
            end = self.text.find("\n", match.end())
        elif kind == "code" and not self.is_latex:
            end = self.text.find(match[0], match.end(), self._end_of_paragraph(match.end()))
        elif kind == "fence":
            end = self._find("\n" + match[0].strip(), match.end(), len(self.text))
            end = end if end >= 0 else len(self.text)
        elif kind == "verbatim":
            closing = "-->" if match[0] == "<!--" else match[0].replace("begin", "end")
            end = self._find(closing, match.end(), len(self.text))
        self.at = max(self.at, end + len(match[0]) if kind in ("code", "fence") and end >= 0 else end)
