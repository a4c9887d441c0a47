"""Plots of formulas: the function and its slope, or a vector's entries as one of them moves."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from derivations import formulas
from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Formula

from .missing import MissingLibrary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["plot_of", "svg_of"]

_COLOURS = ("#2f7de1", "#e0662f", "#2a9d5c", "#a05cc8")  # stand out on white and on black
_INK = "#7a7a7b"  # stands for the colour of the text
_REACH = 6.0
_LABELS = {"t": (0.0, 0.5, 1.0), "s": (-1.0, 1.0), "variance": (0.5, 1.0, 2.0)}
_LENGTH = 3  # of every axis of vectors and matrices
_ENTRIES = ((0.0, 1.0, -1.5, 0.5), (1.0, 0.5, 2.0, -0.7), (0.4, -0.3, 0.2, 0.8))  # of one argument after the other
_DISTRIBUTION = (0.6, 0.3, 0.1)
_MOST_CURVES = 6
_JUMP = 0.1  # between neighbours


def plot_of(formula: Formula) -> Figure:
    """A figure: one curve for each function, value of a second argument, or entry of the value."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingLibrary("plots are made by matplotlib", "plots") from None
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    axes = figure.subplots()
    across = np.linspace(-_REACH, _REACH, 601)
    for place, (label, values) in enumerate(_curves(formula, across)):
        colour, line = _COLOURS[place % len(_COLOURS)], "-" if place < len(_COLOURS) else "--"
        shown = _broken(values) if formula.kink else values
        axes.plot(across, shown, color=colour, linestyle=line, linewidth=2, label=label)
    first = formula.arguments[0]
    axes.set_xlabel(f"{first.name}[{', '.join('0' for _ in first.axes)}]" if first.axes else first.name)
    axes.axhline(0, color=_INK, lw=0.7)
    axes.axvline(0, color=_INK, lw=0.7)
    axes.grid(alpha=0.2, color=_INK)
    axes.legend(frameon=False, labelcolor=_INK)
    axes.spines[:].set_visible(False)
    axes.tick_params(color=_INK, labelcolor=_INK)
    axes.xaxis.label.set_color(_INK)
    return figure


def svg_of(formula: Formula) -> str:
    """The plot as an `<svg>` element that takes the colour of the text around it."""
    import matplotlib

    figure = plot_of(formula)
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": formula.name}):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :].replace(_INK, "currentColor")


def _curves(formula: Formula, across: Any) -> list[tuple[str, Any]]:
    """Labels and values."""
    if formula.is_elementwise:
        return _elementwise(formula, across)
    values = np.array([_value_at(formula, x) for x in across])
    if values.ndim == 1:
        return [(formula.name, values)]
    places = list(np.ndindex(values.shape[1:]))[:_MOST_CURVES]
    return [(f"entry [{', '.join(map(str, place))}]", values[:, *place]) for place in places]


def _broken(values: Any) -> Any:
    """The curve without the line that would join the two sides of a jump."""
    steps = np.abs(np.diff(values, prepend=values[:1]))
    return np.where(steps > _JUMP, np.nan, values)


def _elementwise(formula: Formula, across: Any) -> list[tuple[str, Any]]:
    """The function, and the one whose slope it is or that is its slope; or one curve for each second argument."""
    if len(formula.arguments) == 1:
        related = [f for f in FORMULAS if formula.name in (f.name, f.slope_of) or f.name == formula.slope_of]
        return [(f.name, getattr(formulas, f.name)(across)) for f in related]
    second, *rest = formula.arguments[1:]
    fixed = [1.0 for _ in rest]
    function = getattr(formulas, formula.name)
    return [
        (f"{second.name} = {value:g}", function(across, value, *fixed))
        for value in _LABELS.get(second.name, (0.0, 1.0))
    ]


def _value_at(formula: Formula, x: float) -> Any:
    """The value where the first entry of the first argument is x."""
    found: list[Any] = []
    for place, argument in enumerate(formula.arguments):
        if argument.axes == ("label",):
            found.append(1)
            continue
        shape = tuple(_LENGTH for _ in argument.axes)
        entries = np.resize(_ENTRIES[place % len(_ENTRIES)], shape)
        if argument.name == "t":
            entries = np.resize(_DISTRIBUTION, shape)
        if place == 0:
            entries = entries.copy()
            entries[tuple(0 for _ in shape)] = x
        found.append(entries)
    return getattr(formulas, formula.name)(*found)
