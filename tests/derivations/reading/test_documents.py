"""The five documents: how many formulas they have, and exactly what in them cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

import derivations
from derivations.reading import Document, read_document

FOLDER = Path(derivations.__file__).parent / "documents"
FORMULAS = {
    "000_e684565acf2280c2": 23,
    "001_592b6b16dab3915e": 20,
    "002_c01bd2233d4021c3": 21,
    "003_a592d850349715ea": 38,
    "004_9eb3eaf93dd1b904": 101,
}
UNREADABLE = {
    "000_e684565acf2280c2": [
        r"\partial on one side of the line only",
        "a brace { that is never closed",
        r"\partial on one side of the line only",
    ],
    "001_592b6b16dab3915e": [
        "'(' that is never closed",
        r"nothing behind \partial below the line",
        "'(' that is never closed",
    ],
    "002_c01bd2233d4021c3": ["nothing in braces"],
}


def read(name: str) -> Document:
    path = FOLDER / f"{name}.md"
    return read_document(path.read_bytes(), path.name)


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_is_found_and_only_the_ill_formed_are_refused(name: str):
    document = read(name)
    assert document.errors == ()
    assert len(document.formulas) == FORMULAS[name]
    assert [formula.error for formula in document.formulas if formula.error] == []
    refused = [error.met for formula in document.formulas if formula.display for error in formula.display.errors]
    assert refused == UNREADABLE.get(name, [])


def test_slips_of_notation_are_noted():
    slips = [
        (slip.written, slip.taken_for)
        for formula in read("000_e684565acf2280c2").formulas
        if formula.display
        for slip in formula.display.slips
    ]
    assert slips == [(". *", ".*"), (r"\cdot *", ".*"), (". *", ".*")]


@pytest.mark.parametrize("name", FORMULAS)
def test_contexts_are_read_whole(name: str):
    path = FOLDER / f"{name}.context.md"
    document = read_document(path.read_bytes(), path.name)
    assert document.errors == ()
    assert [error for formula in document.formulas if formula.display for error in formula.display.errors] == []
