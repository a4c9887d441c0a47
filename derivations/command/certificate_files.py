"""Certificates as files: one for each step, named after the entry, or after the document and the line."""

from __future__ import annotations

from pathlib import Path

from symbolic.derivation import EntryReport

from ..checking import Report

__all__ = ["write", "write_of_document"]


def write(report: EntryReport, directory: Path) -> int:
    """Writes the certificates of an entry's verdicts, ``NAME.STEP.json`` and ``NAME.head.json``; how many."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = {str(number): step.verdict.certificate for number, step in enumerate(report.steps, 1)}
    head = report.steps[-1].head if report.steps else None
    texts["head"] = head.certificate if head is not None else ""
    return _written(report.entry.name, texts, directory)


def write_of_document(report: Report, directory: Path) -> int:
    """Writes the certificates of a document's links and heads, ``NAME.LINE.STEP.json`` and ``.head.json``; how many."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = dict[str, str]()
    for number, step in enumerate(report.steps, 1):
        link = step.link_verdict.certificate if step.link_verdict is not None else ""
        head = step.head_verdict.certificate if step.head_verdict is not None else ""
        texts |= {f"{step.line}.{number}": link, f"{step.line}.{number}.head": "" if head == link else head}
    return _written(Path(report.document).stem, texts, directory)


def _written(name: str, texts: dict[str, str], directory: Path) -> int:
    written = {part: text for part, text in texts.items() if text}
    for part, text in written.items():
        (directory / f"{name}.{part}.json").write_text(text, encoding="utf-8")
    return len(written)
