"""The page `docs/documents.md`: every section of the five documents, and the entries of the catalogue that answer it.

``python -m derivations.documents_page`` prints it.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbolic import Derivation, Erratum

from .catalogue import ENTRIES

__all__ = ["WITHOUT_MATHEMATICS", "page"]

#: Sections that state no formula, and what they hold instead.
WITHOUT_MATHEMATICS: dict[tuple[str, str], str] = {
    ("001_592b6b16dab3915e", "exercise 3"): "a remark about the program; no formula",
    ("004_9eb3eaf93dd1b904", "1.1"): "the data set; no formula",
    ("004_9eb3eaf93dd1b904", "1.2.1"): "refers to the program",
    ("004_9eb3eaf93dd1b904", "1.2.3"): "refers to the program",
    ("004_9eb3eaf93dd1b904", "1.3"): "refers to the program",
    ("004_9eb3eaf93dd1b904", "1.4.2"): "refers to the program",
}

_HEAD = """# The five documents, section by section

What each section sets out to show, and the entries of the catalogue that answer it. `derivations prove NAME --explain`
shows an entry line by line. An *erratum* is a claim as the document writes it, refuted, with the right form beside it.

This page is made from the catalogue: `python -m derivations.documents_page > docs/documents.md`.
"""


def page() -> str:
    """The whole page as Markdown."""
    sections: dict[tuple[str, str], list[str]] = {key: [] for key in WITHOUT_MATHEMATICS}
    for entry in ENTRIES:
        for source in entry.sources:
            row = f"| `{entry.name}` | {_kind(entry)} | {entry.title.replace('|', chr(92) + '|')} |"
            sections.setdefault((source.document, source.section), []).append(row)
    return _HEAD + "\n".join(_lines(sections)) + "\n"


def _lines(sections: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    document = ""
    for key in sorted(sections):
        if key[0] != document:
            document = key[0]
            yield f"\n## {document}"
        yield f"\n### {key[1]}\n"
        if key in WITHOUT_MATHEMATICS:
            yield WITHOUT_MATHEMATICS[key][:1].upper() + WITHOUT_MATHEMATICS[key][1:] + "."
            continue
        yield "| entry | kind | what it shows |\n| --- | --- | --- |"
        yield from sections[key]


def _kind(entry: object) -> str:
    if isinstance(entry, Derivation):
        return "derivation"
    return "erratum" if isinstance(entry, Erratum) else "numbers"


if __name__ == "__main__":
    print(page(), end="")
