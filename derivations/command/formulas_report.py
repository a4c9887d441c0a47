"""What `derivations formulas` and `derivations export` write."""

from __future__ import annotations

import difflib
import inspect

from rich.text import Text

from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from symbolic.printing import as_text

from .page import Page
from .selection import UnknownName

__all__ = ["list_formulas", "named", "show_formula"]


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
    page.print()
    page.print(str(function.proof))
    return 0 if function.proof.verdict.value == "PROVED" else 1
