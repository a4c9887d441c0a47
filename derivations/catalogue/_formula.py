"""What a formula to import is: one record, from which function, docstring, proof, check, export and page are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from symbolic.derivation import Derivation, Line, Source
from symbolic.given import Define

__all__ = ["Argument", "Choice", "Formula", "Parameter", "Use", "formula"]


@dataclass(frozen=True)
class Argument:
    """An array: its symbol in the derivation, the letters of its last axes, and what it is.

    `axes` is ``()`` for a formula that works entry by entry, ``("n",)`` for a vector along one axis, and has the size
    of each axis of a matrix.
    """

    symbol: Any
    meaning: str
    axes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return str(self.symbol.name)


@dataclass(frozen=True)
class Parameter:
    """A number with a default, as `alpha` of ELU; ``positive`` ones are checked."""

    symbol: Any
    default: float
    meaning: str
    positive: bool = False

    @property
    def name(self) -> str:
        return str(self.symbol.name)


@dataclass(frozen=True)
class Choice:
    """An index that the computed line leaves open (it is proved for every value): the position of the largest entry.

    ``of`` is the name of an argument or an expression in an index; ``by_size`` asks for the largest in magnitude.
    """

    symbol: Any
    of: Any
    by_size: bool = False


@dataclass(frozen=True)
class Formula:
    """A formula: what is computed is the last line of its derivation.

    ``slope_of`` names the formula whose derivative by ``by`` this is; ``result`` holds the letters of the last axes
    of the value; ``choices`` are the indices that are chosen while computing; ``edges`` says what is returned at
    infinities (NaN gives NaN); ``axis`` is where vectors lie unless the caller says otherwise.

    A formula over matrices has ``indices``, those of the value in the order of its axes; ``batch`` is the letter of
    the axis that all leading axes of an argument are taken together in, ``uses`` the quantities that other formulas
    compute, ``activation`` the default for the undefined function f of its derivation, if that has one, and ``classes``
    the name of targets that may be given as labels.
    """

    name: str
    family: str
    equation: str
    derivation: Derivation
    arguments: tuple[Argument, ...]
    parameters: tuple[Parameter, ...] = ()
    result: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    slope_of: str = ""
    by: str = ""
    edges: str = ""
    kink: str = ""
    unconditional: bool = False
    targets: tuple[str, ...] = field(default=())
    axis: int = -1
    indices: tuple[Any, ...] = ()
    batch: str = ""
    uses: tuple[Use, ...] = ()
    activation: str = ""
    classes: str = ""

    @property
    def title(self) -> str:
        return self.derivation.title

    @property
    def computed(self) -> Any:
        """The line that the function evaluates."""
        return self.derivation.closed_form

    @property
    def is_elementwise(self) -> bool:
        return all(not argument.axes for argument in self.arguments)

    @property
    def is_over_matrices(self) -> bool:
        return bool(self.indices) or any(len(argument.axes) > 1 for argument in self.arguments)


@dataclass(frozen=True)
class Use:
    """A quantity that another formula computes for each row, and its definition: that formula's textbook line there.

    ``arguments`` holds, for each argument of the formula, the matrix whose rows are given to it.
    """

    quantity: Any
    formula: Formula
    arguments: Mapping[str, Any]
    definition: Define

    @property
    def name(self) -> str:
        return str(self.quantity.name)


def formula(
    name: str,
    family: str,
    title: str,
    equation: str,
    start: Any,
    *lines: tuple[Any, str],
    source: Source,
    arguments: tuple[Argument, ...],
    given: tuple[Any, ...] = (),
    note: str = "",
    **rest: Any,
) -> Formula:
    """A formula with its derivation, which is named after it."""
    derivation = Derivation(
        f"{name.replace('_', '-')}-computed",
        title,
        start=start,
        lines=tuple(Line(expression, reason) for expression, reason in lines),
        given=given,
        sources=(source,),
        note=note or rest.get("kink", ""),
    )
    return Formula(name, family, equation, derivation, arguments, **rest)
