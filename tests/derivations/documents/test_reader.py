"""What is answered for every step of the documents, beside the tables that were written before there was a reader.

With DERIVATIONS_DOCUMENTS set to the folder of the documents as handed out, these are checked too.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from derivations.checking import check

ROOT = Path(__file__).resolve().parents[3]
FIVE = ROOT / "derivations" / "documents"
OWN = Path(__file__).parent / "own"
EXACT = ("section", "lhs", "rhs", "relation", "kind")


def name_of(table: Path) -> str:
    return table.name.removesuffix(".steps.toml")


def differences(table: Path, text: str) -> list[str]:
    """Where the answers differ from the table."""
    context = table.with_name(name_of(table) + ".context.md").read_text(encoding="utf-8")
    steps: list[dict[str, Any]] = tomllib.loads(table.read_text(encoding="utf-8"))["step"]
    report = check(text, context, name=name_of(table), jobs=1)
    assert report.problems == []
    assert len(report.steps) == len(steps)
    found = []
    for step, answer in zip(steps, report.steps, strict=True):
        expected = {key: step[key] for key in EXACT} | {"link": step.get("link"), "head": step.get("head")}
        answered = {key: getattr(answer, key) for key in expected}
        slips = bool(step["slip"]), bool(answer.slip)
        if answered != expected or slips[0] != slips[1]:
            place = f"{step['section']} {step['place']}: {step['lhs']} {step['relation']} {step['rhs']}"
            wrong = [
                f"{key}: {answered[key]}, not {expected[key]}" for key in expected if answered[key] != expected[key]
            ]
            wrong += [f"slip: {answer.slip}"] if slips[0] != slips[1] else []
            found.append(f"{place} -- {'; '.join(wrong)} ({answer.message})")
    return found


@pytest.mark.parametrize("table", sorted(OWN.glob("*.steps.toml")), ids=name_of)
def test_documents_in_other_styles(table: Path) -> None:
    assert differences(table, table.with_name(name_of(table) + ".md").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("table", sorted(FIVE.glob("*.steps.toml")), ids=name_of)
def test_transcriptions(table: Path) -> None:
    assert differences(table, table.with_name(name_of(table) + ".md").read_text(encoding="utf-8")) == []


@pytest.mark.slow
@pytest.mark.parametrize("table", sorted(FIVE.glob("*.steps.toml")), ids=name_of)
def test_documents_as_handed_out(table: Path) -> None:
    folder = os.environ.get("DERIVATIONS_DOCUMENTS")
    if not folder:
        pytest.skip("DERIVATIONS_DOCUMENTS is not set")
    text = (Path(folder) / f"{name_of(table)}.txt").read_text(encoding="utf-8")
    assert differences(table, text) == []
