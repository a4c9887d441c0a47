"""What `derivations formulas` and `derivations gallery` write."""

from __future__ import annotations

import difflib
import inspect
from pathlib import Path

import click
from rich.text import Text

from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from derivations.formulas.missing import MissingLibrary
from symbolic.printing import as_text

from .page import Page
from .selection import UnknownName

__all__ = ["list_formulas", "named", "plot_formula", "show_formula", "typeset_formula", "write_gallery"]


def named(name: str) -> Formula:
    """The formula of this name, with hyphens or underscores."""
    by_name = {formula.name: formula for formula in FORMULAS}
    asked = name.replace("-", "_")
    if asked not in by_name:
        near = difflib.get_close_matches(asked, by_name, n=3)
        raise UnknownName(f"there is no formula {name!r}" + (f". Did you mean {' or '.join(near)}?" if near else "."))
    return by_name[asked]


def list_formulas(page: Page) -> None:
    """Names and equations, by family."""
    for family in dict.fromkeys(formula.family for formula in FORMULAS):
        page.print(Text(family.replace("_", " "), "" if page.plain else "bold underline"))
        for formula in FORMULAS:
            if formula.family == family:
                page.print(Text.assemble("    ", (formula.name, "cyan")))
                page.indented(formula.equation, 8)
        page.print()
    page.print(f"{len(FORMULAS)} formulas; `derivations formulas NAME` shows one")


def show_formula(formula: Formula, page: Page) -> int:
    """The docstring of the function, its derivation and its proof; 0 if every step is proved."""
    function = getattr(formulas, formula.name)
    page.print(f"formulas.{formula.name}{inspect.signature(function)}")
    page.print()
    page.print(inspect.getdoc(function) or "")
    page.print()
    page.indented(as_text(formula.derivation.start, plain=page.plain), 4)
    for line in formula.derivation.lines:
        page.indented(f"= {as_text(line.expression, plain=page.plain)}", 2)
        page.indented(line.reason, 8, "dim")
    for position, item in enumerate(formula.derivation.given):
        page.indented(("given " if position == 0 else "      ") + as_text(item, plain=page.plain), 2)
    page.print()
    page.print(str(function.proof))
    return 0 if function.proof.verdict.value == "PROVED" else 1


def typeset_formula(formula: Formula, latex: bool, mathml: bool) -> None:
    """The derivation for TeX, for a page of the web, or both."""
    from derivations.formulas.typesetting import latex_of, mathml_of

    if latex:
        click.echo(latex_of(formula))
    if mathml:
        try:
            click.echo(mathml_of(formula))
        except MissingLibrary as missing:
            raise click.ClickException(str(missing)) from None


def plot_formula(formula: Formula, file: str) -> None:
    """Draws the formula into a file, whose ending says of which kind."""
    from derivations.formulas.plotting import plot_of

    path = Path(file or f"{formula.name}.svg")
    try:
        plot_of(formula).savefig(path)
    except MissingLibrary as missing:
        raise click.ClickException(str(missing)) from None
    except ValueError as error:
        raise click.UsageError(f"{path} cannot be drawn: {error}") from None
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}") from None
    click.echo(f"{path} shows {formula.name}")


def write_gallery(folder: Path, page: Page) -> None:
    """The pages of all formulas, and where to begin."""
    from derivations.gallery import build

    try:
        pages = build(folder, progress=lambda name: page.print(f"    {name}") if not page.plain else None)
    except MissingLibrary as missing:
        raise click.ClickException(str(missing)) from None
    except OSError as error:
        raise click.UsageError(f"{error.filename or folder} cannot be written: {error.strerror}") from None
    page.print(f"{len(pages)} pages; open {folder / 'index.html'}")
