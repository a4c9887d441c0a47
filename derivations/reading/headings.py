r"""Headings: `## 1.2 Title`, `\section{Title}`, and the plain lines that are left of headings in a scanned document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .source import Place

__all__ = ["Heading", "Headings"]

_ITEM_LEVEL = 9  # below every heading proper
_COMMANDS = {"part": 1, "chapter": 2, "section": 3, "subsection": 4, "subsubsection": 5, "paragraph": 6}
_MOST_WORDS = 20  # in a plain line that is a heading
_MARKDOWN = re.compile(r"[ ]{0,3}(?P<marks>#{1,6})[ \t]+(?P<title>[^\n]*?)[ \t#]*$", re.MULTILINE)
_LATEX = re.compile(r"\\(?P<command>part|chapter|(?:sub){0,2}section|paragraph)(?P<star>\*?)\{(?P<title>[^\n{}]*)\}")
_NUMBER = re.compile(
    r"""
    (?: (?P<part>Part|Section|Chapter|Appendix)[ ] | (?P<kind>Exercise|Problem|Question|Task)[ ] )?
    (?P<number>[A-Z]?\d{1,3}(?:\.\d{1,3}){0,4} | (?(part)[A-Z]|(?!)))
    (?P<point>[.:)])?
    (?=\s|$)
    """,
    re.VERBOSE,
)
_PLAIN = re.compile(r"[ \t]*(?P<bullet>[-*•][ \t]+)?(?P<line>(?:[A-Z]|\d)[^\n]*)")


@dataclass(frozen=True)
class Heading:
    """A heading: its depth from 1, its number ("1.4.1", "B2.1", "Exercise 2", "" for none) and its words as written."""

    place: Place
    level: int
    number: str
    title: str

    @property
    def is_item(self) -> bool:
        """Whether it is but the number of an item in a list."""
        return self.level == _ITEM_LEVEL


class Headings:
    """Recognises headings; it remembers the numbers so far, for a number alone may also be that of a page."""

    def __init__(self) -> None:
        self._last_number = 0  # of a plain heading `3`
        self._last_item = 0  # of an item `3.`
        self._counters = [0] * (max(_COMMANDS.values()) + 1)

    def at(self, text: str, offset: int) -> Heading | None:
        """The heading that begins at an offset where a line begins, if one does."""
        heading = self._markdown(text, offset) or self._latex(text, offset) or self._plain(text, offset)
        if heading is not None and heading.level < _ITEM_LEVEL:
            self._last_item = 0
        return heading

    def _markdown(self, text: str, offset: int) -> Heading | None:
        match = _MARKDOWN.match(text, offset)
        if match is None:
            return None
        return Heading(Place(offset, match.end()), len(match["marks"]), _number(match["title"]), match["title"])

    def _latex(self, text: str, offset: int) -> Heading | None:
        """A sectioning command, with the number that LaTeX gives it."""
        match = _LATEX.match(text, offset)
        if match is None:
            return None
        level = _COMMANDS[match["command"]]
        number = _number(match["title"])
        if not match["star"] and level >= _COMMANDS["section"]:
            self._counters[level] += 1
            self._counters[level + 1 :] = [0] * (len(self._counters) - level - 1)
            number = number or ".".join(map(str, self._counters[_COMMANDS["section"] : level + 1]))
        return Heading(Place(offset, match.end()), level, number, match["title"])

    def _plain(self, text: str, offset: int) -> Heading | None:
        """A numbered line by itself, or the number of an item (`3.`), which goes on in the same line."""
        match = _PLAIN.match(text, offset)
        found = _NUMBER.match(match["line"]) if match else None
        if match is None or found is None:
            return None
        words = match["line"][found.end() :].strip()
        if found["point"] and found["number"].isdecimal() and not found["kind"] and not found["part"]:
            return self._item(int(found["number"]), words, Place(offset, match.start("line") + found.end()))
        alone = _is_blank_before(text, offset) and _is_blank_after(text, match.end())
        if match["bullet"] or not alone or not _is_title(words):
            return None
        if found["number"].isdecimal() and not found["kind"]:
            if int(found["number"]) != self._last_number + 1:
                return None
            self._last_number += 1
        level = 1 + found["number"].count(".")
        return Heading(Place(offset, match.end()), level, _number(match["line"]), match["line"].strip())

    def _item(self, number: int, words: str, place: Place) -> Heading | None:
        if number not in (1, self._last_item + 1):
            return None
        self._last_item = number
        title = f"{number}. {words.split('$')[0].strip()}".strip()
        return Heading(place, _ITEM_LEVEL, str(number), title)


def _number(title: str) -> str:
    """The number at the head of a title; "Part" and "Section" are no part of it, "Exercise" is."""
    match = _NUMBER.match(title)
    if match is None:
        return ""
    return f"{match['kind']} {match['number']}" if match["kind"] else match["number"]


def _is_title(words: str) -> bool:
    """Whether words behind a number look like a title: few, none at all, or beginning with a capital or a dash."""
    return not words or (len(words.split()) <= _MOST_WORDS and (words[0].isupper() or words[0] in "-–—:"))


def _is_blank_before(text: str, offset: int) -> bool:
    line_start = text.rfind("\n", 0, max(0, offset - 1)) + 1
    return offset == 0 or not text[line_start : offset - 1].strip()


def _is_blank_after(text: str, end: int) -> bool:
    line_end = text.find("\n", end + 1)
    return not text[end : line_end if line_end >= 0 else len(text)].strip()
