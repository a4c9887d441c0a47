"""Writes the gallery: an index and a page for each formula, of HTML that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from derivations.formulas.evidence import Proof
from derivations.formulas.missing import MissingLibrary
from derivations.suite import prove
from symbolic import Judge

from .contents import IndexEntry, contents_of

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["build"]

_TEMPLATES = Path(__file__).parent / "templates"


def build(
    folder: Path, formulas: Sequence[Formula] = FORMULAS, progress: Callable[[str], Any] = lambda name: None
) -> list[Path]:
    """Proves the formulas and writes their pages; the files, the index first.

    Raises MissingLibrary, which names the mend, where jinja2, latex2mathml or matplotlib is not installed.
    """
    environment = _environment()
    page, index = environment.get_template("page.html"), environment.get_template("index.html")
    with Judge() as judge:
        reports = list(prove([formula.derivation for formula in formulas], judge))
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "index.html"]
    names = ["", *(formula.name for formula in formulas), ""]
    families: dict[str, list[IndexEntry]] = {}
    for place, (formula, report) in enumerate(zip(formulas, reports, strict=True), 1):
        progress(formula.name)
        contents = contents_of(formula, Proof(formula.derivation, report))
        written.append(folder / f"{formula.name}.html")
        text = page.render(page=contents, before=names[place - 1], after=names[place + 1])
        written[-1].write_text(text, encoding="utf-8")
        families.setdefault(contents.entry.family, []).append(contents.entry)
    written[0].write_text(index.render(families=families, count=len(formulas)), encoding="utf-8")
    return written


def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise MissingLibrary("pages are made by jinja2", "docs") from None
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
