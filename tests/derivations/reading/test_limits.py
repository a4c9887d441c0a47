"""Whatever comes, an answer comes, soon, and says what was too much."""

from __future__ import annotations

import random
import time
from dataclasses import fields

import pytest

from derivations.reading import read_document
from derivations.reading.limits import LIMITS

SECONDS = 10.0  # each takes well under 3 on an idle machine
RANDOM = random.Random(1)
TEX = [
    r"\frac",
    "{",
    "}",
    "$",
    "a",
    "_",
    "^",
    r"\sum",
    "=",
    r"\\",
    "&",
    r"\left(",
    r"\right)",
    r"\begin{cases}",
    "\n\n",
]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("x$" * 5_000_000, "met a text of 10000000 characters, expected at most 1000000", id="10 MB"),
        pytest.param("$" + "{" * 100_000 + "$", "met a formula of 100000 characters", id="10^5 braces"),
        pytest.param("$" + "{" * 10_000 + "$", "met 41 brackets inside each other, expected at most 40", id="braces"),
        pytest.param("$" + "(" * 10_000 + "$", "met 41 brackets inside each other, expected at most 40", id="brackets"),
        pytest.param("$" + "9" * 61 + "$", "met a number of 61 digits, expected at most 60", id="digits"),
        pytest.param("$x$ " * 5001, "met formula 5001, expected at most 5000", id="formulas"),
        pytest.param("\\[" * 2000, "met error 1001, expected at most 1000", id="errors"),
        pytest.param("\\def\\a{x}" * 501, "met macro number 501, expected at most 500 macros", id="macros"),
        pytest.param("$" + "\\sum " * 3000 + "$", "met too many constructs inside each other", id="sums"),
        pytest.param("$" + "\\log " * 3000 + "$", "met too many constructs inside each other", id="functions"),
        pytest.param("$" + "\\sqrt " * 3000 + "$", "met too many constructs inside each other", id="roots"),
        pytest.param("$" + "-" * 19_000 + "$", "met several signs in a row", id="signs"),
    ],
)
def test_limits_are_named(text: str, message: str):
    started = time.perf_counter()
    assert message in messages(text)
    assert time.perf_counter() - started < SECONDS


def messages(text: str | bytes) -> str:
    document = read_document(text)
    errors = list(document.errors)
    for formula in document.formulas:
        errors += [formula.error] if formula.error else formula.display.errors if formula.display else []
    return "\n".join(error.summary for error in errors)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("$" * 300_000, id="dollars"),
        pytest.param("`" * 300_000, id="backticks"),
        pytest.param("` " * 150_000, id="code"),
        pytest.param("<!--" * 75_000, id="comments"),
        pytest.param("\\" * 300_000 + "$", id="backslashes"),
        pytest.param("$1" * 150_000, id="amounts"),
        pytest.param("#\n" * 150_000, id="headings"),
        pytest.param("\n" * 300_000, id="empty lines"),
        pytest.param("\\newcommand{" * 25_000, id="definitions"),
        pytest.param("\\begin{align}" * 23_000, id="environments"),
        pytest.param("".join(RANDOM.choices("abc$\\{}[]()^_&=|-+\n #%`1.:,", k=150_000)), id="junk"),
        pytest.param("".join(RANDOM.choices(TEX, k=60_000)), id="junk of TeX"),
        pytest.param(RANDOM.randbytes(150_000), id="bytes"),
        pytest.param("$" + "|x" * 9000 + "$", id="bars"),
        pytest.param("$" + "x=1," * 4900 + "$", id="commas"),
        pytest.param("$" + r"x\cdot " * 2800 + "x$", id="a long product"),
        pytest.param("$" + "x+" * 9000 + "x$", id="a long sum"),
        pytest.param("$" + r"x=1\\" * 3900 + "$", id="rows"),
        pytest.param("$" + r"\text{if }x " * 1600 + "$", id="conditions"),
        pytest.param("$x" + "'" * 19_000 + "$", id="primes"),
        pytest.param("$" + r"\begin{cases}" * 40 + "$", id="open tables"),
        pytest.param("$9^{9^{9^9}}$", id="a tower, which nobody evaluates"),
        pytest.param("$a\x00b\x07c\x1b[31m\ud800\u202e$", id="control characters"),
    ],
)
def test_junk_is_answered_soon(text: str | bytes):
    started = time.perf_counter()
    messages(text)
    assert time.perf_counter() - started < SECONDS


def test_nesting_within_the_limit_is_read():
    depth = LIMITS.nesting
    for opening, closing in (
        ("{", "}"),
        ("(", ")"),
        (r"\sqrt{", "}"),
        (r"\frac{1}{", "}"),
        ("x_{", "}"),
        (r"\left(", r"\right)"),
    ):
        assert messages(f"${opening * (depth - 1)}x{closing * (depth - 1)}$") == "", opening


def test_every_limit_is_tested():
    assert {field.name for field in fields(LIMITS)} == {
        *("document_length", "formulas", "errors", "formula_length", "nesting", "digits"),
        *("macros", "macro_length", "macro_steps", "macro_steps_in_all"),
    }
