"""Macros: what they produce, where it stands, and that none of them goes on for ever."""

from __future__ import annotations

import pytest

from derivations.reading import ReadingError, read_document, read_formula
from derivations.reading.outline import outline


@pytest.mark.parametrize(
    ("definitions", "formula", "intended"),
    [
        (r"\newcommand{\R}{\mathbb{R}}", r"x \in \R^n", "(in x (^ blackboard:R n))"),
        (r"\newcommand\R{\mathbb{R}}", r"\R", "blackboard:R"),
        (r"\newcommand*{\R}{\mathbb{R}}", r"\R", "blackboard:R"),
        (r"\def\R{\mathbb{R}}", r"\R", "blackboard:R"),
        (r"\let\eps\varepsilon", r"\eps", "varepsilon"),
        (r"\let\eps=\varepsilon", r"\eps", "varepsilon"),
        (r"\newcommand{\p}[2]{\frac{\partial #1}{\partial #2}}", r"\p{L}{x}", "(partial L by x)"),
        (r"\newcommand{\p}[2]{\frac{\partial #1}{\partial #2}}", r"\p L{x_i}", "(partial L by (_ x i))"),
        (
            r"\newcommand{\p}[2][L]{\frac{\partial #1}{\partial #2}}",
            r"\p{x} \p[E]{y}",
            "(juxt (partial L by x) (partial E by y))",
        ),
        (r"\def\p#1#2{\frac{\partial #1}{\partial #2}}", r"\p{L}{x}", "(partial L by x)"),
        (r"\DeclareMathOperator{\softmax}{softmax}", r"\softmax(z)", "(call roman:softmax (() z))"),
        (r"\DeclareMathOperator*{\argmin}{arg\,min}", r"\argmin_x f", "(Big:argmin x . f)"),
        (r"\newcommand{\a}{b}\renewcommand{\a}{c}", r"\a", "c"),
        (r"\newcommand{\a}{\b}\newcommand{\b}{x}", r"\a", "x"),
        (r"\newcommand{\v}[1]{\mathbf{#1}}\newcommand{\x}{\v{x}}", r"\x^T \x", "(juxt (^ bold:x T) bold:x)"),
    ],
)
def test_macros_of_a_document(definitions: str, formula: str, intended: str):
    document = read_document(f"{definitions}\n\n${formula}$\n")
    assert document.errors == ()
    assert [outline(found.display) for found in document.formulas] == [intended]


def test_macros_defined_in_a_formula_hold_in_the_next():
    document = read_document(r"$$\newcommand{\a}{b} \a$$ and $\a$")
    assert [outline(found.display) for found in document.formulas] == ["b", "b"]


def test_what_a_macro_produces_stands_at_its_call_and_arguments_where_they_are_written():
    formula = r"\newcommand{\p}[1]{\frac{\partial L}{\partial #1}} a = \p{x_i}"
    statement = read_formula(formula).statements[0]
    derivative = statement.sides[1]
    start = formula.rindex(r"\p")
    assert derivative.place.start == start
    (by,) = derivative.by  # type: ignore[attr-defined]
    assert formula[by.place.start : by.place.end] == "x_i"
    assert formula[derivative.of.place.start : derivative.of.place.end] == r"\p{x_i}"  # type: ignore[attr-defined]


def test_an_error_in_a_macro_stands_at_its_call():
    formula = r"\newcommand{\a}{x^10} b = \a"
    (error,) = read_formula(formula).errors
    assert formula[error.place.start : error.place.end] == r"\a"


@pytest.mark.parametrize(
    ("formula", "met"),
    [
        (r"\def\a{\a} \a", "a macro that goes on and on"),
        (r"\def\a{\a\a} \a", "a macro that goes on and on"),
        (r"\def\a#1{\a{#1#1}} \a{xxxxxxxx}", "a macro that goes on and on"),
        (r"\newcommand{\a}{\b}\newcommand{\b}{\a} \a", "a macro that goes on and on"),
        (r"\newcommand{\p}[2]{#1 #2} \p{x}", "the end"),
        (r"\newcommand{\p}[1]{#2} \p{x}", r"# in \p"),
        (r"\newcommand{\p}[1]{#1", "{"),
        (r"\newcommand{p}{x}", r"\newcommand"),
        (r"\def\a#2{x}", "# in a definition"),
        (r"\newcommand", r"\newcommand"),
    ],
)
def test_macros_that_cannot_be_read(formula: str, met: str):
    with pytest.raises(ReadingError) as caught:
        read_formula(formula)
    assert caught.value.met == met


def test_a_bomb_of_many_formulas_stops_too():
    bomb = "".join(
        rf"\newcommand{{\{a}}}{{\{b}\{b}}}" for a, b in zip("abcdefghijklmnop", "bcdefghijklmnopq", strict=True)
    )
    document = read_document(bomb + r"\newcommand{\q}{x}" + "\n" + r"$\a$ " * 1000)
    assert all(formula.error is not None for formula in document.formulas)
