"""The page that a report is written on: its width, its colours and its letters."""

from __future__ import annotations

import re
import sys
from typing import IO, Any

from rich.console import Console
from rich.text import Text

from symbolic.derivation import StepReport
from symbolic.printing import as_text
from symbolic.verdict import Counterexample, Verdict, VerdictKind, Witness

from .outcome import is_wrong

__all__ = ["Page"]

_WIDTH_OF_A_FILE = 110
_WIDEST = 120
_DIGITS = 6
_FLOAT = re.compile(r"[+-]?\d+\.\d+(e[+-]?\d+)?")
_GLUE = "\ue000"  # a space at which no line is broken
_SHORT_ROW = re.compile(r"\[[^\[\]]{1,40}\]")
_MARKS = {"right": ("✓", "ok", "green"), "wrong": ("✗", "WRONG", "bold red"), "open": ("?", "?", "yellow")}


class Page:
    """A console and how things are written on it; ``plain`` means ASCII without colour."""

    def __init__(self, *, plain: bool = False, file: IO[str] | None = None, width: int | None = None) -> None:
        stream = file if file is not None else sys.stdout
        self.plain = plain or not (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")
        self.console = Console(
            file=file,
            width=width,
            highlight=False,
            markup=False,
            emoji=False,
            color_system=None if plain else "auto",
        )
        if width is None:
            terminal = self.console.is_terminal
            self.console.width = min(self.console.width, _WIDEST) if terminal else _WIDTH_OF_A_FILE

    # ---- writing

    def print(self, text: str | Text = "") -> None:
        """Writes a paragraph as it is; only `labelled` and `indented` wrap."""
        self.console.print(text, soft_wrap=True)

    def indented(self, text: str | Text, depth: int = 4, style: str = "") -> None:
        """Writes a paragraph whose lines all begin at column ``depth``."""
        self.labelled("", text, depth, style)

    def labelled(self, label: str | Text, text: str | Text, depth: int, style: str = "") -> None:
        """Writes a label, and a paragraph that begins at column ``depth`` and is wrapped there."""
        body = Text(text, style=style) if isinstance(text, str) else text
        start = Text(label) if isinstance(label, str) else label
        body.plain = _SHORT_ROW.sub(lambda row: self.glued(row.group()), body.plain)
        for line in body.wrap(self.console, max(self.console.width - depth, 20)):
            line.plain = line.plain.replace(_GLUE, " ")
            line.rstrip()
            start.pad_right(depth - len(start))
            self.print(Text.assemble(start, line))
            start = Text()

    @staticmethod
    def glued(text: str) -> str:
        """The text as one word, at whose spaces no line is broken."""
        return text.replace(" ", _GLUE)

    def shortened(self, text: str) -> Text:
        """The text, or as much of it as fits on one line, with dots."""
        dots = "..." if self.plain else "…"
        room = self.console.width
        return Text(text if len(text) <= room else text[: room - len(dots)] + dots)

    # ---- words

    def expression(self, expression: Any) -> str:
        return as_text(expression, plain=self.plain)

    def mark(self, step: StepReport) -> Text:
        """Whether the verdict is the expected one."""
        undecided = step.verdict.kind is VerdictKind.UNDECIDED
        return self.sign("open" if undecided else "wrong" if is_wrong(step) else "right")

    def sign(self, name: str) -> Text:
        pretty, ascii_form, style = _MARKS[name]
        return Text(ascii_form if self.plain else pretty, style=style)

    def verdict(self, verdict: Verdict) -> str:
        """The verdict in words, with its exceptions or its counterexample, but without its witness."""
        text = verdict.name.lower()
        if verdict.exceptions:
            text += " except at " + "; ".join(verdict.exceptions)
        if verdict.layout:
            text += f", layout: {verdict.layout}"
        if verdict.counterexample is not None:
            text += f": {self.counterexample(verdict.counterexample)}"
        return f"{text}: {verdict.reason}" if verdict.reason else text

    def counterexample(self, found: Counterexample) -> str:
        if found.kind == "shape":
            return str(found)
        left, right = _told_apart(found.left, found.right)
        sides = f"left = {left}, right = {right}"
        kinds = {"domain": "only one side is defined around the point: ", "cases": "the cases disagree: "}
        return f"{kinds.get(found.kind, '')}{sides} at {self.point(found)}"

    def point(self, point: Witness) -> str:
        return str(Witness(point.sizes, point.indices, point.values)).replace(" = ", self.glued(" = "))


def _told_apart(left: str, right: str) -> tuple[str, str]:
    """Both values with as few digits as show that they differ."""
    for digits in range(_DIGITS, 16):
        short = (_rounded(left, digits), _rounded(right, digits))
        if short[0] != short[1]:
            return short
    return left, right


def _rounded(value: str, digits: int) -> str:
    return f"{float(value):.{digits}g}" if _FLOAT.fullmatch(value) else value
