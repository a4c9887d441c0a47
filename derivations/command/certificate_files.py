"""Certificates as files: one for each step, named after the entry."""

from __future__ import annotations

from pathlib import Path

from symbolic.derivation import EntryReport

__all__ = ["write"]


def write(report: EntryReport, directory: Path) -> int:
    """Writes the certificates of an entry's verdicts, ``NAME.STEP.json`` and ``NAME.head.json``; how many."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = {str(number): step.verdict.certificate for number, step in enumerate(report.steps, 1)}
    head = report.steps[-1].head if report.steps else None
    texts["head"] = head.certificate if head is not None else ""
    written = {part: text for part, text in texts.items() if text}
    for part, text in written.items():
        (directory / f"{report.entry.name}.{part}.json").write_text(text, encoding="utf-8")
    return len(written)
