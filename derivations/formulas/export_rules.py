"""Which formula of the catalogue is the derivative of another one, and in which form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from derivations.catalogue import FORMULAS
from derivations.catalogue._formula import Argument, Formula

__all__ = ["Form", "Rule", "rules_of"]


class Form(Enum):
    """How a derivative is given."""

    SLOPE = "entry by entry"
    GRADIENT = "of a number by an array"
    FORWARD = "Jacobian times vector"
    REVERSE = "vector times Jacobian"
    UNPROVED = "left to the framework"
    DISCRETE = "an integer has none"


@dataclass(frozen=True)
class Rule:
    """How a formula is differentiated by one of its arguments; `derivative` is proved, or None.

    `direction` is the argument of the derivative that takes the tangent or the gradient by the output, if it has one;
    ``sums_rows`` says that the derivative is by an argument that all rows share.
    """

    argument: Argument
    form: Form
    derivative: Formula | None = None
    direction: str = ""
    sums_rows: bool = False

    @property
    def name(self) -> str:
        return self.argument.name

    def call(self, direction: str = "") -> str:
        """The derivative as it is called, with this in the place of the direction."""
        if self.derivative is None:
            raise ValueError(f"no derivative by {self.name} is proved; rules without one are differentiated elsewhere")
        names = [self._passed(a, direction if a.name == self.direction else a.name) for a in self.derivative.arguments]
        return f"{self.derivative.name}({', '.join([*names, *(p.name for p in self.derivative.parameters)])})"

    def _passed(self, argument: Argument, name: str) -> str:
        """What is passed: all rows as one matrix where the derivative sums over them."""
        return f"as_rows({name})" if self.sums_rows and len(argument.axes) == 2 else name


def rules_of(formula: Formula, without: Iterable[Form] = ()) -> tuple[Rule, ...]:
    """One rule for each argument; forms in `without` are passed over."""
    return tuple(_rule(formula, argument, frozenset(without)) for argument in formula.arguments)


def _rule(formula: Formula, argument: Argument, without: frozenset[Form]) -> Rule:
    if argument.axes == ("label",):
        return Rule(argument, Form.DISCRETE)
    for derivative in FORMULAS:
        if (derivative.slope_of, derivative.by) == (formula.name, argument.name):
            rule = _classified(formula, argument, derivative)
            if rule is not None and rule.form not in without:
                return rule
    return Rule(argument, Form.UNPROVED)


def _classified(formula: Formula, argument: Argument, derivative: Formula) -> Rule | None:
    """The rule that a derivative gives; None for a whole Jacobian, which nobody multiplies out."""
    own = {a.name for a in formula.arguments}
    directions = [a.name for a in derivative.arguments if a.name not in own]
    if directions:
        form = Form.FORWARD if derivative.name.endswith("_jvp") else Form.REVERSE
        return Rule(argument, form, derivative, directions[0], bool(derivative.batch) and not formula.batch)
    if formula.is_elementwise:
        return Rule(argument, Form.SLOPE, derivative)
    return None if formula.result else Rule(argument, Form.GRADIENT, derivative)
