"""What is said of a formula that cannot be read: where, what was met, what was expected, how to mend it."""

from __future__ import annotations

import pytest

from derivations.reading import ReadingError, read_document, read_formula
from derivations.reading.syntax import Unreadable


def only_error(formula: str) -> ReadingError:
    (error,) = read_formula(formula, "homework.md").errors
    return error


def test_the_whole_message():
    error = only_error("y = x^10 + 1")
    assert str(error) == (
        "homework.md:1:6: met '^10', of which TeX takes only the first character, expected braces; write ^{10}\n"
        "  y = x^10 + 1\n"
        "       ^^^"
    )
    assert (error.met, error.expected, error.mend) == (
        "'^10', of which TeX takes only the first character",
        "braces",
        "write ^{10}",
    )


def test_the_caret_stands_under_the_place_in_a_long_line():
    error = only_error("x + " * 100 + r"\foo" + " + y" * 100)
    message = str(error).splitlines()
    assert message[1].startswith("  ...x + ")
    assert message[1].endswith("...")
    column = message[2].index("^")
    assert message[1][column : column + 4] == r"\foo"
    assert message[2].count("^") == 4


def test_lines_and_columns_count_from_one_in_the_document():
    document = read_document("Text.\r\n\r\nMore $a = \\foo$ and\n$$\nb =\n  (c\n$$\n", "notes.md")
    first, second = (formula.display.errors[0] for formula in document.formulas if formula.display)
    assert document.source.position(first.place.start) == (3, 11)
    assert document.source.position(second.place.start) == (6, 3)
    assert str(first).splitlines() == [
        "notes.md:3:11: met \\foo, expected a command that the reader knows; "
        "if it is a macro, define it with \\newcommand; if it is a name, write \\operatorname{...}",
        "  More $a = \\foo$ and",
        "            ^^^^",
    ]


def test_control_characters_do_not_reach_the_terminal():
    message = str(only_error("a \x1b[31m b"))
    assert "met the character U+001B" in message
    assert "\x1b" not in message


@pytest.mark.parametrize(
    ("formula", "readable"),
    [
        (r"a = \foo = c", [True, False, True]),
        (r"a = (b = c", [True, False, True]),
        (r"a = \frac{b = c", [True, False]),  # the open brace may hold all of the rest
        (r"a = b + = c", [True, False, True]),
        (r"\begin{split} a &= \foo \\ &= c \end{split}", [True, False, True, True]),
        (r"a = b \quad \text{if } \foo", [True, True]),
    ],
)
def test_one_side_does_not_spoil_the_others(formula: str, readable: list[bool]):
    sides = [side for statement in read_formula(formula).statements for side in statement.sides]
    assert [not isinstance(side, Unreadable) for side in sides] == readable
    assert read_formula(formula).errors


def test_the_broken_end_of_a_repeated_chain():
    factor = r"a_2 \cdot (1 - a_2) \cdot V^{\top} \cdot (t - a) \cdot a_1^{\top}"
    formula = " = ".join([r"\frac{\partial O}{\partial W}", *[factor] * 20, factor + r" \cdot (t"])
    (statement,) = read_formula(formula).statements
    assert [isinstance(side, Unreadable) for side in statement.sides] == [False] * 21 + [True]
    (error,) = read_formula(formula).errors
    assert error.place.start == len(formula) - 2
    assert error.met == "'(' that is never closed"


def test_what_is_missing_is_pointed_at_right_behind_what_is_there():
    error = only_error("a + ")
    assert (error.place.start, error.place.end) == (3, 3)
    error = only_error(r"x = \frac{a}{b} \cdot")
    assert (error.met, error.place.start) == ("the end", 21)
