"""Verdicts do not depend on what the symbols and the indices of a document are called."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from derivations.checking import check

ROOT = Path(__file__).resolve().parents[3]
TABLES = [
    *sorted((ROOT / "derivations" / "documents").glob("*.steps.toml")),
    *sorted((Path(__file__).parent / "own").glob("*.steps.toml")),
]

#: Letters change places along these cycles. d, e, f, g and T stay: they have a meaning of their own.
CYCLES = "WM xu yv zs tr aq bc ph ow mn ijk LJ EG NK CD XZ YU VH OQ BP SF"
LETTERS = {one: two for cycle in CYCLES.split() for one, two in zip(cycle, cycle[1:] + cycle[:1], strict=True)}
COMMANDS = {r"\lambda": r"\mu", r"\mu": r"\lambda", r"\eta": r"\beta"}

#: What is no name: words in arguments, blackboard letters, functions and labels that are whole words.
PIECE = re.compile(
    r"\\(?:text|textit|operatorname|mathrm|mathbb|begin|end|label|hspace|intertext|hbox)\*?\s*\{[^{}]*\}"
    r"|\\tt|\\[A-Za-z]+|[A-Za-z]+(?:_derivative)?"
)
WORDS = "functions actFun sigmoid sigmoid_derivative softmax log diag ReLU Loss input output margin for if out gt in"
FORMULA = re.compile(
    r"\$\$.+?\$\$|\$[^$]+?\$|\\begin\{align\*?\}.+?\\end\{align\*?\}|\\\[.+?\\\]"
    r"|(?<=```math\n).+?(?=```)|^functions: [^\n]+",
    re.S | re.M,
)


def renamed_piece(piece: re.Match[str]) -> str:
    text = piece.group()
    if text.startswith("\\"):
        return COMMANDS.get(text, text)
    if text in WORDS.split():
        return text
    return "".join(LETTERS.get(letter, letter) for letter in text)


def renamed(text: str) -> str:
    """A document or context with its symbols renamed and its indices permuted, in formulas only."""
    return FORMULA.sub(lambda formula: PIECE.sub(renamed_piece, formula.group()), text)


def test_renaming_renames() -> None:
    assert renamed(r"a W $\frac{dL}{dW_{out}} = x_i \log y_{ij}$") == r"a W $\frac{dJ}{dM_{out}} = u_j \log v_{jk}$"


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name.removesuffix(".steps.toml"))
def test_verdicts_survive_renaming(table: Path) -> None:
    name = table.name.removesuffix(".steps.toml")
    text, context = (table.with_name(name + end).read_text(encoding="utf-8") for end in (".md", ".context.md"))
    report = check(renamed(text), renamed(context), jobs=1)
    answers = [(step.kind, step.link, step.head, bool(step.slip)) for step in report.steps]
    steps = tomllib.loads(table.read_text(encoding="utf-8"))["step"]
    assert report.problems == []
    assert answers == [(step["kind"], step.get("link"), step.get("head"), bool(step["slip"])) for step in steps]
