"""The report as one JSON document; docs/prove-json.md says what is in it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from symbolic.derivation import EntryReport, StepReport
from symbolic.printing import as_text
from symbolic.verdict import Verdict, VerdictKind, Witness

from ..suite import MutantReport
from .outcome import Outcome, mutant_outcome
from .selection import kind_of

__all__ = ["FORMAT", "document"]

FORMAT = 1


def document(outcome: Outcome, plain: bool) -> dict[str, Any]:
    """The whole report; expressions are text for reading, in ASCII if ``plain``."""
    kinds = outcome.step_kinds
    return {
        "format": FORMAT,
        "exit_code": outcome.exit_code,
        "complete": not outcome.interrupted,
        "summary": {
            "entries": len(outcome.entries),
            "entries_as_expected": len(outcome.entries) - len(outcome.not_as_expected),
            "steps": sum(kinds.values()),
            **{kind.value.lower(): kinds[kind] for kind in VerdictKind},
            "seconds": round(outcome.seconds, 3),
        },
        "entries": [_entry(report, plain) for report in outcome.entries],
        "mutants": _mutants(outcome, plain) if outcome.with_mutants else None,
    }


def _entry(report: EntryReport, plain: bool) -> dict[str, Any]:
    entry = report.entry
    head = report.steps[-1].head if report.steps else None
    return {
        "name": entry.name,
        "title": entry.title,
        "kind": kind_of(entry),
        "sources": [{"document": source.document, "section": source.section} for source in entry.sources],
        "note": entry.note,
        "as_expected": report.as_expected,
        "steps": [_step(step, plain) for step in report.steps],
        "head": None if head is None else _verdict(head),
    }


def _step(report: StepReport, plain: bool) -> dict[str, Any]:
    step = report.step
    return {
        "label": step.label,
        "left": as_text(step.left, plain=plain),
        "right": as_text(step.right, plain=plain),
        "reason": step.reason,
        "given": [as_text(item, plain=plain) for item in step.given],
        "expected": step.expected.value,
        "as_expected": report.as_expected,
        "verdict": _verdict(report.verdict),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    found = verdict.counterexample
    return {
        "verdict": verdict.name,
        "exceptions": list(verdict.exceptions),
        "witness": None if verdict.witness is None else _point(verdict.witness),
        "counterexample": None
        if found is None
        else {"kind": found.kind, "left": found.left, "right": found.right, **_point(found)},
        "reason": verdict.reason,
        "layout": verdict.layout,
        "seconds": round(verdict.seconds, 6),
    }


def _point(point: Witness) -> dict[str, Any]:
    return {"sizes": point.sizes, "indices": point.indices, "values": point.values}


def _mutants(outcome: Outcome, plain: bool) -> dict[str, Any]:
    operators: dict[str, Counter[str]] = {}
    for report in outcome.mutants:
        operators.setdefault(report.mutant.operator, Counter())[_key(report)] += 1
    kinds = Counter(map(_key, outcome.mutants))
    keys = ("refuted", "equivalent", "refused", "undecided", "proved_by_mistake")
    return {
        "summary": {"mutants": len(outcome.mutants), **{key: kinds[key] for key in keys}},
        "operators": {name: {key: row[key] for key in keys} for name, row in operators.items()},
        "mutants": [_mutant(report, plain) for report in outcome.mutants],
    }


def _key(report: MutantReport) -> str:
    return mutant_outcome(report).replace(" ", "_")


def _mutant(report: MutantReport, plain: bool) -> dict[str, Any]:
    mutant = report.mutant
    return {
        "derivation": mutant.derivation,
        "step": mutant.step_label,
        "operator": mutant.operator,
        "before": as_text(mutant.before, plain=plain),
        "after": as_text(mutant.after, plain=plain),
        "equal_sizes": [[str(a), str(b)] for a, b in mutant.sizes],
        "left": as_text(mutant.left, plain=plain),
        "right": as_text(mutant.right, plain=plain),
        "outcome": _key(report),
        "differs_in_numbers": report.differs,
        "verdict": _verdict(report.verdict),
    }
