r"""Formulas as TeX and as MathML: the equation, and the derivation line by line.

    >>> from derivations import formulas
    >>> print(formulas.sigmoid_derivative.latex)
    \begin{align*}
    ...

MathML is made from the TeX by latex2mathml (`pip install 'derivations[docs]'`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from derivations.catalogue._formula import Formula
from symbolic.notation import Partial, relu, sigmoid, softplus
from symbolic.tex_names import name_in_tex
from symbolic.tex_printing import as_tex

from .missing import MissingLibrary

__all__ = ["NAMES", "TypesetLine", "as_mathml", "equation_of", "latex_of", "lines_of", "mathml_of"]

#: Letters for symbols whose names are words; `formulas` calls them by the words.
NAMES = {"temperature": "T", "label": "c", "rate": r"\lambda", "slope": "a", "variance": "v"}
_DERIVATIVES = ("_derivative", "_gradient", "_jvp", "_vjp", "_jacobian")
_SPACE = r"\ "
_PRIME = re.compile(r"<msup><mi>(\w)</mi><mi>(&#x0203[234];)</mi></msup>")  # the sign is a raised one already
_ALIGNED = re.compile(r'columnalign="(left|right)"')  # which MathML Core leaves to styles
_UPRIGHT = re.compile(r"\\operatorname\{([^{}]*)\}|\\(max|min)\b")


@dataclass(frozen=True)
class TypesetLine:
    """One line of a derivation as TeX; the first has no reason."""

    tex: str
    reason: str = ""


def lines_of(formula: Formula) -> tuple[TypesetLine, ...]:
    """What the derivation starts from, and its lines."""
    start = TypesetLine(as_tex(formula.derivation.start, NAMES))
    return (start, *(TypesetLine(as_tex(line.expression, NAMES), line.reason) for line in formula.derivation.lines))


def equation_of(formula: Formula) -> str:
    """The textbook's equation: the function's name and what it is, a derivative and its value."""
    start = formula.derivation.start
    if isinstance(start, sigmoid | softplus | relu):  # says no more than the name
        start = formula.derivation.lines[0].expression
    tex = as_tex(start, NAMES)
    if start.has(Partial):
        value = formula.computed if formula.is_over_matrices else formula.derivation.lines[0].expression
        tex = f"{tex} = {as_tex(value, NAMES)}"
        if formula.name.endswith(_DERIVATIVES):
            return tex
    arguments = ", ".join(NAMES.get(a.name) or name_in_tex(a.name) for a in formula.arguments)
    indices = [name_in_tex(index.name) for index in formula.indices] or ["i" for _ in formula.result]
    place = f"_{{{' '.join(indices)}}}" if indices else ""
    name = formula.name.replace("_", _SPACE)
    return rf"\operatorname{{{name}}}({arguments}){place} = {tex}"


def latex_of(formula: Formula) -> str:
    """The derivation as an `align*` of amsmath, each line with its reason."""
    return _aligned([TypesetLine(line.tex, _escaped(line.reason)) for line in lines_of(formula)])


def mathml_of(formula: Formula) -> str:
    """The derivation as a `<math>` element."""
    return as_mathml(_aligned(lines_of(formula)))  # latex2mathml takes text as it is


def _aligned(lines: Sequence[TypesetLine]) -> str:
    first, *rest = lines
    rows = [f"& {first.tex}", *(rf"={{}} & {line.tex} && \text{{{line.reason}}}" for line in rest)]
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def as_mathml(tex: str, display: str = "block") -> str:
    """TeX of math mode as a `<math>` element."""
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise MissingLibrary("MathML is made by latex2mathml", "docs") from None
    tex = tex.replace(":=", r"\coloneqq")
    upright = _UPRIGHT.sub(_word, tex)
    if display == "block":  # else the indices of inner sums stand beside the sign
        upright = upright.replace(r"\sum_", r"\sum\limits_")
    mathml = _PRIME.sub(r"<mi>\1</mi><mo>\2</mo>", str(convert(upright, display=display)))
    return _ALIGNED.sub(r'\g<0> style="text-align: \1"', mathml)


def _word(found: re.Match[str]) -> str:
    """The name of a function as text; latex2mathml would set it letter by letter."""
    return rf"\text{{{(found[1] or found[2]).replace(_SPACE, ' ')}}}"


def _escaped(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text).replace("^", r"\textasciicircum{}")
