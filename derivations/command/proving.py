"""One run of the suite: what is asked, what is written as it goes, and what is said at the end."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

import click

from symbolic import Judge
from symbolic.derivation import Entry

from .. import suite
from ..mutants import differs_numerically, mutants_of
from . import certificate_files, entry_report, json_report, mutant_report, summary
from .outcome import Outcome
from .page import Page
from .progress import Counter

__all__ = ["Options", "prove_and_report"]


@dataclass(frozen=True)
class Options:
    """What the command line asks for; ``timeout`` in seconds, ``memory`` in megabytes, ``certificates`` a directory."""

    explain: bool = False
    mutants: bool = False
    as_json: bool = False
    plain: bool = False
    jobs: int = 1
    timeout: float = 10.0
    memory: int = 2048
    certificates: Path | None = None


def prove_and_report(entries: list[Entry], options: Options) -> int:
    """Runs the suite and reports it; the exit code."""
    page = Page(plain=options.plain)
    outcome = Outcome(entries_asked=len(entries), with_mutants=options.mutants)
    started = time.monotonic()
    try:
        _run(entries, options, page, outcome)
    except KeyboardInterrupt:
        outcome.interrupted = True
    outcome.seconds = time.monotonic() - started
    if options.as_json:
        click.echo(json.dumps(json_report.document(outcome, options.plain), indent=1, ensure_ascii=options.plain))
    else:
        if options.mutants or not options.explain:
            page.print()
        summary.summary(outcome, page)
    return outcome.exit_code


def _run(entries: list[Entry], options: Options, page: Page, outcome: Outcome) -> None:
    """Fills the outcome and writes each report as it comes, unless it is to be one document at the end."""
    write = entry_report.explain if options.explain else entry_report.brief
    certify = options.certificates is not None
    with Judge(options.jobs, options.timeout, options.memory, certificates=certify) as judge:
        steps = sum(1 for entry in entries for _ in entry.steps())
        with Counter("proving", steps, plain=options.plain) as count:
            for report in suite.prove(entries, judge, count.step):
                outcome.entries.append(report)
                if options.certificates is not None:
                    outcome.certificates += certificate_files.write(report, options.certificates)
                if not options.as_json:
                    write(report, page)
        if options.mutants:
            _attack(entries, judge, options, page, outcome)


def _attack(entries: list[Entry], judge: Judge, options: Options, page: Page, outcome: Outcome) -> None:
    """The same for the mutants of the entries; their table is also written when the work is interrupted."""
    planted = [mutant for entry in entries for mutant in mutants_of(entry)]
    outcome.mutants_asked = len(planted)
    try:
        with Counter("mutants", len(planted), plain=options.plain) as count:
            for report in suite.attack(planted, judge, differs_numerically, count.step):
                outcome.mutants.append(report)
    finally:
        if not options.as_json:
            mutant_report.mutants(outcome, page, explain=options.explain)
