"""What a person reads: every step with its place, its formula and its verdict, and what is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.text import Text

from .results import NAMES, Report, StepResult

__all__ = ["Paper", "write_overview", "write_report", "write_summary"]

_SIGNS = {"PROVED": "right", "REFUTED": "wrong", "UNDECIDED": "open", "UNREADABLE": "open"}
_INDENT = 14


class Paper(Protocol):
    """What is written on: a page of the command line."""

    plain: bool

    def print(self, text: str | Text = "") -> None: ...

    def labelled(self, label: str | Text, text: str | Text, depth: int, style: str = "") -> None: ...

    def sign(self, name: str) -> Text: ...

    def shortened(self, text: str) -> Text: ...


def write_report(report: Report, page: Paper, *, explain: bool) -> None:
    """All steps, section by section; without ``explain`` what is right or a definition takes one line."""
    for problem in report.problems:
        page.labelled(Text("  note", "yellow"), problem, _INDENT, "yellow")
    section: str | None = None
    for step in report.steps:
        if step.section != section:
            section = step.section
            page.print()
            page.print(Text(section or "(no heading)", "bold"))
        _write_step(step, page, explain)


def _write_step(step: StepResult, page: Paper, explain: bool) -> None:
    label = Text(f"{step.line:5}  ")
    label.append_text(_sign(step, page))
    label.append(" ")
    words = _in_words(step)
    if _is_quiet(step) and not explain:
        page.print(
            page.shortened(f"{label.plain} {words}: {_one_line(step.lhs)} {step.relation} {_one_line(step.rhs)}")
        )
        return
    page.labelled(label, Text(words, _style(step)), _INDENT)
    page.labelled("", f"{_one_line(step.lhs)} {step.relation} {_one_line(step.rhs)}", _INDENT)
    for name, text in _details(step, explain):
        page.labelled("", Text.assemble((f"{name}: ", "dim"), text), _INDENT)


def _is_quiet(step: StepResult) -> bool:
    return step.link in (None, "PROVED") and step.head in (None, "PROVED") and not step.slip


def _sign(step: StepResult, page: Paper) -> Text:
    said = [name for name in (step.link, step.head) if name is not None]
    if not said:
        return Text("-" if page.plain else "·", "dim")
    for name in ("REFUTED", "UNREADABLE", "UNDECIDED"):
        if name in said:
            return page.sign(_SIGNS[name])
    return page.sign("open" if step.slip else "right")


def _style(step: StepResult) -> str:
    if "REFUTED" in (step.link, step.head):
        return "red"
    return "" if _is_quiet(step) else "yellow"


def _in_words(step: StepResult) -> str:
    if step.link is None:
        return step.kind
    kind = "" if step.kind == "claim" else f" ({step.kind})"
    words = f"{step.link.lower()}{kind}"
    if step.head is not None and step.head != step.link:
        words += f"; against the head of the chain: {step.head.lower()}"
    return words


def _details(step: StepResult, explain: bool) -> list[tuple[str, str]]:
    details = [("slip", step.slip), ("counterexample", step.counterexample), ("because", step.message)]
    details += [("layout", step.layout)]
    if explain or step.link in ("REFUTED", "UNREADABLE"):
        details += [("read as", step.reading)]
    if explain and step.link_verdict is not None and step.link_verdict.witness is not None:
        details += [("witness", str(step.link_verdict.witness))]
    return [(name, text) for name, text in details if text]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def write_summary(report: Report, page: Paper) -> None:
    """How many steps of which kind and verdict, and what that comes to."""
    kinds: dict[str, int] = {}
    for step in report.steps:
        kinds[step.kind] = kinds.get(step.kind, 0) + 1
    total = len(report.steps)
    page.print()
    counted = ", ".join(
        f"{count} {kind}{'s' if count > 1 and kind not in _SAME else ''}" for kind, count in kinds.items()
    )
    page.print(f"{total} step{'s' * (total != 1)}" + (f": {counted}" if counted else ""))
    verdicts = report.verdicts
    said = [f"{verdicts[name]} {name.lower()}" for name in NAMES if verdicts[name]]
    slips = sum(step.slip is not None for step in report.steps)
    page.print("links: " + ", ".join([*said, f"{slips} slip{'s' * (slips != 1)} of notation"]))
    words, sign = _OUTCOMES[report.exit_code]
    if not total:
        words, sign = "no step was found", "open"
    page.print(Text.assemble(page.sign(sign), " ", (words, "bold"), f" ({report.seconds:.1f} s)"))


def write_overview(reports: Sequence[Report], page: Paper) -> None:
    """One line for each of several documents."""
    page.print()
    page.print(Text(f"{len(reports)} documents", "bold"))
    width = max(len(report.document) for report in reports)
    for report in reports:
        verdicts = report.verdicts
        said = [f"{verdicts[name]} {name.lower()}" for name in NAMES if verdicts[name]]
        said += [report.problems[0]] if report.problems and not report.steps else []
        sign = _OUTCOMES[report.exit_code][1] if report.steps else "open"
        line = Text.assemble("  ", page.sign(sign), f" {report.document:{width}}  ", ", ".join(said) or "no step")
        page.print(line)


_OUTCOMES = {
    0: ("every step is right", "right"),
    1: ("something is refuted, or a slip", "wrong"),
    3: ("nothing is wrong, but something is unreadable, undecided or a problem of the context", "open"),
}
_SAME = ("numeric", "prose")
