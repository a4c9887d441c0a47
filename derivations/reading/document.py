"""A document read from its first character to its last: headings, prose and formulas, in order."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ReadingError
from .source import Place, SourceText
from .syntax import Display

__all__ = ["Document", "Formula", "Heading", "Prose"]


@dataclass(frozen=True)
class Heading:
    """A heading: its depth from 1, its number ("1.4.1", "B2.1", "Exercise 2", "" for none) and its words."""

    place: Place
    level: int
    number: str
    title: str


@dataclass(frozen=True)
class Prose:
    """What stands between formulas and headings."""

    place: Place
    text: str


@dataclass(frozen=True)
class Formula:
    """A formula with its place (delimiters included), the headings it stands under, and what was read.

    `kind` is "inline", "display", or "bare" for a line without dollars that goes on with a chain (`= [[1, 2]]`).
    Exactly one of `display` and `error` is not None; a display may still hold sides that are `Unreadable`.
    """

    place: Place
    kind: str
    source: str
    section: tuple[Heading, ...]
    display: Display | None
    error: ReadingError | None


@dataclass(frozen=True)
class Document:
    """All pieces of a document in order; `errors` are those around the formulas, such as an unclosed `$`."""

    source: SourceText
    pieces: tuple[Heading | Prose | Formula, ...]
    errors: tuple[ReadingError, ...] = ()

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Formula))


def read_document(text: str | bytes, name: str = "document", words: frozenset[str] = frozenset()) -> Document:
    """Finds and reads every formula of a Markdown, LaTeX or plain text.

    `words` are further names of several letters (`Loss`) that are read as one symbol where they stand as a whole.
    """
    raise NotImplementedError


def read_formula(text: str, name: str = "formula", words: frozenset[str] = frozenset()) -> Display:
    """Reads one formula, without its dollars.

    Raises:
        ReadingError: nothing of it can be read, or a limit is passed.
    """
    raise NotImplementedError
