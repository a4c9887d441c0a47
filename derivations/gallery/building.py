"""Writes the gallery: an index and a page for each formula, of HTML that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derivations.catalogue import FORMULAS
from derivations.formulas.evidence import Proof
from derivations.formulas.missing import MissingLibrary
from derivations.suite import prove
from symbolic import Judge

from .contents import IndexEntry, PageContents, contents_of

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["build"]

_TEMPLATES = Path(__file__).parent / "templates"


def build(folder: Path, progress: Callable[[str], Any] = lambda name: None) -> list[Path]:
    """Proves every formula and writes its page; the pages, the index first.

    Raises MissingLibrary, which names the mend, where jinja2, latex2mathml or matplotlib is not installed.
    """
    environment = _environment()
    page, index = environment.get_template("page.html"), environment.get_template("index.html")
    with Judge() as judge:
        reports = list(prove([formula.derivation for formula in FORMULAS], judge))
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "index.html"]
    entries: list[IndexEntry] = []
    for place, (formula, report) in enumerate(zip(FORMULAS, reports, strict=True)):
        progress(formula.name)
        contents: PageContents = contents_of(formula, Proof(formula.derivation, report))
        before = FORMULAS[place - 1].name if place else ""
        after = FORMULAS[place + 1].name if place + 1 < len(FORMULAS) else ""
        path = folder / f"{formula.name}.html"
        path.write_text(page.render(page=contents, before=before, after=after), encoding="utf-8")
        written.append(path)
        entries.append(contents.entry)
    families = [
        (family, [e for e in entries if e.family == family]) for family in dict.fromkeys(e.family for e in entries)
    ]
    written[0].write_text(index.render(families=families, count=len(entries)), encoding="utf-8")
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
