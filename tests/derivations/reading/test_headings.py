"""Headings: of Markdown, of LaTeX, and the plain numbered lines of a scanned document."""

from __future__ import annotations

import pytest

from derivations.reading import Heading, read_document


def headings(text: str) -> list[tuple[int, str, str]]:
    pieces = read_document(text).pieces
    return [(piece.level, piece.number, piece.title) for piece in pieces if isinstance(piece, Heading)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# Notes", [(1, "", "Notes")]),
        ("## 1.4 Part D - Derivations ##", [(2, "1.4", "1.4 Part D - Derivations")]),
        ("#### Part B2.1 - Sigmoid", [(4, "B2.1", "Part B2.1 - Sigmoid")]),
        ("## Exercise 2", [(2, "Exercise 2", "Exercise 2")]),
        ("## Section 3: Loss", [(2, "3", "Section 3: Loss")]),
        ("## Derivative of $x$", [(2, "", "Derivative of $x$")]),
        ("#hashtag", []),
        ("\\section{One}\n\\subsection{Two}\n\\subsection*{Three}\n\\section{Four}", [
            (3, "1", "One"), (4, "1.1", "Two"), (4, "", "Three"), (3, "2", "Four"),
        ]),
        ("1 Task\n\nWords.\n\n1.1 First part\n\nWords\n\n2 More\n\n", [
            (1, "1", "1 Task"), (2, "1.1", "1.1 First part"), (1, "2", "2 More"),
        ]),
        ("1\n\n$x$\n\n2 Prelude\n\n", [(1, "1", "1"), (1, "2", "2 Prelude")]),
        ("Exercise 1\n\nWords.\n\nExercise 2\n\n", [(1, "Exercise 1", "Exercise 1"), (1, "Exercise 2", "Exercise 2")]),
        ("Part B2.1 - Sigmoid\n\n", [(2, "B2.1", "Part B2.1 - Sigmoid")]),
        ("1. Equation $x$ is\n\n2.\n\n- 3. In case", [
            (9, "1", "1. Equation"), (9, "2", "2."), (9, "3", "3. In case"),
        ]),
        # no headings
        ("17\n\n", []),  # a page number
        ("Figure 1: a network\n\n", []),
        ("Words that end with\n2 lines\n\n", []),
        ("5. A list that begins in the middle", []),
        ("3.14 is a number, and the line goes on and is no title at all\n\n", []),
        ("$$\n# no heading\n$$\n", []),
        ("```\n# no heading\n```\n", []),
    ],
)  # fmt: skip
def test_what_is_a_heading(text: str, found: list[tuple[int, str, str]]):
    assert headings(text) == found


def test_formulas_know_the_headings_they_stand_under():
    document = read_document("# A\n\n## 1 B\n\n$x$\n\n### 1.1 C\n\n$y$\n\n## 2 D\n\n$z$")
    assert [[heading.title for heading in formula.section] for formula in document.formulas] == [
        ["A", "1 B"],
        ["A", "1 B", "1.1 C"],
        ["A", "2 D"],
    ]


def test_items_end_with_the_section_around_them():
    document = read_document("# 1 A\n\n1. $x$\n\n2. $y$\n\n# 2 B\n\n$z$\n\n1. $w$")
    assert [[heading.number for heading in formula.section] for formula in document.formulas] == [
        ["1", "1"],
        ["1", "2"],
        ["2"],
        ["2", "1"],
    ]
