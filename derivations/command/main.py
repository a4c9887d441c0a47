"""The command line: `derivations list`, `derivations prove`, `derivations check` and `derivations verify`.

SymPy and the catalogue take a moment to load.  They are imported where they are needed, so that `--help` comes at once.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from derivations.catalogue._formula import Formula
    from symbolic.derivation import Entry

__all__ = ["main", "run"]

_MOST_JOBS = 8
_LEAST_MEMORY, _MEMORY = 512, 2048  # megabytes; a worker needs some to start
_INTERRUPTED = 130


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


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="derivations", prog_name="derivations")
def commands() -> None:
    """The mathematics of deep learning, proved line by line for every size.

    \b
    Examples:
      derivations list                              what there is
      derivations prove                             prove all of it
      derivations prove tanh-derivative --explain   one derivation as on a blackboard
      derivations check notes.md                    every step of a written derivation
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
    from .page import Page

    listing(_selected(names), Page(plain=plain))


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
@click.option(
    "--memory",
    type=click.IntRange(min=_LEAST_MEMORY),
    default=_MEMORY,
    show_default=True,
    help="Megabytes for a worker process; a step that needs more is undecided.",
)
@click.option(
    "--certificates",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a certificate of each step (docs/certificates.md) there.",
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
    memory: int,
    certificates: Path | None,
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
      derivations prove --certificates out             also what `derivations verify` checks

    \b
    Exit codes:
      0    every verdict is the expected one (proved, or refuted for an erratum as written)
      1    a verdict is not the expected one
      2    wrong use: an unknown name or option
      3    nothing is wrong, but something is undecided
      130  interrupted (Ctrl-C); what was done so far is reported
    """
    from .proving import Options, prove_and_report

    options = Options(explain, mutants, as_json, plain, jobs, timeout, memory, certificates)
    ctx.exit(prove_and_report(_selected(names), options))


@commands.command("check")
@click.argument(
    "documents", nargs=-1, required=True, metavar="DOCUMENT...", type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--context",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="CONTEXT",
    help="Declarations (docs/writing-a-context.md) for all documents; else NAME.context.md beside NAME.md, if there.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document (docs/check-json.md) with all of it.")
@click.option("--plain", is_flag=True, help="ASCII, no colour, no live display.")
@click.option("--explain", is_flag=True, help="Every step in full: how it was read, layouts, witnesses.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds for a claim; what takes longer is undecided.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: min(_processors(), _MOST_JOBS),
    show_default="one for each processor",
    help="Worker processes.",
)
@click.option(
    "--certificates",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a certificate of each verdict (docs/certificates.md) there.",
)
@click.pass_context
def check(
    ctx: click.Context,
    documents: tuple[Path, ...],
    context: Path | None,
    as_json: bool,
    plain: bool,
    explain: bool,
    timeout: float,
    jobs: int,
    certificates: Path | None,
) -> None:
    """Check written derivations (Markdown, LaTeX or plain text), step by step.

    A DOCUMENT may be a folder: all that is in it and ends in .md, .markdown, .tex or .txt.

    \b
    Examples:
      derivations check notes.md                           with declarations in the document itself
      derivations check homework.tex --context context.md  with a context of its own
      derivations check notes.md --json > report.json      for a program
      derivations check homework/ --context exercise.md    all that was handed in
      derivations check notes.md --certificates out        also what `derivations verify` checks

    \b
    Exit codes:
      0    every step is right
      1    something is refuted, or a slip of notation
      2    wrong use: a file or option that does not exist
      3    nothing is wrong, but something is unreadable or undecided, or the context has a problem
      130  interrupted (Ctrl-C)
    """
    from .checking import Options, check_and_report

    ctx.exit(check_and_report(documents, context, Options(as_json, plain, explain, timeout, jobs, certificates)))


@commands.command("verify")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False))
@click.option("--plain", is_flag=True, help="ASCII, no colour.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: min(_processors(), _MOST_JOBS),
    show_default="one for each processor",
    help="Processes.",
)
@click.pass_context
def verify(ctx: click.Context, files: tuple[str, ...], plain: bool, jobs: int) -> None:
    """Check certificates, by a program that shares no code with the prover.

    \b
    Examples:
      derivations prove --certificates out && derivations verify out/*

    \b
    Exit codes:
      0    every certificate is accepted
      1    one is rejected
      2    wrong use
      130  interrupted (Ctrl-C)
    """
    from .page import Page
    from .verifying import verify_and_report

    ctx.exit(verify_and_report(files, jobs, Page(plain=plain)))


@commands.command("formulas")
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--latex", is_flag=True, help="The derivation as LaTeX (align* of amsmath).")
@click.option("--mathml", is_flag=True, help="The derivation as a MathML element.")
@click.option(
    "--plot", is_flag=False, flag_value="", metavar="[FILE]", help="Draw it: NAME.svg, or a file of another kind."
)
@click.option("--plain", is_flag=True, help="ASCII, no colour.")
@click.pass_context
def formulas_command(
    ctx: click.Context, name: str | None, latex: bool, mathml: bool, plot: str | None, plain: bool
) -> None:
    """Show the formulas to import, or one with its derivation and proof.

    \b
    Examples:
      derivations formulas
      derivations formulas log-softmax
      derivations formulas log-softmax --latex
      derivations formulas gelu --plot gelu.png
    """
    from .formulas_report import list_formulas, plot_formula, show_formula, typeset_formula
    from .page import Page

    if name is None:
        if latex or mathml or plot is not None:
            raise click.UsageError("which formula? Give its NAME; `derivations formulas` lists them.")
        list_formulas(Page(plain=plain))
        return
    formula = _formula(name)
    if not (latex or mathml or plot is not None):
        ctx.exit(show_formula(formula, Page(plain=plain)))
    if latex or mathml:
        typeset_formula(formula, latex, mathml)
    if plot is not None:
        plot_formula(formula, plot)


@commands.command("export")
@click.argument("name")
@click.option("--to", "library", type=click.Choice(["numpy", "jax", "torch"]), default="numpy", show_default=True)
def export_command(name: str, library: str) -> None:
    """Write a formula as a source file that needs nothing of this project.

    \b
    Examples:
      derivations export gelu > gelu.py
      derivations export gelu --to jax > gelu.py
      derivations export softmax --to torch > softmax.py
    """
    from ..formulas.export import export

    click.echo(export(_formula(name), library), nl=False)


@commands.command("gallery")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--plain", is_flag=True, help="ASCII, no colour.")
def gallery_command(folder: Path, plain: bool) -> None:
    """Write a page for every formula, to show in a browser.

    \b
    Examples:
      derivations gallery docs/gallery
    """
    from .formulas_report import write_gallery
    from .page import Page

    write_gallery(folder, Page(plain=plain))


def _formula(name: str) -> Formula:
    from .formulas_report import named
    from .selection import UnknownName

    try:
        return named(name)
    except UnknownName as unknown:
        raise click.UsageError(str(unknown)) from None


def _selected(names: Sequence[str]) -> list[Entry]:
    from .. import catalogue
    from .selection import UnknownName, select

    try:
        return select(catalogue.ENTRIES, names)
    except UnknownName as unknown:
        raise click.UsageError(str(unknown)) from None


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line; the exit code."""
    try:
        return int(commands.main(arguments, prog_name="derivations", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED


def main() -> None:
    """The console entry point."""
    sys.exit(run())
