"""Every step of the documents against the tables that were written before the reader."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from derivations.checking import Report, check_with
from derivations.meaning.context import read_context
from symbolic import Judge

_ROOT = Path(__file__).parents[3]
_FIVE = _ROOT / "derivations" / "documents"
_OWN = _ROOT / "tests" / "derivations" / "documents" / "own"
_ALL = [path.with_name(path.name.removesuffix(".steps.toml")) for d in (_FIVE, _OWN) for path in d.glob("*.steps.toml")]


_REPORTS: dict[Path, Report] = {}


def checked(stem: Path, judge: Judge) -> Report:
    """The report on a document of ours."""
    if stem not in _REPORTS:
        context = read_context(Path(f"{stem}.context.md").read_text(), "context")
        _REPORTS[stem] = check_with(judge, Path(f"{stem}.md").read_text(), context, stem.name)
    return _REPORTS[stem]


def expected(stem: Path) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = tomllib.loads(Path(f"{stem}.steps.toml").read_text())["step"]
    return steps


@pytest.mark.parametrize("stem", sorted(_ALL), ids=lambda stem: stem.name)
def test_steps_are_as_the_table_says(stem: Path, judge: Judge) -> None:
    report = checked(stem, judge)
    assert not report.problems
    said = [
        (step.section, "".join(step.lhs.split()), step.kind, step.link, step.head, step.slip is not None)
        for step in report.steps
    ]
    table = [
        (e["section"], "".join(e["lhs"].split()), e["kind"], e.get("link"), e.get("head"), bool(e["slip"]))
        for e in expected(stem)
    ]
    assert said == table


def test_few_steps_are_undecided(judge: Judge) -> None:
    reports = [checked(stem, judge) for stem in sorted(_ALL) if stem.parent == _FIVE]
    links = [step.link for report in reports for step in report.steps if step.link is not None]
    assert links.count("UNDECIDED") <= 0.02 * len(links)
