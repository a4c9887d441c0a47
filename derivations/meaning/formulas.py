"""From the syntax tree of a formula to its value in a scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from ..reading import syntax as s
from . import kept
from .applications import ApplicationReader
from .choices import Choices
from .errors import MeaningError
from .lookup import NameReader
from .names import canonical, script_atoms
from .powers import PowerReader
from .products import multiply
from .scope import Alias, Bound, Scope, Size
from .slopes import SlopeReader
from .sums import SumReader
from .tables import TableReader
from .values import Slope, Value, elementwise, identity_times, laid_out, of_any_size, scalar, shape_text, with_size

__all__ = ["FormulaReader"]

#: What a synonym may stand for as a whole, besides names.
_COMPOSITES = (s.Call, s.Juxtaposed, s.Big, s.Fraction)

_OPERATORS = {operator: operator for operator in ("cdot", "*", "times", "odot", ".*", "circ", "otimes", "/")}
_OPERATORS |= {"@": "", "bullet": "cdot", "star": "cdot", "div": "/"}


class FormulaReader(NameReader, ApplicationReader, PowerReader, SlopeReader, SumReader, TableReader):
    """Reads the sides of one step.

    ``free`` is the scope in which letters that nothing declares become indices of the step; ``fixed`` are the indices
    that the other side names; ``summed`` are those over which products of chain-rule factors are summed without a sign
    for it; ``variable`` is what a prime behind brackets differentiates by.
    """

    def __init__(
        self,
        choices: Choices,
        free: Scope,
        summed: frozenset[str] = frozenset(),
        fixed: frozenset[str] = frozenset(),
        variable: Value | None = None,
    ):
        self.choices = choices
        self.free = free
        self.summed = summed
        self.fixed = fixed
        self.variable = variable
        self.notes: dict[str, None] = {}
        self.slips: dict[str, None] = {}
        self.repeated: dict[str, None] = {}
        self.met_indices: dict[str, None] = {}
        self._readers: dict[type[s.Node], Callable[[Any, Scope], Value]] = {
            s.Number: self._number,
            s.Symbol: self._symbol,
            s.Scripted: self._scripted,
            s.Juxtaposed: lambda node, scope: self.juxtaposed(node.items, scope),
            s.Product: self._product,
            s.Sum: self._sum,
            s.Signed: lambda node, scope: self._signed(node.sign, self.value(node.body, scope)),
            s.Fraction: lambda node, scope: self._quotient(
                self.value(node.numerator, scope), self.value(node.denominator, scope)
            ),
            s.Root: self.root,
            s.Derivative: self.derivative,
            s.Big: self.big,
            s.Call: lambda node, scope: self.call(node.function, node.argument, scope),
            s.Delimited: self.bracketed,
            s.Matrix: self.matrix,
            s.Cases: self.table,
            s.Annotated: lambda node, scope: self.value(node.body, scope),
        }

    def note(self, text: str) -> None:
        self.notes[text] = None

    def slip(self, text: str) -> None:
        self.slips[text] = None

    def value(self, node: s.Node, scope: Scope) -> Value:
        """What the node stands for.

        Raises:
            MeaningError: it has no meaning here (`Misfit` where shapes do not conform).
        """
        try:
            return self._value(node, scope)
        except MeaningError as error:
            raise error.at(node.place) from None

    def _value(self, node: s.Node, scope: Scope) -> Value:
        if isinstance(node, _COMPOSITES) and scope.settings.composites:
            meaning = scope.find(canonical(node))
            if isinstance(meaning, Alias):
                return self._synonym(meaning, scope)
        reader = self._readers.get(type(node))
        if reader is None:
            raise self._without_value(node)
        return reader(node, scope)

    def _without_value(self, node: s.Node) -> MeaningError:
        what = {s.List: "a list", s.Dots: "dots", s.Text: "words", s.Blank: "nothing", s.Statement: "a statement"}
        if isinstance(node, s.Unreadable):
            return MeaningError(node.error.summary, place=node.error.place)
        return MeaningError(f"{what.get(type(node), type(node).__name__)} where a value is expected", place=node.place)

    def _synonym(self, alias: Alias, scope: Scope) -> Value:
        if alias.slip:
            self.slip(alias.slip)
        inner = scope.inner()
        inner.hide(alias)
        return self.value(alias.target, inner)

    # ---- leaves

    def _number(self, node: s.Number, scope: Scope) -> Value:
        if node.style:
            named = scope.find(node.text, node.style)
            if isinstance(named, Bound):
                return named.value
            if node.style in ("bold", "blackboard") and node.text in ("0", "1"):
                return of_any_size(kept.number(node.text))
            if node.style in ("bold", "blackboard"):
                text = f"\\mathbf{{{node.text}}}" if node.style == "bold" else f"\\mathbb{{{node.text}}}"
                raise MeaningError(
                    f"{text} has no shape here", f"declare it: ${text} \\in \\mathbb{{R}}^n$", node.place
                )
        if not node.text.strip(".").replace(".", "").isdigit():
            raise MeaningError(f"{node.text} is no number", place=node.place)
        text = node.text + "0" if node.text.endswith(".") else node.text
        return scalar(kept.number(text), literal=True)

    def _symbol(self, node: s.Symbol, scope: Scope) -> Value:
        if self.resolve(node, scope) is None:
            if node.name == "e" and not node.accents:
                return scalar(sp.E)
            if node.name == "pi" and not node.accents:
                return scalar(sp.pi)
            if node.name == "I" and not node.accents:
                return identity_times(lambda: kept.ONE)
        return self.name(node, scope)

    def _scripted(self, node: s.Scripted, scope: Scope) -> Value:
        if self.repeats_itself(node, scope):
            return self.summing([node], scope, lambda inner: self.value(node, inner))
        base = node.base
        if isinstance(base, s.Symbol):
            if base.name == "e" and not node.subscripts and self.resolve(node, scope) is None:
                return self._exponential(node, scope)
            if base.name in ("delta", "mathbb{1}") and self.resolve(node, scope) is None and node.subscripts:
                return self.indicator(node, scope)
            if base.name == "I" and self.resolve(node, scope) is None:
                return self._identity(node, scope)
            return self.name(node, scope)
        if isinstance(base, s.Number) and node.subscripts:
            return self._ones(node, scope) or self.indicator(node, scope)
        if isinstance(base, s.Big):
            raise MeaningError("scripts behind a sum", place=node.place)
        if isinstance(base, s.Delimited) and base.open + base.close == "|" and not base.open:
            return self.evaluated(node, base, scope)
        if isinstance(base, s.Delimited) and base.open in ("||", "|") and not node.primes:
            return self.scripted_norm(node, base, scope)
        value = self.value(base, scope)
        for _ in range(node.primes):
            value = self.primed(value)
        if node.subscripts:
            value = self.entry_at(value, script_atoms(node.subscripts), scope, canonical(node))
        return self.superscripts(value, node.superscripts, scope)

    def _ones(self, node: s.Scripted, scope: Scope) -> Value | None:
        """`\\mathbf{1}_n`: the column of n ones."""
        size = scope.find(canonical(node.subscripts[0])) if len(node.subscripts) == 1 else None
        if not isinstance(node.base, s.Number) or node.base.style != "bold" or not isinstance(size, Size):
            return None
        number = kept.number(node.base.text)
        return self.superscripts(Value((size.dimension, kept.ONE), lambda *_: number), node.superscripts, scope)

    def _identity(self, node: s.Scripted, scope: Scope) -> Value:
        """`I_n`: the identity matrix of n rows."""
        size = scope.find(canonical(node.subscripts[0])) if len(node.subscripts) == 1 else None
        if not isinstance(size, Size):
            raise self.unknown(node)
        matrix = Value((size.dimension, size.dimension), kept.delta)
        return self.superscripts(matrix, node.superscripts, scope)

    def _exponential(self, node: s.Scripted, scope: Scope) -> Value:
        if len(node.superscripts) != 1 or node.primes:
            raise MeaningError("e with scripts that are no exponent", place=node.place)
        exponent = self.value(node.superscripts[0], scope)
        return elementwise(kept.exp, [exponent], "in an exponent")

    # ---- sums, products, powers

    def _sum(self, node: s.Sum, scope: Scope) -> Value:
        whole = self.with_whole_sum(node, scope)
        if whole is not node:
            return self.value(whole, scope)
        values = []
        for sign, term in node.terms:
            if sign not in ("+", "-"):
                raise MeaningError(f"the sign {sign} stands for two values", place=term.place)
            values.append(self._signed(sign, self.value(term, scope)))
        result = self.added(values)
        return result

    def added(self, values: list[Value]) -> Value:
        """Terms added; a scalar beside a matrix stands for a matrix of itself, or for a multiple of the identity."""
        shapes = [v.shape for v in values if not v.is_scalar and not v.of_any_size]
        factors = [v.times_identity for v in values if v.times_identity is not None]
        if shapes:
            told = next((shape for shape in shapes if kept.ANY not in shape), shapes[0])
            values = [with_size(v, told) for v in values]
            shapes = [told]
        elif factors and len(factors) == len(values):
            return identity_times(lambda: kept.add(factor() for factor in factors))
        literal = all(v.literal for v in values)
        if shapes and any(v.is_scalar for v in values):
            if any(v.is_scalar and not v.literal for v in values):
                self.note(f"a scalar is added to every entry of {shape_text(shapes[0])}")
            rows, columns = shapes[0][0], shapes[0][-1]
            if rows == columns:
                options = [("a number added to every entry", False), ("a number times the identity added", True)]
                if self.choices.choose(("scalar beside a square matrix", rows), options):
                    values = [_diagonal(v, rows) if v.is_scalar else v for v in values]
        total = elementwise(lambda *terms: kept.add(terms), values, "added")
        return Value(total.shape, total.entry, literal=literal)

    def _signed(self, sign: str, value: Value) -> Value:
        if sign == "+":
            return value
        if sign != "-":
            raise MeaningError(f"the sign {sign} stands for two values")
        factor = value.times_identity
        if factor is not None:
            return identity_times(lambda: kept.negative(factor()))
        negated = elementwise(kept.negative, [value], "negated")
        slope = value.slope
        turned = None
        if slope is not None:
            turned = Slope(
                slope.of if slope.of_shape != () else None,
                slope.of_shape,
                slope.by,
                slope.by_shape,
                lambda of, by: kept.negative(slope.entry(of, by)),
            )
        return Value(negated.shape, negated.entry, turned, value.literal)

    def lay(self, slope: Slope) -> Value:
        """A derivative in its layout."""
        return laid_out(slope, self.free.settings.layout_of(slope.of, slope.by))

    def juxtaposed(self, items: tuple[s.Node, ...], scope: Scope) -> Value:
        """Calls and products side by side."""
        factors = self.applied(items, scope)
        return self.multiply_nodes(factors, [""] * (len(factors) - 1), scope)

    def _product(self, node: s.Product, scope: Scope) -> Value:
        for operator in node.operators:
            if operator not in _OPERATORS:
                raise MeaningError(f"the operator {operator} is not known", place=node.place)
        chain = all(operator in ("cdot", "*", "times") for operator in node.operators)
        factors: list[Any] = []
        operators: list[str] = []
        for position, factor in enumerate(node.factors):
            if position:
                operators.append(_OPERATORS[node.operators[position - 1]])
            if chain and isinstance(factor, s.Juxtaposed) and all(isinstance(f, s.Derivative) for f in factor.items):
                factors += factor.items
                operators += [""] * (len(factor.items) - 1)
            else:
                factors.append(factor)
        return self.multiply_nodes(factors, operators, scope)

    def multiply_nodes(self, factors: list[Any], operators: list[str], scope: Scope) -> Value:
        """The product of nodes and calls, with its sums that have no sign."""

        def read(inner: Scope) -> Value:
            values: list[Value] = []
            kept_operators: list[str] = []
            for position, factor in enumerate(factors):
                value = (
                    self.used(factor[0], factor[1], inner) if isinstance(factor, tuple) else self.value(factor, inner)
                )
                operator = operators[position - 1] if position else ""
                if operator == "/":
                    values[-1] = self._divided(values[-1], factor, value, inner)
                    continue
                if position:
                    kept_operators.append(operator)
                values.append(value)
            return multiply(values, kept_operators, self.choices, self.lay)

        nodes = [factor[1] if isinstance(factor, tuple) else factor for factor in factors]
        return self.summing(nodes, scope, read)

    def _divided(self, above: Value, node: Any, below: Value, scope: Scope) -> Value:
        """`1/2x`: divided by 2x, or by 2 and then multiplied by x."""
        doubtful = isinstance(node, s.Juxtaposed) and isinstance(node.items[0], s.Number)
        if not doubtful or all(isinstance(item, s.Number) for item in node.items):
            return self._quotient(above, below)
        options = [("all of the product below the line", True), ("only the number below the line", False)]
        if self.choices.choose(("slash", canonical(node)), options):
            return self._quotient(above, below)
        first, rest = node.items[0], node.items[1:]
        quotient = self._quotient(above, self.value(first, scope))
        return multiply([quotient, self.juxtaposed(rest, scope)], [""], self.choices, self.lay)

    def _quotient(self, above: Value, below: Value) -> Value:
        if len(below.shape) == 2 and below.shape[0] == below.shape[1]:
            raise MeaningError(
                "a division by a square matrix", "write the inverse, or divide entry by entry of vectors"
            )
        factor = above.times_identity
        if factor is not None and below.is_scalar:
            return identity_times(lambda: kept.quotient(factor(), below.entry()))
        value = elementwise(kept.quotient, [above, below], "divided entry by entry")
        return Value(value.shape, value.entry, literal=above.literal and below.literal)


def _diagonal(number: Value, rows: Any) -> Value:
    """A number times the identity."""
    return Value((rows, rows), lambda i, j: kept.mul((number.entry(), kept.delta(i, j))))
