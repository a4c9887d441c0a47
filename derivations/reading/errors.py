"""What is said where a formula cannot be read."""

from __future__ import annotations

from .source import Place, SourceText

__all__ = ["ReadingError"]

_SHOWN_BEFORE, _SHOWN_AFTER = 60, 40


class ReadingError(Exception):
    """A place where reading stopped: what was met there, what was expected, and how to mend it.

    `str(error)` is the whole message: file, line and column, the line with a caret under the place, and the three.
    """

    def __init__(self, source: SourceText, place: Place, met: str, expected: str, mend: str = "") -> None:
        super().__init__(met, expected, mend)
        self.source = source
        self.place = place
        self.met = met
        self.expected = expected
        self.mend = mend

    @property
    def summary(self) -> str:
        """Met, expected and mend in one line, without the place."""
        summary = f"met {self.met}, expected {self.expected}"
        return f"{summary}; {self.mend}" if self.mend else summary

    def __str__(self) -> str:
        line, column = self.source.position(self.place.start)
        return f"{self.source.name}:{line}:{column}: {self.summary}\n{self._excerpt(line, column)}"

    def _excerpt(self, line: int, column: int) -> str:
        """The line around the place, with a caret under each of its characters."""
        text = self.source.line(line)
        first = max(0, column - 1 - _SHOWN_BEFORE)
        shown = text[first : column - 1 + _SHOWN_AFTER]
        shown = "".join(character if character.isprintable() else " " for character in shown)
        before, after = "..." * (first > 0), "..." * (column - 1 + _SHOWN_AFTER < len(text))
        indent = len(before) + column - 1 - first
        carets = max(1, min(self.place.end - self.place.start, len(shown) - (column - 1 - first)))
        return f"  {before}{shown}{after}\n  {' ' * indent}{'^' * carets}"
