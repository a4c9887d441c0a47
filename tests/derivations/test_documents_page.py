"""Every section of the five documents is answered, and the page that says so is the catalogue's."""

from pathlib import Path

from derivations.catalogue import ENTRIES
from derivations.documents_page import WITHOUT_MATHEMATICS, page

SECTIONS = {
    "000_e684565acf2280c2": [f"item {k}" for k in range(1, 10)],
    "001_592b6b16dab3915e": ["exercise 1", "exercise 2", "exercise 3"],
    "002_c01bd2233d4021c3": ["1.1", "1.2"],
    "003_a592d850349715ea": ["1", "2", "3", "3.1", "3.2", "3.3", "4.1", "4.2"],
    "004_9eb3eaf93dd1b904": [
        "1.1",
        "1.2.1",
        "1.2.2, Part B2.1",
        "1.2.2, Part B2.2",
        "1.2.2, Part B2.3",
        "1.2.3",
        "1.3",
        "1.4.1",
        "1.4.2",
    ],
}


def test_every_section_is_answered_and_no_other_is_named():
    cited = {(s.document, s.section) for entry in ENTRIES for s in entry.sources if s.document in SECTIONS}
    answered = cited | set(WITHOUT_MATHEMATICS)
    assert answered == {(document, section) for document, sections in SECTIONS.items() for section in sections}


def test_the_page_is_up_to_date():
    committed = Path(__file__).parents[2] / "docs" / "documents.md"
    assert committed.read_text(encoding="utf-8") == page(), (
        "run: python -m derivations.documents_page > docs/documents.md"
    )
