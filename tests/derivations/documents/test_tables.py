"""The expected steps of the five documents: their form, their sides, and the documents that they belong to.

With DERIVATIONS_DOCUMENTS set to the folder of the documents as handed out, the transcriptions are compared with them.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "derivations" / "documents"
TABLES = sorted(FOLDER.glob("*.steps.toml")) + sorted((Path(__file__).parent / "own").glob("*.steps.toml"))
FIVE = [table for table in TABLES if table.parent == FOLDER]

VERDICTS = {"PROVED", "REFUTED", "UNDECIDED", "UNREADABLE"}
JUDGED = {"claim": ("link", "head"), "numeric": ("link", "head"), "shape": ("link",)}
UNJUDGED = ("definition", "assumption", "update", "prose")
KEYS = {"section", "place", "line", "lhs", "rhs", "relation", "kind", "slip", "reason"}

FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$]+?\$", re.DOTALL)
REMARK = re.compile(r"\\text\{[^{}]* [^{}]*\}")
HEADING = re.compile(r"^#+ +(?:Part )?(?P<number>Exercise \d+|[A-Z]?\d+(?:\.\d+)*)(?= |$|:)", re.MULTILINE)
CITATION = re.compile(r"^\((?P<number>[^()]+)\) ")


def name_of(table: Path) -> str:
    return table.name.removesuffix(".steps.toml")


def steps_of(table: Path) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = tomllib.loads(table.read_text(encoding="utf-8"))["step"]
    return steps


def beside(table: Path, ending: str) -> str:
    return table.with_name(name_of(table) + ending).read_text(encoding="utf-8")


def section_at(text: str, position: int) -> str:
    """The number of the last numbered heading before a position."""
    numbers = [heading["number"] for heading in HEADING.finditer(text, 0, position)]
    return numbers[-1] if numbers else ""


def begins_chain(before: dict[str, Any] | None, step: dict[str, Any]) -> bool:
    return before is None or before["section"] != step["section"] or before["rhs"] != step["lhs"]


each_table = pytest.mark.parametrize("table", TABLES, ids=name_of)


@each_table
def test_form(table: Path) -> None:
    assert tomllib.loads(table.read_text(encoding="utf-8"))["document"] == name_of(table)
    for step in steps_of(table):
        judged = JUDGED.get(step["kind"], ())
        assert judged or step["kind"] in UNJUDGED, step
        assert step.keys() == KEYS | set(judged), step
        assert {step[key] for key in judged} <= VERDICTS, step
        assert step["reason"].strip(), step
        assert step["lhs"] == step["lhs"].strip(), step
        assert step["rhs"] == step["rhs"].strip(), step


@each_table
def test_places_are_consecutive(table: Path) -> None:
    count: Counter[str] = Counter()
    for step in steps_of(table):
        count[step["section"]] += 1
        assert step["place"] == count[step["section"]], step
    assert all(one["line"] <= two["line"] for one, two in pairwise(steps_of(table)))


@each_table
def test_first_link_of_a_chain_is_its_head(table: Path) -> None:
    before = None
    for step in steps_of(table):
        if begins_chain(before, step) and "head" in step:
            assert step["link"] == step["head"], step
        before = step


@each_table
def test_sides_stand_in_the_document_in_order(table: Path) -> None:
    text = beside(table, ".md")
    here, before = 0, None
    for step in steps_of(table):
        start = text.find(step["lhs"], here) if begins_chain(before, step) else here - len(step["lhs"])
        assert text.startswith(step["lhs"], start), step
        here = text.find(step["rhs"], start + len(step["lhs"]))
        assert here >= 0, step
        assert section_at(text, here) == step["section"], step
        here, before = here + len(step["rhs"]), step


@each_table
def test_every_declaration_cites_a_section_of_the_document(table: Path) -> None:
    sections = {heading["number"] for heading in HEADING.finditer(beside(table, ".md"))}
    context = re.sub(r"\A---\n.*?\n---\n", "", beside(table, ".context.md"), flags=re.DOTALL)
    for line in context.splitlines():
        heading = HEADING.match(line)
        citation = CITATION.match(line)
        if heading:
            assert heading["number"] in sections, line
        elif "$" in line:
            assert citation, line
            assert citation["number"] in sections, line


def handed_out(table: Path) -> str:
    folder = os.environ.get("DERIVATIONS_DOCUMENTS")
    if not folder:
        pytest.skip("DERIVATIONS_DOCUMENTS is not set")
    return (Path(folder) / f"{name_of(table)}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", FIVE, ids=name_of)
def test_transcription_has_the_formulas_of_the_document(table: Path) -> None:
    """To the letter, but for remarks of several words inside formulas."""
    theirs, ours = (
        [REMARK.sub("", formula) for formula in FORMULA.findall(text)]
        for text in (handed_out(table), beside(table, ".md"))
    )
    assert ours == theirs


@each_table
def test_right_sides_stand_on_their_lines(table: Path) -> None:
    lines = (handed_out(table) if table in FIVE else beside(table, ".md")).splitlines()
    assert [step for step in steps_of(table) if step["rhs"] not in lines[step["line"] - 1]] == []


@pytest.mark.parametrize("table", FIVE, ids=name_of)
def test_transcription_takes_no_sentence_over(table: Path) -> None:
    """No six words in a row of the document stand between the formulas of the transcription or the context."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"[a-z]+", FORMULA.sub(" ; ", text).lower())
        return set(zip(*(words[shift:] for shift in range(6)), strict=False))

    ours = runs(beside(table, ".md")) | runs(beside(table, ".context.md"))
    assert ours & runs(handed_out(table)) == set()
