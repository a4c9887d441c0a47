"""What stands on a formula's page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula
from derivations.formulas.evidence import Proof
from derivations.formulas.export import LIBRARIES, export
from derivations.formulas.plotting import svg_of
from derivations.formulas.typesetting import NAMES, as_mathml, equation_of, lines_of
from symbolic.derivation import Source
from symbolic.tex_names import name_in_tex
from symbolic.tex_printing import as_tex
from symbolic.verdict import VerdictKind

__all__ = ["Accuracy", "Code", "IndexEntry", "PageContents", "Quantity", "Reference", "Row", "contents_of"]

_ACCURACY = Path(__file__).parent / "accuracy.json"


@dataclass(frozen=True)
class Row:
    """A line of the derivation; the first has neither reason nor verdict."""

    mathml: str
    reason: str = ""
    verdict: str = ""
    exceptions: str = ""

    @property
    def is_proved(self) -> bool:
        return self.verdict == VerdictKind.PROVED.value


@dataclass(frozen=True)
class Quantity:
    """An argument or a parameter: its letter, its name in Python, and what it is."""

    letter: str
    name: str
    shape: str
    meaning: str


@dataclass(frozen=True)
class Code:
    """A source file that stands on its own, as highlighted HTML."""

    library: str
    command: str
    html: str


@dataclass(frozen=True)
class Accuracy:
    """Errors in units in the last place: the largest where the condition is small, and the largest beside its bar."""

    dtype: str
    worst: str
    of_bar: str
    points: int


@dataclass(frozen=True)
class Reference:
    """A source; `url` is empty for a document of the catalogue."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class IndexEntry:
    """What the index shows of a page."""

    name: str
    family: str
    title: str
    mathml: str


@dataclass(frozen=True)
class PageContents:
    """Everything that a formula's page shows."""

    entry: IndexEntry
    formula: Formula
    equation: str
    quantities: tuple[Quantity, ...]
    given: tuple[str, ...]
    rows: tuple[Row, ...]
    proof: Proof
    plot: str
    code: tuple[Code, ...]
    accuracy: tuple[Accuracy, ...]
    references: tuple[Reference, ...]
    slope_of: str
    slopes: tuple[str, ...]
    style: str

    @property
    def call(self) -> str:
        names = [a.name for a in self.formula.arguments]
        return f"formulas.{self.formula.name}({', '.join(names)})"


def contents_of(formula: Formula, proof: Proof) -> PageContents:
    """The page of a formula, whose proof has been decided."""
    title = formula.title[0].upper() + formula.title[1:]
    equation = equation_of(formula)
    return PageContents(
        entry=IndexEntry(formula.name, formula.family.replace("_", " "), title, as_mathml(equation, "inline")),
        formula=formula,
        equation=as_mathml(equation),
        quantities=tuple(_quantities(formula)),
        given=tuple(as_mathml(as_tex(item, NAMES), "inline") for item in formula.derivation.given),
        rows=tuple(_rows(formula, proof)),
        proof=proof,
        plot=svg_of(formula),
        code=tuple(_code(formula, library) for library in LIBRARIES),
        accuracy=_accuracy(formula.name),
        references=tuple(map(_reference, formula.derivation.sources)),
        slope_of=formula.slope_of,
        slopes=tuple(f.name for f in FORMULAS if f.slope_of == formula.name),
        style=_highlighting(),
    )


def _quantities(formula: Formula) -> list[Quantity]:
    found = [Quantity(_letter(a.name), a.name, _shape(a.axes), a.meaning) for a in formula.arguments]
    if formula.activation:
        found.append(
            Quantity(_letter("f"), "activation", "function", f"the activation, {formula.activation} by default")
        )
    return found + [
        Quantity(_letter(p.name), p.name, f"number, {p.default:g} by default", p.meaning) for p in formula.parameters
    ]


def _shape(axes: tuple[str, ...]) -> str:
    if axes == ("label",):
        return "integer"
    if len(axes) < 2:
        return f"vector of length {axes[0]}" if axes else "number"
    return f"matrix, {' × '.join(axes)}"


def _letter(name: str) -> str:
    return as_mathml(NAMES.get(name) or name_in_tex(name), "inline")


def _rows(formula: Formula, proof: Proof) -> list[Row]:
    first, *rest = lines_of(formula)
    rows = [Row(as_mathml(first.tex))]
    for line, step in zip(rest, proof.report.steps, strict=True):
        verdict = step.verdict
        exceptions = "; ".join(verdict.exceptions)
        rows.append(Row(as_mathml(line.tex), line.reason, verdict.kind.value, exceptions))
    return rows


def _code(formula: Formula, library: str) -> Code:
    html = highlight(export(formula, library), PythonLexer(), HtmlFormatter(nowrap=True))
    return Code(LIBRARIES[library].title, f"derivations export {formula.name} --to {library}", html)


@lru_cache(maxsize=1)
def _highlighting() -> str:
    """Colours for code on a light ground, and for a dark one."""
    light = HtmlFormatter(style="default").get_style_defs(".code")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".code")
    without_ground = [re.sub(r"background(-color)?: [^;]*;? ?", "", text) for text in (light, dark)]
    return f"{without_ground[0]}\n@media (prefers-color-scheme: dark) {{\n{without_ground[1]}\n}}"


def _accuracy(name: str) -> tuple[Accuracy, ...]:
    """What `python -m benchmarks.accuracy --json` measured; nothing for a formula that it has not met yet."""
    found: dict[str, Any] = _measured().get(name, {})
    return tuple(
        Accuracy(dtype, f"{figures['worst']:.2g}", f"{100 * figures['of_bar']:.0f} %", figures["points"])
        for dtype, figures in found.items()
    )


@lru_cache(maxsize=1)
def _measured() -> dict[str, Any]:
    measured: dict[str, Any] = json.loads(_ACCURACY.read_text(encoding="utf-8"))
    return measured


def _reference(source: Source) -> Reference:
    if source.document.startswith("doi:"):
        return Reference(f"{source.document}, {source.section}", f"https://doi.org/{source.document[4:]}")
    if source.document.startswith("arXiv:"):
        return Reference(f"{source.document}, {source.section}", f"https://arxiv.org/abs/{source.document[6:]}")
    return Reference(f"{source.document}, {source.section}")
