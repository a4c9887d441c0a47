"""A document read from its first character to its last: headings, prose and formulas, in order."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from .errors import ReadingError
from .extraction import Definition, Found, Piece, extract
from .headings import Heading
from .lexemes import lexemes
from .limits import LIMITS, Limits
from .macros import Macros
from .rows import read_display
from .source import Place, SourceText
from .syntax import Display
from .tokens import TokenStream, tokenize

__all__ = ["Document", "Formula", "Heading", "Prose", "read_document", "read_formula"]


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
    Nothing is raised: what is wrong with a formula stands in it, all else in the `errors` of the document.
    """
    if isinstance(text, bytes):
        source, errors = _decoded(text, name)
    else:
        source, errors = SourceText(text, name), []
    if len(source.text) > LIMITS.document_length:
        met, most = f"a text of {len(source.text)} characters", f"at most {LIMITS.document_length}"
        return Document(SourceText("", name), (), (ReadingError(source, Place(0, 0), met, most),))
    reader = _DocumentReader(source, words, errors)
    reader.read()
    return Document(source, tuple(reader.pieces), tuple(errors))


def _decoded(text: bytes, name: str) -> tuple[SourceText, list[ReadingError]]:
    """Bytes as UTF-8; where they are not, each bad byte becomes a replacement character and the first is an error."""
    bom = len(codecs.BOM_UTF8) if text.startswith(codecs.BOM_UTF8) else 0
    source = SourceText(text[bom:].decode("utf-8", errors="replace"), name)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        offset = len(text[bom : error.start].decode("utf-8"))
        met = f"the byte 0x{text[error.start]:02X}, which is no UTF-8"
        place = Place(offset, offset + 1)
        return source, [ReadingError(source, place, met, "text in UTF-8", "save the file as UTF-8")]
    return source, []


def read_formula(text: str, name: str = "formula", words: frozenset[str] = frozenset()) -> Display:
    """Reads one formula, without its dollars.

    Raises:
        ReadingError: there is nothing to read, or a limit is passed. A side that cannot be read is no such error: it
            stands as `Unreadable` in the display, and among its `errors`.
    """
    source = SourceText(text, name)
    return _FormulaReader(source, words).read(Place(0, len(text)))


class _DocumentReader:
    def __init__(self, source: SourceText, words: frozenset[str], errors: list[ReadingError]) -> None:
        self.source = source
        self.errors = errors
        self.pieces: list[Heading | Prose | Formula] = []
        self.formulas = _FormulaReader(source, words)
        self._section: tuple[Heading, ...] = ()
        self._read_to = 0
        self._count = 0

    def read(self) -> None:
        """Reads all pieces in order."""
        for piece in extract(self.source):
            if self._is_too_much(piece):
                break
            if isinstance(piece, ReadingError):
                self.errors.append(piece)
            elif isinstance(piece, Definition):
                self._define(piece.place)
            elif isinstance(piece, Heading):
                self._prose(piece.place.start)
                self._section = (*(above for above in self._section if above.level < piece.level), piece)
                self._add(piece)
            else:
                self._prose(piece.place.start)
                self._add(self._formula(piece))
                self._count += 1
        self._prose(len(self.source.text))

    def _is_too_much(self, piece: Piece) -> bool:
        """Whether a limit is reached, which is an error, the last one."""
        if len(self.errors) >= LIMITS.errors:
            met, most = f"error {len(self.errors) + 1}", f"at most {LIMITS.errors}"
        elif self._count >= LIMITS.formulas:
            met, most = f"formula {self._count + 1}", f"at most {LIMITS.formulas}"
        else:
            return False
        self.errors.append(ReadingError(self.source, piece.place, met, most, "check the text in parts"))
        return True

    def _add(self, piece: Heading | Formula) -> None:
        self.pieces.append(piece)
        self._read_to = piece.place.end

    def _prose(self, end: int) -> None:
        """What has been passed over, up to here."""
        place = Place(self._read_to, end)
        if (text := self.source[place]).strip():
            self.pieces.append(Prose(place, text))

    def _formula(self, found: Found) -> Formula:
        display, problem = None, None
        try:
            display = self.formulas.read(found.content)
        except ReadingError as error:
            problem = error
        return Formula(found.place, found.kind, self.source[found.content], self._section, display, problem)

    def _define(self, place: Place) -> None:
        try:
            self.formulas.define(place.start)
        except ReadingError as error:
            self.errors.append(error)


class _FormulaReader:
    """Reads the formulas of a source, with the macros that it has defined so far."""

    def __init__(self, source: SourceText, words: frozenset[str], limits: Limits = LIMITS) -> None:
        self.source = source
        self.words = words
        self.limits = limits
        self.macros = Macros(source, limits)

    def define(self, start: int) -> None:
        """Learns the macro whose definition begins at an offset."""
        end = min(len(self.source.text), start + self.limits.macro_length)
        stream = TokenStream(tokenize(self.source, start, end, self.words))
        command = stream.take()
        assert command is not None
        self.macros.define(command, stream)

    def read(self, place: Place) -> Display:
        """The display between two offsets."""
        length = place.end - place.start
        if length > self.limits.formula_length:
            met, most = f"a formula of {length} characters", f"at most {self.limits.formula_length}"
            raise ReadingError(self.source, place, met, most)
        tokens = self.macros.expand(tokenize(self.source, place.start, place.end, self.words))
        found, slips = lexemes(tokens, self.source, self.limits)
        return read_display(self.source, found, slips, self.limits)
