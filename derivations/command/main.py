"""The command line: `derivations list` and `derivations prove`.

Exit codes of `prove`: 0 every verdict is the expected one, 1 one is not, 2 wrong use, 3 nothing is wrong but something
is undecided, 130 interrupted.
"""

from __future__ import annotations

import difflib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import click

from symbolic.derivation import Entry

from .outcome import INTERRUPTED, Outcome
from .page import Page
from .selection import UnknownName, select

__all__ = ["main", "run"]

_MOST_JOBS = 8


class _Group(click.Group):
    """Commands, and what comes near a command that does not exist."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        near = difflib.get_close_matches(name, self.commands, n=1)
        if name and name not in self.commands and near and not name.startswith("-"):
            ctx.fail(f"there is no command {name!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="derivations", prog_name="derivations")
def commands() -> None:
    """The mathematics of deep learning, proved line by line for every size.

    \b
    Examples:
      derivations list                              what there is
      derivations prove                             prove all of it
      derivations prove tanh-derivative --explain   one derivation as on a blackboard
    """


@commands.command("list")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--plain", is_flag=True, help="ASCII, no colour.")
def list_entries(names: tuple[str, ...], plain: bool) -> None:
    """Show names, titles and sources, by document and kind.

    NAME is the name of an entry or a pattern; without one, all are listed.

    \b
    Examples:
      derivations list
      derivations list 'softmax-*'
    """
    from .listing import listing

    listing(_selected(names), Page(plain=plain))


@dataclass(frozen=True)
class _Options:
    explain: bool
    mutants: bool
    as_json: bool
    plain: bool
    jobs: int
    timeout: float


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@commands.command("prove")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--explain", is_flag=True, help="Every line, its reason, its verdict, what is given, witnesses.")
@click.option("--mutants", is_flag=True, help="Also plant mistakes in every line; none may be proved.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document (docs/prove-json.md) with all of it.")
@click.option("--plain", is_flag=True, help="ASCII, no colour, no live display.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: min(_processors(), _MOST_JOBS),
    show_default="one for each processor",
    help="Worker processes.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds for a step; what takes longer is undecided.",
)
@click.pass_context
def prove(
    ctx: click.Context,
    names: tuple[str, ...],
    explain: bool,
    mutants: bool,
    as_json: bool,
    plain: bool,
    jobs: int,
    timeout: float,
) -> None:
    """Prove derivations, and refute errata, line by line.

    NAME is the name of an entry or a pattern; without one, the whole catalogue is proved.

    \b
    Examples:
      derivations prove                                the whole suite
      derivations prove 'softmax-*'                    all whose name begins so
      derivations prove two-layer-dE-dW1 --explain     follow one line by line
      derivations prove tanh-derivative --mutants      see planted mistakes refuted
      derivations prove --json > report.json           for a program

    \b
    Exit codes:
      0    every verdict is the expected one (proved, or refuted for an erratum as written)
      1    a verdict is not the expected one
      2    wrong use: an unknown name or option
      3    nothing is wrong, but something is undecided
      130  interrupted (Ctrl-C); what was done so far is reported
    """
    ctx.exit(_prove(_selected(names), _Options(explain, mutants, as_json, plain, jobs, timeout)))


def _selected(names: Sequence[str]) -> list[Entry]:
    from .. import catalogue  # here, because building it takes a moment that `--help` need not wait for

    try:
        return select(catalogue.ENTRIES, names)
    except UnknownName as unknown:
        raise click.UsageError(str(unknown)) from None


def _prove(entries: list[Entry], options: _Options) -> int:
    """Runs the suite and reports it; the exit code."""
    from . import json_report, summary

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


def _run(entries: list[Entry], options: _Options, page: Page, outcome: Outcome) -> None:
    """Fills the outcome and writes each report as it comes, unless it is to be one document at the end."""
    from symbolic import Judge

    from .. import suite
    from . import entry_report, mutant_report
    from .progress import Counter

    write = entry_report.explain if options.explain else entry_report.brief
    with Judge(jobs=options.jobs, timeout=options.timeout) as judge:
        steps = sum(1 for entry in entries for _ in entry.steps())
        with Counter("proving", steps, plain=options.plain) as count:
            for report in suite.prove(entries, judge, count.step):
                outcome.entries.append(report)
                if not options.as_json:
                    write(report, page)
        if not options.mutants:
            return
        from ..mutants import differs_numerically, mutants_of

        planted = [mutant for entry in entries for mutant in mutants_of(entry)]
        outcome.mutants_asked = len(planted)
        try:
            with Counter("mutants", len(planted), plain=options.plain) as count:
                for attacked in suite.attack(planted, judge, differs_numerically, count.step):
                    outcome.mutants.append(attacked)
        finally:
            if not options.as_json:
                mutant_report.mutants(outcome, page, explain=options.explain)


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line; the exit code."""
    try:
        return int(commands.main(arguments, prog_name="derivations", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED


def main() -> None:
    """The console entry point."""
    sys.exit(run())
