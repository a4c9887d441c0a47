"""Whatever text comes, reading it raises nothing but a `ReadingError`, and every place it names is in the text."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from derivations.reading import ReadingError, read_document, read_formula
from derivations.reading.outline import outline
from derivations.reading.syntax import Display, walk
from derivations.reading.vocabulary import (
    ALIGNED,
    BIG,
    FUNCTIONS,
    MATRICES,
    OPERATORS,
    RELATIONS,
    STYLES,
    TEXT_COMMANDS,
)

COMMANDS = sorted(FUNCTIONS | BIG | TEXT_COMMANDS | {*STYLES, *filter(str.isalpha, (*OPERATORS, *RELATIONS))})
PIECES = st.one_of(
    st.sampled_from(list("abxyzdeW012+-*/=<>()[]{}|,;:.'^_&% \n\\$")),
    st.sampled_from([rf"\{command} " for command in COMMANDS]),
    st.sampled_from(
        [r"\frac{", r"\partial ", r"\left(", r"\right)", r"\left.", r"\right|", r"\\", r"\quad ", r"\hat{"]
    ),
    st.sampled_from([rf"\begin{{{name}}}" for name in ("cases", *ALIGNED, *MATRICES)]),
    st.sampled_from([rf"\end{{{name}}}" for name in ("cases", *ALIGNED, *MATRICES)]),
    st.sampled_from(
        [r"\text{if }", r"\text{for } ", r"\operatorname{f}", "softmax", "for ", r"\newcommand{\a}", r"\a "]
    ),
    st.sampled_from([r"\frac{\partial L}{\partial x}", r"\sum_{j=1}^n ", "x_{ij}", "(y - t)", "= ", "0.5"]),
)
FORMULAS = st.lists(PIECES, max_size=40).map("".join)


def check(display: Display, text: str) -> None:
    """A display that has been read is well formed."""
    for node in walk(display):
        assert 0 <= node.place.start <= node.place.end <= len(text)
    for statement in display.statements:
        assert len(statement.sides) == len(statement.relations) + 1
    for error in display.errors:
        assert str(error)
        assert 0 <= error.place.start <= error.place.end <= len(text)


def check_formula(text: str) -> None:
    """A text is read, or refused with a message."""
    try:
        display = read_formula(text)
    except ReadingError as error:
        message = str(error)
    else:
        message = outline(display)
        check(display, text)
    assert message


@given(FORMULAS)
@example(r"\frac{\a = , \sum")
@example("a_{b = \\text{c}}'^{''}")
def test_formulas_of_pieces(text: str):
    check_formula(text)


@given(st.text(max_size=60))
def test_formulas_of_any_characters(text: str):
    check_formula(text)


@given(st.lists(st.one_of(FORMULAS, st.sampled_from(["$", "$$", "\n\n", "\n# 1 A\n", "`", "\\[", "\\]"])), max_size=8))
def test_documents(parts: list[str]):
    text = "".join(parts)
    document = read_document(text)
    end = 0
    for piece in document.pieces:
        assert end <= piece.place.start <= piece.place.end <= len(text)
        end = piece.place.end
    for formula in document.formulas:
        assert (formula.display is None) != (formula.error is None)
        if formula.display is not None:
            check(formula.display, text)


@given(st.binary(max_size=60))
def test_documents_of_any_bytes(content: bytes):
    read_document(content)
