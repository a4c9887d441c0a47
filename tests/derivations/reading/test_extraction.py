"""Where the formulas of a document are found, and what is passed over."""

from __future__ import annotations

import pytest

from derivations.reading import Document, read_document
from derivations.reading.document import Prose
from derivations.reading.outline import outline


def outlines(document: Document) -> list[str]:
    return [outline(formula.display) if formula.display else "ERROR" for formula in document.formulas]


def read(text: str | bytes) -> list[str]:
    return outlines(read_document(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Let $x$ be.", ["x"]),
        ("$x$ and $y$", ["x", "y"]),
        ("$ x $", ["x"]),
        ("$$x$$", ["x"]),
        ("$$\nx\n$$", ["x"]),
        (r"\(x\) and \[y\]", ["x", "y"]),
        (r"\\(x\\) and \\[y\\]", ["x", "y"]),  # Markdown that escapes its backslashes
        (r"\begin{align} a &= b \\ &= c \end{align}", ["(= a b) ; (= _ c)"]),
        (r"\begin{align*} a &= b \end{align*}", ["(= a b)"]),
        (r"\begin{equation} x \end{equation}", ["x"]),
        (r"\begin{eqnarray*} a &=& b \end{eqnarray*}", ["(= a b)"]),
        ("$$\\begin{aligned} a &= b \\end{aligned}$$", ["(= a b)"]),
        ("**bold** $x$ *o*", ["x"]),
        ("- item $x$\n- item $y$", ["x", "y"]),
        ("> quoted $x$", ["x"]),
        ("| a | $x$ |", ["x"]),
        # not formulas
        ("It costs $5 and $10.", []),
        ("It costs $5.", []),
        ("From \\$5 to \\$10", []),
        ("`$x$` and ``$y$``", []),
        ("```\n$x$\n```\n$y$", ["y"]),
        ("~~~\n$x$\n~~~\n", []),
        ("```\n$x$ is never closed", []),
        ("<!-- $x$ --> $y$", ["y"]),
        ("\\begin{verbatim}$x$\\end{verbatim}$y$", ["y"]),
        ("50% of $x$", ["x"]),
        ("no formula", []),
        ("", []),
        # comments
        ("\\documentclass{article}\n% $x$\n$y$ 5\\% $z$", ["y", "z"]),
        ("$$a % a comment\n + b$$", ["(sum a + b)"]),
        # an escaped dollar does not close
        (r"$x_{\text{5\$}}$", ["(_ x roman:5$)"]),
    ],
)
def test_what_is_found(text: str, found: list[str]):
    assert read(text) == found


def test_kinds_and_places():
    text = "Let $x$ be\n\n$$y$$\n\n= [[1.5]]\n"
    formulas = read_document(text).formulas
    assert [(formula.kind, text[formula.place.start : formula.place.end]) for formula in formulas] == [
        ("inline", "$x$"),
        ("display", "$$y$$"),
        ("bare", "= [[1.5]]"),
    ]
    assert [formula.source for formula in formulas] == ["x", "y", "= [[1.5]]"]


@pytest.mark.parametrize("text", ["Words\n= [[1]]", "Title\n=====\n", "$x$ words\n\n= 1", "= 1\n"])
def test_lines_that_go_on_with_no_formula_are_prose(text: str):
    assert all(formula.kind != "bare" for formula in read_document(text).formulas)


@pytest.mark.parametrize(
    ("text", "met", "position", "found"),
    [
        ("Let $x be\n\nand $y$.", "$ that is never closed", (1, 5), ["y"]),
        ("$$x\n\n$$y$$", "$$ that is never closed", (1, 1), ["y"]),
        ("$x and $$y$$", "$ that is never closed", (1, 1), ["y"]),
        ("\\[ x \n\n $y$", "\\[ that is never closed", (1, 1), ["y"]),
        ("\\begin{align} x\n\n$y$", "\\begin{align} that is never closed", (1, 1), ["y"]),
        ("$y$\n\\newcommand{\\x", "\\newcommand", (2, 1), ["y"]),
    ],
)
def test_what_is_never_closed_is_an_error_and_the_rest_goes_on(
    text: str, met: str, position: tuple[int, int], found: list[str]
):
    document = read_document(text)
    (error,) = document.errors
    assert error.met == met
    assert document.source.position(error.place.start) == position
    assert outlines(document) == found


def test_prose_between_formulas_is_kept():
    document = read_document("If $x$ is positive,\n\n$$y$$\nelse")
    assert [piece.text for piece in document.pieces if isinstance(piece, Prose)] == [
        "If ",
        " is positive,\n\n",
        "\nelse",
    ]


def test_front_matter_is_prose():
    document = read_document("---\nlayout: shape\nnames: $x$\n---\n$y$\n")
    assert outlines(document) == ["y"]
    first = document.pieces[0]
    assert isinstance(first, Prose)
    assert first.text == "---\nlayout: shape\nnames: $x$\n---\n"


def test_words_of_several_letters():
    assert outlines(read_document("$Loss = 0.5 a_{Loss}$", words=frozenset({"Loss"}))) == [
        "(= Loss (juxt 0.5 (_ a Loss)))"
    ]
    assert read("$Loss$") == ["(juxt L o s s)"]


def test_bytes_that_are_no_text():
    document = read_document("é $x$ ".encode() + b"\xff\xfe $y$", "broken.md")
    assert outlines(document) == ["x", "y"]
    (error,) = document.errors
    assert str(error).startswith(
        "broken.md:1:7: met the byte 0xFF, which is no UTF-8, expected text in UTF-8; save the"
    )
    assert read(b"\xef\xbb\xbf$x$") == ["x"]


def test_fences_and_backticks_that_hold_formulas() -> None:
    text = "```math\nx = 1\n```\n\n$`y = 2`$\n\n```python\n$z = 3$\n```\n\n~~~math\nw = 4\n~~~\n"
    assert [formula.source for formula in read_document(text).formulas] == ["x = 1", "y = 2", "w = 4"]


def test_a_formula_fence_that_is_never_closed() -> None:
    (error,) = read_document("```math\nx = 1\n").errors
    assert "never closed" in str(error)
