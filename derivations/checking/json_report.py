"""The report as one JSON object; docs/check-json.md says what is in it."""

from __future__ import annotations

from typing import Any

from .results import NAMES, Report, StepResult

__all__ = ["FORMAT", "as_json"]

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


def _step(step: StepResult) -> dict[str, Any]:
    return {name: getattr(step, name) for name in _FIELDS}
