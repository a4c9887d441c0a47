"""What is said about mutants: counts for each operator, and each one that was not refuted."""

from __future__ import annotations

from collections import Counter, defaultdict

from rich.text import Text

from symbolic.verdict import VerdictKind

from ..suite import MutantReport
from .outcome import Outcome, mutant_outcome
from .page import Page

__all__ = ["detail", "mutants"]

_HEADINGS = {
    "refuted": "Refuted",
    "equivalent": "Proved equivalent to the line that they stand for (and equal in numbers, where not said otherwise)",
    "refused": "Refused: nothing to compare (a side is nowhere defined, or a derivative by what does not occur)",
    "undecided": "Undecided",
    "proved by mistake": "PROVED BY MISTAKE: the numbers contradict the proof",
}


def mutants(outcome: Outcome, page: Page, *, explain: bool) -> None:
    """A table of operators, then the mutants that were proved or left undecided; all of them to ``explain``."""
    page.print()
    _table(outcome.mutants, page)
    for kind, heading in _HEADINGS.items():
        found = [report for report in outcome.mutants if mutant_outcome(report) == kind]
        if not found or (kind in ("refuted", "refused") and not explain):
            continue
        page.print()
        page.print(Text(f"{heading}: {len(found)}", "bold red" if kind == "proved by mistake" else "bold"))
        for report in found:
            if kind == "equivalent" and not explain:
                page.print(page.shortened(f"  {report.mutant.name}: {_changed(report, page)}{_compared(report)}"))
            else:
                detail(report, page)


def _table(reports: list[MutantReport], page: Page) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        counts[report.mutant.operator][mutant_outcome(report)] += 1
    page.print(Text(f"{'mutants by operator':24}" + "".join(f"{name:>19}" for name in _HEADINGS), "bold"))
    for operator, row in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        line = Text(f"{operator:24}", "bold" if operator == "all" else "")
        for name in _HEADINGS:
            wrong = name == "proved by mistake" and row[name]
            line.append(f"{row[name]:>19}", "bold red" if wrong else "" if row[name] else "dim")
        page.print(line)


def detail(report: MutantReport, page: Page) -> None:
    """One mutant: where it is, what was changed, the claim, the verdict."""
    style = "red" if report.proved_by_mistake else ""
    page.indented(f"{report.mutant.name}: {_changed(report, page)}", 2, style)
    page.labelled("", page.expression(report.mutant.left), 8, "dim")
    page.labelled("      = ", page.expression(report.mutant.right), 8, "dim")
    page.indented(page.verdict(report.verdict) + _compared(report), 6, style)


def _changed(report: MutantReport, page: Page) -> str:
    mutant = report.mutant
    sizes = "".join(f", {page.expression(a)} = {page.expression(b)}" for a, b in mutant.sizes)
    arrow = "->" if page.plain else "→"
    return f"{page.expression(mutant.before)} {arrow} {page.expression(mutant.after)}{sizes}"


def _compared(report: MutantReport) -> str:
    """What the numbers add to a proof; nothing where they agree with it."""
    if report.verdict.kind is not VerdictKind.PROVED or report.differs is False:
        return ""
    return " (the two sides differ in numbers)" if report.differs else " (not compared in numbers)"
