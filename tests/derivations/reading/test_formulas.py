"""The reading table: what every formula must be read as, and which must be refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from derivations.reading import ReadingError, read_formula
from derivations.reading.outline import outline
from derivations.reading.syntax import Node, Number, Statement, Symbol, children, walk

GROUPS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("formulas.toml").read_text("utf-8"))["group"]
READ = [(group["about"], formula, intended) for group in GROUPS for formula, intended in group.get("read", ())]
REFUSED = [(group["about"], formula, reason) for group in GROUPS for formula, reason in group.get("refused", ())]


def by_group(cases: list[tuple[str, str, str]]) -> list[Any]:
    """One test for each group: a test for each formula would take longer to set up than to run."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for about, formula, wanted in cases:
        groups.setdefault(about, []).append((formula, wanted))
    return [pytest.param(formulas, id=about) for about, formulas in groups.items()]


def test_the_table_is_as_large_as_promised():
    assert len({formula for _, formula, _ in READ}) >= 300
    assert len({formula for _, formula, _ in REFUSED}) >= 60


@pytest.mark.parametrize("formulas", by_group(READ))
def test_formulas_are_read_as_intended(formulas: list[tuple[str, str]]):
    found = {formula: outline(read_formula(formula)) for formula, _ in formulas}
    assert found == dict(formulas)


@pytest.mark.parametrize("formulas", by_group(REFUSED))
def test_formulas_are_refused_for_the_reason(formulas: list[tuple[str, str]]):
    for formula, reason in formulas:
        assert any(reason in message for message in refusals(formula)), (formula, reason, refusals(formula))


def refusals(formula: str) -> list[str]:
    try:
        return [error.summary for error in read_formula(formula).errors]
    except ReadingError as error:
        return [error.summary]


def test_places_nest_and_leaves_stand_where_they_are_written():
    for _, formula, _ in READ:
        display = read_formula(formula)
        for node in walk(display):
            assert 0 <= node.place.start <= node.place.end <= len(formula)
            beside = (*node.conditions, *node.remarks) if isinstance(node, Statement) else ()
            for child in children(node):
                if any(child is each for each in beside):
                    continue
                assert node.place.start <= child.place.start <= child.place.end <= node.place.end, (formula, child)
            if isinstance(node, (Symbol, Number)) and not node.style:
                check_leaf(node, formula[node.place.start : node.place.end])


def check_leaf(node: Node, written: str) -> None:
    """A leaf without a font is written as its name, with or without a backslash, in braces or as a character."""
    text = node.name if isinstance(node, Symbol) else node.text if isinstance(node, Number) else ""
    if written.isascii() and not getattr(node, "accents", ()):
        assert text in written.replace("{,}", "").replace("\\", ""), (text, written)
