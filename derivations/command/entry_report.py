"""What is said about an entry: one line, its failures, or every line with its reason and verdict."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.text import Text

from symbolic.derivation import EntryReport, StepReport
from symbolic.verdict import VerdictKind, Witness

from .page import Page
from .selection import kind_of

__all__ = ["brief", "explain", "failures"]

_WIDEST_NAME, _NARROWEST_NAME, _WORDS = 50, 30, 42  # columns
_LONGEST_EXCEPTION, _WIDEST_LABEL, _SHORT = 40, 14, 16


def brief(report: EntryReport, page: Page) -> None:
    """The entry on one line, and its failures below it."""
    mark = page.sign(_state(report))
    room = max(_NARROWEST_NAME, min(_WIDEST_NAME, page.console.width - _WORDS))
    name = Text(report.entry.name.ljust(room), style="bold" if not report.as_expected else "")
    line = Text.assemble(mark, " ", name, " ", (_in_words(report), "dim" if report.as_expected else ""))
    page.print(line)
    failures(report, page)


def _state(report: EntryReport) -> str:
    if report.as_expected:
        return "right"
    undecided = all(s.as_expected or s.verdict.kind is VerdictKind.UNDECIDED for s in report.steps)
    return "open" if undecided else "wrong"


def _in_words(report: EntryReport) -> str:
    if kind_of(report.entry) == "erratum":
        words = [f"{step.step.label}: {step.verdict.name.lower()}" for step in report.steps]
        return ", ".join(words) + _exceptions(report)
    counts = Counter(step.verdict.name.lower() for step in report.steps)
    unit = "line" if kind_of(report.entry) == "derivation" else "step"
    parts: list[str] = []
    for word, count in counts.items():
        parts.append(f"{count} {unit}{'s' * (count > 1)} {word}" if not parts else f"{count} {word}")
    return ", ".join(parts) + _exceptions(report)


def _exceptions(report: EntryReport) -> str:
    found = list(dict.fromkeys(e for step in report.steps for e in step.verdict.exceptions))
    if not found:
        return ""
    text = "; ".join(found)
    return f", except at {text}" if len(text) <= _LONGEST_EXCEPTION else ", except at kinks (--explain names them)"


def failures(report: EntryReport, page: Page) -> None:
    """Every step whose verdict is not the expected one: its label, both lines, the verdict with its evidence."""
    for step in report.steps:
        if step.as_expected:
            continue
        page.indented(Text(f"{report.entry.name}, {step.step.label} ({step.step.reason})", "bold"), 4)
        page.labelled("", page.expression(step.step.left), 8)
        page.labelled("      = ", page.expression(step.step.right), 8)
        text = f"expected {step.step.expected.value.lower()}, but {page.verdict(step.verdict)}"
        page.labelled("", text, 6, style="yellow" if step.verdict.name == "UNDECIDED" else "red")
    head = report.steps[-1].head if report.steps else None
    if head is not None and not report.as_expected:
        page.labelled("", f"the closed form against the start: {page.verdict(head)}", 4)


def explain(report: EntryReport, page: Page) -> None:
    """The whole entry as on a blackboard: what is given, every line, its reason, its verdict and the witness."""
    entry = report.entry
    page.print(Text(entry.name, "bold"))
    page.indented(entry.title, 2)
    sources = "; ".join(map(str, entry.sources))
    if sources:
        page.indented(f"source: {sources}", 2, "dim")
    if entry.note:
        page.indented(f"note: {entry.note}", 2, "dim")
    page.print()
    labels = [len(step.step.label) for step in report.steps]
    column = max((label for label in labels if label <= _WIDEST_LABEL), default=len("given")) + len("    = ")
    common = _common_given(report)
    for position, text in enumerate(_run_together([page.expression(item) for item in common], page)):
        page.labelled("  given" if position == 0 else "", text, column)
    if common:
        page.print()
    _lines(report, common, column, page)
    if report.steps and report.steps[-1].head is not None:
        _head(report, column, page)
    page.print()


def _common_given(report: EntryReport) -> list[Any]:
    """What is given in every step."""
    every = [step.step.given for step in report.steps]
    return [item for item in every[0] if all(item in given for given in every)] if every else []


def _run_together(items: list[str], page: Page) -> list[str]:
    """Short equations that follow each other, such as given numbers, share a line."""
    together: list[str] = []
    for previous, item in zip(["", *items], items, strict=False):
        if together and _is_short(previous) and _is_short(item):
            together[-1] += f", {page.glued(item)}"
        else:
            together.append(page.glued(item) if _is_short(item) else item)
    return together


def _is_short(item: str) -> bool:
    return len(item) <= _SHORT and ":=" not in item


def _lines(report: EntryReport, common: list[Any], column: int, page: Page) -> None:
    shown: list[str] = []
    witness: Witness | None = None
    for step in report.steps:
        left = page.expression(step.step.left)
        if not shown or left not in (shown[0], shown[-1]):
            page.labelled("  from" if shown else "  start", left, column)
            shown = shown or [left]
        right = page.expression(step.step.right)
        shown.append(right)
        label = f"  {step.step.label}"
        if len(step.step.label) > _WIDEST_LABEL:
            page.print(label)
            label = ""
        page.labelled(Text.assemble(label.ljust(column - 2), ("= ", "dim")), right, column)
        if step.step.reason != report.entry.title:
            page.indented(step.step.reason, column, "italic dim")
        for item in step.step.given:
            if item not in common:
                page.indented(f"given {page.expression(item)}", column, "dim")
        same = step.verdict.witness is None or step.verdict.witness == witness
        page.indented(_verdict_line(step, page, with_witness=not same), column)
        witness = step.verdict.witness or witness


def _verdict_line(step: StepReport, page: Page, with_witness: bool) -> Text:
    words = page.verdict(step.verdict)
    if not step.as_expected:
        words = f"expected {step.step.expected.value.lower()}, but {words}"
    elif step.step.expected is VerdictKind.REFUTED:
        words = words.replace("refuted", "refuted, as expected", 1)
    line = Text.assemble(page.mark(step), " ", words)
    if with_witness and step.verdict.witness is not None:
        line.append(f"; witness: {page.point(step.verdict.witness)}", "dim")
    return line


def _head(report: EntryReport, column: int, page: Page) -> None:
    head = report.steps[-1].head
    assert head is not None
    start, end = report.steps[0].step.left, report.steps[-1].step.right
    page.labelled("  so", page.expression(start), column)
    page.labelled(Text("= ".rjust(column), "dim"), page.expression(end), column)
    sign = {VerdictKind.PROVED: "right", VerdictKind.REFUTED: "wrong", VerdictKind.UNDECIDED: "open"}[head.kind]
    page.indented(Text.assemble(page.sign(sign), " ", page.verdict(head)), column)
