"""Source texts and places in them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

__all__ = ["NOWHERE", "Place", "SourceText"]


@dataclass(frozen=True, slots=True)
class Place:
    """The characters `start`, ..., `end - 1` of a source text, counted from 0."""

    start: int
    end: int

    def __or__(self, other: Place) -> Place:
        """The smallest place that holds both."""
        return Place(min(self.start, other.start), max(self.end, other.end))


NOWHERE = Place(0, 0)


@dataclass(frozen=True)
class SourceText:
    """A text and the name under which it is spoken of."""

    text: str
    name: str = "formula"

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        end = self.text.find("\n")
        while end >= 0:
            starts.append(end + 1)
            end = self.text.find("\n", end + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, numbered from 1, without its end."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] - 1 if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def __getitem__(self, place: Place) -> str:
        """What stands at a place, as written."""
        return self.text[place.start : place.end]
