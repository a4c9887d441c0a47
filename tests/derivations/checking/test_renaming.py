"""Verdicts stay when symbols are renamed throughout and indices permuted: nothing is fitted to one document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derivations.checking import check_with
from derivations.meaning.context import read_context
from symbolic import Judge

_FIVE = Path(__file__).parents[3] / "derivations" / "documents"
_WORDS = {
    "out",
    "in",
    "gt",
    "log",
    "sigmoid",
    "softmax",
    "diag",
    "if",
    "for",
    "margin",
    "Loss",
    "ReLU",
    "sigmoid_derivative",
}

#: Letters for letters; those that are not named stay.
_RENAMINGS = {
    "000_e684565acf2280c2": {
        "y": "q",
        "z": "s",
        "x": "v",
        "t": "r",
        "E": "J",
        "W": "M",
        "w": "g",
        "p": "u",
        "i": "j",
        "j": "i",
    },
    "002_c01bd2233d4021c3": {"W": "M", "y": "q", "s": "r", "z": "u", "x": "v", "k": "l"},
    "004_9eb3eaf93dd1b904": {
        **{"W": "M", "w": "g", "x": "v", "y": "q", "z": "s", "a": "h", "b": "t", "L": "J"},
        **{"i": "j", "j": "k", "k": "i", "N": "B", "C": "K"},
    },
}
_TOKEN = re.compile(
    r"\\(?:text|operatorname|label|begin|end|mathrm|textit|hspace|quad)\s*\{[^{}]*\}|\\[A-Za-z]+|[A-Za-z_]{2,}(?![a-z])|[A-Za-z]|.",
    re.DOTALL,
)


def _renamed(text: str, letters: dict[str, str]) -> str:
    """The text with the letters renamed in its formulas."""
    parts = re.split(r"(\$\$.*?\$\$|\$.*?\$)", text, flags=re.DOTALL)
    return "".join(_formula(part, letters) if part.startswith("$") else part for part in parts)


def _formula(formula: str, letters: dict[str, str]) -> str:
    def token(match: re.Match[str]) -> str:
        text = match.group()
        if text.startswith("\\") or text in _WORDS:
            return text
        return "".join(letters.get(letter, letter) for letter in text)

    return _TOKEN.sub(token, formula)


@pytest.mark.parametrize("name", sorted(_RENAMINGS))
def test_verdicts_survive_other_names(name: str, judge: Judge) -> None:
    document, context = ((_FIVE / f"{name}{end}.md").read_text() for end in ("", ".context"))
    letters = _RENAMINGS[name]
    before = check_with(judge, document, read_context(context), name)
    after = check_with(judge, _renamed(document, letters), read_context(_renamed(context, letters)), name)
    assert [s.lhs for s in before.steps] != [s.lhs for s in after.steps]
    assert [(s.kind, s.link, s.head, bool(s.slip)) for s in after.steps] == [
        (s.kind, s.link, s.head, bool(s.slip)) for s in before.steps
    ]
