"""What the catalogue holds, by document and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from symbolic.derivation import Entry

from .page import Page
from .selection import KINDS, kind_of

__all__ = ["listing"]

_PLURALS = {"derivation": "derivations", "erratum": "errata", "calculation": "calculations with numbers"}
_NO_DOCUMENT = "in no document"


def listing(entries: Sequence[Entry], page: Page) -> None:
    """Names, titles and sections; an entry that stands in two documents is listed under both."""
    documents = sorted({document for entry in entries for document in _documents(entry)}, key=_last_if_none)
    for document in documents:
        page.print(Text(document, "bold underline" if not page.plain else ""))
        for kind in KINDS:
            found = [entry for entry in entries if kind_of(entry) == kind and document in _documents(entry)]
            if found:
                page.print()
                page.print(Text(f"  {_PLURALS[kind]} ({len(found)})", "bold"))
                for entry in found:
                    _entry(entry, document, page)
        page.print()
    counts = Counter(map(kind_of, entries))
    numbers = ", ".join(f"{n} {kind if n == 1 else _PLURALS[kind]}" for kind in KINDS if (n := counts[kind]))
    page.print(f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}: {numbers}")


def _documents(entry: Entry) -> list[str]:
    return list(dict.fromkeys(source.document for source in entry.sources)) or [_NO_DOCUMENT]


def _last_if_none(document: str) -> tuple[bool, str]:
    return document == _NO_DOCUMENT, document


def _entry(entry: Entry, document: str, page: Page) -> None:
    sections = "; ".join(source.section for source in entry.sources if source.document == document)
    page.print(Text.assemble("    ", (entry.name, "cyan"), (f"  {sections}" if sections else "", "dim")))
    page.indented(entry.title, 8)
