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
from .products import multiply
from .scope import Alias, Bound, Scope
from .slopes import SlopeReader
from .sums import SumReader
from .tables import TableReader
from .values import Slope, Value, elementwise, laid_out, matrix_product, scalar, shape_text, transposed

__all__ = ["FormulaReader"]

_LARGEST_EXPONENT = 200

_OPERATORS = {operator: operator for operator in ("cdot", "*", "times", "odot", ".*", "circ", "otimes", "/")}
_OPERATORS |= {"@": "", "bullet": "cdot", "star": "cdot", "div": "/"}


class FormulaReader(NameReader, ApplicationReader, SlopeReader, SumReader, TableReader):
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
        if isinstance(node, s.Call | s.Juxtaposed | s.Big | s.Fraction):
            meaning = scope.find(canonical(node)) if len(canonical(node)) < 400 else None
            if isinstance(meaning, Alias):
                return self._synonym(meaning, scope)
        match node:
            case s.Number():
                return self._number(node, scope)
            case s.Symbol():
                return self._symbol(node, scope)
            case s.Scripted():
                return self._scripted(node, scope)
            case s.Juxtaposed(items=items):
                return self.juxtaposed(items, scope)
            case s.Product():
                return self._product(node, scope)
            case s.Sum():
                return self._sum(node, scope)
            case s.Signed(sign=sign, body=body):
                return self._signed(sign, self.value(body, scope))
            case s.Fraction(numerator=above, denominator=below):
                return self._quotient(self.value(above, scope), self.value(below, scope))
            case s.Root(body=body, degree=degree):
                return self._root(body, degree, scope)
            case s.Derivative():
                return self.derivative(node, scope)
            case s.Big():
                return self.big(node, scope)
            case s.Call(function=function, argument=argument):
                return self.call(function, argument, scope)
            case s.Delimited():
                return self._bracketed(node, scope)
            case s.Matrix(rows=rows):
                return self._matrix(rows, scope)
            case s.Cases():
                return self.table(node, scope)
            case s.Annotated(body=body):
                return self.value(body, scope)
        raise self._without_value(node)

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
            return self.name(node, scope)
        if isinstance(base, s.Number) and node.subscripts:
            return self.indicator(node, scope)
        if isinstance(base, s.Big):
            raise MeaningError("scripts behind a sum", place=node.place)
        if isinstance(base, s.Delimited) and base.open in ("||", "|") and not node.primes:
            return self._scripted_norm(node, base, scope)
        value = self.value(base, scope)
        for _ in range(node.primes):
            value = self.primed(value)
        if node.subscripts:
            value = self.entry_at(value, script_atoms(node.subscripts), scope, canonical(node))
        return self.superscripts(value, node.superscripts, scope)

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
        """Terms added; a scalar stands for a matrix of itself beside matrices."""
        shapes = [v.shape for v in values if not v.is_scalar]
        if shapes and any(v.is_scalar and not v.literal for v in values):
            self.note(f"a scalar is added to every entry of {shape_text(shapes[0])}")
        literal = all(v.literal for v in values)
        total = elementwise(lambda *terms: kept.add(terms), values, "added")
        return Value(total.shape, total.entry, literal=literal)

    def _signed(self, sign: str, value: Value) -> Value:
        if sign == "+":
            return value
        if sign != "-":
            raise MeaningError(f"the sign {sign} stands for two values")
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
                value = self.use(*factor, inner) if isinstance(factor, tuple) else self.value(factor, inner)
                operator = operators[position - 1] if position else ""
                if operator == "/":
                    values[-1] = self._quotient(values[-1], value)
                    continue
                if position:
                    kept_operators.append(operator)
                values.append(value)
            return multiply(values, kept_operators, self.choices, self.lay)

        nodes = [factor[1] if isinstance(factor, tuple) else factor for factor in factors]
        return self.summing(nodes, scope, read)

    def _quotient(self, above: Value, below: Value) -> Value:
        if not below.is_scalar and above.shape != below.shape and not above.is_scalar:
            return elementwise(kept.quotient, [above, below], "divided entry by entry")
        value = elementwise(kept.quotient, [above, below], "divided entry by entry")
        return Value(value.shape, value.entry, literal=above.literal and below.literal)

    def raise_entries(self, base: Value, scripts: tuple[s.Node, ...], scope: Scope) -> Value:
        """Powers of every entry: `\\tanh^2(z)`."""
        for script in scripts:
            exponent = self.value(script, scope)
            base = elementwise(kept.power, [base, exponent], "raised to a power")
        return base

    def raise_to(self, base: Value, script: s.Node, scope: Scope) -> Value:
        """A power: of a scalar, of every entry, of a square matrix, or the square of a vector's norm."""
        exponent = self.value(script, scope)
        if not exponent.is_scalar:
            raise MeaningError(f"an exponent of shape {shape_text(exponent.shape)}", place=script.place)
        power = exponent.entry()
        if power.is_Integer and abs(int(power)) > _LARGEST_EXPONENT:
            raise MeaningError(f"the exponent {power} is larger than {_LARGEST_EXPONENT}", place=script.place)
        powered = elementwise(lambda u: kept.power(u, power), [base], "raised to a power")
        if base.is_scalar:
            return Value((), powered.entry, literal=base.literal)
        square = base.shape[0] == base.shape[1]
        if square and not (power.is_Integer and int(power) >= 1):
            raise MeaningError("a matrix to a power that is no positive whole number", place=script.place)
        options: list[tuple[str, Any]] = [("power of every entry", lambda: powered)]
        if base.is_vector and power == 2 and self.choices.wide:
            options.append(("squared norm", lambda: self._squares(base)))
        if square and int(power) >= 2:
            options.append(("matrix power", lambda: _matrix_power(base, int(power))))
        return self.choices.choose(("power", base.shape, power), options)()

    def _squares(self, value: Value) -> Value:
        column = value if value.is_column else transposed(value)
        return matrix_product(transposed(column), column)

    def _root(self, body: s.Node, degree: s.Node | None, scope: Scope) -> Value:
        order = sp.Integer(2) if degree is None else self.value(degree, scope).entry()
        if not (order.is_Integer and 2 <= int(order) <= _LARGEST_EXPONENT):
            raise MeaningError(f"a root of degree {order}")
        value = self.value(body, scope)
        return elementwise(lambda u: kept.power(u, sp.Rational(1, int(order))), [value], "under a root")

    # ---- brackets

    def _bracketed(self, node: s.Delimited, scope: Scope) -> Value:
        if node.open in ("|", "||"):
            return self._norm(node, "", scope)
        if node.open in ("(", "[", "{", "") and node.close in (")", "]", "}", ""):
            return self.value(node.body, scope)
        if node.open == "langle" and isinstance(node.body, s.List) and len(node.body.items) == 2:
            left, right = (self.value(item, scope) for item in node.body.items)
            return matrix_product(transposed(left), right)
        raise MeaningError(f"the brackets {node.open} {node.close} have no meaning here", place=node.place)

    def _norm(self, node: s.Delimited, kind: str, scope: Scope) -> Value:
        """`|x|` and `\\|x\\|_2`: absolute values and norms; a square root is kept as written."""
        value = self.value(node.body, scope)
        if node.open == "|" and value.is_scalar and not kind:
            return elementwise(lambda u: kept.applied(sp.Abs, u), [value], "")
        if kind == "1" and (value.is_vector or value.is_scalar):
            return self._over_entries(value, lambda u: kept.applied(sp.Abs, u))
        if (kind in ("", "2") and (value.is_vector or value.is_scalar)) or kind == "F":
            squares = self._sum_of_squares(value)
            return elementwise(lambda u: kept.power(u, sp.Rational(1, 2)), [squares], "")
        what = f"with the subscript {kind}" if kind else f"of a matrix of shape {shape_text(value.shape)}"
        raise MeaningError(f"a norm {what}", "write what it stands for", node.place)

    def _scripted_norm(self, node: s.Scripted, base: s.Delimited, scope: Scope) -> Value:
        kind = "".join(map(canonical, node.subscripts))
        squared = len(node.superscripts) == 1 and canonical(node.superscripts[0]) == "2"
        value = self.value(base.body, scope)
        if squared and (kind == "F" or (kind in ("", "2") and len(value.shape) == 2 and value.is_vector)):
            return self._sum_of_squares(value)
        return self.superscripts(self._norm(base, kind, scope), node.superscripts, scope)

    def _sum_of_squares(self, value: Value) -> Value:
        return self._over_entries(value, lambda u: kept.power(u, sp.Integer(2)))

    def _over_entries(self, value: Value, function: Callable[[sp.Expr], sp.Expr]) -> Value:
        """The sum of a function of all entries."""
        if value.is_scalar:
            return elementwise(function, [value], "")
        if len(value.shape) != 2:
            raise MeaningError("a norm of more than a matrix")
        i, j = (kept.ZERO if d == 1 else kept.index(n) for d, n in zip(value.shape, "ij", strict=True))
        body = function(value.entry(i, j))
        for index, dimension in ((j, value.shape[1]), (i, value.shape[0])):
            if dimension != 1:
                body = kept.total(index, dimension, body)
        return scalar(body)

    def _matrix(self, rows: tuple[tuple[s.Node, ...], ...], scope: Scope) -> Value:
        if len({len(row) for row in rows}) != 1:
            raise MeaningError("a matrix whose rows have different lengths")
        cells = [[self.value(cell, scope) for cell in row] for row in rows]
        if any(not cell.is_scalar for row in cells for cell in row):
            raise MeaningError("a matrix of matrices")
        entries = [[cell.entry() for cell in row] for row in cells]
        if len(entries) == len(entries[0]) == 1:
            return scalar(entries[0][0])
        return explicit(entries)


def explicit(entries: list[list[sp.Expr]]) -> Value:
    """A matrix of given entries."""
    rows, columns = len(entries), len(entries[0])

    def entry(i: Any, j: Any) -> sp.Expr:
        if i.is_Integer and j.is_Integer:
            return entries[int(i)][int(j)]
        return kept.add(
            kept.mul((*_at(i, r, rows), *_at(j, c, columns), entries[r][c]))
            for r in (range(rows) if not i.is_Integer else [int(i)])
            for c in (range(columns) if not j.is_Integer else [int(j)])
        )

    return Value((sp.Integer(rows), sp.Integer(columns)), entry)


def _at(index: Any, position: int, size: int) -> tuple[sp.Expr, ...]:
    return () if index.is_Integer or size == 1 else (kept.delta(index, sp.Integer(position)),)


def _matrix_power(base: Value, exponent: int) -> Value:
    result = base
    for _ in range(min(exponent, 16) - 1):
        result = matrix_product(result, base)
    return result
