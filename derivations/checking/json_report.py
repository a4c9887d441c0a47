"""The report as one JSON object; docs/check-json.md says what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .results import NAMES, Report, StepResult, exit_code_of

__all__ = ["FORMAT", "all_as_json", "as_json"]

FORMAT = 1

_FIELDS = (
    "document",
    "section",
    "line",
    "column",
    "lhs",
    "rhs",
    "relation",
    "kind",
    "link",
    "head",
    "slip",
    "layout",
    "reading",
    "counterexample",
    "message",
)


def as_json(report: Report) -> dict[str, Any]:
    """The whole report as JSON values."""
    verdicts = report.verdicts
    return {
        "format": FORMAT,
        "document": report.document,
        "exit_code": report.exit_code,
        "complete": report.complete,
        "problems": list(report.problems),
        "summary": {
            "steps": len(report.steps),
            **{name.lower(): verdicts[name] for name in NAMES},
            "slips": sum(step.slip is not None for step in report.steps),
            "seconds": round(report.seconds, 3),
        },
        "steps": [_step(step) for step in report.steps],
    }


def all_as_json(reports: Sequence[Report]) -> dict[str, Any]:
    """Several reports as JSON values."""
    return {
        "format": FORMAT,
        "exit_code": exit_code_of(reports),
        "complete": all(report.complete for report in reports),
        "documents": [as_json(report) for report in reports],
    }


def _step(step: StepResult) -> dict[str, Any]:
    return {name: getattr(step, name) for name in _FIELDS}
